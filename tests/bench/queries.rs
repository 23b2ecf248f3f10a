//! Each list page and each search: how it grows from 20,000 to 1,000,000 sessions, and how it stands beside the same
//! question in the `sqlite3` shell.

use anyhow::{Context as _, Result, ensure};
use hallmonitor_core::{
    School,
    cache::asked::asked,
    model::{LogQuery, PageRequest},
};
use hallmonitor_wire::Time;

use crate::{
    client,
    measure::median_and_p99,
    plain::Plain,
    questions,
    report::{Cell, Report},
    school::Bench,
};

/// How often each is asked.
const TIMES: usize = 200;

/// Asks everything of both caches, in turns; then all of the large one's statements of the `sqlite3` shell.
pub(crate) async fn run(small: &Bench, large: &Bench, plain: &Plain, report: &mut Report) -> Result<()> {
    report.title(&format!("Pages of 50 rows: {} sessions, {} sessions", small.sessions, large.sessions));
    report.columns(&[
        "rows",
        "rows",
        "median",
        "p99",
        "median",
        "p99",
        "growth",
        "CPU",
        "shell",
        "ratio",
        "CPU p99",
        "shell p99",
        "ratio",
    ]);
    let (small, large) = (client::open(small).await?, client::open(large).await?);
    for (name, question) in questions::all(newest(&large).await?) {
        let (few, many) = (question.ask(&small).await?.rows, question.ask(&large).await?.rows);
        let (mut in_small, mut in_large) = (Vec::new(), Vec::new());
        for _ in 0..TIMES {
            in_small.push(question.ask(&small).await?.wall);
            in_large.push(question.ask(&large).await?.wall);
        }
        // Apart, so that the shell's caches are no warmer than ours.
        let mut cpu = Vec::new();
        for _ in 0..TIMES {
            cpu.push(question.ask(&large).await?.cpu);
        }
        let (answered, statements) = asked(question.ask(&large)).await;
        answered?;
        let mut found = Vec::new();
        for statement in &statements {
            // One row more tells that there is another page.
            found.push(plain.rows(statement)?.min(50));
        }
        // Search everywhere shows the best few of each kind.
        let same = match &question {
            questions::Question::Everywhere(_) => found.iter().sum::<usize>() >= many,
            _ => found.contains(&many),
        };
        ensure!(same, "{name}: the shell finds {found:?} rows, the app {many}");
        let shell = plain.times(&statements, TIMES)?;

        let ((small_median, small_p99), (large_median, large_p99)) =
            (median_and_p99(in_small), median_and_p99(in_large));
        let ((cpu, cpu_p99), (shell, shell_p99)) = (median_and_p99(cpu), median_and_p99(shell));
        report.row(
            &name,
            &[
                Cell::of("rows, small", few as f64),
                Cell::of("rows, large", many as f64),
                Cell::of("median, small, ms", small_median),
                Cell::of("p99, small, ms", small_p99),
                Cell::of("median, large, ms", large_median),
                Cell::of("p99, large, ms", large_p99),
                // More rows are more work.
                Cell::of("growth", large_median / small_median).aim((few == many).then_some(1.5)),
                Cell::of("CPU median, large, ms", cpu),
                Cell::of("sqlite3 shell CPU median, large, ms", shell),
                Cell::of("CPU median / shell CPU median", cpu / shell).aim(Some(2.0)),
                Cell::of("CPU p99, large, ms", cpu_p99),
                Cell::of("sqlite3 shell CPU p99, large, ms", shell_p99),
                Cell::of("CPU p99 / shell CPU p99", cpu_p99 / shell_p99).aim(Some(2.0)),
            ],
        );
    }
    large.close().await;
    small.close().await;
    Ok(())
}

/// When the newest login was.
pub(crate) async fn newest(school: &School) -> Result<Time> {
    let one = LogQuery { page: PageRequest { limit: 1, ..PageRequest::default() }, ..LogQuery::default() };
    let rows = school.sessions(&one).await?.rows;
    Ok(rows.first().context("there are no logins")?.started_at)
}
