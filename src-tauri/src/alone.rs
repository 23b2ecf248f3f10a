//! One program for each data folder: a second start leads to the window of the first. And whether the program goes on when
//! its window is closed: only where the person can come back to it.

use std::path::PathBuf;

use tauri::{AppHandle, Manager as _};

use crate::{shell::Shell, tray, words::Words};

#[cfg(target_os = "linux")]
mod bus;
#[cfg(target_os = "linux")]
pub(crate) use bus::{First, Start, start};

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
        match &words.data_dir {
            _ if words.demo => Self::None,
            Some(folder) => Self::Of(std::path::absolute(folder).unwrap_or_else(|_| folder.clone())),
            None => Self::Usual,
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
