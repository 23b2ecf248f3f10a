//! How far a command is: one line on standard error that is written over, only where that is a terminal.

use std::{
    io::{self, IsTerminal as _, Write as _},
    sync::{Arc, Mutex, PoisonError},
};

use hallmonitor_core::model::SyncPhase;

use crate::{legible, table::grouped};

/// The line. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    terminal: bool,
    shown: Arc<Mutex<String>>,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self { terminal: io::stderr().is_terminal(), shown: Arc::default() }
    }

    /// Shows a step; the same one twice is written once.
    pub(crate) fn step(&self, text: &str) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if self.terminal && *shown != text {
            text.clone_into(&mut shown);
            let _ = write!(io::stderr(), "\r\x1b[2K{}", legible::line(text));
        }
    }

    /// Says something that stays, on a terminal or not.
    pub(crate) fn say(&self, text: &str) {
        self.clear();
        let _ = writeln!(io::stderr(), "{}", legible::line(text));
    }

    /// Takes the line away.
    pub(crate) fn clear(&self) {
        self.step("");
    }

    /// Shows a step of a sync; a wait is said even where there is no terminal.
    pub(crate) fn sync_step(&self, phase: &SyncPhase) {
        match phase {
            SyncPhase::Idle => self.clear(),
            SyncPhase::Connecting => self.step("Asking the school's server …"),
            SyncPhase::Pulling { done, remaining: None } => self.step(&format!("Read {} …", grouped(*done))),
            SyncPhase::Pulling { done, remaining: Some(remaining) } => {
                self.step(&format!("Read {} of about {} …", grouped(*done), grouped(done.saturating_add(*remaining))));
            }
            SyncPhase::Pushing { done, remaining } => {
                self.step(&format!(
                    "Sent {} of {} decisions …",
                    grouped(*done),
                    grouped(done.saturating_add(*remaining))
                ));
            }
            SyncPhase::Indexing => self.step("Making the indexes …"),
            SyncPhase::Waiting { seconds } => {
                self.say(&format!("The server asks to come back later: waiting {seconds} s."));
            }
        }
    }
}
