//! The window's pages: fetched through npm and built, each only where something has changed since.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::{Context as _, Result};

use crate::{
    step::{skipped, step},
    tree::{npm, top, ui},
};

/// What the pages are made of, beside what npm brought: the messages are built into them.
const SOURCES: [&str; 8] = [
    "src-tauri/crates/language/messages",
    "ui/index.html",
    "ui/package.json",
    "ui/public",
    "ui/src",
    "ui/svelte.config.js",
    "ui/tsconfig.json",
    "ui/vite.config.ts",
];

/// Fetches and builds.
///
/// # Errors
/// Where npm fails.
pub(crate) fn build() -> Result<()> {
    let fetched = fetch()?;
    let built = ui().join("dist/index.html");
    if !fetched && !is_older(&built, &SOURCES.map(|name| top().join(name)))? {
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

#[cfg(test)]
mod tests {
    use std::{fs::File, time::Duration};

    use super::*;

    /// Writes a file that was changed so many seconds after a fixed time.
    fn write(path: &Path, seconds: u64) {
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000 + seconds);
        File::create(path).and_then(|file| file.set_modified(at)).expect("written");
    }

    /// Folders count as changed when a file in them came or went: here that is always before.
    fn date(folder: &Path) {
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                date(&entry);
            }
        }
        File::open(folder).and_then(|file| file.set_modified(SystemTime::UNIX_EPOCH)).expect("dated");
    }

    #[test]
    #[cfg(unix)]
    fn pages_are_built_anew_where_anything_under_their_sources_is_newer() {
        let folder = std::env::temp_dir().join(format!("hallmonitor-pages-{}", std::process::id()));
        // What another process of that number has left when it was ended.
        let _ = fs::remove_dir_all(&folder);
        let built = folder.join("dist/index.html");
        let sources = ["messages", "index.html", "not/there"].map(|name| folder.join(name));
        write(&folder.join("index.html"), 0);
        write(&folder.join("messages/en/window/card.json"), 5);
        date(&folder.join("messages"));
        assert!(is_older(&built, &sources).expect("looked"), "nothing is built");
        write(&built, 10);
        assert!(!is_older(&built, &sources).expect("looked"), "all is older than what was built");
        write(&folder.join("messages/en/window/card.json"), 11);
        date(&folder.join("messages"));
        assert!(is_older(&built, &sources).expect("looked"), "a message was changed");
        write(&built, 12);
        write(&folder.join("index.html"), 13);
        assert!(is_older(&built, &sources).expect("looked"), "a page was changed");
        fs::remove_dir_all(&folder).expect("removed");
    }

    #[test]
    fn everything_that_the_pages_import_from_this_project_is_a_source() {
        let mut imported = 0;
        for language in ["en", "uk", "ru"] {
            let text = fs::read_to_string(ui().join(format!("src/catalogs/{language}.ts"))).expect("a catalog");
            for (at, up) in text.match_indices("../../../") {
                let path = &text[at + up.len()..];
                assert!(SOURCES.iter().any(|source| path.starts_with(source)), "{path}");
                imported += 1;
            }
        }
        assert!(imported >= 3, "the catalogs import their messages from elsewhere now");
    }
}
