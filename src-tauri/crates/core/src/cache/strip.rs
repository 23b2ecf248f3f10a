//! When a contact was at work, drawn: what lies too close together to be told apart is put together, so that two years
//! take no more than a month.

use std::collections::{BTreeMap, HashMap};

use hallmonitor_wire::{Rule, Time};
use sqlx::{QueryBuilder, SqliteConnection};

use super::{Cache, CacheError, asked, sessions::agent};
use crate::model::{ActivityStrip, Agent, Lane, Stretch, StripBar, StripMark};

/// Logins that are looked at.
const MOST_LOGINS: usize = 20_000;
/// Devices that have a lane.
const MOST_LANES: usize = 30;
/// Restrictions that are marked.
const MOST_MARKS: i64 = 2_000;
/// What is closer together than this part of the whole is put together.
const PARTS: i64 = 1_000;
/// Two years and a day, milliseconds.
const LONGEST: i64 = 732 * 86_400_000;
/// Nothing is drawn shorter than this.
const MINUTE_MS: i64 = 60_000;

/// A login as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Login {
    id: i64,
    device: Option<i64>,
    from: i64,
    until: i64,
    denied: bool,
}

/// Id, time, rule, device, status.
type Mark = (i64, i64, Option<String>, Option<String>, Option<i64>, Option<i64>, Option<i64>, String);

type Lanes = BTreeMap<Option<i64>, Vec<StripBar>>;

/// The bars of each device; `logins` begin with the oldest.
fn lanes(logins: &[Login], resolution: i64) -> Lanes {
    let mut lanes = Lanes::new();
    for login in logins {
        let bars = lanes.entry(login.device).or_default();
        let denied = i64::from(login.denied);
        match bars.last_mut() {
            Some(bar) if login.from - bar.until.ms() < resolution => {
                bar.until = bar.until.max(Time(login.until));
                bar.session_id = login.id;
                bar.sessions += 1;
                bar.denied += denied;
            }
            _ => bars.push(StripBar {
                from: Time(login.from),
                until: Time(login.until),
                session_id: login.id,
                sessions: 1,
                denied,
            }),
        }
    }
    lanes
}

/// When logins from two or more devices were at work at once; `logins` begin with the oldest.
fn overlaps(logins: &[Login], resolution: i64) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut running: Vec<&Login> = Vec::new();
    for login in logins.iter().filter(|login| !login.denied && login.device.is_some()) {
        running.retain(|earlier| earlier.until > login.from);
        let end = running
            .iter()
            .filter(|earlier| earlier.device != login.device)
            .map(|earlier| earlier.until.min(login.until))
            .max()
            .filter(|end| *end > login.from);
        if let Some(end) = end {
            match stretches.last_mut() {
                Some(last) if login.from - last.until.ms() < resolution => last.until = last.until.max(Time(end)),
                _ => stretches.push(Stretch { from: Time(login.from), until: Time(end) }),
            }
        }
        running.push(login);
    }
    stretches
}

/// A contact's devices.
#[derive(Debug, Default)]
struct Devices {
    known: BTreeMap<i64, Known>,
    /// The first of those that the owner says are one, for each of the others.
    one: HashMap<i64, i64>,
}

impl Devices {
    /// The device whose lane this one is drawn in.
    fn one(&self, id: i64) -> i64 {
        self.one.get(&id).copied().unwrap_or(id)
    }
}

/// What a lane says of its device.
#[derive(Debug)]
struct Known {
    agent: Agent,
    own_name: Option<String>,
    access: String,
}

async fn devices(connection: &mut SqliteConnection, contact_id: i64) -> Result<Devices, CacheError> {
    let mut sql = QueryBuilder::new(
        "SELECT device.id, agent.browser, agent.os, agent.device_type, device_name.name, device.effective_access, \
             device_alias.same_as \
         FROM device \
         LEFT JOIN agent ON agent.id = device.agent_id \
         LEFT JOIN device_name ON device_name.device_id = device.id \
         LEFT JOIN device_alias ON device_alias.device_id = device.id \
         WHERE device.contact_id = ",
    );
    sql.push_bind(contact_id).push(" ORDER BY device.id");
    let mut found = Devices::default();
    let mut first: HashMap<i64, i64> = HashMap::new();
    asked::page(connection, sql, 7).await?.map(|row| {
        let id: i64 = row.get(0)?;
        let known = Known { agent: agent(row, 1)?, own_name: row.get(4)?, access: row.get(5)? };
        if let Some(same) = row.get::<Option<i64>>(6)? {
            let first = *first.entry(same).or_insert(id);
            found.one.insert(id, first);
            // The name was given to one of them, and is meant for all.
            if let (Some(lane), Some(name)) = (found.known.get_mut(&first), &known.own_name) {
                lane.own_name.get_or_insert_with(|| name.clone());
            }
        }
        found.known.insert(id, known);
        Ok(())
    })?;
    Ok(found)
}

