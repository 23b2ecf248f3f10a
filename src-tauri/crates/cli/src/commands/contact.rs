//! `contact`: one contact.

use hallmonitor_core::model::ContactCard;

use super::{Setting, local, maybe_local};
use crate::{
    failure::Failure,
    output::Output,
    table::{grouped, pairs},
};

pub(super) async fn contact(setting: &Setting, id: i64) -> Result<(), Failure> {
    let card = setting.ask(async |school| Ok(school.contact(id).await?)).await?;
    if setting.json { Output::document(&card.contact)?.show() } else { Output::lines(table(card)).show() }
}

fn table(card: ContactCard) -> String {
    let ContactCard { contact, sessions, restrictions } = card;
    let mut checks = if contact.checks_enabled { "on".to_owned() } else { "off".to_owned() };
    if let Some(changed) = contact.checks_changed {
        checks.push_str(&format!(", set by {} at {}", changed.by, local(changed.at)));
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
        ("Sessions", grouped(sessions)),
        ("Devices", format!("{}{blocked}", grouped(contact.devices))),
        ("Own verdict", own),
        ("Own note", contact.own_note.unwrap_or_default()),
        ("Restrictions", format!("{}, {} not viewed", grouped(restrictions), grouped(contact.unviewed))),
    ])
}
