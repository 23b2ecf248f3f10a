//! Texts that were folded by older rules, folded anew: a search folds its words by today's, and would not find them.

use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};

use super::{CacheError, bulk::id_list, derive, fold::RULES};

/// Brings stored texts to today's rules; done once for each number of them. Says whether an older version had made them.
///
/// Since 2 a backtick is an apostrophe in texts of ASCII too.
pub(super) async fn refold(connection: &mut SqliteConnection) -> Result<bool, CacheError> {
    if rules(connection).await? >= RULES {
        return Ok(false);
    }
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    contacts(&mut transaction).await?;
    for table in ["ip", "agent", "rule"] {
        terms(&mut transaction, table).await?;
    }
    sqlx::query("UPDATE device_name SET folded = replace(folded, '`', '''') WHERE instr(folded, '`') > 0")
        .execute(&mut *transaction)
        .await?;
    // Their letters are learned anew, too.
    sqlx::query("INSERT OR IGNORE INTO meta (key, value) VALUES ('short_texts_missing', 1)")
        .execute(&mut *transaction)
        .await?;
    note(&mut transaction).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Notes that all texts are folded by today's rules.
pub(super) async fn note(connection: &mut SqliteConnection) -> Result<(), CacheError> {
    sqlx::query(
        "INSERT INTO meta (key, value) VALUES ('fold_rules', $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )
    .bind(RULES)
    .execute(connection)
    .await?;
    Ok(())
}

async fn rules(connection: &mut SqliteConnection) -> Result<i64, CacheError> {
    let sql = "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'fold_rules'";
    Ok(sqlx::query_scalar(sql).fetch_optional(connection).await?.unwrap_or(1))
}

async fn contacts(connection: &mut SqliteConnection) -> Result<(), CacheError> {
    let ids: Vec<i64> = sqlx::query_scalar(
        "SELECT id FROM contact WHERE instr(name_folded || email_folded || more_folded || note_folded, '`') > 0",
    )
    .fetch_all(&mut *connection)
    .await?;
    if ids.is_empty() {
        return Ok(());
    }
    let before = derive::contact_texts(connection, &ids).await?;
    sqlx::query(
        "UPDATE contact \
         SET name_folded = replace(name_folded, '`', ''''), email_folded = replace(email_folded, '`', ''''), \
             more_folded = replace(more_folded, '`', ''''), note_folded = replace(note_folded, '`', '''') \
         WHERE id IN (SELECT value FROM json_each($1))",
    )
    .bind(id_list(ids.iter().copied()))
    .execute(&mut *connection)
    .await?;
    derive::index_contacts(connection, &ids, &before).await
}

async fn terms(connection: &mut SqliteConnection, table: &'static str) -> Result<(), CacheError> {
    let update =
        format!("UPDATE {table} SET folded = replace(folded, '`', '''') WHERE instr(folded, '`') > 0 RETURNING id");
    let ids: Vec<i64> = sqlx::query_scalar(AssertSqlSafe(update)).fetch_all(&mut *connection).await?;
    if ids.is_empty() {
        return Ok(());
    }
    let ids = id_list(ids);
    for statement in [
        format!("DELETE FROM {table}_search WHERE rowid IN (SELECT value FROM json_each($1))"),
        format!(
            "INSERT INTO {table}_search (rowid, text) \
             SELECT id, folded FROM {table} WHERE id IN (SELECT value FROM json_each($1))"
        ),
    ] {
        sqlx::query(AssertSqlSafe(statement)).bind(&ids).execute(&mut *connection).await?;
    }
    Ok(())
}
