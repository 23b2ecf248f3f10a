//! Failures as the window shows them.

use hallmonitor_core::{
    Error,
    model::{Problem, ProblemCode},
};
use hallmonitor_language::Language;

use crate::demo::DemoError;

/// A failure of core.
#[expect(clippy::needless_pass_by_value, reason = "stands in map_err")]
pub(crate) fn told(error: Error) -> Problem {
    error.problem(hallmonitor_language::Language::of_system())
}

/// A failure of the demo school.
#[expect(clippy::needless_pass_by_value, reason = "stands in map_err")]
pub(crate) fn demo(error: DemoError) -> Problem {
    if let DemoError::Core(error) = &error {
        return error.problem(hallmonitor_language::Language::of_system());
    }
    Problem {
        code: ProblemCode::Failed,
        message: format!("The demo school did not start: {error}."),
        hint: "Check that the disk has room in its temporary folder, and try again.".to_owned(),
    }
}

/// A question about a school while none is open.
pub(crate) fn nothing_open() -> Problem {
    Problem {
        code: ProblemCode::NoProfile,
        message: "No school is open.".to_owned(),
        hint: "Connect a school, or look around in the demo school.".to_owned(),
    }
}

/// A question about a school whose key is gone from memory.
pub(crate) fn locked() -> Problem {
    Problem {
        code: ProblemCode::Locked,
        message: "Hallmonitor is locked.".to_owned(),
        hint: "Unlock it to go on; nothing is lost.".to_owned(),
    }
}

/// A decision on a school that the window does not show any more.
pub(crate) fn elsewhere() -> Problem {
    Problem {
        code: ProblemCode::Invalid,
        message: "Another school is shown by now.".to_owned(),
        hint: "Nothing was recorded; decide again.".to_owned(),
    }
}
