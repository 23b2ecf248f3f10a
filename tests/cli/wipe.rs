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
