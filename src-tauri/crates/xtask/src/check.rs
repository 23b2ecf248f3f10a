//! The quick part of the tests: what can be said without running the product.

use std::fs;

use anyhow::{Context as _, Result, bail};

use crate::{
    packages, pages, prerequisites,
    step::{skipped, step, step_with},
    tree::{cargo, npm, top},
};

/// No file that a person wrote is longer; most are far shorter.
const LONGEST: usize = 600;

/// Files of these kinds are written by people.
const KINDS: [&str; 9] = ["rs", "ts", "js", "svelte", "css", "html", "sql", "md", "toml"];

/// Sets up what building needs, then checks.
///
/// # Errors
/// At the first check that fails.
pub(crate) fn check() -> Result<()> {
    prerequisites::present()?;
    packages::install(&[packages::BUILD])?;
    pages::build()?;
    all()
}

/// The checks alone.
///
/// # Errors
/// At the first that fails.
pub(crate) fn all() -> Result<()> {
    step_with("no file is too long", short_files)?;
    step("rustfmt", &mut cargo(["fmt", "--all", "--check"]))?;
    step("pages: types", &mut npm(["run", "check"]))?;
    step("pages: lints", &mut npm(["run", "lint"]))?;
    step(
        "clippy",
        &mut cargo(["clippy", "--workspace", "--all-targets", "--locked", "--quiet", "--", "--deny", "warnings"]),
    )?;
    licences()
}

/// Licences and sources; the advisories need a network and are asked for by hand.
fn licences() -> Result<()> {
    if cargo(["deny", "--version"]).output().is_ok_and(|output| output.status.success()) {
        return step("licences", &mut cargo(["deny", "--workspace", "check", "bans", "licenses", "sources"]));
    }
    skipped("licences", "not looked at, since cargo-deny is not installed");
    Ok(())
}

fn short_files() -> Result<()> {
    let listed = std::process::Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(top())
        .output()
        .context("git does not start")?;
    let mut long = Vec::new();
    for name in String::from_utf8_lossy(&listed.stdout).split_terminator('\0') {
        let kind = name.rsplit_once('.').map_or("", |(_, kind)| kind);
        // A file that is listed and gone was deleted since the last commit.
        let Ok(text) = fs::read(top().join(name)) else { continue };
        let lines = text.iter().filter(|&&byte| byte == b'\n').count();
        if KINDS.contains(&kind) && lines > LONGEST {
            long.push(format!("{name} has {lines} lines"));
        }
    }
    if long.is_empty() {
        return Ok(());
    }
    bail!("no file may have more than {LONGEST} lines:\n{}", long.join("\n"))
}
