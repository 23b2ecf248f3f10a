//! Files that the program has written, shown by the person's own programs.

use std::{
    io,
    path::{Path, PathBuf},
    process::Stdio,
};

use hallmonitor_core::model::ProblemCode;
use hallmonitor_language::Message;
use tokio::process::Command;

use crate::problem::Problem;

/// Opens a file with the program that the person has for such.
///
/// # Errors
/// Where there is none, or it does not start.
pub(crate) async fn open(path: PathBuf) -> Result<(), Problem> {
    start(&path).map_err(|error| problem(&path, &error))
}

/// Starts the first program that can be started of those that open things here; nobody waits for it.
fn start(path: &Path) -> io::Result<()> {
    let mut started = Err(io::ErrorKind::NotFound.into());
    for command in open::commands(path) {
        let mut command = Command::from(command);
        #[cfg(target_os = "linux")]
        crate::environment::leave_out(command.as_std_mut());
        // What ends this program from its terminal must not end that one.
        #[cfg(unix)]
        command.process_group(0);
        started = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().map(drop);
        if started.is_ok() {
            break;
        }
    }
    started
}

/// Shows a file in its folder; where no program can, the folder.
///
/// # Errors
/// As [`open`].
pub(crate) async fn show_in_folder(path: PathBuf) -> Result<(), Problem> {
    #[cfg(target_os = "linux")]
    match linux::show(&path).await {
        Ok(()) => return Ok(()),
        Err(error) => tracing::info!("no file manager shows a file: {error}"),
    }
    let folder = path.parent().map_or_else(|| path.clone(), Path::to_path_buf);
    open(folder).await
}

fn problem(path: &Path, error: &io::Error) -> Problem {
    let message = Message::new("problem.shell.not_opened")
        .with("path", path.display().to_string())
        .with("reason", error.to_string());
    Problem::new(ProblemCode::Failed, message, "problem.shell.hint.open_yourself")
}

#[cfg(target_os = "linux")]
mod linux {
    //! The file manager of the desktop, as freedesktop.org describes it
    //! (<https://www.freedesktop.org/wiki/Specifications/file-manager-interface/>).

    use std::path::Path;

    use tauri::Url;
    use zbus::Connection;

    pub(super) async fn show(path: &Path) -> zbus::Result<()> {
        let bus = Connection::session().await?;
        let file = Url::from_file_path(path).map_or_else(|()| String::new(), String::from);
        let manager = "org.freedesktop.FileManager1";
        let place = "/org/freedesktop/FileManager1";
        bus.call_method(Some(manager), place, Some(manager), "ShowItems", &(vec![file], "")).await?;
        Ok(())
    }
}
