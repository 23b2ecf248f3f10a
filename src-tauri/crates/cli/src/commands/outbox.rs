//! `outbox`: what has not been confirmed, and how it is settled.

use hallmonitor_core::model::{EntryState, OutboxEntry, Resolution};

use super::{Setting, local};
use crate::{
    arguments::Settle,
    failure::Failure,
    output::Output,
    table::{Column, Table, number, spare, text, word},
};

const COLUMNS: &[Column] = &[
    word("Id"),
    word("What"),
    number("Target"),
    word("Decided"),
    word("When"),
    word("State"),
    number("Attempts"),
    spare("On the server"),
    text("Why"),
];

pub(super) async fn outbox(setting: &Setting, settle: Option<Settle>) -> Result<(), Failure> {
    let left = setting
        .ask(async |school| {
            let (ids, how) = match &settle {
                None => return Ok(school.outbox().await?),
                Some(Settle::KeepMine(entries)) => (&entries.ids, Resolution::KeepMine),
                Some(Settle::TakeTheirs(entries)) => (&entries.ids, Resolution::TakeTheirs),
                Some(Settle::Retry(entries)) => (&entries.ids, Resolution::Retry),
                Some(Settle::Dismiss(entries)) => (&entries.ids, Resolution::Dismiss),
            };
            Ok(school.resolve(ids, how).await?)
        })
        .await?;
    if setting.json {
        return Output::document(&left)?.show();
    }
    Output::lines(if left.is_empty() { "Everything is confirmed.".to_owned() } else { table(&left)? }).show()
}

/// Entries for a person.
pub(super) fn table(entries: &[OutboxEntry]) -> Result<String, Failure> {
    let rows: Vec<_> = entries.iter().map(row).collect();
    let mut text = Vec::new();
    Table::for_output(COLUMNS).write(&rows, &mut text).map_err(Failure::Output)?;
    Ok(String::from_utf8_lossy(&text).trim_end().to_owned())
}

fn row(entry: &OutboxEntry) -> Vec<String> {
    let state = match entry.state {
        EntryState::Queued => "waiting",
        EntryState::Sending => "on its way",
        EntryState::Conflict => "conflict",
        EntryState::Rejected => "refused",
    };
    vec![
        entry.id.to_string(),
        entry.kind.replace('_', " "),
        entry.target_id.to_string(),
        entry.value.replace('_', " "),
        local(entry.decided_at),
        state.to_owned(),
        entry.attempts.to_string(),
        theirs(entry).unwrap_or_default(),
        entry.last_error.clone().unwrap_or_default(),
    ]
}

/// The value that the server's entity has.
fn theirs(entry: &OutboxEntry) -> Option<String> {
    let current = entry.current.as_ref()?;
    Some(match entry.kind.as_str() {
        "device_access" => current.get("access")?.as_str()?.to_owned(),
        "restriction_status" => current.get("status")?.as_str()?.replace('_', " "),
        _ => if current.get("checks_enabled")?.as_bool()? { "on" } else { "off" }.to_owned(),
    })
}
