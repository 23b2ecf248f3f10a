//! What is to be measured.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

/// The parts of the bench.
const PARTS: [&str; 10] =
    ["decisions", "exports", "first-sync", "frames", "later", "older", "pages", "review", "tray", "window"];
/// Sessions for each contact of the large school, where nothing else is said.
const SESSIONS_EACH: u64 = 50;
/// The same where lists and the review are measured: many contacts, of whom each logs in now and then.
const SESSIONS_EACH_OF_MANY: u64 = 10;

/// What the person asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    parts: Vec<&'static str>,
    /// In the large cache.
    pub(crate) sessions: u64,
    /// The same; `None` is one for each 50 sessions, and for each 10 where lists and the review are measured.
    contacts: Option<u64>,
    /// Where the schools stay for the next run, instead of a folder that is removed.
    pub(crate) folder: Option<PathBuf>,
}

impl Wanted {
    /// # Errors
    /// Where a word means nothing.
    pub(crate) fn read(words: &[String]) -> Result<Self> {
        let mut wanted = Self { parts: Vec::new(), sessions: 1_000_000, contacts: None, folder: None };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut number = || words.next().and_then(|number| number.replace([',', '_'], "").parse::<u64>().ok());
            match word.as_str() {
                "--sessions" => {
                    let number = number().filter(|number| *number >= 20_000);
                    wanted.sessions = number.context("--sessions is 20000 or more")?;
                }
                "--contacts" => {
                    let number = number().filter(|number| *number >= 400);
                    wanted.contacts = Some(number.context("--contacts is 400 or more")?);
                }
                "--folder" => wanted.folder = Some(words.next().context("--folder takes a folder")?.into()),
                word => match PARTS.iter().find(|part| **part == word) {
                    Some(part) => wanted.parts.push(part),
                    None => bail!("bench knows {}, --contacts, --folder and --sessions, not {word}", PARTS.join(", ")),
                },
            }
        }
        Ok(wanted)
    }

    /// Whether a part is measured; without any named all are.
    pub(crate) fn has(&self, part: &str) -> bool {
        self.parts.is_empty() || self.parts.contains(&part)
    }

    /// Whether one of these parts is measured.
    pub(crate) fn has_any(&self, parts: &[&str]) -> bool {
        parts.iter().any(|part| self.has(part))
    }

    /// Contacts and sessions of the large school.
    pub(crate) fn size(&self) -> (u64, u64) {
        (self.contacts.unwrap_or(self.sessions / SESSIONS_EACH), self.sessions)
    }

    /// The same of the large school whose lists and review are measured: 100,000 and 1,000,000 where nothing else is
    /// said.
    pub(crate) fn crowded_size(&self) -> (u64, u64) {
        (self.contacts.unwrap_or(self.sessions / SESSIONS_EACH_OF_MANY), self.sessions)
    }
}
