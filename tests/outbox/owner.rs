//! The owner at their computer: the real core with a real profile, which reaches the school through the fault layer.

use std::sync::{Arc, Mutex};

use hallmonitor_core::{
    App, Connection, Error, School, Synced, Urgency,
    model::{EntryState, LogQuery, OutboxEntry, SyncPhase},
    school::Limits,
    vault::{CabinetHash, Passphrase, Token},
};
use hallmonitor_tests::{Faults, Filled, TestSchool, school};
use hallmonitor_wire::{ActionType, ActionValue};
use serde_json::Value;
use tempfile::TempDir;
use uuid::Uuid;

use crate::{
    administrator::Administrator,
    ledger,
    website::{Student, Website},
};

pub(crate) use hallmonitor_wire::{
    ActionType::{ContactChecks, DeviceAccess, RestrictionStatus},
    ActionValue::{Allowed, Blocked, NotViewed, Off, On, Viewed},
};

const PASSPHRASE: &str = "correct horse battery staple";

/// A school, the way to it, and its owner.
pub(crate) struct Owner {
    pub(crate) school: TestSchool,
    pub(crate) website: Website,
    pub(crate) faults: Faults,
    pub(crate) core: School,
    pub(crate) app: App,
    pub(crate) other: Administrator,
    _folder: TempDir,
}

/// A school with one student, and its owner, who has read everything.
pub(crate) async fn owner_of_one() -> (Owner, Student) {
    let owner = Owner::new().await;
    let student = owner.website.student("anna").await;
    owner.sync().await.expect("read");
    (owner, student)
}

impl Owner {
    /// The owner of an empty school, connected through the fault layer.
    pub(crate) async fn new() -> Self {
        Self::of(school(Filled::Empty).await, Limits::default()).await
    }

    /// The owner of a school, connected through the fault layer; `limits` are those of the core's client.
    pub(crate) async fn of(school: TestSchool, limits: Limits) -> Self {
        ledger::begin(&school).await;
        let website = Website::of(&school);
        website.block_addresses().await;
        let other = Administrator::of(&school).await;
        let faults = Faults::before(&school).await;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let app = App::new(folder.path().join("data")).with_limits(limits);
        connect(&app, &faults, &school.cabinet, &school.token).await;
        let core = app.open(None, Some(passphrase())).await.expect("opened");
        faults.forget();
        Self { school, website, faults, core, app, other, _folder: folder }
    }

    /// An exchange that the owner has asked for.
    pub(crate) async fn sync(&self) -> Result<Synced, Error> {
        self.core.sync(Urgency::Now, |_| {}).await
    }

    /// The same, and what it said meanwhile.
    pub(crate) async fn sync_and_hear(&self) -> (Result<Synced, Error>, Vec<SyncPhase>) {
        let said = Arc::new(Mutex::new(Vec::new()));
        let telling = Arc::clone(&said);
        let told = move |phase| telling.lock().expect("nobody panics while holding it").push(phase);
        let synced = self.core.sync(Urgency::Now, told).await;
        let said = said.lock().expect("nobody panics while holding it").clone();
        (synced, said)
    }

    /// Decides one thing; there must be an entry of it.
    pub(crate) async fn decide(&self, kind: ActionType, id: i64, value: ActionValue) -> Uuid {
        let made = self.core.decide(kind, &[id], value).await.expect("recorded");
        assert_eq!(made.len(), 1, "{made:?}");
        made[0].id
    }

    /// Everything that the server has not confirmed.
    pub(crate) async fn outbox(&self) -> Vec<OutboxEntry> {
        self.core.outbox().await.expect("the outbox can be read")
    }

    /// The only entry.
    pub(crate) async fn entry(&self) -> OutboxEntry {
        let mut entries = self.outbox().await;
        assert_eq!(entries.len(), 1, "{entries:?}");
        entries.remove(0)
    }

    /// The states of all entries.
    pub(crate) async fn states(&self) -> Vec<EntryState> {
        self.outbox().await.iter().map(|entry| entry.state).collect()
    }

    /// The device as the owner sees it, as JSON.
    pub(crate) async fn device(&self, id: i64) -> Value {
        let all = self.core.devices(&LogQuery::default()).await.expect("devices");
        let device = all.rows.iter().find(|device| device.id == id).expect("the device is here");
        serde_json::to_value(device).expect("JSON")
    }

    /// The ids of the actions of each request that left, in their order.
    pub(crate) fn sent(&self) -> Vec<Vec<String>> {
        let ids = |body: &Value| {
            let actions = body["actions"].as_array().expect("actions").iter();
            actions.map(|action| action["id"].as_str().expect("an id").to_owned()).collect()
        };
        self.faults.seen_at(hallmonitor_tests::Place::Actions).iter().map(|seen| ids(&seen.body)).collect()
    }

    /// The values that the owner gave to a target at the school.
    pub(crate) async fn effects(&self, kind: ActionType, target: i64) -> Vec<String> {
        ledger::changes_by(&self.school, "Owner", kind.as_str(), target).await
    }

    /// What another administrator does at the school; gives the result.
    pub(crate) async fn other_decides(&self, kind: ActionType, id: i64, value: ActionValue) -> String {
        self.other.decides(kind, id, value).await
    }
}

/// Connects a profile, or gives it a new token.
pub(crate) async fn connect(app: &App, faults: &Faults, cabinet: &str, token: &str) {
    let connection = Connection {
        server: faults.url(),
        cabinet: CabinetHash::new(cabinet).expect("a cabinet's hash"),
        token: Token::new(token).expect("a token"),
        name: None,
        passphrase: Some(passphrase()),
    };
    app.connect(connection).await.expect("connected");
}

pub(crate) fn passphrase() -> Passphrase {
    Passphrase::new(PASSPHRASE.to_owned()).expect("a passphrase")
}
