//! The school's books while the world is lived: every change, in the order in which it happens, with its revision.

use std::collections::{HashMap, VecDeque};

use super::{
    browsers::Browser,
    chance::mix,
    people::Account,
    places::is_blocked,
    rows::{ContactState, Device, Ending, Mark, NewContact, Restriction, Rows, Session},
    rules::{LIMITS, Rule, Situation, Verdict, judge},
    visits::Visit,
};

/// A session that has not ended.
struct Running {
    session: Session,
    account: usize,
    step_ms: i64,
    steps: i64,
}

impl Running {
    /// The last thing done by a time.
    fn activity(&self, at: i64) -> i64 {
        let steps = ((at - self.session.started_at) / self.step_ms).clamp(0, self.steps);
        self.session.started_at + steps * self.step_ms
    }
}

/// What the books say about one contact.
#[derive(Debug)]
pub(super) struct Pupil {
    pub(super) state: ContactState,
    pub(super) devices: Vec<usize>,
    running: Vec<i64>,
    /// Refusals by the number of devices that nobody has answered yet.
    pub(super) refused: u16,
    /// Refusals by the address that nobody has answered yet.
    pub(super) misplaced: u16,
    /// Overlapping sessions that nobody has answered yet.
    pub(super) overlaps: u16,
    /// The device of the newest overlap.
    pub(super) overlapping: Option<usize>,
}

/// What became of a login.
pub(super) enum Outcome {
    /// Let in, as this session.
    In(i64),
    /// Refused, by this rule.
    Out(&'static str),
}

/// The books.
#[derive(Default)]
pub(super) struct Ledger {
    rev: i64,
    sessions: i64,
    restrictions: i64,
    rows: Rows,
    running: HashMap<i64, Running>,
    /// How often a browser's cookies were cleared by hand.
    cleared: HashMap<u64, u64>,
    pub(super) pupils: Vec<Pupil>,
    pub(super) devices: Vec<Device>,
    /// Restrictions that nobody has looked at, oldest first.
    pub(super) unviewed: VecDeque<Restriction>,
    /// Contacts on whom a rule has acted since the office last looked, by index.
    pub(super) touched: Vec<usize>,
}

/// The cookie that a browser holds as its number `number`.
pub(crate) fn cookie(browser: &Browser, number: u64) -> [u8; 16] {
    let mut bytes = [0; 16];
    for (half, slot) in bytes.chunks_exact_mut(8).enumerate() {
        slot.copy_from_slice(&mix(&[browser.key, number, 50 + half as u64]).to_le_bytes());
    }
    bytes
}

impl Ledger {
    fn next_rev(&mut self) -> i64 {
        self.rev += 1;
        self.rev
    }

    /// Counts a change that is nobody's row in the world: the school's settings, a tag.
    pub(super) fn skip_rev(&mut self) {
        self.rev += 1;
    }

    /// How many sessions there are, refused ones among them.
    pub(super) fn sessions(&self) -> u64 {
        self.sessions as u64
    }

    /// The rows that have become final since the last call.
    pub(super) fn take(&mut self) -> Rows {
        std::mem::take(&mut self.rows)
    }

    pub(super) fn join(&mut self, account: &Account, at: i64, tags: Vec<i64>) {
        let (id, rev) = (account.index as i64 + 1, self.next_rev());
        self.rows.contacts.push(NewContact { id, name: account.name.clone(), created_at: at, tags, rev });
        let state = ContactState { id, last_activity_at: None, checks_enabled: true, checks: None, rev };
        self.pupils.push(Pupil {
            state,
            devices: Vec::new(),
            running: Vec::new(),
            refused: 0,
            misplaced: 0,
            overlaps: 0,
            overlapping: None,
        });
    }

    /// A browser whose owner has cleared its cookies logs in as a new device.
    pub(super) fn clear_cookies(&mut self, browser: &Browser) {
        *self.cleared.entry(browser.key).or_default() += 1;
    }

