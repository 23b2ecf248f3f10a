//! Each list page and each search: how it grows from 20,000 to 1,000,000 sessions, and how it stands beside the same
//! question in the `sqlite3` shell.

use std::time::{Duration, Instant};

use anyhow::Result;
use hallmonitor_core::{
    School,
    model::{ContactQuery, ContactSort, LogQuery, PageRequest},
};

use crate::{client, measure::median_and_p99, report::Report, school::Bench};

/// How often each is asked.
const TIMES: usize = 200;

#[derive(Clone, Debug)]
enum Question {
    Contacts(ContactQuery),
    Sessions(LogQuery),
    Devices(LogQuery),
    Restrictions(LogQuery),
}

fn questions() -> Vec<(&'static str, Question)> {
    let page = || PageRequest { limit: 50, ..PageRequest::default() };
    let contacts = |sort, search: &str| {
        Question::Contacts(ContactQuery { sort, search: search.into(), page: page(), ..ContactQuery::default() })
    };
    let log = |search: &str| LogQuery { search: search.into(), page: page(), ..LogQuery::default() };
    let of = |contact| LogQuery { contact_id: Some(contact), page: page(), ..LogQuery::default() };
    let unviewed = ContactQuery { unviewed: true, page: page(), ..ContactQuery::default() };
    vec![
        ("contacts by last activity", contacts(ContactSort::LastActivity, "")),
        ("contacts by name", contacts(ContactSort::Name, "")),
        ("contacts with unviewed violations", Question::Contacts(unviewed)),
        ("contacts, search of a name", contacts(ContactSort::LastActivity, "шевч")),
        ("contacts, search of an e-mail", contacts(ContactSort::LastActivity, "anna")),
        ("contacts, search of two letters", contacts(ContactSort::LastActivity, "ан")),
        ("sessions, newest", Question::Sessions(log(""))),
        ("sessions of a contact", Question::Sessions(of(7))),
        ("sessions, search of an address", Question::Sessions(log("91.198."))),
        ("sessions, search of a browser", Question::Sessions(log("firefox"))),
        ("sessions, search of a name", Question::Sessions(log("шевченко"))),
        ("sessions, search of what is nowhere", Question::Sessions(log("nowhere-at-all"))),
        ("sessions, search of two letters", Question::Sessions(log("ua"))),
        ("devices, newest", Question::Devices(log(""))),
        ("devices of a contact", Question::Devices(of(7))),
        ("devices, search of a browser", Question::Devices(log("iphone"))),
        ("restrictions, newest", Question::Restrictions(log(""))),
        ("restrictions of a contact", Question::Restrictions(of(7))),
        ("restrictions, search of a rule", Question::Restrictions(log("device_limit"))),
        ("restrictions, search of a name", Question::Restrictions(log("шевченко"))),
    ]
}

/// Asks everything of both caches, in turns.
pub(crate) async fn run(small: &Bench, large: &Bench, report: &mut Report) -> Result<()> {
    report.title("Pages of 50 rows: 20,000 sessions, 1,000,000 sessions");
    let (small, large) = (client::open(small).await?, client::open(large).await?);
    for (name, question) in questions() {
        let (mut few, mut many) = (Vec::new(), Vec::new());
        for _ in 0..TIMES {
            few.push(ask(&small, &question).await?);
            many.push(ask(&large, &question).await?);
        }
        let ((few_median, few_p99), (many_median, many_p99)) = (median_and_p99(few), median_and_p99(many));
        report.figure(&format!("{name}: median at 20,000"), few_median, "ms", None);
        report.figure(&format!("{name}: p99 at 20,000"), few_p99, "ms", None);
        report.figure(&format!("{name}: median at 1,000,000"), many_median, "ms", None);
        report.figure(&format!("{name}: p99 at 1,000,000"), many_p99, "ms", None);
        report.figure(&format!("{name}: growth"), many_median / few_median, "x", Some(1.5));
    }
    Ok(())
}

async fn ask(school: &School, question: &Question) -> Result<Duration> {
    let since = Instant::now();
    match question {
        Question::Contacts(query) => drop(school.contacts(query).await?),
        Question::Sessions(query) => drop(school.sessions(query).await?),
        Question::Devices(query) => drop(school.devices(query).await?),
        Question::Restrictions(query) => drop(school.restrictions(query).await?),
    }
    Ok(since.elapsed())
}
