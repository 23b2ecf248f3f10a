//! Entities that could not be read, set aside for the person to see.
//!
//! Each stays until it comes in a form that can be read, until it is gone, or until the log is read anew: what an erased
//! person's entity looked like is that person's too.

use std::collections::{HashMap, HashSet};

use hallmonitor_wire::{Changes, Deleted};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, SqliteConnection};

use super::{CacheError, bulk, bulk::id_list, meta::Meta, removal};
use crate::{hex::hex, school::Unreadable};

/// The word for the school's settings, which have no id.
const ACCESS_CONTROL: &str = "access_control";

/// Keeps what could not be read; the row it belongs to stays as it was, and is not taken for gone at the end of a run.
/// What is gone is not kept, and nor is a copy that is no newer than one that could be read.
pub(super) async fn set_aside(
    connection: &mut SqliteConnection,
    meta: &Meta,
    mut unreadable: Vec<Unreadable>,
    now: i64,
) -> Result<(), CacheError> {
    if unreadable.is_empty() {
        return Ok(());
    }
    let mut of_table: HashMap<&'static str, Vec<i64>> = HashMap::new();
    for entity in &unreadable {
        if let (Some(id), Some(table)) = (entity.id, removal::table_of(entity.kind)) {
            of_table.entry(table).or_default().push(id);
        } else if entity.kind == ACCESS_CONTROL {
            of_table.insert(ACCESS_CONTROL, vec![1]);
        }
    }
    let mut known: HashMap<(&'static str, i64), i64> = HashMap::new();
    for (table, ids) in &of_table {
        let ids = id_list(ids.iter().copied());
        let rows: Vec<(i64, i64)> = sqlx::query_as(AssertSqlSafe(format!(
            "SELECT id, rev FROM {table} WHERE id IN (SELECT value FROM json_each($1)) AND run = $2"
        )))
        .bind(&ids)
        .bind(meta.run)
        .fetch_all(&mut *connection)
        .await?;
        known.extend(rows.into_iter().map(|(id, rev)| ((*table, id), rev)));
        if *table != ACCESS_CONTROL {
            sqlx::query(AssertSqlSafe(format!(
                "UPDATE {table} SET run = $1 WHERE id IN (SELECT value FROM json_each($2)) AND run < $1"
            )))
            .bind(meta.run)
            .bind(ids)
            .execute(&mut *connection)
            .await?;
        }
    }
    let read: Vec<(Option<i64>, Option<i64>)> = unreadable.iter().map(contact_and_rev).collect();
    let dead = dead(connection, &unreadable, &read).await?;
    let mut read = read.into_iter();
    unreadable.retain(|entity| {
        let (contact, rev) = read.next().unwrap_or_default();
        let is_dead = |kind: &str, id: Option<i64>| id.is_some_and(|id| dead.contains(&(kind.to_owned(), id)));
        let here = match entity.kind {
            ACCESS_CONTROL => known.get(&(ACCESS_CONTROL, 1)),
            kind => entity.id.zip(removal::table_of(kind)).and_then(|(id, table)| known.get(&(table, id))),
        };
        let outdated = rev.zip(here).is_some_and(|(rev, here)| rev <= *here);
        !is_dead(entity.kind, entity.id) && !is_dead("contact", contact) && !outdated
    });
    bulk::insert(
        connection,
        "INSERT INTO unreadable (kind, reference, reason, raw, seen_at)",
        5,
        "ON CONFLICT (kind, reference) DO UPDATE SET reason = excluded.reason, raw = excluded.raw, \
         seen_at = excluded.seen_at",
        unreadable,
        |entity, values| {
            let reference = reference(&entity);
            values.put(entity.kind).put(reference).put(entity.reason).put(entity.raw).put(now);
        },
    )
    .await?;
    Ok(())
}

/// Whose it is and its revision, where that much can be read.
fn contact_and_rev(entity: &Unreadable) -> (Option<i64>, Option<i64>) {
    let fields: Map<String, Value> = serde_json::from_str(&entity.raw).unwrap_or_default();
    let number = |name: &str| fields.get(name).and_then(Value::as_i64);
    (number("contact_id"), number("rev"))
}

/// Those of these entities and of their contacts whose tombstones are known.
async fn dead(
    connection: &mut SqliteConnection,
    unreadable: &[Unreadable],
    read: &[(Option<i64>, Option<i64>)],
) -> Result<HashSet<(String, i64)>, CacheError> {
    let ids = unreadable.iter().filter_map(|entity| entity.id).chain(read.iter().filter_map(|(contact, _)| *contact));
    let ids = id_list(ids);
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT kind, id FROM tombstone \
         WHERE kind IN ('contact', 'device', 'session', 'restriction') AND id IN (SELECT value FROM json_each($1))",
    )
    .bind(ids)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().collect())
}

