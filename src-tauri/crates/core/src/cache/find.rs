//! Search everywhere: a few contacts, addresses and devices for each key press.
//!
//! Every statement looks at a bounded number of rows, whatever is typed, so that the answer is here before the next key
//! is: candidates come from an index, some hundreds at most, and the best of them are picked here.

mod opened;
mod rank;

use std::collections::HashMap;

use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::{
    Cache, CacheError, address_key, apply::full_name, asked, bulk::id_list, condition::Condition, fold, sessions,
};
use crate::model::{FoundEverywhere, Hit, Place};
pub(super) use opened::forget_gone;
use rank::{Candidate, rank};

/// Rows that are shown of each kind.
const PEOPLE: usize = 6;
const ADDRESSES: i64 = 4;
const DEVICES: i64 = 4;

/// Contacts and addresses that one look into an index brings.
const CANDIDATES: i64 = 200;

/// Newest rows that are looked at one by one where no index helps.
const LOOKED_AT: i64 = 1_000;

/// A trigram index finds words of at least this many letters.
const TRIGRAM: usize = 3;

/// Behind every text that begins with another.
const LAST: char = '\u{10ffff}';

/// What is typed, made ready.
struct Wanted {
    /// The words, folded; never empty.
    words: Vec<String>,
    /// The words with one space between.
    text: String,
    /// The id that is meant, where a number is typed: `4711`, `#4711`.
    id: Option<i64>,
}

impl Wanted {
    fn read(typed: &str) -> Option<Self> {
        let words = fold::words(typed);
        let text = fold::fold(typed).split_whitespace().collect::<Vec<_>>().join(" ").replace('\0', "");
        let id = text.strip_prefix('#').unwrap_or(&text).parse().ok();
        (!words.is_empty()).then_some(Self { words, text, id })
    }
}

fn is_long(word: &str) -> bool {
    word.chars().nth(TRIGRAM - 1).is_some()
}

impl Cache {
    /// What a text finds; what was opened last where it is empty. `None` where a later question has `superseded` this
    /// one meanwhile.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn find_everywhere(
        &self,
        typed: &str,
        superseded: impl Fn() -> bool,
    ) -> Result<Option<FoundEverywhere>, CacheError> {
        let mut reader = self.reader().await?;
        let Some(wanted) = Wanted::read(typed) else {
            return Ok(Some(FoundEverywhere { hits: opened::latest(&mut reader).await? }));
        };
        if superseded() {
            return Ok(None);
        }
        let mut hits = people(&mut reader, &wanted).await?;
        if superseded() {
            return Ok(None);
        }
        hits.extend(addresses(&mut reader, typed.trim(), &wanted).await?);
        if superseded() {
            return Ok(None);
        }
        hits.extend(devices(&mut reader, &wanted).await?);
        Ok(Some(FoundEverywhere { hits }))
    }
}

async fn ids(connection: &mut SqliteConnection, sql: QueryBuilder<Sqlite>) -> Result<Vec<i64>, CacheError> {
    asked::page(connection, sql, 1).await?.map(|row| row.get(0))
}

/// Rows of a text index that have all these words.
async fn indexed(connection: &mut SqliteConnection, index: &str, words: &[&String]) -> Result<Vec<i64>, CacheError> {
    let phrases: Vec<String> = words.iter().map(|word| format!("\"{}\"", word.replace('"', "\"\""))).collect();
    let mut sql = QueryBuilder::new(format!("SELECT rowid FROM {index} WHERE {index} MATCH "));
    sql.push_bind(phrases.join(" AND ")).push(" ORDER BY rowid DESC LIMIT ").push_bind(CANDIDATES);
    ids(connection, sql).await
}

/// Rows whose text begins with another.
async fn beginning(
    connection: &mut SqliteConnection,
    (table, column): (&str, &str),
    text: &str,
    most: i64,
) -> Result<Vec<i64>, CacheError> {
    let mut sql = QueryBuilder::new(format!("SELECT id FROM {table} WHERE {column} >= "));
    sql.push_bind(text.to_owned()).push(format!(" AND {column} < ")).push_bind(format!("{text}{LAST}"));
    sql.push(format!(" ORDER BY {column} LIMIT ")).push_bind(most);
    ids(connection, sql).await
}

