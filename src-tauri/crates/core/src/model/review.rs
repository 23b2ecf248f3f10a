//! The school as a whole: every login, every violation, every device, and what the owner noted of them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Device, PageRequest, Time};

/// Which logins of the school; newest first. An empty text and `None` are no condition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct LoginQuery {
    /// Words that all must be found.
    pub search: String,
    /// Only this contact's.
    #[ts(type = "number | null")]
    pub contact_id: Option<i64>,
    /// Only this device's.
    #[ts(type = "number | null")]
    pub device_id: Option<i64>,
    /// An IPv4 or IPv6 address, or a range (`91.198.36.0/24`).
    pub address: String,
    /// ISO 3166-1 alpha-2; `-` for those whose country is not known.
    pub country: Option<String>,
    /// `public`, `private`, `loopback`, `link_local`, `reserved`, or `hosting` where the location database knows.
    pub network_kind: Option<String>,
    /// `desktop`, `mobile`, `tablet`, `bot` or `unknown`.
    pub device_type: Option<String>,
    /// A family (`Chrome`) or a family with its version (`Chrome 131`).
    pub browser: Option<String>,
    /// A family (`Windows`) or a family with its version (`Windows 10`).
    pub os: Option<String>,
    /// `allowed`, `denied`, or a later word.
    pub outcome: Option<String>,
    /// `logout`, `expired`, `replaced`, `device_blocked`, or a later word.
    pub end_reason: Option<String>,
    /// Only those that have not ended.
    pub running: bool,
    /// Begun at this time or later.
    #[ts(type = "string | null")]
    pub from: Option<Time>,
    /// Begun before this time.
    #[ts(type = "string | null")]
    pub until: Option<Time>,
    /// Which rows of the answer. `count` is not answered: [`LoginSummary::total`] says it.
    pub page: PageRequest,
}

/// What one bar of a histogram spans, by the clock that times are read off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BarSpan {
    /// 60 minutes.
    Hour,
    /// From midnight.
    Day,
    /// From Monday.
    Week,
    /// Of the calendar.
    Month,
    /// Of the calendar.
    Year,
}

/// Logins in one bar of a histogram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LoginBar {
    /// Where the bar begins, UTC.
    #[ts(type = "string")]
    pub at: Time,
    /// Where the next one begins.
    #[ts(type = "string")]
    pub end: Time,
    /// How many began in it.
    #[ts(type = "number")]
    pub logins: i64,
}

/// Logins from one country.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CountryLogins {
    /// ISO 3166-1 alpha-2; `None` where not known.
    pub country: Option<String>,
    /// How many.
    #[ts(type = "number")]
    pub logins: i64,
}

/// All logins that a question asks for, counted: how many, when, from where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LoginSummary {
    /// How many.
    #[ts(type = "number")]
    pub total: i64,
    /// What a bar spans: so long that there are at most some 200.
    pub span: BarSpan,
    /// Oldest first, those without logins among them. The first and the last may reach beyond `from` and `until`.
    pub bars: Vec<LoginBar>,
    /// Most first.
    pub countries: Vec<CountryLogins>,
    /// Where the first login or the asked range begins; `None` where there are none.
    #[ts(type = "string | null")]
    pub from: Option<Time>,
    /// Where the last login or the asked range ends.
    #[ts(type = "string | null")]
    pub until: Option<Time>,
    /// Only logins from here on are counted, the newest ones: a question that no index answers looks at so many only.
    #[ts(type = "string | null")]
    pub counted_from: Option<Time>,
    /// Whether days are still to be counted in the background; the numbers may grow.
    pub counting: bool,
}

/// Which violations; those that nobody has viewed come first, then the newest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct ViolationQuery {
    /// Words that all must be found.
    pub search: String,
    /// Only this contact's.
    #[ts(type = "number | null")]
    pub contact_id: Option<i64>,
    /// The code of the rule.
    pub rule: Option<String>,
    /// ISO 3166-1 alpha-2; `-` for those whose country is not known.
    pub country: Option<String>,
    /// `not_viewed`, `viewed`, or a later word: the effective one.
    pub status: Option<String>,
    /// What the owner thinks of the contact; see [`VerdictFilter`].
    pub verdict: Option<VerdictFilter>,
    /// At this time or later.
    #[ts(type = "string | null")]
    pub from: Option<Time>,
    /// Before this time.
    #[ts(type = "string | null")]
    pub until: Option<Time>,
    /// Which rows of the answer.
    pub page: PageRequest,
}

