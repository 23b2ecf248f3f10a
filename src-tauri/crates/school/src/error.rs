//! What can go wrong with a school's database, in sentences for its operator.

use std::{io, path::PathBuf};

/// Why the school could not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum SchoolError {
    /// The URL names an engine that this version does not serve yet.
    #[error("PostgreSQL is not served yet: use a database of the form sqlite:PATH")]
    PostgresNotYet,
    /// The URL is of no form that is known.
    #[error("{0:?} is no database: use sqlite:PATH, for example sqlite:school.db")]
    BadUrl(String),
    /// The file can't be opened or made.
    #[error("the database {path} can't be opened: {cause}", path = path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        #[source]
        cause: sqlx::Error,
    },
    /// The schema can't be brought up to date.
    #[error("the database can't be brought up to date (is it a newer version's?): {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A query failed.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// A stored JSON text can't be read.
    #[error("the database holds a text that is not what it should be: {0}")]
    Stored(#[from] serde_json::Error),
    /// A stored session can't be read.
    #[error("the database holds a session that is none")]
    NoSession,
    /// There is no token with this id.
    #[error("there is no token {0}: `token list` shows them")]
    NoToken(i64),
    /// A name of nothing but spaces.
    #[error("a name must have at least one letter")]
    EmptyName,
    /// The settings say something impossible.
    #[error("the settings can't be meant: {0}")]
    Settings(#[from] crate::settings::BadSettings),
    /// The port can't be listened on.
    #[error("can't listen on {address}: {cause}")]
    Listen {
        /// As it was asked for.
        address: String,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// The server stopped by itself.
    #[error("the server stopped: {0}")]
    Serve(#[source] io::Error),
}

impl SchoolError {
    /// Whether another writer held the database for too long, so that the same call may work later.
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Database(cause) if is_busy(cause))
    }
}

/// Whether another connection holds what is asked for.
pub(crate) fn is_busy(cause: &sqlx::Error) -> bool {
    match cause {
        // SQLITE_BUSY and SQLITE_LOCKED, with the extended codes that have them in their low byte.
        sqlx::Error::Database(error) => {
            error.code().and_then(|code| code.parse::<i32>().ok()).is_some_and(|code| matches!(code & 0xff, 5 | 6))
        }
        sqlx::Error::PoolTimedOut => true,
        _ => false,
    }
}
