//! Decisions on their way to the school's server: each reaches it exactly once, or stands here with its reason.
//!
//! ```text
//! queued --picked, attempts+1 committed--> sending --applied--> gone (mirror written in the same transaction)
//!                                          sending --conflict--> conflict --keep mine--> queued (new id, force)
//!                                                                         --take theirs--> gone
//!                                          sending --not_found, invalid, forbidden--> rejected --retry (new id) | dismiss
//!                                          sending --retry, 429, 5xx, no network--> queued, later
//!                                          sending --401--> queued; everything waits for a new token
//! ```
//!
//! A decision's id is its idempotency key; once a request left with it, id and content never change. Decisions on one
//! target are a lane: one is under way, a newer one waits behind it or takes its place. Judgements are pure (`lane`,
//! `judge`, `later`); the other rooms read, judge and write in one transaction.

mod entry;
mod error;
mod exceptions;
mod judge;
mod lane;
mod later;
mod rebase;
mod record;
mod resolve;
mod seal;
mod send;
mod settle;
mod show;
#[cfg(test)]
mod tests;

pub use error::OutboxError;
pub(crate) use exceptions::{list as check_exceptions, note as note_check_exception};
pub(crate) use rebase::rebase;
pub(crate) use record::{excuse, record};
pub(crate) use resolve::resolve;
pub(crate) use seal::seal;
pub(crate) use send::push;
pub use send::{Pushed, UNDO_MS, Urgency};
