//! The file that settings are kept in.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use hallmonitor_language::{Language, Message};
use serde_json::{Map, Value};
use thiserror::Error;

use super::Settings;
use crate::{
    model::ProblemCode,
    profile::private_folder,
    put_in_place,
    trouble::{Trouble, why},
};

pub(super) const FILE: &str = "settings.json";
pub(super) const DAMAGED: &str = "settings.damaged.json";

/// What is said only once, ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Once {
    /// That the program goes on without its window.
    GoesOn,
    /// That this desktop shows no tray.
    NoTray,
}

impl Once {
    fn word(self) -> &'static str {
        match self {
            Self::GoesOn => "goes_on",
            Self::NoTray => "no_tray",
        }
    }
}

/// Why settings were not kept, or not found.
#[derive(Debug, Error)]
pub enum SettingsError {
    /// The file can't be written.
    Unwritable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file can't be read or understood.
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What was seen.
        reason: String,
    },
    /// A value out of its range.
    BadInterval(u32),
    /// A value out of its range.
    BadIdle(u32),
}

impl SettingsError {
    /// What happened and why, a sentence.
    pub fn message(&self) -> Message {
        match self {
            Self::Unwritable { path, source } => Message::new("problem.settings.unwritable")
                .with("path", path.display().to_string())
                .with("reason", why(source)),
            Self::Damaged { path, reason } => Message::new("problem.settings.damaged")
                .with("path", path.display().to_string())
                .with("reason", reason.as_str()),
            Self::BadInterval(seconds) => Message::new("problem.settings.bad_interval").with("seconds", *seconds),
            Self::BadIdle(minutes) => Message::new("problem.settings.bad_idle").with("minutes", *minutes),
        }
    }

    /// What to do, a sentence.
    pub fn hint(&self) -> Message {
        Message::new(match self {
            Self::Unwritable { .. } => "problem.hint.folder",
            Self::Damaged { .. } => "problem.hint.set_again",
            Self::BadInterval(_) => "problem.hint.interval",
            Self::BadIdle(_) => "problem.hint.idle",
        })
    }

    /// The value as it stands in the file.
    fn field(&self) -> String {
        match self {
            Self::BadInterval(seconds) => format!("sync_seconds: {seconds}"),
            Self::BadIdle(minutes) => format!("idle_minutes: {minutes}"),
            Self::Unwritable { .. } | Self::Damaged { .. } => self.to_string(),
        }
    }

    /// The failure, to be said in any language.
    pub fn trouble(&self) -> Trouble {
        let code = match self {
            Self::Unwritable { .. } | Self::Damaged { .. } => ProblemCode::Failed,
            Self::BadInterval(_) | Self::BadIdle(_) => ProblemCode::Invalid,
        };
        Trouble { code, message: self.message(), hint: self.hint() }
    }
}

/// The settings with the file they are kept in.
#[derive(Debug)]
pub struct SettingsFile {
    /// `None` keeps nothing.
    path: Option<PathBuf>,
    /// Everything in the file, also what this version knows nothing of.
    whole: Map<String, Value>,
    settings: Settings,
}

