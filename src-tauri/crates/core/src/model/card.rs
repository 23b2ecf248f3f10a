//! A contact's card beside its lists: when which device was at work, where, and who else was there.

use serde::Serialize;
use ts_rs::TS;

use super::{Agent, Rule, Time};

/// When a contact was at work, drawn: one lane a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ActivityStrip {
    /// Where it begins.
    #[ts(type = "string")]
    pub from: Time,
    /// Where it ends.
    #[ts(type = "string")]
    pub until: Time,
    /// Last used first; at most 30.
    pub lanes: Vec<Lane>,
    /// Devices that were used too and have no lane here.
    #[ts(type = "number")]
    pub other_devices: i64,
    /// When two or more devices were at work at once, oldest first.
    pub overlaps: Vec<Stretch>,
    /// Restrictions, oldest first; the newest 2,000.
    pub marks: Vec<StripMark>,
    /// Whether older logins of this time were left out: there are more than 20,000.
    pub cut: bool,
}

/// What one device did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Lane {
    /// Which; `None` for logins that no device was made of.
    #[ts(type = "number | null")]
    pub device_id: Option<i64>,
    /// Browser and system, from the user agent.
    #[serde(flatten)]
    #[ts(flatten)]
    pub agent: Agent,
    /// The owner's own name for it.
    pub own_name: Option<String>,
    /// The effective access: `allowed`, `blocked`, or a later word; `None` where the device is not here.
    pub access: Option<String>,
    /// Oldest first.
    pub bars: Vec<StripBar>,
}

/// One login, or some that lie too close together to be told apart at this zoom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct StripBar {
    /// The first login.
    #[ts(type = "string")]
    pub from: Time,
    /// The last activity.
    #[ts(type = "string")]
    pub until: Time,
    /// The newest login in it.
    #[ts(type = "number")]
    pub session_id: i64,
    /// How many logins.
    #[ts(type = "number")]
    pub sessions: i64,
    /// How many of them were refused.
    #[ts(type = "number")]
    pub denied: i64,
}

/// A stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Stretch {
    /// Where it begins.
    #[ts(type = "string")]
    pub from: Time,
    /// Where it ends.
    #[ts(type = "string")]
    pub until: Time,
}

/// A restriction on the strip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct StripMark {
    /// Which.
    #[ts(type = "number")]
    pub restriction_id: i64,
    /// When.
    #[ts(type = "string")]
    pub at: Time,
    /// Why.
    #[ts(type = "{ code: string, text: string, limit: number | null, observed: number | null }")]
    pub rule: Rule,
    /// From which device.
    #[ts(type = "number | null")]
    pub device_id: Option<i64>,
    /// `not_viewed`, `viewed`, or a later word: the effective one.
    pub status: String,
}

/// A place that a contact logged in from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct VisitedPlace {
    /// ISO 3166-1 alpha-2; `None` where not known.
    pub country: Option<String>,
    /// English name; `None` where not known.
    pub city: Option<String>,
    /// `private`, `loopback`, `link_local`, `reserved`: why there is no country.
    pub network_kind: Option<String>,
    /// How many logins.
    #[ts(type = "number")]
    pub logins: i64,
    /// From how many addresses.
    #[ts(type = "number")]
    pub addresses: i64,
    /// The first login from there.
    #[ts(type = "string")]
    pub first_at: Time,
    /// The last one.
    #[ts(type = "string")]
    pub last_at: Time,
}

/// Somebody else at the same address or device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct OtherUser {
    /// Who.
    #[ts(type = "number")]
    pub contact_id: i64,
    /// `First Last`, or the e-mail address where both are missing.
    pub name: String,
    /// As the school wrote it.
    pub email: String,
    /// Their logins there.
    #[ts(type = "number")]
    pub logins: i64,
    /// The last one; of a device when it was last seen.
    #[ts(type = "string")]
    pub last_at: Time,
}

/// Who else uses an address or a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct OtherUsers {
    /// Last seen first; at most 100.
    pub users: Vec<OtherUser>,
    /// Whether there are more, or older logins from there were not looked at.
    pub more: bool,
}
