//! Newer versions of the program.

use hallmonitor_core::model::Problem;
use tauri::{AppHandle, State};

use crate::{
    shell::Shell,
    update::{self, UpdateError, UpdateState, Updates},
};

/// What is known; nobody is asked.
#[tauri::command]
pub(crate) async fn update_state(updates: State<'_, Updates>) -> Result<UpdateState, Problem> {
    Ok(updates.state())
}

/// Looks for a newer version now.
#[tauri::command]
pub(crate) async fn update_check(app: AppHandle, shell: State<'_, Shell>) -> Result<UpdateState, Problem> {
    update::check(&app).await.map_err(told(&shell))
}

/// Installs the version that was found, and starts it.
#[tauri::command]
pub(crate) async fn update_install(app: AppHandle, shell: State<'_, Shell>) -> Result<(), Problem> {
    update::install(&app).await.map_err(told(&shell))
}

fn told(shell: &Shell) -> impl Fn(UpdateError) -> Problem {
    let language = shell.settings().language();
    move |error| {
        tracing::warn!("{error}");
        error.problem(language)
    }
}
