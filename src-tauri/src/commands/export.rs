//! Views written out whole, to a file that the person chooses.

use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

use hallmonitor_core::{
    export::{Format, Heads},
    model::View,
};
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, Emitter as _, State};
use tauri_plugin_dialog::DialogExt as _;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::{
    files,
    problem::{Problem, told},
    shell::Shell,
};

/// The export that is going on, if any: a later one ends it, and so does whoever closes its school.
#[derive(Debug, Default)]
pub(crate) struct Export {
    going_on: Mutex<Option<GoingOn>>,
    /// What the last one wrote: the only file that the pages may have shown, while its school is open.
    written: Mutex<Option<Written>>,
}

/// Of which school, and where it is.
#[derive(Debug)]
struct Written {
    school: String,
    path: PathBuf,
}

/// Of which school, and what ends it.
#[derive(Debug)]
struct GoingOn {
    school: String,
    end: CancellationToken,
}

impl Export {
    pub(super) fn begin(&self, school: &str) -> CancellationToken {
        let end = CancellationToken::new();
        self.instead(Some(GoingOn { school: school.to_owned(), end: end.clone() }));
        end
    }

    fn instead(&self, new: Option<GoingOn>) {
        if let Some(old) = std::mem::replace(&mut *self.going_on(), new) {
            old.end.cancel();
        }
    }

    /// Ends the one of this school, if that is going on: nothing is written any more, and nothing holds the school open.
    /// What the last one wrote of it is not shown any more.
    pub(crate) fn end_of(&self, school: &str) {
        if let Some(ended) = self.going_on().take_if(|going_on| going_on.school == school) {
            ended.end.cancel();
        }
        self.last().take_if(|written| written.school == school);
    }

    fn going_on(&self) -> MutexGuard<'_, Option<GoingOn>> {
        self.going_on.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn last(&self) -> MutexGuard<'_, Option<Written>> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers what was written of this school by the one that `end` would have ended.
    pub(super) fn wrote(&self, school: &str, path: PathBuf, end: &CancellationToken) {
        let mut last = self.last();
        // Ended before it could say so: its school may be locked by now.
        if !end.is_cancelled() {
            *last = Some(Written { school: school.to_owned(), path });
        }
    }

    fn written(&self) -> Option<PathBuf> {
        self.last().as_ref().map(|written| written.path.clone())
    }
}

/// How the person wants to see a file.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Way {
    /// In its program.
    File,
    /// In its folder.
    Folder,
}

/// How a file is written.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FileFormat {
    Csv,
    Json,
    Xlsx,
}

impl FileFormat {
    fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Xlsx => "xlsx",
        }
    }
}

impl From<FileFormat> for Format {
    fn from(format: FileFormat) -> Self {
        match format {
            FileFormat::Csv => Self::Csv,
            FileFormat::Json => Self::Json,
            FileFormat::Xlsx => Self::Xlsx,
        }
    }
}

/// A file that was written.
#[derive(Debug, Serialize)]
pub(crate) struct Exported {
    /// Where it is.
    path: PathBuf,
    /// How many rows it has.
    rows: u64,
}

/// Asks where to, and writes every row of the view there, with heads in the person's language; tells the window how
/// many are written. Gives nothing where the person cancels, and leaves what was there before then.
#[tauri::command]
pub(crate) async fn export_view(
    school: String,
    view: View,
    format: FileFormat,
    name: &str,
    app: AppHandle,
    shell: State<'_, Shell>,
    export: State<'_, Export>,
) -> Result<Option<Exported>, Problem> {
    // Whoever can't read it needs no file.
    shell.open_shown(&school).await?;
    let cancelled = export.begin(&school);
    let Some(path) = chosen(&app, name, format.ending(), &cancelled).await else { return Ok(None) };
    // Not before: nothing holds a school while the person looks for a folder.
    let open = shell.open_shown(&school).await?;
    let heads = Heads::Words(shell.settings().language());
    // A window that is gone has nobody to tell.
    let tell = |rows: u64| drop(app.emit("export", rows));
    let writing = open.school.export_view(view, format.into(), heads, &path, &tell);
    tokio::select! {
        biased;
        () = cancelled.cancelled() => Ok(None),
        written = writing => {
            let rows = written.map_err(told)?;
            export.wrote(&school, path.clone(), &cancelled);
            Ok(Some(Exported { rows, path }))
        }
    }
}

