//! `cargo xtask run`: from a fresh clone to the open window.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{ExitCode, Stdio},
};

use anyhow::{Context as _, Result, bail};

use crate::{
    display::{self, Display},
    packages, pages, prerequisites,
    step::{command, loud, step},
};

/// How the window is to be opened.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    empty: bool,
    release: bool,
    dark: bool,
    screenshot: Option<PathBuf>,
    size: String,
}

impl Wanted {
    /// Reads the words after `run`.
    pub(crate) fn read(words: &[String]) -> Result<Self> {
        let mut wanted =
            Self { empty: false, release: false, dark: false, screenshot: None, size: "1440x900".to_owned() };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--empty" => wanted.empty = true,
                "--release" => wanted.release = true,
                "--dark" => wanted.dark = true,
                "--screenshot" => {
                    let file = words.next().context("--screenshot needs a file: --screenshot window.png")?;
                    wanted.screenshot = Some(std::path::absolute(file)?);
                }
                "--size" => {
                    let size = words.next().context("--size needs a size: --size 1440x900")?;
                    let sides: Vec<_> = size.split('x').map(str::parse::<u16>).collect();
                    if sides.len() != 2 || sides.iter().any(|side| !matches!(side, Ok(320..=8192))) {
                        bail!("--size {size}: it needs to be like 1440x900");
                    }
                    wanted.size.clone_from(size);
                }
                other => bail!(
                    "run does not know “{other}”; it knows --empty, --release, --dark, --screenshot FILE, --size WxH"
                ),
            }
        }
        Ok(wanted)
    }
}

/// Builds everything and opens the window.
pub(crate) fn run(wanted: &Wanted) -> Result<ExitCode> {
    let seen = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|v| !v.is_empty()));
    if cfg!(target_os = "linux") && wanted.screenshot.is_none() && !seen {
        bail!(
            "there is no display to open a window on; --screenshot FILE opens it in a virtual one and writes a picture."
        );
    }
    prerequisites::check()?;
    packages::install(packages::BUILD)?;
    if wanted.screenshot.is_some() {
        packages::install(packages::DISPLAY)?;
    }
    pages::build()?;
    let mut words = vec!["build", "--locked", "--package", "hallmonitor"];
    if wanted.release {
        words.push("--release");
    }
    loud("build the app (some minutes the first time)", &mut command("cargo", &words))?;
    let program = Path::new("target").join(if wanted.release { "release" } else { "debug" }).join("hallmonitor");
    let program = program.to_str().context("the target folder's name is no text")?;
    match &wanted.screenshot {
        Some(file) => screenshot(wanted, program, file).map(|()| ExitCode::SUCCESS),
        None => open(wanted, program),
    }
}

fn open(wanted: &Wanted, program: &str) -> Result<ExitCode> {
    let folder = Throwaway::make()?;
    println!("The window is open; close it to end.");
    let mut command = command(program, &[]);
    if wanted.empty {
        command.arg("--data-dir").arg(&folder.0);
    } else {
        command.arg("--demo");
    }
    let ended = command.status().with_context(|| format!("{program} can't be started"))?;
    Ok(if ended.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn screenshot(wanted: &Wanted, program: &str, file: &Path) -> Result<()> {
    let folder = Throwaway::make()?;
    let ready = folder.0.join("painted");
    let display = step("start a virtual display", || Display::start(&wanted.size))?;
    step("open the window and wait for its first rows", || {
        let mut command = display.command("dbus-run-session", &["--", program]);
        if wanted.empty {
            command.arg("--data-dir").arg(folder.0.join("data"));
        } else {
            command.arg("--demo");
        }
        command.arg("--screenshot-ready").arg(&ready);
        command.env("XDG_CONFIG_HOME", folder.0.join("config")).env("XDG_DATA_HOME", folder.0.join("share"));
        if wanted.dark {
            command.env("GTK_THEME", "Adwaita:dark");
        }
        let mut window = command.stdin(Stdio::null()).spawn().context("the window can't be started")?;
        let painted = display::wait_for("its first rows were painted", &mut window, || ready.exists())
            .and_then(|()| picture(&display, file));
        let _ = window.kill();
        let _ = window.wait();
        painted
    })?;
    println!("{} is written.", file.display());
    Ok(())
}

fn picture(display: &Display, file: &Path) -> Result<()> {
    let mut import = display.command("import", &["-window", "root"]);
    let ended = import.arg(file).status().context("import (imagemagick) can't be started")?;
    if !ended.success() || !file.exists() {
        bail!("{} could not be written", file.display());
    }
    Ok(())
}

/// A folder that is gone when it is dropped.
struct Throwaway(PathBuf);

impl Throwaway {
    fn make() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("hallmonitor-{}", std::process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("{} can't be made", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Throwaway {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Wanted> {
        Wanted::read(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn words_that_run_does_not_know_are_named() {
        for (words, named) in
            [(&["--emtpy"][..], "--emtpy"), (&["--screenshot"], "needs a file"), (&["--size", "big"], "--size big")]
        {
            let error = read(words).expect_err("not understood").to_string();
            assert!(error.contains(named), "{error}");
        }
        assert!(read(&["--empty", "--size", "1024x640", "--dark"]).expect("understood").empty);
    }
}
