//! The School server API as types: what travels between the app and a school's server, and nothing else.
//!
//! Shared by the client (`hallmonitor-core`) and the reference server (`hallmonitor-school`), so that both mean the
//! same by the same word. Readers keep what they do not know: unknown fields stand in `extra`, unknown words of an
//! enumeration in its `Other`.

#![forbid(unsafe_code)]

mod action;
mod entity;
mod page;
mod time;
mod word;

pub use action::{Action, ActionResult, ActionType, ActionValue, Actions, Outcome};
pub use entity::{AccessControl, Changed, Contact, Device, Extra, Restriction, Rule, Session, Tag};
pub use page::{
    Answer, CabinetInfo, Capabilities, Changes, ChangesMeta, ContactsMeta, Deleted, DeletedReason, ErrorBody, Paged,
};
pub use time::{BadTime, Time};
pub use word::{Access, ConcurrentPolicy, EntityType, IpMode, LogStatus, SessionOutcome};

/// The largest id and the largest `rev`: 2^53 - 1, what a JSON number keeps exactly in every language.
pub const MAX_ID: i64 = (1 << 53) - 1;

/// The largest body of an answer, unpacked: 64 MiB.
pub const MAX_BODY: usize = 64 << 20;

/// Names of the headers that both sides use.
pub mod header {
    /// The API token.
    pub const TOKEN: &str = "token";
    /// Which cabinet (tenant) the call is about.
    pub const CABINET_HASH: &str = "cabinet-hash";
    /// The language of texts made for people.
    pub const LANGUAGE: &str = "x-language";
    /// Calls allowed in a minute.
    pub const RATE_LIMIT: &str = "x-ratelimit-limit";
    /// Calls left in this minute.
    pub const RATE_REMAINING: &str = "x-ratelimit-remaining";
    /// When calls are allowed again, Unix seconds.
    pub const RATE_RESET: &str = "x-ratelimit-reset";
}
