//! Everything that is the product and has no window: the encrypted cache, the sync, the vault.
//!
//! [`App`] is the door that the window and the command line come through; the other rooms are public for their types.

#![forbid(unsafe_code)]

pub mod agent;
mod app;
mod beside;
pub mod cache;
mod clock;
mod engine;
mod error;
pub mod export;
mod follow_ups;
mod hex;
mod in_place;
mod insight;
pub mod legible;
pub mod listing;
mod location;
pub mod model;
mod outbox;
pub mod place;
mod profile;
pub mod pull;
pub mod school;
mod sentry;
pub mod settings;
mod trouble;
pub mod vault;
mod violations;
mod warning;
pub mod words;

pub use app::{App, Connected, Connection, Glance, Looked, Profiles, School, Synced, Wiped, Wiping, default_data_dir};
pub use engine::{Engine, INTERVAL};
pub use error::Error;
pub use follow_ups::{FollowUp, Reminder};
pub use in_place::put_in_place;
pub use outbox::{OutboxError, Pushed, UNDO_MS, Urgency};
pub use sentry::Sentry;
pub use trouble::Trouble;
pub use violations::{AT_ONCE, MOST_AT_ONCE, News, Telling, Violation};
pub use warning::PLACE_HOLDERS;