    pub(super) fn login(&mut self, account: &Account, visit: &Visit) -> Outcome {
        let (at, index) = (visit.at, visit.account);
        let browser = &account.people[visit.person].browsers[visit.browser];
        let cleared = self.cleared.get(&browser.key).copied().unwrap_or(0);
        let cookie = cookie(browser, browser.cookie(at) + cleared * 1_000_000);
        let user_agent = browser.user_agent(at);
        let pupil = &self.pupils[index];
        let device = pupil.devices.iter().copied().find(|device| self.devices[*device].cookie == cookie);
        let id_of = |device: usize| Some(device as i64 + 1);
        let on_device = |id: &&i64| device.is_some_and(|device| self.running[*id].session.device_id == id_of(device));
        let (here, elsewhere): (Vec<i64>, Vec<i64>) = pupil.running.iter().partition(on_device);
        let counted = |device: &&usize| self.devices[**device].admitted && !self.devices[**device].blocked;
        let verdict = judge(
            LIMITS,
            Situation {
                checks: pupil.state.checks_enabled,
                device_blocked: device.is_some_and(|device| self.devices[device].blocked),
                ip_blocked: is_blocked(visit.ip),
                device_known: device.is_some_and(|device| self.devices[device].admitted),
                devices: pupil.devices.iter().filter(counted).count() as i64,
                elsewhere: elsewhere.len() as i64,
            },
        );
        let allowed = !matches!(verdict, Verdict::Denied(_));
        if allowed {
            for id in here {
                self.end(id, at, "replaced");
            }
        }
        if let Verdict::AllowedInPlaceOf(count, _) = verdict {
            let mut elsewhere: Vec<(i64, i64)> =
                elsewhere.into_iter().map(|id| (self.running[&id].activity(at), id)).collect();
            elsewhere.sort_unstable();
            for (_, id) in elsewhere.into_iter().take(count as usize) {
                self.end(id, at, "replaced");
            }
        }
        // A browser that meets the limit of devices at its first login leaves no device.
        let limited = matches!(verdict, Verdict::Denied(Rule { code: "device_limit", .. }));
        let device = match device {
            None if limited => None,
            None => Some(self.new_device(index, cookie, &user_agent, at)),
            Some(device) => Some(device),
        };
        if let Some(at_device) = device {
            let rev = self.next_rev();
            let device = &mut self.devices[at_device];
            device.user_agent.clone_from(&user_agent);
            device.last_seen_at = at;
            device.admitted |= allowed;
            device.rev = rev;
        }
        self.sessions += 1;
        let session = Session {
            id: self.sessions,
            contact_id: index as i64 + 1,
            device_id: device.and_then(id_of),
            ip: visit.ip,
            user_agent,
            started_at: at,
            last_activity_at: at,
            ended_at: None,
            end_reason: None,
            allowed,
            rev: 0,
        };
        let (id, device_id) = (session.id, session.device_id);
        let outcome = if allowed {
            self.running.insert(id, Running { session, account: index, step_ms: visit.step_ms, steps: visit.steps });
            self.pupils[index].running.push(id);
            self.moved(index, at);
            Outcome::In(id)
        } else {
            let rev = self.next_rev();
            self.rows.sessions.push(Session { ended_at: Some(at), rev, ..session });
            Outcome::Out("")
        };
        let (rule, action) = match verdict {
            Verdict::Allowed => return outcome,
            Verdict::AllowedInPlaceOf(_, rule) => (rule, "session_ended"),
            Verdict::Denied(rule) => (rule, "login_denied"),
        };
        self.restrict(index, id, device_id, visit, rule, action);
        if allowed { outcome } else { Outcome::Out(rule.code) }
    }

    fn new_device(&mut self, index: usize, cookie: [u8; 16], user_agent: &str, at: i64) -> usize {
        let device = self.devices.len();
        self.devices.push(Device {
            id: device as i64 + 1,
            contact_id: index as i64 + 1,
            cookie,
            user_agent: user_agent.to_owned(),
            first_seen_at: at,
            last_seen_at: at,
            admitted: false,
            blocked: false,
            access: None,
            rev: 0,
        });
        self.pupils[index].devices.push(device);
        device
    }

