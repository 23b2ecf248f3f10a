//! What several tests do first.

use hallmonitor_school::Limits;
use hallmonitor_tests::{Desktop, Filled, TestSchool, school_in};
use serde_json::{Value, json};

use crate::item::Item;

const CHROME: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

/// What the program's log says at the end of each turn, when what the one before brought was told.
pub(crate) const TURN: &str = "a turn has ended";

/// An address that the school refuses.
const BLOCKED: &str = "10.9.9.9";

/// A school that refuses logins from one address, with one student.
pub(crate) struct Class {
    pub(crate) school: TestSchool,
    /// The student's id.
    pub(crate) ada: i64,
}

impl Class {
    /// One whose school waits to be asked: the test says when a turn is.
    pub(crate) async fn new() -> Self {
        Self::of(Limits { nudges: false, ..Limits::default() }).await
    }

    /// One whose school tells of changes as they happen.
    pub(crate) async fn that_tells() -> Self {
        Self::of(Limits::default()).await
    }

    async fn of(limits: Limits) -> Self {
        let school = school_in(tempfile::tempdir().expect("a folder"), Filled::Empty, limits).await;
        let ada = json!({ "email": "ada@school.example", "first_name": "Ada", "last_name": "Byron" });
        let ada = school.tells("contacts", &ada).await["data"]["id"].as_i64().expect("an id");
        let class = Self { school, ada };
        class.blocks_an_address().await;
        class
    }

    async fn blocks_an_address(&self) {
        let answer = reqwest::Client::new()
            .put(format!("{}/site/access-control", self.school.url()))
            .header("Token", &self.school.site_token)
            .header("Cabinet-Hash", &self.school.cabinet)
            .json(&json!({ "ip_mode": "block_listed", "ip_ranges": [BLOCKED] }))
            .send()
            .await
            .expect("the school answers");
        assert!(answer.status().is_success(), "{answer:?}");
    }

    /// Ada tries to log in from the address that is refused, so many times.
    pub(crate) async fn violates(&self, times: usize) {
        for _ in 0..times {
            let login: Value = self
                .school
                .tells("logins", &json!({ "contact_id": self.ada, "ip": BLOCKED, "user_agent": CHROME }))
                .await;
            assert_eq!(login["data"]["outcome"], "denied", "{login}");
        }
    }
}

/// A desktop with a tray and notifications, connected and synced; the program does not run yet.
pub(crate) async fn synced(class: &Class) -> Desktop {
    let mut desktop = Desktop::start().await;
    desktop.with_panel(false).await;
    desktop.with_notifications().await;
    desktop.connect(&class.school).await;
    desktop.cli(&class.school, &["sync"]).await;
    desktop
}

/// A desktop with a tray and notifications, connected and synced, and the program in the tray.
pub(crate) async fn in_the_tray(class: &Class) -> (Desktop, Item) {
    in_the_tray_with(class, &json!({})).await
}

/// The same with these settings.
pub(crate) async fn in_the_tray_with(class: &Class, settings: &Value) -> (Desktop, Item) {
    let mut desktop = synced(class).await;
    std::fs::write(desktop.data_dir().join("settings.json"), settings.to_string()).expect("our own file");
    desktop.starts(&["--hidden"]);
    let item = Item::of(&desktop).await;
    desktop.logs(TURN).await;
    (desktop, item)
}
