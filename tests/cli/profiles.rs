use std::fs;

use hallmonitor_tests::{Cli, Filled, school};

use crate::{assert_failed, ended};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_several_schools_one_has_to_be_named() {
    let first = school(Filled::With { contacts: 3, sessions: 10 }).await;
    let second = school(Filled::With { contacts: 5, sessions: 20 }).await;
    let mut cli = Cli::new(&first.token);
    assert_failed(&cli.run(&["status"]), 3, "Connect a school first");
    assert_failed(&cli.run(&["--profile", "first", "status"]), 3, "first");

    cli.json(&["connect", "--server", &first.url(), "--cabinet", &first.cabinet, "--name", "first"]);
    cli.token.clone_from(&second.token);
    cli.json(&["connect", "--server", &second.url(), "--cabinet", &second.cabinet, "--name", "Друга школа"]);

    for words in [&["status"][..], &["sync"], &["contacts"], &["wipe", "--yes"]] {
        let ran = cli.run(words);
        assert_failed(&ran, 2, "first");
        assert!(ran.stderr.contains("Друга школа"), "{}", ran.stderr);
    }
    let ran = cli.run(&["status", "--profile", "third"]);
    assert_failed(&ran, 3, "third");
    assert!(ran.stderr.contains("Друга школа"), "{}", ran.stderr);

    for (name, sessions) in [("first", 10), ("Друга школа", 20)] {
        cli.json(&["sync", "--profile", name]);
        let status = cli.json(&["--profile", name, "status"]);
        assert_eq!((&status["profile"], &status["sessions"]), (&name.into(), &sessions.into()));
    }

    let wiped = cli.json(&["wipe", "--profile", "first"]);
    assert_eq!(wiped, serde_json::json!({ "removed": ["first"] }));
    assert_eq!(cli.json(&["status"])["sessions"], 20, "with one school left it need not be named");
}

/// Another school's profile, whose file is cut off behind the name.
fn damage(cli: &Cli, name: &str) {
    let folder = cli.data_dir().join("profiles").join("neighbour");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("profile.json"), format!(r#"{{"version": 1, "name": "{name}", "ser"#)).expect("written");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_neighbour_stands_in_nobodys_way_who_names_another() {
    let first = school(Filled::With { contacts: 3, sessions: 10 }).await;
    let second = school(Filled::Empty).await;
    let mut cli = Cli::new(&first.token);
    let connect = ["connect", "--server", &first.url(), "--cabinet", &first.cabinet, "--name", "first"];
    cli.json(&connect);
    damage(&cli, "broken");

    cli.json(&["sync", "--profile", "first"]);
    assert_eq!(cli.json(&["status", "--profile", "first"])["sessions"], 10);
    // Without a passphrase at hand it is looked up whether the profile wants one.
    let mut command = cli.command(&["status", "--profile", "first"]);
    command.env_remove("HALLMONITOR_PASSPHRASE");
    let ran = ended(command);
    assert_failed(&ran, 6, "passphrase");
    assert!(!ran.stderr.contains("damaged"), "{}", ran.stderr);
    cli.json(&connect);
    cli.token.clone_from(&second.token);
    let ran = cli.run(&["connect", "--server", &second.url(), "--cabinet", &second.cabinet, "--name", "broken"]);
    assert_failed(&ran, 6, "damaged");
    cli.json(&["connect", "--server", &second.url(), "--cabinet", &second.cabinet, "--name", "second"]);
    assert_failed(&cli.run(&["status", "--profile", "broken"]), 6, "--profile 'broken'");
    assert_failed(&cli.run(&["status"]), 6, "damaged");

    assert_eq!(cli.json(&["wipe", "--profile", "first"])["removed"], serde_json::json!(["first"]));
    assert_eq!(cli.run(&["status", "--profile", "second"]).code, 0);
}
