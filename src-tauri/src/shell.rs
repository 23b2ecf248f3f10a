//! What stands behind the window: all schools on this machine, and the one that is open.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use hallmonitor_core::{
    App, Connection, Error, School,
    model::{Problem, Status},
    settings::{SettingsError, SettingsFile},
    vault::Passphrase,
};
use tauri::{AppHandle, Manager as _};
use tokio::{
    sync::{OnceCell, RwLock, watch},
    time::timeout,
};

use crate::{
    demo::Demo,
    notify,
    open::Open,
    place::Place,
    problem::{self, told},
    tray, window,
    words::Words,
};

mod wishes;

/// The name of the school that was open last stands in this file of the data folder.
const LAST_SCHOOL: &str = "last-school";

/// So long the first exchange with the server waits for the first rows: it would make them come later.
const ROWS_FIRST: Duration = Duration::from_secs(2);

/// Kept by Tauri as its state.
#[derive(Debug)]
pub(crate) struct Shell {
    app: App,
    begin_with_demo: bool,
    screenshot_ready: Option<PathBuf>,
    begun: OnceCell<()>,
    standing: RwLock<Standing>,
    /// Whether the pages have painted their first rows.
    painted: watch::Sender<bool>,
    hidden: bool,
    settings: Mutex<SettingsFile>,
    /// Why other settings are in force than the person's, until it was said.
    settings_problem: Mutex<Option<SettingsError>>,
    /// Where the window shall lead, until it was asked for.
    wanted: Mutex<Option<Place>>,
    /// Held while a window is made.
    opening: tokio::sync::Mutex<()>,
}

/// What the window is about.
#[derive(Clone, Debug)]
enum Standing {
    /// No school: none is connected, or the problem says why one did not open.
    Closed(Option<Problem>),
    /// This school.
    Open(Arc<Open>),
}

/// Opens the usual school beside the window, which asks for it when it is ready.
pub(crate) fn start(app: &AppHandle) {
    let beginning = app.clone();
    tauri::async_runtime::spawn(async move {
        let shell = beginning.state::<Shell>();
        shell.begin(&beginning).await;
        if !shell.hidden() {
            shell.rows_first().await;
        }
        tray::start(&beginning);
        tray::refresh(&beginning).await;
    });
    #[cfg(target_os = "linux")]
    tauri::async_runtime::spawn(crate::wake::listen(app.clone()));
    #[cfg(unix)]
    end_on_signals(app.clone());
}

/// The window is gone, and the program goes on: slower, and saying so once.
pub(crate) fn went_on(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        app.state::<Shell>().pace(&app).await;
        notify::goes_on(&app).await;
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
        Ok(Self {
            app: App::new(data_dir),
            begin_with_demo: words.demo,
            screenshot_ready: words.screenshot_ready,
            begun: OnceCell::new(),
            standing: RwLock::new(Standing::Closed(None)),
            painted: watch::Sender::new(false),
            hidden: words.hidden || settings.settings().start_in_tray,
            settings: Mutex::new(settings),
            settings_problem: Mutex::new(settings_problem),
            wanted: Mutex::new(None),
            opening: tokio::sync::Mutex::default(),
        })
    }

    /// All schools on this machine.
    pub(crate) fn app(&self) -> &App {
        &self.app
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

    /// Opens what the window begins with; whoever comes second waits for the first.
    pub(crate) async fn begin(&self, app: &AppHandle) {
        self.begun
            .get_or_init(|| async {
                let begun =
                    if self.begin_with_demo { self.open_demo(app).await.map(drop) } else { self.last(app).await };
                if let Err(problem) = begun {
                    *self.standing.write().await = Standing::Closed(Some(problem));
                }
            })
            .await;
    }

    /// The school that the window begins with: the one that was open last, or else the first; `None` where there is
    /// none.
    pub(crate) fn usual(&self) -> Result<Option<String>, Problem> {
        let profiles = self.app.profiles().map_err(told)?;
        let last = fs::read_to_string(self.app.data_dir().join(LAST_SCHOOL)).unwrap_or_default();
        let profile = profiles.iter().find(|profile| profile.name == last).or(profiles.first());
        Ok(profile.map(|profile| profile.name.clone()))
    }

    async fn last(&self, app: &AppHandle) -> Result<(), Problem> {
        if let Some(name) = self.usual()? {
            self.open_profile(app, &name, None).await?;
        }
        Ok(())
    }

    /// Opens a school that is connected.
    pub(crate) async fn open_profile(
        &self,
        app: &AppHandle,
        name: &str,
        passphrase: Option<Passphrase>,
    ) -> Result<Status, Problem> {
        let school = self.app.open(Some(name), passphrase).await.map_err(told)?;
        self.remember(name);
        self.stand(app, school, None).await
    }

    /// Connects a school and opens it.
    pub(crate) async fn connect(&self, app: &AppHandle, wanted: Connection) -> Result<Status, Problem> {
        let passphrase = wanted.passphrase.clone();
        let connected = self.app.connect(wanted).await.map_err(told)?;
        self.open_profile(app, &connected.profile, passphrase).await
    }

    /// Starts the demo school and opens it.
    pub(crate) async fn open_demo(&self, app: &AppHandle) -> Result<Status, Problem> {
        let (demo, school) = Demo::start().await.map_err(problem::demo)?;
        self.stand(app, school, Some(demo)).await
    }

    async fn stand(&self, app: &AppHandle, school: School, demo: Option<Demo>) -> Result<Status, Problem> {
        let status = school.status().await.map_err(told)?;
        // The last school stops first: it may be the same one, and then its sync would be in the way.
        self.close().await;
        let mut painted = self.painted.subscribe();
        // Later on nothing else is about to be painted for the first time.
        let patience = if self.begun.initialized() || !window::is_open(app) { Duration::ZERO } else { ROWS_FIRST };
        let begin = async move {
            // Rows or not, the exchange begins then.
            let _ = timeout(patience, painted.wait_for(|painted| *painted)).await;
        };
        let open = Arc::new(Open::start(app, (school, status.clone()), demo, begin));
        *self.standing.write().await = Standing::Open(open);
        Ok(status)
    }

    /// Closes the school; what it was doing goes on from there next time.
    pub(crate) async fn close(&self) {
        let standing = std::mem::replace(&mut *self.standing.write().await, Standing::Closed(None));
        // A command that still reads keeps it open; then it closes by itself, without being waited for.
        if let Standing::Open(open) = standing
            && let Some(open) = Arc::into_inner(open)
        {
            open.close().await;
        }
    }

    /// The open school.
    ///
    /// # Errors
    /// A problem that says that none is open.
    pub(crate) async fn open(&self) -> Result<Arc<Open>, Problem> {
        match &*self.standing.read().await {
            Standing::Open(open) => Ok(Arc::clone(open)),
            Standing::Closed(_) => Err(problem::nothing_open()),
        }
    }

    /// Why no school is open, where one should be.
    pub(crate) async fn problem(&self) -> Option<Problem> {
        match &*self.standing.read().await {
            Standing::Closed(problem) => problem.clone(),
            Standing::Open(_) => None,
        }
    }

    fn remember(&self, name: &str) {
        let file = self.app.data_dir().join(LAST_SCHOOL);
        if let Err(error) = write_privately(&file, name) {
            // The next start opens the first school instead.
            tracing::warn!("{} cannot be written: {error}", file.display());
        }
    }
}

/// For this account's eyes alone, as everything in the data folder.
fn write_privately(file: &Path, text: &str) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(text.as_bytes())
}
