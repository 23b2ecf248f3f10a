//! What the person wants of the program as a whole: the settings, and where the window shall lead.

use std::{
    path::Path,
    sync::{MutexGuard, PoisonError},
    time::Duration,
};

use hallmonitor_core::{
    INTERVAL,
    model::{LocationDatabases, Time},
    settings::{Once, Settings, SettingsFile},
};
use hallmonitor_language::Language;
use tauri::{AppHandle, Manager as _};
use tokio::sync::watch;

use super::Shell;
#[cfg(target_os = "linux")]
use crate::alone::Instance;
use crate::{
    autostart, notify,
    place::{Place, Target},
    problem::{self, Problem, told},
    tray,
    update::Updates,
    window,
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
        problem.as_ref().map(Problem::from)
    }

    /// Puts the settings of the window's page in force and keeps them: all but the pause.
    ///
    /// # Errors
    /// Where they can't be kept, or the system does not take them; the old ones stay in force then.
    pub(crate) async fn set(&self, app: &AppHandle, settings: Settings) -> Result<(), Problem> {
        if settings.autostart != self.settings().autostart {
            autostart::set(app, settings.autostart).map_err(|error| Problem::from(&error))?;
        }
        let named = !self.settings().notifications.hide_names;
        self.change(|now| all_but_the_pause(settings, now))?;
        if named && self.settings().notifications.hide_names {
            notify::forget_names(app).await;
        }
        self.speak(self.settings().language());
        self.pace(app).await;
        self.look_at_idle();
        app.state::<Updates>().set();
        window::wear(app, &self.settings());
        window::tell_schools(app);
        tray::refresh(app).await;
        Ok(())
    }

    /// Has the session start what is there, and knows where the person has it start nothing.
    #[cfg(target_os = "linux")]
    pub(crate) fn mend_autostart(&self, app: &AppHandle) {
        if !self.settings().autostart || *app.state::<Instance>() != Instance::Usual {
            return;
        }
        let kept = match autostart::mend(app) {
            Ok(true) => Ok(()),
            Ok(false) => self.change(|now| Settings { autostart: false, ..now.clone() }),
            Err(error) => Err(Problem::from(&error)),
        };
        if let Err(problem) = kept {
            tracing::warn!("the session may not start the program: {problem}");
        }
    }

    /// Tells nothing until then; with `None` what waited is told at once.
    ///
    /// # Errors
    /// Where it can't be kept; what was in force stays so.
    pub(crate) async fn pause_until(&self, app: &AppHandle, until: Option<Time>) -> Result<(), Problem> {
        self.change(|now| {
            let mut settings = now.clone();
            settings.notifications.paused_until = until;
            settings
        })?;
        window::tell_settings(app);
        tray::refresh(app).await;
        Ok(())
    }

    /// Between the look at what is in force and the change nobody else changes anything.
    fn change(&self, change: impl FnOnce(&Settings) -> Settings) -> Result<(), Problem> {
        let mut file = self.file();
        let settings = change(file.settings());
        file.set(settings).map_err(|error| Problem::from(&error))?;
        self.set.send_replace(());
        Ok(())
    }

    /// Heard whenever other settings are in force.
    pub(crate) fn hear_settings(&self) -> watch::Receiver<()> {
        self.set.subscribe()
    }

    /// Says everything in this language from now on, what is kept too.
    pub(super) fn speak(&self, language: Language) {
        problem::speak(language);
        self.app.set_language(language);
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

    /// The location databases in use beside the program's own.
    pub(crate) fn locations(&self) -> LocationDatabases {
        self.app.location_databases()
    }

    /// Takes a location database into use; the addresses of every school are placed again in the background.
    ///
    /// # Errors
    /// Where it is none, or can't be read or copied; what was chosen before stays then.
    pub(crate) async fn choose_locations(&self, path: &Path) -> Result<LocationDatabases, Problem> {
        self.app.choose_location_database(path).await.map_err(told)?;
        Ok(self.place_again().await)
    }

    /// Goes back to the program's own.
    ///
    /// # Errors
    /// Where the copies can't be removed.
    pub(crate) async fn forget_locations(&self) -> Result<LocationDatabases, Problem> {
        self.app.forget_location_databases().await.map_err(told)?;
        Ok(self.place_again().await)
    }

    async fn place_again(&self) -> LocationDatabases {
        for (_, open) in self.all_open().await {
            open.look_again();
        }
        self.locations()
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

/// The pause is set from the tray's menu, perhaps while a page is open that knows of none.
fn all_but_the_pause(mut wanted: Settings, in_force: &Settings) -> Settings {
    wanted.notifications.paused_until = in_force.notifications.paused_until;
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_knows_of_no_pause_does_not_end_it() {
        for paused_until in [None, Some(Time(1))] {
            let mut in_force = Settings::default();
            in_force.notifications.paused_until = paused_until;
            for known in [None, Some(Time(0)), Some(Time(2))] {
                let mut wanted = Settings { sync_seconds: 600, ..Settings::default() };
                wanted.notifications.paused_until = known;
                let set = all_but_the_pause(wanted, &in_force);
                assert_eq!((set.sync_seconds, set.notifications.paused_until), (600, paused_until));
            }
        }
    }
}
