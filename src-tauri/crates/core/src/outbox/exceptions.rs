//! Why checks are off and until when: the owner's own note, kept on this machine alone.

use hallmonitor_wire::Time;
use sqlx::{Row as _, SqliteConnection};

use super::OutboxError;
use crate::{
    cache::{Cache, CacheError, full_name, id_list},
    model::CheckException,
};

const SELECT: &str = "SELECT check_exception.contact_id, contact.first_name, contact.last_name, contact.email, \
        check_exception.reason, check_exception.until \
    FROM check_exception \
    JOIN contact ON contact.id = check_exception.contact_id \
    WHERE contact.effective_checks = 0 AND ($1 IS NULL OR check_exception.contact_id = $1) \
    ORDER BY check_exception.until IS NULL, check_exception.until, check_exception.contact_id";

/// Notes why a contact's checks are off, and until when.
///
/// # Errors
/// [`OutboxError::NoTarget`]; those of the cache.
pub(crate) async fn note(cache: &Cache, contact_id: i64, reason: &str, until: Option<Time>) -> Result<(), OutboxError> {
    write(&mut *cache.writer().await, contact_id, (reason, until)).await
}

/// The same on a connection.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    contact_id: i64,
    (reason, until): (&str, Option<Time>),
) -> Result<(), OutboxError> {
    let written = sqlx::query(
        "INSERT INTO check_exception (contact_id, reason, until) \
         SELECT id, $2, $3 FROM contact WHERE id = $1 \
         ON CONFLICT (contact_id) DO UPDATE SET reason = excluded.reason, until = excluded.until",
    )
    .bind(contact_id)
    .bind(reason)
    .bind(until.map(Time::ms))
    .execute(connection)
    .await
    .map_err(CacheError::from)?;
    if written.rows_affected() == 0 {
        return Err(OutboxError::NoTarget { what: "contact", id: contact_id });
    }
    Ok(())
}

/// The exceptions of contacts whose checks are off, those that end first before the others; of one contact only, where
/// one is named.
///
/// # Errors
/// Those of the database.
pub(crate) async fn list(cache: &Cache, only: Option<i64>, now: i64) -> Result<Vec<CheckException>, CacheError> {
    sqlx::query(SELECT)
        .bind(only)
        .fetch_all(&mut *cache.reader().await?)
        .await?
        .iter()
        .map(|row| {
            let until: Option<i64> = row.try_get(5)?;
            let (first, last): (Option<&str>, Option<&str>) = (row.try_get(1)?, row.try_get(2)?);
            Ok(CheckException {
                contact_id: row.try_get(0)?,
                contact_name: full_name(first, last, row.try_get(3)?),
                reason: row.try_get(4)?,
                until: until.map(Time),
                overdue: until.is_some_and(|until| until <= now),
            })
        })
        .collect::<Result<_, sqlx::Error>>()
        .map_err(CacheError::from)
}

/// Forgets the notes of those contacts whose checks are on: switched on elsewhere or switched off anew, they have another
/// reason, or none.
pub(super) async fn forget(connection: &mut SqliteConnection, ids: &[i64]) -> Result<(), CacheError> {
    sqlx::query(
        "DELETE FROM check_exception \
         WHERE contact_id IN (SELECT id FROM contact WHERE effective_checks <> 0 AND id IN (SELECT value FROM json_each($1)))",
    )
        .bind(id_list(ids.iter().copied()))
        .execute(connection)
        .await?;
    Ok(())
}
