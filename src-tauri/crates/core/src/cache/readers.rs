//! The connections that read: a few, made when they are first needed, lent one at a time and given back at once.
//!
//! A pool of its own, because connections must not close by themselves: they would do so on threads of their own, and
//! where the process ends meanwhile they meet SQLCipher taking itself down (its `atexit` handler), which crashes.

use std::{
    mem::ManuallyDrop,
    ops::{Deref, DerefMut},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
};

use super::{
    CacheError,
    open::{self, Authentication, READERS_KIB},
};
use crate::vault::CacheKey;

/// Reads that run beside each other; more would share two to four processors anyway.
const MOST: u32 = 3;

/// Steps of SQLite's machine between two looks whether a read shall end: about a millisecond.
const STEPS: i32 = 10_000;

/// The connections that read.
#[derive(Debug)]
pub(super) struct Readers {
    options: SqliteConnectOptions,
    key: (CacheKey, Authentication),
    turns: Arc<Semaphore>,
    free: Arc<Mutex<Vec<Idle>>>,
    /// Whether nothing may be read any more.
    ended: Arc<AtomicBool>,
}

#[derive(Debug)]
struct Idle {
    connection: ManuallyDrop<SqliteConnection>,
    /// Whether it stands in a transaction that nobody ended.
    begun: bool,
}

impl Idle {
    /// Connects; once `ended` holds, what it reads ends with an error.
    async fn connect(
        options: &SqliteConnectOptions,
        key: (&CacheKey, Authentication),
        ended: Arc<AtomicBool>,
    ) -> Result<Self, CacheError> {
        let mut idle =
            Self { connection: ManuallyDrop::new(SqliteConnection::connect_with(options).await?), begun: false };
        match idle.begin(key, ended).await {
            Ok(()) => Ok(idle),
            Err(error) => {
                idle.close().await;
                Err(error)
            }
        }
    }

    async fn begin(&mut self, key: (&CacheKey, Authentication), ended: Arc<AtomicBool>) -> Result<(), CacheError> {
        open::unlock(&mut self.connection, key).await?;
        let pragmas = format!("PRAGMA cache_size = -{READERS_KIB}; PRAGMA query_only = ON");
        self.connection.execute(sqlx::raw_sql(AssertSqlSafe(pragmas))).await?;
        let mut handle = self.connection.lock_handle().await?;
        handle.set_progress_handler(STEPS, move || !ended.load(Ordering::Relaxed));
        Ok(())
    }

    /// Ends its transaction. Where that fails the connection is of no use any more: after an error of the disk or of
    /// memory SQLite has ended the transaction by itself, and asked to end it, it fails again and again.
    async fn end(&mut self) -> Result<(), sqlx::Error> {
        if self.begun {
            sqlx::query("ROLLBACK").execute(&mut *self.connection).await?;
            self.begun = false;
        }
        Ok(())
    }

    async fn close(self) {
        // Closing can only fail to tidy up; nothing was written.
        let _ = ManuallyDrop::into_inner(self.connection).close().await;
    }
}

/// A connection that reads, until it is dropped.
#[derive(Debug)]
pub(crate) struct Reader {
    /// `None` only while it is given back.
    lent: Option<Idle>,
    free: Arc<Mutex<Vec<Idle>>>,
    /// `None` only after it was given back.
    turn: Option<OwnedSemaphorePermit>,
}

impl Readers {
    pub(super) fn new(options: SqliteConnectOptions, key: (CacheKey, Authentication)) -> Self {
        let turns = Arc::new(Semaphore::new(MOST as usize));
        Self { options, key, turns, free: Arc::default(), ended: Arc::default() }
    }

    /// Lends a connection; waits while all are lent.
    ///
    /// # Errors
    /// [`CacheError::Closed`] after [`Self::end`].
    pub(super) async fn lend(&self) -> Result<Reader, CacheError> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| CacheError::Closed)?;
        if self.ended.load(Ordering::Relaxed) {
            return Err(CacheError::Closed);
        }
        let idle = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut reader = Reader { lent: idle, free: Arc::clone(&self.free), turn: Some(turn) };
        if let Some(idle) = &mut reader.lent
            && idle.end().await.is_err()
            && let Some(broken) = reader.lent.take()
        {
            // On its way even where nobody waits for this reader any more.
            let _ = tokio::spawn(broken.close()).await;
        }
        if reader.lent.is_some() {
            return Ok(reader);
        }
        let (options, (key, by), ended) = (self.options.clone(), self.key.clone(), Arc::clone(&self.ended));
        // A task of its own: whoever waits for it may be stopped in the middle, and a connection that nobody knows of
        // would stay open, with its key, until the process ends. Then the reader comes back as if it had been lent.
        let making = tokio::spawn(async move {
            reader.lent = Some(Idle::connect(&options, (&key, by), ended).await?);
            Ok(reader)
        });
        // Aborted only where the runtime ends.
        making.await.unwrap_or_else(|_| Err(sqlx::Error::WorkerCrashed.into()))
    }

    /// Keeps everybody from reading, where nobody reads just now, until what it gives is dropped.
    pub(super) fn at_rest(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.turns).try_acquire_many_owned(MOST).ok()
    }

    /// Closes those that nobody has borrowed; the next question makes one anew.
    pub(super) async fn let_go(&self) {
        let idle = std::mem::take(&mut *self.free.lock().unwrap_or_else(PoisonError::into_inner));
        for idle in idle {
            idle.close().await;
        }
    }

    /// Nothing may be read any more: what is being read ends with [`CacheError::Closed`], and nothing else begins.
    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
    }

    /// Waits until all connections are back, and closes them.
    pub(super) async fn close(&self) {
        let all = self.turns.acquire_many(MOST).await;
        self.turns.close();
        drop(all);
        self.let_go().await;
    }
}