    fn restrict(
        &mut self,
        index: usize,
        session_id: i64,
        device_id: Option<i64>,
        visit: &Visit,
        rule: Rule,
        action: &'static str,
    ) {
        self.restrictions += 1;
        let (id, rev) = (self.restrictions, self.next_rev());
        self.unviewed.push_back(Restriction {
            id,
            contact_id: index as i64 + 1,
            session_id,
            device_id,
            occurred_at: visit.at,
            rule,
            ip: visit.ip,
            action,
            viewed: None,
            rev,
        });
        self.touched.push(index);
        let pupil = &mut self.pupils[index];
        match rule.code {
            "device_limit" => pupil.refused += 1,
            "ip_blocked" => pupil.misplaced += 1,
            "concurrent_sessions" => {
                pupil.overlaps += 1;
                pupil.overlapping = device_id.map(|id| id as usize - 1);
            }
            _ => {}
        }
    }

    /// The contact did something.
    fn moved(&mut self, index: usize, at: i64) {
        if self.pupils[index].state.last_activity_at < Some(at) {
            let rev = self.next_rev();
            let state = &mut self.pupils[index].state;
            state.last_activity_at = Some(at);
            state.rev = rev;
        }
    }

    /// Writes down what a running session has come to; nothing where it has ended.
    pub(super) fn activity(&mut self, id: i64, at: i64) {
        let Some(running) = self.running.get_mut(&id) else { return };
        let last = running.activity(at);
        running.session.last_activity_at = last;
        let (index, device) = (running.account, running.session.device_id);
        self.moved(index, last);
        if let Some(device) = device.map(|id| id as usize - 1)
            && self.devices[device].last_seen_at < last
        {
            let rev = self.next_rev();
            self.devices[device].last_seen_at = last;
            self.devices[device].rev = rev;
        }
    }

    /// Ends a session; nothing where it has ended.
    pub(super) fn end(&mut self, id: i64, at: i64, reason: &'static str) {
        self.activity(id, at);
        let Some(Running { session, account, .. }) = self.running.remove(&id) else { return };
        self.pupils[account].running.retain(|running| *running != id);
        let rev = self.next_rev();
        self.rows.sessions.push(Session { ended_at: Some(at), end_reason: Some(reason), rev, ..session });
    }

    pub(super) fn set_access(&mut self, device: usize, blocked: bool, at: i64, by: &'static str) {
        let rev = self.next_rev();
        let row = &mut self.devices[device];
        row.blocked = blocked;
        row.access = Some(Mark { at, by, rev });
        row.rev = rev;
        let (id, index) = (row.id, row.contact_id as usize - 1);
        if blocked {
            let on_it = |session: &i64| self.running[session].session.device_id == Some(id);
            for session in self.pupils[index].running.iter().copied().filter(on_it).collect::<Vec<_>>() {
                self.end(session, at, "device_blocked");
            }
        }
    }

    pub(super) fn set_checks(&mut self, index: usize, enabled: bool, at: i64, by: &'static str) {
        let rev = self.next_rev();
        let state = &mut self.pupils[index].state;
        state.checks_enabled = enabled;
        state.checks = Some(Mark { at, by, rev });
        state.rev = rev;
    }

    pub(super) fn view(&mut self, mut restriction: Restriction, at: i64, by: &'static str) {
        let rev = self.next_rev();
        restriction.viewed = Some(Mark { at, by, rev });
        restriction.rev = rev;
        self.rows.restrictions.push(restriction);
    }

    /// Closes the books at a time, with the sessions that still run.
    pub(super) fn close(mut self, at: i64) -> Ending {
        let mut running: Vec<(i64, i64)> =
            self.running.iter().map(|(id, running)| (running.activity(at), *id)).collect();
        running.sort_unstable();
        for (_, id) in running {
            self.activity(id, at);
            let rev = self.next_rev();
            if let Some(Running { session, .. }) = self.running.remove(&id) {
                self.rows.sessions.push(Session { rev, ..session });
            }
        }
        let mut left: Vec<Restriction> = self.unviewed.into();
        left.sort_by_key(|restriction| restriction.rev);
        self.rows.restrictions.extend(left);
        Ending {
            rows: self.rows,
            contacts: self.pupils.iter().map(|pupil| pupil.state).collect(),
            devices: self.devices,
            rev: self.rev,
        }
    }
}
