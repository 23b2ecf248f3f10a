//! The report, written to real files from a real cache.

use std::{
    fs,
    sync::atomic::{AtomicU64, Ordering},
};

use hallmonitor_wire::Changes;

use super::*;
use crate::cache::tests::{Mirror, contact, device, restriction, session};

const HOSTILE: &str = "Eve <script>alert(1)</script> \u{202e}& \"co\"";

async fn school() -> Mirror {
    let denied = |mut row: hallmonitor_wire::Session| {
        row.outcome = "denied".into();
        row
    };
    Mirror::loaded(Changes {
        contacts: vec![contact(1, HOSTILE, 1), contact(2, "Other", 2)],
        devices: vec![device(1, 1, "blocked", 3), device(2, 1, "allowed", 4)],
        sessions: vec![
            session(1, 1, Some(1), "91.198.36.2", 5),
            session(2, 1, Some(1), "8.8.8.8", 6),
            denied(session(3, 1, None, "8.8.8.8", 7)),
            session(4, 2, None, "8.8.4.4", 8),
        ],
        restrictions: vec![restriction(1, 1, "not_viewed", 9)],
        ..Changes::default()
    })
    .await
}

fn about() -> About {
    About {
        school: "School & <b>Sons</b>".into(),
        server: "https://api.school.example".into(),
        read_at: Some(Time(1_767_225_600_000)),
        made_at: Time(1_767_225_700_000),
        cities: false,
        attributions: vec!["Places by <Somebody>".into()],
    }
}

fn of(contact_id: i64) -> EvidenceQuery {
    EvidenceQuery { contact_id, from: Time(1_767_225_600_000), until: Time(1_767_225_600_000 + 86_400_000) }
}

async fn written(mirror: &Mirror, language: Language) -> (EvidenceFiles, String, String) {
    let path = mirror.folder.path().join("report.html");
    let snapshot = mirror.cache.snapshot().await.expect("a snapshot");
    let told = AtomicU64::default();
    let tell = |rows| told.store(rows, Ordering::Relaxed);
    let files = write(snapshot, &of(1), &about(), language, &path, &tell).await.expect("written").expect("a contact");
    assert_eq!(told.load(Ordering::Relaxed), 3);
    let read = |file: &str| fs::read_to_string(file).expect("read");
    let (report, table) = (read(&files.report), read(&files.table));
    (files, report, table)
}

#[tokio::test]
async fn a_report_tells_what_there_is_in_every_language_and_runs_nothing() {
    let mirror = school().await;
    for language in Language::ALL {
        let (files, report, table) = written(&mirror, language).await;
        assert_eq!((files.logins, files.restrictions), (3, 1));
        assert_eq!(table.lines().count(), 4, "a head and three logins");
        assert!(table.contains("c1@mail.example"), "the table says whose it is");
        assert!(!table.contains("8.8.4.4") && !report.contains("8.8.4.4"), "nobody else's");
        assert!(report.contains("91.198.36.2") && report.contains("2026-01-01 00:00:01"));
        assert!(report.contains(&format!("<html lang=\"{}\">", language.code())));
        assert!(report.contains("report.csv"));
        for forbidden in ["<script", "<b>", "<img", "http-equiv=\"refresh", " onload", "src=", "href="] {
            assert!(!report.contains(forbidden), "{forbidden} in {language}");
        }
        assert!(report.contains("Eve &lt;script&gt;alert(1)&lt;/script&gt;"));
        assert!(
            report.contains("School &amp; &lt;b&gt;Sons&lt;/b&gt;") && report.contains("Places by &lt;Somebody&gt;")
        );
        assert!(!report.contains("evidence.") && !report.contains("export.head"), "a key that nobody has said");
    }
}

#[tokio::test]
async fn somebody_who_is_not_here_has_no_report() {
    let mirror = school().await;
    let path = mirror.folder.path().join("nobody.html");
    let snapshot = mirror.cache.snapshot().await.expect("a snapshot");
    let written = write(snapshot, &of(9), &about(), Language::English, &path, &|_| {}).await.expect("answered");
    assert_eq!(written, None);
    assert!(!path.exists() && !path.with_extension("csv").exists());
}

#[tokio::test]
async fn a_time_without_logins_says_so() {
    let mirror = school().await;
    let path = mirror.folder.path().join("empty.html");
    let query = EvidenceQuery { contact_id: 1, from: Time(0), until: Time(1) };
    let snapshot = mirror.cache.snapshot().await.expect("a snapshot");
    let files =
        write(snapshot, &query, &about(), Language::English, &path, &|_| {}).await.expect("written").expect("one");
    assert_eq!((files.logins, files.restrictions), (0, 0));
    let report = fs::read_to_string(&path).expect("read");
    assert_eq!(report.matches("None in this period.").count(), 3);
}

#[test]
fn a_report_is_never_its_own_table() {
    for (report, table) in [("a/report.html", "a/report.csv"), ("report", "report.csv"), ("x.csv", "x.table.csv")] {
        assert_eq!(table_beside(Path::new(report)), Path::new(table));
    }
}

#[tokio::test]
async fn a_report_that_is_made_anew_replaces_its_table() {
    let mirror = school().await;
    let report = mirror.folder.path().join("june & july.html");
    for _ in 0..2 {
        let snapshot = mirror.cache.snapshot().await.expect("a snapshot");
        let files = write(snapshot, &of(1), &about(), Language::English, &report, &|_| {}).await;
        let files = files.expect("written").expect("a contact");
        assert_eq!(files.table, report.with_extension("csv").display().to_string());
    }
}

fn is_table(entry: &fs::DirEntry) -> bool {
    entry.path().extension().is_some_and(|ending| ending == "csv")
}

#[tokio::test]
async fn a_table_of_somebody_elses_stays_where_it_is() {
    let mirror = school().await;
    let folder = mirror.folder.path();
    let (report, other) = (folder.join("june.html"), folder.join("june.csv"));
    fs::write(&other, "my own").expect("a file");
    let other_table = folder.join("june.2.csv");
    for again in 0..3 {
        let snapshot = mirror.cache.snapshot().await.expect("a snapshot");
        let files = write(snapshot, &of(1), &about(), Language::English, &report, &|_| {}).await;
        let files = files.expect("written").expect("a contact");
        if again == 0 {
            assert_eq!(files.table, other_table.display().to_string());
            fs::remove_file(&other_table).expect("removed");
        } else {
            assert_eq!(files.table, other_table.display().to_string(), "the report that is replaced has another table");
            assert_eq!(fs::read_dir(folder).expect("listed").flatten().filter(is_table).count(), 2, "no third one");
        }
        assert_eq!(fs::read_to_string(&other).expect("read"), "my own");
    }
}
