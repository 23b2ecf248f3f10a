//! The last question before a school is removed from this machine: whether anything waits. Asked and noted in one
//! transaction, so that no decision of another window or command comes between the answer and the end.

use sqlx::Connection as _;

use crate::cache::{Cache, CacheError};

/// Takes no decision any more, where no more than `agreed` wait; else only says how many do.
pub(crate) async fn seal(cache: &Cache, agreed: i64) -> Result<i64, CacheError> {
    let mut writer = cache.writer().await;
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
    let entries: i64 = sqlx::query_scalar("SELECT count(*) FROM outbox").fetch_one(&mut *transaction).await?;
    if entries <= agreed {
        sqlx::query(
            "INSERT INTO meta (key, value) VALUES ('sealed', 1) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
    }
    Ok(entries)
}
