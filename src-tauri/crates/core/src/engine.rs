//! The running whole: syncs by itself in turns, at once when asked to, and says what it is doing.

use std::{sync::Arc, time::Duration};

use hallmonitor_wire::Time;
use tokio::{
    sync::{Notify, watch},
    task::JoinHandle,
};

use crate::{
    app::{School, now},
    model::{ProblemCode, SyncPhase, SyncState},
};

/// Between two turns while the window is open.
pub const INTERVAL: Duration = Duration::from_secs(30);

/// Between two tries while the token is refused: only a new one will help, and it may come from elsewhere.
const REFUSED: Duration = Duration::from_secs(600);

/// Keeps one school up to date until it is dropped.
#[derive(Debug)]
pub struct Engine {
    state: watch::Receiver<SyncState>,
    news: watch::Receiver<u64>,
    nudge: Arc<Notify>,
    running: JoinHandle<()>,
}

impl Engine {
    /// Begins at once, and goes on every `interval`.
    pub fn start(school: School, interval: Duration) -> Self {
        let (state, watched) = watch::channel(SyncState::default());
        let (news, heard) = watch::channel(0);
        let nudge = Arc::new(Notify::new());
        let running = tokio::spawn(turns(school, interval, state, news, Arc::clone(&nudge)));
        Self { state: watched, news: heard, nudge, running }
    }

    /// What it is doing; changes with each step.
    pub fn state(&self) -> watch::Receiver<SyncState> {
        self.state.clone()
    }

    /// Counts up when something in the cache has changed, or the time of the last sync.
    pub fn news(&self) -> watch::Receiver<u64> {
        self.news.clone()
    }

    /// Syncs now. During a sync nothing happens: what was asked for is on its way.
    pub fn sync_now(&self) {
        self.nudge.notify_one();
    }

    /// Stops, and returns when it has let go of its school.
    pub async fn stop(mut self) {
        self.running.abort();
        // It was just told to end; that is no failure.
        let _ = (&mut self.running).await;
    }
}

impl Drop for Engine {
    /// A sync that is cut off here goes on from its last page next time.
    fn drop(&mut self) {
        self.running.abort();
    }
}

async fn turns(
    school: School,
    interval: Duration,
    state: watch::Sender<SyncState>,
    news: watch::Sender<u64>,
    nudge: Arc<Notify>,
) {
    let state = Arc::new(state);
    loop {
        state.send_modify(|state| state.next_at = None);
        let telling = Arc::clone(&state);
        let synced = school
            .sync(move |phase| {
                if phase != SyncPhase::Idle {
                    telling.send_modify(|state| state.phase = phase);
                }
            })
            .await;
        let at = now();
        let pause = match &synced {
            Err(error) if error.code() == ProblemCode::TokenRefused => REFUSED,
            _ => interval,
        };
        state.send_modify(|state| {
            state.phase = SyncPhase::Idle;
            state.next_at = Some(Time(at + i64::try_from(pause.as_millis()).unwrap_or(i64::MAX / 2)));
            match &synced {
                Ok(_) => {
                    state.problem = None;
                    state.failing_since = None;
                }
                Err(error) => {
                    state.problem = Some(error.problem());
                    state.failing_since.get_or_insert(Time(at));
                }
            }
        });
        // Even a failed one may have brought rows; one without news still has a new time.
        news.send_modify(|count| *count += 1);
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = nudge.notified() => {}
        }
    }
}
