//! `cargo xtask`: everything that a developer, a visitor and CI do with this project, in one place.
//!
//! It needs nothing but a Rust toolchain itself, and brings what the rest needs.

#![forbid(unsafe_code)]

mod bench;
mod bundle;
mod check;
mod clock;
mod display;
mod json;
mod latest;
mod notices;
mod packages;
mod pages;
mod prerequisites;
mod run;
mod setup;
mod step;
mod test;
mod tree;

use std::{env, process::ExitCode};

use anyhow::{Result, bail};

const WORDS: &str = "\
cargo xtask COMMAND

  run          opens the window with the demo school
    --empty              with the first start instead
    --screenshot FILE    in a virtual display; writes a picture of the contact list (PNG) and ends
    --theme light|dark   of the picture
    --size WxH           of the picture; 1440x900
    --release            built for speed
  test         sets up what tests need and runs everything
  check        the quick part: formatting, lints, types, file lengths
  setup        installs what building needs, and builds the pages
    --tests              what tests need, too
  bundle       builds what people install: .deb and AppImage, .dmg, or .msi and .exe, as the system can
    --debug              quickly, from the programs that the tests use; .deb, .app or .exe alone
  latest FOLDER URL  writes what older versions read to find the new one, for packages that can be had there
  bench [PART...]  measures, beside what it should be as fast as; all, or:
                   decisions, exports, first-sync, frames, later, older, pages, review, tray, window
    --sessions N         in the large caches; 1,000,000
    --contacts N         the same; one for each 50 sessions, and for each 10 where pages and review are measured
    --folder DIR         keeps the schools there for the next run
";

fn main() -> ExitCode {
    match command(env::args().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn command(mut words: Vec<String>) -> Result<()> {
    if words.is_empty() {
        print!("{WORDS}");
        return Ok(());
    }
    match words.remove(0).as_str() {
        "run" => run::run(&run::Wanted::read(words)?),
        "test" => none(&words).and_then(|()| test::test()),
        "check" => none(&words).and_then(|()| check::check()),
        "setup" => match words.as_slice() {
            [] => setup::for_building(),
            [word] if word == "--tests" => setup::for_tests(),
            _ => bail!("setup takes nothing but --tests"),
        },
        "bundle" => bundle::bundle(&words),
        "bench" => bench::bench(&words),
        "latest" => latest::latest(&words),
        "help" | "--help" | "-h" => {
            print!("{WORDS}");
            Ok(())
        }
        other => bail!("there is no command {other}\n\n{WORDS}"),
    }
}

fn none(words: &[String]) -> Result<()> {
    match words {
        [] => Ok(()),
        [word, ..] => bail!("{word} means nothing here"),
    }
}
