//! Restrictions, read: newest first.

use hallmonitor_wire::{Rule, Time};
use sqlx::SqliteConnection;

use super::{
    CacheError,
    condition::Condition,
    contacts::{changed, extra, stands},
    log_list::LogList,
    rows::Row,
    search::Fields,
    sessions::{agent, place},
};
use crate::model::{LogQuery, Page, Restriction};

pub(super) const FIELDS: Fields = Fields {
    contact: "restriction.contact_id",
    ip: Some("restriction.ip_id"),
    agent: Some(
        "coalesce( \
            (SELECT login.agent_id FROM session AS login WHERE login.id = restriction.session_id), \
            (SELECT used.agent_id FROM device AS used WHERE used.id = restriction.device_id) \
        )",
    ),
    rule: Some("restriction.rule_id"),
    by_agent: &[
        ("restriction.session_id IN (SELECT login.id FROM session AS login WHERE login.agent_id IN ", ")"),
        (
            "(restriction.device_id IN (SELECT used.id FROM device AS used WHERE used.agent_id IN ",
            ") AND NOT EXISTS (SELECT 1 FROM session AS login WHERE login.id = restriction.session_id))",
        ),
    ],
    more: false,
    own: None,
};

const COLUMNS: &str = "restriction.id, {sort}, restriction.contact_id, restriction.session_id, \
    restriction.device_id, rule.code, rule.text, restriction.rule_limit, restriction.observed, \
    restriction.action, restriction.effective_status, restriction.status_changed_at, restriction.status_changed_by, \
    restriction.extra, restriction.rev, restriction.only_here, \
    ip.address, ip.country, ip.city, ip.network_kind, ip.organisation, agent.browser, agent.os, agent.device_type, \
    restriction.decision, restriction.occurred_at, \
    (SELECT name FROM device_name WHERE device_name.device_id = restriction.device_id)";

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
    list_where(connection, query, "restriction.occurred_at", &[], false).await
}

/// One page of the restrictions that the query asks for and that meet the conditions, largest `sort` first; `few` says
/// that these find few.
pub(super) async fn list_where(
    connection: &mut SqliteConnection,
    query: &LogQuery,
    sort: &'static str,
    conditions: &[Condition],
    few: bool,
) -> Result<Page<Restriction>, CacheError> {
    LogList {
        columns: COLUMNS.replace("{sort}", sort).into(),
        width: 27,
        from: FROM,
        from_alone: " FROM restriction WHERE 1",
        from_asked: " FROM restriction WHERE 1",
        table: "restriction",
        id: "restriction.id",
        time: sort,
        ascending: false,
        device: "restriction.device_id",
        fields: FIELDS,
        gathers: true,
        unviewed: Some("restriction.effective_status = 'not_viewed'"),
        conditions,
        few,
        read: restriction,
    }
    .page(connection, query)
    .await
}

fn restriction(row: Row<'_>) -> Result<Restriction, sqlx::Error> {
    Ok(Restriction {
        id: row.get(0)?,
        occurred_at: Time(row.get(25)?),
        contact_id: row.get(2)?,
        session_id: row.get(3)?,
        device_id: row.get(4)?,
        rule: Rule {
            code: row.get::<Option<String>>(5)?.unwrap_or_default(),
            text: row.get::<Option<String>>(6)?.unwrap_or_default(),
            limit: row.get(7)?,
            observed: row.get(8)?,
        },
        action: row.get(9)?,
        status: row.get(10)?,
        status_changed: changed(row, 11)?,
        extra: extra(row, 13)?,
        rev: row.get(14)?,
        only_here: row.get(15)?,
        ip: row.get(16)?,
        place: place(row, 17)?,
        agent: agent(row, 21)?,
        own_name: row.get(26)?,
        pending: stands(row, 24, "pending")?,
        conflict: stands(row, 24, "conflict")?,
        rejected: stands(row, 24, "rejected")?,
    })
}
