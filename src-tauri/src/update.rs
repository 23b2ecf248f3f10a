//! Newer versions of the program: looked for where it was built to look, checked by a signature, and installed when the
//! person says so, never by itself.
//!
//! Promises: what is not signed with the key that the program was built with is not installed, nor is an older version
//! under a newer name; a program that another one keeps up to date (a system's packages) asks nobody.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use hallmonitor_core::model::{Problem, ProblemCode};
use hallmonitor_language::Language;
use serde::Serialize;
use tauri::{
    AppHandle, Emitter as _, Manager as _, Url,
    utils::{config::BundleType, platform::bundle_type},
};
use tauri_plugin_updater::{Error, Update, Updater, UpdaterExt as _};
use thiserror::Error;
use tokio::{sync::Notify, time::timeout};

use crate::{
    alone::Instance,
    shell::{Shell, write_privately},
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// The first look is not among the things that a start waits for.
const AFTER_START: Duration = Duration::from_secs(60);
/// When it was looked for last, milliseconds since 1970, stands in this file of the data folder.
const LOOKED: &str = "looked-for-update";
/// There while a newer version starts that the person has asked for in the window: it shows the window, even where the
/// session started the program without one.
const UPDATED: &str = "updated-in-window";

const TO_CONNECT: Duration = Duration::from_secs(10);
const BETWEEN_PIECES: Duration = Duration::from_secs(30);

/// Where newer versions are told of, and the key that they are signed with.
#[derive(Debug)]
struct Source {
    key: String,
    url: Url,
}

/// How the program gets to a newer version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Way {
    /// It looks for them and installs them itself.
    Itself,
    /// The person fetches them from a page.
    Page,
    /// Whoever brought this one brings the next one too.
    Elsewhere,
}

/// What the window shows of updates.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct UpdateState {
    /// This one.
    version: &'static str,
    way: Way,
    /// Where the person fetches them, where that is the way.
    page: Option<&'static str>,
    /// When it was looked for last, since the program started.
    checked_at: Option<DateTime<Utc>>,
    /// The version that is newer, where one was found.
    newer: Option<String>,
}

/// Why there is no newer version now.
#[derive(Debug, Error)]
pub(crate) enum UpdateError {
    /// Nobody could be asked, or the answer was none.
    #[error("newer versions could not be asked for: {0}")]
    Unknown(#[source] Error),
    /// Not from those who made this one, or not the version that it is said to be.
    #[error("what was offered is not signed as it should be: {0}")]
    Unsigned(#[source] Error),
    /// It did not come, or could not be put in place.
    #[error("the newer version could not be installed: {0}")]
    Install(#[source] Error),
    /// Nothing to install is known.
    #[error("no newer version is known")]
    Nothing,
}

/// Kept by Tauri as its state.
#[derive(Debug)]
pub(crate) struct Updates {
    source: Option<Source>,
    way: Way,
    /// Where it stands when it was looked for last; nowhere for the demo school, which leaves nothing behind.
    noted: Option<PathBuf>,
    known: Mutex<Known>,
    /// Told when the person has set whether it is looked for by itself.
    set: Notify,
}

#[derive(Default)]
struct Known {
    /// When it was looked for last, with or without an answer, milliseconds since 1970. Where no file keeps it, this does.
    looked: Option<i64>,
    checked_at: Option<DateTime<Utc>>,
    newer: Option<Update>,
}

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Known").field("checked_at", &self.checked_at).finish_non_exhaustive()
    }
}

/// What the program was built with; one that is made to be tried may also be told when it starts.
macro_rules! built_with {
    ($name:literal) => {
        option_env!($name)
            .map(str::to_owned)
            .or_else(|| std::env::var($name).ok().filter(|_| cfg!(debug_assertions)))
            .filter(|text| !text.is_empty())
    };
}

/// Where people fetch the program.
const PAGE: Option<&str> = option_env!("HALLMONITOR_DOWNLOAD_PAGE");

/// Begins to look, where that is the program's own business; says whether this is the newer version that the person has
/// just asked for.
pub(crate) fn start(app: &AppHandle) -> bool {
    let lasting = *app.state::<Instance>() != Instance::None && !app.state::<Shell>().screenshot();
    let noted = lasting.then(|| app.state::<Shell>().data_dir().join(LOOKED));
    #[cfg(target_os = "linux")]
    let image = app.env().appimage.is_some();
    #[cfg(not(target_os = "linux"))]
    let image = false;
    let updates = Updates::new(image, noted);
    let daily_at = updates.noted.clone().filter(|_| updates.way == Way::Itself);
    app.manage(updates);
    let updated = daily_at.as_ref().is_some_and(|noted| fs::remove_file(noted.with_file_name(UPDATED)).is_ok());
    if daily_at.is_some() {
        tauri::async_runtime::spawn(daily(app.clone()));
    }
    updated
}

impl Updates {
    /// `image` is whether the program runs out of an AppImage.
    fn new(image: bool, noted: Option<PathBuf>) -> Self {
        let source = built_with!("HALLMONITOR_UPDATE_KEY").zip(built_with!("HALLMONITOR_UPDATE_URL"));
        let source = source.and_then(|(key, url)| match url.parse() {
            Ok(url) => Some(Source { key, url }),
            Err(error) => {
                tracing::error!("built with an address for updates that is none: {error}");
                None
            }
        });
        let way = way(source.is_some(), PAGE.is_some(), bundle_type().as_ref(), image);
        Self { source, way, noted, known: Mutex::default(), set: Notify::new() }
    }

