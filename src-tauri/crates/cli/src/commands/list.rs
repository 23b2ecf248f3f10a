//! `contacts`, `sessions`, `devices`, `restrictions`, `insights`.

use std::collections::HashMap;

use hallmonitor_core::{
    School,
    export::{Format, Heads},
    listing::{Kind, Rows, Selection},
    model::{Agent, Contact, Device, Insight, Place, Restriction, Session},
};

use super::{Setting, local, look::look_through, maybe_local};
use crate::{
    failure::Failure,
    output::Output,
    progress::Progress,
    table::{Column, Table, grouped, number, spare, text, word},
};

const CONTACTS: &[Column] = &[
    number("Id"),
    text("Name"),
    text("E-mail"),
    word("Last activity"),
    number("Devices"),
    number("Not viewed"),
    word("Checks"),
    spare("Tags"),
];

const DEVICES: &[Column] = &[
    number("Id"),
    text("Contact"),
    spare("Browser"),
    spare("System"),
    word("Last seen"),
    number("Sessions"),
    spare("Last IP"),
    word("Place"),
    word("Access"),
];

const SESSIONS: &[Column] = &[
    number("Id"),
    text("Contact"),
    word("Started"),
    spare("Last activity"),
    text("IP"),
    word("Place"),
    spare("Browser"),
    spare("System"),
    word("State"),
];

const RESTRICTIONS: &[Column] = &[
    number("Id"),
    word("When"),
    text("Contact"),
    text("What happened"),
    spare("Action"),
    spare("IP"),
    word("Place"),
    word("Log status"),
];

const INSIGHTS: &[Column] = &[
    number("Contact"),
    text("Name"),
    text("E-mail"),
    number("Points"),
    word("Stands out"),
    text("Why"),
    spare("Own verdict"),
];

pub(super) async fn list(setting: &Setting, selection: Selection) -> Result<(), Failure> {
    let (output, note) = setting
        .ask(async |school| {
            if selection.kind == Kind::Insights {
                look_through(school).await?;
            }
            let mut output = Output::default();
            if setting.json {
                let (_, output) = school.export_to(selection, Format::Json, Heads::Fields, output, &|_| ()).await?;
                return Ok((output, None));
            }
            let note = table(school, selection, &mut output).await?;
            Ok((output, note))
        })
        .await?;
    output.show()?;
    if let Some(note) = note {
        Progress::new().say(&note);
    }
    Ok(())
}

/// Writes the table; gives what is to be said of it.
async fn table(school: &School, selection: Selection, output: &mut Output) -> Result<Option<String>, Failure> {
    let of_contacts = selection.kind == Kind::Contacts;
    let mut table = Table::for_output(match selection.kind {
        Kind::Contacts => CONTACTS,
        Kind::Devices => DEVICES,
        Kind::Sessions => SESSIONS,
        Kind::Restrictions => RESTRICTIONS,
        Kind::Insights => INSIGHTS,
    });
    let mut listing = school.list(selection).await?;
    let mut written = 0;
    while let Some(rows) = listing.next().await? {
        let who = listing.contact_names(&rows).await?;
        table.write(&cells(&rows, &who), output).map_err(Failure::Output)?;
        written += rows.len() as u64;
    }
    Ok(match written {
        0 if !of_contacts && has_no_log(school).await? => {
            Some("The school's server has no login log: there are only contacts.".to_owned())
        }
        0 => Some("Nothing matches.".to_owned()),
        _ if listing.is_cut() => Some(format!("The first {}; --limit 0 lists all.", grouped(written))),
        _ => None,
    })
}

/// Whether its server said that it has none.
pub(super) async fn has_no_log(school: &School) -> Result<bool, Failure> {
    Ok(!school.status().await?.login_log)
}

fn cells(rows: &Rows, who: &HashMap<i64, String>) -> Vec<Vec<String>> {
    match rows {
        Rows::Contacts(rows) => rows.iter().map(contact).collect(),
        Rows::Devices(rows) => rows.iter().map(|row| device(row, &name(who, row.contact_id))).collect(),
        Rows::Sessions(rows) => rows.iter().map(|row| session(row, &name(who, row.contact_id))).collect(),
        Rows::Restrictions(rows) => rows.iter().map(|row| restriction(row, &name(who, row.contact_id))).collect(),
        Rows::Insights(rows) => rows.iter().map(insight).collect(),
    }
}

