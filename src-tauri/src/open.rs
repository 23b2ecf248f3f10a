//! One open school: its cache, the engine that keeps it up to date, and the news of both for the window.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use chrono::Local;
use hallmonitor_core::{
    Engine, Error, Glance, School,
    model::{ProblemCode, Status, SyncState},
};
use tauri::{AppHandle, Emitter as _, Manager as _};
use tokio::{sync::watch, task::JoinSet, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    demo::Demo,
    notify,
    problem::{self, Problem, told},
    shell::Shell,
    tray, window,
};

/// How often it is looked whether the last command has ended that works with a school which shall close.
const STRAGGLERS: Duration = Duration::from_millis(10);
/// The longest that anybody waits for those; it closes behind them all the same.
const PATIENCE: Duration = Duration::from_secs(5);

/// Dropped, it stops syncing; a demo school is gone with it.
#[derive(Debug)]
pub(crate) struct Open {
    /// A profile's name, or the demo school's id.
    id: String,
    /// What the school calls itself.
    title: String,
    /// The school's cache, and the way to its server.
    pub(crate) school: School,
    /// Another one after each [`Self::go_on`].
    engine: Mutex<Arc<Engine>>,
    /// Held while the engine stops or begins again.
    relays: tokio::sync::Mutex<JoinSet<()>>,
    demo: Option<Demo>,
    /// What was here when it was opened, until somebody asks: counting a million rows again would keep the window
    /// waiting.
    first: Mutex<Option<Status>>,
    /// What the tray shows of it.
    glance: Arc<Mutex<Glance>>,
    /// Told when it is about to close.
    closing: CancellationToken,
}

impl Open {
    /// Begins to sync when `begin` is over, and tells the window of every step.
    pub(crate) fn start(
        app: &AppHandle,
        id: String,
        (school, status): (School, Status),
        demo: Option<Demo>,
        begin: impl Future<Output = ()> + Send + 'static,
    ) -> Self {
        let engine = Engine::start(school.clone(), app.state::<Shell>().interval(app), begin);
        let title = Some(status.cabinet_name.as_str()).filter(|name| !name.trim().is_empty()).unwrap_or(&id).to_owned();
        let glance = Arc::<Mutex<Glance>>::default();
        let seen = Seen { id: id.clone(), title: title.clone(), school: school.clone(), glance: Arc::clone(&glance) };
        let (relays, engine) = (relay(app, seen, &engine).into(), Mutex::new(Arc::new(engine)));
        let (first, closing) = (Mutex::new(Some(status)), CancellationToken::new());
        Self { id, title, school, engine, relays, demo, first, glance, closing }
    }

