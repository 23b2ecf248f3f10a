//! How many contacts other settings would flag.
//!
//! Where only points are others, what was found before is counted again. Other thresholds need the logins: those of the
//! whole school are read once, in the order in which they lie in the file. Contact by contact, each login would be a page
//! of the file for itself.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use foldhash::fast::RandomState;
use futures_util::TryStreamExt as _;
use serde::Deserialize;
use sqlx::{QueryBuilder, Row as _, SqliteConnection};

use super::{
    Cache, CacheError, asked,
    histories::{self, FoundDevice},
    insights::{seen_from, settings},
    load,
    logins::one_number,
    tally::DAY_MS,
};
use crate::{
    hex::unhex,
    insight::{self, History, Login, Network, Point, looked_back},
    model::{InsightSettings, Sign, WouldFlag},
};

/// So many contacts that wait to be looked at are looked at here; where more wait, what was found before says too little.
const FEW: i64 = 500;

/// Logins that are in memory at once, about: some 110 bytes each.
const LOGINS_AT_ONCE: i64 = 400_000;

/// Contacts that are judged before others get a turn.
const JUDGED_AT_ONCE: usize = 200;

type Map<T> = HashMap<i64, T, RandomState>;

impl Cache {
    /// How many contacts other settings would flag.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn would_flag(&self, asked: &InsightSettings, now: i64) -> Result<WouldFlag, CacheError> {
        let asked = counting(asked.clone().within_range());
        let mut reader = self.reading().await?;
        let in_force = settings(&mut reader).await?;
        let now = seen_from(&mut reader, now).await?;
        let flagged_now: HashSet<i64> = sqlx::query_scalar("SELECT contact_id FROM insight WHERE points >= $1")
            .bind(i64::from(in_force.flag_points))
            .fetch_all(&mut *reader)
            .await?
            .into_iter()
            .collect();
        let waiting: Vec<i64> = sqlx::query_scalar("SELECT contact_id FROM stale_contact LIMIT $1")
            .bind(FEW + 1)
            .fetch_all(&mut *reader)
            .await?;
        let flagged = if only_points_differ(&in_force, &asked) && waiting.len() as i64 <= FEW {
            count_again(&mut reader, &asked, &waiting, now).await?
        } else {
            look_at_all(&mut reader, &asked, now).await?
        };
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        Ok(WouldFlag {
            flagged: number(flagged.len()),
            also_now: number(flagged.intersection(&flagged_now).count()),
            flagged_now: number(flagged_now.len()),
        })
    }
}

/// The same settings, with those signs off that add nothing.
fn counting(mut settings: InsightSettings) -> InsightSettings {
    for sign in Sign::ALL {
        let weight = settings.weight_mut(sign);
        weight.on &= weight.points > 0 && weight.most > 0;
    }
    settings
}

/// Whether what was found with some settings tells what others would find.
fn only_points_differ(found_with: &InsightSettings, asked: &InsightSettings) -> bool {
    let thresholds = |settings: &InsightSettings| {
        let mut settings = InsightSettings { flag_points: 1, ..settings.clone() };
        for sign in Sign::ALL {
            *settings.weight_mut(sign) = InsightSettings::default().weight(sign);
        }
        settings
    };
    thresholds(found_with) == thresholds(asked)
        && Sign::ALL.into_iter().all(|sign| found_with.weight(sign).on || !asked.weight(sign).on)
}

/// What of a finding says its points.
#[derive(Debug, Deserialize)]
struct Counted {
    sign: Sign,
    count: usize,
}

async fn count_again(
    reader: &mut SqliteConnection,
    asked: &InsightSettings,
    waiting: &[i64],
    now: i64,
) -> Result<HashSet<i64>, CacheError> {
    let mut flagged = HashSet::new();
    let mut found = sqlx::query("SELECT contact_id, heads FROM insight").fetch(&mut *reader);
    while let Some(row) = found.try_next().await? {
        let findings: Vec<Counted> = serde_json::from_str(row.try_get(1)?).unwrap_or_default();
        let counts = findings.iter().filter(|finding| asked.weight(finding.sign).on);
        let points: i64 = counts.map(|finding| asked.weight(finding.sign).of(finding.count)).sum();
        if points >= i64::from(asked.flag_points) {
            flagged.insert(row.try_get(0)?);
        }
    }
    drop(found);
    for id in waiting {
        flagged.remove(id);
    }
    let histories = histories::read(reader, waiting, asked, now).await?;
    flagged.extend(histories.into_iter().filter(|(_, history)| is_flagged(history, asked, now)).map(|(id, _)| id));
    Ok(flagged)
}

