//! What is said to a contact, or to others of one: the facts of the case, and ready-made texts.

use hallmonitor_language::Language;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Time;

/// What the log says of one contact in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CaseFacts {
    /// Of whom.
    #[ts(type = "number")]
    pub contact_id: i64,
    /// `First Last`, or the e-mail address where both are missing.
    pub name: String,
    /// How many restrictions there are.
    #[ts(type = "number")]
    pub violations: i64,
    /// When the first of them happened; `None` where there are none.
    #[ts(type = "string | null")]
    pub first_violation_at: Option<Time>,
    /// When the newest of them happened.
    #[ts(type = "string | null")]
    pub newest_violation_at: Option<Time>,
    /// Devices that were used in the last 30 days.
    #[ts(type = "number")]
    pub devices: i64,
}

/// What a ready-made text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WarningKind {
    /// A friendly question: there may be a good reason.
    FirstWord,
    /// It goes on; what will follow.
    SecondWarning,
    /// The account was blocked, and how to object.
    Blocked,
}

impl WarningKind {
    /// All of them, mildest first.
    pub const ALL: [Self; 3] = [Self::FirstWord, Self::SecondWarning, Self::Blocked];

    /// The word it is kept as.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FirstWord => "first_word",
            Self::SecondWarning => "second_warning",
            Self::Blocked => "blocked",
        }
    }
}

/// A text to a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Warning {
    /// What it is for.
    pub kind: WarningKind,
    /// What it is written in.
    pub language: Language,
    /// As it is kept, with place holders: `Hello {name}`.
    pub template: String,
    /// Whether the owner has written it; else it is the one that a school begins with.
    pub is_own: bool,
    /// With the contact's facts in their places.
    pub text: String,
    /// Place holders in it that nothing is known for; they stand in the text as they are.
    pub unknown: Vec<String>,
}
