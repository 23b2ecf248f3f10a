//! Restrictions, read: newest first.

use hallmonitor_wire::{Rule, Time};
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection, sqlite::SqliteRow};

use super::{
    CacheError,
    contacts::{changed, extra},
    place_in_list::{Order, page},
    search::{Fields, Search},
    sessions::{agent, place},
};
use crate::model::{LogQuery, Page, Restriction};

const FIELDS: Fields = Fields {
    contact: "restriction.contact_id",
    ip: Some("restriction.ip_id"),
    agent: None,
    rule: Some("restriction.rule_id"),
    more: false,
};

/// Browser and system are the login's; where that is not here, the device's.
const FROM: &str = " FROM restriction \
    LEFT JOIN rule ON rule.id = restriction.rule_id \
    LEFT JOIN ip ON ip.id = restriction.ip_id \
    LEFT JOIN session ON session.id = restriction.session_id \
    LEFT JOIN device ON device.id = restriction.device_id \
    LEFT JOIN agent ON agent.id = coalesce(session.agent_id, device.agent_id) \
    WHERE 1";

/// One page of the restrictions that the query asks for.
pub(super) async fn list(connection: &mut SqliteConnection, query: &LogQuery) -> Result<Page<Restriction>, CacheError> {
    let search = Search::plan(connection, &query.search, FIELDS).await?;
    let order = Order {
        column: "restriction.occurred_at",
        id: "restriction.id",
        ascending: false,
        sorted: search.gathers() && query.contact_id.is_none() && query.device_id.is_none(),
    };
    let mut sql = QueryBuilder::new(
        "SELECT restriction.id, restriction.occurred_at, restriction.contact_id, restriction.session_id, \
         restriction.device_id, rule.code, rule.text, restriction.rule_limit, restriction.observed, \
         restriction.action, restriction.status, restriction.status_changed_at, restriction.status_changed_by, \
         restriction.extra, restriction.rev, restriction.only_here, \
         ip.address, ip.country, ip.city, ip.network_kind, agent.browser, agent.os, agent.device_type",
    );
    sql.push(FROM);
    push_filters(&mut sql, query, &search);
    order.push_after::<i64>(&mut sql, query.page.after.as_deref())?;
    order.push_page(&mut sql, &query.page);
    let rows = sql
        .build()
        .fetch_all(&mut *connection)
        .await?
        .iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get::<i64, _>(1)?, restriction(row)?)))
        .collect::<Result<Vec<_>, sqlx::Error>>()?;
    let total = if query.page.count { Some(count(connection, query, &search).await?) } else { None };
    Ok(page(rows, &query.page, total))
}

fn push_filters(sql: &mut QueryBuilder<Sqlite>, query: &LogQuery, search: &Search) {
    if let Some(contact) = query.contact_id {
        sql.push(" AND restriction.contact_id = ").push_bind(contact);
    }
    if let Some(device) = query.device_id {
        sql.push(" AND restriction.device_id = ").push_bind(device);
    }
    if query.unviewed {
        sql.push(" AND restriction.status = 'not_viewed'");
    }
    search.push(sql, FIELDS);
}

async fn count(connection: &mut SqliteConnection, query: &LogQuery, search: &Search) -> Result<i64, CacheError> {
    let mut sql = QueryBuilder::new("SELECT count(*) FROM restriction WHERE 1");
    push_filters(&mut sql, query, search);
    Ok(sql.build_query_scalar().fetch_one(connection).await?)
}

fn restriction(row: &SqliteRow) -> Result<Restriction, sqlx::Error> {
    Ok(Restriction {
        id: row.try_get(0)?,
        occurred_at: Time(row.try_get(1)?),
        contact_id: row.try_get(2)?,
        session_id: row.try_get(3)?,
        device_id: row.try_get(4)?,
        rule: Rule {
            code: row.try_get::<Option<String>, _>(5)?.unwrap_or_default(),
            text: row.try_get::<Option<String>, _>(6)?.unwrap_or_default(),
            limit: row.try_get(7)?,
            observed: row.try_get(8)?,
        },
        action: row.try_get(9)?,
        status: row.try_get(10)?,
        status_changed: changed(row, 11)?,
        extra: extra(row, 13)?,
        rev: row.try_get(14)?,
        only_here: row.try_get(15)?,
        ip: row.try_get(16)?,
        place: place(row, 17)?,
        agent: agent(row, 20)?,
    })
}
