//! What is asked for: each list's first page, each filter, and a word as it is typed.

use std::time::{Duration, Instant};

use anyhow::Result;
use hallmonitor_core::{
    School,
    model::{
        ContactQuery, ContactSort, DeviceQuery, DeviceSort, InsightQuery, LogQuery, LoginQuery, PageRequest, Sign,
        VerdictFilter, ViolationQuery,
    },
};
use hallmonitor_wire::Time;

use crate::measure::cpu_time;

const DAY_MS: i64 = 86_400_000;

/// One page of a list.
#[derive(Clone, Debug)]
pub(crate) enum Question {
    Contacts(ContactQuery),
    Sessions(LogQuery),
    Devices(LogQuery),
    Restrictions(LogQuery),
    Logins(LoginQuery),
    Violations(ViolationQuery),
    Groups(ViolationQuery),
    SchoolDevices(DeviceQuery),
    Insights(InsightQuery),
    Everywhere(String),
}

/// What one answer took.
pub(crate) struct Answered {
    pub(crate) rows: usize,
    pub(crate) wall: Duration,
    pub(crate) cpu: Duration,
}

impl Question {
    /// Asks it.
    pub(crate) async fn ask(&self, school: &School) -> Result<Answered> {
        let (cpu, since) = (cpu_time(), Instant::now());
        let rows = match self {
            Self::Contacts(query) => school.contacts(query).await?.rows.len(),
            Self::Sessions(query) => school.sessions(query).await?.rows.len(),
            Self::Devices(query) => school.devices(query).await?.rows.len(),
            Self::Restrictions(query) => school.restrictions(query).await?.rows.len(),
            Self::Logins(query) => school.logins(query).await?.rows.len(),
            Self::Violations(query) => school.violations(query).await?.rows.len(),
            Self::Groups(query) => school.violation_groups(query).await?.rows.len(),
            Self::SchoolDevices(query) => school.school_devices(query).await?.rows.len(),
            Self::Insights(query) => school.insights(query).await?.rows.len(),
            Self::Everywhere(text) => school.find_everywhere(text).await?.unwrap_or_default().hits.len(),
        };
        Ok(Answered { rows, wall: since.elapsed(), cpu: cpu.elapsed() })
    }
}

type Named = (String, Question);

fn page() -> PageRequest {
    PageRequest { limit: 50, ..PageRequest::default() }
}

/// Everything. What is common fills a page in both schools; what is rare finds more in the large one, and that is more
/// work. `newest` is the time of the newest login.
pub(crate) fn all(newest: Time) -> Vec<Named> {
    [of_contacts(), of_the_log(), of_logins(newest), of_violations(newest), of_devices(), of_insights(), as_typed()]
        .concat()
}

fn named(all: Vec<(&str, Question)>) -> Vec<Named> {
    all.into_iter().map(|(name, question)| (name.to_owned(), question)).collect()
}

fn of_contacts() -> Vec<Named> {
    let contacts = |sort, search: &str| {
        Question::Contacts(ContactQuery { sort, search: search.into(), page: page(), ..ContactQuery::default() })
    };
    let unviewed = ContactQuery { unviewed: true, page: page(), ..ContactQuery::default() };
    named(vec![
        ("contacts by last activity", contacts(ContactSort::LastActivity, "")),
        ("contacts by name", contacts(ContactSort::Name, "")),
        ("contacts with unviewed violations", Question::Contacts(unviewed)),
        ("contacts, search of a common part of names", contacts(ContactSort::LastActivity, "енко")),
        ("contacts, search of a rare name", contacts(ContactSort::LastActivity, "шевч")),
        ("contacts, search of an e-mail", contacts(ContactSort::LastActivity, "anna")),
        ("contacts, search of two letters", contacts(ContactSort::LastActivity, "ан")),
    ])
}

