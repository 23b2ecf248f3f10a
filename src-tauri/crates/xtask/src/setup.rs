//! Everything that must be there before something is built.

use anyhow::Result;

use crate::{packages, pages, prerequisites, step::step, tree::cargo};

/// For building and opening the app.
///
/// # Errors
/// Where something is missing and can't be installed.
pub(crate) fn for_building() -> Result<()> {
    prerequisites::present()?;
    packages::install(&[packages::BUILD])?;
    pages::build()
}

/// For building the app and taking a picture of it.
///
/// # Errors
/// Where something is missing and can't be installed.
pub(crate) fn for_a_picture() -> Result<()> {
    prerequisites::present()?;
    packages::install(&[packages::BUILD, packages::PICTURE])?;
    pages::build()
}

/// For running every test.
///
/// # Errors
/// Where something is missing and can't be installed.
pub(crate) fn for_tests() -> Result<()> {
    prerequisites::present()?;
    packages::install(&[packages::BUILD, packages::PICTURE, packages::TESTS])?;
    if !cargo(["nextest", "--version"]).output().is_ok_and(|output| output.status.success()) {
        step("cargo install cargo-nextest", &mut cargo(["install", "cargo-nextest", "--locked"]))?;
    }
    pages::build()
}
