//! What the person has set: one small file in the data folder, for this account's eyes alone.
//!
//! It holds nothing of any school. What a later version wrote into it is kept; a file that is damaged is put aside and
//! stands in nobody's way.

mod file;
mod quiet;

use chrono::{DateTime, FixedOffset};
use hallmonitor_language::Language;
use hallmonitor_wire::Time;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use self::{
    file::{Once, SettingsError, SettingsFile},
    quiet::{Day, DayTime, Pause, QuietHours},
};

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
    /// How large everything in the window is.
    pub text_size: TextSize,
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
            text_size: TextSize::default(),
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

/// How large everything in the window is, beside how it was drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TextSize {
    /// 90 %.
    Small,
    /// 100 %.
    #[default]
    Usual,
    /// 110 %.
    Large,
    /// 125 %.
    Larger,
    /// 150 %.
    Largest,
}

impl TextSize {
    /// By how much everything is larger: 1 is as it was drawn.
    pub fn factor(self) -> f64 {
        match self {
            Self::Small => 0.9,
            Self::Usual => 1.0,
            Self::Large => 1.1,
            Self::Larger => 1.25,
            Self::Largest => 1.5,
        }
    }
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

#[cfg(test)]
mod tests;
