//! The demo school: a real reference server on a free loopback port inside this program, with two years of history and
//! living traffic, in a temporary folder. It is gone with the program, and touches neither keyring nor data folder.

use hallmonitor_core::{
    App, Connection, School,
    vault::{CabinetHash, Passphrase, Token},
};
use hallmonitor_school::{Limits, Running, Scope, seed, world::Plan};
use tempfile::TempDir;

const CONTACTS: u64 = 300;
const SESSIONS: u64 = 20_000;
const NAME: &str = "Світло Academy";
const PROFILE: &str = "demo";

/// The running server. Dropped, it stops and its files are removed.
#[derive(Debug)]
pub(crate) struct Demo {
    _server: Running,
    _folder: TempDir,
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
    pub(crate) async fn start() -> Result<(Self, School), DemoError> {
        let folder = tempfile::Builder::new().prefix("hallmonitor-demo-").tempdir()?;
        let database = format!("sqlite:{}", folder.path().join("school.db").display());
        let server = hallmonitor_school::School::open(&database).await?;
        server.rename(NAME).await?;
        let until = server.clock().now().ms();
        seed::seed(&server, Plan { contacts: CONTACTS, sessions: SESSIONS, seed: 1, until }).await?;
        let owner = server.create_token(Scope::Admin, Some("Owner")).await?;
        let running = server.serve("127.0.0.1:0", Limits::default()).await?;

        let app = App::new(folder.path().join("app"));
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
        Ok((Self { _server: running, _folder: folder }, school))
    }
}

/// Known to nobody: the cache can be read by this program alone, while it runs.
fn secret() -> Result<Passphrase, hallmonitor_core::Error> {
    Ok(Passphrase::new(uuid::Uuid::new_v4().to_string())?)
}
