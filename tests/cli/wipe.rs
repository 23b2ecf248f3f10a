use std::fs;

use hallmonitor_tests::{Cli, Filled, school};
use serde_json::json;

use crate::assert_failed;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wipe_leaves_nothing_of_the_school() {
    let school = school(Filled::With { contacts: 5, sessions: 50 }).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    let name = cli.json(&["status"])["profile"].clone();
    // No terminal and nothing unsent: it goes ahead.
    assert_eq!(cli.json(&["wipe"]), json!({ "removed": [name] }));
    let left: Vec<_> = fs::read_dir(cli.data_dir().join("profiles"))
        .expect("listed")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .collect();
    assert!(left.is_empty(), "{left:?}");
    assert_failed(&cli.run(&["status"]), 3, "onnect");
    assert_failed(&cli.run(&["wipe", "--yes"]), 3, "onnect");

    let again = cli.run(&["connect", "--server", &school.url(), "--cabinet", &school.cabinet]);
    assert_eq!(again.code, 0, "{}", again.stderr);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nothing_can_be_counted_only_a_clear_word_wipes() {
    let school = school(Filled::Empty).await;
    let mut cli = Cli::connected(&school);
    cli.passphrase = "forgotten".to_owned();
    let ran = cli.run(&["wipe"]);
    assert_failed(&ran, 6, "--yes");
    assert!(ran.stderr.contains("passphrase is wrong"), "{}", ran.stderr);
    let wiped = cli.json(&["wipe", "--yes"]);
    assert_eq!(wiped["removed"].as_array().map(Vec::len), Some(1));
    assert_failed(&cli.run(&["status"]), 3, "onnect");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_cache_is_wiped_and_read_anew() {
    let school = school(Filled::With { contacts: 5, sessions: 50 }).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    for entry in fs::read_dir(cli.data_dir().join("profiles")).expect("listed") {
        let cache = entry.expect("an entry").path().join("cache.db");
        if cache.is_file() {
            fs::write(&cache, "garbage").expect("written");
        }
    }
    assert_failed(&cli.run(&["wipe"]), 6, "--yes");
    cli.json(&["wipe", "--yes"]);
    cli.json(&["connect", "--server", &school.url(), "--cabinet", &school.cabinet]);
    cli.json(&["sync"]);
    assert_eq!(cli.json(&["status"])["sessions"], 50);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_school_whose_profile_is_damaged_is_wiped_by_its_name_and_read_anew() {
    let school = school(Filled::With { contacts: 5, sessions: 50 }).await;
    let cli = Cli::connected(&school);
    let name = cli.json(&["status"])["profile"].as_str().expect("a name").to_owned();
    for (left, called) in [(70, Some(name.as_str())), (0, None)] {
        let file = fs::read_dir(cli.data_dir().join("profiles"))
            .expect("listed")
            .map(|entry| entry.expect("an entry").path().join("profile.json"))
            .find(|file| file.is_file())
            .expect("a profile");
        let text = fs::read_to_string(&file).expect("read");
        fs::write(&file, &text[..left]).expect("written");
        let folder = file.parent().and_then(|folder| folder.file_name()).and_then(|name| name.to_str());
        // A file that says nothing any more: the folder's name stands for the school's.
        let called = called.or(folder).expect("a name");
        let wipe = ["wipe", "--yes", "--profile", called];

        let ran = cli.run(&["wipe", "--profile", called]);
        assert_failed(&ran, 6, "--yes");
        assert!(ran.stderr.contains("damaged"), "{}", ran.stderr);
        assert_failed(&cli.run(&["status"]), 6, &format!("hallmonitor-cli wipe --yes --profile '{called}'"));
        let ran = cli.run(&["wipe", "--yes", "--profile", "another"]);
        assert!(ran.code != 0 && file.exists(), "what was not named stays: {}", ran.stderr);
        assert_eq!(cli.json(&wipe)["removed"], json!([called]));
        assert!(!file.exists());
        cli.json(&["connect", "--server", &school.url(), "--cabinet", &school.cabinet]);
        cli.json(&["sync"]);
        assert_eq!(cli.json(&["status"])["sessions"], 50);
    }
}