/// A contact's logins between two times, the oldest first, and whether there are more than are looked at.
async fn logins(
    connection: &mut SqliteConnection,
    contact_id: i64,
    (from, until): (i64, i64),
) -> Result<(Vec<Login>, bool), CacheError> {
    let mut sql = QueryBuilder::new(
        "SELECT id, device_id, started_at, max(last_activity_at, started_at), outcome = 'denied' \
         FROM session \
         WHERE contact_id = ",
    );
    sql.push_bind(contact_id).push(" AND started_at >= ").push_bind(from).push(" AND started_at < ").push_bind(until);
    sql.push(" ORDER BY started_at DESC, id DESC LIMIT ")
        .push_bind(i64::try_from(MOST_LOGINS).unwrap_or(i64::MAX).saturating_add(1));
    let mut logins = asked::page(connection, sql, 5).await?.map(|row| {
        let (from, until) = (row.get(2)?, row.get(3)?);
        Ok(Login { id: row.get(0)?, device: row.get(1)?, from, until, denied: row.get(4)? })
    })?;
    let cut = logins.len() > MOST_LOGINS;
    logins.truncate(MOST_LOGINS);
    logins.reverse();
    Ok((logins, cut))
}

impl Cache {
    /// What a contact did between two times, of which at most two years are drawn.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn activity_strip(
        &self,
        contact_id: i64,
        from: i64,
        until: i64,
    ) -> Result<ActivityStrip, CacheError> {
        let from = from.max(until.saturating_sub(LONGEST)).min(until);
        let resolution = ((until - from) / PARTS).max(MINUTE_MS);
        let mut reader = self.reading().await?;
        let mut devices = devices(&mut reader, contact_id).await?;
        let (mut logins, cut) = logins(&mut reader, contact_id, (from, until)).await?;
        for login in &mut logins {
            login.device = login.device.map(|id| devices.one(id));
        }
        let marks: Vec<Mark> = sqlx::query_as(
            "SELECT restriction.id, restriction.occurred_at, rule.code, rule.text, restriction.rule_limit, \
                 restriction.observed, restriction.device_id, restriction.effective_status \
             FROM restriction \
             LEFT JOIN rule ON rule.id = restriction.rule_id \
             WHERE restriction.contact_id = $1 AND restriction.occurred_at >= $2 AND restriction.occurred_at < $3 \
             ORDER BY restriction.occurred_at DESC LIMIT $4",
        )
        .bind(contact_id)
        .bind(from)
        .bind(until)
        .bind(MOST_MARKS)
        .fetch_all(&mut *reader)
        .await?;
        let mut lanes: Vec<Lane> = lanes(&logins, resolution)
            .into_iter()
            .map(|(device_id, bars)| match device_id.and_then(|id| devices.known.remove(&id)) {
                Some(Known { agent, own_name, access }) => {
                    Lane { device_id, agent, own_name, access: Some(access), bars }
                }
                None => {
                    let agent = Agent { device_type: "unknown".to_owned(), ..Agent::default() };
                    Lane { device_id, agent, own_name: None, access: None, bars }
                }
            })
            .collect();
        lanes.sort_by_key(|lane| std::cmp::Reverse(lane.bars.last().map(|bar| bar.until)));
        // Logins without a device are no device.
        let others = lanes.iter().skip(MOST_LANES).filter(|lane| lane.device_id.is_some()).count();
        let other_devices = i64::try_from(others).unwrap_or(i64::MAX);
        lanes.truncate(MOST_LANES);
        Ok(ActivityStrip {
            from: Time(from),
            until: Time(until),
            lanes,
            other_devices,
            overlaps: overlaps(&logins, resolution),
            marks: marks
                .into_iter()
                .rev()
                .map(|(restriction_id, at, code, text, limit, observed, device_id, status)| StripMark {
                    restriction_id,
                    at: Time(at),
                    rule: Rule { code: code.unwrap_or_default(), text: text.unwrap_or_default(), limit, observed },
                    device_id: device_id.map(|id| devices.one(id)),
                    status,
                })
                .collect(),
            cut,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(id: i64, device: i64, from: i64, until: i64) -> Login {
        Login { id, device: Some(device), from, until, denied: false }
    }

    #[test]
    fn what_lies_closer_than_can_be_seen_is_one_bar() {
        let logins = [login(1, 1, 0, 10), login(2, 2, 5, 6), login(3, 1, 14, 20), login(4, 1, 25, 30)];
        let bars = |resolution| {
            let lanes = lanes(&logins, resolution);
            lanes[&Some(1)]
                .iter()
                .map(|bar| (bar.from.ms(), bar.until.ms(), bar.sessions, bar.session_id))
                .collect::<Vec<_>>()
        };
        assert_eq!(bars(4), [(0, 10, 1, 1), (14, 20, 1, 3), (25, 30, 1, 4)]);
        assert_eq!(bars(5), [(0, 20, 2, 3), (25, 30, 1, 4)]);
        assert_eq!(bars(6), [(0, 30, 3, 4)]);
        assert_eq!(lanes(&logins, 6)[&Some(2)].len(), 1);
    }

    #[test]
    fn only_different_devices_at_once_overlap() {
        let stretches = |logins: &[Login]| {
            overlaps(logins, 3).iter().map(|one| (one.from.ms(), one.until.ms())).collect::<Vec<_>>()
        };
        assert_eq!(stretches(&[login(1, 1, 0, 10), login(2, 2, 10, 20)]), []);
        assert_eq!(stretches(&[login(1, 1, 0, 10), login(2, 1, 5, 20)]), []);
        assert_eq!(stretches(&[login(1, 1, 0, 10), login(2, 2, 5, 20)]), [(5, 10)]);
        let long = [login(1, 1, 0, 100), login(2, 2, 10, 12), login(3, 2, 14, 16), login(4, 3, 50, 60)];
        assert_eq!(stretches(&long), [(10, 16), (50, 60)]);
        let mut refused = login(2, 2, 5, 20);
        refused.denied = true;
        assert_eq!(stretches(&[login(1, 1, 0, 10), refused]), []);
    }
}
