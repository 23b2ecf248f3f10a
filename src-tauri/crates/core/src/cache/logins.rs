//! Every login of the school, read: newest first, by what can be clicked.

use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection};

use super::{
    Cache, CacheError, address_key, asked,
    condition::{self, Condition},
    sessions, tally,
};
use crate::model::{LogQuery, LoginQuery, Page, PageRequest, Session};

/// So few rows are gathered by the index that finds them and sorted; more are found by walking the list in its order.
const FEW: i64 = 5_000;

/// Addresses that one condition may mean before nobody counts what is behind them.
const FEW_ADDRESSES: i64 = 5_000;

/// The same for user agents.
const FEW_AGENTS: i64 = 200;

/// What a login query asks for, as SQL.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// On the login itself.
    pub(super) of_session: Vec<Condition>,
    /// On its address and its user agent.
    pub(super) of_terms: Vec<Condition>,
    /// Whether those leave few rows, which an index finds.
    pub(super) few: bool,
    /// Whether those refer to the tables of addresses and user agents, not to their numbers alone.
    joined: bool,
}

/// Works out how to find what the query asks for.
pub(super) async fn wanted(connection: &mut SqliteConnection, query: &LoginQuery) -> Result<Wanted, CacheError> {
    let (addresses, agents) = (of_address(query)?, of_agent(query));
    let mut conditions = Vec::new();
    let whole_school = query.contact_id.is_none() && query.device_id.is_none();
    let (mut few, mut joined) = (false, false);
    for (table, column, own, most) in
        [("ip", "session.ip_id", addresses, FEW_ADDRESSES), ("agent", "session.agent_id", agents, FEW_AGENTS)]
    {
        if own.is_empty() {
            continue;
        }
        if whole_school && !few && is_few(connection, table, column, &own, most).await? {
            few = true;
            let mut members = Condition::sql(format!("{column} IN (SELECT id FROM {table} WHERE 1"));
            for condition in own {
                members = members.then(" AND (").join(condition).then(")");
            }
            conditions.push(members.then(")"));
        } else {
            joined = true;
            conditions.extend(own);
        }
    }
    Ok(Wanted { of_session: of_session(query), of_terms: conditions, few, joined })
}

/// Whether the index by address (by agent) finds few logins.
async fn is_few(
    connection: &mut SqliteConnection,
    table: &str,
    column: &str,
    own: &[Condition],
    most: i64,
) -> Result<bool, CacheError> {
    let mut members = QueryBuilder::new(format!("SELECT count(*) FROM (SELECT 1 FROM {table} WHERE 1"));
    condition::push_all(own, &mut members);
    members.push(format!(" LIMIT {})", most + 1));
    if one_number(connection, members).await? > most {
        return Ok(false);
    }
    let mut rows = QueryBuilder::new(format!(
        "SELECT count(*) FROM (SELECT 1 FROM session WHERE {column} IN (SELECT id FROM {table} WHERE 1"
    ));
    condition::push_all(own, &mut rows);
    rows.push(format!(") LIMIT {})", FEW + 1));
    Ok(one_number(connection, rows).await? <= FEW)
}

pub(super) async fn one_number(
    connection: &mut SqliteConnection,
    sql: QueryBuilder<Sqlite>,
) -> Result<i64, CacheError> {
    match asked::rows(connection, sql).await?.first() {
        Some(row) => Ok(row.try_get(0)?),
        None => Ok(0),
    }
}

fn of_address(query: &LoginQuery) -> Result<Vec<Condition>, CacheError> {
    let mut conditions = Vec::new();
    if !query.address.trim().is_empty() {
        let within = address_key::within(&query.address);
        conditions.push(within.ok_or_else(|| CacheError::BadRange(query.address.trim().to_owned()))?);
    }
    conditions.extend(query.country.as_deref().map(of_country));
    conditions.extend(query.network_kind.as_deref().map(|kind| match kind {
        "public" => Condition::sql("ip.network_kind IS NULL AND ip.key <> x''"),
        "hosting" => Condition::sql("ip.hosting = 1"),
        kind => Condition::sql("ip.network_kind = ").text(kind),
    }));
    Ok(conditions)
}

/// The condition on the country of an address.
pub(super) fn of_country(country: &str) -> Condition {
    if country == tally::UNKNOWN {
        Condition::sql("ip.country IS NULL")
    } else {
        Condition::sql("ip.country = ").text(country)
    }
}

fn of_agent(query: &LoginQuery) -> Vec<Condition> {
    let family = |column: &str, wanted: &str| {
        // `Chrome` is `Chrome 131` too, and not `Chrome Mobile`: what follows a family is a number.
        Condition::sql(format!("{column} = "))
            .text(wanted)
            .then(format!(" OR {column} BETWEEN "))
            .text(&format!("{wanted} 0"))
            .then(" AND ")
            .text(&format!("{wanted} 9\u{10ffff}"))
    };
    let mut conditions = Vec::new();
    conditions.extend(query.device_type.as_deref().map(|kind| Condition::sql("agent.device_type = ").text(kind)));
    conditions.extend(query.browser.as_deref().map(|wanted| family("agent.browser", wanted)));
    conditions.extend(query.os.as_deref().map(|wanted| family("agent.os", wanted)));
    conditions
}

fn of_session(query: &LoginQuery) -> Vec<Condition> {
    let mut conditions = Vec::new();
    if let Some(outcome) = &query.outcome {
        conditions.push(Condition::sql("session.outcome = ").text(outcome));
        if outcome != "allowed" {
            // In the words of the partial index, so that SQLite sees that it may be used.
            conditions.push(Condition::sql("session.outcome <> 'allowed'"));
        }
    }
    if let Some(reason) = &query.end_reason {
        conditions.push(Condition::sql("session.end_reason = ").text(reason));
        if !["logout", "expired"].contains(&reason.as_str()) {
            conditions.push(Condition::sql("session.end_reason NOT IN ('logout', 'expired')"));
        }
    }
    if query.running {
        conditions.push(Condition::sql("session.ended_at IS NULL"));
    }
    conditions.extend(query.from.map(|from| Condition::sql("session.started_at >= ").number(from.ms())));
    conditions.extend(query.until.map(|until| Condition::sql("session.started_at < ").number(until.ms())));
    conditions
}

/// The part of the query that the lists of the log have in common.
pub(super) fn log_query(query: &LoginQuery) -> LogQuery {
    LogQuery {
        contact_id: query.contact_id,
        device_id: query.device_id,
        search: query.search.clone(),
        unviewed: false,
        page: PageRequest { count: false, ..query.page.clone() },
    }
}

/// One page of the logins that the query asks for.
pub(super) async fn list(connection: &mut SqliteConnection, query: &LoginQuery) -> Result<Page<Session>, CacheError> {
    let Wanted { of_session, of_terms, few, joined } = wanted(connection, query).await?;
    let asked = if joined { sessions::FROM } else { sessions::ALONE };
    sessions::list_where(connection, &log_query(query), &[of_session, of_terms].concat(), asked, few).await
}

impl Cache {
    /// Logins of the whole school, one page.
    ///
    /// # Errors
    /// [`CacheError::BadRange`] for an address that is none; [`CacheError::BadPlace`] for an `after` of another
    /// question; those of the database.
    pub async fn logins(&self, query: &LoginQuery) -> Result<Page<Session>, CacheError> {
        list(&mut *self.reader().await?, query).await
    }
}
