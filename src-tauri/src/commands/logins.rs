//! Every login of the school, and the views that the owner keeps.

use hallmonitor_core::model::{Login, LoginQuery, LoginSummary, Page, SavedView};
use tauri::State;

use crate::{
    problem::{Problem, told},
    shell::Shell,
};

#[tauri::command]
pub(crate) async fn logins(school: String, query: LoginQuery, shell: State<'_, Shell>) -> Result<Page<Login>, Problem> {
    shell.open_of(&school).await?.school.named_logins(&query).await.map_err(told)
}

#[tauri::command]
pub(crate) async fn login_summary(
    school: String,
    query: LoginQuery,
    shell: State<'_, Shell>,
) -> Result<LoginSummary, Problem> {
    shell.open_of(&school).await?.school.login_summary(&query, shell.settings().times).await.map_err(told)
}

#[tauri::command]
pub(crate) async fn saved_views(school: String, shell: State<'_, Shell>) -> Result<Vec<SavedView>, Problem> {
    shell.open_of(&school).await?.school.saved_views().await.map_err(told)
}

#[tauri::command]
pub(crate) async fn save_view(school: String, saved: SavedView, shell: State<'_, Shell>) -> Result<(), Problem> {
    shell.open_shown(&school).await?.school.save_view(&saved).await.map_err(told)
}

/// Says whether it was there.
#[tauri::command]
pub(crate) async fn drop_view(school: String, saved: SavedView, shell: State<'_, Shell>) -> Result<bool, Problem> {
    shell.open_shown(&school).await?.school.drop_view(&saved).await.map_err(told)
}
