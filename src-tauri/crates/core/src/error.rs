//! Everything that can go wrong behind the door, as one error; at the edges it becomes a [`Problem`].

use std::{io, path::PathBuf};

use thiserror::Error;

use crate::{
    cache::CacheError,
    export::ExportError,
    model::{Problem, ProblemCode},
    outbox::OutboxError,
    pull::PullError,
    school::{BadAddress, SchoolError, Verdict},
    vault::{BadSecret, VaultError},
};

/// Why a use-case failed.
#[derive(Debug, Error)]
pub enum Error {
    /// There is no profile yet.
    #[error("no school is connected yet")]
    NoProfiles,
    /// There is no profile of this name.
    #[error("there is no profile “{name}”; there {}", listed(.known))]
    NoProfile {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// Several profiles and none named.
    #[error("several schools are connected ({}): say which one is meant", .known.join(", "))]
    WhichProfile {
        /// What there is.
        known: Vec<String>,
    },
    /// The name belongs to another school.
    #[error("the name “{name}” belongs to another school ({server})")]
    NameTaken {
        /// The name.
        name: String,
        /// Whose it is.
        server: String,
    },
    /// A name that no profile can have.
    #[error(
        "“{0}” can't be a profile's name: it needs 1 to 64 characters, none of them a slash or a control character"
    )]
    BadName(String),
    /// A profile's file that can't be read.
    #[error("the profile file {} is damaged: {reason}", path.display())]
    BadProfile {
        /// Which file.
        path: PathBuf,
        /// What was seen.
        reason: String,
    },
    /// Files or folders can't be made, read or removed.
    #[error("{} can't be used: {source}", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The operating system names no folder for application data.
    #[error("this account has no folder for application data")]
    NoDataDir,
    /// The address can't be a school's.
    #[error(transparent)]
    Address(#[from] BadAddress),
    /// A secret can't be meant.
    #[error(transparent)]
    Secret(#[from] BadSecret),
    /// The vault did not open.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The cache did not open, or not answer.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// The server did not answer as it should.
    #[error(transparent)]
    School(#[from] SchoolError),
    /// A decision could not be recorded, sent or settled.
    #[error(transparent)]
    Outbox(OutboxError),
    /// A sync did not reach its end.
    #[error(transparent)]
    Pull(PullError),
    /// An export did not reach its end.
    #[error(transparent)]
    Export(ExportError),
    /// The profile has no token any more.
    #[error("the token of “{0}” is no longer in the keyring")]
    NoToken(String),
    /// What was asked for is not here.
    #[error("there is no {what} {id} here")]
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

fn listed(known: &[String]) -> String {
    if known.is_empty() { "is none yet".to_owned() } else { format!("are: {}", known.join(", ")) }
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
            Self::NoToken(_) => ProblemCode::TokenRefused,
            Self::NotFound { .. } => ProblemCode::NotFound,
        }
    }

    /// What to do, a sentence; may be empty.
    pub fn hint(&self) -> &str {
        match self {
            Self::NoProfiles => "Connect a school first.",
            Self::NoProfile { .. } | Self::WhichProfile { .. } => "Name one of them with --profile.",
            Self::NameTaken { .. } => "Choose another name.",
            Self::BadName(_) => "Choose a name such as “my-school”.",
            Self::BadProfile { .. } => "Restore the file from a backup, or erase the school here and connect it again.",
            Self::Io { .. } => "Check the folder's permissions and the room on the disk.",
            Self::NoDataDir => "Name a folder with --data-dir.",
            Self::Address(error) => error.hint(),
            Self::Secret(_) => "Copy it again from the school platform's settings.",
            Self::Vault(error) => error.hint(),
            Self::Cache(error) => error.hint(),
            Self::School(error) => error.hint(),
            Self::Outbox(error) => error.hint(),
            Self::Export(error) => error.hint(),
            Self::Pull(_) => "Ask the school platform's support: the server does not keep to the School server API.",
            Self::NoToken(_) => "Connect the school again with a token; all that is here stays readable.",
            Self::NotFound { .. } => "Look it up in the list; it may have been deleted on the server.",
        }
    }

    /// The failure as a person reads it.
    pub fn problem(&self) -> Problem {
        Problem { code: self.code(), message: sentence(&self.to_string()), hint: self.hint().to_owned() }
    }
}

fn school_code(error: &SchoolError) -> ProblemCode {
    match (error, error.verdict()) {
        (SchoolError::Unsendable(_), _) => ProblemCode::Invalid,
        (_, Verdict::TokenRefused) => ProblemCode::TokenRefused,
        _ => ProblemCode::Unreachable,
    }
}

/// A text with a capital in front and a full stop behind.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let mut sentence: String =
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_is_a_sentence() {
        assert_eq!(Error::NoProfiles.problem().message, "No school is connected yet.");
        assert_eq!(sentence("done."), "Done.");
        assert_eq!(sentence("ключ"), "Ключ.");
    }
}