/// Violations of one contact, counted.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ViolationGroup {
    /// Whose.
    #[ts(type = "number")]
    pub contact_id: i64,
    /// `First Last`, or the e-mail address where both are missing.
    pub name: String,
    /// As the school wrote it.
    pub email: String,
    /// How many match.
    #[ts(type = "number")]
    pub restrictions: i64,
    /// How many of those nobody has viewed.
    #[ts(type = "number")]
    pub unviewed: i64,
    /// When the newest of them happened.
    #[ts(type = "string")]
    pub newest_at: Time,
    /// How many of them by each rule, most first.
    pub rules: Vec<RuleCount>,
    /// Whether access control looks at this contact.
    pub checks_enabled: bool,
    /// A decision about that made here is shown and has not been confirmed.
    pub pending: bool,
    /// One was answered with somebody else's: the person has to choose.
    pub conflict: bool,
    /// One was refused by the server.
    pub rejected: bool,
    /// What the owner noted.
    pub verdict: Option<Verdict>,
}

/// Violations of one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RuleCount {
    /// The code of the rule.
    pub code: String,
    /// How many.
    #[ts(type = "number")]
    pub restrictions: i64,
}

/// What the owner thinks of a contact. Never sent anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VerdictKind {
    /// The account is passed around.
    Sharing,
    /// What looks like it has a good reason.
    Harmless,
    /// Not sure yet.
    Watch,
}

impl VerdictKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Sharing, Self::Harmless, Self::Watch];

    /// The word it is kept and shown to programs as.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sharing => "sharing",
            Self::Harmless => "harmless",
            Self::Watch => "watch",
        }
    }

    /// The kind that has this word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Which contacts by what the owner thinks of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VerdictFilter {
    /// With this verdict.
    Sharing,
    /// With this verdict.
    Harmless,
    /// With this verdict.
    Watch,
    /// With any.
    Any,
    /// With none.
    None,
    /// With none, or one that is not `harmless`.
    NotHarmless,
}

/// What the owner noted of a contact, on this machine alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Verdict {
    /// What they think.
    pub verdict: VerdictKind,
    /// In their words; may be empty.
    pub note: String,
    /// When they want to look again.
    #[ts(type = "string | null")]
    pub follow_up_at: Option<Time>,
    /// When they noted it.
    #[ts(type = "string")]
    pub decided_at: Time,
}

/// Which contacts of those that something was noted of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct VerdictQuery {
    /// Words that all must be found in name, e-mail, phone, tags or the note.
    pub search: String,
    /// Only this verdict.
    pub verdict: Option<VerdictKind>,
    /// Only those to be looked at again before this time; these come first due first, all others newest first.
    #[ts(type = "string | null")]
    pub due_before: Option<Time>,
    /// Which rows of the answer; `count` is not answered.
    pub page: PageRequest,
}

/// A contact with what the owner noted of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct JudgedContact {
    /// Who.
    #[ts(type = "number")]
    pub contact_id: i64,
    /// `First Last`, or the e-mail address where both are missing.
    pub name: String,
    /// As the school wrote it.
    pub email: String,
    /// What was noted.
    pub verdict: Verdict,
}

/// By what devices are sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DeviceSort {
    /// Most shared first, then last seen first.
    #[default]
    Shared,
    /// Last seen first.
    LastSeen,
    /// Longest unused first.
    Unused,
}

/// What violations can be narrowed to: what some of them have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct ViolationChoices {
    /// Codes of rules, in the alphabet's order.
    pub rules: Vec<String>,
    /// ISO 3166-1 alpha-2, most violations first; `None` where the country is not known.
    pub countries: Vec<Option<String>>,
}

/// Which devices of the school.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct DeviceQuery {
    /// Words that all must be found; the owner's own names count too.
    pub search: String,
    /// Only this one.
    #[ts(type = "number | null")]
    pub device_id: Option<i64>,
    /// Only this contact's.
    #[ts(type = "number | null")]
    pub contact_id: Option<i64>,
    /// Only those whose fingerprint other accounts have too.
    pub shared: bool,
    /// Only blocked ones.
    pub blocked: bool,
    /// Only those not seen for so many days; 0 is no condition.
    pub unused_days: u32,
    /// In which order.
    pub sort: DeviceSort,
    /// Which rows of the answer.
    pub page: PageRequest,
}

/// A device with whose it is.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct SchoolDevice {
    /// As everywhere; its addresses are not counted here.
    #[serde(flatten)]
    #[ts(flatten)]
    pub device: Device,
    /// Its contact's name; empty where the contact is not here.
    pub contact_name: String,
}
