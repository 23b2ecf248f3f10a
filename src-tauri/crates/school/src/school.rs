//! A school: one opened database, and what can be done with it beside a server.

use std::sync::Arc;

use sqlx::SqlitePool;
use tokio::sync::{Mutex, Notify, OwnedMutexGuard};

use crate::{Clock, SchoolError, cabinet, changes::CursorKey, database};

/// An opened cabinet. Clones are the same school.
#[derive(Clone, Debug)]
pub struct School {
    pool: SqlitePool,
    clock: Clock,
    writers: Arc<Mutex<()>>,
    changed: Arc<Notify>,
    cursor_key: CursorKey,
}

impl School {
    /// Opens the cabinet in the database `url` (`sqlite:PATH`), made on first use.
    ///
    /// # Errors
    /// Where the URL is not understood, the file can't be opened, or its schema is a newer version's.
    pub async fn open(url: &str) -> Result<Self, SchoolError> {
        Self::open_with_clock(url, Clock::system()).await
    }

    /// As [`School::open`], with another clock than the system's.
    ///
    /// # Errors
    /// As [`School::open`].
    pub async fn open_with_clock(url: &str, clock: Clock) -> Result<Self, SchoolError> {
        let pool = database::open(&url.parse()?).await?;
        let cursor_key = cabinet::found(&pool, clock.now()).await?;
        Ok(Self { pool, clock, writers: Arc::default(), changed: Arc::default(), cursor_key })
    }

    /// Closes the database; every clone is unusable afterwards.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// The connections, for bulk work such as [`crate::seed`].
    pub fn pool(&self) -> &SqlitePool {
        &self.pool
    }

    /// The clock that everything of this school goes by.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Waits for this process' turn to write.
    pub(crate) async fn turn(&self) -> OwnedMutexGuard<()> {
        Arc::clone(&self.writers).lock_owned().await
    }

    /// By which the cursors of this cabinet are known.
    pub(crate) fn cursor_key(&self) -> &CursorKey {
        &self.cursor_key
    }

    /// Tells those who wait for changes that there may be some.
    pub(crate) fn nudge(&self) {
        self.changed.notify_waiters();
    }

    /// Woken after a change by this process.
    pub(crate) fn changed(&self) -> &Notify {
        &self.changed
    }
}