fn of_the_log() -> Vec<Named> {
    let log = |search: &str| LogQuery { search: search.into(), page: page(), ..LogQuery::default() };
    let of = |contact| LogQuery { contact_id: Some(contact), page: page(), ..LogQuery::default() };
    named(vec![
        ("sessions, newest", Question::Sessions(log(""))),
        ("sessions of a contact", Question::Sessions(of(7))),
        ("sessions, search of a common part of addresses", Question::Sessions(log("178."))),
        ("sessions, search of a rare address", Question::Sessions(log("91.198."))),
        ("sessions, search of a browser", Question::Sessions(log("firefox"))),
        ("sessions, search of a common part of names", Question::Sessions(log("енко"))),
        ("sessions, search of a rare name", Question::Sessions(log("шевченко"))),
        ("sessions, search of a full name", Question::Sessions(log("шевченко олена"))),
        ("sessions, search of what is nowhere", Question::Sessions(log("nowhere-at-all"))),
        ("sessions, search of two letters", Question::Sessions(log("ua"))),
        ("devices, newest", Question::Devices(log(""))),
        ("devices of a contact", Question::Devices(of(7))),
        ("devices, search of a browser", Question::Devices(log("iphone"))),
        ("restrictions, newest", Question::Restrictions(log(""))),
        ("restrictions of a contact", Question::Restrictions(of(7))),
        ("restrictions, search of a rule", Question::Restrictions(log("device_limit"))),
        ("restrictions, search of a common part of names", Question::Restrictions(log("енко"))),
        ("restrictions, search of a rare name", Question::Restrictions(log("шевченко"))),
    ])
}

fn of_logins(newest: Time) -> Vec<Named> {
    let logins = |change: &dyn Fn(&mut LoginQuery)| {
        let mut query = LoginQuery { page: page(), ..LoginQuery::default() };
        change(&mut query);
        Question::Logins(query)
    };
    let days_ago = |days: i64| Some(Time(newest.ms() - days * DAY_MS));
    named(vec![
        ("logins of a country", logins(&|query| query.country = Some("UA".into()))),
        ("logins of a rare country", logins(&|query| query.country = Some("NZ".into()))),
        ("logins from no known country", logins(&|query| query.country = Some("-".into()))),
        ("logins of private addresses", logins(&|query| query.network_kind = Some("private".into()))),
        ("logins of phones", logins(&|query| query.device_type = Some("mobile".into()))),
        ("logins of bots", logins(&|query| query.device_type = Some("bot".into()))),
        ("logins of a browser", logins(&|query| query.browser = Some("Firefox".into()))),
        ("logins of a system", logins(&|query| query.os = Some("Windows".into()))),
        ("logins that were refused", logins(&|query| query.outcome = Some("denied".into()))),
        ("logins that were replaced", logins(&|query| query.end_reason = Some("replaced".into()))),
        ("logins that run", logins(&|query| query.running = true)),
        ("logins of a range of addresses", logins(&|query| query.address = "178.0.0.0/8".into())),
        ("logins of a small range of addresses", logins(&|query| query.address = "91.198.36.0/24".into())),
        ("logins of a month last year", logins(&|query| (query.from, query.until) = (days_ago(395), days_ago(365)))),
        (
            "refused phones of a country in a month",
            logins(&|query| {
                query.country = Some("UA".into());
                query.device_type = Some("mobile".into());
                query.outcome = Some("denied".into());
                (query.from, query.until) = (days_ago(395), days_ago(365));
            }),
        ),
    ])
}

