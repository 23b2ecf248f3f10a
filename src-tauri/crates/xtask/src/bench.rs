//! Measures the product beside what it should be as fast as.

use anyhow::Result;

use crate::{
    setup,
    step::{loud_step, step},
    tree::{built, cargo, top},
};

/// Builds in release mode and hands the words on to the program that measures.
///
/// # Errors
/// Where it does not build, or a measurement fails.
pub(crate) fn bench(words: &[String]) -> Result<()> {
    setup::for_tests()?;
    step(
        "programs, built for speed",
        &mut cargo(["build", "--workspace", "--bins", "--examples", "--release", "--locked", "--quiet"]),
    )?;
    let mut bench = std::process::Command::new(built("hallmonitor-bench", true));
    loud_step("measurements", bench.args(words).current_dir(top()))
}
