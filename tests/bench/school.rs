//! A seeded school with its server in a process of its own, and a folder for the client's data.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

/// A running school to measure against.
pub(crate) struct Bench {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) url: String,
    pub(crate) cabinet: String,
    pub(crate) token: String,
    pub(crate) site_token: String,
    pub(crate) sessions: u64,
    server: Child,
}

impl Bench {
    /// Seeds and serves a school, or serves the one that an earlier run has left; the client's data are removed.
    pub(crate) async fn prepare(under: &Path, name: &str, (contacts, sessions): (u64, u64)) -> Result<Self> {
        // Another size is another school.
        let folder = under.join(format!("{name}-{contacts}-{sessions}"));
        fs::create_dir_all(&folder)?;
        let database = format!("sqlite:{}", folder.join("school.db").display());
        let ask = |words: &[&str]| -> Result<Value> {
            let output =
                program("hallmonitor-school")?.args(["--database", &database, "--json"]).args(words).output()?;
            if !output.status.success() {
                bail!("hallmonitor-school {}: {}", words.join(" "), String::from_utf8_lossy(&output.stderr));
            }
            Ok(serde_json::from_slice(&output.stdout)?)
        };
        let (contacts, total) = (contacts.to_string(), sessions.to_string());
        let kept = folder.join("seeded");
        if !kept.exists() {
            let seeded = ask(&["seed", "--contacts", &contacts, "--sessions", &total])?;
            println!("\nA school named {name}: {seeded}");
            fs::write(kept, "")?;
        }
        for left in ["data", "plain.db", "plain-cache.db"] {
            let left = folder.join(left);
            if left.is_dir() {
                fs::remove_dir_all(left)?;
            } else if left.exists() {
                fs::remove_file(left)?;
            }
        }
        let owner = ask(&["token", "create", "--scope", "admin"])?;
        let site = ask(&["token", "create", "--scope", "site"])?;
        let text = |value: &Value, field: &str| value[field].as_str().map(str::to_owned).context("no token");
        let mut server = program("hallmonitor-school")?
            .args(["--database", &database, "serve", "--listen", "127.0.0.1:0"])
            .args(["--rate-limit", "1000000", "--site-rate-limit", "1000000"])
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(server.stdout.take().context("no output")?).read_line(&mut line)?;
        let url = line.trim().strip_prefix("listening on ").context("the server did not say where it listens")?;
        Ok(Self {
            name: name.to_owned(),
            folder,
            url: url.to_owned(),
            cabinet: text(&owner, "cabinet_hash")?,
            token: text(&owner, "token")?,
            site_token: text(&site, "token")?,
            sessions,
            server,
        })
    }

    /// Where programs of this desktop keep their data.
    pub(crate) fn data_home(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Where the client keeps its own among it.
    pub(crate) fn data_dir(&self) -> PathBuf {
        self.data_home().join("hallmonitor")
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// A program that was built beside this one.
pub(crate) fn program(name: &str) -> Result<Command> {
    let path = std::env::current_exe()?.with_file_name(name);
    if !path.exists() {
        bail!("{} is not built: use `cargo xtask bench`", path.display());
    }
    Ok(Command::new(path))
}
