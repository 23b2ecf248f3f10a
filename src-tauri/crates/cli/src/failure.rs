//! Why a command failed, as a message for a person and as an exit code for a script.

use std::{borrow::Cow, io};

use hallmonitor_core::{
    Error, OutboxError,
    cache::CacheError,
    export::ExportError,
    model::{EntryState, ProblemCode},
    school::Verdict,
};
use hallmonitor_language::Language;
use thiserror::Error;

/// The exit code of wrong usage.
pub(crate) const WRONG_USAGE: u8 = 2;

/// Each text says what and why; [`Failure::message`] adds what to do.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Core(#[from] Error),
    #[error("No token was given, and there is no terminal to ask on.")]
    NoToken,
    #[error("{0} is set to nothing.")]
    Empty(&'static str),
    #[error("{0} holds bytes that are no UTF-8 text.")]
    NoText(&'static str),
    #[error("--json and --out - both want standard output.")]
    TwoDocuments,
    #[error("A workbook can't be written to standard output.")]
    WorkbookToOutput,
    #[error("A report is two files, which standard output can't be.")]
    ReportToOutput,
    #[error("One device alone can't be one with others.")]
    OneDevice,
    #[error("The time ends before it begins.")]
    NoPeriod,
    #[error("Without a verdict nothing is noted.")]
    NoVerdict,
    #[error("The school's server has no login log: there is nothing to report.")]
    NoLoginLog,
    #[error("The school's access control settings have not been read yet.")]
    NoSettings,
    #[error("Nothing was removed.")]
    NotConfirmed,
    #[error("Decisions that were not sent would be lost: {0}. Nothing was removed.")]
    WouldLose(i64),
    #[error("{} Whether unsent decisions would be lost can't be told. Nothing was removed.", .0)]
    NotCounted(#[source] Error),
    #[error("Interrupted: nothing was written.")]
    Interrupted,
    #[error("The terminal can't be read: {0}.")]
    Terminal(#[source] io::Error),
    #[error("The command has done its work, but its output can't be written: {0}.")]
    Output(#[source] io::Error),
    #[error("The answer can't be written as JSON: {0}.")]
    Json(#[from] serde_json::Error),
    #[error("The program could not start: {0}.")]
    Runtime(#[source] io::Error),
}

impl From<CacheError> for Failure {
    fn from(error: CacheError) -> Self {
        Self::Core(error.into())
    }
}

impl Failure {
    /// What, why, what to do.
    pub(crate) fn message(&self) -> String {
        let (message, hint) = match self {
            Self::Core(error) => {
                let problem = error.problem(Language::English);
                (problem.message, [problem.hint.as_str(), here(error).as_ref()].join(" ").trim_end().to_owned())
            }
            other => (other.to_string(), other.hint().to_owned()),
        };
        if hint.is_empty() { message } else { format!("{message} {hint}") }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Core(_) | Self::Interrupted => "",
            Self::NoToken => "Set HALLMONITOR_TOKEN.",
            Self::Empty(_) | Self::NoText(_) => "Give it a value or take it away.",
            Self::TwoDocuments => "Leave out --json, or name a file.",
            Self::WorkbookToOutput => "Name a file, or choose csv or json.",
            Self::ReportToOutput => "Name a file.",
            Self::OneDevice => "Name two or more.",
            Self::NoPeriod => "Choose --until after --from.",
            Self::NoVerdict => "Choose sharing, harmless or watch, or leave out --note and --until.",
            Self::NoLoginLog => "Ask the platform for a login log.",
            Self::NoSettings => "Run hallmonitor-cli sync first; a school without a login log has none.",
            Self::NotConfirmed => "Answer y, or say --yes.",
            Self::NotCounted(_) => "Say --yes to remove this school from this machine all the same.",
            Self::WouldLose(_) => {
                "Run hallmonitor-cli sync first and settle what it leaves (hallmonitor-cli outbox), or say --yes to lose them."
            }
            Self::Terminal(_) => "Use HALLMONITOR_TOKEN, HALLMONITOR_PASSPHRASE and --yes instead.",
            Self::Output(_) => "Check the room on the disk.",
            Self::Json(_) => "Try without --json.",
            Self::Runtime(_) => "Close other programs and try again.",
        }
    }

    /// Whether whoever read the output has gone.
    pub(crate) fn is_broken_pipe(&self) -> bool {
        match self {
            Self::Output(error) => error.kind() == io::ErrorKind::BrokenPipe,
            Self::Core(Error::Export(error)) => error.is_broken_pipe(),
            _ => false,
        }
    }

    /// 1 to 6, as the table of the command line says.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Core(error) => of_core(error),
            Self::NotCounted(_) => 6,
            Self::NoToken
            | Self::Empty(_)
            | Self::NoText(_)
            | Self::TwoDocuments
            | Self::WorkbookToOutput
            | Self::ReportToOutput
            | Self::OneDevice
            | Self::NoPeriod
            | Self::NoVerdict => WRONG_USAGE,
            Self::NoSettings
            | Self::NoLoginLog
            | Self::NotConfirmed
            | Self::WouldLose(_)
            | Self::Interrupted
            | Self::Terminal(_)
            | Self::Output(_)
            | Self::Json(_)
            | Self::Runtime(_) => 1,
        }
    }
}

/// Whether the same may work a little later: the window tries again by itself, and this program does not.
fn may_work_later(error: &Error) -> bool {
    let verdict = match error {
        Error::School(error) | Error::Outbox(OutboxError::School(error)) => error.verdict(),
        _ => return false,
    };
    matches!(verdict, Verdict::Again | Verdict::AgainAfter { .. } | Verdict::RateLimited { .. })
}

/// How that is done here: what to do is said in the window's words, which name what it shows.
fn here(error: &Error) -> Cow<'static, str> {
    let words = match error {
        Error::BadProfile { name, .. } => {
            // As a shell takes it, whatever the file says it is called.
            let name = name.replace('\'', r"'\''");
            return format!("Here: hallmonitor-cli wipe --yes --profile '{name}', then hallmonitor-cli connect.")
                .into();
        }
        Error::NoProfiles => "Here: hallmonitor-cli connect.",
        Error::NoProfile { known, .. } if known.is_empty() => "Here: hallmonitor-cli connect.",
        Error::NoProfile { .. } | Error::WhichProfile { .. } => "Here: --profile NAME.",
        Error::NoDataDir => "Here: --data-dir DIR.",
        Error::NameTaken { .. } => "Here: --name NAME.",
        Error::NoToken(_) => "Here: hallmonitor-cli connect.",
        Error::Unsent { .. } => "Here: hallmonitor-cli sync, or hallmonitor-cli outbox.",
        Error::Cache(CacheError::Damaged { .. }) => "Here: hallmonitor-cli wipe --yes, then hallmonitor-cli connect.",
        error if may_work_later(error) => "Here: the same command again.",
        Error::Outbox(OutboxError::Unknown(_)) => "Here: hallmonitor-cli outbox.",
        Error::Outbox(OutboxError::Elsewhere { state: EntryState::Conflict, .. }) => {
            "Here: hallmonitor-cli outbox keep-mine ID, or take-theirs ID."
        }
        Error::Outbox(OutboxError::Elsewhere { state: EntryState::Rejected, .. }) => {
            "Here: hallmonitor-cli outbox retry ID, or dismiss ID."
        }
        Error::Export(ExportError::NoPlainFile(_)) => "Here: --out FILE.",
        error if matches!(error.code(), ProblemCode::Passphrase | ProblemCode::Keyring) => {
            "Here: the passphrase goes into HALLMONITOR_PASSPHRASE."
        }
        _ => "",
    };
    words.into()
}

fn of_core(error: &Error) -> u8 {
    match error {
        Error::WhichProfile { .. } | Error::Address(_) | Error::Secret(_) | Error::BadName(_) => WRONG_USAGE,
        Error::Cache(CacheError::BadRange(_)) => WRONG_USAGE,
        Error::Cache(CacheError::DiskFull) | Error::Export(ExportError::Cache(CacheError::DiskFull)) => 1,
        Error::Cache(_) | Error::Export(ExportError::Cache(_)) => 6,
        other => match other.code() {
            ProblemCode::NoProfile => 3,
            ProblemCode::TokenRefused | ProblemCode::MayNotDecide | ProblemCode::SignedOut => 4,
            ProblemCode::Unreachable => 5,
            ProblemCode::Passphrase
            | ProblemCode::WrongPassphrase
            | ProblemCode::Keyring
            | ProblemCode::Cache
            | ProblemCode::Locked => 6,
            ProblemCode::Invalid | ProblemCode::NotFound | ProblemCode::Failed => 1,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::{path::PathBuf, time::Duration};

    use hallmonitor_core::{
        school::SchoolError,
        vault::{BadSecret, VaultError},
    };

    use super::*;

    #[test]
    fn each_failure_has_the_exit_code_of_the_table() {
        let names = || vec!["a".to_owned(), "b".to_owned()];
        for (failure, code) in [
            (Failure::NoToken, 2),
            (Failure::TwoDocuments, 2),
            (Failure::Core(Error::Secret(BadSecret::Empty("token"))), 2),
            (Failure::Core(Error::BadName("a/b".into())), 2),
            (Failure::Core(Error::WhichProfile { known: names() }), 2),
            (Failure::Core(Error::NoProfiles), 3),
            (Failure::Core(Error::NoProfile { name: "c".into(), known: names() }), 3),
            (Failure::Core(Error::NameTaken { name: "a".into(), server: "https://a".into() }), 1),
            (Failure::Core(Error::NotFound { what: "contact", id: 1 }), 1),
            (Failure::Core(Error::NoToken("a".into())), 4),
            (Failure::Core(Error::Vault(VaultError::WrongPassphrase)), 6),
            (Failure::Core(Error::Vault(VaultError::PassphraseNeeded)), 6),
            (Failure::Core(Error::Vault(VaultError::KeyLost)), 6),
            (Failure::Core(Error::Cache(CacheError::Newer { found: 9, known: 1 })), 6),
            (Failure::Core(Error::Cache(CacheError::Locked { seconds: 20 })), 6),
            (Failure::Core(Error::Cache(CacheError::DiskFull)), 1),
            (Failure::Core(Error::Cache(CacheError::BadRange("a/b".into()))), 2),
            (Failure::Core(Error::Io { path: PathBuf::from("a"), source: io::Error::other("no") }), 1),
            (Failure::NotCounted(Error::Vault(VaultError::KeyLost)), 6),
            (Failure::NoSettings, 1),
        ] {
            assert_eq!(failure.exit_code(), code, "{failure:?}");
        }
    }

    #[test]
    fn every_message_says_what_to_do() {
        let message = Failure::Core(Error::NoProfiles).message();
        assert_eq!(message, "No school is connected yet. Connect a school first. Here: hallmonitor-cli connect.");
        for (error, words) in [
            (Error::WhichProfile { known: vec!["a".into(), "b".into()] }, "Choose one of them. Here: --profile NAME."),
            (Error::NoDataDir, "Here: --data-dir DIR."),
            (Error::Cache(CacheError::DiskFull), "Free some space, then try again."),
            (
                Error::School(SchoolError::TimedOut { host: "school.example".into(), limit: Duration::from_secs(1) }),
                "Here: the same command again.",
            ),
        ] {
            let message = Failure::Core(error).message();
            assert!(message.ends_with(words), "{message}");
        }
        let message = Failure::NotCounted(Error::Vault(VaultError::WrongPassphrase)).message();
        assert!(message.starts_with("The passphrase is wrong. ") && message.contains("--yes"), "{message}");
    }
}
