//! Each list page and each search: how it grows from 20,000 to 1,000,000 sessions, and how it stands beside the same
//! question in the `sqlite3` shell.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use hallmonitor_core::{
    School,
    cache::asked::asked,
    model::{ContactQuery, ContactSort, DeviceQuery, LogQuery, LoginQuery, PageRequest, ViolationQuery},
};

use crate::{
    client,
    measure::{cpu_time, median_and_p99},
    plain::Plain,
    report::{Cell, Report},
    school::Bench,
};

/// How often each is asked.
const TIMES: usize = 200;

#[derive(Clone, Debug)]
enum Question {
    Contacts(ContactQuery),
    Sessions(LogQuery),
    Devices(LogQuery),
    Restrictions(LogQuery),
    Logins(LoginQuery),
    Violations(ViolationQuery),
    SchoolDevices(DeviceQuery),
}

/// What is common fills a page in both schools; what is rare finds more in the large one, and that is more work.
fn questions() -> Vec<(&'static str, Question)> {
    let page = || PageRequest { limit: 50, ..PageRequest::default() };
    let contacts = |sort, search: &str| {
        Question::Contacts(ContactQuery { sort, search: search.into(), page: page(), ..ContactQuery::default() })
    };
    let log = |search: &str| LogQuery { search: search.into(), page: page(), ..LogQuery::default() };
    let of = |contact| LogQuery { contact_id: Some(contact), page: page(), ..LogQuery::default() };
    let unviewed = ContactQuery { unviewed: true, page: page(), ..ContactQuery::default() };
    vec![
        ("contacts by last activity", contacts(ContactSort::LastActivity, "")),
        ("contacts by name", contacts(ContactSort::Name, "")),
        ("contacts with unviewed violations", Question::Contacts(unviewed)),
        ("contacts, search of a common part of names", contacts(ContactSort::LastActivity, "енко")),
        ("contacts, search of a rare name", contacts(ContactSort::LastActivity, "шевч")),
        ("contacts, search of an e-mail", contacts(ContactSort::LastActivity, "anna")),
        ("contacts, search of two letters", contacts(ContactSort::LastActivity, "ан")),
        ("sessions, newest", Question::Sessions(log(""))),
        ("sessions of a contact", Question::Sessions(of(7))),
        ("sessions, search of a common part of addresses", Question::Sessions(log("178."))),
        ("sessions, search of a rare address", Question::Sessions(log("91.198."))),
        ("sessions, search of a browser", Question::Sessions(log("firefox"))),
        ("sessions, search of a common part of names", Question::Sessions(log("енко"))),
        ("sessions, search of a rare name", Question::Sessions(log("шевченко"))),
        ("sessions, search of what is nowhere", Question::Sessions(log("nowhere-at-all"))),
        ("sessions, search of two letters", Question::Sessions(log("ua"))),
        ("devices, newest", Question::Devices(log(""))),
        ("devices of a contact", Question::Devices(of(7))),
        ("devices, search of a browser", Question::Devices(log("iphone"))),
        ("restrictions, newest", Question::Restrictions(log(""))),
        ("restrictions of a contact", Question::Restrictions(of(7))),
        ("restrictions, search of a rule", Question::Restrictions(log("device_limit"))),
        ("restrictions, search of a common part of names", Question::Restrictions(log("енко"))),
        ("restrictions, search of a rare name", Question::Restrictions(log("шевченко"))),
    ]
    .into_iter()
    .chain(of_the_whole_school(&page()))
    .collect()
}

