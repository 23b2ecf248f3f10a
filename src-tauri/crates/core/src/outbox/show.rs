//! The outbox as it is looked at, and what a decision would do.

use hallmonitor_wire::Time;
use sqlx::{FromRow as _, Row as _};

use super::{
    OutboxError,
    entry::{self, COLUMNS, Entry},
};
use crate::{
    cache::{Cache, CacheError, full_name, id_list},
    model::{Agent, BlockEffect, EntryReason, OutboxCounts, OutboxEntry, Page, Waiting},
};

/// A device that was not used for so long is not one that its owner would miss at once, milliseconds: 30 days.
const RECENT_MS: i64 = 30 * 24 * 60 * 60 * 1_000;

impl Cache {
    /// How many decisions stand in the outbox.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn outbox_counts(&self) -> Result<OutboxCounts, CacheError> {
        let (queued, conflict, rejected) = sqlx::query_as(
            "SELECT count(*) FILTER (WHERE state NOT IN ('conflict', 'rejected')), \
                 count(*) FILTER (WHERE state = 'conflict'), count(*) FILTER (WHERE state = 'rejected') \
             FROM outbox",
        )
        .fetch_one(&mut *self.reader().await?)
        .await?;
        Ok(OutboxCounts { queued, conflict, rejected })
    }

    /// Everything in the outbox, in the order of the decisions.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn outbox(&self) -> Result<Vec<OutboxEntry>, CacheError> {
        let entries = entry::read(&mut *self.reader().await?, "1", []).await?;
        Ok(entries.iter().map(Entry::shown).collect())
    }

    /// The outbox as the Sync screen lists it: what wants the person first. At most `limit` rows; 0 is all.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn waiting(&self, limit: u32) -> Result<Page<Waiting>, CacheError> {
        let mut reader = self.reading().await?;
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS}, contact.id AS contact_id, contact.first_name, contact.last_name, contact.email, \
                 agent.browser, agent.os, agent.device_type, rule.code AS rule_code, restriction.occurred_at \
             FROM outbox \
             LEFT JOIN restriction ON outbox.kind = 'restriction_status' AND restriction.id = outbox.target_id \
             LEFT JOIN device ON device.id = \
                 CASE outbox.kind WHEN 'device_access' THEN outbox.target_id ELSE restriction.device_id END \
             LEFT JOIN contact ON contact.id = CASE outbox.kind \
                 WHEN 'contact_checks' THEN outbox.target_id \
                 ELSE coalesce(restriction.contact_id, device.contact_id) END \
             LEFT JOIN agent ON agent.id = device.agent_id \
             LEFT JOIN rule ON rule.id = restriction.rule_id \
             ORDER BY CASE outbox.state WHEN 'conflict' THEN 0 WHEN 'rejected' THEN 1 ELSE 2 END, outbox.place \
             LIMIT $1"
        )))
        .bind(if limit == 0 { -1 } else { i64::from(limit) })
        .fetch_all(&mut *reader)
        .await?
        .iter()
        .map(|row| {
            let entry = Entry::from_row(row)?;
            let email: Option<&str> = row.try_get("email")?;
            let (first, last): (Option<&str>, Option<&str>) = (row.try_get("first_name")?, row.try_get("last_name")?);
            let device_type: Option<String> = row.try_get("device_type")?;
            Ok(Waiting {
                entry: OutboxEntry { last_error: entry.servers_words(), ..entry.shown() },
                reason: if entry.is_understood() { entry.reason } else { Some(EntryReason::Newer) },
                can_cancel: !entry.left() && entry.is_understood() && entry.state == crate::model::EntryState::Queued,
                seen: entry.seen,
                next_attempt_at: entry.next_attempt_at.map(Time),
                contact_id: row.try_get("contact_id")?,
                contact_name: email.map(|email| full_name(first, last, email)),
                agent: Agent {
                    browser: row.try_get("browser")?,
                    os: row.try_get("os")?,
                    device_type: device_type.unwrap_or_else(|| "unknown".to_owned()),
                },
                rule_code: row.try_get("rule_code")?,
                occurred_at: row.try_get::<Option<i64>, _>("occurred_at")?.map(Time),
            })
        })
        .collect::<Result<Vec<_>, sqlx::Error>>()?;
        let total = sqlx::query_scalar("SELECT count(*) FROM outbox").fetch_one(&mut *reader).await?;
        Ok(Page { rows, next: None, total: Some(total) })
    }

    /// What blocking these devices would do, in their order; those that are not here are left out.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn block_effects(&self, ids: &[i64], now: i64) -> Result<Vec<BlockEffect>, CacheError> {
        let rows: Vec<(i64, bool, i64)> = sqlx::query_as(
            "SELECT device.id, \
                 device.last_seen_at >= $2 AND NOT EXISTS ( \
                     SELECT 1 FROM device AS other \
                     WHERE other.contact_id = device.contact_id AND other.last_seen_at >= $2 \
                         AND other.effective_access <> 'blocked' \
                         AND other.id NOT IN (SELECT value FROM json_each($1)) \
                 ), \
                 (SELECT count(*) FROM session \
                     WHERE session.device_id = device.id AND session.ended_at IS NULL AND session.outcome = 'allowed') \
             FROM json_each($1) AS wanted \
             JOIN device ON device.id = wanted.value \
             ORDER BY wanted.key",
        )
        .bind(id_list(ids.iter().copied()))
        .bind(now - RECENT_MS)
        .fetch_all(&mut *self.reader().await?)
        .await?;
        Ok(rows
            .into_iter()
            .map(|(device_id, only_recent_device, active_sessions)| BlockEffect {
                device_id,
                only_recent_device,
                active_sessions,
            })
            .collect())
    }

    /// The restrictions that are not viewed, as far as decided here; of one contact only, where one is named.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn unviewed_ids(&self, contact_id: Option<i64>) -> Result<Vec<i64>, OutboxError> {
        let sql = match contact_id {
            Some(_) => {
                "SELECT id FROM restriction WHERE effective_status = 'not_viewed' AND contact_id = $1 ORDER BY id"
            }
            None => "SELECT id FROM restriction WHERE effective_status = 'not_viewed' AND $1 IS NULL ORDER BY id",
        };
        let ids = sqlx::query_scalar(sql).bind(contact_id).fetch_all(&mut *self.reader().await?).await;
        Ok(ids.map_err(CacheError::from)?)
    }
}
