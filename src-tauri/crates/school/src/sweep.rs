//! What time alone does: sessions lapse, old rows leave, answers to old actions are forgotten.

use std::time::Duration;

use hallmonitor_wire::Time;
use tokio_util::sync::CancellationToken;

use crate::{
    School, SchoolError,
    sessions::{self, EndReason},
    settings,
    write::Write,
};

/// The contract says at least once a minute.
const EVERY: Duration = Duration::from_secs(20);

/// Rows of one transaction, so that nobody waits long for their turn to write.
const BATCH: i64 = 500;

const DAY_MS: i64 = 86_400_000;

/// Idempotency keys are kept for at least 90 days; a margin covers clocks and long offline times.
const KEEP_ACTIONS_DAYS: i64 = 180;

/// A reader away for longer starts again from nothing.
const KEEP_TOMBSTONES_DAYS: i64 = 400;

/// Sweeps until told to stop.
pub(crate) async fn keep_sweeping(school: School, stop: CancellationToken) {
    loop {
        if let Err(error) = school.sweep().await {
            tracing::warn!(%error, "the sweep failed; it is tried again");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

impl School {
    /// Ends sessions whose timeout has passed, with `expired` at their last activity plus the timeout; lets what
    /// is older than the school's retention leave; forgets old answers and tombstones. A running server does it
    /// every 20 seconds. Returns how many sessions were ended.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn sweep(&self) -> Result<u64, SchoolError> {
        let mut ended = self.expire().await?;
        self.forget().await?;
        while self.retire_some().await? {
            // The first time years of history may leave, and sessions end in time meanwhile.
            ended += self.expire().await?;
        }
        Ok(ended)
    }

    /// How many days sessions and restrictions stay on the server; `None` is for ever.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn set_retention_days(&self, days: Option<u32>) -> Result<(), SchoolError> {
        let mut write = Write::begin(self).await?;
        sqlx::query("UPDATE cabinet SET retention_days = $1 WHERE id = 1")
            .bind(days.map(i64::from))
            .execute(write.db())
            .await?;
        write.commit().await
    }

    /// Ends all sessions whose timeout has passed; gives how many.
    async fn expire(&self) -> Result<u64, SchoolError> {
        let mut ended = 0;
        loop {
            let batch = self.expire_some().await?;
            ended += batch;
            if batch < BATCH as u64 {
                return Ok(ended);
            }
        }
    }

    async fn expire_some(&self) -> Result<u64, SchoolError> {
        let now = self.clock().now();
        {
            // Most sweeps find nothing, and then take no turn to write.
            let mut db = self.pool().acquire().await?;
            let timeout_ms = sessions::timeout_ms(&settings::read(&mut db).await?);
            if lapsed(&mut db, timeout_ms, now).await?.is_empty() {
                return Ok(0);
            }
        }
        let mut write = Write::begin(self).await?;
        let timeout_ms = sessions::timeout_ms(&settings::read(write.db()).await?);
        let lapsed = lapsed(write.db(), timeout_ms, now).await?;
        for (id, last_activity) in &lapsed {
            sessions::end(&mut write, *id, Time(last_activity + timeout_ms), EndReason::Expired).await?;
        }
        write.commit().await?;
        Ok(lapsed.len() as u64)
    }

    async fn forget(&self) -> Result<(), SchoolError> {
        let now = self.clock().now().ms();
        let (actions, tombstones) = (now - KEEP_ACTIONS_DAYS * DAY_MS, now - KEEP_TOMBSTONES_DAYS * DAY_MS);
        let old: i64 = sqlx::query_scalar(
            "SELECT (SELECT COUNT(*) FROM action WHERE answered_at < $1)
                  + (SELECT COUNT(*) FROM tombstone WHERE deleted_at < $2)",
        )
        .bind(actions)
        .bind(tombstones)
        .fetch_one(self.pool())
        .await?;
        if old == 0 {
            return Ok(());
        }
        let mut write = Write::begin(self).await?;
        sqlx::query("DELETE FROM action WHERE answered_at < $1").bind(actions).execute(write.db()).await?;
        // Never back: where the clock was set back, a later tombstone is older than an earlier one, and goes first.
        sqlx::query(
            "UPDATE cabinet
             SET pruned_rev = (SELECT MAX(rev) FROM tombstone WHERE deleted_at < $1)
             WHERE id = 1
             AND pruned_rev < (SELECT MAX(rev) FROM tombstone WHERE deleted_at < $1)",
        )
        .bind(tombstones)
        .execute(write.db())
        .await?;
        sqlx::query("DELETE FROM tombstone WHERE deleted_at < $1").bind(tombstones).execute(write.db()).await?;
        write.commit().await
    }

    /// Lets a batch of what is older than the retention leave, by tombstones; whether there may be more.
    async fn retire_some(&self) -> Result<bool, SchoolError> {
        let days: Option<i64> =
            sqlx::query_scalar("SELECT retention_days FROM cabinet WHERE id = 1").fetch_one(self.pool()).await?;
        let Some(days) = days else { return Ok(false) };
        let mut write = Write::begin(self).await?;
        let now = self.clock().now();
        let before = now.ms() - days * DAY_MS;
        let sessions: Vec<i64> = sqlx::query_scalar(
            "SELECT id
             FROM session
             WHERE started_at < $1
             AND ended_at IS NOT NULL
             ORDER BY started_at
             LIMIT $2",
        )
        .bind(before)
        .bind(BATCH)
        .fetch_all(write.db())
        .await?;
        let restrictions: Vec<i64> = sqlx::query_scalar(
            "SELECT id
             FROM restriction
             WHERE occurred_at < $1
             ORDER BY occurred_at
             LIMIT $2",
        )
        .bind(before)
        .bind(BATCH)
        .fetch_all(write.db())
        .await?;
        let more = [&sessions, &restrictions].into_iter().any(|ids| ids.len() as i64 == BATCH);
        if sessions.is_empty() && restrictions.is_empty() {
            return Ok(false);
        }
        for id in sessions {
            sqlx::query("DELETE FROM session WHERE id = $1").bind(id).execute(write.db()).await?;
            bury(&mut write, "session", id, "retention", now).await?;
        }
        for id in restrictions {
            sqlx::query("DELETE FROM restriction WHERE id = $1").bind(id).execute(write.db()).await?;
            bury(&mut write, "restriction", id, "retention", now).await?;
        }
        write.commit().await?;
        Ok(more)
    }
}

async fn lapsed(db: &mut sqlx::SqliteConnection, timeout_ms: i64, now: Time) -> Result<Vec<(i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, last_activity_at
         FROM session
         WHERE ended_at IS NULL
         AND last_activity_at <= $1
         ORDER BY last_activity_at
         LIMIT $2",
    )
    .bind(now.ms().saturating_sub(timeout_ms))
    .bind(BATCH)
    .fetch_all(db)
    .await
}

/// Leaves a tombstone for what was just deleted.
pub(crate) async fn bury(
    write: &mut Write,
    kind: &'static str,
    id: i64,
    reason: &'static str,
    now: Time,
) -> Result<(), SchoolError> {
    let rev = write.next_rev();
    sqlx::query(
        "INSERT INTO tombstone (rev, type, entity_id, reason, deleted_at)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(rev)
    .bind(kind)
    .bind(id)
    .bind(reason)
    .bind(now.ms())
    .execute(write.db())
    .await?;
    Ok(())
}
