use std::cmp::Reverse;

use hallmonitor_tests::{Cli, Filled, school};
use serde_json::{Value, json};

use crate::{assert_failed, ids, keys, rows, site};

/// Newest first, those without a time last, then by id, falling.
fn assert_sorted(list: &Value, by: &str) {
    let places: Vec<_> =
        rows(list).iter().map(|row| Reverse((row[by].as_str().map(str::to_owned), row["id"].as_i64()))).collect();
    assert!(places.is_sorted(), "not sorted by {by}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_are_newest_first_and_100_long_where_nothing_is_said() {
    let school = school(Filled::With { contacts: 130, sessions: 6_000 }).await;
    let never = site::contact(&school, json!({ "email": "never@example.com" })).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    let status = cli.json(&["status"]);
    for (command, by) in [
        ("contacts", "last_activity_at"),
        ("sessions", "started_at"),
        ("devices", "last_seen_at"),
        ("restrictions", "occurred_at"),
    ] {
        let all = cli.json(&[command, "--limit", "0"]);
        assert_sorted(&all, by);
        assert_eq!(json!(rows(&all).len()), status[command], "{command} --limit 0 is all");
        assert!(rows(&all).len() > 100, "{command}: the test needs more than a page");
        assert_eq!(rows(&cli.json(&[command])), &rows(&all)[..100], "{command}");
        assert_eq!(rows(&cli.json(&[command, "--limit", "7"])), &rows(&all)[..7], "{command}");
    }
    let all = cli.json(&["contacts", "--limit", "0"]);
    let place = ids(&all).iter().position(|id| *id == never).expect("it is listed");
    let never_active = rows(&all)[place..].iter().all(|row| row["last_activity_at"].is_null());
    assert!(never_active, "somebody who was active stands behind somebody who never was");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entities_carry_the_fields_of_the_api_and_what_is_worked_out() {
    let school = school(Filled::Empty).await;
    school.school.rename("Світло").await.expect("renamed");
    site::put_settings(&school, json!({ "max_concurrent_sessions": 1, "concurrent_policy": "refuse_new" })).await;
    let ivan = site::contact(
        &school,
        json!({ "email": "ivan@example.com", "first_name": "Іван", "last_name": "Петренко", "tags": ["vip", "2025"] }),
    )
    .await;
    site::login(&school, ivan, "127.0.0.1", site::CHROME).await;
    site::login(&school, ivan, "10.1.2.3", site::IPHONE).await;
    let cli = Cli::connected(&school);
    let synced = cli.json(&["sync"]);
    assert_eq!(keys(&synced), ["cursor", "pulled", "pushed", "requests"]);
    assert_eq!(
        synced["pulled"],
        json!({ "contacts": 1, "devices": 2, "sessions": 2, "restrictions": 1, "deleted": 0 })
    );
    assert_eq!(synced["pushed"], json!({ "applied": 0, "conflict": 0, "rejected": 0, "queued": 0 }));

    let status = cli.json(&["status"]);
    assert_eq!(
        keys(&status),
        [
            "cabinet_name",
            "contacts",
            "devices",
            "last_sync_at",
            "login_log",
            "outbox",
            "profile",
            "restrictions",
            "server",
            "sessions",
            "unviewed"
        ]
    );
    assert_eq!(status["outbox"], json!({ "queued": 0, "conflict": 0, "rejected": 0 }));
    assert_eq!(status["unviewed"], 1);
    assert!(status["last_sync_at"].as_str().expect("a time").ends_with('Z'));

    let contact = cli.json(&["contact", &ivan.to_string()]);
    assert_eq!(contact["name"], "Іван Петренко");
    assert_eq!(contact["unviewed"], 1);
    assert_eq!(contact["checks_enabled"], true);
    assert_eq!(contact["checks_changed"], json!(null));
    assert_eq!(contact["tags"].as_array().map(Vec::len), Some(2));
    assert_eq!(cli.json(&["contacts"]), json!([contact]));
    assert_eq!(cli.json(&["contacts", "--unviewed"]), json!([contact]));

    let restriction = &cli.json(&["restrictions"])[0];
    assert_eq!(restriction["rule"]["code"], "concurrent_sessions");
    assert_eq!((&restriction["rule"]["limit"], &restriction["rule"]["observed"]), (&json!(1), &json!(2)));
    assert_eq!((&restriction["action"], &restriction["status"]), (&json!("login_denied"), &json!("not_viewed")));
    assert_eq!((&restriction["country"], &restriction["city"]), (&json!(null), &json!(null)));

    let sessions = cli.json(&["sessions"]);
    let [denied, running] = &rows(&sessions)[..] else { panic!("two sessions: {sessions}") };
    assert_eq!((&denied["outcome"], &denied["device_type"]), (&json!("denied"), &json!("mobile")));
    assert_eq!((&running["outcome"], &running["ended_at"]), (&json!("allowed"), &json!(null)));
    assert_eq!(running["device_type"], "desktop");
    assert!(running["browser"].as_str().expect("a browser").starts_with("Chrome"));
    let started = running["started_at"].as_str().expect("a time");
    assert_eq!(started.len(), "2026-08-20T23:59:59.123Z".len(), "times keep milliseconds: {started}");

    let devices = cli.json(&["devices"]);
    for device in rows(&devices) {
        assert_eq!(device["ips"], 1);
        assert_eq!(device["access"], "allowed");
        for field in ["browser", "os", "device_type", "country", "city", "fingerprint", "access_changed", "rev"] {
            assert!(device.get(field).is_some(), "{field}");
        }
    }

    let settings = cli.json(&["access-control"]);
    assert_eq!(settings["max_concurrent_sessions"], 1);
    assert_eq!(settings["concurrent_policy"], "refuse_new");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_of_one_contact_is_that_contacts() {
    let school = school(Filled::With { contacts: 20, sessions: 800 }).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    for command in ["sessions", "devices", "restrictions"] {
        let all = cli.json(&[command, "--limit", "0"]);
        let whose = rows(&all)[0]["contact_id"].as_i64().expect("an id");
        let expected: Vec<_> =
            rows(&all).iter().filter(|row| row["contact_id"] == whose).map(|row| row["id"].clone()).collect();
        let listed = cli.json(&[command, "--contact", &whose.to_string(), "--limit", "0"]);
        assert_eq!(json!(ids(&listed)), json!(expected), "{command}");
        assert_eq!(cli.json(&[command, "--contact", "999999"]), json!([]));
    }
    let unviewed = cli.json(&["restrictions", "--unviewed", "--limit", "0"]);
    assert!(rows(&unviewed).iter().all(|row| row["status"] == "not_viewed"));
    assert_eq!(json!(rows(&unviewed).len()), cli.json(&["status"])["unviewed"]);
    let marked = cli.json(&["contacts", "--unviewed", "--limit", "0"]);
    assert!(rows(&marked).iter().all(|row| row["unviewed"].as_i64() > Some(0)));
    let sum: i64 = rows(&marked).iter().filter_map(|row| row["unviewed"].as_i64()).sum();
    assert_eq!(json!(sum), cli.json(&["status"])["unviewed"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_here_is_named() {
    let school = school(Filled::Empty).await;
    let cli = Cli::connected(&school);
    assert_failed(&cli.run(&["contact", "41", "--json"]), 1, "41");
    assert_failed(&cli.run(&["access-control"]), 1, "sync");
    for command in ["contacts", "sessions", "devices", "restrictions"] {
        assert_eq!(cli.json(&[command]), json!([]));
        assert_eq!(cli.run(&[command]).code, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_gets_a_table_that_no_name_can_turn_against_the_terminal() {
    let school = school(Filled::Empty).await;
    let hostile = "\u{1b}[2J\u{202e}Ева <b>";
    let id = site::contact(&school, json!({ "email": "eve@example.com", "first_name": hostile })).await;
    site::login(&school, id, "10.0.0.1", "\u{1b}]0;x\u{7}").await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    for words in [vec!["contacts"], vec!["contact", &id.to_string()], vec!["sessions"], vec!["devices"]] {
        let ran = cli.run(&words);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(ran.stdout.contains("Ева <b>"), "{words:?}: {}", ran.stdout);
        assert!(!ran.stdout.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{words:?}: {:?}", ran.stdout);
    }
    let table = cli.run(&["contacts"]).stdout;
    assert!(table.lines().next().expect("a head").contains("Last activity"), "{table}");
    assert_eq!(cli.json(&["contact", &id.to_string()])["first_name"], hostile, "JSON keeps texts as they are");
}
