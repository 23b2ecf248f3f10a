//! `status`: what is here and how old it is.

use hallmonitor_core::model::{OutboxCounts, Status};
use hallmonitor_wire::Time;
use serde::Serialize;

use super::{Setting, maybe_local};
use crate::{
    failure::Failure,
    output::Output,
    table::{grouped, pairs},
};

#[derive(Serialize)]
struct Answer<'a> {
    profile: &'a str,
    server: &'a str,
    cabinet_name: &'a str,
    login_log: bool,
    last_sync_at: Option<Time>,
    contacts: i64,
    devices: i64,
    sessions: i64,
    restrictions: i64,
    unviewed: i64,
    outbox: OutboxCounts,
}

pub(super) async fn status(setting: &Setting) -> Result<(), Failure> {
    let status = setting.ask(async |school| Ok(school.status().await?)).await?;
    if setting.json { Output::document(&answer(&status))?.show() } else { Output::lines(table(status)).show() }
}

fn answer(status: &Status) -> Answer<'_> {
    Answer {
        profile: &status.profile,
        server: &status.server,
        cabinet_name: &status.cabinet_name,
        login_log: status.login_log,
        last_sync_at: status.last_sync_at,
        contacts: status.contacts,
        devices: status.devices,
        sessions: status.sessions,
        restrictions: status.restrictions,
        unviewed: status.unviewed,
        outbox: status.outbox,
    }
}

fn table(status: Status) -> String {
    let mut lines = vec![
        ("Profile", status.profile),
        ("School", status.cabinet_name),
        ("Server", status.server),
        ("Login log", if status.login_log { "yes".to_owned() } else { "no: contacts only".to_owned() }),
        ("Last sync", maybe_local(status.last_sync_at)),
        ("Contacts", grouped(status.contacts)),
        ("Devices", grouped(status.devices)),
        ("Sessions", grouped(status.sessions)),
        ("Restrictions", format!("{}, {} not viewed", grouped(status.restrictions), grouped(status.unviewed))),
    ];
    let OutboxCounts { queued, conflict, rejected } = status.outbox;
    lines.push(("Unsent decisions", format!("{queued} waiting, {conflict} in conflict, {rejected} refused")));
    if status.unreadable > 0 {
        lines.push(("Set aside", format!("{} that could not be read", grouped(status.unreadable))));
    }
    pairs(&lines)
}
