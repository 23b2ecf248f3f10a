//! What other limits of the school's access control would have met in the last 30 days.

use std::collections::{BTreeMap, HashMap};

use hallmonitor_wire::Time;
use sqlx::{QueryBuilder, Row as _, SqliteConnection};

use super::{Cache, CacheError, apply::full_name, asked, bulk::id_list, insights::seen_from, tally::DAY_MS};
use crate::{
    insight::{self, Admitted},
    model::{AccessControl, AccessLimit, Reached, WhatIf, WouldHit},
};

/// Days that are looked at.
const DAYS: i64 = 30;

impl Cache {
    /// How many devices or sessions at once the contacts reached.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn what_if(&self, limit: AccessLimit, now: i64) -> Result<WhatIf, CacheError> {
        let mut counted: BTreeMap<i64, i64> = BTreeMap::new();
        let mut reader = self.reading().await?;
        let now = seen_from(&mut reader, now).await?;
        for (_, number) in reached(&mut reader, limit, now).await? {
            *counted.entry(number).or_default() += 1;
        }
        drop(reader);
        let settings = self.access_control().await?;
        let of = |settings: AccessControl| match limit {
            AccessLimit::Devices => settings.max_devices,
            AccessLimit::Sessions => settings.max_concurrent_sessions,
        };
        Ok(WhatIf {
            from: Time(now - DAYS * DAY_MS),
            limit: settings.and_then(of),
            reached: counted.into_iter().map(|(number, contacts)| Reached { number, contacts }).collect(),
        })
    }

    /// The contacts that reached more than `limit_to`, most first; at most `most`.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn would_hit(
        &self,
        limit: AccessLimit,
        limit_to: i64,
        most: usize,
        now: i64,
    ) -> Result<Vec<WouldHit>, CacheError> {
        let mut reader = self.reading().await?;
        let now = seen_from(&mut reader, now).await?;
        let mut hit: Vec<(i64, i64)> =
            reached(&mut reader, limit, now).await?.into_iter().filter(|(_, number)| *number > limit_to).collect();
        hit.sort_unstable_by_key(|(contact, number)| (std::cmp::Reverse(*number), *contact));
        hit.truncate(most);
        let mut names: HashMap<i64, String> = HashMap::new();
        for row in sqlx::query(
            "SELECT id, first_name, last_name, email FROM contact WHERE id IN (SELECT value FROM json_each($1))",
        )
        .bind(id_list(hit.iter().map(|(contact, _)| *contact)))
        .fetch_all(&mut *reader)
        .await?
        {
            let (first, last): (Option<&str>, Option<&str>) = (row.try_get(1)?, row.try_get(2)?);
            names.insert(row.try_get(0)?, full_name(first, last, row.try_get(3)?));
        }
        Ok(hit
            .into_iter()
            .filter_map(|(contact_id, reached)| {
                Some(WouldHit { contact_id, name: names.remove(&contact_id)?, reached })
            })
            .collect())
    }
}

/// What contacts with logins in these days reached.
async fn reached(
    connection: &mut SqliteConnection,
    limit: AccessLimit,
    now: i64,
) -> Result<Vec<(i64, i64)>, CacheError> {
    match limit {
        AccessLimit::Devices => devices(connection, now).await,
        AccessLimit::Sessions => at_once(connection, now).await,
    }
}

/// What the school's rule counts: devices that were ever let in and are not blocked, each by itself, whatever the owner
/// says is one; not those alone that were used in these days. Only contacts with a device that was let in for the first
/// time in these days can have been hit.
async fn devices(connection: &mut SqliteConnection, now: i64) -> Result<Vec<(i64, i64)>, CacheError> {
    let from = now - DAYS * DAY_MS;
    // A device without any login here is known from a time that the log no longer tells of.
    let mut sql = QueryBuilder::new(
        "SELECT device.contact_id, device.effective_access = 'blocked', \
             CASE WHEN EXISTS (SELECT 1 FROM session WHERE session.device_id = device.id) \
                 THEN (SELECT min(session.started_at) FROM session \
                     WHERE session.device_id = device.id AND session.outcome = 'allowed') \
                 ELSE device.first_seen_at END \
         FROM device \
         WHERE device.contact_id IN ( \
             SELECT +session.contact_id FROM session \
             WHERE session.outcome = 'allowed' AND session.device_id IS NOT NULL AND session.started_at >= ",
    );
    sql.push_bind(from);
    sql.push(
        " AND NOT EXISTS (SELECT 1 FROM session AS earlier \
             WHERE earlier.device_id = session.device_id AND earlier.outcome = 'allowed' AND earlier.started_at < ",
    );
    sql.push_bind(from).push("))");
    let mut admitted: HashMap<i64, Vec<Admitted>> = HashMap::new();
    for row in asked::rows(connection, sql).await? {
        // One that was never let in counts nowhere.
        if let Some(at) = row.try_get(2)? {
            admitted.entry(row.try_get(0)?).or_default().push(Admitted { blocked: row.try_get(1)?, at });
        }
    }
    Ok(admitted
        .into_iter()
        .filter_map(|(contact, devices)| Some((contact, insight::most_devices(&devices, from)?)))
        .collect())
}

async fn at_once(connection: &mut SqliteConnection, now: i64) -> Result<Vec<(i64, i64)>, CacheError> {
    let mut sql = QueryBuilder::new("SELECT session.contact_id, session.started_at, coalesce(session.ended_at, ");
    sql.push_bind(now).push(") FROM session WHERE session.outcome = 'allowed' AND session.started_at >= ");
    sql.push_bind(now - DAYS * DAY_MS);
    let mut sessions: HashMap<i64, Vec<(i64, i64)>> = HashMap::new();
    for row in asked::rows(connection, sql).await? {
        sessions.entry(row.try_get(0)?).or_default().push((row.try_get(1)?, row.try_get(2)?));
    }
    Ok(sessions.into_iter().map(|(contact, spans)| (contact, insight::most_at_once(&spans))).collect())
}
