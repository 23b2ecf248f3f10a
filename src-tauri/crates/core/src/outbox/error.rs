//! Why a decision can't be recorded, sent or settled.

use thiserror::Error;
use uuid::Uuid;

use crate::{cache::CacheError, model::EntryState, school::SchoolError};

/// What can go wrong with decisions. Each text is a sentence for a person.
#[derive(Debug, Error)]
pub enum OutboxError {
    /// There is nothing that could be decided about.
    #[error("there is no {what} {id} here")]
    NoTarget {
        /// `device`, `restriction` or `contact`.
        what: &'static str,
        /// Which.
        id: i64,
    },
    /// The server dropped the device or contact; only this machine still has it.
    #[error("{what} {id} is only here: the school's server has dropped it, so nothing can be decided about it")]
    OnlyHere {
        /// `device` or `contact`.
        what: &'static str,
        /// Which.
        id: i64,
    },
    /// The value does not fit the kind of decision.
    #[error("{value} is no value of {kind}")]
    Misfit {
        /// The kind of decision.
        kind: &'static str,
        /// The value.
        value: &'static str,
    },
    /// The server has no login log.
    #[error("this school's server has no login log, so it takes no decisions")]
    NoLoginLog,
    /// No decision of this id waits.
    #[error("there is no decision {0} in the outbox")]
    Unknown(Uuid),
    /// It is in a state that this can't be done in.
    #[error("decision {id} can't be settled so: it {}", standing(*.state, *.left))]
    Elsewhere {
        /// Which.
        id: Uuid,
        /// Its state.
        state: EntryState,
        /// Whether a request left with it.
        left: bool,
    },
    /// Made by a later version of the program.
    #[error("decision {0} was made by a newer version of Hallmonitor, which alone can settle it")]
    Newer(Uuid),
    /// The cache could not be read or written.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// The exchange with the server failed.
    #[error(transparent)]
    School(#[from] SchoolError),
}

fn standing(state: EntryState, left: bool) -> &'static str {
    match state {
        EntryState::Queued | EntryState::Sending if left => "has left already, and the server's answer is waited for",
        EntryState::Queued | EntryState::Sending => "waits to be sent",
        EntryState::Conflict => "is in conflict with somebody else's",
        EntryState::Rejected => "was refused by the server",
    }
}

impl OutboxError {
    /// What to do, a sentence.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoTarget { .. } => "Check the number; a sync brings what is new.",
            Self::OnlyHere { .. } => "It can still be looked at and exported.",
            Self::Misfit { .. } => "Choose one of the values that this kind of decision has.",
            Self::NoLoginLog => "Contacts can be looked at; blocks, viewed marks and checks need the login log.",
            Self::Unknown(_) => "List the outbox: it may have been confirmed or settled meanwhile.",
            Self::Elsewhere { state: EntryState::Conflict, .. } => {
                "Keep mine (keep-mine) or take theirs (take-theirs)."
            }
            Self::Elsewhere { state: EntryState::Rejected, .. } => "Send it again (retry) or let it go (dismiss).",
            Self::Elsewhere { .. } => "Decide the opposite; it is sent behind the first one where that has left.",
            Self::Newer(_) => "Install the newer version of Hallmonitor again.",
            Self::Cache(error) => error.hint(),
            Self::School(error) => error.hint(),
        }
    }
}
