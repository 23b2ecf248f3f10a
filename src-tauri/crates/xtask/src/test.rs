//! Everything: set-up, checks, and all tests of Rust, the pages and the real window.

use std::time::Instant;

use anyhow::Result;

use crate::{
    bundle, check,
    clock::took,
    packages, setup,
    step::{loud_step, step},
    tree::{cargo, npm},
};

/// # Errors
/// At the first thing that fails.
pub(crate) fn test() -> Result<()> {
    let began = Instant::now();
    setup::for_tests()?;
    check::all()?;
    step("pages: tests", &mut npm(["run", "test"]))?;
    // The tests of the whole start the programs, which Cargo builds for no test of another package. All targets, since
    // with fewer the dependencies would have other features, and be built once more for the tests.
    step("programs and tests", &mut cargo(["build", "--workspace", "--all-targets", "--locked", "--quiet"]))?;
    if packages::are_debians() {
        // One of them installs it. It is no test at all on other systems.
        bundle::packages(false, &["deb"], true)?;
    }
    loud_step(
        "tests",
        &mut cargo(["nextest", "run", "--workspace", "--locked", "--no-fail-fast", "--status-level", "slow"]),
    )?;
    step("examples in the docs", &mut cargo(["test", "--workspace", "--doc", "--locked", "--quiet"]))?;
    println!("Everything passes ({}).", took(began.elapsed()));
    Ok(())
}
