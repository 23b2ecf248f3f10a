use std::fs;

use hallmonitor_core::{
    App, Error,
    model::{ActionType, ActionValue},
    vault::Passphrase,
};
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

/// The only profile's folder, and the lock that whoever syncs holds.
#[cfg(target_os = "linux")]
fn held_up(cli: &Cli) -> (std::path::PathBuf, fs::File) {
    let folders = fs::read_dir(cli.data_dir().join("profiles")).expect("listed");
    let mut folders = folders.map(|entry| entry.expect("an entry").path());
    let folder = folders.find(|folder| folder.join("profile.json").exists()).expect("a profile");
    let syncing = fs::File::create(folder.join("sync.lock")).expect("made");
    syncing.lock().expect("nobody syncs");
    (folder, syncing)
}

/// Starts a command, and waits until it waits for the one that syncs (`man 5 proc_locks`).
#[cfg(target_os = "linux")]
async fn waiting(cli: &Cli, words: &[&str]) -> std::process::Child {
    use std::process::Stdio;

    let mut command = cli.command(words);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().expect("it starts");
    let own = format!(" {} ", child.id());
    hallmonitor_tests::until("it waits", async || {
        let locks = fs::read_to_string("/proc/locks").expect("the system's list");
        locks.lines().any(|line| line.contains("->") && line.contains(&own)).then_some(())
    })
    .await;
    child
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_decided_into_a_school_that_another_program_has_wiped() {
    let school = school(Filled::With { contacts: 5, sessions: 50 }).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    let passphrase = Passphrase::new(cli.passphrase.clone()).expect("a passphrase");
    let open = App::new(cli.data_dir()).open(None, Some(passphrase)).await.expect("it opens");
    cli.json(&["wipe", "--yes"]);
    let refused = open.decide(ActionType::ContactChecks, &[1], ActionValue::Off).await;
    assert!(matches!(refused, Err(Error::NoProfile { .. })), "{refused:?}");
    let refused = open.excuse(&[1], "travels", None).await;
    assert!(matches!(refused, Err(Error::NoProfile { .. })), "{refused:?}");
    open.close().await;
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_beside_a_wipe_finds_no_school_and_no_damage() {
    let school = school(Filled::With { contacts: 5, sessions: 50 }).await;
    for words in [&["contacts"][..], &["sync"], &["device", "block", "1"]] {
        let cli = Cli::connected(&school);
        cli.json(&["sync"]);
        // What a wipe does, step by step: it has taken the cache, and not yet the profile.
        let (folder, wiping) = held_up(&cli);
        fs::remove_file(folder.join("cache.db")).expect("it is there");
        let beside = waiting(&cli, words).await;
        fs::remove_file(folder.join("profile.json")).expect("it is there");
        drop(wiping);
        let ended = beside.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(3), "{words:?}: {said}");
        assert!(!said.contains("damaged"), "{words:?}: {said}");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wipe_that_is_given_up_while_it_waits_changes_nothing() {
    let school = school(Filled::With { contacts: 5, sessions: 50 }).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    let (_, syncing) = held_up(&cli);
    let mut wiping = waiting(&cli, &["wipe"]).await;
    wiping.kill().expect("it runs");
    wiping.wait().expect("it has ended");
    let id = cli.json(&["contacts", "--limit", "1"])[0]["id"].to_string();
    let decided = cli.run(&["checks", "off", &id]);
    assert_eq!(decided.code, 0, "{}", decided.stderr);
    drop(syncing);
    cli.json(&["sync"]);
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sync_that_waited_for_a_wipe_finds_no_school() {
    let school = school(Filled::Empty).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    let (folder, wiping) = held_up(&cli);
    let syncing = waiting(&cli, &["sync"]).await;
    // As a wipe does it.
    fs::remove_file(folder.join("profile.json")).expect("it was there");
    drop(wiping);
    fs::remove_dir_all(&folder).expect("removed");
    let ended = syncing.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(3), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_token_makes_no_decision_possible_while_the_school_is_being_removed() {
    let school = school(Filled::With { contacts: 5, sessions: 50 }).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    let id = cli.json(&["contacts", "--limit", "1"])[0]["id"].to_string();
    let app = App::new(cli.data_dir());
    let passphrase = Passphrase::new(cli.passphrase.clone()).expect("a passphrase");
    let open = app.open(None, Some(passphrase)).await.expect("it opens");
    let wiping = app.begin_wipe(None).await.expect("nobody syncs");
    assert_eq!(open.seal(0).await.expect("sealed"), 0);
    let connect = ["connect", "--server", &school.url(), "--cabinet", &school.cabinet];
    cli.json(&connect);
    assert_failed(&cli.run(&["checks", "off", &id]), 1, "being removed");
    // Given up.
    drop(wiping);
    cli.json(&connect);
    cli.json(&["checks", "off", &id]);
    open.close().await;
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_wipe_that_was_killed_had_sealed_the_next_sync_opens_again() {
    let school = school(Filled::With { contacts: 5, sessions: 50 }).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    let app = App::new(cli.data_dir());
    let passphrase = Passphrase::new(cli.passphrase.clone()).expect("a passphrase");
    let sealed = app.open(None, Some(passphrase)).await.expect("it opens");
    assert_eq!(sealed.seal(0).await.expect("sealed"), 0);
    sealed.close().await;
    let id = cli.json(&["contacts", "--limit", "1"])[0]["id"].to_string();
    assert_failed(&cli.run(&["checks", "off", &id]), 1, "being removed");
    cli.json(&["sync"]);
    cli.json(&["checks", "off", &id]);
}
