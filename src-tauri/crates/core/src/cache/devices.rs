//! Devices, read: last seen first.

use hallmonitor_wire::Time;
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection, sqlite::SqliteRow};

use super::{
    CacheError,
    contacts::{changed, extra},
    place_in_list::{Order, page},
    search::{Fields, Search},
    sessions::{agent, place},
};
use crate::model::{Device, LogQuery, Page};

const FIELDS: Fields = Fields {
    contact: "device.contact_id",
    ip: Some("device_place.ip_id"),
    agent: Some("device.agent_id"),
    rule: None,
    more: false,
};

const FROM: &str = " FROM device \
    LEFT JOIN device_place ON device_place.device_id = device.id \
    LEFT JOIN ip ON ip.id = device_place.ip_id \
    LEFT JOIN agent ON agent.id = device.agent_id \
    WHERE 1";

/// One page of the devices that the query asks for. `count_ips` reads every session of each device.
pub(super) async fn list(
    connection: &mut SqliteConnection,
    query: &LogQuery,
    count_ips: bool,
) -> Result<Page<Device>, CacheError> {
    let search = Search::plan(connection, &query.search, FIELDS).await?;
    let order = Order { column: "device.last_seen_at", id: "device.id", ascending: false, sorted: false };
    let mut sql = QueryBuilder::new(
        "SELECT device.id, device.last_seen_at, device.contact_id, device.fingerprint, device.first_seen_at, \
         device.access, device.access_changed_at, device.access_changed_by, device.extra, device.rev, \
         ip.address, ip.country, ip.city, ip.network_kind, agent.text, agent.browser, agent.os, agent.device_type, \
         (SELECT count(*) FROM session WHERE device_id = device.id), ",
    );
    sql.push(if count_ips { "(SELECT count(DISTINCT ip_id) FROM session WHERE device_id = device.id)" } else { "0" });
    sql.push(
        ", (SELECT count(DISTINCT contact_id) FROM device AS same \
            WHERE same.fingerprint = device.fingerprint AND same.contact_id <> device.contact_id)",
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
        .map(|row| Ok((row.try_get(0)?, row.try_get::<i64, _>(1)?, device(row)?)))
        .collect::<Result<Vec<_>, sqlx::Error>>()?;
    let total = if query.page.count { Some(count(connection, query, &search).await?) } else { None };
    Ok(page(rows, &query.page, total))
}

fn push_filters(sql: &mut QueryBuilder<Sqlite>, query: &LogQuery, search: &Search) {
    if let Some(contact) = query.contact_id {
        sql.push(" AND device.contact_id = ").push_bind(contact);
    }
    if let Some(device) = query.device_id {
        sql.push(" AND device.id = ").push_bind(device);
    }
    search.push(sql, FIELDS);
}

async fn count(connection: &mut SqliteConnection, query: &LogQuery, search: &Search) -> Result<i64, CacheError> {
    let mut sql = QueryBuilder::new(if search.is_empty() {
        "SELECT count(*) FROM device WHERE 1".to_owned()
    } else {
        format!("SELECT count(*){FROM}")
    });
    push_filters(&mut sql, query, search);
    Ok(sql.build_query_scalar().fetch_one(connection).await?)
}

fn device(row: &SqliteRow) -> Result<Device, sqlx::Error> {
    Ok(Device {
        id: row.try_get(0)?,
        last_seen_at: Time(row.try_get(1)?),
        contact_id: row.try_get(2)?,
        fingerprint: row.try_get(3)?,
        first_seen_at: Time(row.try_get(4)?),
        access: row.try_get(5)?,
        access_changed: changed(row, 6)?,
        extra: extra(row, 8)?,
        rev: row.try_get(9)?,
        last_ip: row.try_get(10)?,
        place: place(row, 11)?,
        user_agent: row.try_get::<Option<String>, _>(14)?.unwrap_or_default(),
        agent: agent(row, 15)?,
        sessions: row.try_get(18)?,
        ips: row.try_get(19)?,
        also_used_by: row.try_get(20)?,
    })
}
