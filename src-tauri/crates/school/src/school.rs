//! A school: one opened database, and what can be done with it beside a server.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use sqlx::SqlitePool;
use tokio::sync::{Mutex, Notify, OwnedMutexGuard};

use crate::{Clock, DatabaseUrl, SchoolError, cabinet, changes::CursorKey, database, newest::Note};

/// An opened cabinet. Clones are the same school.
#[derive(Clone, Debug)]
pub struct School {
    pool: SqlitePool,
    clock: Clock,
    writers: Arc<Mutex<()>>,
    changed: Arc<Notify>,
    renewed: Arc<AtomicBool>,
    note: Note,
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
        let url: DatabaseUrl = url.parse()?;
        let pool = database::open(&url).await?;
        let cursor_key = cabinet::found(&pool, clock.now()).await?;
        let note = Note::open(&url.note());
        let (writers, changed, renewed) = Default::default();
        let school = Self { pool, clock, writers, changed, renewed, note, cursor_key };
        school.continue_or_renew().await?;
        Ok(school)
    }

    /// Gives the history a new name where the database is behind its note.
    async fn continue_or_renew(&self) -> Result<(), SchoolError> {
        // Before the database is asked: others may be writing.
        let noted = self.note.read();
        let newest = || sqlx::query_scalar("SELECT rev FROM cabinet WHERE id = 1").fetch_one(&self.pool);
        let rev: i64 = newest().await?;
        if rev < noted {
            tracing::warn!(rev, noted, "the database was put back from a backup: its history goes on under a new name");
            self.renew_epoch(None).await?;
        }
        if rev != noted {
            self.note.write(newest().await?);
        }
        Ok(())
    }

    /// What is noted beside the database.
    pub(crate) fn note(&self) -> &Note {
        &self.note
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

    /// Whether the cabinet's history got a new name since this database was opened. A backup is put back while nobody
    /// has the database open: one new name is enough, however often somebody comes with revisions of the lost history.
    pub(crate) fn is_renewed(&self) -> bool {
        self.renewed.load(Ordering::SeqCst)
    }

    /// The history has a new name.
    pub(crate) fn note_renewal(&self) {
        self.renewed.store(true, Ordering::SeqCst);
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