fn of_violations(newest: Time) -> Vec<Named> {
    let days_ago = |days: i64| Some(Time(newest.ms() - days * DAY_MS));
    let changes: Vec<(&str, ViolationQuery)> = vec![
        ("unviewed first", ViolationQuery::default()),
        ("of a rule", ViolationQuery { rule: Some("device_limit".into()), ..ViolationQuery::default() }),
        ("of a rare rule", ViolationQuery { rule: Some("device_blocked".into()), ..ViolationQuery::default() }),
        ("of a country", ViolationQuery { country: Some("UA".into()), ..ViolationQuery::default() }),
        ("of a rare country", ViolationQuery { country: Some("NZ".into()), ..ViolationQuery::default() }),
        ("not viewed", ViolationQuery { status: Some("not_viewed".into()), ..ViolationQuery::default() }),
        ("viewed", ViolationQuery { status: Some("viewed".into()), ..ViolationQuery::default() }),
        ("with a verdict", ViolationQuery { verdict: Some(VerdictFilter::Any), ..ViolationQuery::default() }),
        ("without a verdict", ViolationQuery { verdict: Some(VerdictFilter::None), ..ViolationQuery::default() }),
        (
            "of a month last year",
            ViolationQuery { from: days_ago(395), until: days_ago(365), ..ViolationQuery::default() },
        ),
        ("of a common part of names", ViolationQuery { search: "енко".into(), ..ViolationQuery::default() }),
        ("of a rare name", ViolationQuery { search: "шевченко".into(), ..ViolationQuery::default() }),
    ];
    let mut all = Vec::new();
    for (name, query) in changes {
        let query = ViolationQuery { page: page(), ..query };
        all.push((format!("violations {name}"), Question::Violations(query.clone())));
        all.push((format!("groups of violations {name}"), Question::Groups(query)));
    }
    all
}

fn of_devices() -> Vec<Named> {
    let devices = |change: fn(&mut DeviceQuery)| {
        let mut query = DeviceQuery { page: page(), ..DeviceQuery::default() };
        change(&mut query);
        Question::SchoolDevices(query)
    };
    named(vec![
        ("all devices, most shared", devices(|_| {})),
        ("all devices, last seen", devices(|query| query.sort = DeviceSort::LastSeen)),
        ("all devices, blocked", devices(|query| query.blocked = true)),
        (
            "all devices, blocked, last seen",
            devices(|query| {
                query.blocked = true;
                query.sort = DeviceSort::LastSeen;
            }),
        ),
        (
            "all devices, unused",
            devices(|query| {
                query.unused_days = 180;
                query.sort = DeviceSort::Unused;
            }),
        ),
        ("all devices, search of a rare name", devices(|query| query.search = "шевченко".into())),
        ("all devices, search of a browser", devices(|query| query.search = "iphone".into())),
    ])
}

fn of_insights() -> Vec<Named> {
    let insights = |change: fn(&mut InsightQuery)| {
        let mut query = InsightQuery { page: page(), ..InsightQuery::default() };
        change(&mut query);
        Question::Insights(query)
    };
    named(vec![
        ("insights, most points", insights(|_| {})),
        ("insights, flagged", insights(|query| query.flagged = true)),
        ("insights, with a sign", insights(|query| query.sign = Some(Sign::ConcurrentUse))),
        ("insights, not judged yet", insights(|query| query.verdict = Some(VerdictFilter::None))),
        ("insights, search of a common part of names", insights(|query| query.search = "енко".into())),
    ])
}

/// A search is asked with each key.
fn as_typed() -> Vec<Named> {
    let word = "шевченко";
    let mut all = Vec::new();
    for (at, _) in word.char_indices().skip(1).take(4) {
        let (search, keys) = (&word[..at], word[..at].chars().count());
        let contacts = ContactQuery { search: search.into(), page: page(), ..ContactQuery::default() };
        all.push((format!("typing into contacts, key {keys}"), Question::Contacts(contacts)));
        let logins = LoginQuery { search: search.into(), page: page(), ..LoginQuery::default() };
        all.push((format!("typing into logins, key {keys}"), Question::Logins(logins)));
        let violations = ViolationQuery { search: search.into(), page: page(), ..ViolationQuery::default() };
        all.push((format!("typing into violations, key {keys}"), Question::Groups(violations)));
        let devices = DeviceQuery { search: search.into(), page: page(), ..DeviceQuery::default() };
        all.push((format!("typing into devices, key {keys}"), Question::SchoolDevices(devices)));
        all.push((format!("typing into search everywhere, key {keys}"), Question::Everywhere(search.to_owned())));
    }
    for (what, text) in [
        ("an address", "91.198."),
        ("a browser", "chrome"),
        ("a person's browser", "шевченко chrome"),
        ("a domain", "example"),
    ] {
        all.push((format!("search everywhere, {what}"), Question::Everywhere(text.to_owned())));
    }
    all
}
