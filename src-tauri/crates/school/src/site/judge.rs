//! Who is let in: the school's rules, in their order, as one decision over values.

use std::net::IpAddr;

use hallmonitor_wire::{AccessControl, ConcurrentPolicy, IpMode};

use crate::{ranges::listed, sessions::Active};

/// The device that a login comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FromDevice {
    /// `None` where the browser is new to this contact.
    pub(super) id: Option<i64>,
    pub(super) blocked: bool,
    /// Whether it was let in before and is not blocked.
    pub(super) counted: bool,
}

/// A login to decide on.
#[derive(Clone, Debug)]
pub(super) struct Login<'a> {
    pub(super) checks_enabled: bool,
    pub(super) ip: IpAddr,
    pub(super) device: FromDevice,
    /// The contact's devices that were let in and are not blocked.
    pub(super) devices: i64,
    /// The contact's active sessions, longest without activity first.
    pub(super) active: &'a [Active],
}

/// A rule that acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Acted {
    pub(super) code: &'static str,
    pub(super) limit: Option<i64>,
    pub(super) observed: Option<i64>,
}

/// What becomes of a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    /// Let in. These sessions end for it; a rule may have acted on them.
    LetIn { ended: Vec<i64>, acted: Option<Acted> },
    /// Refused.
    Refused(Acted),
}

/// Device blocked; IP rules; number of devices; active sessions at once. The first that acts decides.
pub(super) fn judge(login: &Login<'_>, settings: &AccessControl) -> Judgement {
    let refused = |code, limit, observed| Judgement::Refused(Acted { code, limit, observed });
    if login.device.blocked {
        return refused("device_blocked", None, None);
    }
    let is_own = |session: &&Active| session.device_id.is_some() && session.device_id == login.device.id;
    let mut ended: Vec<i64> = login.active.iter().filter(is_own).map(|session| session.id).collect();
    if !login.checks_enabled {
        return Judgement::LetIn { ended, acted: None };
    }
    match &settings.ip_mode {
        Some(IpMode::BlockListed) if listed(&settings.ip_ranges, login.ip) => {
            return refused("ip_blocked", None, None);
        }
        Some(IpMode::AllowOnlyListed) if !listed(&settings.ip_ranges, login.ip) => {
            return refused("ip_not_listed", None, None);
        }
        _ => {}
    }
    if let Some(limit) = settings.max_devices
        && !login.device.counted
        && login.devices >= limit
    {
        return refused("device_limit", Some(limit), Some(login.devices + 1));
    }
    let mut acted = None;
    if let Some(limit) = settings.max_concurrent_sessions {
        let others: Vec<i64> = login.active.iter().filter(|session| !is_own(session)).map(|other| other.id).collect();
        let observed = others.len() as i64 + 1;
        if observed > limit {
            if settings.concurrent_policy != Some(ConcurrentPolicy::EndOldest) {
                return refused("concurrent_sessions", Some(limit), Some(observed));
            }
            let too_many = usize::try_from(observed - limit).unwrap_or(usize::MAX);
            ended.extend(others.into_iter().take(too_many));
            acted = Some(Acted { code: "concurrent_sessions", limit: Some(limit), observed: Some(observed) });
        }
    }
    Judgement::LetIn { ended, acted }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hallmonitor_wire::Extra;

    const NEW: FromDevice = FromDevice { id: None, blocked: false, counted: false };
    const KNOWN: FromDevice = FromDevice { id: Some(1), blocked: false, counted: true };

    fn settings() -> AccessControl {
        AccessControl {
            ip_mode: Some(IpMode::BlockListed),
            ip_ranges: vec!["192.0.2.0/24".to_owned()],
            max_concurrent_sessions: Some(2),
            concurrent_policy: Some(ConcurrentPolicy::RefuseNew),
            max_devices: Some(3),
            session_timeout_minutes: Some(30),
            rev: 1,
            extra: Extra::new(),
        }
    }

    fn login(device: FromDevice, active: &[Active]) -> Login<'_> {
        Login { checks_enabled: true, ip: [198, 51, 100, 1].into(), device, devices: 1, active }
    }

    fn active(id: i64, device_id: i64) -> Active {
        Active { id, device_id: Some(device_id), last_activity_at: id }
    }

    fn code(judgement: &Judgement) -> &'static str {
        match judgement {
            Judgement::Refused(acted) => acted.code,
            Judgement::LetIn { .. } => "let in",
        }
    }

    #[test]
    fn the_first_rule_that_acts_decides() {
        let running = [active(1, 8), active(2, 9)];
        let mut all = login(FromDevice { blocked: true, ..KNOWN }, &running);
        all.devices = 3;
        all.ip = [192, 0, 2, 1].into();
        assert_eq!(code(&judge(&all, &settings())), "device_blocked");
        all.device = NEW;
        assert_eq!(code(&judge(&all, &settings())), "ip_blocked");
        all.ip = [198, 51, 100, 1].into();
        assert_eq!(
            judge(&all, &settings()),
            Judgement::Refused(Acted { code: "device_limit", limit: Some(3), observed: Some(4) })
        );
        all.devices = 2;
        assert_eq!(
            judge(&all, &settings()),
            Judgement::Refused(Acted { code: "concurrent_sessions", limit: Some(2), observed: Some(3) })
        );
        assert_eq!(code(&judge(&login(NEW, &running[..1]), &settings())), "let in");
    }

    #[test]
    fn without_checks_only_a_blocked_device_is_refused() {
        let running = [active(1, 8), active(2, 9)];
        let mut unchecked = login(NEW, &running);
        unchecked.checks_enabled = false;
        unchecked.devices = 3;
        unchecked.ip = [192, 0, 2, 1].into();
        assert_eq!(judge(&unchecked, &settings()), Judgement::LetIn { ended: vec![], acted: None });
        unchecked.device.blocked = true;
        assert_eq!(code(&judge(&unchecked, &settings())), "device_blocked");
    }

    #[test]
    fn a_login_takes_the_place_of_its_own_device() {
        let running = [active(1, 1), active(2, 9)];
        let judgement = judge(&login(KNOWN, &running), &settings());
        assert_eq!(judgement, Judgement::LetIn { ended: vec![1], acted: None });
    }

    #[test]
    fn as_many_of_the_longest_idle_end_as_needed() {
        let running = [active(1, 7), active(2, 8), active(3, 9)];
        let ending = AccessControl { concurrent_policy: Some(ConcurrentPolicy::EndOldest), ..settings() };
        let acted = Acted { code: "concurrent_sessions", limit: Some(2), observed: Some(4) };
        let judgement = judge(&login(KNOWN, &running), &ending);
        assert_eq!(judgement, Judgement::LetIn { ended: vec![1, 2], acted: Some(acted) });
    }

    #[test]
    fn a_device_that_was_let_in_always_passes_the_number_of_devices() {
        let mut full = login(KNOWN, &[]);
        full.devices = 5;
        assert_eq!(code(&judge(&full, &settings())), "let in");
        full.device.counted = false;
        assert_eq!(code(&judge(&full, &settings())), "device_limit");
    }

    #[test]
    fn only_listed_addresses_are_let_in_where_the_school_says_so() {
        let only = AccessControl { ip_mode: Some(IpMode::AllowOnlyListed), ..settings() };
        let mut from = login(KNOWN, &[]);
        assert_eq!(code(&judge(&from, &only)), "ip_not_listed");
        from.ip = [192, 0, 2, 200].into();
        assert_eq!(code(&judge(&from, &only)), "let in");
    }
}
