//! Starting with the person's session: in the tray, without the window.

#[cfg(target_os = "linux")]
use std::path::Path;
use std::{fmt, io, path::PathBuf};

use hallmonitor_language::{Language, Message};
use tauri::AppHandle;
use thiserror::Error;

/// What tells a start by the session from one by the person.
const HIDDEN: &str = "--hidden";

#[cfg(target_os = "linux")]
const EXEC: &str = "Exec=";
/// The line that names the program's file alone.
#[cfg(target_os = "linux")]
const TRY: &str = "TryExec=";

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

    let path = file(app)?;
    let failed = |source| AutostartError::Io { path: path.clone(), source };
    if !on {
        return match fs::remove_file(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed.map_err(failed),
        };
    }
    let program = program(app)?;
    let entry = entry(&program).ok_or_else(|| AutostartError::Unwritable(program.clone()))?;
    let folder = path.parent().unwrap_or(Path::new("/"));
    fs::create_dir_all(folder).and_then(|()| fs::write(&path, entry)).map_err(failed)
}

#[cfg(target_os = "linux")]
fn file(app: &AppHandle) -> Result<PathBuf, AutostartError> {
    use tauri::Manager as _;

    let folder = app.path().config_dir().map_err(|_| AutostartError::NoFolder)?;
    Ok(folder.join("autostart").join("Hallmonitor.desktop"))
}

#[cfg(target_os = "linux")]
fn program(app: &AppHandle) -> Result<PathBuf, AutostartError> {
    use tauri::Manager as _;

    // Where an AppImage is unpacked while it runs is another place each time.
    match app.env().appimage {
        Some(image) => Ok(image.into()),
        None => tauri::process::current_binary(&app.env()).map_err(AutostartError::Program),
    }
}

/// Mends what the session starts, where that is not there any more: an AppImage that was moved. Says whether the session
/// still starts something: the person may have removed the entry in the desktop's own settings.
///
/// # Errors
/// As [`set`].
#[cfg(target_os = "linux")]
pub(crate) fn mend(app: &AppHandle) -> Result<bool, AutostartError> {
    use std::fs;

    let path = file(app)?;
    let failed = |source| AutostartError::Io { path: path.clone(), source };
    let entry = match fs::read_to_string(&path) {
        Ok(entry) => entry,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(failed(error)),
    };
    if let Some(mended) = mended(&entry, &program(app)?, Path::exists) {
        fs::write(&path, mended).map_err(failed)?;
    }
    Ok(true)
}

/// The entry with another program in it, where its own is gone or nobody can tell; what the desktop has written into it
/// stays.
#[cfg(target_os = "linux")]
fn mended(old: &str, program: &Path, there: impl Fn(&Path) -> bool) -> Option<String> {
    let named = old.lines().find_map(|line| line.strip_prefix(TRY)).map(|path| path.replace(r"\\", r"\"));
    if named.is_some_and(|named| there(Path::new(&named))) {
        return None;
    }
    let fresh = entry(program)?;
    let ours = |line: &&str| line.starts_with(TRY) || line.starts_with(EXEC);
    let lines: Vec<&str> = old.lines().filter(|line| !ours(line)).collect();
    let head = lines.iter().position(|line| *line == "[Desktop Entry]")?;
    let (before, after) = lines.split_at(head + 1);
    let whole: Vec<&str> =
        before.iter().copied().chain(fresh.lines().filter(ours)).chain(after.iter().copied()).collect();
    Some(whole.join("\n") + "\n")
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn set(app: &AppHandle, on: bool) -> Result<(), AutostartError> {
    use tauri_plugin_autostart::ManagerExt as _;

    let autostart = app.autolaunch();
    Ok(if on { autostart.enable() } else { autostart.disable() }?)
}

/// The autostart entry of the desktop entry specification; `None` where the path can't be written in one.
#[cfg(target_os = "linux")]
fn entry(program: &Path) -> Option<String> {
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
    // A program that is gone is not started in vain.
    let plain = program.replace('\\', r"\\");
    Some(format!(
        "[Desktop Entry]\nType=Application\nName=Hallmonitor\nIcon=hallmonitor\n{TRY}{plain}\n\
         {EXEC}\"{quoted}\" {HIDDEN}\nStartupNotify=false\nTerminal=false\n"
    ))
}

/// What keeps it on systems that are not Linux.
#[cfg(not(target_os = "linux"))]
pub(crate) fn plugin() -> tauri::plugin::TauriPlugin<tauri::Wry> {
    tauri_plugin_autostart::Builder::new().app_name("Hallmonitor").arg(HIDDEN).build()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
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
    fn a_program_that_was_moved_is_started_from_where_it_is_and_the_desktops_words_stay() {
        let old = entry(Path::new(r"/old/Hall\1.AppImage")).expect("an entry");
        let off = format!("{old}X-GNOME-Autostart-enabled=false\n");
        let here = Path::new("/new/Hall.AppImage");
        let was_there = |path: &Path| path == Path::new(r"/old/Hall\1.AppImage");
        assert_eq!(mended(&off, here, was_there), None, "it still starts what it names");

        let mended_off = mended(&off, here, |_| false).expect("it is gone");
        assert!(
            mended_off.contains("\nTryExec=/new/Hall.AppImage\nExec=\"/new/Hall.AppImage\" --hidden\n"),
            "{mended_off}"
        );
        assert!(mended_off.ends_with("\nX-GNOME-Autostart-enabled=false\n"), "{mended_off}");
        assert!(!mended_off.contains("/old/"), "{mended_off}");

        // As earlier versions wrote it.
        let without: String =
            old.lines().filter(|line| !line.starts_with(TRY)).map(|line| format!("{line}\n")).collect();
        assert!(mended(&without, here, was_there).is_some_and(|mended| mended.contains("TryExec=/new/")));
        assert_eq!(mended("", here, was_there), None, "it is none of ours");
    }

    #[test]
    fn a_path_that_would_begin_another_line_is_refused() {
        assert_eq!(entry(Path::new("/a\nExec=evil")), None);
    }
}