fn is_flagged(history: &History, asked: &InsightSettings, now: i64) -> bool {
    insight::judge(history, asked, now).points >= i64::from(asked.flag_points)
}

/// What logins refer to.
#[derive(Debug, Default)]
struct Terms {
    ips: Map<Address>,
    device_types: Map<Arc<str>>,
    /// The device that the owner says a device is.
    same: Map<i64>,
}

#[derive(Debug)]
struct Address {
    network: Option<Network>,
    country: Option<Arc<str>>,
    city: Option<Point>,
    hosting: Option<bool>,
}

async fn look_at_all(
    reader: &mut SqliteConnection,
    asked: &InsightSettings,
    now: i64,
) -> Result<HashSet<i64>, CacheError> {
    let looked_from = looked_back(asked, now);
    // What a sign compares a login with, and the days after which everything is known: from here on all logins matter.
    let mut days = i64::from(asked.learn_days).max(i64::from(asked.travel_hours) / 24 + 1);
    if asked.new_country.on {
        days = days.max(i64::from(asked.country_days));
    }
    let all_from = looked_from.saturating_sub(days * DAY_MS);
    let mut sql = QueryBuilder::new("SELECT count(*) FROM session WHERE started_at >= ");
    sql.push_bind(all_from);
    let parts = 1 + one_number(reader, sql).await? / LOGINS_AT_ONCE;
    let terms = terms(reader).await?;
    let mut flagged = HashSet::new();
    for part in 0..parts {
        let histories = histories_of(reader, asked, (looked_from, all_from), (part, parts), &terms, now).await?;
        for (at, (id, history)) in histories.into_iter().enumerate() {
            if is_flagged(&history, asked, now) {
                flagged.insert(id);
            }
            if at % JUDGED_AT_ONCE == 0 {
                tokio::task::yield_now().await;
            }
        }
    }
    Ok(flagged)
}

async fn terms(reader: &mut SqliteConnection) -> Result<Terms, CacheError> {
    let mut terms = Terms::default();
    let mut countries: HashSet<Arc<str>> = HashSet::new();
    let addresses = |behind: Option<&i64>| {
        let mut sql = QueryBuilder::new(
            "SELECT id, hex(key), country, city IS NOT NULL, latitude, longitude, hosting \
             FROM ip WHERE id > ",
        );
        sql.push_bind(behind.copied().unwrap_or(i64::MIN)).push(" ORDER BY id");
        sql
    };
    asked::in_batches(reader, 7, addresses, |row| {
        let country = row.get::<Option<&str>>(2)?.map(|code| {
            countries.get(code).cloned().unwrap_or_else(|| {
                let code: Arc<str> = code.into();
                countries.insert(Arc::clone(&code));
                code
            })
        });
        let (known_city, latitude, longitude): (bool, Option<f64>, Option<f64>) =
            (row.get(3)?, row.get(4)?, row.get(5)?);
        let city = latitude.zip(longitude).filter(|_| known_city);
        let city = city.map(|(latitude, longitude)| Point { latitude, longitude });
        let network = unhex(row.get(1)?).as_deref().and_then(Network::of);
        let id = row.get(0)?;
        terms.ips.insert(id, Address { network, country, city, hosting: row.get(6)? });
        Ok(id)
    })
    .await?;
    for row in asked::rows(reader, QueryBuilder::new("SELECT id, device_type FROM agent")).await? {
        terms.device_types.insert(row.try_get(0)?, row.try_get::<&str, _>(1)?.into());
    }
    for row in asked::rows(reader, QueryBuilder::new("SELECT device_id, same_as FROM device_alias")).await? {
        terms.same.insert(row.try_get(0)?, row.try_get(1)?);
    }
    Ok(terms)
}

