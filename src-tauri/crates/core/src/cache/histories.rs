//! Contacts' histories, read as the signs look at them: some contacts with few questions.

use std::collections::{BTreeMap, HashMap};

use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection};

use super::{CacheError, asked, bulk::id_list, rows::Row, tally::DAY_MS};
use crate::{
    hex::unhex,
    insight::{Cookie, History, Login, Network, Point},
    model::InsightSettings,
};

/// The histories of these contacts, as far back as the signs look at `now`.
pub(super) async fn read(
    connection: &mut SqliteConnection,
    contacts: &[i64],
    settings: &InsightSettings,
    now: i64,
) -> Result<BTreeMap<i64, History>, CacheError> {
    let mut histories: BTreeMap<i64, History> = contacts.iter().map(|id| (*id, History::default())).collect();
    let list = id_list(contacts.iter().copied());
    learned(connection, &list, settings, &mut histories).await?;
    logins(connection, &list, earliest(settings, now), &mut histories).await?;
    devices(connection, &list, &mut histories).await?;
    Ok(histories)
}

/// How far back logins are read: a country is compared with the days before those that are looked at.
pub(super) fn earliest(settings: &InsightSettings, now: i64) -> i64 {
    let days = i64::from(settings.look_back_days) + i64::from(settings.country_days);
    now.saturating_sub(days * DAY_MS)
}

/// When each contact began, and when enough was known of it.
async fn learned(
    connection: &mut SqliteConnection,
    list: &str,
    settings: &InsightSettings,
    histories: &mut BTreeMap<i64, History>,
) -> Result<(), CacheError> {
    let nth = "(SELECT started_at FROM session \
        WHERE session.contact_id = contact.value AND session.outcome = 'allowed' \
        ORDER BY session.started_at LIMIT 1 OFFSET ";
    let mut sql = QueryBuilder::new(format!("SELECT contact.value, {nth}0), {nth}"));
    sql.push_bind(i64::from(settings.learn_logins.saturating_sub(1)));
    sql.push(") FROM json_each(").push_bind(list.to_owned()).push(") AS contact");
    for row in asked::rows(connection, sql).await? {
        if let Some(history) = histories.get_mut(&row.try_get(0)?) {
            history.first_login_at = row.try_get(1)?;
            history.enough_logins_at = row.try_get(2)?;
        }
    }
    Ok(())
}

async fn logins(
    connection: &mut SqliteConnection,
    list: &str,
    from: i64,
    histories: &mut BTreeMap<i64, History>,
) -> Result<(), CacheError> {
    let mut sql = QueryBuilder::new(
        "SELECT session.contact_id, session.id, session.started_at, session.last_activity_at, \
             coalesce(device_alias.same_as, session.device_id), agent.device_type, hex(ip.key), ip.country, \
             ip.city IS NOT NULL, ip.latitude, ip.longitude, ip.hosting \
         FROM session \
         CROSS JOIN ip ON ip.id = session.ip_id \
         CROSS JOIN agent ON agent.id = session.agent_id \
         LEFT JOIN device_alias ON device_alias.device_id = session.device_id \
         WHERE session.contact_id IN (SELECT value FROM json_each(",
    );
    sql.push_bind(list.to_owned()).push(")) AND session.started_at >= ").push_bind(from);
    sql.push(" AND session.outcome = 'allowed'");
    asked::page(connection, sql, 12).await?.map(|row| {
        let Some(history) = histories.get_mut(&row.get(0)?) else { return Ok(()) };
        let (known_city, latitude, longitude): (bool, Option<f64>, Option<f64>) =
            (row.get(8)?, row.get(9)?, row.get(10)?);
        let city = latitude.zip(longitude).filter(|_| known_city);
        history.logins.push(Login {
            id: row.get(1)?,
            started_at: row.get(2)?,
            last_activity_at: row.get(3)?,
            device: row.get(4)?,
            device_type: row.get::<&str>(5)?.into(),
            network: unhex(row.get(6)?).as_deref().and_then(Network::of),
            country: row.get::<Option<&str>>(7)?.map(Into::into),
            city: city.map(|(latitude, longitude)| Point { latitude, longitude }),
            hosting: row.get(11)?,
        });
        Ok(())
    })?;
    for history in histories.values_mut() {
        history.logins.sort_unstable_by_key(|login| (login.started_at, login.id));
    }
    Ok(())
}

/// A device as it was read.
#[derive(Debug)]
pub(super) struct FoundDevice {
    pub(super) contact_id: i64,
    pub(super) id: i64,
    /// The device that the owner says it is, or itself.
    one: i64,
    /// Other accounts with its fingerprint.
    shared: i64,
    pub(super) first_seen_at: i64,
    pub(super) last_seen_at: i64,
    browser: Option<String>,
    os: Option<String>,
}

