//! `contact`: one contact.

use hallmonitor_core::model::{CheckException, Contact, ContactCard, Time};
use serde::Serialize;

use super::{Setting, local, maybe_local};
use crate::{
    failure::Failure,
    output::Output,
    table::{grouped, pairs},
};

/// A contact with what is kept here alone of its checks.
#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    contact: &'a Contact,
    #[serde(skip_serializing_if = "Option::is_none")]
    own_checks_off: Option<OwnChecksOff<'a>>,
}

#[derive(Serialize)]
struct OwnChecksOff<'a> {
    reason: &'a str,
    until: Option<Time>,
}

pub(super) async fn contact(setting: &Setting, id: i64) -> Result<(), Failure> {
    let (card, noted) =
        setting.ask(async |school| Ok((school.contact(id).await?, school.check_exception(id).await?))).await?;
    if !setting.json {
        return Output::lines(table(card, noted)).show();
    }
    let own_checks_off =
        noted.as_ref().map(|CheckException { reason, until, .. }| OwnChecksOff { reason, until: *until });
    Output::document(&Answer { contact: &card.contact, own_checks_off })?.show()
}

fn table(card: ContactCard, noted: Option<CheckException>) -> String {
    let ContactCard { contact, sessions, restrictions } = card;
    let mut checks = if contact.checks_enabled { "on".to_owned() } else { "off".to_owned() };
    if let Some(changed) = contact.checks_changed {
        checks.push_str(&format!(", set by {} at {}", changed.by, local(changed.at)));
    }
    if let Some(until) = noted.as_ref().and_then(|noted| noted.until) {
        checks.push_str(&format!(", to be switched on again from {}", local(until)));
    }
    let blocked = match contact.blocked_devices {
        0 => String::new(),
        some => format!(", {} blocked", grouped(some)),
    };
    let own = match (contact.own_verdict, contact.own_follow_up_at) {
        (Some(verdict), Some(at)) => format!("{verdict}, to be looked at again from {}", local(at)),
        (verdict, _) => verdict.unwrap_or_default(),
    };
    pairs(&[
        ("Id", contact.id.to_string()),
        ("Name", contact.name),
        ("E-mail", contact.email),
        ("Phone", contact.phone.unwrap_or_default()),
        ("Tags", contact.tags.into_iter().map(|tag| tag.name).collect::<Vec<_>>().join("; ")),
        ("Added", local(contact.created_at)),
        ("Last activity", maybe_local(contact.last_activity_at)),
        ("Checks", checks),
        ("Reason", noted.map(|noted| noted.reason).unwrap_or_default()),
        ("Sessions", grouped(sessions)),
        ("Devices", format!("{}{blocked}", grouped(contact.devices))),
        ("Own verdict", own),
        ("Own note", contact.own_note.unwrap_or_default()),
        ("Restrictions", format!("{}, {} not viewed", grouped(restrictions), grouped(contact.unviewed))),
    ])
}
