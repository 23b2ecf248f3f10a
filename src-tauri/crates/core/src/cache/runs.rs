//! What leaves the mirror: tombstones, and what a whole reading of the log did not bring.

use std::collections::BTreeSet;

use hallmonitor_wire::{Deleted, DeletedReason, EntityType};
use sqlx::{AssertSqlSafe, Connection as _, Row as _, SqliteConnection};

use super::{
    Cache, CacheError, bulk,
    bulk::id_list,
    derive::{self, Touched},
    find, load,
    meta::{self, Meta},
    stale, tally, terms, unreadable,
};
use crate::violations;

/// The revision of a tombstone that the owner has set: no server's row is newer.
pub(super) const ERASED_HERE: i64 = i64::MAX;

/// The tables of entities, each under its word in the API.
const TABLES: [&str; 4] = ["contact", "device", "session", "restriction"];

/// Of contacts: nothing of theirs was brought by the reading `$1`.
const NOTHING_HAS_COME: &str = " \
    AND NOT EXISTS (SELECT 1 FROM device WHERE contact_id = contact.id AND run = $1) \
    AND NOT EXISTS (SELECT 1 FROM session WHERE contact_id = contact.id AND run = $1) \
    AND NOT EXISTS (SELECT 1 FROM restriction WHERE contact_id = contact.id AND run = $1)";

/// The table of a kind of entity, in either of the API's forms (`session`, `sessions`).
pub(super) fn table_of(kind: &str) -> Option<&'static str> {
    TABLES.into_iter().find(|table| kind == *table || kind.strip_suffix('s') == Some(table))
}

/// How many rows came that their tombstone keeps away.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Refused {
    pub(super) contacts: u64,
    pub(super) devices: u64,
    pub(super) sessions: u64,
    pub(super) restrictions: u64,
}

/// What a removal leaves to be tidied up.
#[derive(Debug, Default)]
struct Removed {
    count: u64,
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
    fn new(meta: &Meta) -> Self {
        Self { loading: meta.loading, ..Self::default() }
    }
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

/// Removes rows; with a contact all that is its own.
async fn remove(
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

/// Brings everything derived in line with what was removed. Addresses and agents that nothing refers to any more go
/// too: they may be an erased person's.
async fn tidy(connection: &mut SqliteConnection, removed: Removed, meta: &Meta) -> Result<(), CacheError> {
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