    fn engine(&self) -> Arc<Engine> {
        Arc::clone(&self.engine.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What is here.
    ///
    /// # Errors
    /// Those of the cache.
    pub(crate) async fn status(&self) -> Result<Status, Problem> {
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        match first {
            // Nothing has come since.
            Some(first) if *self.engine().news().borrow() == 0 => Ok(first),
            _ => self.school.status().await.map_err(told),
        }
    }

    /// What the school calls itself; its profile's name where it does not say.
    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    /// What there was to see of it when somebody looked last.
    pub(crate) fn glance(&self) -> Glance {
        self.glance.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether it is the demo school.
    pub(crate) fn is_demo(&self) -> bool {
        self.demo.is_some()
    }

    /// Stops syncing and telling. Whoever works with it already goes on.
    pub(crate) async fn stop(&self) {
        let mut relays = self.relays.lock().await;
        self.engine().stop().await;
        relays.shutdown().await;
    }

    /// Begins again to sync and to tell after [`Self::stop`], unless it is about to close.
    pub(crate) async fn go_on(&self, app: &AppHandle) {
        let mut relays = self.relays.lock().await;
        if self.closing.is_cancelled() {
            return;
        }
        // Something may have come since it was opened, which another engine does not count.
        self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        let engine = Engine::start(self.school.clone(), app.state::<Shell>().interval(app), std::future::ready(()));
        let (id, title, school) = (self.id.clone(), self.title.clone(), self.school.clone());
        *relays = relay(app, Seen { id, title, school, glance: Arc::clone(&self.glance) }, &engine);
        *self.engine.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(engine);
    }

    /// Whether somebody else has erased it, as a turn has found.
    pub(crate) fn is_erased(&self) -> bool {
        is_erased(&self.sync_state())
    }

    /// Closes the cache and the demo school.
    async fn close(self) {
        self.stop().await;
        let Self { school, demo, .. } = self;
        school.close().await;
        if let Some(demo) = demo {
            demo.close().await;
        }
    }

    /// Closes it as soon as no command works with it any more: what only reads ends at once. Nobody may find it any
    /// longer. Where a command takes too long, it returns before.
    pub(crate) async fn close_when_free(self: Arc<Self>) {
        self.closing.cancel();
        self.stop().await;
        self.school.end_reads();
        // A task of its own goes on when nobody waits any more.
        let closing = tokio::spawn(self.close_behind());
        if timeout(PATIENCE, closing).await.is_err() {
            tracing::warn!("a school closes only when the last question to it is answered");
        }
    }

    async fn close_behind(self: Arc<Self>) {
        let mut open = self;
        loop {
            match Arc::try_unwrap(open) {
                Ok(open) => return open.close().await,
                Err(still) => open = still,
            }
            tokio::time::sleep(STRAGGLERS).await;
        }
    }

    /// What waits for a server or a keyring, which may take minutes: it ends when the school is about to close, so that it
    /// does not hold its key in memory.
    pub(crate) async fn while_open<T>(&self, asking: impl Future<Output = Result<T, Error>>) -> Result<T, Problem> {
        match self.closing.run_until_cancelled(asking).await {
            Some(answer) => answer.map_err(told),
            None => Err(problem::nothing_open()),
        }
    }

    /// What the exchange with the server is doing.
    pub(crate) fn sync_state(&self) -> SyncState {
        self.engine().state().borrow().clone()
    }

    /// Sets the time between two turns.
    pub(crate) fn set_interval(&self, interval: Duration) {
        self.engine().set_interval(interval);
    }

    /// Whether this computer is without a network.
    pub(crate) fn set_offline(&self, offline: bool) {
        self.engine().set_offline(offline);
    }

    /// Syncs now; returns at once.
    pub(crate) fn sync_now(&self) {
        self.engine().sync_now();
    }

    /// Works out in the background what is left to be; returns at once.
    pub(crate) fn look_again(&self) {
        self.engine().look_again();
    }

    /// Something was decided: it leaves when it can't be undone any more, and the window hears of it at once.
    pub(crate) async fn decided(&self, app: &AppHandle) {
        self.engine().decided();
        self.tell(app).await;
    }

    /// Says `changed` with the new status.
    pub(crate) async fn tell(&self, app: &AppHandle) {
        // What is told counts what was seen.
        look(&self.school, &self.glance).await;
        tell_status(app, &self.id, &self.school).await;
        tray::refresh(app).await;
    }
}

/// What is told of.
struct Seen {
    id: String,
    title: String,
    school: School,
    glance: Arc<Mutex<Glance>>,
}

/// Begins to tell what an engine does, and what comes of it.
fn relay(app: &AppHandle, seen: Seen, engine: &Engine) -> JoinSet<()> {
    let mut relays = JoinSet::new();
    relays.spawn(tell_steps(app.clone(), seen.id.clone(), engine.state()));
    relays.spawn(tell_news(app.clone(), seen, engine.news()));
    relays
}

/// Whether a turn has ended because there is no such school on this computer any more.
fn is_erased(state: &SyncState) -> bool {
    state.problem.as_ref().is_some_and(|problem| problem.code == ProblemCode::NoProfile)
}

/// Says `sync` at every step, until the engine is gone, or its school.
async fn tell_steps(app: AppHandle, id: String, mut state: watch::Receiver<SyncState>) {
    while state.changed().await.is_ok() {
        let step = state.borrow_and_update().clone();
        if is_erased(&step) {
            // By itself: whoever closes a school waits for this task.
            tauri::async_runtime::spawn(async move { app.state::<Shell>().let_go(&app, &id).await });
            return;
        }
        if app.state::<Shell>().shows(&id) {
            say(&app, "sync", &step);
        }
    }
}

/// Tells the window, the person and the tray whenever rows have come, and the person too when other settings let more be
/// told or a silence is over; until the engine is gone.
async fn tell_news(app: AppHandle, seen: Seen, mut news: watch::Receiver<u64>) {
    let mut set = app.state::<Shell>().hear_settings();
    let mut lately = notify::Lately::default();
    loop {
        look(&seen.school, &seen.glance).await;
        tray::refresh(&app).await;
        loop {
            let again = notify::news(&app, &seen.id, &seen.title, &seen.school, &mut lately).await;
            notify::reminders(&app, &seen.id, &seen.title, &seen.school).await;
            tokio::select! {
                came = news.changed() => match came {
                    Ok(()) => break,
                    Err(_) => return,
                },
                // The program holds the other end.
                _ = set.changed() => {}
                // The menu offers no more to end it.
                () = silence(&app) => tray::refresh(&app).await,
                // What waits because too much was shown comes together then.
                () = until(again) => {}
            }
        }
        tracing::info!("a turn has ended");
        // By itself: whoever closes a school waits for this task, and holds the turn in which others open.
        let others = app.clone();
        tauri::async_runtime::spawn(async move { others.state::<Shell>().open_new(&others).await });
        look(&seen.school, &seen.glance).await;
        tell_status(&app, &seen.id, &seen.school).await;
        // A first look at a million logins takes a lot, once.
        #[cfg(target_os = "linux")]
        if !window::is_open(&app) {
            crate::rest::give_back_heap();
        }
    }
}

/// Waits until a moment has come; for ever where there is none.
async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment.into()).await,
        None => std::future::pending().await,
    }
}

