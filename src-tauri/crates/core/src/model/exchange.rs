//! The exchange with the school as window and tray show it, and the failures that stand in its way.

use serde::Serialize;
use ts_rs::TS;

use super::Time;

/// What the exchange with the server is doing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub enum SyncPhase {
    /// Nothing, until the next turn.
    #[default]
    Idle,
    /// Asking, with nothing to count yet.
    Connecting,
    /// Reading pages.
    Pulling {
        /// Entities read in this run.
        #[ts(type = "number")]
        done: u64,
        /// Entities still to come, the server's estimate.
        #[ts(type = "number | null")]
        remaining: Option<u64>,
    },
    /// The rows are here; the indexes of a first load are being made.
    Indexing,
    /// Sending decisions.
    Pushing {
        /// Decisions answered in this turn.
        #[ts(type = "number")]
        done: u64,
        /// Decisions still waiting.
        #[ts(type = "number")]
        remaining: u64,
    },
    /// Waiting because the server asks to come back later.
    Waiting {
        /// Seconds from when this was said.
        #[ts(type = "number")]
        seconds: u64,
    },
}

/// A failure as the window shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Problem {
    /// What the window acts on.
    pub code: ProblemCode,
    /// What happened and why, a sentence.
    pub message: String,
    /// What to do, a sentence; may be empty.
    pub hint: String,
}

/// The failures that the window treats differently from each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// No network, or the server does not answer (sensibly).
    Unreachable,
    /// The server refuses the token.
    TokenRefused,
    /// The server takes the token for reading, but no decisions with it.
    MayNotDecide,
    /// There is no token here: the person signed out, or the keyring has lost it.
    SignedOut,
    /// The profile needs its passphrase.
    Passphrase,
    /// The passphrase is wrong.
    WrongPassphrase,
    /// The keyring is absent or locked, or has lost the key.
    Keyring,
    /// The key is gone from memory until somebody unlocks.
    Locked,
    /// The cache file is damaged, from a newer version, or locked.
    Cache,
    /// There is no such profile, or none yet.
    NoProfile,
    /// The input can't be meant: the field is in the message.
    Invalid,
    /// What was asked for is not here (any more).
    NotFound,
    /// Anything else.
    Failed,
}

/// The exchange as the header shows it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
pub struct SyncState {
    /// What is going on.
    pub phase: SyncPhase,
    /// Why the last try failed; `None` after one that worked.
    pub problem: Option<Problem>,
    /// When the next try comes; `None` while one runs.
    #[ts(type = "string | null")]
    pub next_at: Option<Time>,
    /// Since when tries have failed.
    #[ts(type = "string | null")]
    pub failing_since: Option<Time>,
    /// What the server said last of the calls that it takes; `None` where it says nothing of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub budget: Option<CallBudget>,
}

/// The calls that a server takes in a minute of everybody who has this token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CallBudget {
    /// How many were left after the last one that was made here.
    #[ts(type = "number")]
    pub left: u64,
    /// Of how many.
    #[ts(type = "number")]
    pub limit: u64,
}
