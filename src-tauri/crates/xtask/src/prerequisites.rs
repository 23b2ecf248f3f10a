//! What a machine must have before this project can bring the rest: Node and a C compiler. Rust is there, or this
//! would not run.

use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::step::step_with;

const NODE: u32 = 20;

/// # Errors
/// One line for each that is missing.
pub(crate) fn present() -> Result<()> {
    step_with("Rust, Node and a C compiler are here", || {
        let missing: Vec<String> = [node(), npm(), compiler()].into_iter().flatten().collect();
        if missing.is_empty() {
            return Ok(());
        }
        println!("no");
        bail!("{}", missing.join("\n"))
    })
}

fn node() -> Option<String> {
    let said = says(if cfg!(windows) { "node.exe" } else { "node" }, "--version");
    node_missing(said.as_deref())
}

fn node_missing(said: Option<&str>) -> Option<String> {
    let Some(version) = said else {
        return Some(format!("Node is missing: install Node {NODE} or newer (nodejs.org, or your system's packages)"));
    };
    let version = version.trim();
    let major = version.trim_start_matches('v').split('.').next().and_then(|number| number.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE => None,
        _ => Some(format!("Node {version} is too old: install Node {NODE} or newer")),
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
    fn an_old_or_missing_node_is_named_in_one_line() {
        for (said, missing) in [
            (None, Some("Node is missing")),
            (Some("v18.20.1\n"), Some("Node v18.20.1 is too old")),
            (Some("v9.0.0"), Some("Node v9.0.0 is too old")),
            (Some("nonsense"), Some("Node nonsense is too old")),
            (Some("v20.0.0\n"), None),
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
}
