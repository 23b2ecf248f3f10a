//! A display that no person sees: a screen, a bus and a window manager, for pictures.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context as _, Result, bail};

/// A bus that starts nothing by itself: no portal of the person's desktop changes the picture.
const BUS: &str = include_str!("../../../../tests/support/bus.conf");

/// Width and height of a screen, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    /// At least 1024.
    pub(crate) width: u32,
    /// At least 640.
    pub(crate) height: u32,
}

impl Size {
    /// What the pictures in the README have.
    pub(crate) const USUAL: Self = Self { width: 1440, height: 900 };

    /// Reads `1440x900`.
    ///
    /// # Errors
    /// Where it is no size, or smaller than the window can be.
    pub(crate) fn read(text: &str) -> Result<Self> {
        let size = text
            .split_once('x')
            .and_then(|(width, height)| Some(Self { width: width.parse().ok()?, height: height.parse().ok()? }));
        match size {
            Some(size) if (1024..=7680).contains(&size.width) && (640..=4320).contains(&size.height) => Ok(size),
            Some(_) => bail!("--size is 1024x640 at least and 7680x4320 at most"),
            None => bail!("--size is width and height, like 1440x900"),
        }
    }
}

/// A running display. Dropped, everything on it is killed and its folder removed.
#[derive(Debug)]
pub(crate) struct Display {
    home: PathBuf,
    number: String,
    bus: String,
    children: Vec<Child>,
}

impl Display {
    /// # Errors
    /// Where a part is not installed, or does not come up.
    pub(crate) fn start(size: Size) -> Result<Self> {
        let home = std::env::temp_dir().join(format!("hallmonitor-picture-{}", std::process::id()));
        fs::create_dir_all(home.join("runtime")).context("a temporary folder cannot be made")?;
        let mut display = Self { home, number: String::new(), bus: String::new(), children: Vec::new() };

        let mut screen = Command::new("Xvfb");
        screen.args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0"]);
        screen.arg(format!("{}x{}x24", size.width, size.height));
        let number = display.start_and_read(&mut screen)?;
        display.number = format!(":{number}");

        let settings = display.home.join("bus.conf");
        fs::write(&settings, BUS).context("a temporary file cannot be written")?;
        let mut bus = display.command("dbus-daemon");
        bus.arg("--config-file").arg(settings).args(["--nofork", "--nopidfile", "--print-address=1"]);
        display.bus = display.start_and_read(&mut bus)?;

        let windows = display.command("openbox").stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        display.children.push(windows.context("openbox does not start")?);
        Ok(display)
    }

    /// A folder that goes with the display.
    pub(crate) fn home(&self) -> &Path {
        &self.home
    }

    /// A command that runs on this display and sees no file of the person's.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .stdin(Stdio::null())
            .env("HOME", &self.home)
            .env("XDG_RUNTIME_DIR", self.home.join("runtime"))
            .env("DISPLAY", &self.number)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("GSETTINGS_BACKEND", "memory")
            .env("NO_AT_BRIDGE", "1");
        for unwanted in
            ["WAYLAND_DISPLAY", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "GTK_THEME"]
        {
            command.env_remove(unwanted);
        }
        command
    }

    /// Starts a program that says where it listens.
    fn start_and_read(&mut self, command: &mut Command) -> Result<String> {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{name} does not start"))?;
        let output = child.stdout.take();
        self.children.push(child);
        let mut line = String::new();
        if let Some(output) = output {
            BufReader::new(output).read_line(&mut line)?;
        }
        if line.trim().is_empty() {
            bail!("{name} ended at once");
        }
        Ok(line.trim().to_owned())
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // The newest first: the screen last, so that nobody complains of its end.
        while let Some(mut child) = self.children.pop() {
            let _ = child.kill();
            let _ = child.wait();
        }
        let _ = fs::remove_dir_all(&self.home);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_one_that_the_window_can_have() {
        for (text, good) in [
            ("1440x900", true),
            ("1024x640", true),
            ("1023x640", false),
            ("99999x900", false),
            ("big", false),
            ("1x", false),
        ] {
            assert_eq!(Size::read(text).is_ok(), good, "{text}");
        }
    }
}
