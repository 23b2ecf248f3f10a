//! Failures before they are said: codes for programs, messages for people, in no language yet.
//!
//! Every error enum of this crate says itself through a match from variant to message, so that a new variant does not
//! compile without its words. The catalogs hold each sentence once a language; `Display` is the English one.

use hallmonitor_language::{Language, Message};

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
