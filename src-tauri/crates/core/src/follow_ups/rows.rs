//! Which days to look again are open, and what becomes of them, in the cache.

use hallmonitor_wire::Time;
use sqlx::{Connection as _, Row as _, SqliteConnection, sqlite::SqliteRow};

use super::{
    FollowUp, Reminder,
    judge::{Judged, Open},
};
use crate::{
    cache::{CacheError, full_name},
    model::VerdictKind,
};

/// How many contacts are to be looked at again before a time, told or not.
pub(crate) async fn count(connection: &mut SqliteConnection, before: Time) -> Result<i64, CacheError> {
    let sql = "SELECT count(*) \
         FROM verdict JOIN contact ON contact.id = verdict.contact_id \
         WHERE verdict.follow_up_at < $1 \
             AND verdict.verdict IN ('sharing', 'harmless', 'watch')";
    Ok(sqlx::query_scalar(sql).bind(before.ms()).fetch_one(connection).await?)
}

/// The earliest of those that were not told yet.
pub(crate) async fn next(connection: &mut SqliteConnection) -> Result<Option<Time>, CacheError> {
    let sql = "SELECT min(follow_up_at) \
         FROM verdict \
         WHERE follow_up_at IS NOT NULL AND told_for IS NOT follow_up_at";
    let at: Option<i64> = sqlx::query_scalar(sql).fetch_one(connection).await?;
    Ok(at.map(Time))
}

/// Whether one before this time was not told yet.
pub(super) async fn any_open(connection: &mut SqliteConnection, before: Time) -> Result<bool, CacheError> {
    Ok(next(connection).await?.is_some_and(|at| at < before))
}

/// Reads what is open, has it judged, and writes the verdict before it is given back.
pub(super) async fn settle(
    connection: &mut SqliteConnection,
    before: Time,
    judge: impl FnOnce(Vec<Open>) -> Judged + Send,
) -> Result<Vec<Reminder>, CacheError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let rows = sqlx::query(
        "SELECT verdict.contact_id, contact.first_name, contact.last_name, contact.email, verdict.verdict, \
             verdict.follow_up_at, verdict.held_for IS verdict.follow_up_at \
         FROM verdict JOIN contact ON contact.id = verdict.contact_id \
         WHERE verdict.follow_up_at < $1 AND verdict.told_for IS NOT verdict.follow_up_at \
         ORDER BY verdict.follow_up_at, verdict.contact_id",
    )
    .bind(before.ms())
    .fetch_all(&mut *transaction)
    .await?;
    let mut opened = Vec::with_capacity(rows.len());
    for row in &rows {
        opened.extend(open(row)?);
    }
    let Judged { tell, done, hold } = judge(opened);
    for (sql, keys) in [
        (
            "UPDATE verdict SET told_for = follow_up_at \
             FROM (SELECT value ->> 0 AS id, value ->> 1 AS at FROM json_each($1)) AS judged \
             WHERE verdict.contact_id = judged.id AND verdict.follow_up_at = judged.at",
            done,
        ),
        (
            "UPDATE verdict SET held_for = follow_up_at \
             FROM (SELECT value ->> 0 AS id, value ->> 1 AS at FROM json_each($1)) AS judged \
             WHERE verdict.contact_id = judged.id AND verdict.follow_up_at = judged.at",
            hold,
        ),
    ] {
        if !keys.is_empty() {
            sqlx::query(sql).bind(serde_json::json!(keys).to_string()).execute(&mut *transaction).await?;
        }
    }
    transaction.commit().await?;
    Ok(tell)
}

/// `None` for a verdict of a later version.
fn open(row: &SqliteRow) -> Result<Option<Open>, sqlx::Error> {
    let Some(verdict) = VerdictKind::of(row.try_get(4)?) else { return Ok(None) };
    let (first, last): (Option<String>, Option<String>) = (row.try_get(1)?, row.try_get(2)?);
    let email: String = row.try_get(3)?;
    let follow_up = FollowUp {
        contact_id: row.try_get(0)?,
        contact: full_name(first.as_deref(), last.as_deref(), &email),
        verdict,
        due_at: Time(row.try_get(5)?),
    };
    Ok(Some(Open { follow_up, held: row.try_get(6)? }))
}
