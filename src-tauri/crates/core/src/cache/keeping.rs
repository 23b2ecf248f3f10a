//! How long rows stay here that the server has dropped, and what the owner erases here. Neither touches anything that an
//! unsent decision is about.

use hallmonitor_wire::ActionType;
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};

use super::{Cache, CacheError, bulk::id_list, graves, meta, removal, scrub};

/// Months that rows stay here after the server has dropped them, unless the owner says otherwise.
pub(crate) const KEPT_MONTHS: u32 = 12;

/// Months that may be chosen at the most.
pub(crate) const MOST_MONTHS: u32 = 120;

/// A twelfth of a year in milliseconds.
const MONTH_MS: i64 = 2_629_800_000;

/// Rows that one transaction removes.
const AT_ONCE: i64 = 500;

/// What became of a contact that was to be erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Erased {
    /// It is gone, with so many entities in all.
    Gone(u64),
    /// It was not here.
    NotHere,
    /// So many decisions about it are unsent or unsettled: nothing was removed.
    Undecided(i64),
}

/// Says of a row `dropped` that a decision in the outbox is about it, or about what is its own.
const DECIDED: &str = "EXISTS ( \
    SELECT 1 FROM outbox \
    WHERE dropped.kind = 'restriction' AND outbox.kind = 'restriction_status' AND outbox.target_id = dropped.id \
        OR dropped.kind = 'device' AND outbox.kind = 'device_access' AND outbox.target_id = dropped.id \
        OR dropped.kind = 'contact' \
)";

impl Cache {
    /// Months that rows stay here after the server has dropped them.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn kept_months(&self) -> Result<u32, CacheError> {
        kept_months(&mut *self.reader().await?).await
    }

    /// Sets them.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn keep_months(&self, months: u32) -> Result<(), CacheError> {
        sqlx::query(
            "INSERT INTO meta (key, value) VALUES ('kept_months', $1) \
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .bind(i64::from(months.min(MOST_MONTHS)))
        .execute(&mut *self.writer().await)
        .await?;
        Ok(())
    }

    /// Removes some of the rows that have been only here for too long; says whether there were any.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn drop_old(&self, now: i64) -> Result<bool, CacheError> {
        let before = now.saturating_sub(i64::from(self.kept_months().await?) * MONTH_MS);
        let old = old_rows(&mut *self.reader().await?, before).await?;
        if old.is_empty() {
            return Ok(false);
        }
        let mut writer = self.writer().await;
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        // A decision may have come meanwhile.
        let old = old_rows(&mut transaction, before).await?;
        let meta = meta::read(&mut transaction).await?;
        for table in ["session", "restriction", "device", "contact"] {
            let ids: Vec<i64> = old.iter().filter(|(kind, _)| kind == table).map(|(_, id)| *id).collect();
            // A row that has come back since is the server's again.
            let here: Vec<i64> = sqlx::query_scalar(AssertSqlSafe(format!(
                "SELECT id FROM {table} WHERE id IN (SELECT value FROM json_each($1)) AND only_here = 1"
            )))
            .bind(id_list(ids.iter().copied()))
            .fetch_all(&mut *transaction)
            .await?;
            removal::remove_rows(&mut transaction, table, &here, &meta).await?;
            sqlx::query("DELETE FROM dropped WHERE kind = $1 AND id IN (SELECT value FROM json_each($2))")
                .bind(table)
                .bind(id_list(ids))
                .execute(&mut *transaction)
                .await?;
        }
        scrub::want(&mut transaction).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Removes a contact and all that is its own, the owner's notes too, for good: what the server says of it later is
    /// not written. Nothing is removed while decisions about it are unsent or unsettled.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn erase_contact(&self, id: i64) -> Result<Erased, CacheError> {
        let erased = erase(&mut *self.writer().await, id).await?;
        self.scrub().await?;
        Ok(erased)
    }
}

async fn erase(writer: &mut SqliteConnection, id: i64) -> Result<Erased, CacheError> {
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
    let here: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM contact WHERE id = $1)")
        .bind(id)
        .fetch_one(&mut *transaction)
        .await?;
    if !here {
        return Ok(Erased::NotHere);
    }
    let undecided = undecided(&mut transaction, id).await?;
    if undecided > 0 {
        return Ok(Erased::Undecided(undecided));
    }
    let meta = meta::read(&mut transaction).await?;
    let removed = removal::remove_contacts(&mut transaction, &[id], &meta).await?;
    sqlx::query(
        "INSERT INTO tombstone (kind, id, rev) VALUES ('contact', $1, $2) \
             ON CONFLICT (kind, id) DO UPDATE SET rev = excluded.rev",
    )
    .bind(id)
    .bind(graves::ERASED_HERE)
    .execute(&mut *transaction)
    .await?;
    scrub::want(&mut transaction).await?;
    transaction.commit().await?;
    Ok(Erased::Gone(removed))
}

async fn kept_months(connection: &mut SqliteConnection) -> Result<u32, CacheError> {
    let kept: Option<i64> = sqlx::query_scalar("SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'kept_months'")
        .fetch_optional(connection)
        .await?;
    Ok(kept.and_then(|months| u32::try_from(months).ok()).unwrap_or(KEPT_MONTHS).min(MOST_MONTHS))
}

/// Rows that have been only here since before then and that no decision is about, some.
async fn old_rows(connection: &mut SqliteConnection, before: i64) -> Result<Vec<(String, i64)>, CacheError> {
    Ok(sqlx::query_as(AssertSqlSafe(format!(
        "SELECT kind, id FROM dropped WHERE at < $1 AND NOT {DECIDED} ORDER BY at LIMIT $2"
    )))
    .bind(before)
    .bind(AT_ONCE)
    .fetch_all(connection)
    .await?)
}

/// Decisions in the outbox about a contact, its devices and its restrictions.
async fn undecided(connection: &mut SqliteConnection, contact: i64) -> Result<i64, CacheError> {
    Ok(sqlx::query_scalar(
        "SELECT count(*) FROM outbox \
         WHERE (kind = $2 AND target_id = $1) \
             OR (kind = $3 AND target_id IN (SELECT id FROM device WHERE contact_id = $1)) \
             OR (kind = $4 AND target_id IN (SELECT id FROM restriction WHERE contact_id = $1))",
    )
    .bind(contact)
    .bind(ActionType::ContactChecks.as_str())
    .bind(ActionType::DeviceAccess.as_str())
    .bind(ActionType::RestrictionStatus.as_str())
    .fetch_one(connection)
    .await?)
}
