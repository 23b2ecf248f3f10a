//! How old the data is, the exchange with the server, and the school's settings.

use hallmonitor_core::model::{AccessControl, Problem, Status, SyncState};
use tauri::State;

use crate::{problem::told, shell::Shell};

#[tauri::command]
pub(crate) async fn status(shell: State<'_, Shell>) -> Result<Status, Problem> {
    shell.open().await?.school.status().await.map_err(told)
}

#[tauri::command]
pub(crate) async fn sync_state(shell: State<'_, Shell>) -> Result<SyncState, Problem> {
    Ok(shell.open().await?.sync_state())
}

/// Returns at once; what comes of it is told as `sync` and `changed`.
#[tauri::command]
pub(crate) async fn sync_now(shell: State<'_, Shell>) -> Result<(), Problem> {
    shell.open().await?.sync_now();
    Ok(())
}

#[tauri::command]
pub(crate) async fn access_control(shell: State<'_, Shell>) -> Result<Option<AccessControl>, Problem> {
    shell.open().await?.school.access_control().await.map_err(told)
}
