//! Logins, read: newest first.

use hallmonitor_wire::Time;
use sqlx::SqliteConnection;

use super::{CacheError, condition::Condition, contacts::extra, log_list::LogList, rows::Row, search::Fields};
use crate::model::{Agent, LogQuery, Page, Place, Session};

const COLUMNS: &str = "session.id, session.started_at, session.contact_id, session.device_id, session.last_activity_at, \
    session.ended_at, session.end_reason, session.outcome, session.extra, session.rev, session.only_here, \
    ip.address, ip.country, ip.city, ip.network_kind, ip.organisation, agent.text, agent.browser, agent.os, agent.device_type, \
    (SELECT name FROM device_name WHERE device_name.device_id = session.device_id)";

/// The table by itself.
pub(super) const ALONE: &str = " FROM session WHERE 1";

/// `CROSS JOIN` keeps SQLite from beginning with the small tables.
pub(super) const FROM: &str = " FROM session \
    CROSS JOIN ip ON ip.id = session.ip_id \
    CROSS JOIN agent ON agent.id = session.agent_id \
    WHERE 1";

/// The same without the agent, of which counting by country needs nothing.
pub(super) const FROM_IP: &str = " FROM session CROSS JOIN ip ON ip.id = session.ip_id WHERE 1";

pub(super) const FIELDS: Fields = Fields {
    contact: "session.contact_id",
    ip: Some("session.ip_id"),
    agent: Some("session.agent_id"),
    rule: None,
    by_agent: &[],
    more: false,
    own: None,
};

/// One page of the sessions that the query asks for.
pub(super) async fn list(connection: &mut SqliteConnection, query: &LogQuery) -> Result<Page<Session>, CacheError> {
    list_where(connection, query, &[], ALONE, false).await
}

/// One page of the sessions that the query asks for and that meet the conditions, which refer to `asked`; `few` says
/// that these find few.
pub(super) async fn list_where(
    connection: &mut SqliteConnection,
    query: &LogQuery,
    conditions: &[Condition],
    asked: &'static str,
    few: bool,
) -> Result<Page<Session>, CacheError> {
    LogList {
        columns: COLUMNS.into(),
        width: 21,
        from: FROM,
        from_alone: ALONE,
        from_asked: asked,
        table: "session",
        id: "session.id",
        time: "session.started_at",
        ascending: false,
        device: "session.device_id",
        fields: FIELDS,
        gathers: true,
        unviewed: None,
        conditions,
        few,
        read: session,
    }
    .page(connection, query)
    .await
}

/// How many of a contact's sessions stand before this one, newest first; `None` where the contact has no such session.
pub(super) async fn position(
    connection: &mut SqliteConnection,
    contact_id: i64,
    id: i64,
) -> Result<Option<i64>, CacheError> {
    let position = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM session AS newer \
             WHERE newer.contact_id = this.contact_id \
                 AND (newer.started_at, newer.id) > (this.started_at, this.id)) \
         FROM session AS this \
         WHERE this.id = $1 AND this.contact_id = $2",
    );
    Ok(position.bind(id).bind(contact_id).fetch_optional(connection).await?)
}

fn session(row: Row<'_>) -> Result<Session, sqlx::Error> {
    Ok(Session {
        id: row.get(0)?,
        started_at: Time(row.get(1)?),
        contact_id: row.get(2)?,
        device_id: row.get(3)?,
        last_activity_at: Time(row.get(4)?),
        ended_at: row.get::<Option<i64>>(5)?.map(Time),
        end_reason: row.get(6)?,
        outcome: row.get(7)?,
        extra: extra(row, 8)?,
        rev: row.get(9)?,
        only_here: row.get(10)?,
        ip: row.get(11)?,
        place: place(row, 12)?,
        user_agent: row.get(16)?,
        agent: agent(row, 17)?,
        own_name: row.get(20)?,
    })
}

/// Country, city, kind and owner of the network, from four columns side by side.
pub(super) fn place(row: Row<'_>, at: usize) -> Result<Place, sqlx::Error> {
    Ok(Place {
        country: row.get(at)?,
        city: row.get(at + 1)?,
        network_kind: row.get(at + 2)?,
        network: row.get(at + 3)?,
    })
}

/// Browser, system and device type, from three columns side by side; all empty where there is no agent.
pub(super) fn agent(row: Row<'_>, at: usize) -> Result<Agent, sqlx::Error> {
    let device_type: Option<String> = row.get(at + 2)?;
    Ok(Agent {
        browser: row.get(at)?,
        os: row.get(at + 1)?,
        device_type: device_type.unwrap_or_else(|| "unknown".to_owned()),
    })
}
