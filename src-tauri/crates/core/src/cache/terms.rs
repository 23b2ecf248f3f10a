//! Addresses, user agents and rule texts: stored once each, with what is worked out of them (place, browser) and their
//! search rows, in the transaction of the row that brings them.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use foldhash::fast::RandomState;
use hallmonitor_wire::{Device, Restriction, Rule, Session};
use sqlx::{AssertSqlSafe, Connection as _, Row as _, SqliteConnection};

use super::{CacheError, address_key, bulk, fold::fold, letters::Letters};
use crate::{agent, place};

/// Above this many known texts the memory of them is dropped; it only saves look-ups.
const MOST_REMEMBERED: usize = 400_000;

/// Numbers by text. The first pass over a school asks for some millions: the hash is quick, and seeded at random.
type Numbers = HashMap<String, i64, RandomState>;

/// The numbers of texts that this sync has met.
#[derive(Debug, Default)]
pub(super) struct Terms {
    /// Which removal they come after: whoever erases between two batches removes texts without asking.
    removals: i64,
    ips: Numbers,
    agents: Numbers,
    rules: HashMap<(String, String), i64>,
    letters: Letters,
}

/// The numbers of a session's texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SessionTerms {
    pub(super) ip: i64,
    pub(super) agent: i64,
}

/// Stands for a text that has no number yet; numbers begin with 1.
const UNKNOWN: i64 = 0;

impl Terms {
    /// Forgets everything: after a transaction that did not commit.
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

    /// Makes sure that the texts of all these rows are stored and known; gives the sessions' numbers, in their order.
    pub(super) async fn learn(
        &mut self,
        connection: &mut SqliteConnection,
        loading: bool,
        devices: &[Device],
        sessions: &[Session],
        restrictions: &[Restriction],
    ) -> Result<Vec<SessionTerms>, CacheError> {
        let removals = removals(connection).await?;
        if removals != self.removals || self.ips.len() + self.agents.len() > MOST_REMEMBERED {
            *self = Self { removals, ..Self::default() };
        }
        let (mut new_ips, mut new_agents) = (HashSet::default(), HashSet::default());
        let mut of_sessions: Vec<SessionTerms> = sessions
            .iter()
            .map(|row| SessionTerms {
                ip: known(&self.ips, &row.ip, &mut new_ips),
                agent: known(&self.agents, &row.user_agent, &mut new_agents),
            })
            .collect();
        for address in restrictions.iter().filter_map(|row| row.ip.as_deref()) {
            known(&self.ips, address, &mut new_ips);
        }
        for row in devices {
            known(&self.agents, &row.user_agent, &mut new_agents);
        }
        learn_ips(connection, loading, (&mut self.ips, &mut self.letters), new_ips).await?;
        learn_agents(connection, loading, (&mut self.agents, &mut self.letters), new_agents).await?;
        for (row, terms) in sessions.iter().zip(&mut of_sessions) {
            if terms.ip == UNKNOWN {
                terms.ip = self.ip(&row.ip);
            }
            if terms.agent == UNKNOWN {
                terms.agent = self.agent(&row.user_agent);
            }
        }
        for rule in restrictions.iter().map(|row| &row.rule) {
            if let Entry::Vacant(free) = self.rules.entry((rule.code.clone(), rule.text.clone())) {
                free.insert(learn_rule(connection, &mut self.letters, rule).await?);
            }
        }
        Ok(of_sessions)
    }
}

/// The number of a text, or [`UNKNOWN`] and the text among the new ones.
fn known<'t>(numbers: &Numbers, text: &'t str, new: &mut HashSet<&'t str, RandomState>) -> i64 {
    numbers.get(text).copied().unwrap_or_else(|| {
        new.insert(text);
        UNKNOWN
    })
}

/// How often texts were removed: numbers that were learned before the last time may be nobody's.
async fn removals(connection: &mut SqliteConnection) -> Result<i64, CacheError> {
    let counted: Option<i64> =
        sqlx::query_scalar("SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'term_removals'")
            .fetch_optional(connection)
            .await?;
    Ok(counted.unwrap_or(0))
}

/// The highest number that a text of this table has ever had, as SQL: another text never gets it.
fn last_number(table: &str) -> String {
    format!(
        "SELECT max( \
             coalesce((SELECT max(id) FROM {table}), 0), \
             coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'last_{table}'), 0) \
         )"
    )
}

