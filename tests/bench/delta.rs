//! A sync with little news, and one without any, on a large cache.

use anyhow::{Context as _, Result, ensure};
use serde_json::json;

use crate::{client, measure, report::Report, school::Bench};

/// Rows that change between two syncs.
const CHANGED: u64 = 1_000;

/// Changes rows through the site, and syncs.
pub(crate) async fn run(bench: &Bench, report: &mut Report) -> Result<()> {
    report.title("Later syncs on the large cache");
    let school = client::open(bench).await?;
    change(bench).await?;
    let written = measure::bytes_written()?;
    let took = client::sync(&school).await?;
    let written = measure::bytes_written()? - written;
    report.figure("delta: rows", took.rows as f64, "rows", None);
    report.figure("delta: rows a second of wall", took.rows as f64 / took.wall_seconds, "rows/s", None);
    report.figure("delta: bytes written a row", written / took.rows as f64, "bytes", None);

    let took = client::sync(&school).await?;
    report.figure("no news: requests (1, and 1 for the capabilities)", took.requests as f64, "", Some(2.0));
    report.figure("no news: rows written", took.rows as f64, "", Some(0.0));
    report.figure("no news: CPU", took.cpu_seconds * 1000.0, "ms", None);
    Ok(())
}

/// Adds contacts through the Site API: each is one changed row.
async fn change(bench: &Bench) -> Result<()> {
    let http = reqwest::Client::builder().no_proxy().build()?;
    for number in 0..CHANGED {
        let answer = http
            .post(format!("{}/site/contacts", bench.url))
            .header("Token", &bench.site_token)
            .header("Cabinet-Hash", &bench.cabinet)
            .json(&json!({"email": format!("new{number}@bench.example"), "first_name": "New", "last_name": "Student"}))
            .send()
            .await
            .context("the site API does not answer")?;
        ensure!(answer.status().is_success(), "the site API refuses: {}", answer.text().await?);
    }
    Ok(())
}
