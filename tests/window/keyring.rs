//! A keyring that is locked, absent, or another one: the window explains, and nothing is lost or written in plain.

use std::fs;

use hallmonitor_school::Scope;
use hallmonitor_tests::{Desktop, TestSchool, program, school};
use thirtyfour::Key;

use crate::{
    locks::{PASSPHRASE, SMALL},
    steps::{chooses_recovery, connect},
};

/// A desktop whose keyring has the key of a school, which is here already.
async fn synced() -> (TestSchool, Desktop) {
    let school = school(SMALL).await;
    let desktop = Desktop::start().await;
    desktop.connect(&school).await;
    desktop.cli(&school, &["sync"]).await;
    (school, desktop)
}

#[tokio::test]
async fn a_locked_keyring_is_explained_and_its_school_opens_as_soon_as_it_is_unlocked() {
    let (_school, mut desktop) = synced().await;

    desktop.locks_keyring().await;
    let window = desktop.app(&[]).await;
    window.reads("unlock", "keyring is locked").await;
    desktop.picture("keyring-locked");

    desktop.unlocks_keyring().await;
    window.sees("contact-row").await;
}

#[tokio::test]
async fn a_recovery_passphrase_opens_a_school_without_its_keyring_and_gives_a_new_one_the_key() {
    let school = school(SMALL).await;
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;
    connect(&window, &school).await;
    chooses_recovery(&window, PASSPHRASE).await;
    desktop.picture("settings-school");
    desktop.close(window).await;

    desktop.gets_another_keyring().await;
    let window = desktop.app(&[]).await;
    window.reads("unlock", "keyring").await;
    window.types("unlock-passphrase", PASSPHRASE).await;
    window.presses_key(Key::Enter).await.expect("keys reach the page");
    window.sees("contact-row").await;
    window.reads("data-age", "Synced").await;
    desktop.close(window).await;

    // The new keyring has it by now, the token too.
    let window = desktop.app(&[]).await;
    window.sees("contact-row").await;
    window.reads("data-age", "Synced").await;
    desktop.close(window).await;

    // Without any keyring.
    let bus = desktop.loses_its_bus();
    let window = desktop.app(&[]).await;
    window.reads("unlock", "keyring").await;
    window.types("unlock-passphrase", PASSPHRASE).await;
    window.presses_key(Key::Enter).await.expect("keys reach the page");
    window.sees("contact-row").await;
    window.reads("data-age", "Synced").await;
    desktop.close(window).await;

    // A new token that no keyring could take is not forgotten for the old one, which the keyring still has.
    let token = school.school.create_token(Scope::Admin, Some("new")).await.expect("a token").token;
    for old in school.school.tokens().await.expect("the tokens") {
        if old.name != "new" {
            school.school.revoke_token(old.id).await.expect("it was listed");
        }
    }
    let mut connects = desktop.command(program("hallmonitor-cli"));
    connects.args(["connect", "--server", &school.url(), "--cabinet", &school.cabinet]);
    connects.env("HALLMONITOR_TOKEN", token.reveal()).env("HALLMONITOR_PASSPHRASE", PASSPHRASE);
    // The school is served by this very thread.
    let connected = tokio::process::Command::from(connects).output().await.expect("the program runs");
    assert!(connected.status.success(), "{}", String::from_utf8_lossy(&connected.stderr));
    desktop.finds_its_bus(bus);
    let window = desktop.app(&[]).await;
    window.sees("contact-row").await;
    window.reads("data-age", "Synced").await;
}

#[tokio::test]
async fn a_keyring_that_has_lost_the_key_is_explained_and_nothing_is_written_in_plain() {
    let (school, mut desktop) = synced().await;

    desktop.gets_another_keyring().await;
    let window = desktop.app(&[]).await;

    window.reads("unlock", "No recovery passphrase was chosen").await;
    desktop.picture("keyring-lost");
    window.sees("unlock-erase").await;
    for file in fs::read_dir(desktop.data_dir()).expect("the data folder").flatten() {
        let plain = fs::read(file.path()).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&plain).contains(&school.token), "{}", file.path().display());
    }
}
