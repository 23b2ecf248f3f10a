//! The signs of a shared account, tried on a school whose sharers are known: the reference school's seeded world, read
//! through its real server into a real cache.

mod located;

use std::{
    collections::HashMap,
    fs,
    time::{Duration, Instant},
};

use hallmonitor_core::{
    App, Connection, School, Urgency,
    model::{EvidenceQuery, InsightQuery, InsightSettings, LogQuery, Sign, Time},
    vault::{CabinetHash, Passphrase, Token},
};
use hallmonitor_language::Language;
use hallmonitor_school::world::people::{Account, Habit};
use hallmonitor_tests::{Filled, school};

/// The school's students and logins.
const CONTACTS: u64 = 1_200;
const LOGINS: u64 = 60_000;

/// Somebody with fewer logins in the days that are looked at can't be told from anybody else.
const ACTIVE: usize = 20;

const DAY_MS: i64 = 86_400_000;

struct Owner {
    app: App,
    core: School,
    folder: tempfile::TempDir,
}

async fn owner_of_a_read_school() -> Owner {
    let server = school(Filled::With { contacts: CONTACTS, sessions: LOGINS }).await;
    let folder = tempfile::tempdir().expect("a folder");
    let app = App::new(folder.path().join("data"));
    let passphrase = || Passphrase::new("correct horse battery staple".to_owned()).expect("a passphrase");
    let connection = Connection {
        server: server.url(),
        cabinet: CabinetHash::new(&server.cabinet).expect("a hash"),
        token: Token::new(&server.token).expect("a token"),
        name: None,
        passphrase: Some(passphrase()),
    };
    app.connect(connection).await.expect("connected");
    let core = app.open(None, Some(passphrase())).await.expect("opened");
    core.sync(Urgency::Now, |_| {}).await.expect("read");
    while core.insights_pass(Duration::from_secs(1)).await.expect("looked at").left {}
    Owner { app, core, folder }
}

/// What came of it: contacts that are flagged and share, are flagged and don't, share and are not flagged.
#[derive(Debug, Default)]
struct Found {
    right: usize,
    wrong: usize,
    missed: usize,
}

impl Found {
    fn precision(&self) -> f64 {
        self.right as f64 / (self.right + self.wrong).max(1) as f64
    }

    fn recall(&self) -> f64 {
        self.right as f64 / (self.right + self.missed).max(1) as f64
    }
}

/// What comes of taking those for sharers that the query lists.
async fn found(owner: &Owner, logins: &HashMap<i64, Vec<i64>>, days: i64, query: InsightQuery) -> Found {
    let newest = logins.values().flatten().max().copied().unwrap_or_default();
    let listed = owner.core.insights(&query).await.expect("list");
    let listed: HashMap<i64, _> = listed.rows.into_iter().map(|row| (row.contact_id, row)).collect();
    let mut found = Found::default();
    for index in 0..CONTACTS {
        let (id, account) = (index as i64 + 1, Account::new(1, index));
        let active = logins.get(&id).map_or(0, |at| at.iter().filter(|at| **at > newest - days * DAY_MS).count());
        match (listed.get(&id), account.habit) {
            (Some(_), Habit::Sharer) => found.right += 1,
            (Some(row), habit) => {
                found.wrong += 1;
                if query.flagged {
                    let signs: Vec<_> = row.findings.iter().map(|one| (one.sign, one.count, one.points)).collect();
                    println!("flagged wrongly: {habit:?}, {active} logins, {signs:?}");
                }
            }
            (None, Habit::Sharer) if active >= ACTIVE => found.missed += 1,
            (None, _) => {}
        }
    }
    found
}

/// What comes of one sign alone, printed.
async fn by_itself(owner: &Owner, logins: &HashMap<i64, Vec<i64>>, days: i64, sign: Sign) -> Found {
    let query = InsightQuery { sign: Some(sign), ..InsightQuery::default() };
    let alone = found(owner, logins, days, query).await;
    let (precision, recall) = (alone.precision(), alone.recall());
    println!("  {} by itself: precision {precision:.2}, recall {recall:.2} ({alone:?})", sign.as_str());
    alone
}

