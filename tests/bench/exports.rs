//! Exports of every login: how fast each format is, and how much memory it takes beside what the program held before.

use std::{path::PathBuf, time::Instant};

use anyhow::{Context as _, Result, bail};
use hallmonitor_core::{
    App,
    export::{Format, Heads},
    listing::{Kind, Selection},
    model::LogQuery,
};
use serde::{Deserialize, Serialize};

use crate::{
    measure,
    report::Report,
    school::{Bench, program},
};

/// The word that makes this program write one export.
pub(crate) const WORD: &str = "export";

/// The most memory that an export may take, whatever its length, MiB.
const MOST_MIB: f64 = 150.0;

const FORMATS: [(&str, Format); 3] = [("csv", Format::Csv), ("json", Format::Json), ("xlsx", Format::Xlsx)];

/// What one export took.
#[derive(Debug, Serialize, Deserialize)]
struct Took {
    rows: u64,
    seconds: f64,
    before_mib: f64,
    peak_mib: f64,
}

/// Writes every login in each format, each in a process of its own.
pub(crate) fn run(bench: &Bench, report: &mut Report) -> Result<()> {
    report.title(&format!("Exports of {} sessions", bench.sessions));
    for (name, _) in FORMATS {
        let file = bench.folder.join(format!("export.{name}"));
        let output = program("hallmonitor-bench")?.arg(WORD).arg(bench.data_dir()).arg(name).arg(&file).output()?;
        if !output.status.success() {
            bail!("the export failed: {}", String::from_utf8_lossy(&output.stderr));
        }
        let took: Took = serde_json::from_slice(&output.stdout)?;
        let size = std::fs::metadata(&file)?.len();
        std::fs::remove_file(&file)?;
        let named = |what: &str| format!("export as {name}: {what}");
        report.figure(&named("rows"), took.rows as f64, "rows", None);
        report.figure(&named("file"), size as f64 / f64::from(1 << 20), "MiB", None);
        report.figure(&named("rows a second of wall"), took.rows as f64 / took.seconds, "rows/s", None);
        report.figure(&named("memory beside what was held"), took.peak_mib - took.before_mib, "MiB", Some(MOST_MIB));
    }
    Ok(())
}

/// Writes one export, measured.
pub(crate) async fn child(words: &[String]) -> Result<()> {
    let [data_dir, name, file] = words else { bail!("{WORD} DATA_DIR FORMAT FILE") };
    let (_, format) = FORMATS.into_iter().find(|(known, _)| known == name).context("no such format")?;
    let school = App::new(data_dir).open(None, None).await?;
    // The first page, so that an open cache counts as held.
    school.sessions(&LogQuery::default()).await?;
    let (before_mib, since) = (measure::peak_mib()?, Instant::now());
    let rows =
        school.export(Selection::all(Kind::Sessions), format, Heads::Fields, &PathBuf::from(file), &|_| ()).await?;
    let seconds = since.elapsed().as_secs_f64();
    let took = Took { rows, seconds, before_mib, peak_mib: measure::peak_mib()? };
    school.close().await;
    println!("{}", serde_json::to_string(&took)?);
    Ok(())
}
