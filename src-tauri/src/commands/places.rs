//! Where and when a contact was at work, who else was there, and how long that is kept here.

use hallmonitor_core::model::{ActivityStrip, OtherUsers, Time, VisitedPlace};
use tauri::{AppHandle, State};

use crate::{
    problem::{Problem, told},
    shell::Shell,
};

#[tauri::command]
pub(crate) async fn activity_strip(
    school: String,
    contact_id: i64,
    from: Time,
    until: Time,
    shell: State<'_, Shell>,
) -> Result<ActivityStrip, Problem> {
    shell.open_of(&school).await?.school.activity_strip(contact_id, from, until).await.map_err(told)
}

#[tauri::command]
pub(crate) async fn places_visited(
    school: String,
    contact_id: i64,
    shell: State<'_, Shell>,
) -> Result<Vec<VisitedPlace>, Problem> {
    shell.open_of(&school).await?.school.places_visited(contact_id).await.map_err(told)
}

#[tauri::command]
pub(crate) async fn others_at(
    school: String,
    address: &str,
    contact_id: i64,
    shell: State<'_, Shell>,
) -> Result<OtherUsers, Problem> {
    shell.open_of(&school).await?.school.others_at(address, contact_id).await.map_err(told)
}

#[tauri::command]
pub(crate) async fn others_with(
    school: String,
    device_id: i64,
    shell: State<'_, Shell>,
) -> Result<OtherUsers, Problem> {
    shell.open_of(&school).await?.school.others_with(device_id).await.map_err(told)
}

#[tauri::command]
pub(crate) async fn kept_months(school: String, shell: State<'_, Shell>) -> Result<u32, Problem> {
    shell.open_of(&school).await?.school.kept_months().await.map_err(told)
}

/// Gives what is in force then.
#[tauri::command]
pub(crate) async fn keep_months(school: String, months: u32, shell: State<'_, Shell>) -> Result<u32, Problem> {
    shell.open_shown(&school).await?.school.keep_months(months).await.map_err(told)
}

/// Gives how many entities are gone.
#[tauri::command]
pub(crate) async fn erase_contact(
    school: String,
    id: i64,
    app: AppHandle,
    shell: State<'_, Shell>,
) -> Result<u64, Problem> {
    let open = shell.open_shown(&school).await?;
    let gone = open.school.erase_contact(id).await.map_err(told)?;
    open.tell(&app).await;
    Ok(gone)
}
