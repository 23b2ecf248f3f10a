//! What a machine must have before this project can bring the rest: Node and a C compiler. Rust is there, or this
//! would not run.

use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::step::step_with;

/// What the tools of the pages ask for, as `engines` in `ui/package.json` says it.
const NODE: &str = "^20.19.0 || >=22.12.0";
/// The same for a person.
const NODE_IN_WORDS: &str = "Node 22.12 or newer, or 20.19 and newer of 20";

/// # Errors
/// One line for each that is missing.
pub(crate) fn present() -> Result<()> {
    step_with("Rust, Node and a C compiler are here", || {
        let missing: Vec<String> = [node(), npm(), compiler()].into_iter().flatten().collect();
        if missing.is_empty() {
            return Ok(());
        }
        bail!("{}", missing.join("\n"))
    })
}

fn node() -> Option<String> {
    let said = says(if cfg!(windows) { "node.exe" } else { "node" }, "--version");
    node_missing(said.as_deref())
}

fn node_missing(said: Option<&str>) -> Option<String> {
    let Some(version) = said else {
        return Some(format!(
            "Node is missing: install {NODE_IN_WORDS} (nodejs.org, or your system's packages; npm asks for {NODE})"
        ));
    };
    let version = version.trim();
    let mut numbers = version.trim_start_matches('v').split('.').map(|number| number.parse::<u32>().ok());
    match (numbers.next().flatten(), numbers.next().flatten()) {
        (Some(20), Some(19..)) | (Some(22), Some(12..)) | (Some(23..), Some(_)) => None,
        _ => Some(format!("Node {version} will not do: install {NODE_IN_WORDS}")),
    }
}

fn npm() -> Option<String> {
    says(if cfg!(windows) { "npm.cmd" } else { "npm" }, "--version")
        .is_none()
        .then(|| "npm is missing: it comes with Node, on some systems as a package `npm`".to_owned())
}

fn compiler() -> Option<String> {
    // On Windows the MSVC toolchain of Rust finds its own compiler, and says so where it does not.
    let found = cfg!(windows) || ["cc", "gcc", "clang"].iter().any(|name| says(name, "--version").is_some());
    (!found).then(|| {
        "a C compiler is missing: install one (Debian and Ubuntu: apt-get install build-essential; \
         macOS: xcode-select --install)"
            .to_owned()
    })
}

/// What a program says to a word, where it is there and ends well.
fn says(program: &str, word: &str) -> Option<String> {
    let output = Command::new(program).arg(word).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_that_will_not_do_or_is_missing_is_named_in_one_line() {
        for (said, missing) in [
            (None, Some("Node is missing")),
            (Some("v9.0.0"), Some("Node v9.0.0 will not do")),
            (Some("v18.20.1\n"), Some("Node v18.20.1 will not do")),
            (Some("v20.18.3\n"), Some("Node v20.18.3 will not do")),
            (Some("v21.7.3\n"), Some("Node v21.7.3 will not do")),
            (Some("v22.11.0\n"), Some("Node v22.11.0 will not do")),
            (Some("24"), Some("Node 24 will not do")),
            (Some("nonsense"), Some("Node nonsense will not do")),
            (Some("v20.19.0\n"), None),
            (Some("v20.20.1\n"), None),
            (Some("v22.12.0\n"), None),
            (Some("v23.0.0\n"), None),
            (Some("v24.1.0\n"), None),
        ] {
            match (node_missing(said), missing) {
                (None, None) => {}
                (Some(line), Some(beginning)) => {
                    assert!(line.starts_with(beginning), "{line}");
                    assert!(!line.contains('\n'), "{line}");
                }
                (line, _) => panic!("{said:?}: {line:?}"),
            }
        }
    }

    #[test]
    fn the_pages_ask_for_the_same_node() {
        let package = std::fs::read_to_string(crate::tree::ui().join("package.json")).expect("package.json");
        assert!(package.contains(&format!(r#""node": "{NODE}""#)), "engines in ui/package.json has changed");
    }
}
