//! Opening the cache: the key, the files' rights, the connections.

use std::{
    fs::{self, OpenOptions},
    io,
    mem::ManuallyDrop,
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection, Executor as _, SqliteConnection, sqlite::SqliteConnectOptions,
};
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};
use zeroize::Zeroizing;

use super::{
    CacheError,
    error::BUSY_SECONDS,
    load, meta,
    migrate::{self, MIGRATIONS},
    readers::{Reader, Readers},
    refold, terms,
};
use crate::vault::CacheKey;

/// Pages that a reader keeps in memory, in KiB.
pub(super) const READERS_KIB: u32 = 16 << 10;

/// SQLite's page size; the smallest a whole cache can be.
const PAGE_BYTES: u64 = 4096;

/// How much of the file the writer keeps in memory, KiB.
pub(super) const PAGES_KEPT: u32 = 48 << 10;

/// An open cache. Reads run beside each other and beside one write.
///
/// [`Cache::close`] closes the connections; a cache that is dropped leaves them open until the process ends (why, says
/// `readers.rs`).
#[derive(Debug)]
pub struct Cache {
    path: PathBuf,
    writer: Mutex<ManuallyDrop<SqliteConnection>>,
    readers: Readers,
}

impl Cache {
    /// Makes a new, empty cache at `path` and opens it.
    ///
    /// # Errors
    /// [`CacheError::Io`] where the file can't be made (or is there already), [`CacheError::DiskFull`].
    pub async fn create(path: &Path, key: &CacheKey) -> Result<Self, CacheError> {
        private_file(path).map_err(|source| CacheError::Io { path: path.to_owned(), source })?;
        let cache = Self::connect(path, key, MIGRATIONS).await?;
        refold::note(&mut *cache.writer().await).await?;
        Ok(cache)
    }

    /// A cache as an older version of the program made it.
    #[cfg(test)]
    pub(crate) async fn create_older(path: &Path, key: &CacheKey, schema: usize) -> Result<Self, CacheError> {
        private_file(path).map_err(|source| CacheError::Io { path: path.to_owned(), source })?;
        Self::connect(path, key, &MIGRATIONS[..schema]).await
    }

    /// Opens the cache at `path` with the right key (the vault's canary has told a wrong one before).
    ///
    /// # Errors
    /// [`CacheError::Damaged`] for a file that is missing, truncated or garbage; [`CacheError::Newer`];
    /// [`CacheError::Locked`] after 20 seconds.
    pub async fn open(path: &Path, key: &CacheKey) -> Result<Self, CacheError> {
        let damaged = |reason: &str| CacheError::Damaged { path: path.to_owned(), reason: reason.to_owned() };
        match fs::metadata(path) {
            Ok(found) if !found.is_file() => return Err(damaged("it is no file")),
            Ok(found) if found.len() == 0 && !log_of(path).exists() => return Err(damaged("it is empty")),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(damaged("the file is missing")),
            Err(source) => return Err(CacheError::Io { path: path.to_owned(), source }),
        }
        Self::connect(path, key, MIGRATIONS).await.map_err(|error| match error {
            CacheError::Damaged { reason, .. } => damaged(&reason),
            other => other,
        })
    }

