//! Decisions that the server has not confirmed, as command line and window show them.

use hallmonitor_wire::Time;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::Agent;

/// Where a decision stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EntryState {
    /// Waits to be sent.
    Queued,
    /// Left, and no answer has come yet.
    Sending,
    /// Somebody else decided otherwise; the person chooses.
    Conflict,
    /// The server refused it; the person chooses.
    Rejected,
}

/// One decision that the server has not confirmed.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct OutboxEntry {
    /// Its idempotency key.
    #[ts(type = "string")]
    pub id: Uuid,
    /// `device_access`, `restriction_status`, `contact_checks`, or a later version's word.
    #[serde(rename = "type")]
    pub kind: String,
    /// The device's, restriction's or contact's id.
    #[ts(type = "number")]
    pub target_id: i64,
    /// What was decided: `allowed`, `blocked`, `not_viewed`, `viewed`, `on`, `off`, or a later version's word.
    pub value: String,
    /// Where it stands.
    pub state: EntryState,
    /// Requests that left with it.
    #[ts(type = "number")]
    pub attempts: i64,
    /// When the person decided.
    #[ts(type = "string")]
    pub decided_at: Time,
    /// Why it is still here, a sentence; `None` before the first try.
    pub last_error: Option<String>,
    /// The server's entity as it last answered.
    #[ts(type = "Record<string, unknown> | null")]
    pub current: Option<serde_json::Value>,
}

/// Why a decision is still here, as far as the window has words of its own for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EntryReason {
    /// No network, or the server does not answer sensibly.
    Unreachable,
    /// The server refuses the token: nothing leaves before there is a new one.
    TokenRefused,
    /// The server asked for it later.
    Later,
    /// Somebody else changed the same thing since.
    Conflict,
    /// The server does not know the target (any more).
    NotFound,
    /// The server says that it can't be meant.
    Invalid,
    /// The token has not the right.
    Forbidden,
    /// A later version of the program made it; this one can't send it.
    Newer,
}

/// A decision as the Sync screen lists it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Waiting {
    /// The decision.
    #[serde(flatten)]
    #[ts(flatten)]
    pub entry: OutboxEntry,
    /// Why it is still here; `None` before the first try.
    pub reason: Option<EntryReason>,
    /// The value that the person saw when deciding.
    pub seen: String,
    /// Not before then; `None` is at the next turn.
    #[ts(type = "string | null")]
    pub next_attempt_at: Option<Time>,
    /// Whether it can still be cancelled: no request left with it.
    pub can_cancel: bool,
    /// Whose device, restriction or checks; `None` where the target is not here any more.
    #[ts(type = "number | null")]
    pub contact_id: Option<i64>,
    /// `First Last`, or the e-mail address.
    pub contact_name: Option<String>,
    /// Browser and system, of a device or a restriction's device.
    #[serde(flatten)]
    #[ts(flatten)]
    pub agent: Agent,
    /// The rule of a restriction.
    pub rule_code: Option<String>,
    /// When a restriction happened.
    #[ts(type = "string | null")]
    pub occurred_at: Option<Time>,
}

/// What the person does with a decision that stands in the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// A conflict: send mine all the same, as a new decision.
    KeepMine,
    /// A conflict: let mine go.
    TakeTheirs,
    /// A refused one: send it again, as a new decision.
    Retry,
    /// A refused one: let it go.
    Dismiss,
    /// One that has not left: forget it.
    Cancel,
}

/// What blocking a device would do, said before it is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct BlockEffect {
    /// Which device.
    #[ts(type = "number")]
    pub device_id: i64,
    /// No other allowed device of the contact was used in the last 30 days.
    pub only_recent_device: bool,
    /// Running sessions that the block would end, as far as known here.
    #[ts(type = "number")]
    pub active_sessions: i64,
}

/// Why a contact's checks are off and until when, kept on this machine alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CheckException {
    /// Who.
    #[ts(type = "number")]
    pub contact_id: i64,
    /// `First Last`, or the e-mail address.
    pub contact_name: String,
    /// The owner's words; may be empty.
    pub reason: String,
    /// When the owner wants to be reminded to switch them on again; `None` is never.
    #[ts(type = "string | null")]
    pub until: Option<Time>,
    /// Whether that time has come.
    pub overdue: bool,
}
