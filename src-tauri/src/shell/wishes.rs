//! What the person wants of the program as a whole: the settings, and where the window shall lead.

use std::{
    sync::{MutexGuard, PoisonError},
    time::Duration,
};

use hallmonitor_core::{
    INTERVAL,
    model::{Problem, ProblemCode},
    settings::{Once, Settings, SettingsError, SettingsFile},
};
use tauri::AppHandle;

use super::Shell;
use crate::{
    autostart,
    place::{Place, Target},
    tray, window,
};

impl Shell {
    fn file(&self) -> MutexGuard<'_, SettingsFile> {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is in force.
    pub(crate) fn settings(&self) -> Settings {
        self.file().settings().clone()
    }

    /// Why other settings are in force than the person's; said once.
    pub(crate) fn settings_problem(&self) -> Option<Problem> {
        let problem = self.settings_problem.lock().unwrap_or_else(PoisonError::into_inner).take();
        problem.as_ref().map(unset)
    }

    /// Puts settings in force and keeps them.
    ///
    /// # Errors
    /// Where they can't be kept, or the system does not take them; the old ones stay in force then.
    pub(crate) async fn set(&self, app: &AppHandle, settings: Settings) -> Result<(), Problem> {
        if settings.autostart != self.settings().autostart {
            autostart::set(app, settings.autostart).map_err(|error| Problem {
                code: ProblemCode::Failed,
                message: format!("The system does not take the program’s start with the session: {error}."),
                hint: "Set it in the desktop’s own settings.".to_owned(),
            })?;
        }
        self.file().set(settings).map_err(|error| unset(&error))?;
        self.pace(app).await;
        self.look_at_idle();
        tray::refresh(app).await;
        Ok(())
    }

    /// Whether something that is said once is to be said.
    pub(crate) fn first_time(&self, once: Once) -> bool {
        self.file().first_time(once).unwrap_or_else(|error| {
            tracing::warn!("{error}");
            true
        })
    }

    /// Remembers where the window shall lead; whoever shows it asks once.
    pub(crate) fn lead_to(&self, target: Option<Target>) {
        if target.is_some() {
            *self.wanted.lock().unwrap_or_else(PoisonError::into_inner) = target;
        }
    }

    /// Where the window shall lead; asked once.
    pub(crate) fn place_wanted(&self) -> Option<Place> {
        self.wanted
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take_if(|target| self.shows(&target.school))
            .map(|target| target.place)
    }

    /// One window is made at a time.
    pub(crate) async fn opening(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.opening.lock().await
    }

    /// How long the time between two turns is now: shorter while the window is open.
    pub(crate) fn interval(&self, app: &AppHandle) -> Duration {
        let unseen = Duration::from_secs(self.settings().sync_seconds.into());
        if window::is_open(app) { INTERVAL.min(unseen) } else { unseen }
    }

    /// Tells every school of the time between two turns.
    pub(crate) async fn pace(&self, app: &AppHandle) {
        for (_, open) in self.all_open().await {
            open.set_interval(self.interval(app));
        }
    }
}

fn unset(error: &SettingsError) -> Problem {
    let (code, hint) = match error {
        SettingsError::BadInterval(_) => (ProblemCode::Invalid, "Choose a time between 30 seconds and a day."),
        SettingsError::BadIdle(_) => (ProblemCode::Invalid, "Choose a time between a minute and a day."),
        SettingsError::Unwritable { .. } => {
            (ProblemCode::Failed, "Check the folder’s permissions and the room on the disk.")
        }
        SettingsError::Damaged { .. } => (ProblemCode::Failed, "Set them again; the old file lies beside the new one."),
    };
    let mut message = error.to_string();
    if let Some(first) = message.get(..1) {
        let first = first.to_uppercase();
        message.replace_range(..1, &first);
    }
    message.push('.');
    Problem { code, message, hint: hint.to_owned() }
}
