//! What is to be looked at again: marked in the transaction that gives the reason, done by a background pass.

use sqlx::SqliteConnection;

use super::{CacheError, bulk::id_list};

/// Marks contacts whose signs may have changed.
pub(crate) async fn contacts(
    connection: &mut SqliteConnection,
    ids: impl IntoIterator<Item = i64>,
) -> Result<(), CacheError> {
    sqlx::query(
        "INSERT INTO stale_contact (contact_id, mark) SELECT DISTINCT value, 1 FROM json_each($1) WHERE true \
         ON CONFLICT (contact_id) DO UPDATE SET mark = mark + 1",
    )
    .bind(id_list(ids))
    .execute(connection)
    .await?;
    Ok(())
}

/// Marks everything: at the end of a first load, and where thresholds have changed.
pub(crate) async fn all_contacts(connection: &mut SqliteConnection) -> Result<(), CacheError> {
    sqlx::query(
        "INSERT INTO stale_contact (contact_id, mark) SELECT id, 1 FROM contact WHERE true \
         ON CONFLICT (contact_id) DO UPDATE SET mark = mark + 1",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Marks every day that has logins; the index by time is there.
pub(crate) async fn all_days(connection: &mut SqliteConnection) -> Result<(), CacheError> {
    sqlx::query(
        "WITH RECURSIVE with_logins (day) AS ( \
             SELECT max(min(started_at), 0) / 86400000 FROM session \
             UNION ALL \
             SELECT (SELECT min(started_at) / 86400000 FROM session WHERE started_at >= (day + 1) * 86400000) \
             FROM with_logins WHERE day IS NOT NULL \
         ) \
         INSERT INTO stale_day (day) SELECT day FROM with_logins WHERE day IS NOT NULL \
         ON CONFLICT (day) DO NOTHING",
    )
    .execute(connection)
    .await?;
    Ok(())
}
