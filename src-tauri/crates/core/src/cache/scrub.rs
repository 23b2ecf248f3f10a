//! What was erased leaves its last traces: letters in the text indexes, pages in the log, copies of the whole file.
//!
//! SQLCipher overwrites what is deleted in the file itself (its `PRAGMA secure_delete` is always on). The rest takes a
//! while in a large school, so a removal only notes that it is wanted, and this goes on in steps that let others write.

use sqlx::{AssertSqlSafe, Executor as _, SqliteConnection};

use super::{Cache, CacheError, migrate};

/// The text indexes. A row that is deleted from one is only marked; its letters go when the index is put together anew.
const INDEXES: [&str; 3] = ["contact_search", "ip_search", "agent_search"];

/// Pages of an index that one step writes.
const PAGES: i64 = 500;

/// Notes, in the transaction that removes it, that something was erased. Each time is another note, so that whoever is
/// at it already knows.
pub(super) async fn want(connection: &mut SqliteConnection) -> Result<(), CacheError> {
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('scrub', hex(randomblob(8)))").await?;
    Ok(())
}

impl Cache {
    /// Removes the traces of what was erased since the last time; says whether all of them are gone that there were. Copies
    /// from before a migration go, too, and those that are old in any case. While somebody reads some stay for the next
    /// time.
    ///
    /// # Errors
    /// Those of the database; it begins anew the next time then, as it does where it was cut short.
    pub(crate) async fn scrub(&self) -> Result<bool, CacheError> {
        migrate::remove_snapshots(self.path(), false);
        let wanted = sqlx::query_scalar("SELECT CAST(value AS TEXT) FROM meta WHERE key = 'scrub'");
        let wanted: Option<String> = wanted.fetch_optional(&mut *self.reader().await?).await?;
        let Some(wanted) = wanted else { return Ok(false) };
        migrate::remove_snapshots(self.path(), true);
        for index in INDEXES {
            // A negative number begins with all of the index (<https://sqlite.org/fts5.html#the_merge_command>).
            let mut pages = -PAGES;
            while merge(&mut *self.writer().await, index, pages).await? {
                pages = PAGES;
            }
        }
        // The log before the file has the pages as they were. Whoever reads keeps it, and to wait for them would keep
        // others from writing.
        let mut writer = self.writer().await;
        let Some(_nobody_reads) = self.readers_at_rest() else { return Ok(false) };
        sqlx::query("DELETE FROM meta WHERE key = 'scrub' AND value = $1").bind(wanted).execute(&mut *writer).await?;
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        Ok(true)
    }
}

/// One step; says whether another may be left.
async fn merge(connection: &mut SqliteConnection, index: &str, pages: i64) -> Result<bool, CacheError> {
    let changes = "SELECT total_changes()";
    let before: i64 = sqlx::query_scalar(changes).fetch_one(&mut *connection).await?;
    sqlx::query(AssertSqlSafe(format!("INSERT INTO {index} ({index}, rank) VALUES ('merge', $1)")))
        .bind(pages)
        .execute(&mut *connection)
        .await?;
    let after: i64 = sqlx::query_scalar(changes).fetch_one(connection).await?;
    // The command itself counts as one, as SQLite's documentation says.
    Ok(after - before >= 2)
}
