//! The school's access rules, judged as the Site API says: device blocked, then addresses, then the number of devices,
//! then the sessions at once; the first that acts decides.

/// What the school has set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Devices of a contact.
    pub max_devices: i64,
    /// Sessions at once; one too many ends the one that was longest without activity.
    pub max_sessions: i64,
    /// After how long without activity a session ends.
    pub timeout_ms: i64,
}

/// The limits of every seeded school.
pub const LIMITS: Limits = Limits { max_devices: 5, max_sessions: 2, timeout_ms: 30 * 60_000 };

/// What is known when somebody logs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Situation {
    /// Whether the contact's checks are on.
    pub checks: bool,
    /// Whether the device is blocked.
    pub device_blocked: bool,
    /// Whether the address is in a refused range.
    pub ip_blocked: bool,
    /// Whether a login from the device was let in before.
    pub device_known: bool,
    /// The contact's devices that were let in and are not blocked.
    pub devices: i64,
    /// The contact's active sessions on other devices.
    pub elsewhere: i64,
}

/// Which rule acted, with what it allows and what was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The code of the School server API.
    pub code: &'static str,
    /// What is allowed, where the rule counts.
    pub limit: Option<i64>,
    /// What was seen, the new login included, where the rule counts.
    pub observed: Option<i64>,
}

/// What becomes of a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Let in.
    Allowed,
    /// Let in; so many sessions elsewhere end for it.
    AllowedInPlaceOf(i64, Rule),
    /// Refused.
    Denied(Rule),
}

/// Judges a login.
pub fn judge(limits: Limits, login: Situation) -> Verdict {
    let plain = |code| Verdict::Denied(Rule { code, limit: None, observed: None });
    if login.device_blocked {
        return plain("device_blocked");
    }
    if !login.checks {
        return Verdict::Allowed;
    }
    if login.ip_blocked {
        return plain("ip_blocked");
    }
    if !login.device_known && login.devices >= limits.max_devices {
        let (limit, observed) = (Some(limits.max_devices), Some(login.devices + 1));
        return Verdict::Denied(Rule { code: "device_limit", limit, observed });
    }
    let sessions = login.elsewhere + 1;
    if sessions > limits.max_sessions {
        let rule = Rule { code: "concurrent_sessions", limit: Some(limits.max_sessions), observed: Some(sessions) };
        return Verdict::AllowedInPlaceOf(sessions - limits.max_sessions, rule);
    }
    Verdict::Allowed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_that_acts_decides() {
        let calm = Situation { checks: true, ..Situation::default() };
        let all = Situation { device_blocked: true, ip_blocked: true, devices: 5, elsewhere: 2, ..calm };
        let denied = |code, limit, observed| Verdict::Denied(Rule { code, limit, observed });
        let table = [
            (calm, Verdict::Allowed),
            (all, denied("device_blocked", None, None)),
            (Situation { device_blocked: false, ..all }, denied("ip_blocked", None, None)),
            (Situation { device_blocked: false, ip_blocked: false, ..all }, denied("device_limit", Some(5), Some(6))),
            (Situation { devices: 4, ..calm }, Verdict::Allowed),
            (Situation { devices: 9, device_known: true, ..calm }, Verdict::Allowed),
            (Situation { elsewhere: 1, ..calm }, Verdict::Allowed),
            (
                Situation { elsewhere: 3, ..calm },
                Verdict::AllowedInPlaceOf(2, Rule { code: "concurrent_sessions", limit: Some(2), observed: Some(4) }),
            ),
            (Situation { checks: false, device_blocked: false, ..all }, Verdict::Allowed),
            (Situation { checks: false, ..all }, denied("device_blocked", None, None)),
        ];
        for (login, verdict) in table {
            assert_eq!(judge(LIMITS, login), verdict, "{login:?}");
        }
    }
}