/// The times of each contact's logins.
async fn logins_of(owner: &Owner) -> HashMap<i64, Vec<i64>> {
    let mut logins: HashMap<i64, Vec<i64>> = HashMap::new();
    for row in owner.core.sessions(&LogQuery::default()).await.expect("logins").rows {
        logins.entry(row.contact_id).or_default().push(row.started_at.ms());
    }
    logins
}

#[tokio::test(flavor = "multi_thread")]
async fn most_of_those_who_share_are_flagged_and_few_others() {
    let owner = owner_of_a_read_school().await;
    let logins = logins_of(&owner).await;
    // Points are not scaled to the days: over two years more honest students gather enough of them.
    for (days, precision, recall) in [(90, 0.75, 0.75), (730, 0.6, 0.85)] {
        let settings = InsightSettings { look_back_days: days, ..InsightSettings::default() };
        let would = owner.core.would_flag(&settings).await.expect("answered");
        owner.core.set_insight_settings(settings).await.expect("set");
        let begun = Instant::now();
        while owner.core.insights_pass(Duration::from_secs(1)).await.expect("looked at").left {}
        let flagged = InsightQuery { flagged: true, ..InsightQuery::default() };
        let took = begun.elapsed();
        let all = found(&owner, &logins, i64::from(days), flagged).await;
        println!(
            "{days} days back: precision {:.2}, recall {:.2} of sharers with {ACTIVE} logins or more ({all:?}), {took:?}",
            all.precision(),
            all.recall(),
        );
        for sign in Sign::ALL {
            by_itself(&owner, &logins, i64::from(days), sign).await;
        }
        assert_eq!(would.flagged, (all.right + all.wrong) as i64, "what was foretold");
        assert!(all.right > 0);
        assert!(all.precision() >= precision && all.recall() >= recall, "{all:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reason_names_rows_that_are_there() {
    let owner = owner_of_a_read_school().await;
    let flagged = owner.core.insights(&InsightQuery { flagged: true, ..InsightQuery::default() }).await.expect("list");
    assert!(!flagged.rows.is_empty());
    for insight in flagged.rows.iter().take(10) {
        let detail = owner.core.insight(insight.contact_id).await.expect("detail");
        assert_eq!((detail.points, detail.flagged), (insight.points, true), "kept and worked out anew are the same");
        let query = LogQuery { contact_id: Some(insight.contact_id), ..LogQuery::default() };
        let sessions = owner.core.sessions(&query).await.expect("sessions").rows;
        let devices = owner.core.devices(&query).await.expect("devices").rows;
        for finding in &detail.findings {
            assert!(!finding.rows.is_empty() && finding.rows[0].at == finding.newest_at);
            assert!(finding.rows.iter().all(|row| row.at >= detail.from && row.at < Time(i64::MAX)));
            for row in &finding.rows {
                assert!(row.session_ids.iter().all(|id| sessions.iter().any(|session| session.id == *id)));
                assert!(row.device_ids.iter().all(|id| devices.iter().any(|device| device.id == *id)));
                assert!(row.session_ids.len() + row.device_ids.len() > 0, "{finding:?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_on_a_flagged_student_is_written_with_its_table() {
    let owner = owner_of_a_read_school().await;
    let flagged = owner.core.insights(&InsightQuery { flagged: true, ..InsightQuery::default() }).await.expect("list");
    let contact_id = flagged.rows[0].contact_id;
    let path = owner.folder.path().join("report.html");
    let query = EvidenceQuery { contact_id, from: Time(0), until: Time(i64::MAX) };
    let files = owner.core.evidence(&query, Language::Ukrainian, &path, &|_| {}).await.expect("written");
    let of_whom = LogQuery { contact_id: Some(contact_id), ..LogQuery::default() };
    let logins = owner.core.sessions(&of_whom).await.expect("sessions").rows;
    assert_eq!(files.logins, logins.len() as i64);
    let (report, table) = (fs::read_to_string(files.report), fs::read_to_string(files.table));
    assert_eq!(table.expect("a table").lines().count(), logins.len() + 1);
    let report = report.expect("a report");
    assert!(report.contains(&flagged.rows[0].email) && report.contains("</html>"));
}