    /// Settings have changed: they are in force at once.
    pub(crate) fn set(&self) {
        self.set.notify_one();
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When it was looked for last, by this program or the one before it.
    fn looked(&self) -> Option<i64> {
        self.known().looked.or_else(|| looked(self.noted.as_ref()?))
    }

    fn note_look(&self, now: i64) {
        self.known().looked = Some(now);
        if let Some(file) = &self.noted {
            note(file, now);
        }
    }

    /// What is known now; nobody is asked.
    pub(crate) fn state(&self) -> UpdateState {
        let known = self.known();
        UpdateState {
            version: env!("CARGO_PKG_VERSION"),
            way: self.way,
            page: PAGE.filter(|_| self.way == Way::Page),
            checked_at: known.checked_at,
            newer: known.newer.as_ref().map(|update| update.version.clone()),
        }
    }
}

/// Packages are the system's; a program that was built by hand is its builder's.
fn way(source: bool, page: bool, bundle: Option<&BundleType>, image: bool) -> Way {
    match bundle {
        Some(BundleType::Deb | BundleType::Rpm) if page => Way::Page,
        Some(BundleType::Deb | BundleType::Rpm) => Way::Elsewhere,
        Some(_) if source => Way::Itself,
        None if source && image => Way::Itself,
        _ => Way::Elsewhere,
    }
}

/// Looks for a newer version now.
///
/// # Errors
/// Where nobody answers as they should. A version that was found before stays known.
pub(crate) async fn check(app: &AppHandle) -> Result<UpdateState, UpdateError> {
    let updates = app.state::<Updates>();
    let Some(source) = updates.source.as_ref().filter(|_| updates.way == Way::Itself) else {
        return Ok(updates.state());
    };
    let updater = updater(app, source).map_err(UpdateError::Unknown)?;
    let newer = updater.check().await.map_err(UpdateError::Unknown)?;
    {
        let mut known = updates.known();
        known.checked_at = Some(Utc::now());
        known.newer = newer;
    }
    updates.note_look(Utc::now().timestamp_millis());
    Ok(updates.state())
}

/// Fetches the newer version, puts it in place of this one, and starts it.
///
/// # Errors
/// Where it is not signed, does not come or can't be put in place; this one goes on then.
pub(crate) async fn install(app: &AppHandle) -> Result<(), UpdateError> {
    let update = app.state::<Updates>().known().newer.clone().ok_or(UpdateError::Nothing)?;
    let file = update.download(|_, _| (), || ()).await.map_err(failed)?;
    let installed = tauri::async_runtime::spawn_blocking(move || update.install(file)).await;
    match installed {
        Ok(installed) => installed.map_err(failed)?,
        Err(stopped) => return Err(UpdateError::Install(Error::Tauri(stopped))),
    }
    if let Some(noted) = &app.state::<Updates>().noted {
        note_update(noted);
    }
    app.request_restart();
    Ok(())
}

fn updater(app: &AppHandle, source: &Source) -> Result<Updater, Error> {
    app.updater_builder()
        .pubkey(&source.key)
        .endpoints(vec![source.url.clone()])?
        .configure_client(|client| {
            // A file is tried on this computer.
            client.connect_timeout(TO_CONNECT).read_timeout(BETWEEN_PIECES).https_only(!cfg!(debug_assertions))
        })
        .build()
}

fn failed(error: Error) -> UpdateError {
    match error {
        Error::Minisign(_)
        | Error::Base64(_)
        | Error::SignatureUtf8(_)
        | Error::MissingSignedVersion
        | Error::SignedVersionMismatch { .. } => UpdateError::Unsigned(error),
        other => UpdateError::Install(other),
    }
}

/// Looks once a day for as long as the program runs and the person wants it, and tells the window.
async fn daily(app: AppHandle) {
    let updates = app.state::<Updates>();
    loop {
        let wanted = app.state::<Shell>().settings().look_for_updates;
        match next(wanted, updates.looked(), Utc::now().timestamp_millis()) {
            Some(next) => {
                if timeout(next, updates.set.notified()).await.is_ok() {
                    continue;
                }
            }
            None => {
                updates.set.notified().await;
                continue;
            }
        }
        match check(&app).await {
            Ok(state) => {
                if let Err(error) = app.emit("update", state) {
                    tracing::warn!("the window does not hear of updates: {error}");
                }
            }
            Err(error) => {
                tracing::info!("{error}");
                // Whoever has no network today is not asked every minute.
                updates.note_look(Utc::now().timestamp_millis());
            }
        }
    }
}

/// How long until the next look, `None` for ever; times are milliseconds since 1970.
fn next(wanted: bool, looked: Option<i64>, now: i64) -> Option<Duration> {
    if !wanted {
        return None;
    }
    let since = looked.and_then(|looked| u64::try_from(now.saturating_sub(looked)).ok());
    Some(match since {
        Some(since) => DAY.saturating_sub(Duration::from_millis(since)).max(AFTER_START),
        // Never, or by a clock that was ahead.
        None => AFTER_START,
    })
}

fn looked(file: &Path) -> Option<i64> {
    fs::read_to_string(file).ok()?.trim().parse().ok()
}

fn note(file: &Path, now: i64) {
    // Where nothing is kept yet, there is no folder, and the next start looks again.
    if file.parent().is_some_and(Path::is_dir)
        && let Err(error) = write_privately(file, &now.to_string())
    {
        tracing::warn!("{} cannot be written: {error}", file.display());
    }
}

/// Says to the next start, beside where the last look is `noted`, that it is the version which was asked for.
fn note_update(noted: &Path) {
    if let Err(error) = write_privately(&noted.with_file_name(UPDATED), "") {
        tracing::warn!("the newer version may start without its window: {error}");
    }
}

impl UpdateError {
    /// As the window shows it.
    pub(crate) fn problem(&self, language: Language) -> Problem {
        let why = |error: &Error| [("reason", error.to_string().into())];
        let (message, hint) = match self {
            Self::Unknown(error) => (language.say_with("update.unknown", why(error)), "update.hint.network"),
            Self::Unsigned(_) => (language.say("update.unsigned"), "update.hint.unsigned"),
            Self::Install(error) => (language.say_with("update.install", why(error)), "update.hint.install"),
            Self::Nothing => (language.say("update.nothing"), "update.hint.network"),
        };
        Problem { code: ProblemCode::Failed, message, hint: language.say(hint) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_system_keeps_up_to_date_does_not_update_itself() {
        let (deb, rpm, image, app, msi) = (
            Some(BundleType::Deb),
            Some(BundleType::Rpm),
            Some(BundleType::AppImage),
            Some(BundleType::App),
            Some(BundleType::Msi),
        );
        // Key and address built in, page built in, package, out of an AppImage.
        for (source, page, bundle, of_image, expected) in [
            (true, true, &deb, false, Way::Page),
            (true, true, &rpm, false, Way::Page),
            (false, true, &deb, false, Way::Page),
            (true, false, &deb, false, Way::Elsewhere),
            // A package that somebody starts out of an AppImage's shell.
            (true, true, &deb, true, Way::Page),
            (true, true, &image, true, Way::Itself),
            (true, false, &app, false, Way::Itself),
            (true, false, &msi, false, Way::Itself),
            (false, true, &image, true, Way::Elsewhere),
            (false, false, &msi, false, Way::Elsewhere),
            (true, true, &None, false, Way::Elsewhere),
            (true, false, &None, true, Way::Itself),
            (false, false, &None, true, Way::Elsewhere),
        ] {
            let got = way(source, page, bundle.as_ref(), of_image);
            assert_eq!(got, expected, "{source} {page} {bundle:?} {of_image}");
        }
    }

    #[test]
    fn without_a_data_folder_it_is_looked_for_once_a_day_too() {
        let folder = tempfile::tempdir().expect("a folder");
        let missing = folder.path().join("not there yet").join(LOOKED);
        let updates = Updates::new(false, Some(missing.clone()));
        assert_eq!(next(true, updates.looked(), 1_000), Some(AFTER_START));
        updates.note_look(1_000);
        assert_eq!(next(true, updates.looked(), 1_000), Some(DAY));
        assert!(!missing.exists(), "nothing is made for it");

        let there = folder.path().join(LOOKED);
        Updates::new(false, Some(there.clone())).note_look(1_000);
        assert_eq!(Updates::new(false, Some(there)).looked(), Some(1_000), "the next start knows");
    }

    #[cfg(unix)]
    #[test]
    fn what_it_leaves_in_the_data_folder_is_for_this_account_alone() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().expect("a folder");
        let noted = folder.path().join(LOOKED);
        note(&noted, 1_000);
        note_update(&noted);
        for file in [noted.with_file_name(UPDATED), noted] {
            let left = fs::metadata(&file).expect("it is there");
            assert_eq!(left.permissions().mode() & 0o777, 0o600, "{}", file.display());
        }
    }

    #[test]
    fn it_is_looked_for_once_a_day_and_not_at_the_start() {
        let hour = 60 * 60 * 1000;
        for (looked, now, seconds) in [
            (None, 0, 60),
            (Some(0), 0, 24 * 3600),
            (Some(0), hour, 23 * 3600),
            (Some(0), 24 * hour - 1, 60),
            (Some(0), 24 * hour, 60),
            (Some(0), 1_000 * hour, 60),
            (Some(hour), 0, 60),
            (Some(i64::MAX), 0, 60),
            (Some(i64::MIN), i64::MAX, 60),
        ] {
            assert_eq!(next(true, looked, now), Some(Duration::from_secs(seconds)), "{looked:?} {now}");
            assert_eq!(next(false, looked, now), None, "nobody is asked where the person does not want it");
        }
    }
}
