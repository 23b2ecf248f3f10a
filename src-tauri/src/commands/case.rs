//! One contact's case: a report for others, and ready-made texts to the contact.

use hallmonitor_core::model::{CaseFacts, EvidenceFiles, EvidenceQuery, Warning, WarningKind};
use hallmonitor_language::Language;
use tauri::{AppHandle, Emitter as _, State};

use super::export::{Export, chosen};
use crate::{
    problem::{Problem, told},
    shell::Shell,
};

/// What the log says of a contact in short.
#[tauri::command]
pub(crate) async fn case_facts(school: String, contact_id: i64, shell: State<'_, Shell>) -> Result<CaseFacts, Problem> {
    shell.open_of(&school).await?.school.case_facts(contact_id).await.map_err(told)
}

/// Asks where to, and writes a report on a contact there and the table of all its logins beside it; tells the window how
/// many logins are written. Gives nothing where the person cancels, and leaves what was there before then.
#[tauri::command]
pub(crate) async fn evidence(
    school: String,
    query: EvidenceQuery,
    language: Language,
    name: &str,
    app: AppHandle,
    shell: State<'_, Shell>,
    export: State<'_, Export>,
) -> Result<Option<EvidenceFiles>, Problem> {
    // Whoever can't read it needs no file.
    shell.open_shown(&school).await?;
    let cancelled = export.begin(&school);
    let Some(path) = chosen(&app, name, "html", &cancelled).await else { return Ok(None) };
    // Not before: nothing holds a school while the person looks for a folder.
    let open = shell.open_shown(&school).await?;
    // A window that is gone has nobody to tell.
    let tell = |logins: u64| drop(app.emit("export", logins));
    let writing = open.school.evidence(&query, language, &path, &tell);
    tokio::select! {
        biased;
        () = cancelled.cancelled() => Ok(None),
        written = writing => {
            let files = written.map_err(told)?;
            export.wrote(&school, path, &cancelled);
            Ok(Some(files))
        }
    }
}

/// A text to a contact, with the contact's facts in their places.
#[tauri::command]
pub(crate) async fn warning(
    school: String,
    contact_id: i64,
    kind: WarningKind,
    language: Language,
    shell: State<'_, Shell>,
) -> Result<Warning, Problem> {
    shell.open_of(&school).await?.school.warning(contact_id, kind, language).await.map_err(told)
}

/// Keeps a text of the owner's own; an empty one brings the original back.
#[tauri::command]
pub(crate) async fn set_warning(
    school: String,
    kind: WarningKind,
    language: Language,
    template: &str,
    shell: State<'_, Shell>,
) -> Result<(), Problem> {
    shell.open_shown(&school).await?.school.set_warning(kind, language, template).await.map_err(told)
}
