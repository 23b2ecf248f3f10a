//! Every device of the school, read: with how many accounts know it, and whose it is.

use sqlx::SqliteConnection;

use super::{
    Cache, CacheError,
    condition::Condition,
    devices::{self, Sorting},
    tally::DAY_MS,
};
use crate::model::{DeviceQuery, DeviceSort, LogQuery, Page, SchoolDevice};

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
) -> Result<Page<SchoolDevice>, CacheError> {
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

impl Cache {
    /// Devices of the whole school, one page; `now` (milliseconds) is what unused days are counted back from.
    ///
    /// # Errors
    /// As [`Cache::contacts`].
    pub async fn school_devices(&self, query: &DeviceQuery, now: i64) -> Result<Page<SchoolDevice>, CacheError> {
        list(&mut *self.reader().await?, query, false, now).await
    }
}
