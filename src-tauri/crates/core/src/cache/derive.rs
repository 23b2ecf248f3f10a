//! What is worked out of the rows and commits with them: search rows of contacts, counts, the newest place of a device.

use std::collections::{BTreeSet, HashMap};

use hallmonitor_wire::{Contact, Device, Restriction, Session};
use sqlx::{Row as _, SqliteConnection};

use super::{CacheError, bulk, bulk::id_list, meta::Meta};

/// Which entities a batch is about.
#[derive(Debug, Default)]
pub(super) struct Touched {
    pub(super) contacts: Vec<i64>,
    pub(super) devices: Vec<i64>,
    pub(super) sessions: Vec<i64>,
    pub(super) restrictions: Vec<i64>,
    /// Contacts whose devices or restrictions came.
    owners: BTreeSet<i64>,
    /// Contacts whose devices or sessions came: their signs may have changed.
    pub(super) active: BTreeSet<i64>,
}

impl Touched {
    pub(super) fn of(
        contacts: &[Contact],
        devices: &[Device],
        sessions: &[Session],
        restrictions: &[Restriction],
    ) -> Self {
        let owners = devices.iter().map(|row| row.contact_id).chain(restrictions.iter().map(|row| row.contact_id));
        let active = devices.iter().map(|row| row.contact_id).chain(sessions.iter().map(|row| row.contact_id));
        Self {
            owners: owners.collect(),
            active: active.collect(),
            contacts: contacts.iter().map(|row| row.id).collect(),
            devices: devices.iter().map(|row| row.id).collect(),
            sessions: sessions.iter().map(|row| row.id).collect(),
            restrictions: restrictions.iter().map(|row| row.id).collect(),
        }
    }
}

/// The folded texts of a contact that its search row was made of.
type Texts = HashMap<i64, (String, String, String)>;

pub(super) async fn contact_texts(connection: &mut SqliteConnection, ids: &[i64]) -> Result<Texts, CacheError> {
    if ids.is_empty() {
        return Ok(Texts::new());
    }
    sqlx::query(
        "SELECT id, name_folded, email_folded, more_folded || char(10) || note_folded \
         FROM contact WHERE id IN (SELECT value FROM json_each($1))",
    )
    .bind(id_list(ids.iter().copied()))
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(|row| Ok((row.try_get(0)?, (row.try_get(1)?, row.try_get(2)?, row.try_get(3)?))))
    .collect()
}

/// Makes the search rows of those contacts anew whose texts are other than `before`. Most changes of a contact are its
/// last activity, which no search looks at.
pub(super) async fn index_contacts(
    connection: &mut SqliteConnection,
    ids: &[i64],
    before: &Texts,
) -> Result<(), CacheError> {
    let mut after: Vec<_> = contact_texts(connection, ids).await?.into_iter().collect();
    after.retain(|(id, texts)| before.get(id) != Some(texts));
    after.sort_unstable_by_key(|(id, _)| *id);
    let changed: Vec<i64> = after.iter().map(|(id, _)| *id).filter(|id| before.contains_key(id)).collect();
    unindex_contacts(connection, &changed).await?;
    bulk::insert(
        connection,
        "INSERT INTO contact_search (rowid, who, more)",
        3,
        "",
        after,
        |(id, (name, email, more)), row| {
            row.put(id).put(format!("{name}\n{email}")).put(more);
        },
    )
    .await?;
    Ok(())
}

