//! A real school server on a free port.

use std::{fs, net::SocketAddr, path::PathBuf};

use hallmonitor_school::{Limits, Running, School, Scope, seed, world::Plan};
use tempfile::TempDir;

use crate::port::Port;

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
    port: Port,
    limits: Limits,
    running: Option<Running>,
    folder: TempDir,
}

/// A state of a school that was put aside.
#[derive(Debug)]
pub struct Backup(PathBuf);

/// Starts a school.
///
/// # Panics
/// Where it does not start.
pub async fn school(filled: Filled) -> TestSchool {
    school_in(tempfile::tempdir().expect("a temporary folder"), filled, Limits::default()).await
}

/// Starts a school in a folder of the caller's choice.
///
/// # Panics
/// Where it does not start.
pub async fn school_in(folder: TempDir, filled: Filled, limits: Limits) -> TestSchool {
    let school = open(&folder).await;
    if let Filled::With { contacts, sessions } = filled {
        let plan = Plan { contacts, sessions, seed: 1, until: UNTIL_MS };
        seed::seed(&school, plan).await.expect("a new database takes a history");
        // What a server does first, beside whatever it is asked: it would end sessions of then behind the test's back.
        school.sweep().await.expect("the old sessions end");
    }
    let owner = school.create_token(Scope::Admin, Some("Owner")).await.expect("a token is made");
    let site = school.create_token(Scope::Site, Some("Website")).await.expect("a token is made");
    let port = Port::free();
    let running = school.serve(&port.address().to_string(), limits).await.expect("the port is this school's");
    TestSchool {
        token: owner.token.reveal().to_owned(),
        site_token: site.token.reveal().to_owned(),
        cabinet: owner.cabinet_hash,
        port,
        limits,
        running: Some(running),
        school,
        folder,
    }
}

async fn open(folder: &TempDir) -> School {
    let database = format!("sqlite:{}", folder.path().join("school.db").display());
    School::open(&database).await.expect("the database opens")
}

impl TestSchool {
    /// Where it listens, or did.
    pub fn address(&self) -> SocketAddr {
        self.port.address()
    }

    /// Where it listens, or did.
    pub fn url(&self) -> String {
        format!("http://{}", self.address())
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
    /// Where the server does not start.
    pub async fn plug_in(&mut self) {
        let running = self.school.serve(&self.address().to_string(), self.limits).await;
        self.running = Some(running.expect("the port is still this school's"));
    }

    /// Puts a copy of everything aside.
    ///
    /// # Panics
    /// Where it can't be written.
    pub async fn back_up(&self) -> Backup {
        let copies = fs::read_dir(self.folder.path()).expect("the folder is there").count();
        let path = self.folder.path().join(format!("backup-{copies}.db"));
        let copying = sqlx::query("VACUUM INTO $1").bind(path.display().to_string());
        copying.execute(self.school.pool()).await.expect("a copy is made");
        Backup(path)
    }

    /// Puts the copy back, as an owner does after a broken disk: all that happened since is forgotten, and the history
    /// has a new name.
    ///
    /// # Panics
    /// Where the school does not start again.
    pub async fn restore(&mut self, backup: &Backup) {
        self.put_back(backup).await;
        self.school.renew_epoch(None).await.expect("the epoch is renewed");
    }

    /// Puts the copy back and gives the history no new name, since nobody thinks of it.
    ///
    /// # Panics
    /// Where the school does not start again.
    pub async fn put_back(&mut self, backup: &Backup) {
        self.unplug().await;
        self.school.close().await;
        for left in ["school.db-wal", "school.db-shm"] {
            // The last connection may have removed them.
            let _ = fs::remove_file(self.folder.path().join(left));
        }
        fs::copy(&backup.0, self.folder.path().join("school.db")).expect("the copy is put back");
        self.school = open(&self.folder).await;
        self.plug_in().await;
    }
}
