//! A first sync into an empty encrypted cache, beside the `sqlite3` shell's import of the same rows.

use anyhow::{Result, bail};

use crate::{
    client::{self, Took},
    import,
    report::Report,
    school::{Bench, program},
};

/// The most memory that a first sync may hold: 200 MB.
const PEAK_MIB: f64 = 200e6 / 1_048_576.0;

/// Syncs; with `beside`, measures the import too.
pub(crate) async fn run(bench: &mut Bench, report: &mut Report, beside: bool) -> Result<()> {
    report.title(&format!("First sync of {} sessions", bench.sessions));
    let output = program("hallmonitor-bench")?
        .arg(client::WORD)
        .arg(bench.data_dir())
        .args([&bench.url, &bench.cabinet])
        .env("HALLMONITOR_TOKEN", &bench.token)
        .output()?;
    if !output.status.success() {
        bail!("the client failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let took: Took = serde_json::from_slice(&output.stdout)?;
    let name = |what: &str| format!("first sync, {}: {what}", bench.name);
    report.figure(&name("client CPU"), took.cpu_seconds, "s", None);
    report.figure(&name("of that, making indexes"), took.cpu_seconds - took.load_cpu_seconds, "s", None);
    report.figure(&name("wall"), took.wall_seconds, "s", None);
    report.figure(&name("rows a second of wall"), took.rows as f64 / took.wall_seconds, "rows/s", None);
    report.figure(&name("requests"), took.requests as f64, "", None);
    report.figure(&name("peak memory"), took.peak_mib, "MiB", Some(PEAK_MIB));
    if beside {
        let import = import::run(bench)?;
        let whole = import.rows_and_indexes + import.search_and_derived;
        report.figure(&name("sqlite3 .import with indexes, CPU"), import.rows_and_indexes, "s", None);
        report.figure(&name("sqlite3, search and derived, CPU"), import.search_and_derived, "s", None);
        report.figure(&name("client CPU / import CPU"), took.cpu_seconds / whole, "x", Some(2.0));
        let without = took.cpu_seconds / import.rows_and_indexes;
        // The import as everybody knows it: rows and indexes, nothing worked out.
        report.figure(&name("the same, search and derived not counted"), without, "x", Some(2.0));
    }
    Ok(())
}
