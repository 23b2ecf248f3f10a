//! The quick part: formatting, lints, types, lengths.

use std::fs;

use anyhow::{Context as _, Result, bail};

use crate::{
    pages::npm,
    step::{asked, command, quiet, step},
};

/// No source file may be longer, in lines.
const LONGEST: usize = 600;

/// Runs all of it; stops at the first failure.
pub(crate) fn check() -> Result<()> {
    quiet("format of the Rust sources", &mut command("cargo", &["fmt", "--all", "--check"]))?;
    step("length of the sources", lengths)?;
    quiet(
        "clippy",
        &mut command(
            "cargo",
            &["clippy", "--workspace", "--all-targets", "--locked", "--quiet", "--", "-D", "warnings"],
        ),
    )?;
    quiet("types of the pages (svelte-check)", &mut npm(&["run", "--silent", "check"]))?;
    quiet("lints and format of the pages (eslint, prettier)", &mut npm(&["run", "--silent", "lint"]))
}

fn lengths() -> Result<()> {
    let files = asked("git", &["ls-files", "--", "*.rs", "*.ts", "*.svelte", "*.css", "*.sql"])
        .context("git lists no files: is this a clone?")?;
    let mut long = Vec::new();
    for file in files.lines() {
        let lines = fs::read_to_string(file).map_or(0, |text| text.lines().count());
        if lines > LONGEST {
            long.push(format!("{file}: {lines} lines"));
        }
    }
    if !long.is_empty() {
        bail!("longer than {LONGEST} lines:\n  {}", long.join("\n  "));
    }
    Ok(())
}
