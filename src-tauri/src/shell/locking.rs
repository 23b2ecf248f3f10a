//! Locking: the keys leave memory, the window shows nothing, and until somebody unlocks nothing is said but that
//! something happened.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use hallmonitor_core::{Sentry, vault::Passphrase};
use tauri::{AppHandle, Manager as _};
use tokio::{
    sync::Notify,
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::{
    Shell,
    schools::{DEMO, Standing},
};
use crate::{commands::Export, notify, open::Open, problem::Problem, tray, window};

/// The longest that locking waits for the keyring, which holds the token.
const PATIENCE: Duration = Duration::from_secs(3);

/// So often the clock is looked at that may have been set, or have gone on while the computer slept: Linux says when it
/// wakes, the others do not.
const LOOK_AT_THE_CLOCK: Duration = Duration::from_secs(if cfg!(target_os = "linux") { 60 } else { 15 });

/// A school whose key is gone from memory.
#[derive(Debug)]
pub(crate) struct Locked {
    /// Looks at the server for news that it can't read.
    looking: Option<JoinHandle<()>>,
}

impl Locked {
    /// Nobody looks on: without its key nobody knows where to look.
    pub(super) fn unseen() -> Self {
        Self { looking: None }
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        if let Some(looking) = &self.looking {
            looking.abort();
        }
    }
}

/// When the person last did something in the window.
#[derive(Debug)]
pub(super) struct Use {
    /// Of the wall clock: it goes on while the computer sleeps.
    last: Mutex<SystemTime>,
    /// The time until locking may have changed.
    changed: Notify,
}

impl Default for Use {
    fn default() -> Self {
        Self { last: Mutex::new(SystemTime::now()), changed: Notify::new() }
    }
}

impl Shell {
    /// The person did something in the window just now. Whoever comes back after as long as was set finds it locked, also
    /// where the clock that waits for that stood still while the computer slept.
    pub(crate) fn stays_in_use(&self) {
        let minutes = self.settings().locking.idle_minutes;
        let mut last = self.in_use.last.lock().unwrap_or_else(PoisonError::into_inner);
        let now = SystemTime::now();
        if comes_too_late(minutes, *last, now) {
            self.look_at_idle();
        } else {
            *last = now;
        }
    }

    /// From now on the time counts until it locks by itself.
    pub(super) fn begins_to_be_used(&self) {
        *self.in_use.last.lock().unwrap_or_else(PoisonError::into_inner) = SystemTime::now();
    }

    /// Looks again whether it is time to lock: other settings, or the computer has woken up.
    pub(crate) fn look_at_idle(&self) {
        self.in_use.changed.notify_one();
    }

    /// Locks when nobody has done anything for as long as the person has set; never returns.
    pub(crate) async fn lock_when_idle(&self, app: &AppHandle) {
        loop {
            let changed = self.in_use.changed.notified();
            let Some(minutes) = self.settings().locking.idle_minutes else {
                changed.await;
                continue;
            };
            let left = {
                let mut last = self.in_use.last.lock().unwrap_or_else(PoisonError::into_inner);
                let now = SystemTime::now();
                // A clock that was set back would otherwise stand still until it is where it was.
                *last = now.min(*last);
                left(minutes, *last, now)
            };
            if left.is_zero() {
                self.lock(app).await;
                self.begins_to_be_used();
                continue;
            }
            tokio::select! {
                () = sleep(left.min(LOOK_AT_THE_CLOCK)) => {}
                () = changed => {}
            }
        }
    }

    /// Locks every open school; the demo school ends. Returns when the keys are gone.
    ///
    /// It waits for nobody who opens or erases another one, which may take as long as a keyring's prompt stands: what is
    /// being opened closes as soon as it is open.
    pub(crate) async fn lock(&self, app: &AppHandle) {
        // Whoever opens one just now, or one after the other, gives up.
        self.count_lock();
        let _closing = self.schools.closing.lock().await;
        let open = {
            let mut standing = self.schools.standing.write().await;
            let open: Vec<(String, Arc<Open>)> = standing.iter().filter_map(Standing::open).collect();
            for (id, _) in &open {
                // From now on no command finds it, and no notification names anybody of it.
                standing.insert(id.clone(), Standing::Locked(Locked::unseen()));
            }
            self.marker.add(open.iter().map(|(id, _)| id.as_str()).filter(|id| *id != DEMO));
            open
        };
        if open.is_empty() {
            return;
        }
        window::tell_locked(app);
        for (id, open) in &open {
            app.state::<Export>().end_of(id);
            // Before the first of them closes, which takes its time, none of them tells anything any more.
            open.stop().await;
        }
        tray::refresh(app).await;
        // A notification daemon that does not answer keeps no key in memory.
        tokio::join!(notify::forget_names(app), self.close_locked(app, open));
        tracing::info!("everything is locked");
    }

    async fn close_locked(&self, app: &AppHandle, open: Vec<(String, Arc<Open>)>) {
        for (id, open) in open {
            let sentry = if id == DEMO { None } else { sentry(&open).await };
            let title = open.title().to_owned();
            open.close_when_free().await;
            let mut standing = self.schools.standing.write().await;
            // Erased meanwhile, it must not come back.
            if !matches!(standing.get(&id), Some(Standing::Locked(_))) {
                continue;
            }
            if id == DEMO {
                standing.remove(&id);
            } else {
                let looking = sentry.map(|sentry| tokio::spawn(look(app.clone(), id.clone(), title, sentry)));
                standing.insert(id, Standing::Locked(Locked { looking }));
            }
        }
    }

    /// Unlocks a school and shows it; the others open where the same passphrase, or none, will do.
    ///
    /// # Errors
    /// Where the passphrase is missing or wrong, or the keyring does not give the key.
    pub(crate) async fn unlock(
        &self,
        app: &AppHandle,
        id: &str,
        passphrase: Option<Passphrase>,
    ) -> Result<(), Problem> {
        let since = self.locks();
        self.open_school(app, id, passphrase.clone()).await?;
        notify::forget_hints(app).await;
        let locked: Vec<String> = {
            let standing = self.schools.standing.read().await;
            let locked =
                |(id, standing): (&String, &Standing)| matches!(standing, Standing::Locked(_)).then(|| id.clone());
            standing.iter().filter_map(locked).collect()
        };
        let app = app.clone();
        // Each takes a good part of a second; the person is at work meanwhile.
        tauri::async_runtime::spawn(async move {
            let shell = app.state::<Self>();
            for id in locked {
                let wanted = if shell.has_passphrase(&id) { passphrase.clone() } else { None };
                // It stays locked otherwise, and says so in the list of schools.
                let _ = shell.open_aside(&app, &id, wanted, since).await;
            }
            window::tell_schools(&app);
            tray::refresh(&app).await;
        });
        Ok(())
    }
}

/// How long until it locks by itself. A time to come counts as no time at all.
fn left(minutes: u32, since: SystemTime, now: SystemTime) -> Duration {
    let idle = Duration::from_secs(60 * u64::from(minutes));
    idle.saturating_sub(now.duration_since(since).unwrap_or_default())
}

/// Whether it should have locked by itself before the person did something `now`.
fn comes_too_late(minutes: Option<u32>, last: SystemTime, now: SystemTime) -> bool {
    minutes.is_some_and(|minutes| left(minutes, last, now).is_zero())
}

/// Who looks on while it is locked. Without one nothing is told; the key waits for no slow keyring.
async fn sentry(open: &Open) -> Option<Sentry> {
    match timeout(PATIENCE, open.school.sentry()).await {
        Ok(Ok(sentry)) => sentry,
        Ok(Err(error)) => {
            tracing::warn!("nothing will be told while it is locked: {error}");
            None
        }
        Err(_) => {
            tracing::warn!("nothing will be told while it is locked: the keyring does not answer");
            None
        }
    }
}

/// Says once that something happened, however much it is.
async fn look(app: AppHandle, id: String, title: String, mut sentry: Sentry) {
    loop {
        let shell = app.state::<Shell>();
        let settings = shell.settings();
        sleep(Duration::from_secs(settings.sync_seconds.into())).await;
        match sentry.look(&settings.notifications).await {
            Ok(true) => return notify::something_happened(&app, &id, &title).await,
            Ok(false) => {}
            // The next look may work.
            Err(error) => tracing::info!("the server was not asked while it was locked: {error}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_locks_that_many_minutes_after_the_last_key_or_click() {
        let since = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000);
        for (minutes, now, left_then) in [(1, 1_000, 60), (1, 1_059, 1), (1, 1_060, 0), (5, 9_999, 0), (1, 10, 60)] {
            let now = SystemTime::UNIX_EPOCH + Duration::from_secs(now);
            assert_eq!(left(minutes, since, now), Duration::from_secs(left_then), "{minutes} {now:?}");
        }
    }

    #[test]
    fn whoever_comes_back_after_the_computer_slept_too_long_does_not_begin_the_time_anew() {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        for (minutes, now, late) in [
            (Some(5), 1_299, false),
            (Some(5), 1_300, true),
            (Some(5), 90_000, true),
            (None, 90_000, false),
            (Some(1), 10, false),
        ] {
            assert_eq!(comes_too_late(minutes, at(1_000), at(now)), late, "{minutes:?} {now}");
        }
    }
}
