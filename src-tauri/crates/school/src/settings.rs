//! The school's access control: what may be written, its normal form, and where it is kept.

use hallmonitor_wire::{AccessControl, ConcurrentPolicy, Extra, IpMode, MAX_ID};
use serde::Deserialize;
use sqlx::SqliteConnection;

use crate::{School, SchoolError, ranges::IpRange, write::Write};

/// What is wrong with settings that somebody wants to write.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSettings {
    /// A text in `ip_ranges` that is neither an address nor a range.
    #[error("{0:?} is neither an IP address nor a CIDR range")]
    Range(String),
    /// Only listed addresses are let in, and none is listed.
    #[error("allow_only_listed without a range would let nobody in")]
    NobodyLetIn,
    /// A limit below 1.
    #[error("{0} must be at least 1")]
    Limit(&'static str),
    /// A limit beyond what every reader of JSON can say.
    #[error("{0} may be {MAX_ID} at most")]
    Beyond(&'static str),
    /// A word that `ip_mode` or `concurrent_policy` does not have.
    #[error("{0} has no such value")]
    Word(&'static str),
}

impl BadSettings {
    /// The field that it is about.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Range(_) | Self::NobodyLetIn => "ip_ranges",
            Self::Limit(field) | Self::Beyond(field) | Self::Word(field) => field,
        }
    }
}

/// Settings as they are written: what is absent becomes its default.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct SettingsDraft {
    /// What is done with `ip_ranges`.
    pub ip_mode: IpMode,
    /// Addresses and CIDR ranges.
    pub ip_ranges: Vec<String>,
    /// Sessions at once, at least 1; `None` is any number.
    #[schema(minimum = 1)]
    pub max_concurrent_sessions: Option<i64>,
    /// What happens at one too many.
    #[schema(default = "refuse_new")]
    pub concurrent_policy: ConcurrentPolicy,
    /// Devices of a contact, at least 1; `None` is any number.
    #[schema(minimum = 1)]
    pub max_devices: Option<i64>,
    /// Minutes without activity after which a session ends, at least 1.
    #[schema(minimum = 1, default = 30)]
    pub session_timeout_minutes: i64,
}

impl Default for SettingsDraft {
    fn default() -> Self {
        Self {
            ip_mode: IpMode::Off,
            ip_ranges: Vec::new(),
            max_concurrent_sessions: None,
            concurrent_policy: ConcurrentPolicy::RefuseNew,
            max_devices: None,
            session_timeout_minutes: 30,
        }
    }
}

impl SettingsDraft {
    /// The same settings in normal form.
    ///
    /// # Errors
    /// Where a range is none, a limit is below 1, a word is unknown, or nobody could log in.
    pub fn checked(mut self) -> Result<Self, BadSettings> {
        if matches!(self.ip_mode, IpMode::Other(_)) {
            return Err(BadSettings::Word("ip_mode"));
        }
        if matches!(self.concurrent_policy, ConcurrentPolicy::Other(_)) {
            return Err(BadSettings::Word("concurrent_policy"));
        }
        for (name, limit) in [
            ("max_concurrent_sessions", self.max_concurrent_sessions),
            ("max_devices", self.max_devices),
            ("session_timeout_minutes", Some(self.session_timeout_minutes)),
        ] {
            match limit {
                Some(..1) => return Err(BadSettings::Limit(name)),
                Some(limit) if limit > MAX_ID => return Err(BadSettings::Beyond(name)),
                _ => {}
            }
        }
        for range in &mut self.ip_ranges {
            let read: IpRange = range.parse().map_err(|_| BadSettings::Range(range.clone()))?;
            *range = read.to_string();
        }
        if self.ip_mode == IpMode::AllowOnlyListed && self.ip_ranges.is_empty() {
            return Err(BadSettings::NobodyLetIn);
        }
        Ok(self)
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    ip_mode: String,
    ip_ranges: String,
    max_concurrent_sessions: Option<i64>,
    concurrent_policy: String,
    max_devices: Option<i64>,
    session_timeout_minutes: i64,
    rev: i64,
}

/// The settings as they stand.
pub(crate) async fn read(db: &mut SqliteConnection) -> Result<AccessControl, SchoolError> {
    let row: Row = sqlx::query_as(
        "SELECT ip_mode, ip_ranges, max_concurrent_sessions, concurrent_policy, max_devices,
                session_timeout_minutes, rev
         FROM access_control
         WHERE id = 1",
    )
    .fetch_one(db)
    .await?;
    Ok(AccessControl {
        ip_mode: Some(row.ip_mode.into()),
        ip_ranges: serde_json::from_str(&row.ip_ranges)?,
        max_concurrent_sessions: row.max_concurrent_sessions,
        concurrent_policy: Some(row.concurrent_policy.into()),
        max_devices: row.max_devices,
        session_timeout_minutes: Some(row.session_timeout_minutes),
        rev: row.rev,
        extra: Extra::new(),
    })
}

impl School {
    /// The school's settings.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn access_control(&self) -> Result<AccessControl, SchoolError> {
        read(&mut *self.pool().acquire().await?).await
    }

