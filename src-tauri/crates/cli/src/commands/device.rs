//! `device name | join | part`: what the owner calls a device and takes for one, noted here and never sent.

use std::borrow::Cow;

use hallmonitor_core::{
    Error, School,
    model::{DeviceQuery, PageRequest},
};
use serde::Serialize;

use super::Setting;
use crate::{
    arguments::{DeviceNote, Targets},
    failure::Failure,
    legible,
    output::Output,
};

#[derive(Serialize)]
struct Answer {
    id: i64,
    own_name: Option<String>,
    same_as: Vec<i64>,
}

pub(super) async fn note(setting: &Setting, note: DeviceNote) -> Result<(), Failure> {
    let noted = setting
        .ask(async |school| {
            let ids = match note {
                DeviceNote::Name { id, name } => {
                    school.name_device(id, &name).await?;
                    vec![id]
                }
                DeviceNote::Join { ids } => {
                    if ids.iter().all(|id| Some(id) == ids.first()) {
                        return Err(Failure::OneDevice);
                    }
                    school.join_devices(&ids).await?;
                    ids
                }
                DeviceNote::Part(Targets { ids }) => {
                    for &id in &ids {
                        noted_of(school, id).await?;
                    }
                    for &id in &ids {
                        school.part_device(id).await?;
                    }
                    ids
                }
            };
            let mut answers = Vec::new();
            for id in ids {
                answers.push(noted_of(school, id).await?);
            }
            Ok(answers)
        })
        .await?;
    if setting.json { Output::document(&noted)?.show() } else { Output::lines(lines(&noted)).show() }
}

async fn noted_of(school: &School, id: i64) -> Result<Answer, Error> {
    let page = PageRequest { limit: 1, ..PageRequest::default() };
    let query = DeviceQuery { device_id: Some(id), page, ..DeviceQuery::default() };
    let found = school.school_devices(&query).await?.rows.pop().ok_or(Error::NotFound { what: "device", id })?;
    Ok(Answer { id, own_name: found.device.own_name, same_as: found.device.same_as })
}

fn lines(noted: &[Answer]) -> String {
    let line = |device: &Answer| {
        let name = device.own_name.as_deref().map_or(Cow::Borrowed("no name of yours"), legible::line);
        let same: Vec<String> = device.same_as.iter().map(i64::to_string).collect();
        let same = if same.is_empty() { String::new() } else { format!(", one with {}", same.join(", ")) };
        format!("{}: {name}{same}", device.id)
    };
    noted.iter().map(line).collect::<Vec<_>>().join("\n")
}
