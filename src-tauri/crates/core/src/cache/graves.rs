//! What the server says is gone: its tombstones, and what comes late of those who have one.

use std::collections::BTreeSet;

use hallmonitor_wire::{Deleted, DeletedReason, EntityType};
use sqlx::{AssertSqlSafe, SqliteConnection};

use super::{
    CacheError, bulk,
    bulk::id_list,
    derive::Touched,
    meta::Meta,
    removal::{Removed, TABLES, remove, table_of, tidy},
    scrub, unreadable,
};

/// The revision of a tombstone that the owner has set: no server's row is newer.
pub(super) const ERASED_HERE: i64 = i64::MAX;

/// How many rows came that their tombstone keeps away.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Refused {
    pub(super) contacts: u64,
    pub(super) devices: u64,
    pub(super) sessions: u64,
    pub(super) restrictions: u64,
}

/// Applies tombstones, and removes what an old page brought back of things that are gone.
pub(super) async fn bury(
    connection: &mut SqliteConnection,
    deleted: &[Deleted],
    touched: &Touched,
    meta: &Meta,
    now: i64,
) -> Result<(u64, Refused), CacheError> {
    unreadable::bury(connection, deleted).await?;
    for table in TABLES {
        retain(connection, table, deleted, meta.run, now).await?;
    }
    let mut graves: Vec<&Deleted> = deleted
        .iter()
        .filter(|grave| grave.reason == DeletedReason::Erased && table_of(grave.kind.as_str()).is_some())
        .collect();
    let mut removed = Removed::new(meta);
    for table in TABLES {
        let of_kind: Vec<(i64, i64)> =
            graves.iter().filter(|grave| grave.kind.as_str() == table).map(|grave| (grave.id, grave.rev)).collect();
        let ids = buried(connection, table, &of_kind, meta.run).await?;
        remove(connection, table, &ids, &mut removed).await?;
        // A tombstone from before the row says nothing of what comes after it either.
        let alive = there(connection, table, &of_kind).await?;
        graves.retain(|grave| grave.kind.as_str() != table || !alive.contains(&grave.id));
    }
    bulk::insert(
        connection,
        "INSERT INTO tombstone (kind, id, rev)",
        3,
        "ON CONFLICT (kind, id) DO UPDATE SET rev = max(rev, excluded.rev)",
        graves,
        |grave, row| {
            row.put(grave.kind.as_str()).put(grave.id).put(grave.rev);
        },
    )
    .await?;
    let counted = removed.count;
    if counted > 0 {
        scrub::want(connection).await?;
    }
    let refused = refuse_the_dead(connection, touched, &mut removed).await?;
    tidy(connection, removed, meta).await?;
    Ok((counted, refused))
}

