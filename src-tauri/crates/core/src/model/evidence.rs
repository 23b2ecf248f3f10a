//! What can be shown to others of one contact.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Time;

/// Of whom and of which time a report is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EvidenceQuery {
    /// Of whom.
    #[ts(type = "number")]
    pub contact_id: i64,
    /// Logins that began at this time or later.
    #[ts(type = "string")]
    pub from: Time,
    /// Logins that began before this time.
    #[ts(type = "string")]
    pub until: Time,
}

/// A report that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct EvidenceFiles {
    /// The report: one HTML file, which prints to pages.
    pub report: String,
    /// The table of all its logins: CSV.
    pub table: String,
    /// How many logins are in the table.
    #[ts(type = "number")]
    pub logins: i64,
    /// How many restrictions are in the report.
    #[ts(type = "number")]
    pub restrictions: i64,
}
