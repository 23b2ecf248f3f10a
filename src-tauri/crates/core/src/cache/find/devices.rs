//! Devices by number, by the owner's own name, or by browser and system with or without a person: `olha iphone`.

use std::collections::HashSet;

use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::{LOOKED_AT, Wanted, people::push_people};
use crate::{
    cache::{CacheError, apply::full_name, asked, bulk::id_list, sessions},
    model::Hit,
};

/// Devices that are shown.
const SHOWN: i64 = 4;

pub(super) async fn found(connection: &mut SqliteConnection, wanted: &Wanted) -> Result<Vec<Hit>, CacheError> {
    let Agents { ids, other_words } = agents(connection, &wanted.words).await?;
    let among = |sql: &mut QueryBuilder<Sqlite>| {
        sql.push("SELECT device_id AS id, 1 AS turn FROM (SELECT device_id FROM device_name WHERE 1");
        for word in &wanted.words {
            sql.push(" AND instr(folded, ").push_bind(word.clone()).push(") > 0");
        }
        sql.push(" LIMIT ").push_bind(SHOWN).push(")");
        if let Some(id) = wanted.id {
            sql.push(" UNION ALL SELECT ").push_bind(id).push(", 0");
        }
        if ids.is_empty() {
            return;
        }
        sql.push(" UNION ALL SELECT id, 2 FROM (SELECT id FROM ");
        // By the few people, or the newest devices: an agent has thousands.
        if other_words.is_empty() {
            sql.push("(SELECT id, agent_id, last_seen_at FROM device ORDER BY last_seen_at DESC LIMIT ");
            sql.push_bind(LOOKED_AT).push(") WHERE 1");
        } else {
            sql.push("device WHERE contact_id IN (");
            push_people(sql, &other_words, &other_words.join(" "));
            sql.push(")");
        }
        sql.push(" AND +agent_id IN (SELECT value FROM json_each(").push_bind(id_list(ids.iter().copied()));
        sql.push(")) ORDER BY last_seen_at DESC LIMIT ").push_bind(SHOWN).push(")");
    };
    let mut hits = described(connection, among).await?;
    let mut seen = HashSet::new();
    hits.retain(|(id, _)| seen.insert(*id));
    Ok(hits.into_iter().map(|(_, hit)| hit).take(SHOWN as usize).collect())
}

/// What some words say of browsers and systems.
struct Agents {
    /// Those that have every word which any of them has.
    ids: Vec<i64>,
    /// The words that none has.
    other_words: Vec<String>,
}

async fn agents(connection: &mut SqliteConnection, words: &[String]) -> Result<Agents, CacheError> {
    let mut sql = QueryBuilder::new("SELECT id");
    for word in words {
        sql.push(", instr(text, ").push_bind(word.clone()).push(") > 0");
    }
    sql.push(" FROM (SELECT id, lower(coalesce(browser, '') || ' ' || coalesce(os, '')) AS text FROM agent) WHERE 0");
    for word in words {
        sql.push(" OR instr(text, ").push_bind(word.clone()).push(") > 0");
    }
    let rows = asked::page(connection, sql, words.len() + 1).await?.map(|row| {
        let has = (1..=words.len()).map(|at| row.get(at)).collect::<Result<Vec<bool>, _>>()?;
        Ok((row.get::<i64>(0)?, has))
    })?;
    let known = |at: &usize| rows.iter().any(|(_, has)| has[*at]);
    let (of_agents, others): (Vec<usize>, Vec<usize>) = (0..words.len()).partition(known);
    Ok(Agents {
        ids: rows.iter().filter(|(_, has)| of_agents.iter().all(|at| has[*at])).map(|(id, _)| *id).collect(),
        other_words: others.into_iter().map(|at| words[at].clone()).collect(),
    })
}

/// Those devices that are here, of the ids that a statement gives, in its turns; of one turn the last seen first.
pub(super) async fn described(
    connection: &mut SqliteConnection,
    among: impl FnOnce(&mut QueryBuilder<Sqlite>),
) -> Result<Vec<(i64, Hit)>, CacheError> {
    let mut sql = QueryBuilder::new(
        "SELECT device.id, device.contact_id, contact.first_name, contact.last_name, contact.email, device_name.name, \
         agent.browser, agent.os, agent.device_type \
         FROM (",
    );
    among(&mut sql);
    sql.push(
        ") AS found \
         CROSS JOIN device ON device.id = found.id \
         LEFT JOIN agent ON agent.id = device.agent_id \
         LEFT JOIN contact ON contact.id = device.contact_id \
         LEFT JOIN device_name ON device_name.device_id = device.id \
         ORDER BY found.turn, device.last_seen_at DESC",
    );
    asked::page(connection, sql, 9).await?.map(|row| {
        let (first, last): (Option<&str>, Option<&str>) = (row.get(2)?, row.get(3)?);
        let (id, email): (i64, Option<&str>) = (row.get(0)?, row.get(4)?);
        let contact_name = full_name(first, last, email.unwrap_or_default());
        let (contact_id, own_name, agent) = (row.get(1)?, row.get(5)?, sessions::agent(row, 6)?);
        Ok((id, Hit::Device { id, contact_id, contact_name, own_name, agent }))
    })
}