/// Contacts that may be meant by these words.
async fn people_with(connection: &mut SqliteConnection, words: &[String], text: &str) -> Result<Vec<i64>, CacheError> {
    let mut found = beginning(connection, ("contact", "name_folded"), text, PEOPLE as i64).await?;
    found.extend(beginning(connection, ("contact", "email_folded"), text, PEOPLE as i64).await?);
    let long: Vec<&String> = words.iter().filter(|word| is_long(word)).collect();
    if long.is_empty() {
        let mut sql = QueryBuilder::new(
            "SELECT id FROM (SELECT id, name_folded, email_folded FROM contact ORDER BY activity_sort DESC LIMIT ",
        );
        sql.push_bind(LOOKED_AT).push(") WHERE 1");
        for word in words {
            sql.push(" AND (instr(name_folded, ").push_bind(word.clone());
            sql.push(") > 0 OR instr(email_folded, ").push_bind(word.clone()).push(") > 0)");
        }
        sql.push(" LIMIT ").push_bind(CANDIDATES);
        found.extend(ids(connection, sql).await?);
    } else {
        found.extend(indexed(connection, "contact_search", &long).await?);
    }
    Ok(found)
}

async fn people(connection: &mut SqliteConnection, wanted: &Wanted) -> Result<Vec<Hit>, CacheError> {
    let mut found = people_with(connection, &wanted.words, &wanted.text).await?;
    found.extend(wanted.id);
    let mut best = candidates(connection, found).await?;
    rank(&mut best, &wanted.words, &wanted.text, wanted.id);
    best.truncate(PEOPLE);
    Ok(best.into_iter().map(|candidate| candidate.hit).collect())
}

/// Contacts by id, those that are here.
async fn candidates(connection: &mut SqliteConnection, ids: Vec<i64>) -> Result<Vec<Candidate>, CacheError> {
    let mut sql = QueryBuilder::new(
        "SELECT id, first_name, last_name, email, unviewed, name_folded, email_folded, \
         more_folded || char(10) || note_folded, activity_sort \
         FROM contact WHERE id IN (SELECT value FROM json_each(",
    );
    sql.push_bind(id_list(ids)).push("))");
    asked::page(connection, sql, 9).await?.map(|row| {
        let (first, last): (Option<&str>, Option<&str>) = (row.get(1)?, row.get(2)?);
        let (id, email): (i64, String) = (row.get(0)?, row.get(3)?);
        Ok(Candidate {
            id,
            name: row.get(5)?,
            email: row.get(6)?,
            more: row.get(7)?,
            active: row.get(8)?,
            hit: Hit::Contact { id, name: full_name(first, last, &email), email, unviewed: row.get(4)? },
        })
    })
}

/// Whether a word may be part of an address; `ada` and `cafe` are rather names.
fn is_of_address(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':'))
        && word.bytes().any(|byte| !byte.is_ascii_alphabetic())
}

async fn addresses(connection: &mut SqliteConnection, typed: &str, wanted: &Wanted) -> Result<Vec<Hit>, CacheError> {
    if let Some(within) = address_key::within(typed) {
        let found = any_address(connection, &within).await?;
        if typed.contains('/') {
            let range = Hit::Address { address: typed.to_owned(), place: Place::default() };
            return Ok(found.first().map(|_| range).into_iter().collect());
        }
        if !found.is_empty() {
            return located(connection, found, "").await;
        }
    }
    let [word] = wanted.words.as_slice() else { return Ok(Vec::new()) };
    if !is_of_address(word) {
        return Ok(Vec::new());
    }
    let mut found = beginning(connection, ("ip", "address"), word, ADDRESSES).await?;
    if (found.len() as i64) < ADDRESSES && is_long(word) {
        found.extend(indexed(connection, "ip_search", &[word]).await?);
    }
    located(connection, found, word).await
}

/// One address that meets the condition, if any does.
async fn any_address(connection: &mut SqliteConnection, within: &Condition) -> Result<Vec<i64>, CacheError> {
    let mut sql = QueryBuilder::new("SELECT id FROM ip WHERE ");
    within.push(&mut sql);
    sql.push(" LIMIT 1");
    ids(connection, sql).await
}

/// Addresses by id: those that begin with the word first, then those that hold it, the latest first.
async fn located(connection: &mut SqliteConnection, ids: Vec<i64>, word: &str) -> Result<Vec<Hit>, CacheError> {
    let mut sql = QueryBuilder::new(
        "SELECT ip.address, ip.country, ip.city, ip.network_kind, ip.organisation \
         FROM ip WHERE ip.id IN (SELECT value FROM json_each(",
    );
    sql.push_bind(id_list(ids)).push(")) AND instr(lower(ip.address), ").push_bind(word.to_owned());
    sql.push(") > 0 ORDER BY instr(lower(ip.address), ").push_bind(word.to_owned());
    sql.push(") > 1, ip.id DESC LIMIT ").push_bind(ADDRESSES);
    let hits = asked::page(connection, sql, 5).await?;
    hits.map(|row| Ok(Hit::Address { address: row.get(0)?, place: sessions::place(row, 1)? }))
}

