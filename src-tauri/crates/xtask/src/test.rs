//! Everything: set-up, checks, all tests.

use std::time::Instant;

use anyhow::Result;

use crate::{
    check, packages, pages, prerequisites,
    step::{asked, command, loud, quiet},
};

/// Runs all of it; stops at the first failure.
pub(crate) fn test() -> Result<()> {
    let since = Instant::now();
    prerequisites::check()?;
    packages::install(&[packages::BUILD, packages::DISPLAY, packages::TEST].concat())?;
    if asked("cargo", &["nextest", "--version"]).is_none() {
        loud("install cargo-nextest", &mut command("cargo", &["install", "--locked", "cargo-nextest"]))?;
    }
    pages::build()?;
    check::check()?;
    loud("tests of the pages (vitest)", &mut pages::npm(&["run", "--silent", "test"]))?;
    // The desktop tests start the programs themselves.
    quiet("build the programs", &mut command("cargo", &["build", "--workspace", "--bins", "--locked", "--quiet"]))?;
    loud(
        "tests of the Rust packages, the command line and the real window (nextest)",
        &mut command("cargo", &["nextest", "run", "--workspace", "--locked", "--no-fail-fast"]),
    )?;
    println!("✓ everything passed  ({:.0} s)", since.elapsed().as_secs_f64());
    Ok(())
}
