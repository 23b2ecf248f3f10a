//! How sessions end. A session is active from its start until it ends or its timeout passes without activity, also
//! before the sweep has written that down; so whoever counts or ends sessions lets the lapsed ones expire first.

use hallmonitor_wire::{AccessControl, Time};

use crate::{SchoolError, settings, write::Write};

/// Why a session ended; the words of `end_reason`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndReason {
    Logout,
    Expired,
    Replaced,
    DeviceBlocked,
}

impl EndReason {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Logout => "logout",
            Self::Expired => "expired",
            Self::Replaced => "replaced",
            Self::DeviceBlocked => "device_blocked",
        }
    }
}

/// A session that has not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Active {
    pub(crate) id: i64,
    pub(crate) device_id: Option<i64>,
    pub(crate) last_activity_at: i64,
}

/// Milliseconds without activity after which a session ends.
pub(crate) fn timeout_ms(settings: &AccessControl) -> i64 {
    settings.session_timeout_minutes.unwrap_or(30).saturating_mul(60_000)
}

/// When a session ended that was last active then, where that is over.
pub(crate) fn lapsed_at(last_activity: Time, timeout_ms: i64, now: Time) -> Option<Time> {
    let end = last_activity.ms().saturating_add(timeout_ms);
    (end <= now.ms()).then_some(Time(end))
}

/// Ends one running session; never before its last activity, whatever a clock that was set back says.
pub(crate) async fn end(write: &mut Write, id: i64, at: Time, reason: EndReason) -> Result<(), SchoolError> {
    let rev = write.next_rev();
    sqlx::query(
        "UPDATE session
         SET ended_at = CASE WHEN last_activity_at > $1 THEN last_activity_at ELSE $1 END, end_reason = $2, rev = $3
         WHERE id = $4
         AND ended_at IS NULL",
    )
    .bind(at.ms())
    .bind(reason.as_str())
    .bind(rev)
    .bind(id)
    .execute(write.db())
    .await?;
    Ok(())
}

/// The contact's active sessions, longest without activity first; those whose time has passed are ended.
pub(crate) async fn active(
    write: &mut Write,
    contact_id: i64,
    timeout_ms: i64,
    now: Time,
) -> Result<Vec<Active>, SchoolError> {
    let running: Vec<Active> = sqlx::query_as(
        "SELECT id, device_id, last_activity_at
         FROM session
         WHERE contact_id = $1
         AND ended_at IS NULL
         ORDER BY last_activity_at, id",
    )
    .bind(contact_id)
    .fetch_all(write.db())
    .await?;
    let mut active = Vec::with_capacity(running.len());
    for session in running {
        match lapsed_at(Time(session.last_activity_at), timeout_ms, now) {
            Some(at) => end(write, session.id, at, EndReason::Expired).await?,
            None => active.push(session),
        }
    }
    Ok(active)
}

/// Ends what runs on a device that was just blocked.
pub(crate) async fn end_of_blocked_device(write: &mut Write, device_id: i64, now: Time) -> Result<(), SchoolError> {
    let settings = settings::read(write.db()).await?;
    let contact_id: i64 =
        sqlx::query_scalar("SELECT contact_id FROM device WHERE id = $1").bind(device_id).fetch_one(write.db()).await?;
    for session in active(write, contact_id, timeout_ms(&settings), now).await? {
        if session.device_id == Some(device_id) {
            end(write, session.id, now, EndReason::DeviceBlocked).await?;
        }
    }
    Ok(())
}
