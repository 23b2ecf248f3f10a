//! The location database that the owner has chosen. The page never names a file: the person does, in a dialog.

use hallmonitor_core::model::{LocationDatabases, Placing};
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt as _;
use tokio::sync::oneshot;

use crate::{
    problem::{Problem, told},
    shell::Shell,
};

#[tauri::command]
pub(crate) async fn location_databases(shell: State<'_, Shell>) -> Result<LocationDatabases, Problem> {
    Ok(shell.locations())
}

/// Asks for a file and takes it into use; gives nothing where the person cancels. The addresses of every school are
/// placed again in the background.
#[tauri::command]
pub(crate) async fn choose_location_database(
    title: &str,
    app: AppHandle,
    shell: State<'_, Shell>,
) -> Result<Option<LocationDatabases>, Problem> {
    let (tell, told_of) = oneshot::channel();
    let dialog = app.dialog().file().set_title(title).add_filter("MMDB", &["mmdb"]);
    dialog.pick_file(move |path| drop(tell.send(path)));
    let Some(path) = told_of.await.ok().flatten().and_then(|path| path.into_path().ok()) else { return Ok(None) };
    shell.choose_locations(&path).await.map(Some)
}

/// Goes back to the country database that comes with the program.
#[tauri::command]
pub(crate) async fn forget_location_databases(shell: State<'_, Shell>) -> Result<LocationDatabases, Problem> {
    shell.forget_locations().await
}

/// How far the addresses of the school that is shown are placed.
#[tauri::command]
pub(crate) async fn placing(school: String, shell: State<'_, Shell>) -> Result<Placing, Problem> {
    shell.open_of(&school).await?.school.placing().await.map_err(told)
}
