//! What the app shows: contacts, devices, sessions, restrictions with their **effective** values, and the questions
//! that lists answer.
//!
//! Field names are those of the School server API, so that the command line's JSON, the exports and the window say the
//! same. Every type here crosses the bridge to the window; the TypeScript side is generated from it.

use hallmonitor_wire::{Changed, Extra, Tag};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

mod card;
mod case;
mod evidence;
mod exchange;
mod find;
mod insight;
mod location;
mod outbox;
mod review;
mod view;

pub use card::{ActivityStrip, Lane, OtherUser, OtherUsers, Stretch, StripBar, StripMark, VisitedPlace};
pub use case::{CaseFacts, Warning, WarningKind};
pub use evidence::{EvidenceFiles, EvidenceQuery};
pub use exchange::{CallBudget, Problem, ProblemCode, SyncPhase, SyncState};
pub use find::{FoundEverywhere, Hit, Opened};
pub use hallmonitor_wire::{AccessControl, ActionType, ActionValue, Rule, Time};
pub(crate) use insight::FLAG_POINTS;
pub use insight::{
    AccessLimit, Doubt, Finding, FindingRow, Insight, InsightDetail, InsightQuery, InsightSettings, InsightStatus,
    NotChecked, Reached, SeenContact, SeenLogin, Sign, Weight, WhatIf, WhyNot, WouldFlag, WouldHit,
};
pub use location::{LocationDatabase, LocationDatabases, Placing};
pub use outbox::{BlockEffect, CheckException, EntryReason, EntryState, OutboxEntry, Resolution, Waiting};
pub use review::{
    BarSpan, CountryLogins, DeviceQuery, DeviceSort, JudgedContact, LoginBar, LoginQuery, LoginSummary, RuleCount,
    SchoolDevice, Verdict, VerdictFilter, VerdictKind, VerdictQuery, ViolationChoices, ViolationGroup, ViolationQuery,
};
pub use view::{Login, SavedView, View, Violation};

/// A student, as shown.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Contact {
    /// 1 to 2^53 - 1.
    #[ts(type = "number")]
    pub id: i64,
    /// `First Last`, or the e-mail address where both are missing.
    pub name: String,
    /// As the school wrote it.
    pub email: String,
    /// `None` where the school has none.
    pub first_name: Option<String>,
    /// `None` where the school has none.
    pub last_name: Option<String>,
    /// As the school wrote it.
    pub phone: Option<String>,
    /// When the contact was added.
    #[ts(type = "string")]
    pub created_at: Time,
    /// In the server's order.
    #[ts(type = "Array<{ id: number, name: string }>")]
    pub tags: Vec<Tag>,
    /// The last thing the student did; `None` where never.
    #[ts(type = "string | null")]
    pub last_activity_at: Option<Time>,
    /// Whether access control looks at this contact.
    pub checks_enabled: bool,
    /// Who switched the checks last.
    #[ts(type = "{ at: string, by: string } | null")]
    pub checks_changed: Option<Changed>,
    /// The revision that was read; `None` on a server without a login log.
    #[ts(type = "number | null")]
    pub rev: Option<i64>,
    /// Restrictions whose effective status is `not_viewed`.
    #[ts(type = "number")]
    pub unviewed: i64,
    /// Devices in the account.
    #[ts(type = "number")]
    pub devices: i64,
    /// How many of them may not log in.
    #[ts(type = "number")]
    pub blocked_devices: i64,
    /// A decision made here is shown and has not been confirmed.
    pub pending: bool,
    /// A decision made here was answered with somebody else's: the person has to choose.
    pub conflict: bool,
    /// A decision made here was refused by the server.
    pub rejected: bool,
    /// What the owner thinks of the contact (`sharing`, `harmless`, `watch`); kept on this machine, never sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub own_verdict: Option<String>,
    /// The owner's note on the contact; kept on this machine, never sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub own_note: Option<String>,
    /// When the owner wants to look again; kept on this machine, never sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "string")]
    pub own_follow_up_at: Option<Time>,
    /// Fields of a later version of the API.
    #[serde(flatten)]
    #[ts(skip)]
    pub extra: Extra,
}

