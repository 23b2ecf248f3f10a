//! One program for each data folder: a second start leads to the window of the first. And whether the program goes on when
//! its window is closed: only where the person can come back to it.

use std::path::PathBuf;

use tauri::{AppHandle, Manager as _, Wry, plugin::TauriPlugin};

use crate::{shell::Shell, tray, window, words::Words};

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

    /// What finds the first start, and leads to its window.
    pub(crate) fn plugin(&self) -> Option<TauriPlugin<Wry>> {
        let builder = tauri_plugin_single_instance::Builder::new().callback(|app, words, _folder| {
            // The session starts it once more; nobody has asked for a window.
            if !words.iter().any(|word| word == "--hidden") {
                window::open_at(app, None);
            }
        });
        match self {
            Self::Usual => Some(builder.build()),
            Self::Of(folder) => on_the_bus(builder, folder),
            Self::None => None,
        }
    }
}

/// Told apart by name; other systems know one instance of a program only.
#[cfg(target_os = "linux")]
fn on_the_bus(
    builder: tauri_plugin_single_instance::Builder<Wry>,
    folder: &std::path::Path,
) -> Option<TauriPlugin<Wry>> {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};

    let mut digest = DefaultHasher::new();
    folder.hash(&mut digest);
    Some(builder.dbus_id(format!("app.hallmonitor.desktop.at{:016x}", digest.finish())).build())
}

#[cfg(not(target_os = "linux"))]
fn on_the_bus(
    _builder: tauri_plugin_single_instance::Builder<Wry>,
    _folder: &std::path::Path,
) -> Option<TauriPlugin<Wry>> {
    None
}

/// Whether the program goes on without a window.
pub(crate) fn goes_on(app: &AppHandle) -> bool {
    !app.state::<Shell>().screenshot()
        && (tray::is_shown(app) || (*app.state::<Instance>() != Instance::None && second_starts_are_heard()))
}

/// A second start finds the first over the session's bus.
#[cfg(target_os = "linux")]
fn second_starts_are_heard() -> bool {
    zbus::blocking::Connection::session().is_ok()
}

#[cfg(not(target_os = "linux"))]
fn second_starts_are_heard() -> bool {
    true
}