/// Ends the export that is going on.
#[tauri::command]
pub(crate) async fn stop_export(export: State<'_, Export>) -> Result<(), Problem> {
    export.instead(None);
    Ok(())
}

/// Shows the file that was written last.
#[tauri::command]
pub(crate) async fn show_written(way: Way, export: State<'_, Export>) -> Result<(), Problem> {
    match (export.written(), way) {
        (None, _) => Ok(()),
        (Some(path), Way::File) => files::open(path).await,
        (Some(path), Way::Folder) => files::show_in_folder(path).await,
    }
}

/// Where the person wants the file; `None` where nowhere, or where it is given up before they say: a dialog that is
/// answered later writes nothing.
pub(super) async fn chosen(
    app: &AppHandle,
    name: &str,
    ending: &'static str,
    given_up: &CancellationToken,
) -> Option<PathBuf> {
    let (tell, told) = oneshot::channel();
    app.dialog()
        .file()
        .set_file_name(format!("{name}.{ending}"))
        .add_filter(ending.to_uppercase(), &[ending])
        .save_file(move |path| drop(tell.send(path)));
    let path = given_up.run_until_cancelled(told).await?.ok()??.into_path().ok()?;
    Some(with_ending(path, ending))
}

/// What the person typed without an ending gets the format's. The dialog has asked about the name as it was typed: a file
/// that has the other one stays as it is.
fn with_ending(path: PathBuf, ending: &str) -> PathBuf {
    if path.extension().is_some() {
        return path;
    }
    let mut ended = path.with_extension(ending);
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for number in 2_u32.. {
        if !ended.exists() {
            break;
        }
        ended = path.with_file_name(format!("{name}-{number}.{ending}"));
    }
    ended
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_the_dialog_has_not_asked_about_is_not_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        for (typed, given) in [
            ("june", "june.csv"),
            ("june", "june-2.csv"),
            ("june", "june-3.csv"),
            ("june.csv", "june.csv"),
            ("june.old", "june.old"),
            ("звіт", "звіт.csv"),
        ] {
            let path = with_ending(at(typed), "csv");
            assert_eq!(path, at(given));
            std::fs::write(path, "").expect("written");
        }
    }

    #[test]
    fn a_school_that_closes_ends_its_own_export_and_a_later_export_the_one_before() {
        let export = Export::default();
        let first = export.begin("academy");
        export.end_of("another");
        assert!(!first.is_cancelled(), "it is not of that school");
        export.end_of("academy");
        assert!(first.is_cancelled(), "nothing may hold the school");

        let second = export.begin("academy");
        assert!(!second.is_cancelled(), "the school is open again");
        let third = export.begin("another");
        assert!(second.is_cancelled() && !third.is_cancelled());
        export.instead(None);
        assert!(third.is_cancelled());
    }

    #[test]
    fn what_was_written_of_a_school_is_not_shown_once_it_is_locked() {
        let export = Export::default();
        let path = PathBuf::from("logins.csv");
        let end = export.begin("academy");
        export.wrote("academy", path.clone(), &end);
        export.end_of("another");
        assert_eq!(export.written().as_ref(), Some(&path), "its school is open");
        export.end_of("academy");
        assert_eq!(export.written(), None);

        let end = export.begin("academy");
        export.end_of("academy");
        export.wrote("academy", path, &end);
        assert_eq!(export.written(), None, "it was locked while the last row was written");
    }
}
