//! Every violation of the school, and what the owner thinks of whom.

use hallmonitor_core::model::{Page, Time, Verdict, VerdictKind, Violation, ViolationGroup, ViolationQuery};
use tauri::State;

use crate::{
    problem::{Problem, told},
    shell::Shell,
};

#[tauri::command]
pub(crate) async fn violations(query: ViolationQuery, shell: State<'_, Shell>) -> Result<Page<Violation>, Problem> {
    shell.open().await?.school.named_violations(&query).await.map_err(told)
}

/// The same by contact.
#[tauri::command]
pub(crate) async fn violation_groups(
    query: ViolationQuery,
    shell: State<'_, Shell>,
) -> Result<Page<ViolationGroup>, Problem> {
    shell.open().await?.school.violation_groups(&query).await.map_err(told)
}

#[tauri::command]
pub(crate) async fn set_verdict(
    school: String,
    contact_id: i64,
    verdict: VerdictKind,
    note: &str,
    follow_up_at: Option<Time>,
    shell: State<'_, Shell>,
) -> Result<Verdict, Problem> {
    let open = shell.open_shown(&school).await?;
    open.school.set_verdict(contact_id, verdict, note, follow_up_at).await.map_err(told)
}

#[tauri::command]
pub(crate) async fn clear_verdict(school: String, contact_id: i64, shell: State<'_, Shell>) -> Result<(), Problem> {
    shell.open_shown(&school).await?.school.clear_verdict(contact_id).await.map_err(told)
}