/// The histories of a part of all contacts, as far as anything can be found in them.
async fn histories_of(
    reader: &mut SqliteConnection,
    asked: &InsightSettings,
    (looked_from, all_from): (i64, i64),
    (part, parts): (i64, i64),
    terms: &Terms,
    now: i64,
) -> Result<Map<History>, CacheError> {
    let mut histories: Map<History> = Map::default();
    let is_indexed = load::is_indexed(reader, "session_by_start").await?;
    let logins = |behind: Option<&(i64, i64)>| {
        let mut sql = QueryBuilder::new(format!(
            "SELECT contact_id, id, started_at, last_activity_at, device_id, agent_id, ip_id \
             FROM session{} \
             WHERE outcome = 'allowed' AND started_at >= ",
            if is_indexed { " INDEXED BY session_by_start" } else { "" }
        ));
        let earliest = histories::earliest(asked, now);
        let (started_at, id) = behind.copied().unwrap_or((earliest, i64::MIN));
        sql.push_bind(if is_indexed { started_at } else { earliest });
        if is_indexed {
            sql.push(" AND (started_at > ").push_bind(started_at).push(" OR id > ").push_bind(id).push(")");
        } else {
            sql.push(" AND id > ").push_bind(id);
        }
        sql.push(" AND (started_at >= ").push_bind(all_from).push(" OR last_activity_at >= ").push_bind(looked_from);
        sql.push(") AND contact_id % ").push_bind(parts).push(" = ").push_bind(part);
        sql.push(if is_indexed { " ORDER BY started_at, id" } else { " ORDER BY id" });
        sql
    };
    asked::in_batches(reader, 7, logins, |row| {
        let (id, started_at): (i64, i64) = (row.get(1)?, row.get(2)?);
        let (device, agent, ip): (Option<i64>, i64, i64) = (row.get(4)?, row.get(5)?, row.get(6)?);
        // What a row refers to is there before it is; without it nobody could say anything of it.
        if let (Some(device_type), Some(address)) = (terms.device_types.get(&agent), terms.ips.get(&ip)) {
            histories.entry(row.get(0)?).or_default().logins.push(Login {
                id,
                started_at,
                last_activity_at: row.get(3)?,
                device: device.map(|id| terms.same.get(&id).copied().unwrap_or(id)),
                device_type: Arc::clone(device_type),
                network: address.network,
                country: address.country.clone(),
                city: address.city,
                hosting: address.hosting,
            });
        }
        Ok((started_at, id))
    })
    .await?;
    if !is_indexed {
        for history in histories.values_mut() {
            history.logins.sort_unstable_by_key(|login| (login.started_at, login.id));
        }
    }
    let of = histories::Of::Part { part, parts };
    let mut others = if asked.shared_device.on { histories::shared_with(reader, of).await? } else { HashMap::new() };
    let some_devices = |behind: Option<&i64>| {
        let mut sql = histories::all_devices();
        sql.push(" WHERE device.id > ").push_bind(behind.copied().unwrap_or(i64::MIN));
        sql.push(" AND device.contact_id % ").push_bind(parts).push(" = ").push_bind(part).push(" ORDER BY device.id");
        sql
    };
    let mut devices: Map<Vec<FoundDevice>> = Map::default();
    asked::in_batches(reader, FoundDevice::COLUMNS, some_devices, |row| {
        let found = FoundDevice::read(row)?;
        let id = found.id;
        devices.entry(found.contact_id).or_default().push(found);
        Ok(id)
    })
    .await?;
    for (contact, mut found) in devices {
        if !histories.contains_key(&contact) && found.iter().all(|device| device.last_seen_at < looked_from) {
            continue;
        }
        let history = histories.entry(contact).or_default();
        found.sort_unstable_by_key(|device| (device.first_seen_at, device.id));
        let with_others = |device: FoundDevice| {
            let also = others.remove(&device.id).unwrap_or_default();
            (device, also)
        };
        histories::join(history, found.into_iter().map(with_others));
    }
    begin(reader, asked, all_from, &mut histories).await?;
    Ok(histories)
}

/// When each contact began, and when enough was known of it; those that are not here are left out.
async fn begin(
    reader: &mut SqliteConnection,
    asked: &InsightSettings,
    all_from: i64,
    histories: &mut Map<History>,
) -> Result<(), CacheError> {
    let mut known = HashSet::new();
    // Without the index each contact would be a look at the whole log.
    let before = if load::is_indexed(reader, "session_by_contact").await? {
        "EXISTS (SELECT 1 FROM session WHERE contact_id = contact.id AND started_at < "
    } else {
        "id IN (SELECT contact_id FROM session WHERE started_at < "
    };
    let contacts = |behind: Option<&i64>| {
        let mut sql = QueryBuilder::new(format!("SELECT id, {before}"));
        sql.push_bind(all_from).push(" AND outcome = 'allowed') FROM contact WHERE id > ");
        sql.push_bind(behind.copied().unwrap_or(i64::MIN)).push(" ORDER BY id");
        sql
    };
    asked::in_batches(reader, 2, contacts, |row| {
        let id: i64 = row.get(0)?;
        let Some(history) = histories.get_mut(&id) else { return Ok(id) };
        known.insert(id);
        if row.get(1)? {
            // Long enough ago that all is known: when, makes no difference.
            history.first_login_at = Some(i64::MIN);
        } else {
            let at = |nth: usize| history.logins.get(nth).map(|login| login.started_at);
            let enough = at((asked.learn_logins as usize).saturating_sub(1));
            history.first_login_at = at(0);
            history.enough_logins_at = enough;
        }
        Ok(id)
    })
    .await?;
    histories.retain(|id, _| known.contains(id));
    Ok(())
}
