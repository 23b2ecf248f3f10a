//! What is noted and kept on this machine alone, without any window.

use std::fs;

use hallmonitor_school::world::places::ranges;
use hallmonitor_tests::{Cli, Filled, school};
use mmdb_writer::{IpVersion, Writer};
use serde_json::{Value, json};

use crate::{assert_failed, ids, rows};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_server_drops_stays_as_long_as_is_set() {
    let school = school(Filled::With { contacts: 300, sessions: 15_000 }).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    assert_eq!(cli.json(&["keep"]), json!({ "months": 12 }));
    let restrictions = ids(&cli.json(&["restrictions", "--unviewed", "--limit", "0"]));
    let decided = restrictions.first().expect("some are not viewed").to_string();
    cli.json(&["restriction", "viewed", &decided]);
    school.school.set_retention_days(Some(1)).await.expect("set");
    school.school.sweep().await.expect("swept");
    // The decision is about a row that the server has dropped: refused, it stays in sight.
    cli.json(&["sync"]);
    assert_eq!(cli.json(&["status"])["sessions"], 15_000);
    assert_eq!(cli.json(&["keep", "0"]), json!({ "months": 0 }));
    let left = cli.json(&["status"]);
    assert_eq!((&left["sessions"], &left["restrictions"]), (&json!(0), &json!(1)));
    assert_eq!(ids(&cli.json(&["restrictions", "--limit", "0"])), [decided.parse::<i64>().expect("a number")]);
    assert_eq!(rows(&cli.json(&["outbox"])).len(), 1, "an unsettled decision outlives it");
    assert_failed(&cli.run(&["keep", "121"]), 2, "120");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_student_is_erased_here_and_stays_away() {
    let school = school(Filled::With { contacts: 5, sessions: 60 }).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    let devices = cli.json(&["devices", "--limit", "1"]);
    let (device, student) = (devices[0]["id"].to_string(), devices[0]["contact_id"].to_string());
    cli.json(&["device", "block", &device]);
    assert_failed(&cli.run(&["erase", &student, "--yes"]), 1, "One decision");
    assert_eq!(cli.json(&["status"])["contacts"], 5, "nothing is erased while a decision waits");
    cli.json(&["device", "allow", &device]);
    let erased = cli.json(&["erase", &student]);
    assert_eq!(erased["contact_id"], devices[0]["contact_id"]);
    assert!(erased["removed"].as_i64().is_some_and(|removed| removed > 1), "{erased}");
    cli.json(&["sync"]);
    assert_eq!(cli.json(&["status"])["contacts"], 4);
    assert_failed(&cli.run(&["contact", &student]), 1, &student);
    assert_failed(&cli.run(&["erase", &student]), 1, &student);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn devices_have_names_of_the_owners_and_are_one_or_by_themselves() {
    let school = school(Filled::With { contacts: 5, sessions: 200 }).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    let devices = ids(&cli.json(&["devices", "--limit", "2"]));
    let (one, other) = (devices[0], devices[1]);
    let (first, second) = (one.to_string(), other.to_string());
    let named = cli.json(&["device", "name", &first, "Ноутбук 📓"]);
    assert_eq!(named, json!([{ "id": one, "own_name": "Ноутбук 📓", "same_as": [] }]));
    let joined = cli.json(&["device", "join", &first, &second]);
    assert_eq!((&joined[0]["same_as"], &joined[1]["same_as"]), (&json!([other]), &json!([one])));
    let listed = cli.json(&["devices", "--limit", "0"]);
    let of = |id: i64| rows(&listed).iter().find(|row| row["id"] == id).expect("it is listed").clone();
    assert_eq!((&of(one)["own_name"], &of(other)["same_as"]), (&json!("Ноутбук 📓"), &json!([one])));
    let logins = cli.json(&["sessions", "--limit", "0"]);
    let names = rows(&logins).iter().map(|login| (login["device_id"] == one, login["own_name"] == "Ноутбук 📓"));
    assert!(names.clone().all(|(of_it, named)| of_it == named) && names.clone().any(|(_, named)| named), "{logins}");
    let parted = cli.json(&["device", "part", &second]);
    assert_eq!((&parted[0]["id"], &parted[0]["same_as"]), (&json!(other), &json!([])));
    assert_eq!(cli.json(&["device", "name", &first])[0]["own_name"], Value::Null);
    assert_eq!(rows(&cli.json(&["outbox"])).len(), 0, "nothing of it is sent");
    assert_failed(&cli.run(&["device", "name", "999999", "x"]), 1, "999999");
    assert_failed(&cli.run(&["device", "part", "999999"]), 1, "999999");
    assert_failed(&cli.run(&["device", "join", &first]), 2, "ID");
    assert_failed(&cli.run(&["device", "join", &first, &first]), 2, "Name two");
    assert_failed(&cli.run(&["device", "name", &first, &"x".repeat(201)]), 1, "201 letters");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn checks_are_off_for_a_reason_until_a_day() {
    let school = school(Filled::With { contacts: 3, sessions: 30 }).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    let made = cli.json(&["checks", "off", "2", "--reason", "travels", "--until", "2099-01-31"]);
    assert_eq!((&made[0]["target_id"], &made[0]["value"]), (&json!(2), &json!("off")));
    cli.json(&["sync"]);
    let noted = cli.json(&["contact", "2"])["own_checks_off"].take();
    assert_eq!(noted["reason"], "travels", "it is noted, and outlives the sync");
    assert!(noted["until"].as_str().is_some_and(|until| until.starts_with("2099-0")), "{noted}");
    let shown = cli.run(&["contact", "2"]).stdout;
    assert!(shown.contains("travels") && shown.contains("to be switched on again from 2099"), "{shown}");
    assert_eq!(cli.json(&["contact", "1"])["own_checks_off"], Value::Null);
    assert_failed(&cli.run(&["checks", "off", "2", "--until", "soon"]), 2, "soon");
    assert_failed(&cli.run(&["checks", "off", "2", "--until", "2020-01-31"]), 2, "passed");
    assert_failed(&cli.run(&["checks", "off", "1", "--reason", &"x".repeat(501)]), 1, "501 letters");
    assert_eq!(rows(&cli.json(&["outbox"])).len(), 0, "nothing is recorded for a reason that can't be kept");
    assert_failed(&cli.run(&["checks", "off", "999", "--reason", "travels"]), 1, "999");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_location_database_is_chosen_shown_and_let_go() {
    let school = school(Filled::With { contacts: 3, sessions: 30 }).await;
    let cli = Cli::connected(&school);
    let none = json!({ "places": null, "networks": null });
    assert_eq!(cli.json(&["location"]), none);
    let folder = tempfile::tempdir().expect("a folder");
    let no_database = folder.path().join("table.csv");
    fs::write(&no_database, "address,country\n").expect("written");
    assert_failed(&cli.run(&["location", no_database.to_str().expect("plain")]), 1, "table.csv");
    assert_failed(&cli.run(&["location", "--none", "x.mmdb"]), 2, "--none");
    assert_eq!(cli.json(&["location", "--none"]), none);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sync_places_what_is_here_by_the_location_database_that_was_chosen() {
    let school = school(Filled::With { contacts: 5, sessions: 60 }).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    let mut database = Writer::builder("City").ip_version(IpVersion::V6).build();
    let lisbon = json!({"country": {"iso_code": "PT"}, "city": {"names": {"en": "Lisbon"}},
        "location": {"latitude": 38.72, "longitude": -9.14}});
    for (range, _) in ranges() {
        database.insert(range, &lisbon).expect("a record");
    }
    let file = cli.data_dir().join("cities.mmdb");
    fs::write(&file, database.to_bytes().expect("a database")).expect("written");
    cli.json(&["location", file.to_str().expect("plain")]);
    cli.json(&["sync"]);
    let sessions = cli.json(&["sessions", "--limit", "0"]);
    let cities: Vec<&Value> = rows(&sessions).iter().map(|session| &session["city"]).collect();
    assert!(cities.iter().any(|city| **city == json!("Lisbon")), "{cities:?}");
}
