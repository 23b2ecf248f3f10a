//! A contact's card with its three tabs.

use hallmonitor_core::model::{ContactCard, Device, LogQuery, Page, Restriction, Session};
use tauri::State;

use crate::{
    problem::{Problem, told},
    shell::Shell,
};

#[tauri::command]
pub(crate) async fn contact(id: i64, shell: State<'_, Shell>) -> Result<ContactCard, Problem> {
    shell.open().await?.school.contact(id).await.map_err(told)
}

#[tauri::command]
pub(crate) async fn sessions(query: LogQuery, shell: State<'_, Shell>) -> Result<Page<Session>, Problem> {
    shell.open().await?.school.sessions(&query).await.map_err(told)
}

/// How many of a contact's logins stand before this one, newest first.
#[tauri::command]
pub(crate) async fn session_position(
    contact_id: i64,
    id: i64,
    shell: State<'_, Shell>,
) -> Result<Option<i64>, Problem> {
    shell.open().await?.school.session_position(contact_id, id).await.map_err(told)
}

#[tauri::command]
pub(crate) async fn devices(query: LogQuery, shell: State<'_, Shell>) -> Result<Page<Device>, Problem> {
    shell.open().await?.school.devices(&query).await.map_err(told)
}

#[tauri::command]
pub(crate) async fn restrictions(query: LogQuery, shell: State<'_, Shell>) -> Result<Page<Restriction>, Problem> {
    shell.open().await?.school.restrictions(&query).await.map_err(told)
}