    async fn connect(path: &Path, key: &CacheKey, migrations: &[&'static str]) -> Result<Self, CacheError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(false)
            .foreign_keys(false)
            .busy_timeout(Duration::from_secs(BUSY_SECONDS))
            // Nothing that was decrypted may touch the disk.
            .pragma("temp_store", "MEMORY")
            .statement_cache_capacity(200)
            // The key is a statement too.
            .disable_statement_logging();
        let mut writer = SqliteConnection::connect_with(&options).await?;
        if let Err(error) = begin(&mut writer, path, key, migrations).await {
            // Waited for, as in `close`.
            let _ = writer.close().await;
            return Err(error);
        }
        let readers = Readers::new(options, key.clone());
        Ok(Self { path: path.to_owned(), writer: Mutex::new(ManuallyDrop::new(writer)), readers })
    }

    /// Removes the copies that migrations have made of the file: they hold what was erased since.
    pub(crate) fn remove_snapshots(&self) {
        migrate::remove_snapshots(&self.path, true);
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The one connection that writes.
    pub(crate) async fn writer(&self) -> MappedMutexGuard<'_, SqliteConnection> {
        MutexGuard::map(self.writer.lock().await, |writer| &mut **writer)
    }

    /// A connection that reads.
    pub(crate) async fn reader(&self) -> Result<Reader, CacheError> {
        self.readers.lend().await
    }

    /// A connection that reads one state, from its first question on.
    pub(crate) async fn reading(&self) -> Result<Reader, CacheError> {
        let mut reader = self.reader().await?;
        reader.begin().await?;
        Ok(reader)
    }

    /// Gives back the memory that quick answers need; the next ones take it again.
    pub(crate) async fn rest(&self) -> Result<(), CacheError> {
        self.readers.let_go().await;
        self.writer().await.execute("PRAGMA shrink_memory").await?;
        Ok(())
    }

    /// Closes all connections, which moves the write-ahead log into the file.
    pub async fn close(self) {
        self.readers.close().await;
        // Closing can only fail to tidy up; what was committed is in the log.
        let _ = ManuallyDrop::into_inner(self.writer.into_inner()).close().await;
    }
}

/// Gives a new connection the key, before anything else. SQLCipher wipes its own copies of it; those of the statement
/// would stay in SQLite's memory. A second statement that is as long takes their places.
pub(super) async fn unlock(connection: &mut SqliteConnection, key: &CacheKey) -> Result<(), CacheError> {
    // SQLCipher would tell standard error what it finds wrong; the error that comes of it says it better.
    connection.execute("PRAGMA cipher_log_level = NONE").await?;
    let statement = |word: &str, digits: &str| Zeroizing::new(format!("PRAGMA {word} = \"x'{digits}'\""));
    for text in [statement("key", key.hex().as_str()), statement("nil", &"0".repeat(64))] {
        connection.execute(sqlx::raw_sql(AssertSqlSafe(text.as_str()))).await?;
    }
    Ok(())
}

/// Makes a new connection the writer: key, log, newest schema.
async fn begin(
    writer: &mut SqliteConnection,
    path: &Path,
    key: &CacheKey,
    migrations: &[&'static str],
) -> Result<(), CacheError> {
    unlock(writer, key).await?;
    let pragmas = format!(
        // FULL: a decision that was shown as recorded must survive a power cut.
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -{PAGES_KEPT}"
    );
    writer.execute(sqlx::raw_sql(AssertSqlSafe(pragmas))).await?;
    whole(writer, path).await?;
    migrate::migrate(writer, path, migrations).await?;
    migrate::remove_snapshots(path, false);
    if !meta::read(writer).await?.loading {
        // A migration drops the indexes that have changed; whoever made it may have come no further.
        load::make_indexes(writer).await?;
        terms::fill_keys(writer).await?;
        if refold::refold(writer).await? {
            // It knew fewer indexes, too.
            load::make_indexes(writer).await?;
        }
    }
    Ok(())
}

/// Refuses a file that is shorter than its own header says.
async fn whole(connection: &mut SqliteConnection, path: &Path) -> Result<(), CacheError> {
    let pages: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(connection).await?;
    let expected = u64::try_from(pages).unwrap_or(0) * PAGE_BYTES;
    let found = fs::metadata(path).map_err(|source| CacheError::Io { path: path.to_owned(), source })?.len();
    // Pages that only the write-ahead log holds so far may be missing in the file itself.
    let in_log = fs::metadata(log_of(path)).map_or(0, |log| log.len());
    if found + in_log < expected {
        return Err(CacheError::Damaged {
            path: path.to_owned(),
            reason: format!("{found} bytes of {expected} are there"),
        });
    }
    Ok(())
}

fn log_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

/// Makes an empty file that nobody else may read; SQLite gives its side files the same rights.
pub(crate) fn private_file(path: &Path) -> io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}