/// What tells one unreadable entity from another: its id, or a digest of its text where that is unreadable too.
fn reference(entity: &Unreadable) -> String {
    match entity.id {
        Some(id) => id.to_string(),
        None => hex(&Sha256::digest(entity.raw.as_bytes())[..8]),
    }
}

/// An entity that can be read now is unreadable no more; nor is one that is gone.
pub(super) async fn forgive(connection: &mut SqliteConnection, changes: &Changes) -> Result<(), CacheError> {
    if !any(connection).await? {
        return Ok(());
    }
    for (kind, ids) in [
        ("contact", id_list(changes.contacts.iter().map(|row| row.id))),
        ("device", id_list(changes.devices.iter().map(|row| row.id))),
        ("session", id_list(changes.sessions.iter().map(|row| row.id))),
        ("restriction", id_list(changes.restrictions.iter().map(|row| row.id))),
        ("deleted", id_list(changes.deleted.iter().map(|grave| grave.id))),
    ] {
        forget(connection, kind, ids).await?;
    }
    if changes.access_control.is_some() {
        sqlx::query("DELETE FROM unreadable WHERE kind = $1").bind(ACCESS_CONTROL).execute(connection).await?;
    }
    Ok(())
}

/// Forgets those of a kind that tombstones are about, whether a row of theirs is here or not.
pub(super) async fn bury(connection: &mut SqliteConnection, deleted: &[Deleted]) -> Result<(), CacheError> {
    if deleted.is_empty() || !any(connection).await? {
        return Ok(());
    }
    for kind in ["contact", "device", "session", "restriction"] {
        let ids: Vec<i64> = deleted.iter().filter(|grave| grave.kind.as_str() == kind).map(|grave| grave.id).collect();
        forget(connection, kind, id_list(ids.iter().copied())).await?;
        if kind == "contact" {
            forget_all_of(connection, &ids).await?;
        }
    }
    Ok(())
}

/// Forgets those with an id of the list.
pub(super) async fn forget(
    connection: &mut SqliteConnection,
    kind: &'static str,
    ids: String,
) -> Result<(), CacheError> {
    sqlx::query(
        "DELETE FROM unreadable \
         WHERE kind = $1 AND reference IN (SELECT CAST(value AS TEXT) FROM json_each($2))",
    )
    .bind(kind)
    .bind(ids)
    .execute(connection)
    .await?;
    Ok(())
}

/// Forgets what says that it belongs to one of these contacts.
pub(super) async fn forget_all_of(connection: &mut SqliteConnection, contacts: &[i64]) -> Result<(), CacheError> {
    sqlx::query(
        "DELETE FROM unreadable \
         WHERE CASE WHEN json_valid(raw) THEN raw ->> 'contact_id' END IN (SELECT value FROM json_each($1))",
    )
    .bind(id_list(contacts.iter().copied()))
    .execute(connection)
    .await?;
    Ok(())
}

/// Forgets the contacts that no reading since then has brought.
pub(super) async fn forget_contacts_before(connection: &mut SqliteConnection, since: i64) -> Result<(), CacheError> {
    sqlx::query("DELETE FROM unreadable WHERE kind = 'contact' AND seen_at < $1")
        .bind(since)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn any(connection: &mut SqliteConnection) -> Result<bool, CacheError> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM unreadable)").fetch_one(connection).await?)
}