    /// Replaces the school's settings; the same ones again change nothing.
    ///
    /// # Errors
    /// Where the settings can't be meant or the database fails.
    pub async fn set_access_control(&self, draft: SettingsDraft) -> Result<AccessControl, SchoolError> {
        let draft = draft.checked()?;
        let mut write = Write::begin(self).await?;
        let before = read(write.db()).await?;
        if before.ip_mode.as_ref() == Some(&draft.ip_mode)
            && before.ip_ranges == draft.ip_ranges
            && before.max_concurrent_sessions == draft.max_concurrent_sessions
            && before.concurrent_policy.as_ref() == Some(&draft.concurrent_policy)
            && before.max_devices == draft.max_devices
            && before.session_timeout_minutes == Some(draft.session_timeout_minutes)
        {
            return Ok(before);
        }
        let rev = write.next_rev();
        sqlx::query(
            "UPDATE access_control
             SET ip_mode = $1, ip_ranges = $2, max_concurrent_sessions = $3, concurrent_policy = $4,
                 max_devices = $5, session_timeout_minutes = $6, rev = $7
             WHERE id = 1",
        )
        .bind(draft.ip_mode.as_str())
        .bind(serde_json::to_string(&draft.ip_ranges)?)
        .bind(draft.max_concurrent_sessions)
        .bind(draft.concurrent_policy.as_str())
        .bind(draft.max_devices)
        .bind(draft.session_timeout_minutes)
        .bind(rev)
        .execute(write.db())
        .await?;
        let after = read(write.db()).await?;
        write.commit().await?;
        Ok(after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(change: impl FnOnce(&mut SettingsDraft)) -> SettingsDraft {
        let mut draft = SettingsDraft::default();
        change(&mut draft);
        draft
    }

    #[test]
    fn settings_that_cannot_be_meant_are_refused() {
        let cases = [
            (draft(|d| d.ip_mode = IpMode::AllowOnlyListed), BadSettings::NobodyLetIn),
            (draft(|d| d.ip_mode = "sometimes".into()), BadSettings::Word("ip_mode")),
            (draft(|d| d.concurrent_policy = "dance".into()), BadSettings::Word("concurrent_policy")),
            (draft(|d| d.max_devices = Some(0)), BadSettings::Limit("max_devices")),
            (draft(|d| d.max_concurrent_sessions = Some(-1)), BadSettings::Limit("max_concurrent_sessions")),
            (draft(|d| d.session_timeout_minutes = 0), BadSettings::Limit("session_timeout_minutes")),
            (draft(|d| d.max_devices = Some(MAX_ID + 1)), BadSettings::Beyond("max_devices")),
            (draft(|d| d.session_timeout_minutes = i64::MAX), BadSettings::Beyond("session_timeout_minutes")),
            (draft(|d| d.ip_ranges = vec!["10.0.0.0/33".into()]), BadSettings::Range("10.0.0.0/33".into())),
        ];
        for (draft, why) in cases {
            assert_eq!(draft.clone().checked(), Err(why), "{draft:?}");
        }
    }

    #[test]
    fn ranges_are_kept_in_normal_form() {
        let kept = draft(|d| d.ip_ranges = vec!["203.0.113.9/24".into()]).checked().expect("settings");
        assert_eq!(kept.ip_ranges, ["203.0.113.0/24"]);
    }
}