impl SettingsFile {
    /// Reads the settings of a data folder. Where there are none, or they can't be read, the usual ones are in force;
    /// the error says why, and the file makes room for the next one.
    pub fn read(data_dir: &Path) -> (Self, Option<SettingsError>) {
        let path = data_dir.join(FILE);
        let usual = |path| Self { path: Some(path), whole: Map::new(), settings: Settings::default() };
        let damaged = |reason: String| SettingsError::Damaged { path: path.clone(), reason };
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return (usual(path), None),
            Err(error) => {
                let error = damaged(error.to_string());
                put_aside(&path, data_dir);
                return (usual(path), Some(error));
            }
        };
        let read = serde_json::from_str::<Map<String, Value>>(&text)
            .and_then(|whole| Ok((serde_json::from_value::<Settings>(Value::Object(whole.clone()))?, whole)))
            .map_err(|error| error.to_string())
            .and_then(|(settings, whole)| {
                check(&settings).map_err(|error| error.field())?;
                Ok((settings, whole))
            });
        match read {
            Ok((settings, whole)) => (Self { path: Some(path), whole, settings }, None),
            Err(reason) => {
                let error = damaged(reason);
                put_aside(&path, data_dir);
                (usual(path), Some(error))
            }
        }
    }

    /// The language that is chosen in a data folder, or else the system's. It only looks: a file that can't be read is
    /// left for the window to speak of.
    pub fn language_in(data_dir: &Path) -> Language {
        let text = fs::read_to_string(data_dir.join(FILE)).unwrap_or_default();
        serde_json::from_str::<Settings>(&text).unwrap_or_default().language()
    }

    /// The usual settings, kept nowhere.
    pub fn nowhere() -> Self {
        Self { path: None, whole: Map::new(), settings: Settings::default() }
    }

    /// What is in force.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Puts other settings in force, and keeps them.
    ///
    /// # Errors
    /// [`SettingsError::BadInterval`]; [`SettingsError::Unwritable`], and then the old ones stay in force.
    pub fn set(&mut self, settings: Settings) -> Result<(), SettingsError> {
        check(&settings)?;
        let mut whole = self.whole.clone();
        // Plain values, which are always JSON.
        if let Ok(Value::Object(fresh)) = serde_json::to_value(&settings) {
            lay_over(&mut whole, fresh);
        }
        self.write(whole)?;
        self.settings = settings;
        Ok(())
    }

    /// Whether it is time to say something that is said once: the first question is answered `true`.
    ///
    /// # Errors
    /// [`SettingsError::Unwritable`]: it may be said again another time.
    pub fn first_time(&mut self, once: Once) -> Result<bool, SettingsError> {
        let said = self.whole.get("said").and_then(Value::as_object).cloned().unwrap_or_default();
        if said.get(once.word()) == Some(&Value::Bool(true)) {
            return Ok(false);
        }
        let mut whole = self.whole.clone();
        let mut fresh = said;
        fresh.insert(once.word().to_owned(), Value::Bool(true));
        whole.insert("said".to_owned(), Value::Object(fresh));
        self.write(whole)?;
        Ok(true)
    }

    /// Writes the file, whole or not at all.
    fn write(&mut self, whole: Map<String, Value>) -> Result<(), SettingsError> {
        if let Some(path) = &self.path {
            let folder = path.parent().unwrap_or(Path::new("."));
            let failed = |source| SettingsError::Unwritable { path: path.clone(), source };
            private_folder(folder).map_err(|error| failed(io::Error::other(error)))?;
            // Its own maker gives a temporary file to this account alone.
            let mut file = tempfile::Builder::new().prefix(".settings").tempfile_in(folder).map_err(failed)?;
            serde_json::to_writer_pretty(&mut file, &whole).map_err(|error| failed(error.into()))?;
            put_in_place(file, path).map_err(failed)?;
        }
        self.whole = whole;
        Ok(())
    }
}

/// The next change writes a new file; what somebody may have typed by hand is not lost.
fn put_aside(path: &Path, data_dir: &Path) {
    let _ = fs::rename(path, data_dir.join(DAMAGED));
}

fn check(settings: &Settings) -> Result<(), SettingsError> {
    if !(30..=86_400).contains(&settings.sync_seconds) {
        return Err(SettingsError::BadInterval(settings.sync_seconds));
    }
    match settings.locking.idle_minutes {
        None | Some(1..=1_440) => Ok(()),
        Some(other) => Err(SettingsError::BadIdle(other)),
    }
}

/// Puts values over those of the file, and leaves what is only there.
fn lay_over(whole: &mut Map<String, Value>, fresh: Map<String, Value>) {
    for (key, value) in fresh {
        match (whole.get_mut(&key), value) {
            (Some(Value::Object(inner)), Value::Object(value)) => lay_over(inner, value),
            (_, value) => {
                whole.insert(key, value);
            }
        }
    }
}
