//! `keep`: how long rows stay here that the server has dropped as too old.

use serde::Serialize;

use super::Setting;
use crate::{failure::Failure, output::Output};

#[derive(Serialize)]
struct Answer {
    months: u32,
}

pub(super) async fn keep(setting: &Setting, months: Option<u32>) -> Result<(), Failure> {
    let months = setting
        .ask(async |school| {
            let Some(months) = months else { return Ok(school.kept_months().await?) };
            let kept = school.keep_months(months).await?;
            school.catch_up().await?;
            Ok(kept)
        })
        .await?;
    if setting.json {
        return Output::document(&Answer { months })?.show();
    }
    Output::lines(match months {
        0 => "What the server drops as too old goes here, too.".to_owned(),
        1 => "What the server drops as too old stays here for another month.".to_owned(),
        _ => format!("What the server drops as too old stays here for another {months} months."),
    })
    .show()
}
