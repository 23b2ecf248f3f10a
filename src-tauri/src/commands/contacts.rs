//! The contact list.

use hallmonitor_core::model::{Contact, ContactQuery, Page};
use tauri::State;

use crate::{
    problem::{Problem, told},
    shell::Shell,
};

#[tauri::command]
pub(crate) async fn contacts(
    school: String,
    query: ContactQuery,
    shell: State<'_, Shell>,
) -> Result<Page<Contact>, Problem> {
    shell.open_of(&school).await?.school.contacts(&query).await.map_err(told)
}

/// The first rows of a screen can be seen.
#[tauri::command]
pub(crate) async fn painted(screen: &str, shell: State<'_, Shell>) -> Result<(), Problem> {
    shell.painted(screen);
    Ok(())
}
