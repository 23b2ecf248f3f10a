//! What the log suggests, and what other limits would have done.

use hallmonitor_core::model::{
    AccessLimit, Insight, InsightDetail, InsightQuery, InsightSettings, InsightStatus, Page, WhatIf, WouldFlag,
    WouldHit,
};
use tauri::{AppHandle, State};

use crate::{
    problem::{Problem, told},
    shell::Shell,
};

#[tauri::command]
pub(crate) async fn insights(
    school: String,
    query: InsightQuery,
    shell: State<'_, Shell>,
) -> Result<Page<Insight>, Problem> {
    shell.open_of(&school).await?.school.insights(&query).await.map_err(told)
}

#[tauri::command]
pub(crate) async fn insight(
    school: String,
    contact_id: i64,
    shell: State<'_, Shell>,
) -> Result<InsightDetail, Problem> {
    shell.open_of(&school).await?.school.insight(contact_id).await.map_err(told)
}

#[tauri::command]
pub(crate) async fn insight_status(school: String, shell: State<'_, Shell>) -> Result<InsightStatus, Problem> {
    shell.open_of(&school).await?.school.insight_status().await.map_err(told)
}

/// The settings in force and, behind them, those that a new school begins with.
#[tauri::command]
pub(crate) async fn insight_settings(
    school: String,
    shell: State<'_, Shell>,
) -> Result<(InsightSettings, InsightSettings), Problem> {
    let now = shell.open_of(&school).await?.school.insight_settings().await.map_err(told)?;
    Ok((now, InsightSettings::default()))
}

/// Gives what is in force then.
#[tauri::command]
pub(crate) async fn set_insight_settings(
    school: String,
    settings: InsightSettings,
    app: AppHandle,
    shell: State<'_, Shell>,
) -> Result<InsightSettings, Problem> {
    let open = shell.open_shown(&school).await?;
    let now = open.school.set_insight_settings(settings).await.map_err(told)?;
    open.tell(&app).await;
    Ok(now)
}

#[tauri::command]
pub(crate) async fn would_flag(
    school: String,
    settings: InsightSettings,
    shell: State<'_, Shell>,
) -> Result<WouldFlag, Problem> {
    shell.open_of(&school).await?.school.would_flag(&settings.within_range()).await.map_err(told)
}

#[tauri::command]
pub(crate) async fn what_if(school: String, limit: AccessLimit, shell: State<'_, Shell>) -> Result<WhatIf, Problem> {
    shell.open_of(&school).await?.school.what_if(limit).await.map_err(told)
}

#[tauri::command]
pub(crate) async fn would_hit(
    school: String,
    limit: AccessLimit,
    limit_to: i64,
    shell: State<'_, Shell>,
) -> Result<Vec<WouldHit>, Problem> {
    shell.open_of(&school).await?.school.would_hit(limit, limit_to).await.map_err(told)
}
