//! `evidence`: a report on one contact and the table of its logins.

use hallmonitor_core::model::EvidenceQuery;
use hallmonitor_wire::Time;

use super::{Setting, export::interruption, list::has_no_log};
use crate::{
    arguments::Evidence,
    failure::Failure,
    legible,
    output::Output,
    progress::Progress,
    table::{grouped, pairs},
};

pub(super) async fn evidence(setting: &Setting, wanted: Evidence) -> Result<(), Failure> {
    if wanted.out.as_os_str() == "-" {
        return Err(Failure::ReportToOutput);
    }
    let now = Time(chrono::Utc::now().timestamp_millis());
    let progress = Progress::new();
    let tell = |rows: u64| progress.step(&format!("Written {} …", grouped(rows)));
    let language = setting.app.language();
    let written = setting
        .ask(async |school| {
            if has_no_log(school).await? {
                return Err(Failure::NoLoginLog);
            }
            let from = match wanted.range.from {
                Some(from) => from,
                None => school.contact(wanted.contact).await?.contact.created_at,
            };
            if wanted.range.from.is_some() && wanted.range.until.is_some_and(|until| until <= from) {
                return Err(Failure::NoPeriod);
            }
            let query = EvidenceQuery { contact_id: wanted.contact, from, until: wanted.range.until.unwrap_or(now) };
            tokio::select! {
                biased;
                () = interruption() => Err(Failure::Interrupted),
                written = school.evidence(&query, language, &wanted.out, &tell) => Ok(written?),
            }
        })
        .await;
    progress.clear();
    let files = written?;
    if setting.json {
        return Output::document(&files)?.show();
    }
    Output::lines(pairs(&[
        ("Report", legible::line(&files.report).into_owned()),
        ("Table", legible::line(&files.table).into_owned()),
        ("Sessions", grouped(files.logins)),
        ("Restrictions", grouped(files.restrictions)),
    ]))
    .show()
}
