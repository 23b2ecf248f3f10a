//! A real school server on a free port.

use std::net::SocketAddr;

use hallmonitor_school::{Limits, Running, School, Scope, seed, world::Plan};
use tempfile::TempDir;

/// Where the seeded histories end: tests never depend on the day they run on.
const UNTIL_MS: i64 = 1_760_000_000_000;

/// How much history a school has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filled {
    /// Nobody.
    Empty,
    /// Students and logins, by number.
    With {
        /// Students.
        contacts: u64,
        /// Logins in all.
        sessions: u64,
    },
}

/// A running school. Dropped, it stops and its database is removed.
#[derive(Debug)]
pub struct TestSchool {
    /// What can be done with it beside its server.
    pub school: School,
    /// The owner's token for the School server API.
    pub token: String,
    /// The token of the school's website.
    pub site_token: String,
    /// Which cabinet it is.
    pub cabinet: String,
    address: SocketAddr,
    running: Option<Running>,
    _folder: TempDir,
}

/// Starts a school.
///
/// # Panics
/// Where it does not start.
pub async fn school(filled: Filled) -> TestSchool {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let database = format!("sqlite:{}", folder.path().join("school.db").display());
    let school = School::open(&database).await.expect("a new database opens");
    if let Filled::With { contacts, sessions } = filled {
        let plan = Plan { contacts, sessions, seed: 1, until: UNTIL_MS };
        seed::seed(&school, plan).await.expect("a new database takes a history");
    }
    let owner = school.create_token(Scope::Admin, Some("Owner")).await.expect("a token is made");
    let site = school.create_token(Scope::Site, Some("Website")).await.expect("a token is made");
    let running = school.serve("127.0.0.1:0", Limits::default()).await.expect("a port is free");
    TestSchool {
        token: owner.token.reveal().to_owned(),
        site_token: site.token.reveal().to_owned(),
        cabinet: owner.cabinet_hash,
        address: running.address(),
        running: Some(running),
        school,
        _folder: folder,
    }
}

impl TestSchool {
    /// Where it listens, or did.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What the school's website tells it: posts to the Site API.
    ///
    /// # Panics
    /// Where the server refuses.
    pub async fn tells(&self, what: &str, body: &serde_json::Value) -> serde_json::Value {
        let answer = reqwest::Client::new()
            .post(format!("{}/site/{what}", self.url()))
            .header("Token", &self.site_token)
            .header("Cabinet-Hash", &self.cabinet)
            .json(body)
            .send()
            .await
            .expect("the school answers");
        let status = answer.status();
        let said = answer.text().await.expect("a whole answer");
        assert!(status.is_success(), "{what}: {status}: {said}");
        serde_json::from_str(&said).expect("JSON")
    }

    /// Pulls the plug: nothing listens on the port any more.
    ///
    /// # Panics
    /// Where the server had failed before.
    pub async fn unplug(&mut self) {
        if let Some(running) = self.running.take() {
            running.shutdown().await.expect("it ran until now");
        }
    }

    /// Puts the plug back in, on the same port.
    ///
    /// # Panics
    /// Where somebody took the port meanwhile.
    pub async fn plug_in(&mut self) {
        let running = self.school.serve(&self.address.to_string(), Limits::default()).await;
        self.running = Some(running.expect("the port is still free"));
    }
}
