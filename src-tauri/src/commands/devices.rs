//! Every device of the school, and what the owner calls them.

use hallmonitor_core::model::{DeviceQuery, Page, SchoolDevice};
use tauri::{AppHandle, State};

use crate::{
    problem::{Problem, told},
    shell::Shell,
};

#[tauri::command]
pub(crate) async fn school_devices(
    school: String,
    query: DeviceQuery,
    shell: State<'_, Shell>,
) -> Result<Page<SchoolDevice>, Problem> {
    shell.open_of(&school).await?.school.school_devices(&query).await.map_err(told)
}

#[tauri::command]
pub(crate) async fn name_device(
    school: String,
    id: i64,
    name: &str,
    app: AppHandle,
    shell: State<'_, Shell>,
) -> Result<(), Problem> {
    let open = shell.open_shown(&school).await?;
    open.school.name_device(id, name).await.map_err(told)?;
    open.tell(&app).await;
    Ok(())
}

#[tauri::command]
pub(crate) async fn join_devices(
    school: String,
    ids: Vec<i64>,
    app: AppHandle,
    shell: State<'_, Shell>,
) -> Result<(), Problem> {
    let open = shell.open_shown(&school).await?;
    open.school.join_devices(&ids).await.map_err(told)?;
    open.tell(&app).await;
    Ok(())
}

/// Says whether it was one with others.
#[tauri::command]
pub(crate) async fn part_device(
    school: String,
    id: i64,
    app: AppHandle,
    shell: State<'_, Shell>,
) -> Result<bool, Problem> {
    let open = shell.open_shown(&school).await?;
    let parted = open.school.part_device(id).await.map_err(told)?;
    open.tell(&app).await;
    Ok(parted)
}

#[tauri::command]
pub(crate) async fn regroup_devices(
    school: String,
    groups: Vec<Vec<i64>>,
    app: AppHandle,
    shell: State<'_, Shell>,
) -> Result<(), Problem> {
    let open = shell.open_shown(&school).await?;
    open.school.regroup_devices(&groups).await.map_err(told)?;
    open.tell(&app).await;
    Ok(())
}
