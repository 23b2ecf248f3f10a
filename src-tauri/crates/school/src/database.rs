//! Opens the database of a URL: connection, schema, and the rows that every cabinet has.

use std::{
    fs::OpenOptions,
    io,
    path::{Path, PathBuf},
    str::FromStr,
    time::{Duration, Instant},
};

use sqlx::{
    Connection as _, SqlitePool,
    migrate::{MigrateError, Migrator},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{SchoolError, error::is_busy};

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// How often the opening is tried, with growing pauses.
const TRIES: u32 = 5;

/// For how long it goes on being tried while another process makes the same new file: several steps, for each of which
/// a slow disk may take its time.
const WHILE_ANOTHER_DOES: Duration = Duration::from_secs(20);

/// A database URL that this program understands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseUrl(PathBuf);

impl DatabaseUrl {
    /// Where the newest revision is noted beside the file.
    pub(crate) fn note(&self) -> PathBuf {
        let mut name = self.0.clone().into_os_string();
        name.push("-newest");
        name.into()
    }
}

impl FromStr for DatabaseUrl {
    type Err = SchoolError;

    fn from_str(url: &str) -> Result<Self, SchoolError> {
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            return Err(SchoolError::PostgresNotYet);
        }
        let path = url.strip_prefix("sqlite:").map(|path| path.strip_prefix("//").unwrap_or(path));
        match path {
            Some(path) if !path.is_empty() && path != ":memory:" => Ok(Self(path.into())),
            _ => Err(SchoolError::BadUrl(url.to_owned())),
        }
    }
}

/// Opens the file, makes it where it is not there, and brings its schema up to date.
pub(crate) async fn open(url: &DatabaseUrl) -> Result<SqlitePool, SchoolError> {
    let (begun, mut tried) = (Instant::now(), 0);
    loop {
        tried += 1;
        match try_open(url).await {
            Err(error) if tried < TRIES || (may_be_anothers_doing(&error) && begun.elapsed() < WHILE_ANOTHER_DOES) => {
                tokio::time::sleep(Duration::from_millis(50 * u64::from(tried.min(TRIES)))).await;
            }
            result => return result,
        }
    }
}

/// Whether it may have failed because another process makes the same file: that one holds it, or was the first to make
/// a step of the schema.
fn may_be_anothers_doing(error: &SchoolError) -> bool {
    match error {
        SchoolError::Open { cause, .. } => is_busy(cause),
        SchoolError::Migrate(MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _)) => {
            matches!(cause, sqlx::Error::Database(_)) || is_busy(cause)
        }
        _ => false,
    }
}

async fn try_open(DatabaseUrl(path): &DatabaseUrl) -> Result<SqlitePool, SchoolError> {
    make_private(path).map_err(|cause| SchoolError::Open { path: path.clone(), cause: sqlx::Error::Io(cause) })?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // A revision that was handed out must survive a power cut: it would be handed out twice.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(10))
        .pragma("cache_size", "-16384")
        .row_buffer_size(512);
    let pool = SqlitePoolOptions::new()
        .max_connections(8)
        .acquire_timeout(Duration::from_secs(15))
        // After an error of the disk SQLite has ended a transaction by itself, and the driver, which can't know, would
        // never begin another one on this connection.
        .after_release(|connection, _| {
            Box::pin(async move {
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        })
        .connect_with(options)
        .await
        .map_err(|cause| SchoolError::Open { path: path.clone(), cause })?;
    MIGRATIONS.run(&pool).await?;
    Ok(pool)
}

/// Makes the file where it is not there, readable by its owner alone: it holds people's addresses. SQLite gives the
/// files beside it the same rights.
fn make_private(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
