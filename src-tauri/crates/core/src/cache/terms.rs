//! Addresses, user agents and rule texts: stored once each, with what is worked out of them (place, browser) and their
//! search rows, in the transaction of the row that brings them.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use hallmonitor_wire::Rule;
use sqlx::{AssertSqlSafe, Row as _, SqliteConnection};

use super::{CacheError, bulk, fold::fold};
use crate::{agent, place};

/// Above this many known texts the memory of them is dropped; it only saves look-ups.
const MOST_REMEMBERED: usize = 400_000;

/// The numbers of texts that this sync has met.
#[derive(Debug, Default)]
pub(super) struct Terms {
    ips: HashMap<String, i64>,
    agents: HashMap<String, i64>,
    rules: HashMap<(String, String), i64>,
}

impl Terms {
    /// Forgets everything: after a transaction that did not commit, or that removed texts.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// The number of an address that [`Self::learn`] has met.
    pub(super) fn ip(&self, address: &str) -> i64 {
        self.ips.get(address).copied().unwrap_or_default()
    }

    /// The number of a user agent that [`Self::learn`] has met.
    pub(super) fn agent(&self, text: &str) -> i64 {
        self.agents.get(text).copied().unwrap_or_default()
    }

    /// The number of a rule that [`Self::learn`] has met.
    pub(super) fn rule(&self, rule: &Rule) -> i64 {
        self.rules.get(&(rule.code.clone(), rule.text.clone())).copied().unwrap_or_default()
    }

    /// Makes sure that all these texts are stored and known.
    pub(super) async fn learn<'t>(
        &mut self,
        connection: &mut SqliteConnection,
        loading: bool,
        ips: impl Iterator<Item = &'t str>,
        agents: impl Iterator<Item = &'t str>,
        rules: impl Iterator<Item = &'t Rule>,
    ) -> Result<(), CacheError> {
        if self.ips.len() + self.agents.len() > MOST_REMEMBERED {
            self.forget();
        }
        let new: HashSet<&str> = ips.filter(|text| !self.ips.contains_key(*text)).collect();
        learn_ips(connection, loading, &mut self.ips, new).await?;
        let new: HashSet<&str> = agents.filter(|text| !self.agents.contains_key(*text)).collect();
        learn_agents(connection, &mut self.agents, new).await?;
        for rule in rules {
            if let Entry::Vacant(free) = self.rules.entry((rule.code.clone(), rule.text.clone())) {
                free.insert(learn_rule(connection, rule).await?);
            }
        }
        Ok(())
    }
}

/// Reads the numbers of those texts that are stored already, and gives back the others with new numbers.
async fn stored<'t>(
    connection: &mut SqliteConnection,
    (table, column): (&'static str, &'static str),
    known: &mut HashMap<String, i64>,
    new: HashSet<&'t str>,
) -> Result<Vec<(i64, &'t str)>, CacheError> {
    let list = serde_json::Value::from(new.iter().copied().collect::<Vec<_>>()).to_string();
    let select = format!("SELECT id, {column} FROM {table} WHERE {column} IN (SELECT value FROM json_each($1))");
    for row in sqlx::query(AssertSqlSafe(select)).bind(list).fetch_all(&mut *connection).await? {
        known.insert(row.try_get(1)?, row.try_get(0)?);
    }
    let mut texts: Vec<&str> = new.into_iter().filter(|text| !known.contains_key(*text)).collect();
    texts.sort_unstable();
    let last: i64 = sqlx::query_scalar(AssertSqlSafe(format!("SELECT coalesce(max(id), 0) FROM {table}")))
        .fetch_one(&mut *connection)
        .await?;
    Ok((last + 1..).zip(texts).collect())
}

async fn learn_ips(
    connection: &mut SqliteConnection,
    loading: bool,
    known: &mut HashMap<String, i64>,
    new: HashSet<&str>,
) -> Result<(), CacheError> {
    if new.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = stored(connection, ("ip", "address"), known, new)
        .await?
        .into_iter()
        .map(|(id, address)| {
            let place = place::place(address);
            let folded = fold(&joined([Some(address), place.country.as_deref(), place.city.as_deref()]));
            (id, address.to_owned(), folded, place)
        })
        .collect();
    known.extend(rows.iter().map(|(id, address, ..)| (address.clone(), *id)));
    // The end of a first load makes the search rows of all addresses at once.
    let search: Vec<_> =
        if loading { Vec::new() } else { rows.iter().map(|(id, _, folded, _)| (*id, folded.clone())).collect() };
    bulk::insert(
        connection,
        "INSERT INTO ip (id, address, folded, country, city, network_kind)",
        6,
        "",
        rows,
        |(id, address, folded, place), row| {
            row.put(id).put(address).put(folded).put(place.country).put(place.city).put(place.network_kind);
        },
    )
    .await?;
    index(connection, "INSERT INTO ip_search (rowid, text)", search).await
}

async fn learn_agents(
    connection: &mut SqliteConnection,
    known: &mut HashMap<String, i64>,
    new: HashSet<&str>,
) -> Result<(), CacheError> {
    if new.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = stored(connection, ("agent", "text"), known, new)
        .await?
        .into_iter()
        .map(|(id, text)| {
            let agent = agent::agent(text);
            let folded = fold(&joined([Some(text), agent.browser.as_deref(), agent.os.as_deref()]));
            (id, text.to_owned(), folded, agent)
        })
        .collect();
    known.extend(rows.iter().map(|(id, text, ..)| (text.clone(), *id)));
    let search: Vec<_> = rows.iter().map(|(id, _, folded, _)| (*id, folded.clone())).collect();
    bulk::insert(
        connection,
        "INSERT INTO agent (id, text, folded, browser, os, device_type)",
        6,
        "",
        rows,
        |(id, text, folded, agent), row| {
            row.put(id).put(text).put(folded).put(agent.browser).put(agent.os).put(agent.device_type);
        },
    )
    .await?;
    index(connection, "INSERT INTO agent_search (rowid, text)", search).await
}

async fn learn_rule(connection: &mut SqliteConnection, rule: &Rule) -> Result<i64, CacheError> {
    let found: Option<i64> = sqlx::query_scalar("SELECT id FROM rule WHERE code = $1 AND text = $2")
        .bind(&rule.code)
        .bind(&rule.text)
        .fetch_optional(&mut *connection)
        .await?;
    if let Some(id) = found {
        return Ok(id);
    }
    let folded = fold(&joined([Some(&rule.code), Some(&rule.text), None]));
    let id: i64 = sqlx::query_scalar("INSERT INTO rule (code, text, folded) VALUES ($1, $2, $3) RETURNING id")
        .bind(&rule.code)
        .bind(&rule.text)
        .bind(&folded)
        .fetch_one(&mut *connection)
        .await?;
    index(connection, "INSERT INTO rule_search (rowid, text)", vec![(id, folded)]).await?;
    Ok(id)
}

async fn index(
    connection: &mut SqliteConnection,
    head: &'static str,
    rows: Vec<(i64, String)>,
) -> Result<(), CacheError> {
    bulk::insert(connection, head, 2, "", rows, |(id, folded), row| {
        row.put(id).put(folded);
    })
    .await?;
    Ok(())
}

/// Fields side by side, apart enough that no searched word spans two of them.
fn joined<const N: usize>(fields: [Option<&str>; N]) -> String {
    fields.into_iter().flatten().collect::<Vec<_>>().join("\n")
}
