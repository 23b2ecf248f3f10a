//! What the person has set: one small file in the data folder, for this account's eyes alone.
//!
//! It holds nothing of any school. What a later version wrote into it is kept; a file that is damaged is put aside and
//! stands in nobody's way.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveTime, TimeDelta, TimeZone, Timelike as _, Weekday};
use hallmonitor_language::{Language, Message};
use hallmonitor_wire::Time;
use serde::{Deserialize, Serialize, de};
use serde_json::{Map, Value};
use thiserror::Error;
use ts_rs::TS;

use crate::{
    model::ProblemCode,
    profile::private_folder,
    trouble::{Trouble, clause},
};

const FILE: &str = "settings.json";
const DAMAGED: &str = "settings.damaged.json";

/// What can be set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Settings {
    /// What is told.
    pub notifications: Notifications,
    /// Seconds between two turns while no window is open; 30 to 86,400.
    pub sync_seconds: u32,
    /// Whether the program starts without its window.
    pub start_in_tray: bool,
    /// Whether the program starts with the person's session, without its window.
    pub autostart: bool,
    /// What everything is said in; `None` goes by the system.
    pub language: Option<Language>,
    /// How the window looks.
    pub theme: Theme,
    /// Which clock the window's times are read off.
    pub times: Times,
    /// When the program locks itself.
    pub locking: Locking,
    /// Whether the program looks for newer versions of itself once a day, where that is its own business.
    pub look_for_updates: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            notifications: Notifications::default(),
            sync_seconds: 120,
            start_in_tray: false,
            autostart: false,
            language: None,
            theme: Theme::default(),
            times: Times::default(),
            locking: Locking::default(),
            look_for_updates: true,
        }
    }
}

impl Settings {
    /// The language that is in force.
    pub fn language(&self) -> Language {
        self.language.unwrap_or_else(Language::of_system)
    }
}

/// How the window looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system does.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// Which clock the window's times are read off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Times {
    /// This computer's.
    #[default]
    Local,
    /// UTC, as the school's server writes them down.
    Utc,
}

/// When the program locks itself: the keys leave its memory, and nothing of any school is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Locking {
    /// After so many minutes without a key or a click in the window, 1 to 1,440; `None` never.
    pub idle_minutes: Option<u32>,
    /// Whether it locks together with the screen.
    pub with_screen: bool,
}

/// What is told, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Notifications {
    /// Whether anything is told at all. What comes while it is off is never told.
    pub on: bool,
    /// Codes of the rules whose violations are never told.
    pub muted: Vec<String>,
    /// Whether quiet hours are kept.
    pub quiet: bool,
    /// When they are.
    pub quiet_hours: QuietHours,
    /// Whether students stay nameless in notifications and in the tray's menu.
    pub hide_names: bool,
    /// Until when nothing is told; `None` where nothing is paused.
    #[ts(type = "string | null")]
    pub paused_until: Option<Time>,
}

impl Default for Notifications {
    fn default() -> Self {
        Self {
            on: true,
            muted: Vec::new(),
            quiet: false,
            quiet_hours: QuietHours::default(),
            hide_names: false,
            paused_until: None,
        }
    }
}

impl Notifications {
    /// Whether violations of this rule are never told.
    pub fn mutes(&self, code: &str) -> bool {
        self.muted.iter().any(|muted| muted == code)
    }

    /// Whether they are paused.
    pub fn paused(&self, now: Time) -> bool {
        self.paused_until.is_some_and(|until| now.ms() < until.ms())
    }

    /// Whether violations have to wait at this local time.
    pub fn holds_back(&self, at: DateTime<FixedOffset>) -> bool {
        self.paused(Time(at.timestamp_millis())) || (self.quiet && self.quiet_hours.cover(at))
    }

    /// Until when violations have to wait, where they have to at this local time; `None` where they need not, or where no
    /// end is in sight.
    pub fn held_until(&self, at: DateTime<FixedOffset>) -> Option<DateTime<FixedOffset>> {
        let mut end = at;
        // The quiet hours of each day of a week may follow one another, with a pause between them.
        for _ in 0..=2 * Day::ALL.len() {
            if !self.holds_back(end) {
                return (end != at).then_some(end);
            }
            end = match self.paused_until.filter(|_| self.paused(Time(end.timestamp_millis()))) {
                Some(until) => DateTime::from_timestamp_millis(until.ms())?.with_timezone(&at.timezone()),
                None => self.quiet_hours.next_end(end),
            };
        }
        None
    }
}