/// Devices by number, by the owner's own name, or by browser and system with or without a person: `olha iphone`.
async fn devices(connection: &mut SqliteConnection, wanted: &Wanted) -> Result<Vec<Hit>, CacheError> {
    let mut sql = QueryBuilder::new("SELECT device_id FROM device_name WHERE 1");
    for word in &wanted.words {
        sql.push(" AND instr(folded, ").push_bind(word.clone()).push(") > 0");
    }
    sql.push(" LIMIT ").push_bind(DEVICES);
    let mut found: Vec<i64> = wanted.id.into_iter().collect();
    found.extend(ids(connection, sql).await?);
    let (mut of_agent, mut of_person, mut agents) = (0, Vec::new(), None::<Vec<i64>>);
    for word in &wanted.words {
        let known = agents_with(connection, word).await?;
        if known.is_empty() {
            of_person.push(word.clone());
            continue;
        }
        of_agent += 1;
        agents = Some(match agents {
            None => known,
            Some(before) => before.into_iter().filter(|id| known.binary_search(id).is_ok()).collect(),
        });
    }
    let agents = agents.unwrap_or_default();
    if of_agent > 0 && !agents.is_empty() {
        let mut sql = QueryBuilder::new("SELECT id FROM ");
        if of_person.is_empty() {
            sql.push("(SELECT id, agent_id, last_seen_at FROM device ORDER BY last_seen_at DESC LIMIT ");
            sql.push_bind(LOOKED_AT).push(") WHERE 1");
        } else {
            let whose = people_with(connection, &of_person, &of_person.join(" ")).await?;
            sql.push("device WHERE contact_id IN (SELECT value FROM json_each(").push_bind(id_list(whose)).push("))");
        }
        // By the few people, or the newest devices: an agent has thousands.
        sql.push(" AND +agent_id IN (SELECT value FROM json_each(").push_bind(id_list(agents));
        sql.push(")) ORDER BY last_seen_at DESC LIMIT ").push_bind(DEVICES);
        found.extend(ids(connection, sql).await?);
    }
    let mut hits = described(connection, &found).await?;
    let mut seen = Vec::new();
    found.retain(|id| (!seen.contains(id)).then(|| seen.push(*id)).is_some());
    Ok(found.iter().filter_map(|id| hits.remove(id)).take(DEVICES as usize).collect())
}

/// Agents whose browser or system has this word, in order.
async fn agents_with(connection: &mut SqliteConnection, word: &str) -> Result<Vec<i64>, CacheError> {
    let mut sql =
        QueryBuilder::new("SELECT id FROM agent WHERE instr(lower(coalesce(browser, '') || ' ' || coalesce(os, '')), ");
    sql.push_bind(word.to_owned()).push(") > 0 ORDER BY id");
    ids(connection, sql).await
}

/// Devices by id, those that are here.
async fn described(connection: &mut SqliteConnection, ids: &[i64]) -> Result<HashMap<i64, Hit>, CacheError> {
    let mut sql = QueryBuilder::new(
        "SELECT device.id, device.contact_id, contact.first_name, contact.last_name, contact.email, device_name.name, \
         agent.browser, agent.os, agent.device_type \
         FROM device \
         LEFT JOIN agent ON agent.id = device.agent_id \
         LEFT JOIN contact ON contact.id = device.contact_id \
         LEFT JOIN device_name ON device_name.device_id = device.id \
         WHERE device.id IN (SELECT value FROM json_each(",
    );
    sql.push_bind(id_list(ids.iter().copied())).push("))");
    let hits = asked::page(connection, sql, 9).await?.map(|row| {
        let (first, last): (Option<&str>, Option<&str>) = (row.get(2)?, row.get(3)?);
        let (id, email): (i64, Option<&str>) = (row.get(0)?, row.get(4)?);
        let contact_name = full_name(first, last, email.unwrap_or_default());
        let (contact_id, own_name, agent) = (row.get(1)?, row.get(5)?, sessions::agent(row, 6)?);
        Ok((id, Hit::Device { id, contact_id, contact_name, own_name, agent }))
    })?;
    Ok(hits.into_iter().collect())
}
