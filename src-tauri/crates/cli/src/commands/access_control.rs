//! `access-control`: the school's settings as last read.

use hallmonitor_core::model::AccessControl;

use super::Setting;
use crate::{failure::Failure, output::Output, table::pairs};

pub(super) async fn access_control(setting: &Setting) -> Result<(), Failure> {
    let settings = setting.ask(async |school| Ok(school.access_control().await?)).await?.ok_or(Failure::NoSettings)?;
    if setting.json { Output::document(&settings)?.show() } else { Output::lines(table(&settings)).show() }
}

fn table(settings: &AccessControl) -> String {
    let most = |number: Option<i64>| number.map_or_else(|| "any number".to_owned(), |most| format!("at most {most}"));
    let word = |word: Option<String>| word.map_or_else(|| "not known".to_owned(), |word| word.replace('_', " "));
    let timeout = settings.session_timeout_minutes;
    pairs(&[
        ("IP addresses", word(settings.ip_mode.clone().map(String::from))),
        ("Listed", settings.ip_ranges.join(", ")),
        ("Active sessions", most(settings.max_concurrent_sessions)),
        ("At one too many", word(settings.concurrent_policy.clone().map(String::from))),
        ("Devices", most(settings.max_devices)),
        (
            "A session ends after",
            timeout.map_or_else(|| "not known".to_owned(), |minutes| format!("{minutes} min idle")),
        ),
    ])
}
