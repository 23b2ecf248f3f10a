//! The owner's decisions: each has one effect, however often it is asked for.

mod erase;
mod judge;
mod perform;
mod shape;

pub(crate) use erase::erase_answers;
pub(crate) use perform::{Answered, perform};
pub(crate) use shape::{Asked, AskedActions};

/// Most actions in one body.
pub(crate) const MAX_ACTIONS: usize = 100;
