//! Standard output: nothing of it is seen where a command fails.

use std::io::{self, Write};

use serde::Serialize;

use crate::failure::Failure;

/// Up to so many bytes are held back until the command has done its work; a larger answer has to flow.
const HELD: usize = 64 << 20;

/// What a command prints.
#[derive(Debug, Default)]
pub(crate) struct Output {
    held: Vec<u8>,
    flowing: bool,
}

impl Output {
    /// The answer as one JSON document.
    pub(crate) fn document(answer: &impl Serialize) -> Result<Self, Failure> {
        let mut held = serde_json::to_vec_pretty(answer)?;
        held.push(b'\n');
        Ok(Self { held, flowing: false })
    }

    /// The answer as lines for a person.
    pub(crate) fn lines(text: String) -> Self {
        let mut held = text.into_bytes();
        held.push(b'\n');
        Self { held, flowing: false }
    }

    /// Lets everything out: the command has done its work.
    pub(crate) fn show(mut self) -> Result<(), Failure> {
        self.let_out().and_then(|()| io::stdout().flush()).map_err(Failure::Output)
    }

    fn let_out(&mut self) -> io::Result<()> {
        let held = std::mem::take(&mut self.held);
        io::stdout().write_all(&held)
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.flowing && self.held.len() + bytes.len() > HELD {
            self.let_out()?;
            self.flowing = true;
        }
        if self.flowing {
            io::stdout().write_all(bytes)?;
        } else {
            self.held.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.flowing { io::stdout().flush() } else { Ok(()) }
    }
}
