//! Rows that leave the mirror, and what leaves with them.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, Row as _, SqliteConnection};

use super::{CacheError, bulk::id_list, derive, find, meta::Meta, stale, tally, terms, unreadable};

/// The tables of entities, each under its word in the API.
pub(super) const TABLES: [&str; 4] = ["contact", "device", "session", "restriction"];

/// The table of a kind of entity, in either of the API's forms (`session`, `sessions`).
pub(super) fn table_of(kind: &str) -> Option<&'static str> {
    TABLES.into_iter().find(|table| kind == *table || kind.strip_suffix('s') == Some(table))
}

/// What a removal leaves to be tidied up.
#[derive(Debug, Default)]
pub(super) struct Removed {
    pub(super) count: u64,
    ips: BTreeSet<i64>,
    agents: BTreeSet<i64>,
    devices: BTreeSet<i64>,
    owners: BTreeSet<i64>,
    fingerprints: BTreeSet<String>,
    logins: tally::Difference,
    /// Whether nothing is counted yet: a first load.
    loading: bool,
    /// Whether anything is set aside as unreadable; `None` before it was asked.
    any_unreadable: Option<bool>,
}

impl Removed {
    pub(super) fn new(meta: &Meta) -> Self {
        Self { loading: meta.loading, ..Self::default() }
    }
}

/// Removes rows; with a contact all that is its own.
pub(super) async fn remove(
    connection: &mut SqliteConnection,
    table: &'static str,
    ids: &[i64],
    removed: &mut Removed,
) -> Result<(), CacheError> {
    if ids.is_empty() {
        return Ok(());
    }
    removed.any_unreadable = match removed.any_unreadable {
        None => Some(unreadable::any(connection).await?),
        known => known,
    };
    if table == "contact" {
        if removed.any_unreadable == Some(true) {
            unreadable::forget_all_of(connection, ids).await?;
        }
        derive::unindex_contacts(connection, ids).await?;
        for own in ["check_exception", "verdict", "insight", "stale_contact"] {
            sqlx::query(AssertSqlSafe(format!(
                "DELETE FROM {own} WHERE contact_id IN (SELECT value FROM json_each($1))"
            )))
            .bind(id_list(ids.iter().copied()))
            .execute(&mut *connection)
            .await?;
        }
        for of_contact in ["device", "session", "restriction"] {
            remove_where(connection, of_contact, "contact_id", ids, removed).await?;
        }
    }
    remove_where(connection, table, "id", ids, removed).await
}

async fn remove_where(
    connection: &mut SqliteConnection,
    table: &'static str,
    column: &'static str,
    ids: &[i64],
    removed: &mut Removed,
) -> Result<(), CacheError> {
    let returning = match table {
        "session" => "id, ip_id, agent_id, device_id, contact_id, NULL",
        "restriction" => "id, ip_id, NULL, NULL, contact_id, NULL",
        "device" => "id, NULL, agent_id, id, contact_id, fingerprint",
        _ => "id, NULL, NULL, NULL, NULL, NULL",
    };
    if table == "session" && !removed.loading {
        let of = if column == "id" { tally::Of::Ids } else { tally::Of::Contacts };
        tally::image(connection, of, ids, -1, &mut removed.logins).await?;
    }
    let rows = sqlx::query(AssertSqlSafe(format!(
        "DELETE FROM {table} WHERE {column} IN (SELECT value FROM json_each($1)) RETURNING {returning}"
    )))
    .bind(id_list(ids.iter().copied()))
    .fetch_all(&mut *connection)
    .await?;
    let mut gone = Vec::with_capacity(rows.len());
    for row in rows {
        removed.count += 1;
        gone.push(row.try_get(0)?);
        removed.ips.extend(row.try_get::<Option<i64>, _>(1)?);
        removed.agents.extend(row.try_get::<Option<i64>, _>(2)?);
        removed.devices.extend(row.try_get::<Option<i64>, _>(3)?);
        removed.owners.extend(row.try_get::<Option<i64>, _>(4)?);
        removed.fingerprints.extend(row.try_get::<Option<String>, _>(5)?);
    }
    if removed.any_unreadable == Some(true) {
        unreadable::forget(connection, table, id_list(gone)).await?;
    }
    Ok(())
}