/// One browser's cookie in one student's account, as shown.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Device {
    /// 1 to 2^53 - 1.
    #[ts(type = "number")]
    pub id: i64,
    /// Whose account.
    #[ts(type = "number")]
    pub contact_id: i64,
    /// A hash of the cookie.
    pub fingerprint: String,
    /// As the browser sent it.
    pub user_agent: String,
    /// Its first login.
    #[ts(type = "string")]
    pub first_seen_at: Time,
    /// Its last activity.
    #[ts(type = "string")]
    pub last_seen_at: Time,
    /// `allowed`, `blocked`, or a later word.
    pub access: String,
    /// Who set the access last.
    #[ts(type = "{ at: string, by: string } | null")]
    pub access_changed: Option<Changed>,
    /// The revision that was read.
    #[ts(type = "number")]
    pub rev: i64,
    /// Browser and system, from the user agent.
    #[serde(flatten)]
    #[ts(flatten)]
    pub agent: Agent,
    /// Place of its newest session.
    #[serde(flatten)]
    #[ts(flatten)]
    pub place: Place,
    /// Logins from it.
    #[ts(type = "number")]
    pub sessions: i64,
    /// Different addresses it was seen at.
    #[ts(type = "number")]
    pub ips: i64,
    /// Address of its newest session.
    pub last_ip: Option<String>,
    /// Other contacts with the same fingerprint.
    #[ts(type = "number")]
    pub also_used_by: i64,
    /// The owner's own name for it; kept on this machine, never sent.
    pub own_name: Option<String>,
    /// The devices that the owner says are this one, without itself, by id; kept on this machine, never sent.
    #[ts(type = "Array<number>")]
    pub same_as: Vec<i64>,
    /// A decision made here is shown and has not been confirmed.
    pub pending: bool,
    /// A decision made here was answered with somebody else's: the person has to choose.
    pub conflict: bool,
    /// A decision made here was refused by the server.
    pub rejected: bool,
    /// Fields of a later version of the API.
    #[serde(flatten)]
    #[ts(skip)]
    pub extra: Extra,
}

/// One login, as shown.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Session {
    /// 1 to 2^53 - 1.
    #[ts(type = "number")]
    pub id: i64,
    /// Who logged in.
    #[ts(type = "number")]
    pub contact_id: i64,
    /// From which device.
    #[ts(type = "number | null")]
    pub device_id: Option<i64>,
    /// IPv4 or IPv6, as the server wrote it.
    pub ip: String,
    /// As the browser sent it.
    pub user_agent: String,
    /// The login.
    #[ts(type = "string")]
    pub started_at: Time,
    /// The last thing done in it.
    #[ts(type = "string")]
    pub last_activity_at: Time,
    /// `None` while it runs.
    #[ts(type = "string | null")]
    pub ended_at: Option<Time>,
    /// `logout`, `expired`, `replaced`, `device_blocked`, or a later word.
    pub end_reason: Option<String>,
    /// `allowed`, `denied`, or a later word.
    pub outcome: String,
    /// The revision that was read.
    #[ts(type = "number")]
    pub rev: i64,
    /// Browser and system, from the user agent.
    #[serde(flatten)]
    #[ts(flatten)]
    pub agent: Agent,
    /// Where the address is.
    #[serde(flatten)]
    #[ts(flatten)]
    pub place: Place,
    /// Kept here though the server dropped it as too old.
    pub only_here: bool,
    /// The owner's own name for the device; kept on this machine, never sent.
    pub own_name: Option<String>,
    /// Fields of a later version of the API.
    #[serde(flatten)]
    #[ts(skip)]
    pub extra: Extra,
}

/// One time that access control acted, as shown.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Restriction {
    /// 1 to 2^53 - 1.
    #[ts(type = "number")]
    pub id: i64,
    /// On whom.
    #[ts(type = "number")]
    pub contact_id: i64,
    /// At which login.
    #[ts(type = "number | null")]
    pub session_id: Option<i64>,
    /// From which device.
    #[ts(type = "number | null")]
    pub device_id: Option<i64>,
    /// When.
    #[ts(type = "string")]
    pub occurred_at: Time,
    /// Why.
    #[ts(type = "{ code: string, text: string, limit: number | null, observed: number | null }")]
    pub rule: Rule,
    /// From where.
    pub ip: Option<String>,
    /// `login_denied`, `session_ended`, `reported`, or a later word.
    pub action: String,
    /// `not_viewed`, `viewed`, or a later word.
    pub status: String,
    /// Who set the status last.
    #[ts(type = "{ at: string, by: string } | null")]
    pub status_changed: Option<Changed>,
    /// The revision that was read.
    #[ts(type = "number")]
    pub rev: i64,
    /// Browser and system of the device or the login.
    #[serde(flatten)]
    #[ts(flatten)]
    pub agent: Agent,
    /// Where the address is.
    #[serde(flatten)]
    #[ts(flatten)]
    pub place: Place,
    /// Kept here though the server dropped it as too old.
    pub only_here: bool,
    /// The owner's own name for the device; kept on this machine, never sent.
    pub own_name: Option<String>,
    /// A decision made here is shown and has not been confirmed.
    pub pending: bool,
    /// A decision made here was answered with somebody else's: the person has to choose.
    pub conflict: bool,
    /// A decision made here was refused by the server.
    pub rejected: bool,
    /// Fields of a later version of the API.
    #[serde(flatten)]
    #[ts(skip)]
    pub extra: Extra,
}

/// What a user agent says of the browser that sent it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Agent {
    /// Family and major version (`Chrome 131`); `None` where unknown.
    pub browser: Option<String>,
    /// Family and version (`Windows 10`, `iOS 18`); `None` where unknown.
    pub os: Option<String>,
    /// `desktop`, `mobile`, `tablet`, `bot` or `unknown`.
    pub device_type: String,
}

