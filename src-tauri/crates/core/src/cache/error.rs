//! Why the cache can't be opened, read or written.

use std::{io, path::PathBuf};

use hallmonitor_language::Message;
use thiserror::Error;

use crate::trouble::{clause, why};

/// What can go wrong with the encrypted cache.
#[derive(Debug, Error)]
pub enum CacheError {
    /// The file is not there, too short, or its content is not what was written.
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What was seen.
        reason: String,
    },
    /// A later version of the program has written it.
    Newer {
        /// The file's schema.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// Another program holds it and does not let go.
    Locked {
        /// How long was waited.
        seconds: u64,
    },
    /// It is being closed, and nothing is read any more.
    Closed,
    /// No room on the disk.
    DiskFull,
    /// Files or folders could not be made, read or copied.
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A `next` that no page of this question has given.
    BadPlace,
    /// A text that is meant as an address or a range of addresses.
    BadRange(String),
    /// What the database says beyond the cases above.
    Database(#[source] sqlx::Error),
}

/// How long a statement waits for another process that is writing, seconds.
pub(crate) const BUSY_SECONDS: u64 = 20;

/// SQLite's result code (<https://sqlite.org/rescode.html>), the low byte of the extended one.
fn code(error: &sqlx::Error) -> Option<u32> {
    extended_code(error).map(|code| code & 0xff)
}

fn extended_code(error: &sqlx::Error) -> Option<u32> {
    let sqlx::Error::Database(database) = error else { return None };
    database.code()?.parse::<u32>().ok()
}

/// `SQLITE_IOERR_SHMSIZE`: the file beside the log, in which every reader notes itself, can't grow. That is no room, too.
const NO_ROOM_FOR_READERS: u32 = 4874;

impl From<sqlx::Error> for CacheError {
    fn from(error: sqlx::Error) -> Self {
        match code(&error) {
            // The file, or the folder that its log stands in.
            Some(8) => Self::Io { path: PathBuf::from("cache.db"), source: io::ErrorKind::ReadOnlyFilesystem.into() },
            Some(5 | 6) => Self::Locked { seconds: BUSY_SECONDS },
            // Only the end of all reads interrupts one.
            Some(9) => Self::Closed,
            Some(13) => Self::DiskFull,
            _ if extended_code(&error) == Some(NO_ROOM_FOR_READERS) => Self::DiskFull,
            Some(11 | 26) => Self::Damaged { path: PathBuf::from("cache.db"), reason: error.to_string() },
            _ => Self::Database(error),
        }
    }
}

impl CacheError {
    /// What happened and why, a sentence.
    pub fn message(&self) -> Message {
        match self {
            Self::Damaged { path, reason } => Message::new("problem.cache.damaged")
                .with("path", path.display().to_string())
                .with("reason", reason.as_str()),
            Self::Newer { found, known } => {
                Message::new("problem.cache.newer").with("found", found.to_string()).with("known", known.to_string())
            }
            Self::Locked { seconds } => Message::new("problem.cache.locked").with("seconds", *seconds),
            Self::Closed => Message::new("problem.cache.closed"),
            Self::DiskFull => Message::new("problem.cache.disk_full"),
            Self::Io { path, source } => {
                Message::new("problem.io").with("path", path.display().to_string()).with("reason", why(source))
            }
            Self::BadPlace => Message::new("problem.cache.bad_place"),
            Self::BadRange(text) => Message::new("problem.cache.bad_range").with("text", text.as_str()),
            Self::Database(error) => Message::new("problem.cache.database").with("reason", clause(error)),
        }
    }

    /// What to do, a sentence.
    pub fn hint(&self) -> Message {
        Message::new(match self {
            Self::Damaged { .. } => "problem.hint.erase",
            Self::Newer { .. } => "problem.hint.newer_or_newest",
            Self::Locked { .. } => "problem.hint.close_other",
            Self::Closed => "problem.hint.open_again",
            Self::DiskFull => "problem.hint.free_space",
            Self::Io { .. } => "problem.hint.folder",
            Self::BadPlace => "problem.hint.beginning",
            Self::BadRange(_) => "problem.hint.range",
            // A file that may not be opened: erasing would not help, and lose what is unsent.
            Self::Database(error) if code(error) == Some(14) => "problem.hint.folder",
            Self::Database(_) => "problem.hint.erase_if_it_stays",
        })
    }
}
