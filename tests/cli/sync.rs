use std::thread;

use hallmonitor_tests::{Cli, Filled, school};
use serde_json::json;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path},
};

use crate::{assert_failed, ids, rows, site};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sync_brings_everything_once_and_then_nothing() {
    let school = school(Filled::With { contacts: 30, sessions: 1_500 }).await;
    let cli = Cli::connected(&school);
    let first = cli.json(&["sync"]);
    let status = cli.json(&["status"]);
    for kind in ["contacts", "devices", "sessions", "restrictions"] {
        assert_eq!(first["pulled"][kind], status[kind], "{kind}");
    }
    assert_eq!(status["sessions"], 1_500);
    assert!(first["cursor"].is_string());

    let second = cli.json(&["sync"]);
    assert_eq!(
        second["pulled"],
        json!({ "contacts": 0, "devices": 0, "sessions": 0, "restrictions": 0, "deleted": 0 })
    );
    assert!(second["requests"].as_u64() <= Some(2), "{second}");
    assert_eq!(second["cursor"], first["cursor"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_server_removes_goes_and_what_went_with_it_is_counted() {
    let school = school(Filled::Empty).await;
    let anna = site::contact(&school, json!({ "email": "anna@example.com" })).await;
    let bob = site::contact(&school, json!({ "email": "bob@example.com" })).await;
    for contact in [anna, bob] {
        site::login(&school, contact, "10.0.0.1", site::CHROME).await;
    }
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    site::remove(&school, anna).await;
    let synced = cli.json(&["sync"]);
    assert_eq!(synced["pulled"]["deleted"], 3, "a contact, its device and its session: {synced}");
    assert_eq!(ids(&cli.json(&["contacts"])), [bob]);
    assert_eq!(rows(&cli.json(&["sessions"])).len(), 1);
    assert_failed(&cli.run(&["contact", &anna.to_string()]), 1, &anna.to_string());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_the_plug_pulled_a_sync_ends_with_5_and_everything_stays_readable() {
    let mut school = school(Filled::With { contacts: 10, sessions: 200 }).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    let before = (cli.json(&["status"]), cli.json(&["sessions", "--limit", "0"]));
    school.unplug().await;
    assert_failed(&cli.run(&["sync", "--json"]), 5, "could not be reached");
    assert_eq!((cli.json(&["status"]), cli.json(&["sessions", "--limit", "0"])), before);
    school.plug_in().await;
    cli.json(&["sync"]);
}

/// A server without a login log, as KWIGA's public API is today; its first answer asks to wait.
async fn busy_school(retry_after: &str) -> MockServer {
    let server = MockServer::start().await;
    let busy = ResponseTemplate::new(429)
        .insert_header("Retry-After", retry_after)
        .set_body_json(json!({ "message": "Slow down." }));
    let nothing = ResponseTemplate::new(404).set_body_json(json!({ "message": "Not found." }));
    let contact = json!({ "id": 1, "email": "anna@example.com", "created_at": "2026-08-20 23:59:59" });
    let contacts = json!({
        "data": [contact],
        "meta": { "current_page": 1, "last_page": 1, "per_page": 250, "total": 1 },
    });
    Mock::given(method("GET")).and(path("/login-log")).respond_with(nothing).mount(&server).await;
    Mock::given(method("GET"))
        .and(path("/contacts"))
        .respond_with(ResponseTemplate::new(200).set_body_json(&contacts))
        .up_to_n_times(1)
        .with_priority(1)
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .and(path("/contacts"))
        .respond_with(busy)
        .up_to_n_times(1)
        .with_priority(2)
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .and(path("/contacts"))
        .respond_with(ResponseTemplate::new(200).set_body_json(&contacts))
        .with_priority(3)
        .mount(&server)
        .await;
    server
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_short_wait_is_sat_out_and_said_and_a_school_without_a_login_log_is_contacts_only() {
    let server = busy_school("1").await;
    let cli = Cli::new("token");
    let said = cli.json(&["connect", "--server", &server.uri(), "--cabinet", "c", "--name", "kwiga"]);
    assert_eq!(said["login_log"], false);
    let ran = cli.run(&["sync", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("waiting 1 s"), "{}", ran.stderr);
    let synced: serde_json::Value = serde_json::from_str(&ran.stdout).expect("one document");
    assert_eq!(synced["pulled"]["contacts"], 1);
    assert_eq!(synced["cursor"], json!(null));
    let status = cli.json(&["status"]);
    assert_eq!((&status["login_log"], &status["contacts"]), (&json!(false), &json!(1)));
    assert_eq!(cli.json(&["sessions"]), json!([]));
    // Empty lists say why; a report of nothing would read like a finding.
    assert!(cli.run(&["devices"]).stderr.contains("no login log"));
    assert!(cli.run(&["contacts", "--search", "nobody"]).stderr.contains("Nothing matches"));
    assert_failed(&cli.run(&["evidence", "1", "--out", "report.html"]), 1, "no login log");
    assert_failed(&cli.run(&["access-control"]), 1, "login log");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wait_of_more_than_a_minute_ends_with_5() {
    let server = busy_school("61").await;
    let cli = Cli::new("token");
    cli.json(&["connect", "--server", &server.uri(), "--cabinet", "c"]);
    assert_failed(&cli.run(&["sync"]), 5, "no more calls");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_at_the_same_time_wait_for_each_other_or_share_and_lose_nothing() {
    let school = school(Filled::With { contacts: 60, sessions: 20_000 }).await;
    let cli = Cli::connected(&school);
    let ended = thread::scope(|scope| {
        let cli = &cli;
        let commands = [&["sync", "--json"][..], &["sync", "--json"], &["status", "--json"], &["sessions", "--json"]];
        commands.map(|words| scope.spawn(move || cli.run(words))).map(|running| running.join().expect("it ran"))
    });
    for ran in &ended {
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        serde_json::from_str::<serde_json::Value>(&ran.stdout).expect("one document");
    }
    let status = cli.json(&["status"]);
    assert_eq!(status["sessions"], 20_000);
    assert_eq!(rows(&cli.json(&["sessions", "--limit", "0"])).len(), 20_000);
}
