//! What is to be measured.

use anyhow::{Context as _, Result, bail};

/// The parts of the bench.
const PARTS: [&str; 6] = ["decisions", "first-sync", "later", "pages", "tray", "window"];

/// What the person asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    parts: Vec<&'static str>,
    /// In the large cache.
    pub(crate) sessions: u64,
}

impl Wanted {
    /// # Errors
    /// Where a word means nothing.
    pub(crate) fn read(words: &[String]) -> Result<Self> {
        let mut wanted = Self { parts: Vec::new(), sessions: 1_000_000 };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if word == "--sessions" {
                let number = words.next().and_then(|number| number.replace([',', '_'], "").parse().ok());
                wanted.sessions = number.filter(|number| *number >= 20_000).context("--sessions is 20000 or more")?;
                continue;
            }
            match PARTS.iter().find(|part| *part == word) {
                Some(part) => wanted.parts.push(part),
                None => bail!("bench knows {} and --sessions, not {word}", PARTS.join(", ")),
            }
        }
        Ok(wanted)
    }

    /// Whether a part is measured; without any named all are.
    pub(crate) fn has(&self, part: &str) -> bool {
        self.parts.is_empty() || self.parts.contains(&part)
    }
}
