//! `cargo xtask`: everything that has to be set up, built, tried or measured, in one place.
//!
//! It depends on nothing that needs a system library, so it builds on a bare machine and can say what is missing there.

mod check;
mod display;
mod packages;
mod pages;
mod prerequisites;
mod run;
mod step;
mod test;

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Result, bail};

const WORDS: &str = "\
cargo xtask WORD

  run [--empty] [--release]      install what is missing, build, open the window with the demo school;
      [--screenshot FILE]        --empty: the first-start screen; --screenshot: in a virtual display, writes a PNG, ends
      [--size WxH] [--dark]      size of the virtual display, and the dark theme, for the screenshot
  test                           install what the tests need and run everything
  check                          the quick part: formatting, lints, types
  setup                          only install and build what the Rust build needs
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match act(&words) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn act(words: &[String]) -> Result<ExitCode> {
    let Some((word, rest)) = words.split_first() else {
        print!("{WORDS}");
        return Ok(ExitCode::from(2));
    };
    std::env::set_current_dir(root())?;
    match (word.as_str(), rest) {
        ("run", words) => run::run(&run::Wanted::read(words)?),
        ("test", []) => test::test().map(|()| ExitCode::SUCCESS),
        ("check", []) => {
            prerequisites::check()?;
            packages::install(packages::BUILD)?;
            pages::build()?;
            check::check().map(|()| ExitCode::SUCCESS)
        }
        ("setup", []) => {
            prerequisites::check()?;
            packages::install(packages::BUILD)?;
            pages::build().map(|()| ExitCode::SUCCESS)
        }
        ("help" | "--help" | "-h", []) => {
            print!("{WORDS}");
            Ok(ExitCode::SUCCESS)
        }
        _ => bail!("“{}” is not understood.\n\n{WORDS}", words.join(" ")),
    }
}

/// The top of the tree.
fn root() -> PathBuf {
    // This file's package lies four folders below it.
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3).map(PathBuf::from).unwrap_or_default()
}
