//! The cache's promises, on real encrypted files.

mod card;
mod files;
mod finding;
mod insights;
mod keeping;
mod lists;
mod logins;
mod placing;
mod review;
mod rules;
mod searching;
mod unreadable;
mod views;
mod would_flag;

use hallmonitor_wire::{Changes, Contact, Deleted, Device, Restriction, Session};
use serde_json::json;
use tempfile::TempDir;

use super::{Applied, Applier, Batch, Cache};
use crate::vault::CacheKey;

/// A cache in a folder of its own.
pub(crate) struct Mirror {
    pub(crate) folder: TempDir,
    pub(crate) key: CacheKey,
    pub(crate) cache: Cache,
    applier: Applier,
}

impl Mirror {
    pub(crate) async fn new() -> Self {
        let folder = TempDir::new().expect("folder");
        let key = CacheKey::random().expect("key");
        let cache = Cache::create(&folder.path().join("cache.db"), &key).await.expect("cache");
        Self { folder, key, cache, applier: Applier::default() }
    }

    /// A cache whose first load is over.
    pub(crate) async fn loaded(changes: Changes) -> Self {
        let mut mirror = Self::new().await;
        mirror.apply(changes).await;
        mirror.cache.end_run().await.expect("end of run");
        mirror
    }

    pub(crate) async fn apply(&mut self, changes: Changes) -> Applied {
        let batch = Batch { changes: vec![changes], unreadable: Vec::new(), cursor: "c".to_owned() };
        self.applier.apply(&self.cache, batch, 0).await.expect("applied")
    }

    pub(crate) async fn count(&self, table: &'static str) -> i64 {
        let mut reader = self.cache.reader().await.expect("reader");
        sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}")))
            .fetch_one(&mut *reader)
            .await
            .expect("count")
    }
}

pub(crate) fn contact(id: i64, name: &str, rev: i64) -> Contact {
    serde_json::from_value(json!({
        "id": id, "email": format!("c{id}@mail.example"), "first_name": name, "last_name": null, "phone": null,
        "created_at": "2026-01-01T00:00:00Z", "tags": [], "last_activity_at": null, "rev": rev,
    }))
    .expect("contact")
}

pub(crate) fn device(id: i64, contact: i64, access: &str, rev: i64) -> Device {
    serde_json::from_value(json!({
        "id": id, "contact_id": contact, "fingerprint": format!("f{id}"), "user_agent": CHROME,
        "first_seen_at": "2026-01-01T00:00:00Z", "last_seen_at": "2026-02-01T00:00:00Z", "access": access, "rev": rev,
    }))
    .expect("device")
}

pub(crate) fn session(id: i64, contact: i64, device: Option<i64>, ip: &str, rev: i64) -> Session {
    serde_json::from_value(json!({
        "id": id, "contact_id": contact, "device_id": device, "ip": ip, "user_agent": CHROME,
        "started_at": format!("2026-01-01T00:00:{:02}Z", id % 60), "last_activity_at": "2026-01-01T01:00:00Z",
        "outcome": "allowed", "rev": rev,
    }))
    .expect("session")
}

pub(crate) fn restriction(id: i64, contact: i64, status: &str, rev: i64) -> Restriction {
    serde_json::from_value(json!({
        "id": id, "contact_id": contact, "session_id": null, "device_id": null,
        "occurred_at": "2026-01-01T00:00:00Z",
        "rule": {"code": "device_limit", "text": "Too many devices", "limit": 5, "observed": 6}, "ip": "91.198.36.2",
        "action": "login_denied", "status": status, "rev": rev,
    }))
    .expect("restriction")
}

pub(crate) fn grave(kind: &str, id: i64, rev: i64, reason: &str) -> Deleted {
    serde_json::from_value(json!({"type": kind, "id": id, "rev": rev, "reason": reason})).expect("tombstone")
}

const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
    Chrome/131.0.0.0 Safari/537.36";
