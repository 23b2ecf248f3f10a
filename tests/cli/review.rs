//! What the window can do beside lists and decisions: verdicts, reports, the ranking, filters.

use std::fs;

use hallmonitor_tests::{Cli, Filled, school};
use serde_json::{Value, json};

use crate::{assert_failed, keys, rows};

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_verdict_is_noted_shown_and_taken_back() {
    let school = school(Filled::With { contacts: 5, sessions: 60 }).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    let noted = cli.json(&["verdict", "3", "watch", "--note", "-asked her", "--until", "2099-12-24T09:00:00Z"]);
    assert_eq!(keys(&noted), ["contact_id", "decided_at", "follow_up_at", "note", "verdict"]);
    assert_eq!((&noted["verdict"], &noted["note"]), (&json!("watch"), &json!("-asked her")));
    assert_eq!(noted["follow_up_at"], "2099-12-24T09:00:00.000Z");
    let exported = cli.run(&["export", "contacts", "--contact", "3", "--format", "csv", "--out", "-"]).stdout;
    assert!(exported.contains(",watch,'-asked her,2099-12-24T09:00:00.000Z"), "{exported}");

    let shown = cli.run(&["contact", "3"]).stdout;
    assert!(shown.contains("watch, to be looked at again from 2099-12-24") && shown.contains("-asked her"), "{shown}");

    assert_failed(&cli.run(&["verdict", "3", "none", "--note", "gone"]), 2, "leave out --note");
    let again = cli.json(&["verdict", "3", "watch"]);
    assert_eq!(
        (&again["note"], &again["follow_up_at"]),
        (&noted["note"], &noted["follow_up_at"]),
        "left out, it stays"
    );
    assert_eq!(cli.json(&["verdict", "3", "sharing"])["note"], "-asked her");
    assert_eq!(cli.json(&["verdict", "3", "sharing", "--note", ""])["note"], "");
    let ran = cli.run(&["verdict", "3", "harmless"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "Noted of contact 3: harmless.\n"));
    assert_eq!(cli.json(&["verdict", "3", "none"])["verdict"], Value::Null);
    assert!(!cli.run(&["contact", "3", "--json"]).stdout.contains("harmless"));
    assert_failed(&cli.run(&["verdict", "999", "sharing"]), 1, "999");
    assert_failed(&cli.run(&["verdict", "3", "guilty"]), 2, "sharing");
    assert_failed(&cli.run(&["verdict", "3", "watch", "--until", "2020-01-01"]), 2, "passed");
    assert_failed(&cli.run(&["verdict", "3", "watch", "--note", &"я".repeat(2_001)]), 1, "2,001 letters");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_is_written_with_its_table_for_a_time_or_for_all() {
    let school = school(Filled::With { contacts: 10, sessions: 500 }).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    let sessions = cli.json(&["sessions", "--limit", "0"]);
    let id = rows(&sessions)[0]["contact_id"].to_string();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("report.html");
    let file = path.to_str().expect("a plain path");
    let (from, until) = ("2000-01-01", "2100-01-01");
    let files = cli.json(&["evidence", &id, "--out", file, "--from", from, "--until", until]);
    assert_eq!(keys(&files), ["logins", "report", "restrictions", "table"]);
    let of_whom = rows(&sessions).iter().filter(|row| row["contact_id"] == rows(&sessions)[0]["contact_id"]).count();
    assert_eq!(files["logins"], of_whom);
    assert!(fs::read_to_string(&path).expect("a report").contains("</html>"));
    let table = fs::read_to_string(text(&files, "table")).expect("a table");
    assert_eq!(table.lines().count(), of_whom + 1);
    let none = cli.json(&["evidence", &id, "--out", file, "--from", until]);
    assert_eq!(none["logins"], 0);
    assert_eq!(cli.run(&["evidence", &id, "--out", file]).code, 0);
    assert_failed(&cli.run(&["evidence", "999", "--out", file]), 1, "999");
    assert_failed(&cli.run(&["evidence", &id, "--out", "-"]), 2, "standard output");
    for asked in [&["evidence", &id, "--out", file][..], &["sessions"], &["restrictions"]] {
        let backwards = [asked, &["--from", until, "--until", from]].concat();
        assert_failed(&cli.run(&backwards), 2, "--until after");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signs_are_looked_for_without_any_window_ranked_and_exported() {
    let school = school(Filled::With { contacts: 300, sessions: 15_000 }).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    let all = cli.json(&["insights", "--limit", "0"]);
    assert!(!rows(&all).is_empty(), "the seeded school has sharers");
    let points: Vec<i64> = rows(&all).iter().map(|row| row["points"].as_i64().expect("a number")).collect();
    assert!(points.is_sorted_by(|one, next| one >= next), "{points:?}");
    let first = &rows(&all)[0];
    assert!(rows(&first["findings"]).iter().all(|finding| !rows(&finding["rows"]).is_empty()), "what is behind them");
    assert_eq!(cli.json(&["insights", "--limit", "1"]), json!([first]));
    assert_eq!(rows(&cli.json(&["insights", "--search", text(first, "email")])).len(), 1);
    let flagged = cli.json(&["insights", "--flagged", "--limit", "0"]);
    assert!(rows(&flagged).iter().all(|row| row["flagged"] == true));
    let sign = text(&first["findings"][0], "sign");
    let with_sign = cli.json(&["insights", "--sign", sign, "--limit", "0"]);
    assert!(rows(&with_sign).contains(first) && rows(&with_sign).len() <= rows(&all).len());

    let exported = cli.run(&["export", "insights", "--format", "json", "--out", "-"]).stdout;
    assert_eq!(serde_json::from_str::<Value>(&exported).expect("JSON"), all);
    let table = cli.run(&["export", "insights", "--format", "csv", "--out", "-"]).stdout;
    assert_eq!(table.lines().count(), rows(&all).len() + 1);
    let one = cli.run(&[
        "export",
        "insights",
        "--contact",
        &first["contact_id"].to_string(),
        "--format",
        "json",
        "--out",
        "-",
    ]);
    assert_eq!(serde_json::from_str::<Value>(&one.stdout).expect("JSON"), json!([first]));
    assert!(cli.run(&["insights"]).stdout.contains(text(first, "email")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn filters_leave_what_they_say_in_the_order_of_the_list() {
    let school = school(Filled::With { contacts: 60, sessions: 6_000 }).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    let sessions = cli.json(&["sessions", "--limit", "0"]);
    let restrictions = cli.json(&["restrictions", "--limit", "0"]);
    let only = |list: &Value, wanted: &dyn Fn(&Value) -> bool| {
        let rows: Vec<Value> = rows(list).iter().filter(|row| wanted(row)).cloned().collect();
        assert!(!rows.is_empty(), "the test needs some");
        Value::Array(rows)
    };
    let at = text(&rows(&sessions)[2_000], "started_at").to_owned();
    let ip = text(&rows(&sessions)[0], "ip").to_owned();
    for (words, wanted) in [
        (&["--ip", ip.as_str()][..], &(|row: &Value| row["ip"] == ip.as_str()) as &dyn Fn(&Value) -> bool),
        (&["--country", "ua"], &|row| row["country"] == "UA"),
        (&["--outcome", "denied"], &|row| row["outcome"] == "denied"),
        (&["--from", &at], &|row| text(row, "started_at") >= at.as_str()),
        (&["--until", &at], &|row| text(row, "started_at") < at.as_str()),
    ] {
        let listed = cli.json(&[&["sessions", "--limit", "0"], words].concat());
        assert_eq!(listed, only(&sessions, wanted), "{words:?}");
    }
    let at = text(&rows(&restrictions)[rows(&restrictions).len() / 2], "occurred_at").to_owned();
    let code = text(&rows(&restrictions)[0]["rule"], "code").to_owned();
    for (words, wanted) in [
        (
            &["--rule", code.as_str()][..],
            &(|row: &Value| row["rule"]["code"] == code.as_str()) as &dyn Fn(&Value) -> bool,
        ),
        (&["--country", "UA"], &|row| row["country"] == "UA"),
        (&["--status", "viewed"], &|row| row["status"] == "viewed"),
        (&["--status", "not-viewed"], &|row| row["status"] == "not_viewed"),
        (&["--from", &at], &|row| text(row, "occurred_at") >= at.as_str()),
        (&["--until", &at], &|row| text(row, "occurred_at") < at.as_str()),
    ] {
        let listed = cli.json(&[&["restrictions", "--limit", "0"], words].concat());
        assert_eq!(listed, only(&restrictions, wanted), "{words:?}");
    }
    assert_failed(&cli.run(&["sessions", "--ip", "10.0.0.0/99"]), 2, "10.0.0.0/99");
}
