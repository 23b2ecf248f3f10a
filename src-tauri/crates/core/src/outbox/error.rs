//! Why a decision can't be recorded, sent or settled.

use hallmonitor_language::Message;
use thiserror::Error;
use uuid::Uuid;

use crate::{cache::CacheError, model::EntryState, school::SchoolError};

/// What can go wrong with decisions.
#[derive(Debug, Error)]
pub enum OutboxError {
    /// There is nothing that could be decided about.
    NoTarget {
        /// `device`, `restriction` or `contact`.
        what: &'static str,
        /// Which.
        id: i64,
    },
    /// The server dropped the device or contact; only this machine still has it.
    OnlyHere {
        /// `device` or `contact`.
        what: &'static str,
        /// Which.
        id: i64,
    },
    /// The value does not fit the kind of decision.
    Misfit {
        /// The kind of decision.
        kind: &'static str,
        /// The value.
        value: &'static str,
    },
    /// The server has no login log.
    NoLoginLog,
    /// The school is being removed from this machine.
    Sealed,
    /// No decision of this id waits.
    Unknown(Uuid),
    /// It is in a state that this can't be done in.
    Elsewhere {
        /// Which.
        id: Uuid,
        /// Its state.
        state: EntryState,
        /// Whether a request left with it.
        left: bool,
    },
    /// Made by a later version of the program.
    Newer(Uuid),
    /// The cache could not be read or written.
    Cache(#[from] CacheError),
    /// The exchange with the server failed.
    School(#[from] SchoolError),
}

/// How it stands, as the catalogs choose by it.
fn standing(state: EntryState, left: bool) -> &'static str {
    match state {
        EntryState::Queued | EntryState::Sending if left => "left",
        EntryState::Queued | EntryState::Sending => "waits",
        EntryState::Conflict => "conflict",
        EntryState::Rejected => "rejected",
    }
}

impl OutboxError {
    /// What happened and why, a sentence.
    pub fn message(&self) -> Message {
        let about = |key, what: &str, id: i64| Message::new(key).with("what", what).with("id", id.to_string());
        match self {
            Self::NoTarget { what, id } => about("problem.not_found", what, *id),
            Self::OnlyHere { what, id } => about("problem.outbox.only_here", what, *id),
            Self::Misfit { kind, value } => {
                Message::new("problem.outbox.misfit").with("kind", *kind).with("value", *value)
            }
            Self::NoLoginLog => Message::new("problem.outbox.no_login_log"),
            Self::Sealed => Message::new("problem.outbox.sealed"),
            Self::Unknown(id) => Message::new("problem.outbox.unknown").with("id", id.to_string()),
            Self::Elsewhere { id, state, left } => Message::new("problem.outbox.standing")
                .with("id", id.to_string())
                .with("standing", standing(*state, *left)),
            Self::Newer(id) => Message::new("problem.outbox.newer").with("id", id.to_string()),
            Self::Cache(error) => error.message(),
            Self::School(error) => error.message(),
        }
    }

    /// What to do, a sentence.
    pub fn hint(&self) -> Message {
        Message::new(match self {
            Self::NoTarget { .. } => "problem.hint.check_number",
            Self::OnlyHere { .. } => "problem.hint.look_and_export",
            Self::Misfit { .. } => "problem.hint.fitting_value",
            Self::NoLoginLog => "problem.hint.needs_login_log",
            Self::Sealed => "problem.hint.sealed",
            Self::Unknown(_) => "problem.hint.list_outbox",
            Self::Elsewhere { state: EntryState::Conflict, .. } => "problem.hint.settle_conflict",
            Self::Elsewhere { state: EntryState::Rejected, .. } => "problem.hint.settle_rejected",
            Self::Elsewhere { .. } => "problem.hint.decide_opposite",
            Self::Newer(_) => "problem.hint.newer_again",
            Self::Cache(error) => return error.hint(),
            Self::School(error) => return error.hint(),
        })
    }
}
