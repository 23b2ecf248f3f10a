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

/// Notes, in the transaction that removes it, that something was erased.
pub(super) async fn want(connection: &mut SqliteConnection) -> Result<(), CacheError> {
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('scrub', 1)").await?;
    Ok(())
}

impl Cache {
    /// Removes the traces of what was erased since the last time; says whether there was anything. Copies from before a
    /// migration go, too, and those that are old in any case.
    ///
    /// # Errors
    /// Those of the database; it begins anew the next time then.
    pub(crate) async fn scrub(&self) -> Result<bool, CacheError> {
        migrate::remove_snapshots(self.path(), false);
        let wanted = "SELECT EXISTS (SELECT 1 FROM meta WHERE key = 'scrub')";
        if !sqlx::query_scalar::<_, bool>(wanted).fetch_one(&mut *self.reader().await?).await? {
            return Ok(false);
        }
        // What is erased from here on notes it again.
        self.writer().await.execute("DELETE FROM meta WHERE key = 'scrub'").await?;
        let scrubbed = self.put_together_anew().await;
        if scrubbed.is_err() {
            want(&mut *self.writer().await).await?;
        }
        scrubbed?;
        migrate::remove_snapshots(self.path(), true);
        Ok(true)
    }

    async fn put_together_anew(&self) -> Result<(), CacheError> {
        for index in INDEXES {
            // A negative number begins with all of the index (<https://sqlite.org/fts5.html#the_merge_command>).
            let mut pages = -PAGES;
            while merge(&mut *self.writer().await, index, pages).await? {
                pages = PAGES;
            }
        }
        // The log before the file has the pages as they were. Where somebody reads for longer than a writer waits, it
        // goes with the next tidying up.
        self.writer().await.execute("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        Ok(())
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