pub(super) async fn unindex_contacts(connection: &mut SqliteConnection, ids: &[i64]) -> Result<(), CacheError> {
    if !ids.is_empty() {
        sqlx::query("DELETE FROM contact_search WHERE rowid IN (SELECT value FROM json_each($1))")
            .bind(id_list(ids.iter().copied()))
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Takes note of the newest place of each device of these sessions, as they stand here by now: a copy that lost against a
/// newer one says nothing.
pub(super) async fn put_places(connection: &mut SqliteConnection, sessions: &[i64]) -> Result<(), CacheError> {
    if sessions.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO device_place (device_id, session_id, started_at, ip_id) \
         SELECT device_id, id, started_at, ip_id FROM ( \
             SELECT device_id, id, started_at, ip_id, \
                 row_number() OVER (PARTITION BY device_id ORDER BY started_at DESC, id DESC) AS place \
             FROM session WHERE id IN (SELECT value FROM json_each($1)) AND device_id IS NOT NULL \
         ) WHERE place = 1 \
         ON CONFLICT (device_id) DO UPDATE SET session_id = excluded.session_id, started_at = excluded.started_at, \
             ip_id = excluded.ip_id \
         WHERE (excluded.started_at, excluded.session_id) >= (device_place.started_at, device_place.session_id)",
    )
    .bind(id_list(sessions.iter().copied()))
    .execute(connection)
    .await?;
    Ok(())
}

/// The contacts that devices and restrictions of the batch belong to as the cache knows them before.
pub(super) async fn owners(
    connection: &mut SqliteConnection,
    touched: &Touched,
    meta: &Meta,
) -> Result<BTreeSet<i64>, CacheError> {
    if meta.loading || (touched.devices.is_empty() && touched.restrictions.is_empty()) {
        return Ok(BTreeSet::new());
    }
    let ids: Vec<i64> = sqlx::query_scalar(
        "SELECT contact_id FROM device WHERE id IN (SELECT value FROM json_each($1)) \
         UNION SELECT contact_id FROM restriction WHERE id IN (SELECT value FROM json_each($2))",
    )
    .bind(id_list(touched.devices.iter().copied()))
    .bind(id_list(touched.restrictions.iter().copied()))
    .fetch_all(connection)
    .await?;
    Ok(ids.into_iter().collect())
}

/// Counts devices and unviewed restrictions of the contacts that a batch may have changed.
pub(super) async fn count(
    connection: &mut SqliteConnection,
    touched: &Touched,
    owners_before: BTreeSet<i64>,
) -> Result<(), CacheError> {
    let mut contacts = owners_before;
    contacts.extend(&touched.owners);
    contacts.extend(&touched.contacts);
    recount(connection, contacts).await
}

/// Counts devices and unviewed restrictions of these contacts; writes only where a count is another one.
pub(super) async fn recount(
    connection: &mut SqliteConnection,
    contacts: impl IntoIterator<Item = i64>,
) -> Result<(), CacheError> {
    sqlx::query(
        "UPDATE contact SET unviewed = fresh.unviewed, devices = fresh.devices, blocked_devices = fresh.blocked, \
             restrictions = fresh.restrictions, newest_restriction_at = fresh.newest \
         FROM ( \
             SELECT value AS id, \
                 (SELECT count(*) FROM restriction WHERE contact_id = value AND effective_status = 'not_viewed') AS unviewed, \
                 (SELECT count(*) FROM device WHERE contact_id = value) AS devices, \
                 (SELECT count(*) FROM device WHERE contact_id = value AND effective_access = 'blocked') AS blocked, \
                 (SELECT count(*) FROM restriction WHERE contact_id = value) AS restrictions, \
                 (SELECT max(occurred_at) FROM restriction WHERE contact_id = value) AS newest \
             FROM json_each($1) \
         ) AS fresh \
         WHERE contact.id = fresh.id \
             AND (contact.unviewed, contact.devices, contact.blocked_devices, contact.restrictions, \
                     contact.newest_restriction_at) \
                 IS NOT (fresh.unviewed, fresh.devices, fresh.blocked, fresh.restrictions, fresh.newest)",
    )
    .bind(id_list(contacts))
    .execute(connection)
    .await?;
    Ok(())
}

/// The fingerprints of these devices, as they are now.
pub(super) async fn fingerprints(
    connection: &mut SqliteConnection,
    devices: &[i64],
) -> Result<BTreeSet<String>, CacheError> {
    if devices.is_empty() {
        return Ok(BTreeSet::new());
    }
    let rows: Vec<String> =
        sqlx::query_scalar("SELECT DISTINCT fingerprint FROM device WHERE id IN (SELECT value FROM json_each($1))")
            .bind(id_list(devices.iter().copied()))
            .fetch_all(connection)
            .await?;
    Ok(rows.into_iter().collect())
}

/// Counts for every device with one of these fingerprints the other accounts that have it; gives the contacts of those
/// devices whose count is another one than before.
pub(super) async fn count_shared(
    connection: &mut SqliteConnection,
    fingerprints: &BTreeSet<String>,
) -> Result<Vec<i64>, CacheError> {
    if fingerprints.is_empty() {
        return Ok(Vec::new());
    }
    Ok(sqlx::query_scalar(
        "UPDATE device SET shared = fresh.others \
         FROM ( \
             SELECT value AS fingerprint, \
                 (SELECT count(DISTINCT contact_id) - 1 FROM device WHERE fingerprint = value) AS others \
             FROM json_each($1) \
         ) AS fresh \
         WHERE device.fingerprint = fresh.fingerprint AND device.shared <> fresh.others \
         RETURNING contact_id",
    )
    .bind(serde_json::json!(fingerprints).to_string())
    .fetch_all(connection)
    .await?)
}

/// Counts devices and unviewed restrictions of all contacts, and shared devices: at the end of a first load.
pub(super) async fn count_all(connection: &mut SqliteConnection) -> Result<(), CacheError> {
    // A decision during the load has counted what may be gone since.
    for reset in [
        "UPDATE contact SET unviewed = 0, devices = 0, blocked_devices = 0, restrictions = 0, \
             newest_restriction_at = NULL \
         WHERE (unviewed, devices, blocked_devices, restrictions, newest_restriction_at) IS NOT (0, 0, 0, 0, NULL)",
        "UPDATE device SET shared = 0 WHERE shared <> 0",
    ] {
        sqlx::query(reset).execute(&mut *connection).await?;
    }
    sqlx::query(
        "UPDATE contact SET devices = counted.devices, blocked_devices = counted.blocked \
         FROM ( \
             SELECT contact_id, count(*) AS devices, sum(effective_access = 'blocked') AS blocked \
             FROM device GROUP BY contact_id \
         ) AS counted \
         WHERE contact.id = counted.contact_id",
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "UPDATE contact SET unviewed = counted.unviewed, restrictions = counted.restrictions, \
             newest_restriction_at = counted.newest \
         FROM ( \
             SELECT contact_id, sum(effective_status = 'not_viewed') AS unviewed, count(*) AS restrictions, \
                 max(occurred_at) AS newest \
             FROM restriction GROUP BY contact_id \
         ) AS counted \
         WHERE contact.id = counted.contact_id",
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "UPDATE device SET shared = counted.accounts - 1 \
         FROM ( \
             SELECT fingerprint, count(DISTINCT contact_id) AS accounts \
             FROM device GROUP BY fingerprint HAVING accounts > 1 \
         ) AS counted \
         WHERE device.fingerprint = counted.fingerprint",
    )
    .execute(connection)
    .await?;
    Ok(())
}
