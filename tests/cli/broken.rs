use std::{
    fs::{self, OpenOptions},
    io::{Seek as _, SeekFrom, Write as _},
    path::PathBuf,
};

use hallmonitor_core::{
    cache::AUTHENTICATION,
    vault::{Lock, Passphrase},
};
use hallmonitor_tests::{Cli, Filled, TestSchool, school};
use serde_json::Value;
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::{assert_failed, ended};

async fn filled() -> (TestSchool, Cli) {
    let school = school(Filled::With { contacts: 40, sessions: 3_000 }).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    (school, cli)
}

/// Where the only profile is.
fn folder(cli: &Cli) -> PathBuf {
    let profiles = fs::read_dir(cli.data_dir().join("profiles")).expect("profiles");
    profiles.map(|entry| entry.expect("an entry").path()).find(|path| path.is_dir()).expect("a profile")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_or_missing_passphrase_ends_with_6() {
    let (_school, mut cli) = filled().await;
    let mut command = cli.command(&["status"]);
    command.env_remove("HALLMONITOR_PASSPHRASE");
    assert_failed(&ended(command), 6, "passphrase");
    cli.passphrase = "wrong".to_owned();
    for words in [&["status"][..], &["sync"], &["contacts", "--json"], &["contact", "1"]] {
        assert_failed(&cli.run(words), 6, "passphrase");
    }
    cli.passphrase = String::new();
    assert_failed(&cli.run(&["status"]), 2, "HALLMONITOR_PASSPHRASE");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_keyring_and_a_passphrase_nothing_is_made_and_the_way_out_is_said() {
    let school = school(Filled::Empty).await;
    let cli = Cli::new(&school.token);
    let mut command = cli.command(&["connect", "--server", &school.url(), "--cabinet", &school.cabinet]);
    command.env_remove("HALLMONITOR_PASSPHRASE");
    assert_failed(&ended(command), 6, "passphrase");
    assert_failed(&cli.run(&["status"]), 3, "onnect");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cache_that_is_not_what_was_written_ends_with_6() {
    let (_school, cli) = filled().await;
    let cache = folder(&cli).join("cache.db");
    let whole = fs::read(&cache).expect("read");
    for (what, bytes) in [
        ("truncated", &whole[..whole.len() / 2]),
        ("garbage", &b"garbage".repeat(2_000)[..]),
        ("empty", &[]),
        ("plain SQLite", &[&b"SQLite format 3\0"[..], &[0; 8_176]].concat()),
    ] {
        fs::write(&cache, bytes).expect("written");
        for words in [
            &["status"][..],
            &["sync"],
            &["sessions", "--json"],
            &["export", "contacts", "--format", "csv", "--out", "-"],
        ] {
            let ran = cli.run(words);
            assert_failed(&ran, 6, "");
            assert!(ran.stderr.contains("wipe"), "{what}: {}", ran.stderr);
            assert_eq!(ran.stderr.lines().count(), 1, "{what}: one message: {}", ran.stderr);
        }
    }
    fs::remove_file(&cache).expect("removed");
    assert_failed(&cli.run(&["status"]), 6, "missing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damage_in_the_middle_shows_no_half_answer() {
    let (_school, cli) = filled().await;
    let cache = folder(&cli).join("cache.db");
    let length = fs::metadata(&cache).expect("there").len();
    let mut file = OpenOptions::new().write(true).open(&cache).expect("opened");
    // The first page stays, so that the cache opens.
    for at in (4_096 * 4..length).step_by(4_096) {
        file.seek(SeekFrom::Start(at + 1_000)).expect("there");
        file.write_all(b"damage").expect("written");
    }
    drop(file);
    for words in [&["sessions", "--limit", "0", "--json"][..], &["sessions", "--limit", "0"]] {
        let ran = cli.run(words);
        assert_failed(&ran, 6, "damaged");
        assert_eq!(ran.stderr.lines().count(), 1, "one message: {}", ran.stderr);
    }
    let out = tempfile::tempdir().expect("a folder");
    let path = out.path().join("old.csv");
    fs::write(&path, "old").expect("written");
    let ran = cli.run(&["export", "sessions", "--format", "csv", "--out", path.to_str().expect("a plain path")]);
    assert_failed(&ran, 6, "");
    assert_eq!(fs::read_to_string(&path).expect("read"), "old");
    assert_eq!(fs::read_dir(out.path()).expect("listed").count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cache_of_a_newer_version_is_refused_and_not_touched() {
    let (_school, cli) = filled().await;
    let folder = folder(&cli);
    let profile: Value =
        serde_json::from_str(&fs::read_to_string(folder.join("profile.json")).expect("read")).expect("JSON");
    let lock: Lock = serde_json::from_value(profile["lock"].clone()).expect("a lock");
    let key = lock.open(Some(Passphrase::new(cli.passphrase.clone()).expect("a passphrase"))).await.expect("the key");
    let options = SqliteConnectOptions::new()
        .filename(folder.join("cache.db"))
        .pragma("key", format!("\"x'{}'\"", key.hex().as_str()))
        .pragma("cipher_hmac_algorithm", AUTHENTICATION);
    let mut newer = SqliteConnection::connect_with(&options).await.expect("opened");
    sqlx::query("PRAGMA user_version = 999").execute(&mut newer).await.expect("written");
    newer.close().await.expect("closed");
    let before = fs::read(folder.join("cache.db")).expect("read");
    for words in [&["status"][..], &["sync"]] {
        assert_failed(&cli.run(words), 6, "newer version");
    }
    assert!(fs::read(folder.join("cache.db")).expect("read") == before, "the newer cache was touched");
}
