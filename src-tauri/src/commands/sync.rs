//! How old the data is, the exchange with the server, and the school's settings.

use hallmonitor_core::model::{AccessControl, Page, Resolution, Status, SyncState, UnreadableRow, Waiting};
use tauri::{AppHandle, State};
use uuid::Uuid;

use crate::{
    problem::{Problem, told},
    shell::Shell,
};

#[tauri::command]
pub(crate) async fn status(school: String, shell: State<'_, Shell>) -> Result<Status, Problem> {
    shell.open_of(&school).await?.school.status().await.map_err(told)
}

#[tauri::command]
pub(crate) async fn sync_state(school: String, shell: State<'_, Shell>) -> Result<SyncState, Problem> {
    Ok(shell.open_of(&school).await?.sync_state())
}

/// Returns at once; what comes of it is told as `sync` and `changed`.
#[tauri::command]
pub(crate) async fn sync_now(school: String, shell: State<'_, Shell>) -> Result<(), Problem> {
    shell.open_of(&school).await?.sync_now();
    Ok(())
}

#[tauri::command]
pub(crate) async fn access_control(school: String, shell: State<'_, Shell>) -> Result<Option<AccessControl>, Problem> {
    shell.open_of(&school).await?.school.access_control().await.map_err(told)
}

/// What the server has not confirmed; `limit` 0 is all.
#[tauri::command]
pub(crate) async fn waiting(
    school: String,
    skip: u32,
    limit: u32,
    shell: State<'_, Shell>,
) -> Result<Page<Waiting>, Problem> {
    let upto = if limit == 0 { 0 } else { skip.saturating_add(limit) };
    let mut page = shell.open_of(&school).await?.school.waiting(upto).await.map_err(told)?;
    page.rows.drain(..page.rows.len().min(skip as usize));
    Ok(page)
}

/// Settles entries that stand in the outbox, all or none.
#[tauri::command]
pub(crate) async fn resolve(
    school: String,
    ids: Vec<Uuid>,
    how: Resolution,
    app: AppHandle,
    shell: State<'_, Shell>,
) -> Result<(), Problem> {
    let open = shell.open_shown(&school).await?;
    open.school.resolve(&ids, how).await.map_err(told)?;
    open.decided(&app).await;
    Ok(())
}

#[tauri::command]
pub(crate) async fn unreadable(school: String, shell: State<'_, Shell>) -> Result<Vec<UnreadableRow>, Problem> {
    shell.open_of(&school).await?.school.unreadable().await.map_err(told)
}
