//! What must hold in a whole world, tried on one of 20,000 logins.

use std::collections::{HashMap, HashSet};

use super::{
    BadPlan, Plan, World,
    people::{Account, Habit},
    places::DAY_MS,
    rows::{Ending, NewContact, Restriction, Session},
    rules::LIMITS,
};

const PLAN: Plan = Plan { contacts: 400, sessions: 20_000, seed: 1, until: 1_795_000_000_000 };

struct Lived {
    contacts: Vec<NewContact>,
    /// By id.
    sessions: Vec<Session>,
    /// By id.
    restrictions: Vec<Restriction>,
    ending: Ending,
}

fn live(plan: Plan) -> Lived {
    let mut world = World::new(plan).expect("a world");
    let (mut contacts, mut sessions, mut restrictions) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(rows) = world.next_day() {
        contacts.extend(rows.contacts);
        sessions.extend(rows.sessions);
        restrictions.extend(rows.restrictions);
    }
    let ending = world.end();
    sessions.extend(ending.rows.sessions.iter().cloned());
    restrictions.extend(ending.rows.restrictions.iter().cloned());
    sessions.sort_by_key(|session| session.id);
    restrictions.sort_by_key(|restriction| restriction.id);
    Lived { contacts, sessions, restrictions, ending }
}

#[test]
fn one_plan_is_one_world_and_another_seed_another_one() {
    let plan = Plan { contacts: 60, sessions: 3000, ..PLAN };
    let (one, again, other) = (live(plan), live(plan), live(Plan { seed: 2, ..plan }));
    assert_eq!(one.sessions, again.sessions);
    assert_eq!(one.restrictions, again.restrictions);
    assert_eq!(one.ending, again.ending);
    assert_ne!(one.sessions, other.sessions);
}

#[test]
fn the_numbers_are_those_of_the_plan_at_any_size() {
    for (contacts, sessions) in [(0, 0), (5, 0), (1, 1), (3, 1), (1, 400), (40, 20), (25, 2500)] {
        let lived = live(Plan { contacts, sessions, ..PLAN });
        assert_eq!((lived.contacts.len() as u64, lived.sessions.len() as u64), (contacts, sessions));
        assert_eq!(lived.ending.contacts.len() as u64, contacts);
    }
    assert!(matches!(World::new(Plan { contacts: 0, sessions: 1, ..PLAN }), Err(BadPlan::NobodyLogsIn)));
}

#[test]
fn ids_follow_time_and_no_revision_is_given_twice() {
    let lived = live(PLAN);
    assert!(lived.sessions.iter().zip(1..).all(|(session, id)| session.id == id));
    assert!(lived.restrictions.iter().zip(1..).all(|(restriction, id)| restriction.id == id));
    assert!(lived.ending.devices.iter().zip(1..).all(|(device, id)| device.id == id));
    assert!(lived.sessions.is_sorted_by_key(|session| session.started_at));
    assert!(lived.restrictions.is_sorted_by_key(|restriction| restriction.occurred_at));
    assert!(lived.contacts.is_sorted_by_key(|contact| contact.created_at));
    assert!(lived.ending.devices.is_sorted_by_key(|device| device.first_seen_at));

    let sessions = lived.sessions.iter().map(|session| session.rev);
    let restrictions = lived.restrictions.iter().map(|restriction| restriction.rev);
    let devices = lived.ending.devices.iter().map(|device| device.rev);
    let contacts = lived.ending.contacts.iter().map(|contact| contact.rev);
    let revs: Vec<i64> = sessions.chain(restrictions).chain(devices).chain(contacts).collect();
    assert_eq!(revs.iter().collect::<HashSet<_>>().len(), revs.len());
    assert!(revs.iter().all(|rev| (1..=lived.ending.rev).contains(rev)));

    // The later the change, the higher its revision.
    let mut changes: Vec<(i64, i64)> = lived
        .sessions
        .iter()
        .filter_map(|session| session.ended_at.map(|at| (session.rev, at)))
        .chain(lived.restrictions.iter().map(|row| (row.rev, row.viewed.map_or(row.occurred_at, |mark| mark.at))))
        .collect();
    changes.sort_unstable();
    assert!(changes.is_sorted_by_key(|(_, at)| *at));
}

