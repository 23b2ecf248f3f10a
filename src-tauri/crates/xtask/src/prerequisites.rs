//! What has to be there before anything else: Rust (it runs this), Node, a C compiler.

use anyhow::{Result, bail};

use crate::step::asked;

/// The oldest Node that the pages' build runs on.
const NODE: (u32, u32) = (20, 19);

/// Names each prerequisite that is missing, a line each.
pub(crate) fn check() -> Result<()> {
    let mut missing = Vec::new();
    match asked("node", &["--version"]).as_deref().map(version) {
        Some(Some(found)) if found >= NODE => {}
        Some(found) => missing.push(format!(
            "Node {}.{} or newer is needed; found {}: install it from https://nodejs.org or by a version manager.",
            NODE.0,
            NODE.1,
            found.map_or_else(|| "another".to_owned(), |(major, minor)| format!("{major}.{minor}"))
        )),
        None => missing.push("Node 20 or newer is missing: install it from https://nodejs.org.".to_owned()),
    }
    if asked("npm", &["--version"]).is_none() {
        missing.push("npm is missing: it comes with Node (on Debian as a package of its own, npm).".to_owned());
    }
    if asked("cc", &["--version"]).is_none() {
        missing.push("A C compiler is missing: on Debian and Ubuntu the package build-essential.".to_owned());
    }
    if !missing.is_empty() {
        bail!("this machine is not ready:\n  {}", missing.join("\n  "));
    }
    Ok(())
}

/// Major and minor number of `v20.19.4`.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim_start_matches('v').split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn the_version_of_node_is_read() {
        assert_eq!(version("v20.19.4"), Some((20, 19)));
        assert_eq!(version("22.1.0"), Some((22, 1)));
        assert_eq!(version("none"), None);
    }
}