/// Whose row it is, with the number that other commands want.
fn name(who: &HashMap<i64, String>, id: i64) -> String {
    who.get(&id).map_or_else(|| id.to_string(), |name| format!("{id} {name}"))
}

fn contact(row: &Contact) -> Vec<String> {
    let devices = match row.blocked_devices {
        0 => row.devices.to_string(),
        blocked => format!("{} ({blocked} blocked)", row.devices),
    };
    vec![
        row.id.to_string(),
        row.name.clone(),
        row.email.clone(),
        maybe_local(row.last_activity_at),
        devices,
        if row.unviewed == 0 { String::new() } else { row.unviewed.to_string() },
        decided(if row.checks_enabled { "on" } else { "off" }, (row.pending, row.conflict, row.rejected)),
        row.tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>().join("; "),
    ]
}

fn device(row: &Device, who: &str) -> Vec<String> {
    vec![
        row.id.to_string(),
        who.to_owned(),
        browser(&row.agent),
        system(&row.agent),
        local(row.last_seen_at),
        grouped(row.sessions),
        row.last_ip.clone().unwrap_or_default(),
        place(&row.place),
        decided(&row.access, (row.pending, row.conflict, row.rejected)),
    ]
}

fn session(row: &Session, who: &str) -> Vec<String> {
    let state = match (row.outcome.as_str(), row.ended_at, row.end_reason.as_deref()) {
        ("allowed", None, _) => "running".to_owned(),
        ("allowed", Some(_), reason) => reason.unwrap_or("ended").replace('_', " "),
        (other, ..) => other.replace('_', " "),
    };
    vec![
        row.id.to_string(),
        who.to_owned(),
        local(row.started_at),
        local(row.last_activity_at),
        row.ip.clone(),
        place(&row.place),
        browser(&row.agent),
        system(&row.agent),
        state,
    ]
}

fn restriction(row: &Restriction, who: &str) -> Vec<String> {
    let code = row.rule.code.replace('_', " ");
    let why = match (row.rule.text.as_str(), row.rule.observed, row.rule.limit) {
        ("", Some(observed), Some(limit)) => format!("{code}: {observed}, {limit} allowed"),
        ("", ..) => code,
        (text, ..) => text.to_owned(),
    };
    vec![
        row.id.to_string(),
        local(row.occurred_at),
        who.to_owned(),
        why,
        row.action.replace('_', " "),
        row.ip.clone().unwrap_or_default(),
        place(&row.place),
        decided(&row.status.replace('_', " "), (row.pending, row.conflict, row.rejected)),
    ]
}

fn insight(row: &Insight) -> Vec<String> {
    let why = row.findings.iter().map(|one| format!("{} ({})", one.sign.as_str().replace('_', " "), one.count));
    vec![
        row.contact_id.to_string(),
        row.name.clone(),
        row.email.clone(),
        grouped(row.points),
        if row.flagged { "yes".to_owned() } else { String::new() },
        why.collect::<Vec<_>>().join(", "),
        row.verdict.as_ref().map_or_else(String::new, |noted| noted.verdict.as_str().to_owned()),
    ]
}

/// A value that a decision may have changed, with how that stands.
fn decided(value: &str, (pending, conflict, rejected): (bool, bool, bool)) -> String {
    match (pending, conflict, rejected) {
        (true, ..) => format!("{value} (not sent yet)"),
        (_, true, _) => format!("{value} (conflict)"),
        (_, _, true) => format!("{value} (refused)"),
        _ => value.to_owned(),
    }
}

fn browser(agent: &Agent) -> String {
    agent.browser.clone().unwrap_or_else(|| "unknown".to_owned())
}

fn system(agent: &Agent) -> String {
    agent.os.clone().unwrap_or_else(|| agent.device_type.clone())
}

fn place(place: &Place) -> String {
    match (&place.city, &place.country, &place.network_kind) {
        (Some(city), Some(country), _) => format!("{city}, {country}"),
        (_, Some(country), _) => country.clone(),
        (_, _, Some(kind)) => kind.replace('_', " "),
        _ => String::new(),
    }
}
