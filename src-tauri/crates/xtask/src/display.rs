//! A display of our own: Xvfb with a window manager and a session bus, gone when it is dropped.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

use crate::step::command;

/// How long anything may take to come up.
const PATIENCE: Duration = Duration::from_secs(30);

/// A virtual display.
pub(crate) struct Display {
    server: Child,
    manager: Child,
    name: String,
}

impl Display {
    /// Starts one of this size (`1440x900`) on a free number.
    pub(crate) fn start(size: &str) -> Result<Self> {
        // `-displayfd 1`: the server chooses a free number and prints it when it is ready.
        let mut server =
            command("Xvfb", &["-displayfd", "1", "-screen", "0", &format!("{size}x24"), "-nolisten", "tcp"])
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .context("Xvfb can't be started")?;
        let mut number = String::new();
        if let Some(output) = server.stdout.take() {
            BufReader::new(output).read_line(&mut number)?;
        }
        let name = format!(":{}", number.trim());
        if name == ":" {
            let _ = server.kill();
            bail!("Xvfb ended before it was ready");
        }
        let manager = command("openbox", &[])
            .env("DISPLAY", &name)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("openbox can't be started");
        match manager {
            Ok(manager) => Ok(Self { server, manager, name }),
            Err(error) => {
                let _ = server.kill();
                Err(error)
            }
        }
    }

    /// `program` on this display.
    pub(crate) fn command(&self, program: &str, words: &[&str]) -> Command {
        let mut command = command(program, words);
        command.env("DISPLAY", &self.name).env_remove("WAYLAND_DISPLAY");
        command
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        for child in [&mut self.manager, &mut self.server] {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Waits until `ready` says so, as long as `child` lives.
pub(crate) fn wait_for(what: &str, child: &mut Child, ready: impl Fn() -> bool) -> Result<()> {
    let since = Instant::now();
    while !ready() {
        if let Some(ended) = child.try_wait()? {
            bail!("the window closed before {what} ({ended})");
        }
        if since.elapsed() > PATIENCE {
            bail!("{what} did not happen within {} seconds", PATIENCE.as_secs());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}
