//! Standard output: nothing of it is seen where a command fails.

use std::{
    fs::File,
    io::{self, Seek as _, Write},
};

use serde::Serialize;

use crate::failure::Failure;

/// Up to so many bytes are held back in memory until the command has done its work; a larger answer lies on the disk, in
/// a file without a name that nobody else can open.
const HELD: usize = 64 << 20;

/// What a command prints.
#[derive(Debug, Default)]
pub(crate) struct Output {
    held: Vec<u8>,
    spooled: Option<File>,
}

impl Output {
    /// The answer as one JSON document.
    pub(crate) fn document(answer: &impl Serialize) -> Result<Self, Failure> {
        let mut held = serde_json::to_vec_pretty(answer)?;
        held.push(b'\n');
        Ok(Self { held, spooled: None })
    }

    /// The answer as lines for a person.
    pub(crate) fn lines(text: String) -> Self {
        let mut held = text.into_bytes();
        held.push(b'\n');
        Self { held, spooled: None }
    }

    /// Lets everything out: the command has done its work.
    pub(crate) fn show(self) -> Result<(), Failure> {
        self.pour(&mut io::stdout().lock()).map_err(Failure::Output)
    }

    fn pour(mut self, out: &mut impl Write) -> io::Result<()> {
        if let Some(mut file) = self.spooled.take() {
            file.rewind()?;
            io::copy(&mut file, out)?;
        }
        out.write_all(&self.held)?;
        out.flush()
    }

    /// Takes more, and keeps no more than `most` bytes in memory.
    fn take(&mut self, bytes: &[u8], most: usize) -> io::Result<()> {
        if self.held.len() + bytes.len() > most {
            let file = match &mut self.spooled {
                Some(file) => file,
                none => none.insert(tempfile::tempfile()?),
            };
            file.write_all(&self.held)?;
            self.held.clear();
        }
        self.held.extend_from_slice(bytes);
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.take(bytes, HELD)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_of_any_size_comes_out_whole_and_in_order_at_the_end() {
        for most in [0, 1, 7, 100, 10_000] {
            let mut output = Output::default();
            let mut written = Vec::new();
            for number in 0..500 {
                let line = format!("{number}\n");
                output.take(line.as_bytes(), most).expect("taken");
                written.extend_from_slice(line.as_bytes());
            }
            assert_eq!(output.spooled.is_some(), most < written.len(), "{most}");
            let mut shown = Vec::new();
            output.pour(&mut shown).expect("shown");
            assert_eq!(shown, written, "{most}");
        }
    }
}
