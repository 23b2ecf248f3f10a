//! The cabinet: the school's name, its hash (which every call names) and its epoch.

use hallmonitor_wire::Time;
use serde::Serialize;
use sqlx::{SqliteConnection, SqlitePool};

use crate::{
    School, SchoolError,
    changes::CursorKey,
    fold::{DOTLESS, fold, folded_name},
    secret,
    write::Write,
};

/// Who the school is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Cabinet {
    /// The school's name.
    pub name: String,
    /// What the header `Cabinet-Hash` must say.
    #[sqlx(rename = "hash")]
    pub cabinet_hash: String,
    /// Names this history of the cabinet.
    pub epoch: String,
}

/// Writes the rows that every cabinet has, where they are not there yet; gives the key of its cursors.
pub(crate) async fn found(pool: &SqlitePool, now: Time) -> Result<CursorKey, SchoolError> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let there: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM cabinet").fetch_one(&mut *transaction).await?;
    if there == 0 {
        sqlx::query(
            "INSERT INTO cabinet (id, name, hash, epoch, created_at, rev)
             VALUES (1, 'School', $1, $2, $3, 1)",
        )
        .bind(secret::hex(&secret::random::<16>()))
        .bind(secret::hex(&secret::random::<8>()))
        .bind(now.ms())
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "INSERT INTO access_control (id, ip_mode, ip_ranges, concurrent_policy, session_timeout_minutes, rev)
             VALUES (1, 'off', '[]', 'refuse_new', 30, 1)",
        )
        .execute(&mut *transaction)
        .await?;
    }
    refold(&mut transaction).await?;
    let key = cursor_key(&mut transaction).await?;
    transaction.commit().await?;
    Ok(key)
}

/// The key of the cabinet's cursors, made where an older version has made none.
async fn cursor_key(db: &mut SqliteConnection) -> Result<CursorKey, SchoolError> {
    let known: Option<String> =
        sqlx::query_scalar("SELECT cursor_key FROM cabinet WHERE id = 1").fetch_one(&mut *db).await?;
    if let Some(known) = known {
        return Ok(CursorKey::new(&known));
    }
    let key = secret::hex(&secret::random::<16>());
    sqlx::query("UPDATE cabinet SET cursor_key = $1 WHERE id = 1").bind(&key).execute(db).await?;
    Ok(CursorKey::new(&key))
}

/// The number of the rules by which texts are folded now. Since 2 `ı` is not `i`.
const FOLD_RULES: i64 = 2;

/// Folds those texts anew that older rules have folded otherwise.
async fn refold(db: &mut SqliteConnection) -> Result<(), SchoolError> {
    let rules: i64 = sqlx::query_scalar("SELECT fold_rules FROM cabinet WHERE id = 1").fetch_one(&mut *db).await?;
    if rules >= FOLD_RULES {
        return Ok(());
    }
    let people: Vec<(i64, String, Option<String>, Option<String>)> = sqlx::query_as(
        "SELECT id, email, first_name, last_name
         FROM contact
         WHERE instr(email || coalesce(first_name, '') || coalesce(last_name, ''), $1) > 0",
    )
    .bind(DOTLESS.to_string())
    .fetch_all(&mut *db)
    .await?;
    for (id, email, first_name, last_name) in people {
        sqlx::query("UPDATE contact SET email_folded = $1, name_folded = $2 WHERE id = $3")
            .bind(fold(&email))
            .bind(folded_name(first_name.as_deref(), last_name.as_deref()))
            .bind(id)
            .execute(&mut *db)
            .await?;
    }
    sqlx::query("UPDATE cabinet SET fold_rules = $1 WHERE id = 1").bind(FOLD_RULES).execute(db).await?;
    Ok(())
}

impl School {
    /// Who the school is.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn cabinet(&self) -> Result<Cabinet, SchoolError> {
        Ok(sqlx::query_as("SELECT name, hash, epoch FROM cabinet WHERE id = 1").fetch_one(self.pool()).await?)
    }

    /// Gives the school another name.
    ///
    /// # Errors
    /// Where the name is empty or the database fails.
    pub async fn rename(&self, name: &str) -> Result<(), SchoolError> {
        let name = name.trim();
        if name.is_empty() {
            return Err(SchoolError::EmptyName);
        }
        let mut write = Write::begin(self).await?;
        sqlx::query("UPDATE cabinet SET name = $1 WHERE id = 1").bind(name).execute(write.db()).await?;
        write.commit().await
    }

    /// Gives the cabinet's history a new name, so that every reader starts again; with `of` only where that still is its
    /// name. For a database that was put back from a backup: revisions are handed out a second time then, and must not be
    /// taken for what they were.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn renew_epoch(&self, of: Option<&str>) -> Result<(), SchoolError> {
        let mut write = Write::begin(self).await?;
        renew_epoch(&mut write, of).await?;
        write.commit().await
    }
}

/// As [`School::renew_epoch`], within a write that does more.
pub(crate) async fn renew_epoch(write: &mut Write, of: Option<&str>) -> Result<(), SchoolError> {
    sqlx::query("UPDATE cabinet SET epoch = $1 WHERE id = 1 AND epoch = coalesce($2, epoch)")
        .bind(secret::hex(&secret::random::<8>()))
        .bind(of)
        .execute(write.db())
        .await?;
    write.renews();
    Ok(())
}
