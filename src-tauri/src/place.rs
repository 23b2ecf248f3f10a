//! Where the window shall lead, asked for from outside of it: by a notification, or from the tray's menu.

use serde::Serialize;

/// A place in a school's window.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Target {
    /// The school's id.
    pub(crate) school: String,
    pub(crate) place: Place,
}

/// A place in the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "screen", rename_all = "snake_case")]
pub(crate) enum Place {
    /// The contacts with unviewed restrictions.
    Violations,
    /// A contact's card at one of its restrictions.
    Restriction {
        /// Whose.
        contact: i64,
        /// Which.
        restriction: i64,
    },
    /// A contact's card.
    Contact {
        /// Whose.
        contact: i64,
    },
    /// The contacts that the person wanted to look at again by now.
    FollowUps,
    /// The Sync screen.
    Sync,
}
