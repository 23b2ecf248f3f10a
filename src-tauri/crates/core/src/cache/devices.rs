//! Devices, read: last seen first.

use hallmonitor_wire::Time;
use sqlx::SqliteConnection;

use super::{
    CacheError,
    apply::full_name,
    condition::Condition,
    contacts::{changed, extra, stands},
    log_list::LogList,
    own_devices,
    rows::Row,
    search::Fields,
    sessions::{agent, place},
};
use crate::model::{Device, LogQuery, Page, SchoolDevice};

const FIELDS: Fields = Fields {
    contact: "device.contact_id",
    ip: Some("device_place.ip_id"),
    agent: Some("device.agent_id"),
    rule: None,
    by_agent: &[],
    more: false,
    own: Some(("device.id IN (SELECT device_id FROM device_name WHERE instr(device_name.folded, ", ") > 0)")),
};

const FROM: &str = " FROM device \
    LEFT JOIN device_place ON device_place.device_id = device.id \
    LEFT JOIN ip ON ip.id = device_place.ip_id \
    LEFT JOIN agent ON agent.id = device.agent_id \
    LEFT JOIN contact ON contact.id = device.contact_id \
    WHERE 1";

/// One page of the devices that the query asks for. `count_ips` reads every session of each device.
pub(super) async fn list(
    connection: &mut SqliteConnection,
    query: &LogQuery,
    count_ips: bool,
) -> Result<Page<Device>, CacheError> {
    Ok(without_names(list_where(connection, query, count_ips, LAST_SEEN, &[], false).await?))
}

/// By what a list is sorted, and whether the smallest comes first.
pub(super) type Sorting = (&'static str, bool);

/// Last seen first.
pub(super) const LAST_SEEN: Sorting = ("device.last_seen_at", false);

/// A page without the names of the devices' contacts.
pub(super) fn without_names(Page { rows, next, total }: Page<SchoolDevice>) -> Page<Device> {
    Page { rows: rows.into_iter().map(|row| row.device).collect(), next, total }
}

/// One page of the devices that the query asks for and that meet the conditions; `few` says that these find few.
pub(super) async fn list_where(
    connection: &mut SqliteConnection,
    query: &LogQuery,
    count_ips: bool,
    (sort, ascending): Sorting,
    conditions: &[Condition],
    few: bool,
) -> Result<Page<SchoolDevice>, CacheError> {
    let ips = if count_ips { "(SELECT count(DISTINCT ip_id) FROM session WHERE device_id = device.id)" } else { "0" };
    let columns = format!(
        "device.id, {sort}, device.contact_id, device.fingerprint, device.first_seen_at, \
         device.effective_access, device.access_changed_at, device.access_changed_by, device.extra, device.rev, \
         ip.address, ip.country, ip.city, ip.network_kind, ip.organisation, agent.text, agent.browser, agent.os, agent.device_type, \
         (SELECT count(*) FROM session WHERE device_id = device.id), {ips}, \
         (SELECT count(DISTINCT contact_id) FROM device AS same \
             WHERE same.fingerprint = device.fingerprint AND same.contact_id <> device.contact_id), device.decision, device.last_seen_at, \
         contact.first_name, contact.last_name, contact.email"
    );
    let mut devices = LogList {
        columns: columns.into(),
        width: 27,
        from: FROM,
        from_alone: " FROM device WHERE 1",
        from_asked: " FROM device LEFT JOIN device_place ON device_place.device_id = device.id WHERE 1",
        table: "device",
        id: "device.id",
        time: sort,
        ascending,
        device: "device.id",
        fields: FIELDS,
        gathers: false,
        unviewed: None,
        conditions,
        few,
        read: |row| Ok(SchoolDevice { device: device(row)?, contact_name: contact_name(row, 24)? }),
    }
    .page(connection, query)
    .await?;
    own_devices::note_on(connection, devices.rows.iter_mut().map(|row| &mut row.device).collect()).await?;
    Ok(devices)
}

/// What a contact is called, from three columns side by side; empty where it is not here.
fn contact_name(row: Row<'_>, at: usize) -> Result<String, sqlx::Error> {
    let email: Option<&str> = row.get(at + 2)?;
    Ok(full_name(row.get(at)?, row.get(at + 1)?, email.unwrap_or_default()))
}

/// A device without what the owner noted of it, which lies elsewhere.
fn device(row: Row<'_>) -> Result<Device, sqlx::Error> {
    Ok(Device {
        id: row.get(0)?,
        last_seen_at: Time(row.get(23)?),
        contact_id: row.get(2)?,
        fingerprint: row.get(3)?,
        first_seen_at: Time(row.get(4)?),
        access: row.get(5)?,
        access_changed: changed(row, 6)?,
        extra: extra(row, 8)?,
        rev: row.get(9)?,
        last_ip: row.get(10)?,
        place: place(row, 11)?,
        user_agent: row.get::<Option<String>>(15)?.unwrap_or_default(),
        agent: agent(row, 16)?,
        sessions: row.get(19)?,
        ips: row.get(20)?,
        also_used_by: row.get(21)?,
        own_name: None,
        same_as: Vec::new(),
        pending: stands(row, 22, "pending")?,
        conflict: stands(row, 22, "conflict")?,
        rejected: stands(row, 22, "rejected")?,
    })
}
