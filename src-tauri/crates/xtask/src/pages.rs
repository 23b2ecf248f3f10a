//! The window's pages: fetched through npm and built, each only where something has changed since.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::{Context as _, Result};

use crate::{
    step::{skipped, step},
    tree::{npm, ui},
};

/// What the pages are made of, beside what npm brought.
const SOURCES: [&str; 7] =
    ["src", "public", "index.html", "package.json", "svelte.config.js", "tsconfig.json", "vite.config.ts"];

/// Fetches and builds.
///
/// # Errors
/// Where npm fails.
pub(crate) fn build() -> Result<()> {
    let fetched = fetch()?;
    let built = ui().join("dist/index.html");
    if !fetched && !is_older(&built, &SOURCES.map(|name| ui().join(name)))? {
        skipped("pages", "as built before");
        return Ok(());
    }
    step("pages: build", &mut npm(["run", "build"]))
}

/// Brings the packages that the lock file names; says whether anything was fetched.
///
/// # Errors
/// Where npm fails.
fn fetch() -> Result<bool> {
    let lock = ui().join("package-lock.json");
    let wanted = fs::read(&lock).with_context(|| format!("{} cannot be read", lock.display()))?;
    // A copy of the lock file, written last: half a fetch does not count.
    let stamp = ui().join("node_modules/.fetched");
    if fs::read(&stamp).is_ok_and(|fetched| fetched == wanted) {
        skipped("pages: packages", "as locked");
        return Ok(false);
    }
    step("pages: npm ci", &mut npm(["ci", "--no-audit", "--no-fund"]))?;
    fs::write(&stamp, wanted).with_context(|| format!("{} cannot be written", stamp.display()))?;
    Ok(true)
}

/// Whether a file is missing, or older than anything under the sources.
fn is_older(file: &Path, sources: &[PathBuf]) -> Result<bool> {
    let Ok(built) = fs::metadata(file).and_then(|file| file.modified()) else { return Ok(true) };
    let mut newest = SystemTime::UNIX_EPOCH;
    for source in sources {
        let at = newest_in(source).with_context(|| format!("{} cannot be read", source.display()))?;
        newest = newest.max(at);
    }
    Ok(built < newest)
}

fn newest_in(path: &Path) -> io::Result<SystemTime> {
    let about = match fs::metadata(path) {
        Ok(about) => about,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(SystemTime::UNIX_EPOCH),
        Err(error) => return Err(error),
    };
    let mut newest = about.modified()?;
    if about.is_dir() {
        for entry in fs::read_dir(path)? {
            newest = newest.max(newest_in(&entry?.path())?);
        }
    }
    Ok(newest)
}