/// The lists of the whole school, with what can be clicked.
fn of_the_whole_school(page: &PageRequest) -> [(&'static str, Question); 10] {
    let logins = |change: fn(&mut LoginQuery)| {
        let mut query = LoginQuery { page: page.clone(), ..LoginQuery::default() };
        change(&mut query);
        Question::Logins(query)
    };
    let violations = |change: fn(&mut ViolationQuery)| {
        let mut query = ViolationQuery { page: page.clone(), ..ViolationQuery::default() };
        change(&mut query);
        Question::Violations(query)
    };
    let shared = DeviceQuery { page: page.clone(), ..DeviceQuery::default() };
    [
        ("logins of a country", logins(|query| query.country = Some("UA".into()))),
        ("logins of a rare country", logins(|query| query.country = Some("NZ".into()))),
        ("logins of phones", logins(|query| query.device_type = Some("mobile".into()))),
        ("logins of a browser", logins(|query| query.browser = Some("Firefox".into()))),
        ("logins that were refused", logins(|query| query.outcome = Some("denied".into()))),
        ("logins that run", logins(|query| query.running = true)),
        ("logins of a range of addresses", logins(|query| query.address = "178.0.0.0/8".into())),
        ("violations, unviewed first", violations(|_| {})),
        ("violations of a rule", violations(|query| query.rule = Some("device_limit".into()))),
        ("devices, most shared", Question::SchoolDevices(shared)),
    ]
}

/// Asks everything of both caches, in turns; then all of the large one's statements of the `sqlite3` shell.
pub(crate) async fn run(small: &Bench, large: &Bench, report: &mut Report) -> Result<()> {
    let plain = Plain::copy(large).await?;
    report.title(&format!("Pages of 50 rows: {} sessions, {} sessions", small.sessions, large.sessions));
    report.columns(&["rows", "rows", "median", "p99", "median", "p99", "growth", "CPU p99", "shell p99", "ratio"]);
    let (small, large) = (client::open(small).await?, client::open(large).await?);
    for (name, question) in questions() {
        let (few, many) = (ask(&small, &question).await?.rows, ask(&large, &question).await?.rows);
        let (mut in_small, mut in_large) = (Vec::new(), Vec::new());
        for _ in 0..TIMES {
            in_small.push(ask(&small, &question).await?.wall);
            in_large.push(ask(&large, &question).await?.wall);
        }
        // Apart, so that the shell's caches are no warmer than ours.
        let mut cpu = Vec::new();
        for _ in 0..TIMES {
            cpu.push(ask(&large, &question).await?.cpu);
        }
        let (answered, statements) = asked(ask(&large, &question)).await;
        answered?;
        let found = plain.rows(statements.last().context("nothing was asked")?)?;
        // One row more tells that there is another page.
        ensure!(found.min(50) == many, "{name}: the shell finds {found} rows, the app {many}");
        let shell = plain.times(&statements, TIMES)?;

        let ((small_median, small_p99), (large_median, large_p99)) =
            (median_and_p99(in_small), median_and_p99(in_large));
        let ((_, cpu_p99), (_, shell_p99)) = (median_and_p99(cpu), median_and_p99(shell));
        report.row(
            name,
            &[
                Cell::of("rows, small", few as f64),
                Cell::of("rows, large", many as f64),
                Cell::of("median, small, ms", small_median),
                Cell::of("p99, small, ms", small_p99),
                Cell::of("median, large, ms", large_median),
                Cell::of("p99, large, ms", large_p99),
                // More rows are more work.
                Cell::of("growth", large_median / small_median).aim((few == many).then_some(1.5)),
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

/// What one answer took.
struct Answered {
    rows: usize,
    wall: Duration,
    cpu: Duration,
}

async fn ask(school: &School, question: &Question) -> Result<Answered> {
    let (cpu, since) = (cpu_time(), Instant::now());
    let rows = match question {
        Question::Contacts(query) => school.contacts(query).await?.rows.len(),
        Question::Sessions(query) => school.sessions(query).await?.rows.len(),
        Question::Devices(query) => school.devices(query).await?.rows.len(),
        Question::Restrictions(query) => school.restrictions(query).await?.rows.len(),
        Question::Logins(query) => school.logins(query).await?.rows.len(),
        Question::Violations(query) => school.violations(query).await?.rows.len(),
        Question::SchoolDevices(query) => school.school_devices(query).await?.rows.len(),
    };
    Ok(Answered { rows, wall: since.elapsed(), cpu: cpu.elapsed() })
}
