//! Location databases that the owner has chosen.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Time;

/// A location database in the MaxMind DB format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LocationDatabase {
    /// What it calls itself: `GeoLite2-City`, `DBIP-ASN-Lite`.
    pub database_type: String,
    /// When it was made.
    #[ts(type = "string")]
    pub built_at: Time,
    /// Whether it knows countries.
    pub countries: bool,
    /// Whether it knows cities and where they are.
    pub cities: bool,
    /// Whether it knows whose a network is.
    pub networks: bool,
    /// What its licence asks to be shown beside its data; `None` where this program knows of nothing.
    pub attribution: Option<String>,
}

/// How far the addresses of a school are placed by the location databases in use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct Placing {
    /// Addresses that are still where an earlier choice has placed them.
    #[ts(type = "number")]
    pub left: i64,
    /// All addresses.
    #[ts(type = "number")]
    pub total: i64,
}

/// The location databases in use beside the one that comes with the program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct LocationDatabases {
    /// For countries and cities; `None`: countries only, from the one that comes with the program.
    pub places: Option<LocationDatabase>,
    /// For the owners of networks.
    pub networks: Option<LocationDatabase>,
}
