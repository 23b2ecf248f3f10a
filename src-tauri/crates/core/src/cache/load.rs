//! The end of a first load: the sessions' secondary indexes, made when the rows are there.
//!
//! Kept up to date row by row they would cost four times the load itself (random pages, encrypted and written again and
//! again). Until they are there lists work, only slower; each commits by itself, so a crash loses one at the most.

use sqlx::{Connection as _, Executor as _, SqliteConnection};

use super::CacheError;

const INDEXES: [&str; 5] = [
    "CREATE INDEX IF NOT EXISTS session_by_start ON session (started_at)",
    "CREATE INDEX IF NOT EXISTS session_by_contact ON session (contact_id, started_at)",
    "CREATE INDEX IF NOT EXISTS session_by_device ON session (device_id, started_at)",
    "CREATE INDEX IF NOT EXISTS session_by_ip ON session (ip_id, started_at)",
    "CREATE INDEX IF NOT EXISTS session_by_agent ON session (agent_id, started_at)",
];

pub(super) async fn make_indexes(connection: &mut SqliteConnection) -> Result<(), CacheError> {
    for index in INDEXES {
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        transaction.execute(sqlx::raw_sql(index)).await?;
        transaction.commit().await?;
    }
    Ok(())
}
