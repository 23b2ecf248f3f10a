//! `location`: where addresses are looked up, for all schools of this data folder.

use chrono::{DateTime, Utc};
use hallmonitor_core::model::{LocationDatabase, LocationDatabases};

use super::Setting;
use crate::{arguments::Location, failure::Failure, legible, output::Output};

pub(super) async fn location(setting: &Setting, wanted: Location) -> Result<(), Failure> {
    if let Some(file) = wanted.file {
        setting.app.choose_location_database(&file).await?;
    } else if wanted.none {
        setting.app.forget_location_databases().await?;
    }
    let in_use = setting.app.location_databases();
    if setting.json { Output::document(&in_use)?.show() } else { Output::lines(lines(&in_use)).show() }
}

fn lines(in_use: &LocationDatabases) -> String {
    let line = |what: &str, database: &Option<LocationDatabase>, without: &str| match database {
        Some(database) => {
            let built: DateTime<Utc> = database.built_at.to_utc();
            let shown = database.attribution.as_deref().map_or_else(String::new, |text| format!(" {text}"));
            format!("{what}: {}, {}.{shown}", legible::line(&database.database_type), built.format("%Y-%m-%d"))
        }
        None => format!("{what}: {without}."),
    };
    [
        line("Places", &in_use.places, "countries only, by the database that comes with the program"),
        line("Networks", &in_use.networks, "not known"),
    ]
    .join("\n")
}
