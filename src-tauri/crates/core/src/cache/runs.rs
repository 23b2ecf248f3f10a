//! A reading of the whole log: it marks what it sees, and at its end what it has not seen is gone.

use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};

use super::{
    Cache, CacheError, decisions, find,
    graves::ERASED_HERE,
    load,
    meta::{self, Meta},
    removal::{self, TABLES, forget_unused_terms},
    scrub,
};
use crate::violations;

/// Of contacts: nothing of theirs was brought by the reading `$1`.
const NOTHING_HAS_COME: &str = " \
    AND NOT EXISTS (SELECT 1 FROM device WHERE contact_id = contact.id AND run = $1) \
    AND NOT EXISTS (SELECT 1 FROM session WHERE contact_id = contact.id AND run = $1) \
    AND NOT EXISTS (SELECT 1 FROM restriction WHERE contact_id = contact.id AND run = $1)";

/// Rows that one transaction drops.
const AT_ONCE: i64 = 5_000;

/// Some of the rows that a reading has not seen, behind a row.
async fn unseen(
    connection: &mut SqliteConnection,
    table: &'static str,
    run: i64,
    after: i64,
) -> Result<Vec<i64>, CacheError> {
    // Whose rows have come is there, though their own row could not be read.
    let gone_alone = if table == "contact" { NOTHING_HAS_COME } else { "" };
    Ok(sqlx::query_scalar(AssertSqlSafe(format!(
        "SELECT id FROM {table} WHERE run < $1 AND only_here = 0{gone_alone} AND id > $2 ORDER BY id LIMIT $3"
    )))
    .bind(run)
    .bind(after)
    .bind(AT_ONCE)
    .fetch_all(connection)
    .await?)
}

impl Cache {
    /// Begins a new reading of the whole log: from the beginning, with a new number. The rows stay readable.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn begin_run(&self, epoch: Option<&str>) -> Result<Meta, CacheError> {
        let mut writer = self.writer().await;
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        let old = meta::read(&mut transaction).await?;
        let epoch_since = Some(old.epoch_since());
        let mut new = Meta { cursor: None, run_open: true, run: old.run + 1, epoch_since, ..old.clone() };
        if epoch.is_some() && epoch != old.epoch.as_deref() {
            new.epoch = epoch.map(str::to_owned);
            new.epoch_since = Some(new.run);
            decisions::note_about(&mut transaction).await?;
            // Revisions of another epoch mean nothing; what the owner erased here stays erased.
            sqlx::query("DELETE FROM tombstone WHERE rev < $1").bind(ERASED_HERE).execute(&mut *transaction).await?;
        }
        // What still can't be read will come again.
        sqlx::query("DELETE FROM unreadable").execute(&mut *transaction).await?;
        meta::write(&mut transaction, &old, &new).await?;
        transaction.commit().await?;
        Ok(new)
    }

    /// Ends the reading: makes what a first load has put off, and drops what a later one did not bring. Says how many
    /// entities that were.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn end_run(&self) -> Result<u64, CacheError> {
        self.end(true).await
    }

    /// Ends a first load of contacts alone: makes what it has put off. The log was not read to its end, so nothing is
    /// taken for gone, and what it brings another time is no news.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn end_load_of_contacts(&self) -> Result<(), CacheError> {
        self.end(false).await?;
        Ok(())
    }

    /// Drops what the reading that has come to its end has not seen, some rows at a time: the whole log of a school that
    /// was set up anew would keep everybody else from writing for too long. What is dropped before the reading is closed
    /// is not missed: the next one would drop it, too.
    async fn drop_unseen(&self) -> Result<u64, CacheError> {
        let mut count = 0;
        for table in TABLES.into_iter().rev() {
            let mut after = i64::MIN;
            loop {
                let mut writer = self.writer().await;
                let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
                let meta = meta::read(&mut transaction).await?;
                let unseen = unseen(&mut transaction, table, meta.run, after).await?;
                let Some(last) = unseen.last() else { break };
                after = *last;
                count += removal::remove_rows(&mut transaction, table, &unseen, &meta).await?;
                scrub::want(&mut transaction).await?;
                transaction.commit().await?;
            }
        }
        Ok(count)
    }

    async fn end(&self, read_log: bool) -> Result<u64, CacheError> {
        let begun = self.meta().await?;
        let count = if read_log && begun.run_open && begun.run > 1 { self.drop_unseen().await? } else { 0 };
        let mut writer = self.writer().await;
        if meta::read(&mut writer).await?.loading {
            load::make_indexes(&mut writer).await?;
        }
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        let old = meta::read(&mut transaction).await?;
        let telling = old.telling || (read_log && old.login_log == Some(true));
        if telling && !old.telling {
            violations::begin(&mut transaction).await?;
        }
        let new = Meta { run_open: false, loading: false, telling, ..old.clone() };
        if old.loading {
            load::derive_all(&mut transaction).await?;
            let any: bool =
                sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM tombstone)").fetch_one(&mut *transaction).await?;
            if any {
                forget_unused_terms(&mut transaction).await?;
                find::forget_gone(&mut transaction).await?;
            }
        }
        meta::write(&mut transaction, &old, &new).await?;
        transaction.commit().await?;
        Ok(count)
    }
}
