//! What stands behind the window: all schools on this machine, and what the person wants of the program.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    sync::Mutex,
    time::Duration,
};

use hallmonitor_core::{
    App, Error, put_in_place,
    settings::{SettingsError, SettingsFile},
};
use tauri::{AppHandle, Manager as _};
use tokio::{
    sync::{OnceCell, watch},
    time::{sleep, timeout},
};

use crate::{notify, place::Target, tray, words::Words};

mod erasing;
mod locking;
mod marker;
mod opening;
#[cfg(target_os = "linux")]
mod retry;
#[cfg(test)]
mod sample;
mod schools;
mod wishes;

pub(crate) use schools::{DEMO, Line};
use {locking::Use, marker::Marker, schools::Schools};

/// So long the first exchange with the server waits for the first rows: it would make them come later.
const ROWS_FIRST: Duration = Duration::from_secs(2);

/// So long a program that starts with the session waits for the desktop's tray before it says that there is none.
const FOR_A_TRAY: Duration = Duration::from_secs(20);

/// Kept by Tauri as its state.
#[derive(Debug)]
pub(crate) struct Shell {
    app: App,
    begin_with_demo: bool,
    screenshot_ready: Option<PathBuf>,
    begun: OnceCell<()>,
    schools: Schools,
    marker: Marker,
    in_use: Use,
    /// Whether the pages have painted their first rows.
    painted: watch::Sender<bool>,
    hidden: bool,
    settings: Mutex<SettingsFile>,
    /// Told of other settings.
    set: watch::Sender<()>,
    /// Why other settings are in force than the person's, until it was said.
    settings_problem: Mutex<Option<SettingsError>>,
    /// Where the window shall lead, until it was asked for.
    wanted: Mutex<Option<Target>>,
    /// Held while a window is made.
    opening: tokio::sync::Mutex<()>,
}

/// Opens the usual school beside the window, which asks for it when it is ready.
pub(crate) fn start(app: &AppHandle) {
    let beginning = app.clone();
    tauri::async_runtime::spawn(async move {
        let shell = beginning.state::<Shell>();
        let since = shell.locks();
        shell.begin(&beginning).await;
        if !shell.hidden() {
            shell.rows_first().await;
        }
        tray::start(&beginning);
        shell.open_others(&beginning, since).await;
        tray::refresh(&beginning).await;
        if shell.hidden() {
            sleep(FOR_A_TRAY).await;
            notify::starts_unseen(&beginning).await;
        }
    });
    let idle = app.clone();
    tauri::async_runtime::spawn(async move { idle.state::<Shell>().lock_when_idle(&idle).await });
    #[cfg(target_os = "linux")]
    listen(app);
    #[cfg(unix)]
    end_on_signals(app.clone());
}

/// Listens to the rest of the desktop for as long as the program runs.
#[cfg(target_os = "linux")]
fn listen(app: &AppHandle) {
    let again = app.clone();
    tauri::async_runtime::spawn(async move { again.state::<crate::alone::First>().listen(&again).await });
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let shell = app.state::<Shell>();
        // Each is a connection of its own, and would make the rows come later.
        if !shell.hidden() {
            shell.rows_first().await;
        }
        shell.mend_autostart(&app);
        tauri::async_runtime::spawn(crate::screen::listen(app.clone()));
        tauri::async_runtime::spawn(crate::wake::listen(app.clone()));
        tauri::async_runtime::spawn(crate::keyring::listen(app.clone()));
    });
}

/// The window is gone, and the program goes on: slower, and saying so once.
pub(crate) fn went_on(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let shell = app.state::<Shell>();
        shell.pace(&app).await;
        notify::goes_on(&app).await;
        for (_, open) in shell.all_open().await {
            if let Err(error) = open.school.rest().await {
                tracing::info!("memory was not given back: {error}");
            }
        }
        #[cfg(target_os = "linux")]
        {
            let _alone = shell.opening().await;
            if !crate::window::is_open(&app) {
                crate::rest::end_network_process();
                crate::rest::give_back_heap();
                crate::rest::let_go_of_code();
            }
        }
    });
}

/// Ends as if the person had quit, so that nothing temporary is left behind.
#[cfg(unix)]
fn end_on_signals(app: AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};

    tauri::async_runtime::spawn(async move {
        let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
        else {
            return;
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        app.exit(0);
    });
}

impl Shell {
    /// # Errors
    /// Where the operating system names no folder for application data, and the words none either.
    pub(crate) fn new(words: Words) -> Result<Self, Error> {
        let data_dir = match words.data_dir {
            Some(folder) => folder,
            None => hallmonitor_core::default_data_dir()?,
        };
        // The demo school touches nothing of the person's.
        let (settings, settings_problem) =
            if words.demo { (SettingsFile::nowhere(), None) } else { SettingsFile::read(&data_dir) };
        if let Some(error) = &settings_problem {
            tracing::warn!("{error}");
        }
        let shell = Self {
            marker: Marker::of(&data_dir),
            app: App::new(data_dir),
            begin_with_demo: words.demo,
            screenshot_ready: words.screenshot_ready,
            begun: OnceCell::new(),
            schools: Schools::default(),
            in_use: Use::default(),
            painted: watch::Sender::new(false),
            hidden: words.hidden || settings.settings().start_in_tray,
            settings: Mutex::new(settings),
            set: watch::Sender::new(()),
            settings_problem: Mutex::new(settings_problem),
            wanted: Mutex::new(None),
            opening: tokio::sync::Mutex::default(),
        };
        shell.speak(shell.settings().language());
        Ok(shell)
    }

    /// Where everything is kept.
    pub(crate) fn data_dir(&self) -> &std::path::Path {
        self.app.data_dir()
    }

    /// Whether a picture of the window is being taken.
    pub(crate) fn screenshot(&self) -> bool {
        self.screenshot_ready.is_some()
    }

    /// Whether the program starts without its window.
    pub(crate) fn hidden(&self) -> bool {
        self.hidden && !self.screenshot()
    }

    /// Waits until the pages have painted their first rows, but not for long.
    async fn rows_first(&self) {
        let mut painted = self.painted.subscribe();
        // Rows or not, things begin then.
        let _ = timeout(ROWS_FIRST, painted.wait_for(|painted| *painted)).await;
    }

    /// The pages have painted a screen's first rows.
    pub(crate) fn painted(&self, screen: &str) {
        // What the bench waits for.
        tracing::info!("painted the first rows of {screen}");
        self.painted.send_replace(true);
        if let Some(file) = &self.screenshot_ready
            && let Err(error) = fs::write(file, screen)
        {
            tracing::error!("{} cannot be written: {error}", file.display());
        }
    }
}

/// For this account's eyes alone, as everything in the data folder; whole or not at all.
pub(crate) fn write_privately(file: &Path, text: &str) -> std::io::Result<()> {
    // Its own maker gives a temporary file to this account alone.
    let mut fresh = tempfile::Builder::new().prefix(".fresh").tempfile_in(file.parent().unwrap_or(Path::new(".")))?;
    fresh.write_all(text.as_bytes())?;
    put_in_place(fresh, file)
}
