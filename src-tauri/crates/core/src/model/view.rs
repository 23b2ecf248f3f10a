//! Views of the whole school: their rows with the people's names, and the ones that the owner keeps under a name.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ContactQuery, DeviceQuery, InsightQuery, LoginQuery, Restriction, Session, ViolationQuery};

/// A login with the name of who logged in.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Login {
    /// As everywhere.
    #[serde(flatten)]
    #[ts(flatten)]
    pub session: Session,
    /// `First Last`, or the e-mail address where both are missing; empty where the contact is not here.
    pub contact_name: String,
}

/// A restriction with the name of whom it hit.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Violation {
    /// As everywhere.
    #[serde(flatten)]
    #[ts(flatten)]
    pub restriction: Restriction,
    /// As in [`Login`].
    pub contact_name: String,
}

/// A list and what narrows it; which page of it is of no matter.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(tag = "list", content = "query", rename_all = "snake_case")]
pub enum View {
    /// Contacts, in the order that is asked for.
    Contacts(ContactQuery),
    /// Every login, newest first.
    Logins(LoginQuery),
    /// Every device, in the order that is asked for.
    Devices(DeviceQuery),
    /// Every restriction, those that nobody has viewed first.
    Violations(ViolationQuery),
    /// Contacts of whom the log suggests something, most points first.
    Insights(InsightQuery),
}

/// A view that the owner keeps, on this machine alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SavedView {
    /// What the owner calls it; one list has no two of the same name.
    pub name: String,
    /// What it shows.
    pub view: View,
}
