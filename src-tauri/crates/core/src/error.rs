//! Everything that can go wrong behind the door, as one error; at the edges it becomes a [`Problem`].

use std::{io, path::PathBuf};

use hallmonitor_language::{Language, Message};
use thiserror::Error;

use crate::{
    cache::CacheError,
    export::ExportError,
    model::{Problem, ProblemCode},
    outbox::OutboxError,
    pull::PullError,
    school::{BadAddress, SchoolError, Verdict},
    trouble::{Trouble, clause, why},
    vault::{BadSecret, VaultError},
};

/// Why a use-case failed.
#[derive(Debug, Error)]
pub enum Error {
    /// There is no profile yet.
    NoProfiles,
    /// There is no profile of this name.
    NoProfile {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// Several profiles and none named.
    WhichProfile {
        /// What there is.
        known: Vec<String>,
    },
    /// The name belongs to another school.
    NameTaken {
        /// The name.
        name: String,
        /// Whose it is.
        server: String,
    },
    /// A name that no profile can have.
    BadName(String),
    /// A profile's file that can't be read.
    BadProfile {
        /// Which file.
        path: PathBuf,
        /// The profile's name, as far as the file still says it; else that of its folder, which stands for it.
        name: String,
        /// What was seen.
        reason: String,
    },
    /// Files or folders can't be made, read or removed.
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The operating system names no folder for application data.
    NoDataDir,
    /// The address can't be a school's.
    Address(#[from] BadAddress),
    /// A secret can't be meant.
    Secret(#[from] BadSecret),
    /// The vault did not open.
    Vault(#[from] VaultError),
    /// The cache did not open, or not answer.
    Cache(#[from] CacheError),
    /// The server did not answer as it should.
    School(#[from] SchoolError),
    /// A decision could not be recorded, sent or settled.
    Outbox(OutboxError),
    /// A sync did not reach its end.
    Pull(PullError),
    /// An export did not reach its end.
    Export(ExportError),
    /// The profile has no token any more.
    NoToken(String),
    /// A student can't be erased here while decisions about them wait.
    Unsent {
        /// Unsent and unsettled decisions.
        count: i64,
    },
    /// A school can't be erased here: more decisions wait than somebody agreed to lose.
    MoreUnsent {
        /// Unsent and unsettled decisions.
        count: i64,
    },
    /// A file that is meant as a location database and is none.
    BadLocations {
        /// Which file.
        path: PathBuf,
        /// What was seen.
        reason: String,
    },
    /// A database in the right format that knows of neither places nor networks.
    NoLocations {
        /// Which file.
        path: PathBuf,
        /// What it calls itself.
        kind: String,
    },
    /// A text of the owner's own that is too long to be kept.
    LongText {
        /// Its letters.
        letters: usize,
        /// How many it may have.
        most: usize,
    },
    /// What was asked for is not here.
    NotFound {
        /// What kind of thing.
        what: &'static str,
        /// Which.
        id: i64,
    },
}

impl From<OutboxError> for Error {
    fn from(error: OutboxError) -> Self {
        match error {
            OutboxError::School(error) => Self::School(error),
            OutboxError::Cache(error) => Self::Cache(error),
            other => Self::Outbox(other),
        }
    }
}

impl From<PullError> for Error {
    fn from(error: PullError) -> Self {
        match error {
            PullError::School(error) => Self::School(error),
            PullError::Cache(error) => Self::Cache(error),
            other => Self::Pull(other),
        }
    }
}

impl From<ExportError> for Error {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Cache(error) => Self::Cache(error),
            other => Self::Export(other),
        }
    }
}

impl Error {
    /// What the edges act on.
    pub fn code(&self) -> ProblemCode {
        match self {
            Self::NoProfiles | Self::NoProfile { .. } | Self::WhichProfile { .. } => ProblemCode::NoProfile,
            Self::NameTaken { .. } | Self::BadName(_) | Self::Address(_) | Self::Secret(_) => ProblemCode::Invalid,
            Self::BadProfile { .. } => ProblemCode::Cache,
            Self::Io { .. } | Self::NoDataDir | Self::Export(_) => ProblemCode::Failed,
            Self::Vault(VaultError::WrongPassphrase) => ProblemCode::WrongPassphrase,
            Self::Vault(VaultError::PassphraseNeeded) => ProblemCode::Passphrase,
            Self::Vault(VaultError::BadLock(_)) => ProblemCode::Cache,
            Self::Vault(VaultError::Stretching(_) | VaultError::Random(_) | VaultError::Thread(_)) => {
                ProblemCode::Failed
            }
            Self::Vault(_) => ProblemCode::Keyring,
            Self::Cache(CacheError::Damaged { .. } | CacheError::Newer { .. } | CacheError::Locked { .. }) => {
                ProblemCode::Cache
            }
            Self::Cache(CacheError::BadPlace | CacheError::BadRange(_)) => ProblemCode::Invalid,
            Self::Cache(_) => ProblemCode::Failed,
            Self::School(error) => school_code(error),
            Self::Outbox(OutboxError::NoTarget { .. } | OutboxError::Unknown(_)) => ProblemCode::NotFound,
            Self::Outbox(_) => ProblemCode::Invalid,
            Self::Pull(_) => ProblemCode::Unreachable,
            Self::NoToken(_) => ProblemCode::SignedOut,
            Self::Unsent { .. }
            | Self::MoreUnsent { .. }
            | Self::BadLocations { .. }
            | Self::NoLocations { .. }
            | Self::LongText { .. } => ProblemCode::Invalid,
            Self::NotFound { .. } => ProblemCode::NotFound,
        }
    }

    /// What happened and why, a sentence.
    pub fn message(&self) -> Message {
        match self {
            Self::NoProfiles => Message::new("problem.no_profiles"),
            Self::NoProfile { name, known } => Message::new("problem.no_profile")
                .with("name", name.as_str())
                .with("any", if known.is_empty() { "no" } else { "yes" })
                .with("known", known.join(", ")),
            Self::WhichProfile { known } => Message::new("problem.which_profile").with("known", known.join(", ")),
            Self::NameTaken { name, server } => {
                Message::new("problem.name_taken").with("name", name.as_str()).with("server", server.as_str())
            }
            Self::BadName(name) => Message::new("problem.bad_name").with("name", name.as_str()),
            Self::BadProfile { path, name: _, reason } => Message::new("problem.bad_profile")
                .with("path", path.display().to_string())
                .with("reason", clause(reason)),
            Self::Io { path, source } => {
                Message::new("problem.io").with("path", path.display().to_string()).with("reason", why(source))
            }
            Self::NoDataDir => Message::new("problem.no_data_dir"),
            Self::Address(error) => error.message(),
            Self::Secret(error) => error.message(),
            Self::Vault(error) => error.message(),
            Self::Cache(error) => error.message(),
            Self::School(error) => error.message(),
            Self::Outbox(error) => error.message(),
            Self::Pull(error) => error.message(),
            Self::Export(error) => error.message(),
            Self::NoToken(name) => Message::new("problem.no_token").with("name", name.as_str()),
            Self::Unsent { count } => Message::new("problem.unsent").with("count", *count),
            Self::MoreUnsent { count } => Message::new("problem.more_unsent").with("count", *count),
            Self::BadLocations { path, reason } => Message::new("problem.bad_locations")
                .with("path", path.display().to_string())
                .with("reason", clause(reason)),
            Self::NoLocations { path, kind } => Message::new("problem.no_locations")
                .with("path", path.display().to_string())
                .with("kind", kind.as_str()),
            Self::LongText { letters, most } => Message::new("problem.long_text")
                .with("letters", i64::try_from(*letters).unwrap_or(i64::MAX))
                .with("most", i64::try_from(*most).unwrap_or(i64::MAX)),
            Self::NotFound { what, id } => {
                Message::new("problem.not_found").with("what", *what).with("id", id.to_string())
            }
        }
    }

    /// What to do, a sentence.
    pub fn hint(&self) -> Message {
        Message::new(match self {
            Self::NoProfiles => "problem.hint.connect_first",
            Self::NoProfile { known, .. } if known.is_empty() => "problem.hint.connect_first",
            Self::NoProfile { .. } | Self::WhichProfile { .. } => "problem.hint.name_profile",
            Self::NameTaken { .. } => "problem.hint.other_name",
            Self::BadName(_) => "problem.hint.good_name",
            Self::BadProfile { .. } => "problem.hint.restore_profile",
            Self::Io { .. } => "problem.hint.folder",
            Self::NoDataDir => "problem.hint.data_dir",
            Self::Address(error) => return error.hint(),
            Self::Secret(error) => return error.hint(),
            Self::Vault(error) => return error.hint(),
            Self::Cache(error) => return error.hint(),
            Self::School(error) => return error.hint(),
            Self::Outbox(error) => return error.hint(),
            Self::Pull(error) => return error.hint(),
            Self::Export(error) => return error.hint(),
            Self::NoToken(_) => "problem.hint.connect_with_token",
            Self::Unsent { .. } => "problem.hint.settle_first",
            Self::MoreUnsent { .. } => "problem.hint.erase_again",
            Self::BadLocations { .. } | Self::NoLocations { .. } => "problem.hint.location_database",
            Self::LongText { .. } => "problem.hint.shorten",
            Self::NotFound { .. } => "problem.hint.look_up",
        })
    }

    /// The failure, to be said in any language.
    pub fn trouble(&self) -> Trouble {
        Trouble { code: self.code(), message: self.message(), hint: self.hint() }
    }

    /// The failure as a person reads it.
    pub fn problem(&self, language: Language) -> Problem {
        self.trouble().said(language)
    }
}

fn school_code(error: &SchoolError) -> ProblemCode {
    match (error, error.verdict()) {
        (SchoolError::Unsendable(_), _) => ProblemCode::Invalid,
        (_, Verdict::TokenRefused) => ProblemCode::TokenRefused,
        (_, Verdict::MayNotDecide) => ProblemCode::MayNotDecide,
        _ => ProblemCode::Unreachable,
    }
}
