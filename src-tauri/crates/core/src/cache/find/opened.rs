//! What was opened last in this school: kept in its cache, so it goes with it, is locked with it, and loses whom is
//! erased.

use sqlx::{Connection as _, QueryBuilder, Sqlite, SqliteConnection};

use super::{addresses, devices, people};
use crate::{
    cache::{Cache, CacheError},
    model::{Hit, Opened},
};

const KEY: &str = "opened";

/// Things that are remembered.
const MOST: usize = 8;

async fn read(connection: &mut SqliteConnection) -> Result<Vec<Opened>, CacheError> {
    let text: Option<String> = sqlx::query_scalar("SELECT CAST(value AS TEXT) FROM meta WHERE key = $1")
        .bind(KEY)
        .fetch_optional(connection)
        .await?;
    // Nobody misses what a later version has written here.
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

async fn write(connection: &mut SqliteConnection, opened: &[Opened]) -> Result<(), CacheError> {
    sqlx::query("INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
        .bind(KEY)
        .bind(serde_json::json!(opened).to_string())
        .execute(connection)
        .await?;
    Ok(())
}

/// As it is now; `None` where it is not here any more.
async fn hit(connection: &mut SqliteConnection, opened: &Opened) -> Result<Option<Hit>, CacheError> {
    Ok(match opened {
        Opened::Contact { id } => {
            let among = |sql: &mut QueryBuilder<Sqlite>| _ = sql.push_bind(*id);
            people::candidates(connection, among).await?.pop().map(|found| found.hit)
        }
        Opened::Device { id } => {
            let among =
                |sql: &mut QueryBuilder<Sqlite>| _ = sql.push("SELECT ").push_bind(*id).push(" AS id, 0 AS turn");
            devices::described(connection, among).await?.pop().map(|(_, hit)| hit)
        }
        Opened::Address { address } => addresses::typed_whole(connection, address).await?.pop(),
    })
}

/// What was opened last and is still here, the latest first.
pub(super) async fn latest(connection: &mut SqliteConnection) -> Result<Vec<Hit>, CacheError> {
    let mut hits = Vec::new();
    for opened in read(connection).await? {
        hits.extend(hit(connection, &opened).await?);
    }
    Ok(hits)
}

/// Forgets what is not here any more: it may have been an erased person's.
pub(in crate::cache) async fn forget_gone(connection: &mut SqliteConnection) -> Result<(), CacheError> {
    let before = read(connection).await?;
    let mut left = Vec::new();
    for opened in &before {
        if hit(connection, opened).await?.is_some() {
            left.push(opened.clone());
        }
    }
    if left.len() < before.len() { write(connection, &left).await } else { Ok(()) }
}

impl Cache {
    /// Remembers that something was opened.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn note_opened(&self, opened: Opened) -> Result<(), CacheError> {
        let mut writer = self.writer().await;
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        if hit(&mut transaction, &opened).await?.is_none() {
            return Ok(());
        }
        let mut all = read(&mut transaction).await?;
        if all.first() == Some(&opened) {
            return Ok(());
        }
        all.retain(|known| *known != opened);
        all.insert(0, opened);
        all.truncate(MOST);
        write(&mut transaction, &all).await?;
        Ok(transaction.commit().await?)
    }
}
