//! `verdict`: what the owner thinks of a contact, noted here and never sent.

use hallmonitor_core::model::{Verdict, VerdictKind};
use hallmonitor_wire::Time;
use serde::Serialize;

use super::{Setting, local};
use crate::{
    arguments::{self, Judged},
    failure::Failure,
    output::Output,
};

#[derive(Serialize)]
struct Answer<'a> {
    contact_id: i64,
    verdict: Option<VerdictKind>,
    note: Option<&'a str>,
    follow_up_at: Option<Time>,
    decided_at: Option<Time>,
}

pub(super) async fn verdict(setting: &Setting, wanted: arguments::Verdict) -> Result<(), Failure> {
    let arguments::Verdict { contact, verdict, note, until } = wanted;
    let kind = match verdict {
        Judged::Sharing => Some(VerdictKind::Sharing),
        Judged::Harmless => Some(VerdictKind::Harmless),
        Judged::Watch => Some(VerdictKind::Watch),
        Judged::None => None,
    };
    if kind.is_none() && (note.is_some() || until.is_some()) {
        return Err(Failure::NoVerdict);
    }
    let noted = setting
        .ask(async |school| match kind {
            Some(kind) => {
                let before = school.verdict(contact).await?;
                let same = before.as_ref().filter(|before| before.verdict == kind);
                let until = until.or(same.and_then(|before| before.follow_up_at));
                let note = note.or(before.map(|before| before.note)).unwrap_or_default();
                Ok(Some(school.set_verdict(contact, kind, &note, until).await?))
            }
            None => {
                school.clear_verdict(contact).await?;
                Ok(None)
            }
        })
        .await?;
    if setting.json {
        let noted = noted.as_ref();
        return Output::document(&Answer {
            contact_id: contact,
            verdict: noted.map(|noted| noted.verdict),
            note: noted.map(|noted| noted.note.as_str()),
            follow_up_at: noted.and_then(|noted| noted.follow_up_at),
            decided_at: noted.map(|noted| noted.decided_at),
        })?
        .show();
    }
    Output::lines(match noted {
        None => format!("Nothing is noted of contact {contact} any more."),
        Some(Verdict { verdict, follow_up_at, .. }) => {
            let again = follow_up_at.map(|at| format!(", to be looked at again from {}", local(at)));
            format!("Noted of contact {contact}: {}{}.", verdict.as_str(), again.unwrap_or_default())
        }
    })
    .show()
}