/// When a pause until tomorrow ends: 8 o'clock.
const MORNING: NaiveTime = NaiveTime::MIN.overflowing_add_signed(TimeDelta::hours(8)).0;

/// How long notifications are paused from the tray's menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// 60 minutes.
    Hour,
    /// Until 8 o'clock of the next day.
    Tomorrow,
}

impl Pause {
    /// When a pause ends that begins at this local time. The night between may be an hour shorter or longer.
    pub fn until<Z: TimeZone>(self, at: &DateTime<Z>) -> Time {
        let day = TimeDelta::hours(24);
        let end = match self {
            Self::Hour => at.clone() + TimeDelta::hours(1),
            Self::Tomorrow => {
                let morning = (at.date_naive() + day).and_time(MORNING);
                // Where no clock ever shows that time, a whole day is as near as any.
                at.timezone().from_local_datetime(&morning).earliest().unwrap_or_else(|| at.clone() + day)
            }
        };
        Time(end.timestamp_millis())
    }
}

/// A span of each of some days, in local time. It may end on the next day; then it belongs to the day it begins on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct QuietHours {
    /// When it begins.
    pub from: DayTime,
    /// When it ends; the same time is a whole day.
    pub until: DayTime,
    /// On which days it begins.
    pub days: Vec<Day>,
}

impl Default for QuietHours {
    fn default() -> Self {
        Self { from: DayTime(22 * 60), until: DayTime(8 * 60), days: Day::ALL.to_vec() }
    }
}

impl QuietHours {
    /// The next time of day, after this local time, at which it ends.
    fn next_end(&self, after: DateTime<FixedOffset>) -> DateTime<FixedOffset> {
        const DAY: i64 = 24 * 3_600;
        let into_day = i64::from(after.num_seconds_from_midnight());
        let ahead = (i64::from(self.until.0) * 60 - into_day).rem_euclid(DAY);
        after.with_nanosecond(0).unwrap_or(after) + TimeDelta::seconds(if ahead == 0 { DAY } else { ahead })
    }

    /// Whether a local time lies in it.
    pub fn cover(&self, at: DateTime<FixedOffset>) -> bool {
        let minute = at.hour() as u16 * 60 + at.minute() as u16;
        let (today, yesterday) = (Day::from(at.weekday()), Day::from(at.weekday().pred()));
        let (DayTime(from), DayTime(until)) = (self.from, self.until);
        let begins = |day: Day| self.days.contains(&day);
        if from < until {
            begins(today) && (from..until).contains(&minute)
        } else {
            (begins(today) && minute >= from) || (begins(yesterday) && minute < until)
        }
    }
}

/// A minute of the day, written `22:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, TS)]
#[ts(type = "string")]
pub struct DayTime(pub u16);

impl Serialize for DayTime {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&format!("{:02}:{:02}", self.0 / 60, self.0 % 60))
    }
}

impl<'de> Deserialize<'de> for DayTime {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let minute = text.split_once(':').and_then(|(hours, minutes)| {
            let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
            (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
        });
        minute.map(Self).ok_or_else(|| de::Error::custom(format!("“{text}” is no time of day such as 22:00")))
    }
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Day {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl Day {
    /// All of them, from Monday.
    pub const ALL: [Self; 7] = [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];
}

impl From<Weekday> for Day {
    fn from(day: Weekday) -> Self {
        Self::ALL[day.num_days_from_monday() as usize]
    }
}

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
                .with("reason", clause(source)),
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
    /// the error says why. Nothing is written.
    pub fn read(data_dir: &Path) -> (Self, Option<SettingsError>) {
        let path = data_dir.join(FILE);
        let usual = |path| Self { path: Some(path), whole: Map::new(), settings: Settings::default() };
        let damaged = |reason: String| SettingsError::Damaged { path: path.clone(), reason };
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return (usual(path), None),
            Err(error) => {
                let error = damaged(error.to_string());
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
                // The next change writes a new file; what somebody may have typed by hand is not lost.
                let _ = fs::rename(&path, data_dir.join(DAMAGED));
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
            file.as_file().sync_all().map_err(failed)?;
            file.persist(path).map_err(|error| failed(error.error))?;
        }
        self.whole = whole;
        Ok(())
    }
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

#[cfg(test)]
mod tests;