#[test]
fn a_session_ends_as_the_site_api_says() {
    let lived = live(PLAN);
    let mut reasons = HashMap::<_, usize>::new();
    for session in &lived.sessions {
        let (from, last) = (session.started_at, session.last_activity_at);
        assert!(from < PLAN.until && last <= PLAN.until && (last == from || last >= from + 30_000), "{session:?}");
        *reasons.entry((session.allowed, session.end_reason)).or_default() += 1;
        match (session.allowed, session.ended_at, session.end_reason) {
            (false, Some(ended), None) => assert_eq!((ended, last), (from, from)),
            (true, Some(ended), Some("expired")) => assert_eq!(ended, last + LIMITS.timeout_ms),
            (true, Some(ended), Some("logout" | "replaced" | "device_blocked")) => {
                assert!((last..last + LIMITS.timeout_ms).contains(&ended), "{session:?}");
            }
            (true, None, None) => assert!(last + LIMITS.timeout_ms >= PLAN.until, "{session:?}"),
            _ => panic!("{session:?}"),
        }
    }
    for (allowed, reason) in [(false, None), (true, Some("expired")), (true, Some("logout")), (true, Some("replaced"))]
    {
        assert!(reasons.get(&(allowed, reason)).is_some_and(|count| *count > 100), "{reasons:?}");
    }
}

#[test]
fn devices_and_contacts_agree_with_their_sessions() {
    let lived = live(PLAN);
    let mut of_device = HashMap::<i64, Vec<&Session>>::new();
    let mut newest = HashMap::<i64, i64>::new();
    for session in &lived.sessions {
        if let Some(device) = session.device_id {
            of_device.entry(device).or_default().push(session);
        }
        if session.allowed {
            let last = newest.entry(session.contact_id).or_insert(0);
            *last = session.last_activity_at.max(*last);
        }
        assert!(session.started_at > lived.contacts[session.contact_id as usize - 1].created_at);
    }
    for device in &lived.ending.devices {
        let sessions = of_device.get(&device.id).expect("a login made the device");
        assert!(sessions.iter().all(|session| session.contact_id == device.contact_id));
        assert_eq!(device.first_seen_at, sessions[0].started_at);
        assert_eq!(Some(device.last_seen_at), sessions.iter().map(|session| session.last_activity_at).max());
        assert_eq!(device.admitted, sessions.iter().any(|session| session.allowed));
        assert_eq!(device.user_agent, sessions[sessions.len() - 1].user_agent);
    }
    for contact in &lived.ending.contacts {
        assert_eq!(contact.last_activity_at, newest.get(&contact.id).copied(), "contact {}", contact.id);
    }
    let cookies: HashSet<_> = lived.ending.devices.iter().map(|device| (device.contact_id, device.cookie)).collect();
    assert_eq!(cookies.len(), lived.ending.devices.len());
}

#[test]
fn a_restriction_tells_what_was_counted() {
    let lived = live(PLAN);
    let mut codes = HashMap::<_, usize>::new();
    for restriction in &lived.restrictions {
        let session = &lived.sessions[restriction.session_id as usize - 1];
        assert_eq!(
            (session.contact_id, session.device_id, session.started_at, session.ip),
            (restriction.contact_id, restriction.device_id, restriction.occurred_at, restriction.ip)
        );
        let rule = restriction.rule;
        *codes.entry(rule.code).or_default() += 1;
        let running = |at: i64| {
            lived.sessions.iter().filter(move |other| {
                other.contact_id == session.contact_id
                    && other.allowed
                    && other.id < session.id
                    && other.ended_at.is_none_or(|ended| ended >= at)
                    && other.device_id != session.device_id
            })
        };
        match (rule.code, restriction.action) {
            ("concurrent_sessions", "session_ended") => {
                assert!(session.allowed && rule.limit == Some(2) && rule.observed >= Some(3), "{restriction:?}");
                assert_eq!(running(session.started_at).count() as i64 + 1, rule.observed.expect("a number"));
                let replaced = running(session.started_at).filter(|other| other.ended_at == Some(session.started_at));
                assert_eq!(replaced.count() as i64, rule.observed.expect("a number") - 2);
            }
            ("device_limit", "login_denied") => {
                assert!(!session.allowed && rule.limit == Some(5) && rule.observed >= Some(6), "{restriction:?}");
            }
            ("device_blocked" | "ip_blocked", "login_denied") => {
                assert!(!session.allowed && session.device_id.is_some());
                assert_eq!((rule.limit, rule.observed), (None, None));
            }
            _ => panic!("{restriction:?}"),
        }
    }
    let refused = lived.sessions.iter().filter(|session| !session.allowed).count();
    assert_eq!(refused, lived.restrictions.iter().filter(|row| row.action == "login_denied").count());
    for (code, least) in [("concurrent_sessions", 100), ("device_limit", 100), ("ip_blocked", 5), ("device_blocked", 3)]
    {
        assert!(codes.get(code).is_some_and(|count| *count >= least), "{codes:?}");
    }
}

