//! What is behind a finding, in words that a person knows: where its logins came from, and what its contacts are called.

use sqlx::{Row as _, SqliteConnection, sqlite::SqliteRow};

use super::{
    CacheError,
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
    let rows = sqlx::query(
        "SELECT session.id, ip.address, ip.country, ip.city, ip.network_kind, ip.organisation, agent.browser, \
             agent.os, agent.device_type \
         FROM session \
         CROSS JOIN ip ON ip.id = session.ip_id \
         CROSS JOIN agent ON agent.id = session.agent_id \
         WHERE session.id IN (SELECT value FROM json_each($1)) \
         ORDER BY session.id",
    )
    .bind(id_list(ids))
    .fetch_all(connection)
    .await?;
    let login = |row: &SqliteRow| {
        Ok(SeenLogin { id: row.try_get(0)?, ip: row.try_get(1)?, place: place(row, 2)?, agent: agent(row, 6)? })
    };
    Ok(rows.iter().map(login).collect::<Result<_, sqlx::Error>>()?)
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