/// Brings everything derived in line with what was removed. Addresses and agents that nothing refers to any more go
/// too: they may be an erased person's.
pub(super) async fn tidy(connection: &mut SqliteConnection, removed: Removed, meta: &Meta) -> Result<(), CacheError> {
    if removed.count == 0 || meta.loading {
        // Without indexes each look would be at a whole table; the end of the load does it all once.
        return Ok(());
    }
    let devices = id_list(removed.devices);
    sqlx::query("DELETE FROM device_place WHERE device_id IN (SELECT value FROM json_each($1))")
        .bind(&devices)
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "INSERT INTO device_place (device_id, session_id, started_at, ip_id) \
         SELECT device_id, id, started_at, ip_id FROM ( \
             SELECT device_id, id, started_at, ip_id, \
                 row_number() OVER (PARTITION BY device_id ORDER BY started_at DESC, id DESC) AS place \
             FROM session WHERE device_id IN (SELECT value FROM json_each($1)) \
         ) WHERE place = 1",
    )
    .bind(&devices)
    .execute(&mut *connection)
    .await?;
    for own in ["device_name", "device_alias"] {
        sqlx::query(AssertSqlSafe(format!(
            "DELETE FROM {own} \
             WHERE device_id IN (SELECT value FROM json_each($1)) AND device_id NOT IN (SELECT id FROM device)"
        )))
        .bind(&devices)
        .execute(&mut *connection)
        .await?;
    }
    tally::add(connection, removed.logins).await?;
    let mut stale = derive::count_shared(connection, &removed.fingerprints).await?;
    stale.extend(&removed.owners);
    stale::contacts(connection, stale).await?;
    forget_terms(connection, &id_list(removed.ips), &id_list(removed.agents)).await?;
    derive::recount(connection, removed.owners).await?;
    find::forget_gone(connection).await
}

/// Removes those of the addresses and agents that nothing refers to, and tells whoever remembers their numbers.
async fn forget_terms(connection: &mut SqliteConnection, ips: &str, agents: &str) -> Result<(), CacheError> {
    terms::before_removal(connection).await?;
    for (table, list, unused) in [
        (
            "ip",
            ips,
            "NOT EXISTS (SELECT 1 FROM session WHERE ip_id = ip.id) \
             AND NOT EXISTS (SELECT 1 FROM restriction WHERE ip_id = ip.id) \
             AND NOT EXISTS (SELECT 1 FROM device_place WHERE ip_id = ip.id)",
        ),
        (
            "agent",
            agents,
            "NOT EXISTS (SELECT 1 FROM session WHERE agent_id = agent.id) \
             AND NOT EXISTS (SELECT 1 FROM device WHERE agent_id = agent.id)",
        ),
    ] {
        let gone: Vec<i64> = sqlx::query_scalar(AssertSqlSafe(format!(
            "DELETE FROM {table} WHERE id IN (SELECT value FROM json_each($1)) AND {unused} RETURNING id"
        )))
        .bind(list)
        .fetch_all(&mut *connection)
        .await?;
        sqlx::query(AssertSqlSafe(format!(
            "DELETE FROM {table}_search WHERE rowid IN (SELECT value FROM json_each($1))"
        )))
        .bind(id_list(gone))
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Removes all addresses and agents that nothing refers to.
pub(super) async fn forget_unused_terms(connection: &mut SqliteConnection) -> Result<(), CacheError> {
    let list = |ids: Vec<i64>| id_list(ids);
    let ips = sqlx::query_scalar("SELECT id FROM ip").fetch_all(&mut *connection).await?;
    let agents = sqlx::query_scalar("SELECT id FROM agent").fetch_all(&mut *connection).await?;
    forget_terms(connection, &list(ips), &list(agents)).await
}

/// Removes rows of one table, and brings everything derived in line; says how many entities that were.
pub(super) async fn remove_rows(
    connection: &mut SqliteConnection,
    table: &'static str,
    ids: &[i64],
    meta: &Meta,
) -> Result<u64, CacheError> {
    let mut removed = Removed::new(meta);
    remove(connection, table, ids, &mut removed).await?;
    let count = removed.count;
    tidy(connection, removed, meta).await?;
    Ok(count)
}

/// Removes contacts and all that is their own; says how many entities that were.
pub(super) async fn remove_contacts(
    connection: &mut SqliteConnection,
    ids: &[i64],
    meta: &Meta,
) -> Result<u64, CacheError> {
    remove_rows(connection, "contact", ids, meta).await
}
