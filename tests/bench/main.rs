//! `cargo xtask bench`: how fast it is, beside something of the same kind in the same run on the same machine.
//!
//! Prints ratios, since machines differ and are shared; writes everything as JSON under `target/`. Every figure comes
//! from the real server, over loopback, and a real encrypted cache.

mod client;
mod delta;
mod first_sync;
mod import;
mod measure;
mod queries;
mod report;
mod school;

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context as _, Result};

use crate::report::Report;

/// How large the schools are: contacts and sessions.
const SMALL: (u64, u64) = (400, 20_000);
const MEDIUM: (u64, u64) = (2_000, 100_000);
const LARGE: (u64, u64) = (20_000, 1_000_000);

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Runtime::new().context("no runtime");
    match runtime.and_then(|runtime| runtime.block_on(run(&words))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(words: &[String]) -> Result<()> {
    // The client is measured in a process of its own.
    if let [word, rest @ ..] = words
        && word == client::WORD
    {
        return client::run(rest).await;
    }
    let folder = tempfile::Builder::new().prefix("hallmonitor-bench").tempdir()?;
    let mut report = Report::default();
    let mut small = school::Bench::prepare(folder.path(), "small", SMALL).await?;
    first_sync::run(&mut small, &mut report, false).await?;
    let mut medium = school::Bench::prepare(folder.path(), "medium", MEDIUM).await?;
    first_sync::run(&mut medium, &mut report, true).await?;
    drop(medium);
    let mut large = school::Bench::prepare(folder.path(), "large", LARGE).await?;
    first_sync::run(&mut large, &mut report, true).await?;
    delta::run(&large, &mut report).await?;
    queries::run(&small, &large, &mut report).await?;
    report.write(&PathBuf::from("target").join("bench.json"))
}
