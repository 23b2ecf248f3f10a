//! Opening the cache: the key, the files' rights, the connections.

use std::{
    fs::{self, OpenOptions},
    io,
    mem::ManuallyDrop,
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection, Executor as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteTransactionManager},
};
use sqlx_core::transaction::TransactionManager as _;
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard, OwnedSemaphorePermit};
use zeroize::Zeroizing;

use super::{
    CacheError,
    error::BUSY_SECONDS,
    letters, load, meta,
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

/// What a new cache's pages are authenticated by, as SQLCipher's `cipher_hmac_algorithm` calls it. Whoever opens one by
/// other means says so after the key.
pub const AUTHENTICATION: &str = "HMAC_SHA256";

/// How SQLCipher tells that a page is the one that was written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Authentication {
    /// HMAC-SHA-256, which processors since 2017 to 2021 have instructions for: a page takes a third of the time.
    Sha256,
    /// HMAC-SHA-512, of caches that were made when SQLCipher's usual was taken. They keep it.
    Sha512,
}

impl Authentication {
    fn name(self) -> &'static str {
        match self {
            Self::Sha256 => AUTHENTICATION,
            Self::Sha512 => "HMAC_SHA512",
        }
    }
}

/// An open cache. Reads run beside each other and beside one write.
///
/// [`Cache::close`] closes the connections; a cache that is dropped leaves them open until the process ends (why, says
/// `readers.rs`).
#[derive(Debug)]
pub struct Cache {
    path: PathBuf,
    writer: Mutex<ManuallyDrop<SqliteConnection>>,
    /// Rows that opening it has written: nothing of the school.
    tidied: i64,
    readers: Readers,
}

impl Cache {
    /// Makes a new, empty cache at `path` and opens it.
    ///
    /// # Errors
    /// [`CacheError::Io`] where the file can't be made (or is there already), [`CacheError::DiskFull`].
    pub async fn create(path: &Path, key: &CacheKey) -> Result<Self, CacheError> {
        private_file(path).map_err(|source| CacheError::Io { path: path.to_owned(), source })?;
        let cache = Self::connect(path, key, Authentication::Sha256, MIGRATIONS).await?;
        let noted = refold::note(&mut *cache.writer().await).await;
        match noted {
            Ok(()) => Ok(cache),
            Err(error) => {
                cache.close().await;
                Err(error)
            }
        }
    }

    /// A cache as an older version of the program made it.
    #[cfg(test)]
    pub(crate) async fn create_older(path: &Path, key: &CacheKey, schema: usize) -> Result<Self, CacheError> {
        private_file(path).map_err(|source| CacheError::Io { path: path.to_owned(), source })?;
        Self::connect(path, key, Authentication::Sha512, &MIGRATIONS[..schema]).await
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
        let reason = match Self::connect(path, key, Authentication::Sha256, MIGRATIONS).await {
            Err(CacheError::Damaged { reason, .. }) => reason,
            opened => return opened,
        };
        // An older one looks like that, too.
        match Self::connect(path, key, Authentication::Sha512, MIGRATIONS).await {
            Err(CacheError::Damaged { .. }) => Err(damaged(&reason)),
            opened => opened,
        }
    }

    async fn connect(
        path: &Path,
        key: &CacheKey,
        by: Authentication,
        migrations: &[&'static str],
    ) -> Result<Self, CacheError> {
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
        if let Err(error) = begin(&mut writer, path, (key, by), migrations).await {
            // Waited for, as in `close`.
            let _ = writer.close().await;
            return Err(error);
        }
        let tidied = rows_written(&mut writer).await.unwrap_or_default();
        let readers = Readers::new(options, (key.clone(), by));
        Ok(Self { path: path.to_owned(), writer: Mutex::new(ManuallyDrop::new(writer)), tidied, readers })
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
        let mut writer = self.writer.lock().await;
        if writer.is_in_transaction() {
            end_transaction(&mut writer).await;
        }
        MutexGuard::map(writer, |writer| &mut **writer)
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

    /// Keeps everybody here from reading, where nobody reads just now.
    pub(super) fn readers_at_rest(&self) -> Option<OwnedSemaphorePermit> {
        self.readers.at_rest()
    }

    /// Gives back the memory that quick answers need; the next ones take it again.
    pub(crate) async fn rest(&self) -> Result<(), CacheError> {
        self.readers.let_go().await;
        self.writer().await.execute("PRAGMA shrink_memory").await?;
        Ok(())
    }

    /// Whether anything was written here since it was opened.
    pub(crate) async fn has_written(&self) -> bool {
        // Where nobody can say, too much is looked at once.
        rows_written(&mut *self.writer().await).await.map_or(true, |rows| rows > self.tidied)
    }

    /// Nothing is read any more: whoever reads, or begins to, gets [`CacheError::Closed`]. What is being written goes on.
    pub(crate) fn end_reads(&self) {
        self.readers.end();
    }

    /// Closes all connections, which moves the write-ahead log into the file.
    pub async fn close(self) {
        self.readers.close().await;
        // Closing can only fail to tidy up; what was committed is in the log.
        let _ = ManuallyDrop::into_inner(self.writer.into_inner()).close().await;
    }
}

/// Rows that a connection has written since it was made.
async fn rows_written(connection: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT total_changes()").fetch_one(connection).await
}

/// Ends the transaction of somebody who is gone.
///
/// Where the disk or memory fails SQLite ends a transaction by itself (<https://sqlite.org/lang_transaction.html>), and
/// asked to end it once more, it fails; the driver then believes for good that there is one, and begins no other.
async fn end_transaction(writer: &mut SqliteConnection) {
    // One that was dropped may be on its way to its end.
    let answered = writer.ping().await;
    if answered.is_ok() && writer.is_in_transaction() {
        // Begun anew, so that there is one to end. Where neither works, the next statement says why.
        let _ = writer.execute("BEGIN").await;
        let _ = SqliteTransactionManager::rollback(writer).await;
    }
}

/// Gives a new connection the key, before anything else. SQLCipher wipes its own copies of it; those of the statement
/// would stay in SQLite's memory. A second statement that is as long takes their places.
pub(super) async fn unlock(
    connection: &mut SqliteConnection,
    (key, by): (&CacheKey, Authentication),
) -> Result<(), CacheError> {
    // SQLCipher would tell standard error what it finds wrong; the error that comes of it says it better.
    connection.execute("PRAGMA cipher_log_level = NONE").await?;
    let statement = |word: &str, digits: &str| Zeroizing::new(format!("PRAGMA {word} = \"x'{digits}'\""));
    for text in [statement("key", key.hex().as_str()), statement("nil", &"0".repeat(64))] {
        connection.execute(sqlx::raw_sql(AssertSqlSafe(text.as_str()))).await?;
    }
    let algorithm = format!("PRAGMA cipher_hmac_algorithm = {}", by.name());
    connection.execute(sqlx::raw_sql(AssertSqlSafe(algorithm))).await?;
    Ok(())
}

/// Makes a new connection the writer: key, log, newest schema.
async fn begin(
    writer: &mut SqliteConnection,
    path: &Path,
    key: (&CacheKey, Authentication),
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
    // Behind the folding, which asks for it where it has changed texts.
    letters::fill(writer).await
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
