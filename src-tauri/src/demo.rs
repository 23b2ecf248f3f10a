//! The demo school: a real reference server on a free loopback port inside this program, with two years of history and
//! living traffic, in a temporary folder. It is gone with the program, and touches neither keyring nor data folder.

use std::time::Duration;

use hallmonitor_core::{
    App, Connection, School, Urgency,
    vault::{CabinetHash, Passphrase, Token},
};
use hallmonitor_school::{
    Limits, Running, Scope, seed,
    simulate::{self, Config},
    world::Plan,
};
use tempfile::TempDir;
use tokio_util::sync::{CancellationToken, DropGuard};

const CONTACTS: u64 = 300;
const SESSIONS: u64 = 20_000;
/// Which of all worlds; its students go on living while the program runs.
const WORLD: u64 = 1;
const LOGINS_PER_SECOND: f64 = 0.3;
const VIOLATION_EVERY: Duration = Duration::from_secs(30);
const NAME: &str = "Світло Academy";
const PROFILE: &str = "demo";

/// The running school. Dropped, it stops and its files are removed, but nobody waits for it.
#[derive(Debug)]
pub(crate) struct Demo {
    students: DropGuard,
    running: Running,
    server: hallmonitor_school::School,
    folder: TempDir,
}

/// Why there is no demo school.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DemoError {
    /// No temporary folder.
    #[error("a temporary folder cannot be made: {0}")]
    Folder(#[from] std::io::Error),
    /// The server did not start.
    #[error(transparent)]
    Server(#[from] hallmonitor_school::SchoolError),
    /// The history was not written.
    #[error(transparent)]
    Seed(#[from] seed::SeedError),
    /// The window's side did not open.
    #[error(transparent)]
    Core(#[from] hallmonitor_core::Error),
}

impl Demo {
    /// Makes the school, lets students in, and connects to it as to any other.
    ///
    /// # Errors
    /// Where the disk is full, or no port is free.
    pub(crate) async fn start(app: &App) -> Result<(Self, School), DemoError> {
        let folder = folder()?;
        let database = format!("sqlite:{}", folder.path().join("school.db").display());
        let server = hallmonitor_school::School::open(&database).await?;
        server.rename(NAME).await?;
        let until = server.clock().now().ms();
        seed::seed(&server, Plan { contacts: CONTACTS, sessions: SESSIONS, seed: WORLD, until }).await?;
        let owner = server.create_token(Scope::Admin, Some("Owner")).await?;
        let website = server.create_token(Scope::Site, Some("Website")).await?;
        let running = server.serve("127.0.0.1:0", Limits::default()).await?;
        let students = let_students_in(Config {
            server: running.url(),
            token: website.token,
            cabinet_hash: website.cabinet_hash,
            logins_per_second: LOGINS_PER_SECOND,
            seed: WORLD,
            violation_every: Some(VIOLATION_EVERY),
            clock: server.clock().clone(),
        });

        let app = app.in_folder(folder.path().join("app"));
        let wanted = Connection {
            server: running.url(),
            cabinet: CabinetHash::new(&owner.cabinet_hash).map_err(hallmonitor_core::Error::from)?,
            token: Token::new(owner.token.reveal()).map_err(hallmonitor_core::Error::from)?,
            name: Some(PROFILE.to_owned()),
            passphrase: Some(secret()?),
        };
        let passphrase = wanted.passphrase.clone();
        app.connect(wanted).await?;
        let school = app.open(Some(PROFILE), passphrase).await?;
        // A second's work, and the window begins with everything there.
        if let Err(error) = school.sync(Urgency::Now, |_| {}).await {
            school.close().await;
            return Err(error.into());
        }
        Ok((Self { students, running, server, folder }, school))
    }

    /// Sends the students home, stops the server and removes its files.
    pub(crate) async fn close(self) {
        let Self { students, running, server, folder } = self;
        drop(students);
        if let Err(error) = running.shutdown().await {
            tracing::warn!("the demo school's server had failed: {error}");
        }
        server.close().await;
        if let Err(error) = folder.close() {
            tracing::warn!("the demo school's files stay behind: {error}");
        }
    }
}

/// For this account's eyes alone, as everything that is kept of a school.
fn folder() -> std::io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("hallmonitor-demo-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir()
}

/// Students log in until the guard is dropped.
fn let_students_in(config: Config) -> DropGuard {
    let stop = CancellationToken::new();
    let stopped = stop.clone();
    tokio::spawn(async move {
        if let Err(error) = simulate::run(config, stopped, |_| {}).await {
            tracing::warn!("no more students log in to the demo school: {error}");
        }
    });
    stop.drop_guard()
}

/// Known to nobody: the cache can be read by this program alone, while it runs.
fn secret() -> Result<Passphrase, hallmonitor_core::Error> {
    Ok(Passphrase::new(uuid::Uuid::new_v4().to_string())?)
}
