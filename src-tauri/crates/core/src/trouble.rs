//! Failures before they are said: codes for programs, messages for people, in no language yet.
//!
//! Every error enum of this crate says itself through a match from variant to message, so that a new variant does not
//! compile without its words. The catalogs hold each sentence once a language; `Display` is the English one.

use std::io;

use hallmonitor_language::{Argument, Language, Message};

use crate::{
    Error, OutboxError,
    cache::CacheError,
    export::ExportError,
    model::{Problem, ProblemCode},
    pull::PullError,
    school::{BadAddress, BadPage, SchoolError},
    settings::SettingsError,
    vault::{BadSecret, VaultError},
};

/// A failure that can be said in any language, and again in another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What the edges act on.
    pub code: ProblemCode,
    /// What happened and why, a sentence.
    pub message: Message,
    /// What to do, a sentence.
    pub hint: Message,
}

impl Trouble {
    /// The failure as a person reads it.
    pub fn said(&self, language: Language) -> Problem {
        Problem { code: self.code, message: self.message.said(language), hint: self.hint.said(language) }
    }
}

/// What a system, a library or a server said, fit to stand before a full stop of ours.
pub(crate) fn clause(said: &(impl ToString + ?Sized)) -> String {
    said.to_string().trim_end_matches(['.', '!', '?', ' ']).to_owned()
}

/// Why the system did not do something: its usual reasons in the words of the language, any other as the system says it.
pub(crate) fn why(error: &io::Error) -> Argument {
    match usual(error) {
        Some(key) => Message::new(key).into(),
        None => clause(error).into(),
    }
}

/// The same for what libraries wrap.
pub(crate) fn why_wrapped(error: &(dyn std::error::Error + 'static), other: impl FnOnce() -> String) -> Argument {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(key) = error.downcast_ref::<io::Error>().and_then(usual) {
            return Message::new(key).into();
        }
        // The words of the library that looks names up.
        if error.to_string() == "dns error" {
            return Message::new("problem.why.no_host").into();
        }
        next = error.source();
    }
    other().into()
}

fn usual(error: &io::Error) -> Option<&'static str> {
    use io::ErrorKind;

    Some(match error.kind() {
        ErrorKind::ConnectionRefused => "problem.why.refused",
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => "problem.why.cut",
        ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable | ErrorKind::NetworkDown => "problem.why.no_network",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "problem.why.full",
        ErrorKind::PermissionDenied => "problem.why.not_allowed",
        ErrorKind::ReadOnlyFilesystem => "problem.why.read_only",
        ErrorKind::NotFound => "problem.why.not_there",
        _ => return None,
    })
}

macro_rules! english {
    ($($error:ty),+) => {
        $(impl std::fmt::Display for $error {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.message().said(Language::English))
            }
        })+
    };
}

english!(
    BadAddress,
    BadPage,
    BadSecret,
    CacheError,
    Error,
    ExportError,
    OutboxError,
    PullError,
    SchoolError,
    SettingsError,
    VaultError
);

#[cfg(test)]
mod tests;