/// Takes note that addresses and agents are about to be removed, in the transaction that does it.
pub(super) async fn before_removal(connection: &mut SqliteConnection) -> Result<(), CacheError> {
    let count = "SELECT coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'term_removals'), 0) + 1";
    for (key, value) in [("last_ip", last_number("ip")), ("last_agent", last_number("agent"))]
        .into_iter()
        .chain([("term_removals", count.to_owned())])
    {
        sqlx::query(AssertSqlSafe(format!("INSERT OR REPLACE INTO meta (key, value) VALUES ('{key}', ({value}))")))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Learns the numbers of those texts that are stored already, and gives back the others with new numbers.
async fn stored<'t>(
    connection: &mut SqliteConnection,
    loading: bool,
    (table, column): (&'static str, &'static str),
    known: &mut Numbers,
    new: HashSet<&'t str, RandomState>,
) -> Result<Vec<(i64, &'t str)>, CacheError> {
    let last: i64 = sqlx::query_scalar(AssertSqlSafe(last_number(table))).fetch_one(&mut *connection).await?;
    // A first load removes nothing, so numbers are without gaps: all that is stored has been met, unless a restart has
    // forgotten it.
    if !loading || i64::try_from(known.len()) != Ok(last) {
        let list = serde_json::Value::from(new.iter().copied().collect::<Vec<_>>()).to_string();
        let select = format!("SELECT id, {column} FROM {table} WHERE {column} IN (SELECT value FROM json_each($1))");
        for row in sqlx::query(AssertSqlSafe(select)).bind(list).fetch_all(&mut *connection).await? {
            known.insert(row.try_get(1)?, row.try_get(0)?);
        }
    }
    let mut texts: Vec<&str> = new.into_iter().filter(|text| !known.contains_key(*text)).collect();
    texts.sort_unstable();
    Ok((last + 1..).zip(texts).collect())
}

async fn learn_ips(
    connection: &mut SqliteConnection,
    loading: bool,
    (known, letters): (&mut Numbers, &mut Letters),
    new: HashSet<&str, RandomState>,
) -> Result<(), CacheError> {
    if new.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = stored(connection, loading, ("ip", "address"), known, new)
        .await?
        .into_iter()
        .map(|(id, address)| {
            let place = place::place(address);
            let folded = fold(&joined([Some(address), place.country.as_deref(), place.city.as_deref()]));
            (id, address.to_owned(), folded, place)
        })
        .collect();
    known.extend(rows.iter().map(|(id, address, ..)| (address.clone(), *id)));
    letters.learn(connection, "ip", rows.iter().map(|(_, _, folded, _)| folded.as_str())).await?;
    // The end of a first load makes the search rows of all addresses at once.
    let search: Vec<_> =
        if loading { Vec::new() } else { rows.iter().map(|(id, _, folded, _)| (*id, folded.clone())).collect() };
    bulk::insert(
        connection,
        "INSERT INTO ip (id, address, folded, country, city, network_kind, key)",
        7,
        "",
        rows,
        |(id, address, folded, place), row| {
            let key = address_key::key(&address);
            row.put(id).put(address).put(folded).put(place.country).put(place.city).put(place.network_kind).put(key);
        },
    )
    .await?;
    index(connection, "INSERT INTO ip_search (rowid, text)", search).await
}

/// Works out the keys of addresses that an older version has stored; there are none after that.
pub(super) async fn fill_keys(connection: &mut SqliteConnection) -> Result<(), CacheError> {
    let any: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM ip WHERE key IS NULL)").fetch_one(&mut *connection).await?;
    if !any {
        return Ok(());
    }
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let rows: Vec<(i64, String)> =
        sqlx::query_as("SELECT id, address FROM ip WHERE key IS NULL").fetch_all(&mut *transaction).await?;
    // The other columns only stand in for those of rows that are there.
    bulk::insert_as(
        &mut transaction,
        "INSERT INTO ip (id, address, folded, key)",
        "?,?,'',?",
        "ON CONFLICT (id) DO UPDATE SET key = excluded.key",
        rows,
        |(id, address), row| {
            let key = address_key::key(&address);
            row.put(id).put(address).put(key);
        },
    )
    .await?;
    transaction.commit().await?;
    Ok(())
}

async fn learn_agents(
    connection: &mut SqliteConnection,
    loading: bool,
    (known, letters): (&mut Numbers, &mut Letters),
    new: HashSet<&str, RandomState>,
) -> Result<(), CacheError> {
    if new.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = stored(connection, loading, ("agent", "text"), known, new)
        .await?
        .into_iter()
        .map(|(id, text)| {
            let agent = agent::agent(text);
            let folded = fold(&joined([Some(text), agent.browser.as_deref(), agent.os.as_deref()]));
            (id, text.to_owned(), folded, agent)
        })
        .collect();
    known.extend(rows.iter().map(|(id, text, ..)| (text.clone(), *id)));
    letters.learn(connection, "agent", rows.iter().map(|(_, _, folded, _)| folded.as_str())).await?;
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

async fn learn_rule(connection: &mut SqliteConnection, letters: &mut Letters, rule: &Rule) -> Result<i64, CacheError> {
    let found: Option<i64> = sqlx::query_scalar("SELECT id FROM rule WHERE code = $1 AND text = $2")
        .bind(&rule.code)
        .bind(&rule.text)
        .fetch_optional(&mut *connection)
        .await?;
    if let Some(id) = found {
        return Ok(id);
    }
    let folded = fold(&joined([Some(&rule.code), Some(&rule.text), None]));
    letters.learn(connection, "rule", [folded.as_str()]).await?;
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
