//! The way to a school's server: one method an endpoint, and all the care that a network needs in one place.
//!
//! Promises: the token goes to the server that the person named and to no other; an answer is bounded in size and time;
//! the server's limits are obeyed and a reserve is left to the owner's other tools; whatever comes back is either what
//! the contract says or an error that names the server and says what to do.

mod address;
mod budget;
mod client;
mod error;
mod events;
mod headers;
mod patience;
mod read;

pub use address::{BadAddress, ServerUrl};
pub use budget::RESERVE;
pub use client::{Limits, SchoolClient};
pub(crate) use error::plain;
pub use error::{SchoolError, Verdict};
pub use events::{EventsError, Nudges};
pub use patience::Patience;
pub(crate) use patience::{Pause, Trials};
pub(crate) use read::Answered;
pub use read::{BadPage, ChangesPage, ContactsPage, Unreadable};
