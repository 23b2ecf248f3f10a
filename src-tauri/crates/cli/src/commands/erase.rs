//! `erase`: removes one student from this machine.

use serde::Serialize;

use super::Setting;
use crate::{failure::Failure, legible, output::Output, secrets};

#[derive(Serialize)]
struct Answer {
    contact_id: i64,
    removed: u64,
}

pub(super) async fn erase(setting: &Setting, contact_id: i64, yes: bool) -> Result<(), Failure> {
    let removed = setting
        .ask(async |school| {
            let contact = school.contact(contact_id).await?.contact;
            if !yes {
                secrets::agree(&format!("Erase {} on this machine?", legible::line(&contact.name)))?;
            }
            Ok(school.erase_contact(contact_id).await?)
        })
        .await?;
    if setting.json {
        return Output::document(&Answer { contact_id, removed })?.show();
    }
    Output::lines(format!("Contact {contact_id} is erased on this machine. Rows removed: {removed}.")).show()
}
