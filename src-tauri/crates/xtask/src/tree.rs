//! Where things are in this project.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
};

/// The top of the project.
pub(crate) fn top() -> &'static Path {
    // This crate lies in src-tauri/crates/xtask.
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3).unwrap_or(Path::new("."))
}

/// The folder of the window's pages.
pub(crate) fn ui() -> PathBuf {
    top().join("ui")
}

/// Where Cargo puts everything.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| top().join("target"), |target| top().join(target))
}

/// A program that was built here.
pub(crate) fn built(program: &str, release: bool) -> PathBuf {
    target().join(if release { "release" } else { "debug" }).join(program)
}

/// Cargo, at the top, as it was called to run this.
pub(crate) fn cargo<S: AsRef<OsStr>>(words: impl IntoIterator<Item = S>) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(words).current_dir(top());
    cargo
}

/// npm, among the pages.
pub(crate) fn npm<S: AsRef<OsStr>>(words: impl IntoIterator<Item = S>) -> Command {
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.args(words).current_dir(ui());
    npm
}
