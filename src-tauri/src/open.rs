//! One open school: its cache, the engine that keeps it up to date, and the news of both for the window.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use hallmonitor_core::{
    Engine, School,
    model::{Problem, Status, SyncState},
};
use tauri::{AppHandle, Emitter as _, Manager as _};
use tokio::{sync::watch, task::JoinSet};

use crate::{demo::Demo, notify, problem::told, shell::Shell, tray, window};

/// Dropped, it stops syncing; a demo school is gone with it.
#[derive(Debug)]
pub(crate) struct Open {
    /// The school's cache, and the way to its server.
    pub(crate) school: School,
    engine: Engine,
    relays: JoinSet<()>,
    demo: Option<Demo>,
    /// What was here when it was opened, until somebody asks: counting a million rows again would keep the window
    /// waiting.
    first: Mutex<Option<Status>>,
}

impl Open {
    /// Begins to sync when `begin` is over, and tells the window of every step.
    pub(crate) fn start(
        app: &AppHandle,
        (school, status): (School, Status),
        demo: Option<Demo>,
        begin: impl Future<Output = ()> + Send + 'static,
    ) -> Self {
        let engine = Engine::start(school.clone(), app.state::<Shell>().interval(app), begin);
        let mut relays = JoinSet::new();
        relays.spawn(tell_steps(app.clone(), engine.state()));
        relays.spawn(tell_news(app.clone(), school.clone(), engine.news(), engine.state()));
        Self { school, engine, relays, demo, first: Mutex::new(Some(status)) }
    }

    /// What is here.
    ///
    /// # Errors
    /// Those of the cache.
    pub(crate) async fn status(&self) -> Result<Status, Problem> {
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        match first {
            // Nothing has come since.
            Some(first) if *self.engine.news().borrow() == 0 => Ok(first),
            _ => self.school.status().await.map_err(told),
        }
    }

    /// Whether it is the demo school.
    pub(crate) fn is_demo(&self) -> bool {
        self.demo.is_some()
    }

    /// Stops syncing, and closes the cache and the demo school.
    pub(crate) async fn close(self) {
        let Self { school, engine, mut relays, demo, first: _ } = self;
        engine.stop().await;
        relays.shutdown().await;
        school.close().await;
        if let Some(demo) = demo {
            demo.close().await;
        }
    }

    /// What the exchange with the server is doing.
    pub(crate) fn sync_state(&self) -> SyncState {
        self.engine.state().borrow().clone()
    }

    /// Sets the time between two turns.
    pub(crate) fn set_interval(&self, interval: Duration) {
        self.engine.set_interval(interval);
    }

    /// Syncs now; returns at once.
    pub(crate) fn sync_now(&self) {
        self.engine.sync_now();
    }

    /// Something was decided: it leaves when it can't be undone any more, and the window hears of it at once.
    pub(crate) async fn decided(&self, app: &AppHandle) {
        self.engine.decided();
        self.tell(app).await;
    }

    /// Says `changed` with the new status.
    pub(crate) async fn tell(&self, app: &AppHandle) {
        tell_status(app, &self.school).await;
        tray::refresh_of(app, &self.school, self.sync_state()).await;
    }
}

/// Says `sync` at every step, until the engine is gone.
async fn tell_steps(app: AppHandle, mut state: watch::Receiver<SyncState>) {
    while state.changed().await.is_ok() {
        let step = state.borrow_and_update().clone();
        say(&app, "sync", &step);
    }
}

/// Tells the window, the person and the tray whenever rows have come, until the engine is gone.
async fn tell_news(app: AppHandle, school: School, mut news: watch::Receiver<u64>, state: watch::Receiver<SyncState>) {
    loop {
        let seen = state.borrow().clone();
        tray::refresh_of(&app, &school, seen).await;
        notify::news(&app, &school).await;
        if news.changed().await.is_err() {
            return;
        }
        tracing::info!("a turn has ended");
        tell_status(&app, &school).await;
    }
}

async fn tell_status(app: &AppHandle, school: &School) {
    if !window::is_open(app) {
        // Counting a million rows for nobody.
        return;
    }
    match school.status().await {
        Ok(status) => say(app, "changed", &status),
        // The next news ask again; the window asks anyway when it needs rows.
        Err(error) => tracing::warn!("the status cannot be read: {error}"),
    }
}

fn say<T: serde::Serialize + Clone>(app: &AppHandle, event: &str, payload: &T) {
    if let Err(error) = app.emit(event, payload) {
        tracing::warn!("{event} was not told: {error}");
    }
}
