//! `cargo xtask bench`: how fast it is, beside something of the same kind in the same run on the same machine.
//!
//! Prints ratios, since machines differ and are shared; writes everything as JSON under `target/`. Every figure comes
//! from the real server, over loopback, and a real encrypted cache, on a desktop of its own that has a keyring.

mod client;
mod decisions;
mod delta;
mod exports;
mod first_sync;
mod frames;
mod import;
mod measure;
mod older;
mod plain;
mod queries;
mod questions;
mod report;
mod review;
mod school;
mod tray;
mod wanted;
mod window;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, Result, bail};
use hallmonitor_tests::Desktop;

use crate::{report::Report, wanted::Wanted};

/// How large the schools are: contacts and sessions.
const SMALL: (u64, u64) = (400, 20_000);
const MEDIUM: (u64, u64) = (2_000, 100_000);

/// The word that tells this program that it is on its desktop.
const ON_DESKTOP: &str = "on-desktop";

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
    match words {
        // The client is measured in a process of its own.
        [word, rest @ ..] if word == client::WORD => client::run(rest).await,
        [word, rest @ ..] if word == exports::WORD => exports::child(rest).await,
        [word, rest @ ..] if word == ON_DESKTOP => measure_all(&Wanted::read(rest)?).await,
        words => {
            Wanted::read(words)?;
            let desktop = Desktop::start().await;
            let status = desktop.command(std::env::current_exe()?).arg(ON_DESKTOP).args(words).status()?;
            if !status.success() {
                bail!("not everything was measured");
            }
            Ok(())
        }
    }
}

async fn measure_all(wanted: &Wanted) -> Result<()> {
    let passing = tempfile::Builder::new().prefix("hallmonitor-bench").tempdir()?;
    let folder = wanted.folder.as_deref().unwrap_or(passing.path());
    let mut report = Report::default();
    let mut small = school::Bench::prepare(folder, "small", SMALL).await?;
    first_sync::run(&mut small, &mut report, false).await?;
    if wanted.has("first-sync") {
        let mut medium = school::Bench::prepare(folder, "medium", MEDIUM).await?;
        first_sync::run(&mut medium, &mut report, true).await?;
    }
    // The parts of the large one leave decisions in the small one.
    if wanted.has_any(&OF_CROWDED) {
        of_crowded(folder, &small, wanted, &mut report).await?;
    }
    if wanted.has_any(&OF_LARGE) {
        of_large(folder, &small, wanted, &mut report).await?;
    }
    report.write(&target().join("bench.json"))
}

/// The parts that are measured on a school as large as schools are, with many logins of each contact.
const OF_LARGE: [&str; 8] = ["decisions", "exports", "first-sync", "frames", "later", "older", "tray", "window"];
/// The parts of them that look at a program which has nothing left to do.
const AT_REST: [&str; 3] = ["frames", "tray", "window"];
/// The parts that are measured on one with as many contacts as a list can be asked to hold.
const OF_CROWDED: [&str; 2] = ["pages", "review"];

async fn of_large(folder: &Path, small: &school::Bench, wanted: &Wanted, report: &mut Report) -> Result<()> {
    let mut large = school::Bench::prepare(folder, "large", wanted.size()).await?;
    first_sync::run(&mut large, report, wanted.has("first-sync")).await?;
    if wanted.has_any(&AT_REST) {
        // What a first sync leaves to be worked out takes a processor and memory for a while, once.
        review::settle(&large, report).await?;
    }
    if wanted.has("window") {
        window::run(&large, report)?;
    }
    if wanted.has("frames") {
        frames::run(&large, report).await?;
    }
    if wanted.has("tray") {
        tray::run(&large, report)?;
    }
    if wanted.has("later") {
        delta::run(&large, report).await?;
    }
    if wanted.has("exports") {
        exports::run(&large, report)?;
    }
    if wanted.has("decisions") {
        decisions::run(small, &large, report).await?;
    }
    if wanted.has("older") {
        older::run(&large, report).await?;
    }
    Ok(())
}

async fn of_crowded(folder: &Path, small: &school::Bench, wanted: &Wanted, report: &mut Report) -> Result<()> {
    let mut crowded = school::Bench::prepare(folder, "crowded", wanted.crowded_size()).await?;
    first_sync::run(&mut crowded, report, false).await?;
    review::settle(small, report).await?;
    review::settle(&crowded, report).await?;
    let plain = plain::Plain::copy(&crowded).await?;
    if wanted.has("pages") {
        queries::run(small, &crowded, &plain, report).await?;
    }
    if wanted.has("review") {
        review::run(small, &crowded, &plain, report).await?;
    }
    Ok(())
}

/// Where cargo builds, and where this program writes.
fn target() -> PathBuf {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(1).unwrap_or(Path::new("."));
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| top.join("target"), |target| top.join(target))
}