/// Where an address is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Place {
    /// ISO 3166-1 alpha-2 (`UA`); `None` where unknown.
    pub country: Option<String>,
    /// English name; `None` where unknown, and always with the bundled country database.
    pub city: Option<String>,
    /// `private`, `loopback`, `link_local`, `reserved`: why an address has no country; `None` for public addresses.
    pub network_kind: Option<String>,
    /// Whose the network is (`Kyivstar PJSC`), where a location database says so; left out where unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub network: Option<String>,
}

/// Which column contacts are sorted by. Those that were never active count as active before all others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ContactSort {
    /// The last thing the student did.
    #[default]
    LastActivity,
    /// `First Last`, folded.
    Name,
    /// Folded.
    Email,
    /// Number of devices.
    Devices,
    /// Number of unviewed restrictions.
    Unviewed,
    /// Checks off first or last.
    Checks,
}

/// Which contacts, in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct ContactQuery {
    /// Words that all must be found in name, e-mail, phone or tags.
    pub search: String,
    /// Only those with unviewed restrictions.
    pub unviewed: bool,
    /// Only those whose checks are off.
    pub checks_off: bool,
    /// Only those with a blocked device.
    pub blocked_device: bool,
    /// By which column.
    pub sort: ContactSort,
    /// Smallest first instead of largest first.
    pub ascending: bool,
    /// Which rows of the answer.
    pub page: PageRequest,
}

/// Which sessions, devices or restrictions; newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct LogQuery {
    /// Only this contact's.
    #[ts(type = "number | null")]
    pub contact_id: Option<i64>,
    /// Only this device's (sessions and restrictions).
    #[ts(type = "number | null")]
    pub device_id: Option<i64>,
    /// Words that all must be found.
    pub search: String,
    /// Only `not_viewed` ones (restrictions).
    pub unviewed: bool,
    /// Which rows of the answer.
    pub page: PageRequest,
}

/// Which rows of a list. Keyset: `after` names the last row that is known, so no page costs more than another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct PageRequest {
    /// `next` of an earlier page of the same question; `None` for the beginning.
    pub after: Option<String>,
    /// Rows to leap over after that: for a scrollbar that was dragged. 0 to 1,000,000.
    pub skip: u32,
    /// At most this many rows; 0 is all.
    pub limit: u32,
    /// Whether `total` is wanted; it costs a count.
    pub count: bool,
}

/// Some rows of a list.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Page<T> {
    /// In the list's order.
    pub rows: Vec<T>,
    /// Goes into `after` for the rows behind these; `None` at the end.
    pub next: Option<String>,
    /// All rows of the answer, where asked for.
    #[ts(type = "number | null")]
    pub total: Option<i64>,
}

/// A contact with what its card's tabs count.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ContactCard {
    /// Who.
    pub contact: Contact,
    /// Logins known here.
    #[ts(type = "number")]
    pub sessions: i64,
    /// Restrictions known here.
    #[ts(type = "number")]
    pub restrictions: i64,
}

/// What is on this machine of one school, and how old it is.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Status {
    /// The profile's name.
    pub profile: String,
    /// The server's address.
    pub server: String,
    /// The school's name; empty where the server does not say.
    pub cabinet_name: String,
    /// Whether the server has a login log; else contacts only.
    pub login_log: bool,
    /// When a sync last reached the end; `None` before the first.
    #[ts(type = "string | null")]
    pub last_sync_at: Option<Time>,
    /// Rows here.
    #[ts(type = "number")]
    pub contacts: i64,
    /// Rows here.
    #[ts(type = "number")]
    pub devices: i64,
    /// Rows here.
    #[ts(type = "number")]
    pub sessions: i64,
    /// Rows here.
    #[ts(type = "number")]
    pub restrictions: i64,
    /// Restrictions whose effective status is `not_viewed`.
    #[ts(type = "number")]
    pub unviewed: i64,
    /// Unsent and unsettled decisions.
    pub outbox: OutboxCounts,
    /// Entities of the server that could not be read, kept aside.
    #[ts(type = "number")]
    pub unreadable: i64,
}

/// Unsent and unsettled decisions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct OutboxCounts {
    /// Waiting or on their way.
    #[ts(type = "number")]
    pub queued: i64,
    /// Somebody else decided differently.
    #[ts(type = "number")]
    pub conflict: i64,
    /// Refused by the server.
    #[ts(type = "number")]
    pub rejected: i64,
}

/// An entity of the server that could not be read, kept aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct UnreadableRow {
    /// `contact`, `device`, `session`, `restriction`, `access_control` or `deleted` (a tombstone).
    pub kind: String,
    /// Its id, or a digest of its text where that is unreadable too.
    pub reference: String,
    /// Why it can't be read.
    pub reason: String,
    /// When it came last.
    #[ts(type = "string")]
    pub seen_at: Time,
}

/// One school known on this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ProfileInfo {
    /// 1 to 64 characters.
    pub name: String,
    /// The server's address.
    pub server: String,
    /// Whether it is opened with a passphrase instead of the keyring.
    pub passphrase: bool,
    /// Whether a passphrase opens it where the keyring does not.
    pub recovery: bool,
}
