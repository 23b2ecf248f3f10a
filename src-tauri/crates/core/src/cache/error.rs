//! Why the cache can't be opened, read or written.

use std::{io, path::PathBuf};

use thiserror::Error;

/// What can go wrong with the encrypted cache. Each text is a sentence for a person.
#[derive(Debug, Error)]
pub enum CacheError {
    /// The file is not there, too short, or its content is not what was written.
    #[error("The cache {} is damaged ({reason}).", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What was seen.
        reason: String,
    },
    /// A later version of the program has written it.
    #[error("The cache was written by a newer version of Hallmonitor (schema {found}, this one knows {known}).")]
    Newer {
        /// The file's schema.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// Another program holds it and does not let go.
    #[error("The cache is in use by another program and stayed locked for {seconds} seconds.")]
    Locked {
        /// How long was waited.
        seconds: u64,
    },
    /// No room on the disk.
    #[error("The disk is full: nothing more can be written to the cache. What was there is unharmed.")]
    DiskFull,
    /// Files or folders could not be made, read or copied.
    #[error("{} can't be used: {source}.", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A `next` that no page of this question has given.
    #[error("This place in the list is not valid any more.")]
    BadPlace,
    /// A text that is meant as an address or a range of addresses.
    #[error("“{0}” is no IP address and no range of them.")]
    BadRange(String),
    /// What the database says beyond the cases above.
    #[error("The cache answered: {0}.")]
    Database(#[source] sqlx::Error),
}

/// How long a statement waits for another process that is writing, seconds.
pub(crate) const BUSY_SECONDS: u64 = 20;

impl From<sqlx::Error> for CacheError {
    /// Tells by SQLite's result code (<https://sqlite.org/rescode.html>), the low byte of the extended one.
    fn from(error: sqlx::Error) -> Self {
        let code = match &error {
            sqlx::Error::Database(database) => database.code().and_then(|code| code.parse::<u32>().ok()),
            _ => None,
        };
        match code.map(|code| code & 0xff) {
            Some(5 | 6) => Self::Locked { seconds: BUSY_SECONDS },
            Some(13) => Self::DiskFull,
            Some(11 | 26) => Self::Damaged { path: PathBuf::from("cache.db"), reason: error.to_string() },
            _ => Self::Database(error),
        }
    }
}

impl CacheError {
    /// What to do, a sentence.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Damaged { .. } => {
                "Erase the school here (hallmonitor-cli wipe) and connect it again: everything is read anew from the server."
            }
            Self::Newer { .. } => "Install the newer version again, or the newest one.",
            Self::Locked { .. } => "Close the other program that uses it, then try again.",
            Self::DiskFull => "Free some space, then try again.",
            Self::Io { .. } => "Check the folder's permissions and the disk.",
            Self::BadPlace => "Go back to the beginning of the list.",
            Self::BadRange(_) => {
                "Write an address such as 91.198.36.14, or a range such as 91.198.36.0/24 or 2a02:6b8::/32."
            }
            Self::Database(_) => "Try again; if it stays, erase the school here and connect it again.",
        }
    }
}
