//! What *search everywhere* finds, and what was opened last.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Agent, Place};

/// Something that can be opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Hit {
    /// A contact's card.
    Contact {
        /// The contact's id.
        #[ts(type = "number")]
        id: i64,
        /// `First Last`, or the e-mail address where both are missing.
        name: String,
        /// The e-mail address.
        email: String,
        /// Restrictions that nobody has viewed.
        #[ts(type = "number")]
        unviewed: i64,
    },
    /// The logins from an address, or from a range of addresses (`91.198.36.0/24`).
    Address {
        /// The address or the range.
        address: String,
        /// Where the address is; of a range nothing.
        place: Place,
    },
    /// A device among all devices of the school.
    Device {
        /// The device's id.
        #[ts(type = "number")]
        id: i64,
        /// Whose it is.
        #[ts(type = "number")]
        contact_id: i64,
        /// As [`super::Login::contact_name`].
        contact_name: String,
        /// What the owner calls it.
        own_name: Option<String>,
        /// Browser, system and type.
        agent: Agent,
    },
}

/// What was opened: enough to find it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Opened {
    /// A contact's card.
    Contact {
        /// The contact's id.
        #[ts(type = "number")]
        id: i64,
    },
    /// The logins from an address or a range.
    Address {
        /// The address or the range.
        address: String,
    },
    /// A device.
    Device {
        /// The device's id.
        #[ts(type = "number")]
        id: i64,
    },
}

/// What a text finds in the whole school.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct FoundEverywhere {
    /// Contacts, then addresses, then devices; of each kind the best first. Of no text: what was opened last, the latest
    /// first.
    pub hits: Vec<Hit>,
}
