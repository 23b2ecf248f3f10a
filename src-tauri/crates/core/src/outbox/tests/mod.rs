//! The outbox's promises that need no network, on real encrypted files. Those that do are held by the project's tests
//! with a real school's server.

mod recording;
mod renewing;
mod sending;

use hallmonitor_wire::{ActionType, ActionValue, Changes};

use super::{OutboxError, entry, record};
use crate::{
    cache::{
        Cache,
        tests::{Mirror, contact, device, restriction},
    },
    model::{EntryState, OutboxEntry},
};

/// The moment of most decisions here.
const NOW: i64 = 1_790_000_000_000;

/// Two students with two devices and restrictions each, of the epoch `one`.
async fn mirror() -> Mirror {
    let mirror = Mirror::loaded(Changes {
        contacts: vec![contact(1, "Ann", 1), contact(2, "Bob", 2)],
        devices: vec![
            device(10, 1, "allowed", 3),
            device(11, 1, "allowed", 4),
            device(20, 2, "allowed", 5),
            device(21, 2, "blocked", 6),
        ],
        restrictions: vec![
            restriction(100, 1, "not_viewed", 7),
            restriction(101, 1, "not_viewed", 8),
            restriction(200, 2, "viewed", 9),
        ],
        ..Changes::default()
    })
    .await;
    mirror.cache.set_meta(|meta| meta.epoch = Some("one".to_owned())).await.expect("meta");
    mirror
}

async fn decide(cache: &Cache, kind: ActionType, ids: &[i64], value: ActionValue) -> Vec<OutboxEntry> {
    record(cache, kind, ids, value, NOW).await.expect("recorded")
}

async fn block(cache: &Cache, ids: &[i64]) -> Vec<OutboxEntry> {
    decide(cache, ActionType::DeviceAccess, ids, ActionValue::Blocked).await
}

async fn allow(cache: &Cache, ids: &[i64]) -> Vec<OutboxEntry> {
    decide(cache, ActionType::DeviceAccess, ids, ActionValue::Allowed).await
}

/// What the outbox holds: targets, values and states.
async fn standing(cache: &Cache) -> Vec<(i64, String, EntryState)> {
    let entries = cache.outbox().await.expect("outbox");
    entries.into_iter().map(|entry| (entry.target_id, entry.value, entry.state)).collect()
}

/// Does something to the outbox's table itself.
async fn alter(cache: &Cache, sql: &'static str) {
    sqlx::raw_sql(sql).execute(&mut *cache.writer().await).await.expect("altered");
}
