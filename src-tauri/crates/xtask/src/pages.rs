//! The window's pages: their packages and their build.

use std::{fs, path::Path};

use anyhow::Result;

use crate::step::{command, quiet};

/// Installs the pages' packages where the lock file says other ones, and builds the pages.
pub(crate) fn build() -> Result<()> {
    install()?;
    quiet("build the pages", &mut npm(&["run", "--silent", "build"]))
}

/// Installs the pages' packages, among them what core's build takes in.
pub(crate) fn install() -> Result<()> {
    let lock = fs::read("ui/package-lock.json")?;
    let stamp = Path::new("ui/node_modules/.installed-lock.json");
    if fs::read(stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    quiet("install the pages' packages", &mut npm(&["ci", "--no-audit", "--no-fund"]))?;
    Ok(fs::write(stamp, lock)?)
}

/// npm in the pages' folder.
pub(crate) fn npm(words: &[&str]) -> std::process::Command {
    let mut command = command(if cfg!(windows) { "npm.cmd" } else { "npm" }, words);
    command.current_dir("ui");
    command
}
