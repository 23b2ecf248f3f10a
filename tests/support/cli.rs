//! The real command line, with a data folder of its own, in passphrase mode.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{TestSchool, program};

/// A machine without a keyring, on which only the command line is used.
#[derive(Debug)]
pub struct Cli {
    folder: TempDir,
    /// `HALLMONITOR_PASSPHRASE`.
    pub passphrase: String,
    /// `HALLMONITOR_TOKEN`.
    pub token: String,
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// The exit code; -1 where a signal ended it.
    pub code: i32,
    /// What it printed.
    pub stdout: String,
    /// What it said to a person.
    pub stderr: String,
}

impl Cli {
    /// A new machine with this token at hand.
    ///
    /// # Panics
    /// Where there is no temporary folder.
    pub fn new(token: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self { folder, passphrase: "correct horse battery staple".to_owned(), token: token.to_owned() }
    }

    /// A new machine that is connected to a school.
    ///
    /// # Panics
    /// Where the command fails.
    pub fn connected(school: &TestSchool) -> Self {
        let cli = Self::new(&school.token);
        let ran = cli.run(&["connect", "--server", &school.url(), "--cabinet", &school.cabinet]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        cli
    }

    /// Its `--data-dir`.
    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Runs a command to its end.
    ///
    /// # Panics
    /// Where the program is not built.
    pub fn run(&self, words: &[&str]) -> Ran {
        let output = self.command(words).output().expect("the program was found");
        Ran {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("it writes UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("it writes UTF-8"),
        }
    }

    /// Runs a command that works, and reads its JSON.
    ///
    /// # Panics
    /// Where it fails, or prints anything but one JSON document.
    pub fn json(&self, words: &[&str]) -> Value {
        let ran = self.run(&[&["--json"], words].concat());
        assert_eq!(ran.code, 0, "{words:?}: {}", ran.stderr);
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{words:?}: {error}: {}", ran.stdout))
    }

    /// A command that has not started yet; it has no terminal, no keyring and no network but loopback's.
    ///
    /// # Panics
    /// Where the program is not built.
    pub fn command(&self, words: &[&str]) -> Command {
        let home: &Path = self.folder.path();
        let mut command = Command::new(program("hallmonitor-cli"));
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("LANG", "C.UTF-8")
            .env("HOME", home)
            .env("HALLMONITOR_PASSPHRASE", &self.passphrase)
            .env("HALLMONITOR_TOKEN", &self.token)
            .arg("--data-dir")
            .arg(self.data_dir())
            .args(words)
            .stdin(Stdio::null());
        command
    }
}