#[test]
fn no_contact_has_more_open_devices_than_allowed_unless_its_checks_were_off() {
    let lived = live(PLAN);
    let mut open = HashMap::<i64, i64>::new();
    for device in lived.ending.devices.iter().filter(|device| device.admitted && !device.blocked) {
        *open.entry(device.contact_id).or_default() += 1;
    }
    for contact in &lived.ending.contacts {
        let devices = open.get(&contact.id).copied().unwrap_or(0);
        assert!(devices <= LIMITS.max_devices || contact.checks.is_some(), "contact {} has {devices}", contact.id);
    }
}

#[test]
fn a_blocked_device_lets_nobody_in() {
    let lived = live(PLAN);
    let blocked: HashMap<i64, i64> = lived
        .ending
        .devices
        .iter()
        .filter(|device| device.blocked)
        .map(|device| (device.id, device.access.expect("somebody blocked it").at))
        .collect();
    assert!(!blocked.is_empty());
    for session in &lived.sessions {
        if let Some(at) = session.device_id.and_then(|device| blocked.get(&device)) {
            assert!(!session.allowed || session.started_at <= *at, "{session:?}");
            assert!(session.ended_at.is_some(), "{session:?}");
        }
    }
}

#[test]
fn old_restrictions_were_viewed_and_about_a_twentieth_of_the_contacts_wait() {
    let lived = live(PLAN);
    let unviewed: Vec<&Restriction> = lived.restrictions.iter().filter(|row| row.viewed.is_none()).collect();
    let contacts: HashSet<i64> = unviewed.iter().map(|row| row.contact_id).collect();
    assert!((10..=32).contains(&contacts.len()), "{} of 400 contacts", contacts.len());
    assert!(unviewed.len() * 4 < lived.restrictions.len(), "{} restrictions", unviewed.len());
    for row in &lived.restrictions {
        assert!(row.viewed.is_none_or(|mark| mark.at > row.occurred_at && !mark.by.is_empty()));
    }
}

#[test]
fn the_school_grows_and_rests() {
    let lived = live(PLAN);
    let start = PLAN.until - 730 * DAY_MS;
    let first_year = lived.sessions.iter().filter(|session| session.started_at < start + 365 * DAY_MS).count();
    assert!(first_year * 3 < lived.sessions.len() * 2, "{first_year} in the first year");
    assert!(first_year * 8 > lived.sessions.len(), "{first_year} in the first year");
    let off = lived.ending.contacts.iter().filter(|contact| !contact.checks_enabled).count();
    assert!((1..30).contains(&off), "{off} with checks off");
}

#[test]
fn a_household_shows_one_browser_in_two_accounts() {
    let lived = live(PLAN);
    let mut accounts = HashMap::<_, HashSet<i64>>::new();
    for device in &lived.ending.devices {
        accounts.entry(device.cookie).or_default().insert(device.contact_id);
    }
    assert!(accounts.values().any(|contacts| contacts.len() == 2));
    assert!(accounts.values().all(|contacts| contacts.len() <= 2));
}

/// How often two sessions of one contact run beside each other for five minutes on two networks
/// and two things of one kind: a phone beside a laptop is one person.
fn overlaps(sessions: &[&Session]) -> usize {
    let network = |session: &Session| match session.ip {
        std::net::IpAddr::V4(ip) => u128::from(ip.to_bits() >> 8),
        std::net::IpAddr::V6(ip) => ip.to_bits() >> 80,
    };
    let beside = |a: &Session, b: &Session| {
        a.last_activity_at.min(b.last_activity_at) - a.started_at.max(b.started_at) >= 300_000
            && network(a) != network(b)
            && a.user_agent.contains("Mobile") == b.user_agent.contains("Mobile")
            && a.device_id != b.device_id
    };
    sessions.iter().enumerate().map(|(at, a)| sessions[..at].iter().filter(|b| beside(a, b)).count()).sum()
}

#[test]
fn who_shares_an_account_shows_it_and_others_hardly_do() {
    let lived = live(PLAN);
    let mut of_contact = HashMap::<i64, Vec<&Session>>::new();
    for session in lived.sessions.iter().filter(|session| session.allowed) {
        of_contact.entry(session.contact_id).or_default().push(session);
    }
    let (mut sharers, mut others) = (Vec::new(), Vec::new());
    for (contact, sessions) in of_contact.iter().filter(|(_, sessions)| sessions.len() >= 30) {
        let account = Account::new(PLAN.seed, *contact as u64 - 1);
        let permille = overlaps(sessions) * 1000 / sessions.len();
        if account.habit == Habit::Sharer { sharers.push(permille) } else { others.push(permille) }
    }
    let above = |rates: &[usize]| rates.iter().filter(|rate| **rate > 50).count();
    assert!(sharers.len() >= 8 && above(&sharers) * 10 >= sharers.len() * 8, "{sharers:?}");
    assert!(above(&others) * 10 <= others.len() * 2, "{others:?}");
}
