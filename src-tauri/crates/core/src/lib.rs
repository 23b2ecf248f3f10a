//! Everything that is the product and has no window: the encrypted cache, the sync, the vault.
//!
//! [`App`] is the door that the window and the command line come through; the other rooms are public for their types.

pub mod agent;
mod app;
pub mod cache;
mod engine;
mod error;
pub mod export;
pub mod listing;
pub mod model;
mod outbox;
pub mod place;
mod profile;
pub mod pull;
pub mod school;
pub mod settings;
pub mod vault;
mod violations;

pub use app::{App, Connected, Connection, Glance, School, Synced, Wiped, default_data_dir};
pub use engine::{Engine, INTERVAL};
pub use error::Error;
pub use outbox::{OutboxError, Pushed, UNDO_MS, Urgency};
pub use violations::{MOST_AT_ONCE, Telling, Violation};
