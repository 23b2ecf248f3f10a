//! The starts of the server. A database that is put back from a backup hands its revisions out a second time, and nothing in
//! it says so; but the server was started then, and this start is not the one that cursors from before carry the mark of.

use sqlx::SqliteConnection;

use super::Cursor;
use crate::{School, SchoolError, secret, write::Write};

/// Notes that the server starts.
pub(crate) async fn begin(school: &School) -> Result<(), SchoolError> {
    let mut write = Write::begin(school).await?;
    sqlx::query(
        "INSERT INTO server_start (id, mark, rev)
         SELECT (SELECT coalesce(max(id), 0) + 1 FROM server_start), $1, rev FROM cabinet WHERE id = 1",
    )
    .bind(secret::hex(&secret::random::<8>()))
    .execute(write.db())
    .await?;
    write.commit().await
}

/// The mark of the last start; empty where there was none.
pub(super) async fn latest(db: &mut SqliteConnection) -> Result<String, sqlx::Error> {
    let mark: Option<String> =
        sqlx::query_scalar("SELECT mark FROM server_start ORDER BY id DESC LIMIT 1").fetch_optional(db).await?;
    Ok(mark.unwrap_or_default())
}

/// Whether this database is the one that the cursor was made by, or one that goes on from there: it knows the start, and the
/// next one came after all that the reader has seen.
pub(super) async fn knows(db: &mut SqliteConnection, cursor: &Cursor) -> Result<bool, sqlx::Error> {
    let start: Option<i64> = if cursor.mark.is_empty() {
        // Made before marks were: before the first start that is known.
        Some(0)
    } else {
        sqlx::query_scalar("SELECT id FROM server_start WHERE mark = $1")
            .bind(&cursor.mark)
            .fetch_optional(&mut *db)
            .await?
    };
    let Some(start) = start else { return Ok(false) };
    let next: Option<i64> = sqlx::query_scalar("SELECT rev FROM server_start WHERE id > $1 ORDER BY id LIMIT 1")
        .bind(start)
        .fetch_optional(db)
        .await?;
    Ok(next.is_none_or(|rev| cursor.rev.max(cursor.base) <= rev))
}
