//! Decisions: how long recording one takes, what many that wait cost every page, and how many requests they are.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use hallmonitor_core::{
    School,
    model::{LogQuery, PageRequest, Resolution},
};
use hallmonitor_wire::{ActionType, ActionValue};

use crate::{
    client,
    measure::median_and_p99,
    report::{Cell, Report},
    school::Bench,
};

/// Decisions that wait.
const WAITING: usize = 10_000;
/// Decisions that are measured one by one, and pages.
const TIMES: usize = 200;
/// Decisions that are sent.
const SENT: usize = 1_000;

/// Records, looks, sends.
pub(crate) async fn run(small: &Bench, large: &Bench, report: &mut Report) -> Result<()> {
    let (small, large) = (client::open(small).await?, client::open(large).await?);
    let pages_before = pages(&large).await?;
    let restrictions = restrictions(&large, WAITING).await?;
    let since = Instant::now();
    large.decide(ActionType::RestrictionStatus, &restrictions, ActionValue::Viewed).await?;
    let at_once = since.elapsed();
    let pages_after = pages(&large).await?;
    let (in_small, in_large) = recordings(&small, &large).await?;

    report.title(&format!("Decisions, {} of them waiting in the large cache", restrictions.len()));
    report.columns(&["median", "p99", "median", "p99", "ratio"]);
    let mut row = |name, before, after, aim| {
        let ((before, before_p99), (after, after_p99)) = (median_and_p99(before), median_and_p99(after));
        report.row(
            name,
            &[
                Cell::of("median, ms", before),
                Cell::of("p99, ms", before_p99),
                Cell::of("median with waiting decisions, ms", after),
                Cell::of("p99 with waiting decisions, ms", after_p99),
                Cell::of("ratio", after / before).aim(Some(aim)),
            ],
        );
    };
    row("recording one: empty small cache, full large one", in_small, in_large, 1.5);
    for ((name, before), (_, after)) in pages_before.into_iter().zip(pages_after) {
        row(name, before, after, 1.3);
    }
    report.figure("recording all that wait at once", at_once.as_secs_f64(), "s", None);

    cancel(&large).await?;
    large.decide(ActionType::RestrictionStatus, &restrictions[..SENT], ActionValue::Viewed).await?;
    let told = large.sync(hallmonitor_core::Urgency::Now, |_| {}).await?;
    ensure!(told.pushed.applied == SENT as u64, "{:?}", told.pushed);
    // One asks what the server offers and one reads what is new.
    let requests = told.requests as f64;
    report.figure(&format!("requests of a sync that sends {SENT}"), requests, "", Some(12.0));
    large.close().await;
    small.close().await;
    Ok(())
}

/// So many restrictions that nobody has viewed (fewer in a small school); some that somebody has are made so first.
async fn restrictions(school: &School, count: usize) -> Result<Vec<i64>> {
    let mut ids = school.unviewed_restrictions(None).await?;
    ids.truncate(count);
    let missing = count - ids.len();
    if missing > 0 {
        let page = PageRequest { limit: 0, ..PageRequest::default() };
        let all = school.restrictions(&LogQuery { page, ..LogQuery::default() }).await?.rows;
        let viewed: Vec<i64> =
            all.iter().filter(|row| row.status == "viewed").map(|row| row.id).take(missing).collect();
        school.decide(ActionType::RestrictionStatus, &viewed, ActionValue::NotViewed).await?;
        school.sync(hallmonitor_core::Urgency::Now, |_| {}).await?;
        ids.extend(viewed);
    }
    ensure!(ids.len() >= SENT, "the school has only {} restrictions", ids.len());
    Ok(ids)
}

async fn cancel(school: &School) -> Result<()> {
    let ids: Vec<_> = school.outbox().await?.iter().map(|entry| entry.id).collect();
    let left = school.resolve(&ids, Resolution::Cancel).await?;
    ensure!(left.is_empty(), "{} decisions are left", left.len());
    Ok(())
}

/// One decision at a time, in turns: from the call to the row on disk.
async fn recordings(small: &School, large: &School) -> Result<(Vec<Duration>, Vec<Duration>)> {
    let (few, many) = (devices(small).await?, devices(large).await?);
    let (mut in_small, mut in_large) = (Vec::new(), Vec::new());
    for (a, b) in few.into_iter().zip(many) {
        in_small.push(record(small, a).await?);
        in_large.push(record(large, b).await?);
    }
    Ok((in_small, in_large))
}

async fn record(school: &School, device: i64) -> Result<Duration> {
    let since = Instant::now();
    school.decide(ActionType::DeviceAccess, &[device], ActionValue::Blocked).await?;
    Ok(since.elapsed())
}

async fn devices(school: &School) -> Result<Vec<i64>> {
    let rows = school.devices(&first(TIMES as u32 * 2)).await?.rows;
    let allowed = rows.iter().filter(|row| row.access == "allowed").map(|row| row.id).take(TIMES).collect();
    Ok(allowed)
}

fn first(limit: u32) -> LogQuery {
    LogQuery { page: PageRequest { limit, ..PageRequest::default() }, ..LogQuery::default() }
}

/// Pages that show what was decided.
async fn pages(school: &School) -> Result<Vec<(&'static str, Vec<Duration>)>> {
    let unviewed = LogQuery { unviewed: true, ..first(50) };
    let contacts = hallmonitor_core::model::ContactQuery { page: first(50).page, ..Default::default() };
    let mut took = [const { Vec::new() }; 4];
    for _ in 0..TIMES {
        let since = Instant::now();
        school.restrictions(&first(50)).await.context("restrictions")?;
        took[0].push(since.elapsed());
        let since = Instant::now();
        school.restrictions(&unviewed).await.context("unviewed restrictions")?;
        took[1].push(since.elapsed());
        let since = Instant::now();
        school.devices(&first(50)).await.context("devices")?;
        took[2].push(since.elapsed());
        let since = Instant::now();
        school.contacts(&contacts).await.context("contacts")?;
        took[3].push(since.elapsed());
    }
    let names = ["restrictions, newest", "restrictions not viewed", "devices, newest", "contacts by last activity"];
    Ok(names.into_iter().zip(took).collect())
}
