//! What is behind a finding, in words that a person knows: where its logins came from, and what its contacts are called.

use sqlx::{QueryBuilder, SqliteConnection};

use super::{
    CacheError, asked,
    bulk::id_list,
    sessions::{agent, place},
    views,
};
use crate::model::{Finding, SeenContact, SeenLogin};

/// The logins that findings were seen in, by id; those that are not here are left out.
pub(super) async fn logins(
    connection: &mut SqliteConnection,
    findings: &[Finding],
) -> Result<Vec<SeenLogin>, CacheError> {
    let ids = findings.iter().flat_map(|finding| &finding.rows).flat_map(|row| row.session_ids.iter().copied());
    let mut sql = QueryBuilder::new(
        "SELECT session.id, ip.address, ip.country, ip.city, ip.network_kind, ip.organisation, agent.browser, \
             agent.os, agent.device_type \
         FROM session \
         CROSS JOIN ip ON ip.id = session.ip_id \
         CROSS JOIN agent ON agent.id = session.agent_id \
         WHERE session.id IN (SELECT value FROM json_each(",
    );
    sql.push_bind(id_list(ids)).push(")) ORDER BY session.id");
    asked::page(connection, sql, 9)
        .await?
        .map(|row| Ok(SeenLogin { id: row.get(0)?, ip: row.get(1)?, place: place(row, 2)?, agent: agent(row, 6)? }))
}

/// The other contacts that findings were seen with, by id; those that are not here are left out.
pub(super) async fn contacts(
    connection: &mut SqliteConnection,
    findings: &[Finding],
) -> Result<Vec<SeenContact>, CacheError> {
    let ids = findings.iter().flat_map(|finding| &finding.rows).flat_map(|row| row.contact_ids.iter().copied());
    let names = views::names(connection, ids).await?;
    let mut contacts: Vec<_> = names.into_iter().map(|(id, name)| SeenContact { id, name }).collect();
    contacts.sort_by_key(|contact| contact.id);
    Ok(contacts)
}
