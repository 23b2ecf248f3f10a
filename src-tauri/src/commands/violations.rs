//! Every violation of the school, and what the owner thinks of whom.

use hallmonitor_core::model::{
    JudgedContact, Page, Time, Verdict, VerdictKind, VerdictQuery, Violation, ViolationChoices, ViolationGroup,
    ViolationQuery,
};
use tauri::{AppHandle, State};

use crate::{
    problem::{Problem, told},
    shell::Shell,
};

#[tauri::command]
pub(crate) async fn violations(
    school: String,
    query: ViolationQuery,
    shell: State<'_, Shell>,
) -> Result<Page<Violation>, Problem> {
    shell.open_of(&school).await?.school.named_violations(&query).await.map_err(told)
}

/// The same by contact.
#[tauri::command]
pub(crate) async fn violation_groups(
    school: String,
    query: ViolationQuery,
    shell: State<'_, Shell>,
) -> Result<Page<ViolationGroup>, Problem> {
    shell.open_of(&school).await?.school.violation_groups(&query).await.map_err(told)
}

/// Rules and countries that some violations have.
#[tauri::command]
pub(crate) async fn violation_choices(school: String, shell: State<'_, Shell>) -> Result<ViolationChoices, Problem> {
    shell.open_of(&school).await?.school.violation_choices().await.map_err(told)
}

/// The contacts that something was noted of.
#[tauri::command]
pub(crate) async fn verdicts(
    school: String,
    query: VerdictQuery,
    shell: State<'_, Shell>,
) -> Result<Page<JudgedContact>, Problem> {
    shell.open_of(&school).await?.school.verdicts(&query).await.map_err(told)
}

#[tauri::command]
pub(crate) async fn set_verdict(
    school: String,
    contact_id: i64,
    verdict: VerdictKind,
    note: &str,
    follow_up_at: Option<Time>,
    app: AppHandle,
    shell: State<'_, Shell>,
) -> Result<Verdict, Problem> {
    let open = shell.open_shown(&school).await?;
    let noted = open.school.set_verdict(contact_id, verdict, note, follow_up_at).await.map_err(told)?;
    // The tray counts the days to look again.
    open.tell(&app).await;
    Ok(noted)
}

#[tauri::command]
pub(crate) async fn clear_verdict(
    school: String,
    contact_id: i64,
    app: AppHandle,
    shell: State<'_, Shell>,
) -> Result<(), Problem> {
    let open = shell.open_shown(&school).await?;
    open.school.clear_verdict(contact_id).await.map_err(told)?;
    open.tell(&app).await;
    Ok(())
}
