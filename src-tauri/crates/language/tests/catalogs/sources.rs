//! The sources that messages are said in.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A source that is no test.
pub(crate) struct Source {
    /// Its path inside the project.
    pub(crate) path: String,
    /// What stands in it, without its tests.
    pub(crate) text: String,
}

/// Where a message's key is asked for: what stands before it.
const IN_PAGES: &[&str] = &["t("];
const IN_RUST: &[&str] = &["say(", "say_with(", "Message::new("];

/// What stands around a key.
const QUOTES: [char; 2] = ['\'', '"'];

/// What begins the tests inside of a Rust file.
const TESTS: &str = "#[cfg(test)]\nmod tests {";

/// The project's top folder.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

/// All sources of the program and of the window.
pub(crate) fn sources() -> Vec<Source> {
    let root = root();
    let mut sources = Vec::new();
    for folder in ["ui/src", "src-tauri/src", "src-tauri/crates/core/src", "src-tauri/crates/cli/src"] {
        collect(&root, &root.join(folder), &mut sources);
    }
    assert!(sources.len() > 100, "the sources are not where they were");
    sources
}

fn collect(root: &Path, folder: &Path, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("a folder of sources is there") {
        let path = entry.expect("an entry of the folder").path();
        let inside = path.strip_prefix(root).expect("it lies in the project").to_string_lossy().replace('\\', "/");
        if path.is_dir() {
            collect(root, &path, sources);
        } else if is_source(&inside) {
            let text = fs::read_to_string(&path).expect("a source is read").replace("\r\n", "\n");
            let text = text.split(TESTS).next().unwrap_or_default().to_owned();
            sources.push(Source { path: inside, text });
        }
    }
}

fn is_source(path: &str) -> bool {
    let ending = [".rs", ".ts", ".svelte"].iter().any(|ending| path.ends_with(ending));
    let test = path.ends_with("tests.rs") || path.contains("/tests/") || path.ends_with(".test.ts");
    // The list of all keys says none of them.
    ending && !test && !path.starts_with("ui/src/catalogs/")
}

/// The keys that a source asks for by name.
pub(crate) fn asked_for(Source { path, text }: &Source) -> impl Iterator<Item = &str> {
    let calls = if path.ends_with(".rs") { IN_RUST } else { IN_PAGES };
    calls.iter().flat_map(move |call| {
        text.match_indices(*call).filter_map(move |(at, _)| {
            // `get(` ends like `t(`.
            let within_a_word = text[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_');
            let argument = text[at + call.len()..].trim_start();
            let quote = argument.chars().next().filter(|sign| !within_a_word && QUOTES.contains(sign))?;
            argument[1..].split(quote).next()
        })
    })
}

/// Everything in a source that looks like a key: between quotes, words with points between them.
pub(crate) fn literals(text: &str) -> impl Iterator<Item = &str> {
    text.split(QUOTES).filter(|part| part.contains('.') && !part.contains(char::is_whitespace))
}
