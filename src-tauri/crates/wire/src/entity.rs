//! What the school's server keeps: contacts, devices, sessions, restrictions, access control.

use serde::{Deserialize, Serialize};

use crate::{Access, ConcurrentPolicy, IpMode, LogStatus, SessionOutcome, Time};

/// Fields that this version does not know, kept as they came.
pub type Extra = serde_json::Map<String, serde_json::Value>;

/// Who set a value last, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Changed {
    /// When.
    pub at: Time,
    /// A person's name, or `system`.
    pub by: String,
}

/// A label that the school puts on contacts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Tag {
    /// Unique among the cabinet's tags.
    pub id: i64,
    /// As the school wrote it.
    pub name: String,
}

fn yes() -> bool {
    true
}

/// A student of the school.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Contact {
    /// 1 to 2^53 - 1.
    pub id: i64,
    /// As the school wrote it.
    pub email: String,
    /// `None` where the school has none.
    #[serde(default)]
    pub first_name: Option<String>,
    /// `None` where the school has none.
    #[serde(default)]
    pub last_name: Option<String>,
    /// As the school wrote it.
    #[serde(default)]
    pub phone: Option<String>,
    /// When the contact was added.
    pub created_at: Time,
    /// In the server's order.
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// The last thing the student did on the platform; written at most once in 30 seconds.
    #[serde(default)]
    pub last_activity_at: Option<Time>,
    /// Whether access control looks at this contact.
    #[serde(default = "yes")]
    #[cfg_attr(feature = "schema", schema(default = true))]
    pub checks_enabled: bool,
    /// Who switched the checks last.
    #[serde(default)]
    pub checks_changed: Option<Changed>,
    /// The cabinet's revision at the last change; absent on a server without a login log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = i64, required = false))]
    pub rev: Option<i64>,
    /// Fields of a later version.
    #[serde(flatten)]
    #[cfg_attr(feature = "schema", schema(ignore))]
    pub extra: Extra,
}

/// One browser's cookie in one student's account. Two browsers on one computer are two devices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Device {
    /// 1 to 2^53 - 1.
    pub id: i64,
    /// Whose account.
    pub contact_id: i64,
    /// A hash of the cookie; equal for two contacts where both used the same browser.
    pub fingerprint: String,
    /// As the browser sent it; empty where it sent none.
    #[serde(default)]
    pub user_agent: String,
    /// Its first login.
    pub first_seen_at: Time,
    /// Its last activity.
    pub last_seen_at: Time,
    /// Whether it may log in.
    pub access: Access,
    /// Who set the access last.
    #[serde(default)]
    pub access_changed: Option<Changed>,
    /// The cabinet's revision at the last change.
    pub rev: i64,
    /// Fields of a later version.
    #[serde(flatten)]
    #[cfg_attr(feature = "schema", schema(ignore))]
    pub extra: Extra,
}

/// One login, let in or refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Session {
    /// 1 to 2^53 - 1.
    pub id: i64,
    /// Who logged in.
    pub contact_id: i64,
    /// From which device; `None` where none was made.
    #[serde(default)]
    pub device_id: Option<i64>,
    /// IPv4 or IPv6.
    pub ip: String,
    /// As the browser sent it; empty where it sent none.
    #[serde(default)]
    pub user_agent: String,
    /// The login.
    pub started_at: Time,
    /// The last thing done in it.
    pub last_activity_at: Time,
    /// `None` while it runs.
    #[serde(default)]
    pub ended_at: Option<Time>,
    /// `logout`, `expired`, `replaced`, `device_blocked`, or a later word.
    #[serde(default)]
    pub end_reason: Option<String>,
    /// Let in or refused.
    pub outcome: SessionOutcome,
    /// The cabinet's revision at the last change.
    pub rev: i64,
    /// Fields of a later version.
    #[serde(flatten)]
    #[cfg_attr(feature = "schema", schema(ignore))]
    pub extra: Extra,
}

/// The rule of access control that acted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Rule {
    /// `ip_blocked`, `ip_not_listed`, `concurrent_sessions`, `device_limit`, `device_blocked`, or a later word.
    pub code: String,
    /// For a person, in the language of the request.
    pub text: String,
    /// What is allowed.
    #[serde(default)]
    pub limit: Option<i64>,
    /// What was seen.
    #[serde(default)]
    pub observed: Option<i64>,
}

/// One time that the school's access control acted on a student.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Restriction {
    /// 1 to 2^53 - 1.
    pub id: i64,
    /// On whom.
    pub contact_id: i64,
    /// At which login.
    #[serde(default)]
    pub session_id: Option<i64>,
    /// From which device.
    #[serde(default)]
    pub device_id: Option<i64>,
    /// When.
    pub occurred_at: Time,
    /// Why.
    pub rule: Rule,
    /// From where.
    #[serde(default)]
    pub ip: Option<String>,
    /// `login_denied`, `session_ended`, `reported`, or a later word.
    pub action: String,
    /// *Log status*.
    pub status: LogStatus,
    /// Who set the status last.
    #[serde(default)]
    pub status_changed: Option<Changed>,
    /// The cabinet's revision at the last change.
    pub rev: i64,
    /// Fields of a later version.
    #[serde(flatten)]
    #[cfg_attr(feature = "schema", schema(ignore))]
    pub extra: Extra,
}

/// The school's settings that restrictions come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AccessControl {
    /// What is done with `ip_ranges`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = IpMode, required = false))]
    pub ip_mode: Option<IpMode>,
    /// Addresses and CIDR ranges.
    #[serde(default)]
    pub ip_ranges: Vec<String>,
    /// How many sessions may run at once; `None` is any number.
    #[serde(default)]
    pub max_concurrent_sessions: Option<i64>,
    /// What happens at one too many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = ConcurrentPolicy, required = false))]
    pub concurrent_policy: Option<ConcurrentPolicy>,
    /// How many devices a contact may have; `None` is any number.
    #[serde(default)]
    pub max_devices: Option<i64>,
    /// After how many minutes without activity a session ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = i64, required = false))]
    pub session_timeout_minutes: Option<i64>,
    /// The cabinet's revision at the last change.
    pub rev: i64,
    /// Fields of a later version.
    #[serde(flatten)]
    #[cfg_attr(feature = "schema", schema(ignore))]
    pub extra: Extra,
}
