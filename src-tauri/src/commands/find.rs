//! Search everywhere.

use hallmonitor_core::model::{FoundEverywhere, Opened};
use tauri::State;

use crate::{
    problem::{Problem, told},
    shell::Shell,
};

/// Gives nothing where a later question came before this one was answered.
#[tauri::command]
pub(crate) async fn find_everywhere(
    school: String,
    text: &str,
    shell: State<'_, Shell>,
) -> Result<Option<FoundEverywhere>, Problem> {
    shell.open_of(&school).await?.school.find_everywhere(text).await.map_err(told)
}

#[tauri::command]
pub(crate) async fn note_opened(school: String, opened: Opened, shell: State<'_, Shell>) -> Result<(), Problem> {
    shell.open_shown(&school).await?.school.note_opened(opened).await.map_err(told)
}
