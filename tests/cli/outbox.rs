use hallmonitor_school::Scope;
use hallmonitor_tests::{Cli, Filled, TestSchool, school};
use serde_json::{Value, json};

use crate::assert_failed;

const FEW: Filled = Filled::With { contacts: 10, sessions: 200 };

async fn synced() -> (TestSchool, Cli) {
    let school = school(FEW).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    (school, cli)
}

/// The newest allowed device.
fn device(cli: &Cli) -> Value {
    let devices = cli.json(&["devices", "--limit", "0"]);
    devices.as_array().expect("a list").iter().find(|row| row["access"] == "allowed").expect("a device").clone()
}

fn access(cli: &Cli, id: &str) -> Value {
    let devices = cli.json(&["devices", "--limit", "0"]);
    let found = devices.as_array().expect("a list").iter().find(|row| row["id"].as_i64() == id.parse().ok());
    let row = found.expect("a device");
    json!([row["access"], row["pending"], row["conflict"], row["rejected"]])
}

/// Another machine blocks a device and allows it again: all is as it was, and yet somebody has decided.
fn somebody_decides(school: &TestSchool, id: &str) {
    let other = Cli::connected(school);
    for decision in ["block", "allow"] {
        other.json(&["sync"]);
        other.json(&["device", decision, id]);
        other.json(&["sync"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_is_recorded_shown_sent_and_gone() {
    let (school, cli) = synced().await;
    let id = device(&cli)["id"].to_string();
    let made = cli.json(&["device", "block", &id]);
    let entry = made[0].as_object().expect("an entry");
    let mut fields: Vec<_> = entry.keys().map(String::as_str).collect();
    fields.sort_unstable();
    let promised = ["attempts", "current", "decided_at", "id", "last_error", "state", "target_id", "type", "value"];
    assert_eq!(fields, promised);
    assert_eq!(entry["type"], "device_access");
    assert_eq!(
        (&entry["value"], &entry["state"], &entry["attempts"]),
        (&json!("blocked"), &json!("queued"), &json!(0))
    );
    assert_eq!(cli.json(&["outbox"]), made);
    assert_eq!(access(&cli, &id), json!(["blocked", true, false, false]));
    assert_eq!(cli.json(&["status"])["outbox"], json!({ "queued": 1, "conflict": 0, "rejected": 0 }));

    let told = cli.json(&["sync"]);
    assert_eq!(told["pushed"], json!({ "applied": 1, "conflict": 0, "rejected": 0, "queued": 0 }));
    assert_eq!(told["requests"], 3);
    assert_eq!(cli.json(&["outbox"]), json!([]));
    assert_eq!(access(&cli, &id), json!(["blocked", false, false, false]));
    let other = Cli::connected(&school);
    other.json(&["sync"]);
    assert_eq!(access(&other, &id), json!(["blocked", false, false, false]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_kinds_of_decisions_change_what_is_shown() {
    let (_school, cli) = synced().await;
    let contact = &cli.json(&["contacts", "--limit", "1"])[0];
    let id = contact["id"].to_string();
    cli.json(&["checks", "off", &id]);
    let shown = cli.json(&["contact", &id]);
    assert_eq!((&shown["checks_enabled"], &shown["pending"]), (&json!(false), &json!(true)));
    cli.json(&["sync"]);
    let shown = cli.json(&["contact", &id]);
    assert_eq!((&shown["checks_enabled"], &shown["pending"]), (&json!(false), &json!(false)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_the_ids_of_one_command_are_recorded_or_none() {
    let (_school, cli) = synced().await;
    let id = device(&cli)["id"].to_string();
    assert_failed(&cli.run(&["device", "block", &id, "9999999"]), 1, "9999999");
    assert_failed(&cli.run(&["restriction", "viewed", "9999999"]), 1, "restriction 9999999");
    assert_failed(&cli.run(&["checks", "off", "9999999"]), 1, "contact 9999999");
    assert_failed(&cli.run(&["device", "block", "seven"]), 2, "seven");
    assert_failed(&cli.run(&["device", "block"]), 2, "ID");
    assert_failed(&cli.run(&["outbox", "retry", "7"]), 2, "7");
    let unknown = "01930000-0000-7000-8000-000000000000";
    assert_failed(&cli.run(&["outbox", "retry", unknown]), 1, unknown);
    assert_eq!(cli.json(&["outbox"]), json!([]));
    let twice = cli.json(&["device", "block", &id, &id]);
    assert_eq!(twice.as_array().map(Vec::len), Some(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_opposite_of_what_was_never_sent_removes_it() {
    let (_school, cli) = synced().await;
    let id = device(&cli)["id"].to_string();
    assert_eq!(cli.json(&["device", "allow", &id]), json!([]), "it holds already");
    cli.json(&["device", "block", &id]);
    assert_eq!(cli.json(&["device", "block", &id]), json!([]));
    assert_eq!(cli.json(&["device", "allow", &id]), json!([]));
    assert_eq!(cli.json(&["outbox"]), json!([]));
    assert_eq!(cli.json(&["sync"])["requests"], 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_elses_decision_stands_until_the_person_chooses() {
    for choice in ["keep-mine", "take-theirs"] {
        let (school, cli) = synced().await;
        let id = device(&cli)["id"].to_string();
        cli.json(&["device", "block", &id]);
        somebody_decides(&school, &id);
        let told = cli.json(&["sync"]);
        assert_eq!(told["pushed"], json!({ "applied": 0, "conflict": 1, "rejected": 0, "queued": 0 }));
        let entry = &cli.json(&["outbox"])[0];
        assert_eq!((&entry["state"], &entry["attempts"]), (&json!("conflict"), &json!(1)));
        assert_eq!(entry["current"]["access"], "allowed");
        assert_eq!(entry["current"]["access_changed"]["by"], "Owner");
        assert!(entry["last_error"].as_str().is_some_and(|text| text.contains("Owner")), "{entry}");
        assert_eq!(access(&cli, &id), json!(["allowed", false, true, false]));
        assert_eq!(cli.json(&["status"])["outbox"], json!({ "queued": 0, "conflict": 1, "rejected": 0 }));
        // It is nothing that was refused.
        assert_failed(&cli.run(&["outbox", "retry", entry["id"].as_str().expect("an id")]), 1, "keep-mine");

        let left = cli.json(&["outbox", choice, entry["id"].as_str().expect("an id")]);
        let expected = if choice == "keep-mine" {
            assert_ne!(left[0]["id"], entry["id"]);
            assert_eq!((&left[0]["state"], &left[0]["attempts"]), (&json!("queued"), &json!(0)));
            assert_eq!(cli.json(&["sync"])["pushed"]["applied"], 1);
            "blocked"
        } else {
            assert_eq!(left, json!([]));
            cli.json(&["sync"]);
            "allowed"
        };
        assert_eq!(access(&cli, &id), json!([expected, false, false, false]));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_server_refuses_is_sent_again_or_let_go() {
    let (school, cli) = synced().await;
    let device = device(&cli);
    let id = device["id"].to_string();
    cli.json(&["device", "block", &id]);
    reqwest::Client::new()
        .delete(format!("{}/site/contacts/{}", school.url(), device["contact_id"]))
        .header("Token", &school.site_token)
        .header("Cabinet-Hash", &school.cabinet)
        .send()
        .await
        .expect("an answer")
        .error_for_status()
        .expect("the student is gone");
    let told = cli.json(&["sync"]);
    assert_eq!(told["pushed"], json!({ "applied": 0, "conflict": 0, "rejected": 1, "queued": 0 }));
    let entry = &cli.json(&["outbox"])[0];
    assert_eq!((&entry["state"], &entry["current"]), (&json!("rejected"), &Value::Null));
    let again = cli.json(&["outbox", "retry", entry["id"].as_str().expect("an id")]);
    assert_eq!(again[0]["state"], "queued");
    assert_ne!(again[0]["id"], entry["id"]);
    assert_eq!(cli.json(&["sync"])["pushed"]["rejected"], 1);
    let left = cli.json(&["outbox", "dismiss", again[0]["id"].as_str().expect("an id")]);
    assert_eq!(left, json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_token_keeps_the_outbox_whole_until_there_is_a_new_one() {
    let (school, mut cli) = synced().await;
    let id = device(&cli)["id"].to_string();
    cli.json(&["device", "block", &id]);
    for token in school.school.tokens().await.expect("tokens") {
        school.school.revoke_token(token.id).await.expect("revoked");
    }
    assert_failed(&cli.run(&["sync"]), 4, "token");
    assert_eq!(cli.json(&["outbox"])[0]["state"], "queued");
    assert_eq!(access(&cli, &id), json!(["blocked", true, false, false]));
    let new = school.school.create_token(Scope::Admin, Some("Owner")).await.expect("a token");
    new.token.reveal().clone_into(&mut cli.token);
    cli.json(&["connect", "--server", &school.url(), "--cabinet", &school.cabinet]);
    assert_eq!(cli.json(&["sync"])["pushed"]["applied"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wipe_says_how_many_decisions_it_would_lose() {
    let (_school, cli) = synced().await;
    let id = device(&cli)["id"].to_string();
    cli.json(&["device", "block", &id]);
    let refused = cli.run(&["wipe"]);
    assert_failed(&refused, 1, "1");
    assert!(refused.stderr.contains("--yes"), "{}", refused.stderr);
    assert_eq!(cli.json(&["outbox"]).as_array().map(Vec::len), Some(1));
    cli.json(&["wipe", "--yes"]);
    assert_failed(&cli.run(&["outbox"]), 3, "onnect");
}
