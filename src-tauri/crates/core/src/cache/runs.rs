//! A reading of the whole log: it marks what it sees, and at its end what it has not seen is gone.

use sqlx::{AssertSqlSafe, Connection as _};

use super::{
    Cache, CacheError, find,
    graves::ERASED_HERE,
    load,
    meta::{self, Meta},
    removal::{Removed, TABLES, forget_unused_terms, remove, tidy},
};
use crate::violations;

/// Of contacts: nothing of theirs was brought by the reading `$1`.
const NOTHING_HAS_COME: &str = " \
    AND NOT EXISTS (SELECT 1 FROM device WHERE contact_id = contact.id AND run = $1) \
    AND NOT EXISTS (SELECT 1 FROM session WHERE contact_id = contact.id AND run = $1) \
    AND NOT EXISTS (SELECT 1 FROM restriction WHERE contact_id = contact.id AND run = $1)";

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

    async fn end(&self, read_log: bool) -> Result<u64, CacheError> {
        let mut writer = self.writer().await;
        if meta::read(&mut writer).await?.loading {
            load::make_indexes(&mut writer).await?;
        }
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        let old = meta::read(&mut transaction).await?;
        let mut removed = Removed::new(&old);
        if read_log && old.run_open && old.run > 1 {
            for table in TABLES {
                // Whose rows have come is there, though their own row could not be read.
                let gone_alone = if table == "contact" { NOTHING_HAS_COME } else { "" };
                let unseen: Vec<i64> = sqlx::query_scalar(AssertSqlSafe(format!(
                    "SELECT id FROM {table} WHERE run < $1 AND only_here = 0{gone_alone}"
                )))
                .bind(old.run)
                .fetch_all(&mut *transaction)
                .await?;
                remove(&mut transaction, table, &unseen, &mut removed).await?;
            }
        }
        let count = removed.count;
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
        tidy(&mut transaction, removed, &new).await?;
        meta::write(&mut transaction, &old, &new).await?;
        transaction.commit().await?;
        Ok(count)
    }
}