/// What [`FoundDevice::read`] reads, without a condition.
pub(super) fn all_devices() -> QueryBuilder<Sqlite> {
    QueryBuilder::new(
        "SELECT device.contact_id, device.id, coalesce(device_alias.same_as, device.id), device.first_seen_at, \
             device.last_seen_at, agent.browser, agent.os, device.shared \
         FROM device \
         LEFT JOIN agent ON agent.id = device.agent_id \
         LEFT JOIN device_alias ON device_alias.device_id = device.id",
    )
}

impl FoundDevice {
    /// Of [`all_devices`].
    pub(super) const COLUMNS: usize = 8;

    pub(super) fn read(row: Row<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            contact_id: row.get(0)?,
            id: row.get(1)?,
            one: row.get(2)?,
            first_seen_at: row.get(3)?,
            last_seen_at: row.get(4)?,
            browser: row.get(5)?,
            os: row.get(6)?,
            shared: row.get(7)?,
        })
    }
}

/// Adds devices, first seen first, to their contact's history, each with the other contacts that have it too.
pub(super) fn join(history: &mut History, devices: impl IntoIterator<Item = (FoundDevice, Vec<i64>)>) {
    let mut places: HashMap<i64, usize> = HashMap::new();
    for (device, others) in devices {
        let place = *places.entry(device.one).or_insert(history.devices.len());
        match history.devices.get_mut(place) {
            Some(known) => {
                known.last_seen_at = known.last_seen_at.max(device.last_seen_at);
                known.others.extend(others);
                known.shared = known.shared.max(device.shared);
            }
            None => history.devices.push(Cookie {
                id: device.one,
                first_seen_at: device.first_seen_at,
                last_seen_at: device.last_seen_at,
                browser: device.browser,
                os: device.os,
                others,
                shared: device.shared,
            }),
        }
    }
    for device in &mut history.devices {
        device.others.sort_unstable();
        device.others.dedup();
    }
}

async fn devices(
    connection: &mut SqliteConnection,
    list: &str,
    histories: &mut BTreeMap<i64, History>,
) -> Result<(), CacheError> {
    let mut others = shared_with(connection, Of::These(list)).await?;
    let mut sql = all_devices();
    sql.push(" WHERE device.contact_id IN (SELECT value FROM json_each(").push_bind(list.to_owned());
    sql.push(")) ORDER BY device.first_seen_at, device.id");
    let mut found: HashMap<i64, Vec<(FoundDevice, Vec<i64>)>> = HashMap::new();
    for device in asked::page(connection, sql, FoundDevice::COLUMNS).await?.map(FoundDevice::read)? {
        let also = others.remove(&device.id).unwrap_or_default();
        found.entry(device.contact_id).or_default().push((device, also));
    }
    for (contact, devices) in found {
        if let Some(history) = histories.get_mut(&contact) {
            join(history, devices);
        }
    }
    Ok(())
}

/// Whose devices are looked at.
#[derive(Clone, Copy, Debug)]
pub(super) enum Of<'a> {
    /// These contacts', as a JSON array of their ids.
    These(&'a str),
    /// Those of the contacts whose id leaves this rest, where ids are divided by so many.
    Part { part: i64, parts: i64 },
}

impl Of<'_> {
    fn push(self, sql: &mut QueryBuilder<Sqlite>) {
        match self {
            Self::These(list) => {
                sql.push(" AND this.contact_id IN (SELECT value FROM json_each(").push_bind(list.to_owned()).push("))")
            }
            Self::Part { part, parts } => {
                sql.push(" AND this.contact_id % ").push_bind(parts).push(" = ").push_bind(part)
            }
        };
    }
}

/// The other contacts that have each device too, by the fingerprint or because the owner says so: the first hundred of
/// each. A fingerprint that a broken site gives to everybody would be as many pairs as the school has contacts, squared.
pub(super) async fn shared_with(
    connection: &mut SqliteConnection,
    of: Of<'_>,
) -> Result<HashMap<i64, Vec<i64>>, CacheError> {
    let mut sql = QueryBuilder::new(
        "SELECT this.id, other.contact_id \
         FROM device AS this \
         CROSS JOIN device AS other ON other.id IN ( \
             SELECT min(also.id) FROM device AS also \
             WHERE also.fingerprint = this.fingerprint AND also.contact_id <> this.contact_id \
             GROUP BY also.contact_id \
             ORDER BY also.contact_id \
             LIMIT 100) \
         WHERE this.shared > 0",
    );
    of.push(&mut sql);
    sql.push(
        " UNION \
         SELECT this.id, other.contact_id \
         FROM device_alias AS alias \
         CROSS JOIN device AS this ON this.id = alias.device_id \
         CROSS JOIN device_alias AS also ON also.same_as = alias.same_as \
         CROSS JOIN device AS other ON other.id = also.device_id AND other.contact_id <> this.contact_id \
         WHERE 1",
    );
    of.push(&mut sql);
    let mut others: HashMap<i64, Vec<i64>> = HashMap::new();
    for row in asked::rows(connection, sql).await? {
        others.entry(row.try_get(0)?).or_default().push(row.try_get(1)?);
    }
    Ok(others)
}
