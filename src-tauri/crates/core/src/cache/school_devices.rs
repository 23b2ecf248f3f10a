//! Every device of the school, read: with how many accounts know it, and whose it is.

use std::collections::HashMap;

use sqlx::{QueryBuilder, Row as _, SqliteConnection};

use super::{
    Cache, CacheError,
    apply::full_name,
    asked,
    bulk::id_list,
    condition::Condition,
    devices::{self, Sorting},
    tally::DAY_MS,
};
use crate::model::{Device, DeviceQuery, DeviceSort, LogQuery, Page, SchoolDevice};

/// Where the devices begin that other accounts know too: `device.shared_sort`.
const SHARED_FROM: i64 = 10_000_000_000_000_000;

fn sorting(sort: DeviceSort) -> Sorting {
    match sort {
        DeviceSort::Shared => ("device.shared_sort", false),
        DeviceSort::LastSeen => devices::LAST_SEEN,
        DeviceSort::Unused => ("device.last_seen_at", true),
    }
}

/// One page; `count_ips` reads every session of each device.
pub(super) async fn list(
    connection: &mut SqliteConnection,
    query: &DeviceQuery,
    count_ips: bool,
    now: i64,
) -> Result<Page<Device>, CacheError> {
    let mut conditions = Vec::new();
    if let Some(id) = query.device_id {
        conditions.push(Condition::sql("device.id = ").number(id));
    }
    if query.blocked {
        conditions.push(Condition::sql("device.effective_access = 'blocked'"));
    }
    if query.shared {
        conditions.push(Condition::sql(format!("device.shared_sort >= {SHARED_FROM}")));
    }
    if query.unused_days > 0 {
        let seen_before = now.saturating_sub(i64::from(query.unused_days) * DAY_MS);
        conditions.push(Condition::sql("device.last_seen_at < ").number(seen_before));
    }
    let log = LogQuery {
        contact_id: query.contact_id,
        search: query.search.clone(),
        page: query.page.clone(),
        ..LogQuery::default()
    };
    // Blocked ones are few, and have an index by the time they were last seen.
    let few =
        query.device_id.is_some() || query.blocked && query.sort == DeviceSort::Shared && query.contact_id.is_none();
    devices::list_where(connection, &log, count_ips, sorting(query.sort), &conditions, few).await
}

/// The devices with their contacts' names.
async fn with_names(connection: &mut SqliteConnection, devices: Vec<Device>) -> Result<Vec<SchoolDevice>, CacheError> {
    let mut contacts: HashMap<i64, String> = HashMap::new();
    let mut names = QueryBuilder::new(
        "SELECT id, first_name, last_name, email FROM contact WHERE id IN (SELECT value FROM json_each(",
    );
    names.push_bind(id_list(devices.iter().map(|device| device.contact_id))).push("))");
    for row in asked::rows(connection, names).await? {
        let (first, last): (Option<&str>, Option<&str>) = (row.try_get(1)?, row.try_get(2)?);
        contacts.insert(row.try_get(0)?, full_name(first, last, row.try_get(3)?));
    }
    let named = |device: Device| SchoolDevice {
        contact_name: contacts.get(&device.contact_id).cloned().unwrap_or_default(),
        device,
    };
    Ok(devices.into_iter().map(named).collect())
}

impl Cache {
    /// Devices of the whole school, one page; `now` (milliseconds) is what unused days are counted back from.
    ///
    /// # Errors
    /// As [`Cache::contacts`].
    pub async fn school_devices(&self, query: &DeviceQuery, now: i64) -> Result<Page<SchoolDevice>, CacheError> {
        let mut reader = self.reading().await?;
        let Page { rows, next, total } = list(&mut reader, query, false, now).await?;
        Ok(Page { rows: with_names(&mut reader, rows).await?, next, total })
    }
}
