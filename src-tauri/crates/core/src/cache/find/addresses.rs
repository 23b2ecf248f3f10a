//! Addresses and ranges of addresses.

use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::{Wanted, is_long, push_beginning, push_indexed};
use crate::{
    cache::{CacheError, address_key, asked, condition::Condition, sessions},
    model::{Hit, Place},
};

/// Addresses that are shown.
const SHOWN: i64 = 4;

pub(super) async fn found(
    connection: &mut SqliteConnection,
    typed: &str,
    wanted: &Wanted,
) -> Result<Vec<Hit>, CacheError> {
    let whole = typed_whole(connection, typed).await?;
    if !whole.is_empty() || typed.contains('/') {
        return Ok(whole);
    }
    let [word] = wanted.words.as_slice() else { return Ok(Vec::new()) };
    if !is_of_address(word) {
        return Ok(Vec::new());
    }
    let beginning = |sql: &mut QueryBuilder<Sqlite>| push_beginning(sql, ("ip", "address"), word, SHOWN);
    let found = located(connection, word, beginning).await?;
    if found.len() as i64 >= SHOWN || !is_long(word) {
        return Ok(found);
    }
    let anywhere = |sql: &mut QueryBuilder<Sqlite>| {
        beginning(sql);
        sql.push(" UNION ALL ");
        push_indexed(sql, "ip_search", &[word]);
    };
    located(connection, word, anywhere).await
}

/// Whether a word may be part of an address; `ada` and `cafe` are rather names.
fn is_of_address(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':'))
        && word.bytes().any(|byte| !byte.is_ascii_alphabetic())
}

/// An address or a range, where a login came from there.
pub(super) async fn typed_whole(connection: &mut SqliteConnection, typed: &str) -> Result<Vec<Hit>, CacheError> {
    let Some(within) = address_key::within(typed) else { return Ok(Vec::new()) };
    let mut found = located(connection, "", |sql| push_any(sql, &within)).await?;
    if typed.contains('/') {
        found.iter_mut().for_each(|hit| *hit = Hit::Address { address: typed.to_owned(), place: Place::default() });
    }
    Ok(found)
}

/// The statement for one address that meets the condition.
fn push_any(sql: &mut QueryBuilder<Sqlite>, within: &Condition) {
    sql.push("SELECT id FROM (SELECT id FROM ip WHERE ");
    within.push(sql);
    sql.push(" LIMIT 1)");
}

/// Those of the addresses that a statement gives which hold the word: those that begin with it first, then the latest.
async fn located(
    connection: &mut SqliteConnection,
    word: &str,
    among: impl FnOnce(&mut QueryBuilder<Sqlite>),
) -> Result<Vec<Hit>, CacheError> {
    let mut sql = QueryBuilder::new(
        "SELECT ip.address, ip.country, ip.city, ip.network_kind, ip.organisation FROM ip WHERE ip.id IN (",
    );
    among(&mut sql);
    sql.push(") AND instr(lower(ip.address), ").push_bind(word.to_owned());
    sql.push(") > 0 ORDER BY instr(lower(ip.address), ").push_bind(word.to_owned());
    sql.push(") > 1, ip.id DESC LIMIT ").push_bind(SHOWN);
    let hits = asked::page(connection, sql, 5).await?;
    hits.map(|row| Ok(Hit::Address { address: row.get(0)?, place: sessions::place(row, 1)? }))
}
