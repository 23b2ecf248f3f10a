//! The end of a first load: all that is cheaper made once than kept up to date row by row.
//!
//! Kept up to date, the secondary indexes would cost four times the load itself (random pages, encrypted and written
//! again and again). Until they are there lists work, only slower; each commits by itself, so a crash loses one at the
//! most. The search rows of addresses, the newest place of each device and the contacts' counts follow; where a load
//! breaks off, they are made of what has come.

use std::collections::HashSet;

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, SqliteConnection};

use super::{Cache, CacheError, derive, open::PAGES_KEPT, stale};

/// The secondary indexes of what the server said.
pub const INDEXES: [&str; 29] = [
    "CREATE INDEX IF NOT EXISTS contact_by_activity ON contact (activity_sort)",
    "CREATE INDEX IF NOT EXISTS contact_by_name ON contact (name_folded)",
    "CREATE INDEX IF NOT EXISTS contact_by_email ON contact (email_folded)",
    "CREATE INDEX IF NOT EXISTS contact_by_devices ON contact (devices)",
    "CREATE INDEX IF NOT EXISTS contact_by_unviewed ON contact (unviewed)",
    "CREATE INDEX IF NOT EXISTS contact_by_checks ON contact (effective_checks)",
    "CREATE INDEX IF NOT EXISTS contact_unviewed_by_activity ON contact (activity_sort) WHERE unviewed > 0",
    "CREATE INDEX IF NOT EXISTS contact_unchecked_by_activity ON contact (activity_sort) WHERE effective_checks = 0",
    "CREATE INDEX IF NOT EXISTS contact_blocked_by_activity ON contact (activity_sort) WHERE blocked_devices > 0",
    "CREATE INDEX IF NOT EXISTS device_by_seen ON device (last_seen_at)",
    "CREATE INDEX IF NOT EXISTS device_by_contact ON device (contact_id, last_seen_at)",
    "CREATE INDEX IF NOT EXISTS device_by_fingerprint ON device (fingerprint, contact_id)",
    "CREATE INDEX IF NOT EXISTS device_by_agent ON device (agent_id)",
    "CREATE INDEX IF NOT EXISTS device_place_by_ip ON device_place (ip_id)",
    "CREATE INDEX IF NOT EXISTS restriction_by_time ON restriction (occurred_at)",
    "CREATE INDEX IF NOT EXISTS restriction_by_contact ON restriction (contact_id, occurred_at)",
    "CREATE INDEX IF NOT EXISTS restriction_by_device ON restriction (device_id, occurred_at)",
    "CREATE INDEX IF NOT EXISTS restriction_by_session ON restriction (session_id)",
    "CREATE INDEX IF NOT EXISTS restriction_by_ip ON restriction (ip_id)",
    "CREATE INDEX IF NOT EXISTS restriction_by_rule ON restriction (rule_id)",
    "CREATE INDEX IF NOT EXISTS restriction_unviewed ON restriction (contact_id) WHERE effective_status = 'not_viewed'",
    "CREATE INDEX IF NOT EXISTS restriction_unviewed_by_time ON restriction (occurred_at) WHERE effective_status = 'not_viewed'",
    "CREATE INDEX IF NOT EXISTS session_by_start ON session (started_at)",
    "CREATE INDEX IF NOT EXISTS session_by_contact ON session (contact_id, started_at)",
    "CREATE INDEX IF NOT EXISTS session_by_device ON session (device_id, started_at)",
    "CREATE INDEX IF NOT EXISTS session_by_ip ON session (ip_id, started_at)",
    "CREATE INDEX IF NOT EXISTS session_by_agent ON session (agent_id, started_at)",
    // Logins that are refused or ended for an unusual reason, and those that run: few, and asked for by themselves.
    "CREATE INDEX IF NOT EXISTS session_special ON session (started_at) \
     WHERE outcome <> 'allowed' OR end_reason NOT IN ('logout', 'expired')",
    "CREATE INDEX IF NOT EXISTS session_running ON session (started_at) WHERE ended_at IS NULL",
];

/// The secondary indexes of what is worked out for a review.
const REVIEW_INDEXES: [&str; 8] = [
    "CREATE INDEX IF NOT EXISTS contact_by_alphabet ON contact (name_sort)",
    "CREATE INDEX IF NOT EXISTS ip_by_key ON ip (key)",
    "CREATE INDEX IF NOT EXISTS ip_by_country ON ip (country, network_kind)",
    "CREATE INDEX IF NOT EXISTS agent_by_kind ON agent (device_type, browser, os)",
    "CREATE INDEX IF NOT EXISTS contact_by_violation ON contact (violation_sort) WHERE violation_sort IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS device_by_shared ON device (shared_sort)",
    "CREATE INDEX IF NOT EXISTS device_blocked_by_seen ON device (last_seen_at) WHERE effective_access = 'blocked'",
    "CREATE INDEX IF NOT EXISTS restriction_by_shown ON restriction (shown_sort)",
];

