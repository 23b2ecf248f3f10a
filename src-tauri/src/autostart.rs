//! Starting with the person's session: in the tray, without the window.

use std::{fmt, io, path::PathBuf};

use hallmonitor_language::{Language, Message};
use tauri::AppHandle;
use thiserror::Error;

/// What tells a start by the session from one by the person.
const HIDDEN: &str = "--hidden";

/// Why the system did not take it.
#[derive(Debug, Error)]
#[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "other systems keep no file of ours"))]
pub(crate) enum AutostartError {
    /// The program's own file.
    Program(#[source] io::Error),
    /// Its name can't stand in a text file.
    Unwritable(PathBuf),
    /// There is no folder for it.
    NoFolder,
    /// The folder or the file.
    Io {
        /// Where.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// Whatever the system says.
    #[cfg(not(target_os = "linux"))]
    System(#[from] tauri_plugin_autostart::Error),
}

impl AutostartError {
    /// What happened and why, a sentence.
    pub(crate) fn message(&self) -> Message {
        match self {
            Self::Program(error) => Message::new("problem.shell.autostart.program").with("reason", error.to_string()),
            Self::Unwritable(path) => {
                Message::new("problem.shell.autostart.unwritable").with("path", path.display().to_string())
            }
            Self::NoFolder => Message::new("problem.shell.autostart.no_folder"),
            Self::Io { path, source } => Message::new("problem.shell.autostart.io")
                .with("path", path.display().to_string())
                .with("reason", source.to_string()),
            #[cfg(not(target_os = "linux"))]
            Self::System(error) => Message::new("problem.shell.autostart.system").with("reason", error.to_string()),
        }
    }
}

impl fmt::Display for AutostartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message().said(Language::English))
    }
}

/// Has the session start the program from its next beginning on, or no more.
///
/// # Errors
/// Where the system does not take it.
#[cfg(target_os = "linux")]
pub(crate) fn set(app: &AppHandle, on: bool) -> Result<(), AutostartError> {
    use std::fs;

    use tauri::Manager as _;

    let folder = app.path().config_dir().map_err(|_| AutostartError::NoFolder)?.join("autostart");
    let path = folder.join("Hallmonitor.desktop");
    let failed = |source| AutostartError::Io { path: path.clone(), source };
    if !on {
        return match fs::remove_file(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed.map_err(failed),
        };
    }
    // Where an AppImage is unpacked while it runs is another place each time.
    let program = match app.env().appimage {
        Some(image) => PathBuf::from(image),
        None => tauri::process::current_binary(&app.env()).map_err(AutostartError::Program)?,
    };
    let entry = entry(&program).ok_or_else(|| AutostartError::Unwritable(program.clone()))?;
    fs::create_dir_all(&folder).and_then(|()| fs::write(&path, entry)).map_err(failed)
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn set(app: &AppHandle, on: bool) -> Result<(), AutostartError> {
    use tauri_plugin_autostart::ManagerExt as _;

    let autostart = app.autolaunch();
    Ok(if on { autostart.enable() } else { autostart.disable() }?)
}

/// The autostart entry of the desktop entry specification; `None` where the path can't be written in one.
#[cfg(target_os = "linux")]
fn entry(program: &std::path::Path) -> Option<String> {
    let program = program.to_str().filter(|path| !path.contains(char::is_control))?;
    let mut quoted = String::new();
    for letter in program.chars() {
        match letter {
            // A backslash is one for the quotes, and each of those is one for the line.
            '\\' => quoted.push_str(r"\\\\"),
            '"' | '`' | '$' => quoted.extend([r"\\", &letter.to_string()]),
            '%' => quoted.push_str("%%"),
            other => quoted.push(other),
        }
    }
    Some(format!(
        "[Desktop Entry]\nType=Application\nName=Hallmonitor\nIcon=hallmonitor\nExec=\"{quoted}\" {HIDDEN}\n\
         StartupNotify=false\nTerminal=false\n"
    ))
}

/// What keeps it on systems that are not Linux.
#[cfg(not(target_os = "linux"))]
pub(crate) fn plugin() -> tauri::plugin::TauriPlugin<tauri::Wry> {
    tauri_plugin_autostart::Builder::new().app_name("Hallmonitor").arg(HIDDEN).build()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_path_is_written_so_that_every_desktop_reads_the_same() {
        for (path, line) in [
            ("/usr/bin/hallmonitor", r#"Exec="/usr/bin/hallmonitor" --hidden"#),
            ("/home/olha/My Apps/Hall.AppImage", r#"Exec="/home/olha/My Apps/Hall.AppImage" --hidden"#),
            ("/tmp/школа", r#"Exec="/tmp/школа" --hidden"#),
            (r"/a\b", r#"Exec="/a\\\\b" --hidden"#),
            (r#"/"$`"#, r#"Exec="/\\"\\$\\`" --hidden"#),
            ("/100%", r#"Exec="/100%%" --hidden"#),
        ] {
            let entry = entry(Path::new(path)).expect(path);
            assert!(entry.lines().any(|known| known == line), "{path}: {entry}");
        }
    }

    #[test]
    fn a_path_that_would_begin_another_line_is_refused() {
        assert_eq!(entry(Path::new("/a\nExec=evil")), None);
    }
}