/// Waits until a pause or quiet hours are over; for ever where nothing is silent.
async fn silence(app: &AppHandle) {
    let now = Local::now().fixed_offset();
    match app.state::<Shell>().settings().notifications.held_until(now) {
        Some(end) => tokio::time::sleep((end - now).to_std().unwrap_or_default()).await,
        None => std::future::pending().await,
    }
}

async fn look(school: &School, glance: &Mutex<Glance>) {
    match school.glance(tray::NEWEST).await {
        Ok(fresh) => *glance.lock().unwrap_or_else(PoisonError::into_inner) = fresh,
        // The next news look again.
        Err(error) => tracing::warn!("what the tray shows cannot be read: {error}"),
    }
}

async fn tell_status(app: &AppHandle, id: &str, school: &School) {
    if !window::is_open(app) {
        // Counting a million rows for nobody.
        return;
    }
    window::tell_schools(app);
    if !app.state::<Shell>().shows(id) {
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

#[cfg(test)]
mod tests {
    use hallmonitor_core::model::Problem;

    use super::*;

    #[test]
    fn a_school_is_let_go_of_where_a_turn_finds_no_profile_and_for_no_other_reason() {
        for (code, erased) in [
            (None, false),
            (Some(ProblemCode::Unreachable), false),
            (Some(ProblemCode::TokenRefused), false),
            (Some(ProblemCode::Cache), false),
            (Some(ProblemCode::NoProfile), true),
        ] {
            let problem = code.map(|code| Problem { code, message: String::new(), hint: String::new() });
            assert_eq!(is_erased(&SyncState { problem, ..SyncState::default() }), erased, "{code:?}");
        }
    }
}
