//! What a review of the whole school asks for beside lists: counts, histogram and map, a contact's strip, and the signs
//! with what other thresholds would do.

use std::{
    collections::HashSet,
    future::Future,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use hallmonitor_core::{
    School, Urgency,
    cache::asked::asked,
    model::{AccessLimit, InsightSettings, LogQuery, LoginQuery, LoginSummary, PageRequest},
    settings::Times,
};
use hallmonitor_wire::Time;
use serde_json::json;

use crate::{
    client,
    measure::{cpu_time, median_and_p99},
    plain::Plain,
    queries::newest,
    report::{Cell, Report},
    school::Bench,
};

/// How often what is answered in a moment is asked for.
const TIMES: usize = 100;
/// How often what takes longer is.
const FEW_TIMES: usize = 5;
/// Logins that one page of changes brings.
const CHANGED: usize = 1_000;
const DAY_MS: i64 = 86_400_000;

/// Lets the background come to its end, as it does after a first sync; says what that took.
pub(crate) async fn settle(bench: &Bench, report: &mut Report) -> Result<()> {
    let school = client::open(bench).await?;
    let (cpu, since) = (cpu_time(), Instant::now());
    finish(&school).await?;
    let name = |what: &str| format!("background after a first sync, {}: {what}", bench.name);
    report.figure(&name("CPU"), cpu.elapsed().as_secs_f64(), "s", None);
    report.figure(&name("wall"), since.elapsed().as_secs_f64(), "s", None);
    school.close().await;
    Ok(())
}

async fn finish(school: &School) -> Result<()> {
    while school.insights_pass(Duration::from_secs(60)).await?.left {}
    Ok(())
}

/// Asks both schools in turns, then changes the large one.
pub(crate) async fn run(small: &Bench, large: &Bench, plain: &Plain, report: &mut Report) -> Result<()> {
    report.title(&format!("A review: {} sessions, {} sessions", small.sessions, large.sessions));
    report.columns(&["median", "p99", "median", "p99", "growth", "CPU", "shell", "ratio"]);
    let schools = (client::open(small).await?, client::open(large).await?);
    summaries(&schools, plain, report).await?;
    strips(&schools, report).await?;
    signs(&schools, report).await?;
    let (small, school) = schools;
    small.close().await;
    update(large, &school, report).await?;
    school.close().await;
    Ok(())
}

async fn summaries((small, large): &(School, School), plain: &Plain, report: &mut Report) -> Result<()> {
    let now = newest(large).await?.ms();
    let some = |text: &str| Some(text.to_owned());
    let days_ago = |days: i64| Some(Time(now - days * DAY_MS));
    let usual = LoginQuery::default;
    let questions: Vec<(&str, LoginQuery)> = vec![
        ("of everything", usual()),
        ("of two months", LoginQuery { from: days_ago(90), until: days_ago(30), ..usual() }),
        ("of six days", LoginQuery { from: days_ago(36), until: days_ago(30), ..usual() }),
        ("of a country", LoginQuery { country: some("UA"), ..usual() }),
        ("of phones that were refused", LoginQuery { device_type: some("mobile"), outcome: some("denied"), ..usual() }),
        ("of a browser", LoginQuery { browser: some("Firefox"), ..usual() }),
        ("of a system", LoginQuery { os: some("Windows"), ..usual() }),
        ("of a reason to end", LoginQuery { end_reason: some("logout"), ..usual() }),
        ("of a range of addresses", LoginQuery { address: "178.0.0.0/8".into(), ..usual() }),
        ("of what runs", LoginQuery { running: true, ..usual() }),
        ("of a contact", LoginQuery { contact_id: Some(7), ..usual() }),
        ("of a common part of names", LoginQuery { search: "енко".into(), ..usual() }),
        ("of a rare name", LoginQuery { search: "шевченко".into(), ..usual() }),
        ("of a browser's name", LoginQuery { search: "firefox".into(), ..usual() }),
    ];
    for (name, query) in questions {
        let (mut in_small, mut in_large) = (Vec::new(), Vec::new());
        for _ in 0..FEW_TIMES * 4 {
            in_small.push(timed(small.login_summary(&query, Times::Local)).await?.1);
            in_large.push(timed(large.login_summary(&query, Times::Local)).await?.1);
        }
        let few: LoginSummary = small.login_summary(&query, Times::Local).await?;
        let (answered, statements) = asked(large.login_summary(&query, Times::Local)).await;
        let many: LoginSummary = answered?;
        ensure!(many.total > 0 || query.running, "{name}: nothing is counted");
        // Apart, so that the shell's caches are no warmer than ours.
        let mut cpu = Vec::new();
        for _ in 0..FEW_TIMES * 4 {
            let before = cpu_time();
            large.login_summary(&query, Times::Local).await?;
            cpu.push(before.elapsed());
        }
        let shell = plain.times(&statements, FEW_TIMES * 4)?;
        let mut cells = growth(in_small, in_large, many.total <= few.total);
        let ((cpu, _), (shell, _)) = (median_and_p99(cpu), median_and_p99(shell));
        cells.push(Cell::of("CPU median, large, ms", cpu));
        cells.push(Cell::of("sqlite3 shell CPU median, large, ms", shell));
        cells.push(Cell::of("CPU median / shell CPU median", cpu / shell).aim(Some(2.0)));
        report.row(&format!("histogram and map {name}"), &cells);
    }
    Ok(())
}

async fn strips((small, large): &(School, School), report: &mut Report) -> Result<()> {
    let now = newest(large).await?.ms();
    for (name, days) in [("30 days", 30), ("two years", 730)] {
        let (from, until) = (Time(now - days * DAY_MS), Time(now));
        let (mut in_small, mut in_large) = (Vec::new(), Vec::new());
        for contact in 1..=TIMES as i64 {
            in_small.push(timed(small.activity_strip(contact, from, until)).await?.1);
            in_large.push(timed(large.activity_strip(contact, from, until)).await?.1);
        }
        report.row(&format!("strip of {name}"), &growth(in_small, in_large, true));
    }
    let (mut in_small, mut in_large) = (Vec::new(), Vec::new());
    for contact in 1..=TIMES as i64 {
        in_small.push(timed(small.insight(contact)).await?.1);
        in_large.push(timed(large.insight(contact)).await?.1);
    }
    report.row("signs of a contact, with rows", &growth(in_small, in_large, true));
    Ok(())
}

async fn signs((small, large): &(School, School), report: &mut Report) -> Result<()> {
    let usual = large.insight_settings().await?;
    let mut weights = InsightSettings { flag_points: usual.flag_points + 10, ..usual.clone() };
    weights.concurrent_use.points += 1;
    let limits = InsightSettings { concurrent_minutes: usual.concurrent_minutes + 10, ..usual };
    for (name, asked) in [("other points", weights), ("other thresholds", limits)] {
        let (mut in_small, mut in_large) = (Vec::new(), Vec::new());
        for _ in 0..FEW_TIMES {
            in_small.push(timed(small.would_flag(&asked)).await?.1);
            in_large.push(timed(large.would_flag(&asked)).await?.1);
        }
        report.row(&format!("would flag with {name}"), &growth(in_small, in_large, false));
    }
    for (name, limit) in [("devices", AccessLimit::Devices), ("sessions", AccessLimit::Sessions)] {
        let (mut in_small, mut in_large) = (Vec::new(), Vec::new());
        for _ in 0..FEW_TIMES {
            in_small.push(timed(small.what_if(limit)).await?.1);
            in_large.push(timed(large.what_if(limit)).await?.1);
        }
        report.row(&format!("what if other limits: {name}"), &growth(in_small, in_large, false));
    }
    Ok(())
}

async fn timed<T>(asked: impl Future<Output = Result<T, hallmonitor_core::Error>>) -> Result<(T, Duration)> {
    let since = Instant::now();
    let answer = asked.await?;
    Ok((answer, since.elapsed()))
}

/// The most that a question may take longer of a large school, where it is no more work there.
const GROWTH: f64 = 1.5;

/// The figures of both schools; `no_more_work` where the large one has no more to look at than the small one.
fn growth(in_small: Vec<Duration>, in_large: Vec<Duration>, no_more_work: bool) -> Vec<Cell> {
    let ((small, small_p99), (large, large_p99)) = (median_and_p99(in_small), median_and_p99(in_large));
    vec![
        Cell::of("median, small, ms", small),
        Cell::of("p99, small, ms", small_p99),
        Cell::of("median, large, ms", large),
        Cell::of("p99, large, ms", large_p99),
        Cell::of("growth", large / small).aim(no_more_work.then_some(GROWTH)),
    ]
}

/// One page of a thousand logins that are new: what the sync takes, and what the background takes behind it.
async fn update(bench: &Bench, school: &School, report: &mut Report) -> Result<()> {
    let page = PageRequest { limit: 3_000, ..PageRequest::default() };
    let rows = school.sessions(&LogQuery { page, ..LogQuery::default() }).await?.rows;
    let mut contacts = HashSet::new();
    let one_each: Vec<_> = rows.iter().filter(|row| contacts.insert(row.contact_id)).collect();
    ensure!(!one_each.is_empty(), "there are no logins");
    let http = reqwest::Client::builder().no_proxy().build()?;
    for row in one_each.iter().cycle().take(CHANGED) {
        let answer = http
            .post(format!("{}/site/logins", bench.url))
            .header("Token", &bench.site_token)
            .header("Cabinet-Hash", &bench.cabinet)
            .json(&json!({"contact_id": row.contact_id, "ip": row.ip, "user_agent": row.user_agent}))
            .send()
            .await
            .context("the site API does not answer")?;
        ensure!(answer.status().is_success(), "the site API refuses: {}", answer.text().await?);
    }
    let (cpu, since) = (cpu_time(), Instant::now());
    let synced = school.sync(Urgency::Now, |_| {}).await?;
    report.figure("sync of new logins: logins", synced.pulled.sessions as f64, "rows", None);
    report.figure("sync of new logins: CPU", cpu.elapsed().as_secs_f64() * 1000.0, "ms", None);
    report.figure("sync of new logins: wall", since.elapsed().as_secs_f64() * 1000.0, "ms", None);
    let waiting = school.insight_status().await?.waiting;
    let (cpu, since) = (cpu_time(), Instant::now());
    finish(school).await?;
    report.figure("signs after it: contacts looked at", waiting as f64, "", None);
    report.figure("signs after it: CPU", cpu.elapsed().as_secs_f64() * 1000.0, "ms", None);
    report.figure("signs after it: wall", since.elapsed().as_secs_f64() * 1000.0, "ms", None);
    Ok(())
}
