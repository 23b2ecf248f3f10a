//! What the person decides on devices, restrictions and checks.

use hallmonitor_core::model::{ActionType, ActionValue, BlockEffect, CheckException, Time};
use serde::Deserialize;
use tauri::{AppHandle, State};

use crate::{
    problem::{Problem, told},
    shell::Shell,
};

/// Why checks are off, and until when.
#[derive(Debug, Deserialize)]
pub(crate) struct Excuse {
    reason: String,
    until: Option<Time>,
}

/// Gives how many decisions were recorded: none where they held already, or took back what had not left. An `excuse` is
/// noted with them, where checks are switched off.
#[tauri::command]
pub(crate) async fn decide(
    school: String,
    kind: ActionType,
    ids: Vec<i64>,
    value: ActionValue,
    excuse: Option<Excuse>,
    app: AppHandle,
    shell: State<'_, Shell>,
) -> Result<usize, Problem> {
    let open = shell.open_shown(&school).await?;
    let made = match (excuse, kind, value) {
        (Some(Excuse { reason, until }), ActionType::ContactChecks, ActionValue::Off) => {
            open.school.excuse(&ids, &reason, until).await
        }
        _ => open.school.decide(kind, &ids, value).await,
    };
    let made = made.map_err(told)?;
    open.decided(&app).await;
    Ok(made.len())
}

#[tauri::command]
pub(crate) async fn block_effects(
    school: String,
    ids: Vec<i64>,
    shell: State<'_, Shell>,
) -> Result<Vec<BlockEffect>, Problem> {
    shell.open_of(&school).await?.school.block_effects(&ids).await.map_err(told)
}

#[tauri::command]
pub(crate) async fn unviewed_restrictions(
    school: String,
    contact_id: Option<i64>,
    shell: State<'_, Shell>,
) -> Result<Vec<i64>, Problem> {
    shell.open_of(&school).await?.school.unviewed_restrictions(contact_id).await.map_err(told)
}

#[tauri::command]
pub(crate) async fn set_check_exception(
    school: String,
    contact_id: i64,
    reason: &str,
    until: Option<Time>,
    app: AppHandle,
    shell: State<'_, Shell>,
) -> Result<(), Problem> {
    let open = shell.open_shown(&school).await?;
    open.school.set_check_exception(contact_id, reason, until).await.map_err(told)?;
    open.tell(&app).await;
    Ok(())
}

#[tauri::command]
pub(crate) async fn check_exceptions(school: String, shell: State<'_, Shell>) -> Result<Vec<CheckException>, Problem> {
    shell.open_of(&school).await?.school.check_exceptions().await.map_err(told)
}

#[tauri::command]
pub(crate) async fn check_exception(
    school: String,
    contact_id: i64,
    shell: State<'_, Shell>,
) -> Result<Option<CheckException>, Problem> {
    shell.open_of(&school).await?.school.check_exception(contact_id).await.map_err(told)
}
