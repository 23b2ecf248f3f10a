//! Contacts by name, address, phone, tag or the owner's note, or by number.

use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::{
    CANDIDATES, LOOKED_AT, Wanted, is_long, push_beginning, push_indexed,
    rank::{Candidate, rank},
};
use crate::{
    cache::{CacheError, apply::full_name, asked},
    model::Hit,
};

/// Contacts that are shown.
const SHOWN: usize = 6;

pub(super) async fn found(connection: &mut SqliteConnection, wanted: &Wanted) -> Result<Vec<Hit>, CacheError> {
    let among = |sql: &mut QueryBuilder<Sqlite>| {
        push_people(sql, &wanted.words, &wanted.text);
        if let Some(id) = wanted.id {
            sql.push(" UNION ALL SELECT ").push_bind(id);
        }
    };
    let mut best = candidates(connection, among).await?;
    rank(&mut best, &wanted.words, &wanted.text, wanted.id);
    best.truncate(SHOWN);
    Ok(best.into_iter().map(|candidate| candidate.hit).collect())
}

/// The statement for contacts that may be meant by these words, some of them twice.
pub(super) fn push_people(sql: &mut QueryBuilder<Sqlite>, words: &[String], text: &str) {
    for column in ["name_folded", "email_folded"] {
        push_beginning(sql, ("contact", column), text, SHOWN as i64);
        sql.push(" UNION ALL ");
    }
    let long: Vec<&String> = words.iter().filter(|word| is_long(word)).collect();
    if !long.is_empty() {
        return push_indexed(sql, "contact_search", &long);
    }
    sql.push(
        "SELECT id FROM ( \
             SELECT id FROM ( \
                 SELECT id, name_folded, email_folded FROM contact ORDER BY activity_sort DESC LIMIT ",
    );
    sql.push_bind(LOOKED_AT).push(") WHERE 1");
    for word in words {
        sql.push(" AND (instr(name_folded, ").push_bind(word.clone());
        sql.push(") > 0 OR instr(email_folded, ").push_bind(word.clone()).push(") > 0)");
    }
    sql.push(" LIMIT ").push_bind(CANDIDATES).push(")");
}

/// Those contacts that are here, of the ids that a statement gives.
pub(super) async fn candidates(
    connection: &mut SqliteConnection,
    among: impl FnOnce(&mut QueryBuilder<Sqlite>),
) -> Result<Vec<Candidate>, CacheError> {
    let mut sql = QueryBuilder::new(
        "SELECT id, first_name, last_name, email, unviewed, name_folded, email_folded, \
         more_folded || char(10) || note_folded, activity_sort \
         FROM contact WHERE id IN (",
    );
    among(&mut sql);
    sql.push(")");
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
