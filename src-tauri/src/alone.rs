//! One program for each data folder: a second start leads to the window of the first. And whether the program goes on when
//! its window is closed: only where the person can come back to it.

use std::path::{Path, PathBuf};

use tauri::{AppHandle, Manager as _};

use crate::{shell::Shell, tray, words::Words};

#[cfg(target_os = "linux")]
mod bus;
#[cfg(target_os = "linux")]
pub(crate) use bus::{First, Start, start};

/// Ends a second start, which has nothing to keep. The toolkit has begun threads of its own by then, and what libraries do at
/// a process's end takes away from under them what they use: it crashed there now and then.
#[cfg(target_os = "linux")]
pub(crate) fn end() -> ! {
    #[expect(unsafe_code, reason = "nothing else ends a process without what libraries have asked for")]
    // SAFETY: it takes a number, never returns, and nothing that was written waits in a buffer.
    unsafe {
        libc::_exit(0)
    }
}

/// What a second start has to have in common with the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Instance {
    /// The usual data folder.
    Usual,
    /// This one.
    Of(PathBuf),
    /// Nothing: each demo school is one by itself.
    None,
}

impl Instance {
    pub(crate) fn of(words: &Words) -> Self {
        if words.demo {
            return Self::None;
        }
        Self::at(words.data_dir.as_deref(), hallmonitor_core::default_data_dir().ok().as_deref())
    }

    /// The usual folder is so under whatever name.
    fn at(folder: Option<&Path>, usual: Option<&Path>) -> Self {
        match folder.map(resolved) {
            None => Self::Usual,
            Some(folder) if usual.map(resolved).as_ref() == Some(&folder) => Self::Usual,
            Some(folder) => Self::Of(folder),
        }
    }

    /// What finds the first start, and leads to its window. These systems know one instance of a program only.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn plugin(&self) -> Option<tauri::plugin::TauriPlugin<tauri::Wry>> {
        let builder = tauri_plugin_single_instance::Builder::new().callback(|app, words, _folder| {
            // The session starts it once more; nobody has asked for a window.
            if !words.iter().any(|word| word == "--hidden") {
                crate::window::open_at(app, None);
            }
        });
        (*self == Self::Usual).then(|| builder.build())
    }
}

/// The one path of a folder that has several, where links lead to it. What is not there yet has none of those.
fn resolved(folder: &Path) -> PathBuf {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    // The nearest folder that is there, and what is to be made in it.
    absolute
        .ancestors()
        .find_map(|above| {
            let rest = absolute.strip_prefix(above).ok()?;
            let above = above.canonicalize().ok()?;
            Some(if rest.as_os_str().is_empty() { above } else { above.join(rest) })
        })
        .unwrap_or(absolute)
}

/// Whether the program goes on without a window.
pub(crate) fn goes_on(app: &AppHandle) -> bool {
    !app.state::<Shell>().screenshot() && (tray::is_shown(app) || second_starts_are_heard(app))
}

/// A second start finds the first over the session's bus.
#[cfg(target_os = "linux")]
fn second_starts_are_heard(app: &AppHandle) -> bool {
    app.state::<First>().is_heard()
}

#[cfg(not(target_os = "linux"))]
fn second_starts_are_heard(app: &AppHandle) -> bool {
    *app.state::<Instance>() != Instance::None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_data_folder_is_the_same_under_every_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let usual = folder.path().join("data").join("hallmonitor");
        let (link, other) = (folder.path().join("link"), folder.path().join("other"));
        std::fs::create_dir_all(folder.path().join("data")).expect("a folder");
        std::fs::create_dir(&other).expect("a folder");
        std::os::unix::fs::symlink(folder.path().join("data"), &link).expect("a link");
        let linked = link.join("hallmonitor");
        let of = |name: &Path| Instance::at(Some(name), Some(&usual));

        for there in [false, true] {
            assert_eq!(Instance::at(None, Some(&usual)), Instance::Usual);
            assert_eq!(of(&usual), Instance::Usual, "{there}");
            assert_eq!(of(&linked), Instance::Usual, "{there}");
            assert_eq!(of(&other.join("..").join("data").join("hallmonitor")), Instance::Usual, "{there}");
            assert!(matches!(of(&other), Instance::Of(_)));
            assert_eq!(Instance::at(Some(&linked), None), Instance::at(Some(&usual), None));
            std::fs::create_dir_all(&usual).expect("a folder");
        }
    }
}