impl Reader {
    /// From here on it reads one state, until it is dropped.
    pub(super) async fn begin(&mut self) -> Result<(), CacheError> {
        if let Some(lent) = &mut self.lent {
            lent.begun = true;
            sqlx::query("BEGIN").execute(&mut *lent.connection).await?;
        }
        Ok(())
    }
}

impl Deref for Reader {
    type Target = SqliteConnection;
    fn deref(&self) -> &SqliteConnection {
        // Lent from `Readers::lend` until `drop`.
        &self.lent.as_ref().expect("a reader holds its connection").connection
    }
}

impl DerefMut for Reader {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        // Lent from `Readers::lend` until `drop`.
        &mut self.lent.as_mut().expect("a reader holds its connection").connection
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let Some(mut idle) = self.lent.take() else { return };
        let (free, turn) = (Arc::clone(&self.free), self.turn.take());
        let give_back = move |idle| free.lock().unwrap_or_else(PoisonError::into_inner).push(idle);
        match Handle::try_current() {
            // A state that is held for long keeps the write-ahead log from being tidied up.
            Ok(runtime) if idle.begun => drop(runtime.spawn(async move {
                match idle.end().await {
                    Ok(()) => give_back(idle),
                    Err(_) => idle.close().await,
                }
                drop(turn);
            })),
            // Without a runtime the next one to borrow it ends the transaction.
            _ => {
                give_back(idle);
                drop(turn);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::cache::{CacheError, tests::Mirror};

    #[cfg(target_os = "linux")]
    fn open_files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
        let opened = std::fs::read_dir("/proc/self/fd").expect("our own").flatten();
        let paths = opened.filter_map(|entry| std::fs::read_link(entry.path()).ok());
        paths.filter(|path| path.starts_with(folder)).collect()
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn whoever_is_stopped_while_a_connection_is_made_leaves_none_open() {
        let mut stopped = 0;
        for polls in 1..40 {
            let mirror = Mirror::new().await;
            let folder = mirror.cache.path().parent().expect("a folder").to_owned();
            assert_ne!(open_files(&folder).len(), 0, "the writer's");
            {
                let mut lending = std::pin::pin!(mirror.cache.reader());
                let mut there = false;
                for _ in 0..polls {
                    there = futures_util::poll!(&mut lending).is_ready();
                    if there {
                        break;
                    }
                    tokio::task::yield_now().await;
                    std::thread::sleep(std::time::Duration::from_micros(100));
                }
                stopped += usize::from(!there);
            }
            mirror.cache.close().await;
            assert_eq!(open_files(&folder), Vec::<std::path::PathBuf>::new(), "after {polls} polls");
        }
        assert_ne!(stopped, 0, "nobody was stopped in the middle");
    }

    #[tokio::test]
    async fn a_read_that_is_going_on_ends_when_nothing_may_be_read_any_more() {
        let mirror = Mirror::new().await;
        let mut reader = mirror.cache.reader().await.expect("a connection");
        let endless = "WITH RECURSIVE row(at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM row) SELECT count(*) FROM row";
        let reading = sqlx::query_scalar::<_, i64>(endless).fetch_one(&mut *reader);
        let ending = async {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            mirror.cache.end_reads();
        };
        let (read, ()) = tokio::join!(reading, ending);
        assert!(matches!(read.map_err(CacheError::from), Err(CacheError::Closed)), "it has an end");
        drop(reader);
        assert!(matches!(mirror.cache.reader().await, Err(CacheError::Closed)), "another one began");
        mirror.cache.close().await;
    }

    #[tokio::test]
    async fn a_connection_whose_transaction_an_error_has_ended_makes_room_for_another() {
        let mirror = Mirror::new().await;
        for with_runtime in [true, false] {
            // All the others are lent, so whoever asks next waits for this one.
            let others = [mirror.cache.reader().await.expect("one"), mirror.cache.reader().await.expect("another")];
            let mut broken = mirror.cache.reading().await.expect("the last one");
            // What SQLite does by itself where the disk or memory fails.
            sqlx::raw_sql("ROLLBACK").execute(&mut *broken).await.expect("ended");
            if with_runtime {
                drop(broken);
            } else {
                std::thread::spawn(move || drop(broken)).join().expect("given back");
            }
            for _ in 0..3 {
                let mut reader = mirror.cache.reading().await.expect("a connection that works");
                let rows: i64 =
                    sqlx::query_scalar("SELECT count(*) FROM contact").fetch_one(&mut *reader).await.expect("rows");
                assert_eq!(rows, 0);
            }
            drop(others);
        }
        mirror.cache.close().await;
    }
}