/// Makes the secondary indexes that are not there yet. Where all are there nothing is locked or written.
///
/// Sorting takes 48 bytes a row of memory; the pages of the cache would stand beside it and help nothing, since each
/// table is read from end to end and each index written from end to end.
pub(super) async fn make_indexes(connection: &mut SqliteConnection) -> Result<(), CacheError> {
    let made: HashSet<String> = sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'index'")
        .fetch_all(&mut *connection)
        .await?
        .into_iter()
        .collect();
    let missing: Vec<&'static str> =
        INDEXES.into_iter().chain(REVIEW_INDEXES).filter(|index| !made.contains(name_of(index))).collect();
    if missing.is_empty() {
        return Ok(());
    }
    keep_pages(connection, PAGES_WHILE_INDEXING).await?;
    let made = make(connection, missing).await;
    keep_pages(connection, PAGES_KEPT).await?;
    made
}

/// How much of the file the writer keeps in memory while it makes indexes, KiB.
const PAGES_WHILE_INDEXING: u32 = 8 << 10;

/// Up to which place in the log everything was derived in a first load that is not over: a key of `meta`.
const DERIVED: &str = "derived_up_to";

async fn keep_pages(connection: &mut SqliteConnection, kib: u32) -> Result<(), CacheError> {
    connection.execute(sqlx::raw_sql(AssertSqlSafe(format!("PRAGMA cache_size = -{kib}")))).await?;
    Ok(())
}

/// Whether an index is there. During a first load none is, and a statement that insists on one fails.
pub(super) async fn is_indexed(connection: &mut SqliteConnection, index: &str) -> Result<bool, CacheError> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = $1)")
        .bind(index)
        .fetch_one(connection)
        .await?)
}

fn name_of(index: &str) -> &str {
    index.trim_start_matches("CREATE INDEX IF NOT EXISTS ").split(' ').next().unwrap_or_default()
}

async fn make(connection: &mut SqliteConnection, indexes: Vec<&'static str>) -> Result<(), CacheError> {
    for index in indexes {
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        transaction.execute(sqlx::raw_sql(index)).await?;
        transaction.commit().await?;
    }
    Ok(())
}

/// Makes the search rows of all addresses; what an earlier try has made is made anew.
async fn search_addresses(connection: &mut SqliteConnection) -> Result<(), CacheError> {
    connection.execute("DELETE FROM ip_search").await?;
    connection.execute("INSERT INTO ip_search (rowid, text) SELECT id, folded FROM ip").await?;
    Ok(())
}

impl Cache {
    /// Makes what is derived from the rows that a first load has brought before it broke off, so that they can be searched
    /// and counted until it goes on. Without the indexes each table is read once from end to end.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn derive_so_far(&self) -> Result<(), CacheError> {
        let mut writer = self.writer().await;
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        search_addresses(&mut transaction).await?;
        for statement in [
            "DELETE FROM device_place",
            // The other columns are those of the row with the largest (<https://sqlite.org/lang_select.html#bareagg>).
            "INSERT INTO device_place (device_id, session_id, started_at, ip_id) \
             SELECT device_id, id, max(started_at), ip_id FROM session WHERE device_id IS NOT NULL GROUP BY device_id",
        ] {
            transaction.execute(statement).await?;
        }
        derive::count_all(&mut transaction).await?;
        sqlx::query(
            "INSERT INTO meta (key, value) SELECT $1, value FROM meta WHERE key = 'cursor' \
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .bind(DERIVED)
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Does the same where the program was killed in a first load, and nobody has done it since.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn derive_after_a_kill(&self) -> Result<(), CacheError> {
        let is_left: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM meta AS cursor \
                 WHERE cursor.key = 'cursor' AND NOT EXISTS ( \
                     SELECT 1 FROM meta AS derived WHERE derived.key = $1 AND derived.value = cursor.value))",
        )
        .bind(DERIVED)
        .fetch_one(&mut *self.reader().await?)
        .await?;
        if is_left { self.derive_so_far().await } else { Ok(()) }
    }
}

/// Makes what is derived from all the rows; the indexes are there.
pub(super) async fn derive_all(connection: &mut SqliteConnection) -> Result<(), CacheError> {
    search_addresses(connection).await?;
    for statement in [
        "DELETE FROM device_place",
        "INSERT INTO device_place (device_id, session_id, started_at, ip_id) \
         SELECT newest.device_id, session.id, session.started_at, session.ip_id \
         FROM ( \
             SELECT device_id, ( \
                 SELECT id FROM session WHERE device_id = used.device_id ORDER BY started_at DESC, id DESC LIMIT 1 \
             ) AS session_id \
             FROM (SELECT DISTINCT device_id FROM session WHERE device_id IS NOT NULL) AS used \
         ) AS newest \
         CROSS JOIN session ON session.id = newest.session_id",
    ] {
        connection.execute(sqlx::raw_sql(statement)).await?;
    }
    derive::count_all(connection).await?;
    stale::all_contacts(connection).await?;
    stale::all_days(connection).await
}
