//! `sync`: sends what was decided, then reads until everything is up to date.

use hallmonitor_core::{Synced, Urgency};
use serde::Serialize;

use super::Setting;
use crate::{failure::Failure, output::Output, progress::Progress, table::grouped};

#[derive(Serialize)]
struct Answer<'a> {
    pushed: Pushed,
    pulled: Pulled,
    requests: u64,
    cursor: Option<&'a str>,
}

/// Decisions sent, by what came of them.
#[derive(Serialize)]
struct Pushed {
    applied: u64,
    conflict: u64,
    rejected: u64,
    queued: u64,
}

#[derive(Serialize)]
struct Pulled {
    contacts: u64,
    devices: u64,
    sessions: u64,
    restrictions: u64,
    deleted: u64,
}

pub(super) async fn sync(setting: &Setting) -> Result<(), Failure> {
    let synced = setting
        .ask(async |school| {
            let progress = Progress::new();
            let telling = progress.clone();
            let synced = school.sync(Urgency::Now, move |phase| telling.sync_step(&phase)).await;
            progress.clear();
            let synced = synced?;
            if let Some(words) = set_aside(school.unreadable().await?.len()) {
                progress.say(&words);
            }
            // The exchange worked all the same.
            if let Err(error) = school.catch_up().await {
                progress.say(&Failure::from(error).message());
            }
            Ok(synced)
        })
        .await?;
    if setting.json { Output::document(&answer(&synced))?.show() } else { Output::lines(sentence(&synced)).show() }
}

fn answer(synced: &Synced) -> Answer<'_> {
    let (pushed, pulled) = (synced.pushed, synced.pulled);
    Answer {
        pushed: Pushed {
            applied: pushed.applied,
            conflict: pushed.conflict,
            rejected: pushed.rejected,
            queued: pushed.queued,
        },
        pulled: Pulled {
            contacts: pulled.contacts,
            devices: pulled.devices,
            sessions: pulled.sessions,
            restrictions: pulled.restrictions,
            deleted: pulled.deleted,
        },
        requests: synced.requests,
        cursor: synced.cursor.as_deref(),
    }
}

fn sentence(synced: &Synced) -> String {
    let pulled = synced.pulled;
    let counts = [
        (pulled.contacts, "contact", "contacts"),
        (pulled.devices, "device", "devices"),
        (pulled.sessions, "session", "sessions"),
        (pulled.restrictions, "restriction", "restrictions"),
        (pulled.deleted, "deletion", "deletions"),
    ];
    let news: Vec<_> = counts
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| format!("{} {}", grouped(count), if count == 1 { one } else { many }))
        .collect();
    let news = if news.is_empty() { "nothing new".to_owned() } else { news.join(", ") };
    let sent: Vec<_> = [
        (synced.pushed.applied, "confirmed"),
        (synced.pushed.conflict, "in conflict"),
        (synced.pushed.rejected, "refused"),
        (synced.pushed.queued, "still waiting"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{} {what}", grouped(count)))
    .collect();
    let sent = if sent.is_empty() { String::new() } else { format!("Decisions: {}.\n", sent.join(", ")) };
    let requests = if synced.requests == 1 { "request" } else { "requests" };
    format!("{sent}Up to date: {news} ({} {requests}).", grouped(synced.requests))
}

/// That rows could not be read, which the JSON has no place for.
fn set_aside(rows: usize) -> Option<String> {
    let words = match rows {
        0 => return None,
        1 => "One row of the server can't be read and is set aside.".to_owned(),
        // No more are counted.
        rows => format!("{} rows of the server can't be read and are set aside.", grouped(i64::try_from(rows).ok()?)),
    };
    Some(format!("{words} Tell the server's support; everything else is here."))
}

#[cfg(test)]
mod tests {
    use hallmonitor_core::{Pushed, cache::Applied};

    use super::*;

    #[test]
    fn a_sync_is_told_in_one_sentence() {
        let mut synced = Synced { requests: 1, ..Synced::default() };
        assert_eq!(sentence(&synced), "Up to date: nothing new (1 request).");
        synced.pulled = Applied { contacts: 1, sessions: 12_345, ..Applied::default() };
        synced.requests = 3;
        assert_eq!(sentence(&synced), "Up to date: 1 contact, 12,345 sessions (3 requests).");
        synced.pushed = Pushed { applied: 2, conflict: 0, rejected: 1, queued: 0 };
        assert!(sentence(&synced).starts_with("Decisions: 2 confirmed, 1 refused.\nUp to date: "));
    }

    #[test]
    fn rows_that_are_set_aside_are_said() {
        assert_eq!(set_aside(0), None);
        assert!(set_aside(1).expect("words").starts_with("One row of the server can't be read"));
        assert!(set_aside(1_000).expect("words").starts_with("1,000 rows of the server can't be read"));
    }
}
