//! What can be set, and what the window is asked for from outside.

use hallmonitor_core::{model::Time, settings::Settings};
use hallmonitor_language::Language;
use tauri::{AppHandle, State};

use crate::{notify, place::Place, problem::Problem, shell::Shell};

/// The language that is in force: the person's, or the system's.
#[tauri::command]
pub(crate) async fn language_in_force(shell: State<'_, Shell>) -> Result<Language, Problem> {
    Ok(shell.settings().language())
}

#[tauri::command]
pub(crate) async fn settings(shell: State<'_, Shell>) -> Result<Settings, Problem> {
    Ok(shell.settings())
}

/// Why other settings are in force than the person's; said once.
#[tauri::command]
pub(crate) async fn settings_problem(shell: State<'_, Shell>) -> Result<Option<Problem>, Problem> {
    Ok(shell.settings_problem())
}

/// All but the pause of notifications, which the tray's menu sets, too.
#[tauri::command]
pub(crate) async fn set_settings(settings: Settings, app: AppHandle, shell: State<'_, Shell>) -> Result<(), Problem> {
    shell.set(&app, settings).await
}

/// Pauses notifications; without an end it ends the pause.
#[tauri::command]
pub(crate) async fn pause_notifications(
    until: Option<Time>,
    app: AppHandle,
    shell: State<'_, Shell>,
) -> Result<(), Problem> {
    shell.pause_until(&app, until).await
}

/// Says whether the desktop took it.
#[tauri::command]
pub(crate) async fn test_notification(app: AppHandle) -> Result<bool, Problem> {
    Ok(notify::test(&app).await)
}

/// Where a notification or the tray's menu leads; asked once.
#[tauri::command]
pub(crate) async fn place_wanted(shell: State<'_, Shell>) -> Result<Option<Place>, Problem> {
    Ok(shell.place_wanted())
}

/// Ends the program; what is unsent is kept.
#[tauri::command]
pub(crate) async fn quit(app: AppHandle) -> Result<(), Problem> {
    app.exit(0);
    Ok(())
}
