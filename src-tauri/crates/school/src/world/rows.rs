//! What a world leaves behind: rows as a school's database keeps them. Times are milliseconds since 1970, UTC.

use std::net::IpAddr;

use super::{names::Name, rules::Rule};

/// Who set a value last, when, and at which revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When.
    pub at: i64,
    /// A person at the school.
    pub by: &'static str,
    /// The revision of that change.
    pub rev: i64,
}

/// A student who has just joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewContact {
    /// From 1, in the order of joining.
    pub id: i64,
    /// Who.
    pub name: Name,
    /// When.
    pub created_at: i64,
    /// Ids of tags, from 1.
    pub tags: Vec<i64>,
    /// The revision of joining.
    pub rev: i64,
}

/// How a student stands at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContactState {
    /// Whose.
    pub id: i64,
    /// The newest activity of a session that was let in.
    pub last_activity_at: Option<i64>,
    /// Whether access control looks at them.
    pub checks_enabled: bool,
    /// Who switched that last.
    pub checks: Option<Mark>,
    /// The revision of the last change.
    pub rev: i64,
}

/// A browser's cookie in one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// From 1, in the order of first logins.
    pub id: i64,
    /// Whose account.
    pub contact_id: i64,
    /// The cookie, as 16 bytes; equal where two accounts used one browser.
    pub cookie: [u8; 16],
    /// As sent at the newest login.
    pub user_agent: String,
    /// The first login.
    pub first_seen_at: i64,
    /// The newest login or activity.
    pub last_seen_at: i64,
    /// Whether a login from it was ever let in.
    pub admitted: bool,
    /// Whether it may log in.
    pub blocked: bool,
    /// Who set that last.
    pub access: Option<Mark>,
    /// The revision of the last change.
    pub rev: i64,
}

/// One login, let in or refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// From 1, in the order of logins.
    pub id: i64,
    /// Who.
    pub contact_id: i64,
    /// From which device.
    pub device_id: Option<i64>,
    /// From where.
    pub ip: IpAddr,
    /// As sent.
    pub user_agent: String,
    /// The login.
    pub started_at: i64,
    /// The last thing done.
    pub last_activity_at: i64,
    /// `None` while it runs.
    pub ended_at: Option<i64>,
    /// `logout`, `expired`, `replaced` or `device_blocked`.
    pub end_reason: Option<&'static str>,
    /// Whether it was let in.
    pub allowed: bool,
    /// The revision of the last change.
    pub rev: i64,
}

/// One time that a rule acted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restriction {
    /// From 1, in the order of events.
    pub id: i64,
    /// On whom.
    pub contact_id: i64,
    /// The login's session.
    pub session_id: i64,
    /// The login's device.
    pub device_id: Option<i64>,
    /// When.
    pub occurred_at: i64,
    /// Why.
    pub rule: Rule,
    /// From where.
    pub ip: IpAddr,
    /// `login_denied` or `session_ended`.
    pub action: &'static str,
    /// Who looked at it; `None` where nobody did.
    pub viewed: Option<Mark>,
    /// The revision of the last change.
    pub rev: i64,
}

/// What a stretch of time brought, final but for the contacts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Rising in time.
    pub contacts: Vec<NewContact>,
    /// Rising in `rev`.
    pub sessions: Vec<Session>,
    /// Rising in `rev`.
    pub restrictions: Vec<Restriction>,
}

/// How everything stands at the end of the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// What had not come to an end.
    pub rows: Rows,
    /// Every contact.
    pub contacts: Vec<ContactState>,
    /// Every device.
    pub devices: Vec<Device>,
    /// The highest revision.
    pub rev: i64,
}
