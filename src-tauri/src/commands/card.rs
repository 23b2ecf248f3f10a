//! A contact's card with its three tabs.

use hallmonitor_core::model::{ContactCard, Device, LogQuery, Page, Restriction, Session};
use tauri::State;

use crate::{
    problem::{Problem, told},
    shell::Shell,
};

#[tauri::command]
pub(crate) async fn contact(school: String, id: i64, shell: State<'_, Shell>) -> Result<ContactCard, Problem> {
    shell.open_of(&school).await?.school.contact(id).await.map_err(told)
}

#[tauri::command]
pub(crate) async fn sessions(
    school: String,
    query: LogQuery,
    shell: State<'_, Shell>,
) -> Result<Page<Session>, Problem> {
    shell.open_of(&school).await?.school.sessions(&query).await.map_err(told)
}

/// How many of a contact's logins stand before this one, newest first.
#[tauri::command]
pub(crate) async fn session_position(
    school: String,
    contact_id: i64,
    id: i64,
    shell: State<'_, Shell>,
) -> Result<Option<i64>, Problem> {
    shell.open_of(&school).await?.school.session_position(contact_id, id).await.map_err(told)
}

#[tauri::command]
pub(crate) async fn devices(school: String, query: LogQuery, shell: State<'_, Shell>) -> Result<Page<Device>, Problem> {
    shell.open_of(&school).await?.school.devices(&query).await.map_err(told)
}

#[tauri::command]
pub(crate) async fn restrictions(
    school: String,
    query: LogQuery,
    shell: State<'_, Shell>,
) -> Result<Page<Restriction>, Problem> {
    shell.open_of(&school).await?.school.restrictions(&query).await.map_err(told)
}
