//! Failures on their way to the window. They are kept unsaid, and said in the language that is in force when they leave.

use std::{
    fmt,
    sync::{PoisonError, RwLock},
};

use hallmonitor_core::{
    Error, Trouble,
    model::{self, ProblemCode},
    settings::SettingsError,
};
use hallmonitor_language::{Language, Message};
use serde::{Serialize, Serializer};

use crate::{autostart::AutostartError, demo::DemoError};

/// One program speaks one language; whoever serialises has no argument to hand it in.
static IN_FORCE: RwLock<Language> = RwLock::new(Language::English);

/// From now on failures are said in this language.
pub(crate) fn speak(language: Language) {
    *IN_FORCE.write().unwrap_or_else(PoisonError::into_inner) = language;
}

/// A failure as the window is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem(Trouble);

impl Problem {
    pub(crate) fn new(code: ProblemCode, message: Message, hint: &'static str) -> Self {
        Self(Trouble { code, message, hint: Message::new(hint) })
    }

    /// What the program acts on.
    pub(crate) fn code(&self) -> ProblemCode {
        self.0.code
    }

    /// In the words of a language.
    pub(crate) fn said(&self, language: Language) -> model::Problem {
        self.0.said(language)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message.said(Language::English))
    }
}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let language = *IN_FORCE.read().unwrap_or_else(PoisonError::into_inner);
        self.said(language).serialize(to)
    }
}

impl From<&SettingsError> for Problem {
    fn from(error: &SettingsError) -> Self {
        Self(error.trouble())
    }
}

impl From<&AutostartError> for Problem {
    fn from(error: &AutostartError) -> Self {
        Self::new(ProblemCode::Failed, error.message(), "problem.shell.hint.desktop_settings")
    }
}

/// A failure of core.
#[expect(clippy::needless_pass_by_value, reason = "stands in map_err")]
pub(crate) fn told(error: Error) -> Problem {
    Problem(error.trouble())
}

/// A failure of the demo school.
#[expect(clippy::needless_pass_by_value, reason = "stands in map_err")]
pub(crate) fn demo(error: DemoError) -> Problem {
    let message = match &error {
        DemoError::Core(error) => return Problem(error.trouble()),
        DemoError::Folder(error) => Message::new("problem.shell.demo.folder").with("reason", error.to_string()),
        DemoError::Server(error) => Message::new("problem.shell.demo.server").with("reason", error.to_string()),
        DemoError::Seed(error) => Message::new("problem.shell.demo.server").with("reason", error.to_string()),
    };
    Problem::new(ProblemCode::Failed, message, "problem.shell.hint.temporary_folder")
}

/// A question about a school while none is open.
pub(crate) fn nothing_open() -> Problem {
    Problem::new(
        ProblemCode::NoProfile,
        Message::new("problem.shell.nothing_open"),
        "problem.shell.hint.connect_or_demo",
    )
}

/// A question about a school whose key is gone from memory.
pub(crate) fn locked() -> Problem {
    Problem::new(ProblemCode::Locked, Message::new("problem.shell.locked"), "problem.shell.hint.unlock")
}

/// A decision on a school that the window does not show any more.
pub(crate) fn elsewhere() -> Problem {
    Problem::new(ProblemCode::Invalid, Message::new("problem.shell.elsewhere"), "problem.shell.hint.decide_again")
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn a_kept_failure_leaves_in_the_language_that_is_in_force_then() {
        let kept = locked();
        for (language, message) in [
            (Language::Ukrainian, "Hallmonitor заблоковано."),
            (Language::Russian, "Hallmonitor заблокирован."),
            (Language::English, "Hallmonitor is locked."),
        ] {
            speak(language);
            let left = serde_json::to_value(&kept).expect("plain values");
            assert_eq!((&left["code"], &left["message"]), (&"locked".into(), &message.into()));
        }
    }

    #[test]
    fn every_failure_of_the_shell_is_said_whole_in_every_language() {
        let cause = || io::Error::other("no room");
        for (problem, cause) in [
            (nothing_open(), ""),
            (locked(), ""),
            (elsewhere(), ""),
            (demo(DemoError::Folder(cause())), "no room"),
            (demo(DemoError::Core(Error::NoDataDir)), ""),
            (Problem::from(&AutostartError::Program(cause())), "no room"),
            (Problem::from(&AutostartError::Unwritable("/a b".into())), "/a b"),
            (Problem::from(&AutostartError::NoFolder), ""),
            (Problem::from(&AutostartError::Io { path: "/a".into(), source: cause() }), "no room"),
            (Problem::from(&SettingsError::BadInterval(7)), "7"),
        ] {
            let english = problem.said(Language::English);
            for language in Language::ALL {
                let said = problem.said(language);
                assert!(said.message.ends_with('.') && said.hint.ends_with('.'), "{said:?}");
                assert!(said.message.contains(cause), "{said:?}");
                assert_eq!(language == Language::English, said.message == english.message, "{said:?}");
                assert_eq!(language == Language::English, said.hint == english.hint, "{said:?}");
            }
        }
    }
}