/// `retention`: the row stays as *only here*, with the tombstone's revision.
async fn retain(
    connection: &mut SqliteConnection,
    table: &'static str,
    deleted: &[Deleted],
    run: i64,
    now: i64,
) -> Result<(), CacheError> {
    let list: Vec<(i64, i64)> = deleted
        .iter()
        .filter(|grave| grave.reason == DeletedReason::Retention && grave.kind == EntityType::from(table))
        .map(|grave| (grave.id, grave.rev))
        .collect();
    if list.is_empty() {
        return Ok(());
    }
    // What came back since it was dropped the last time counts from today.
    sqlx::query(AssertSqlSafe(format!(
        "DELETE FROM dropped \
         WHERE kind = '{table}' AND id IN (SELECT value ->> 0 FROM json_each($1)) \
             AND EXISTS (SELECT 1 FROM {table} WHERE {table}.id = dropped.id AND {table}.only_here = 0)"
    )))
    .bind(pairs(&list))
    .execute(&mut *connection)
    .await?;
    sqlx::query(AssertSqlSafe(format!(
        "UPDATE {table} SET only_here = 1, rev = grave.rev, run = $2 \
         FROM (SELECT value ->> 0 AS id, value ->> 1 AS rev FROM json_each($1)) AS grave \
         WHERE {table}.id = grave.id AND ({table}.rev < grave.rev OR {table}.run < $2)"
    )))
    .bind(pairs(&list))
    .bind(run)
    .execute(&mut *connection)
    .await?;
    sqlx::query(AssertSqlSafe(format!(
        "INSERT INTO dropped (kind, id, at) \
         SELECT '{table}', id, $2 FROM {table} WHERE id IN (SELECT value FROM json_each($1)) AND only_here = 1 \
         ON CONFLICT (kind, id) DO NOTHING"
    )))
    .bind(id_list(list.iter().map(|(id, _)| *id)))
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// Those of the graves' rows that are here and older than their tombstone.
async fn buried(
    connection: &mut SqliteConnection,
    table: &'static str,
    graves: &[(i64, i64)],
    run: i64,
) -> Result<Vec<i64>, CacheError> {
    if graves.is_empty() {
        return Ok(Vec::new());
    }
    Ok(sqlx::query_scalar(AssertSqlSafe(format!(
        "SELECT row.id \
         FROM (SELECT value ->> 0 AS id, value ->> 1 AS rev FROM json_each($1)) AS grave \
         JOIN {table} AS row ON row.id = grave.id \
         WHERE row.rev <= grave.rev OR row.run < $2"
    )))
    .bind(pairs(graves))
    .bind(run)
    .fetch_all(connection)
    .await?)
}

/// Those of the graves whose rows are here.
async fn there(
    connection: &mut SqliteConnection,
    table: &'static str,
    graves: &[(i64, i64)],
) -> Result<BTreeSet<i64>, CacheError> {
    if graves.is_empty() {
        return Ok(BTreeSet::new());
    }
    let sql = format!("SELECT id FROM {table} WHERE id IN (SELECT value FROM json_each($1))");
    let ids: Vec<i64> = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(id_list(graves.iter().map(|(id, _)| *id)))
        .fetch_all(connection)
        .await?;
    Ok(ids.into_iter().collect())
}

fn pairs(list: &[(i64, i64)]) -> String {
    serde_json::json!(list).to_string()
}

/// Ids are never reused: a copy whose tombstone (or whose contact's) is known came late, from an old page.
async fn refuse_the_dead(
    connection: &mut SqliteConnection,
    touched: &Touched,
    removed: &mut Removed,
) -> Result<Refused, CacheError> {
    let mut refused = Refused::default();
    let any: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM tombstone)").fetch_one(&mut *connection).await?;
    if !any {
        return Ok(refused);
    }
    // A contact that is newer than its tombstone is there again, and so is what is its own.
    sqlx::query(
        "DELETE FROM tombstone WHERE kind = 'contact' AND id IN (SELECT value FROM json_each($1)) \
             AND EXISTS (SELECT 1 FROM contact WHERE contact.id = tombstone.id AND contact.rev > tombstone.rev)",
    )
    .bind(id_list(touched.contacts.iter().copied()))
    .execute(&mut *connection)
    .await?;
    // Contacts last: what goes with them is counted before.
    let batches = [
        ("restriction", "contact_id", &touched.restrictions, &mut refused.restrictions),
        ("session", "contact_id", &touched.sessions, &mut refused.sessions),
        ("device", "contact_id", &touched.devices, &mut refused.devices),
        ("contact", "id", &touched.contacts, &mut refused.contacts),
    ];
    for (table, owner, ids, count) in batches {
        if ids.is_empty() {
            continue;
        }
        let dead: Vec<i64> = sqlx::query_scalar(AssertSqlSafe(format!(
            "SELECT id FROM {table} AS row \
             WHERE id IN (SELECT value FROM json_each($1)) \
                 AND (EXISTS (SELECT 1 FROM tombstone WHERE kind = '{table}' AND id = row.id AND rev >= row.rev) \
                     OR EXISTS (SELECT 1 FROM tombstone WHERE kind = 'contact' AND id = row.{owner}))"
        )))
        .bind(id_list(ids.iter().copied()))
        .fetch_all(&mut *connection)
        .await?;
        *count = dead.len() as u64;
        remove(connection, table, &dead, removed).await?;
    }
    Ok(refused)
}
