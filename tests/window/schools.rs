//! Several schools beside each other, in one window.

use hallmonitor_school::Limits;
use hallmonitor_tests::{Desktop, Filled, TestSchool, Window, school, until};
use thirtyfour::{By, Key};

use crate::{
    locks::{folder_of, syncing},
    steps::{ask_to_connect, confirms, in_settings, open_devices, opens_settings},
};

const SMALL: Filled = Filled::With { contacts: 30, sessions: 400 };

/// Two schools on one desktop, `first` and `second`.
pub(crate) async fn two() -> (TestSchool, TestSchool, Desktop) {
    let (first, second) = (school(SMALL).await, school(Filled::With { contacts: 12, sessions: 90 }).await);
    let desktop = Desktop::start().await;
    for (school, name) in [(&first, "first"), (&second, "second")] {
        let words = ["connect", "--server", &school.url(), "--cabinet", &school.cabinet, "--name", name];
        desktop.cli(school, &words).await;
        desktop.cli(school, &["--profile", name, "sync"]).await;
    }
    (first, second, desktop)
}

/// Presses Ctrl and a number.
async fn switches(window: &Window, number: &str) {
    let chain = window.driver().action_chain().key_down(Key::Control).send_keys(number).key_up(Key::Control);
    chain.perform().await.expect("keys reach the page");
}

#[tokio::test]
async fn each_school_has_its_own_contacts_and_a_decision_reaches_the_one_on_the_screen() {
    let (first, second, mut desktop) = two().await;
    let window = desktop.app(&[]).await;
    window.says("30 contacts").await;

    switches(&window, "2").await;
    window.says("12 contacts").await;
    open_devices(&window).await;
    window.presses("jb").await.expect("keys reach the page");
    confirms(&window).await;
    window.reads("device-row", "Blocked").await;

    until("the second school has the decision, or keeps it for sending", async || {
        let waiting = desktop.cli(&second, &["--profile", "second", "outbox", "--json"]).await;
        let blocked = desktop.cli(&second, &["--profile", "second", "devices", "--limit", "0", "--json"]).await;
        (waiting.contains("device_access") || blocked.contains("\"blocked\"")).then_some(())
    })
    .await;
    let other = desktop.cli(&first, &["--profile", "first", "outbox", "--json"]).await;
    assert_eq!(other.trim(), "[]");

    switches(&window, "1").await;
    window.says("30 contacts").await;
}

#[tokio::test]
async fn a_school_whose_token_is_refused_asks_for_one_and_disturbs_no_other() {
    let (first, _second, mut desktop) = two().await;
    for token in first.school.tokens().await.expect("the tokens") {
        first.school.revoke_token(token.id).await.expect("it was listed");
    }
    let window = desktop.app(&[]).await;
    window.reads("data-age", "refuses the token").await;
    // Everything stays readable.
    window.sees("contact-row").await;

    switches(&window, "2").await;
    window.says("12 contacts").await;
    window.reads("data-age", "Synced").await;

    // A new token for the first school, while the second goes on.
    let token = first.school.create_token(hallmonitor_school::Scope::Admin, Some("new")).await.expect("a token");
    window.clicks("nav-sync").await;
    switches(&window, "1").await;
    window.reads("data-age", "refuses the token").await;
    opens_settings(&window).await;
    window.clicks("new-token").await;
    window.fills("renew-token", "hm_wrong").await;
    window.clicks("renew-submit").await;
    window.reads("renew-problem", "token").await;
    window.picture("new-token").await;
    window.fills("renew-token", token.token.reveal()).await;
    window.clicks("renew-submit").await;
    window.reads("data-age", "Synced").await;
    window.clicks("nav-contacts").await;
    window.sees("contact-row").await;
}

#[tokio::test]
async fn adding_a_school_leaves_the_others_as_they_are() {
    let first = school(SMALL).await;
    let mut desktop = Desktop::start().await;
    desktop.connect(&first).await;
    desktop.cli(&first, &["sync"]).await;
    let window = desktop.app(&[]).await;
    window.says("30 contacts").await;

    let second = hallmonitor_tests::school_in(
        tempfile::tempdir().expect("a folder"),
        Filled::With { contacts: 7, sessions: 40 },
        Limits::default(),
    )
    .await;
    window.clicks("school-menu").await;
    window.clicks("menu-connect").await;
    ask_to_connect(&window, &second.url(), &second.cabinet, &second.token, None).await;
    window.says("7 contacts").await;

    window.clicks("school-menu").await;
    until("both schools are in the menu", async || (window.all("menu-school").await.len() == 2).then_some(())).await;
    desktop.picture("school-menu");
    window.presses_key(Key::Escape).await.expect("keys reach the page");
}

#[tokio::test]
async fn erasing_a_school_says_what_is_unsent_loses_no_more_and_removes_everything_of_it_here() {
    let (mut first, _second, mut desktop) = two().await;
    first.unplug().await;
    let contact = desktop.cli(&first, &["--profile", "first", "contacts", "--limit", "1", "--json"]).await;
    let contact: serde_json::Value = serde_json::from_str(&contact).expect("JSON");
    let id = contact[0]["id"].to_string();
    desktop.cli(&first, &["--profile", "first", "checks", "off", &id]).await;
    let window = desktop.app(&[]).await;
    window.says("30 contacts").await;

    opens_settings(&window).await;
    window.clicks("erase").await;
    window.reads("erase-dialog", "1 decision was not confirmed").await;
    desktop.picture("erase-dialog");
    // Somebody decides while the question stands.
    let device = desktop.cli(&first, &["--profile", "first", "devices", "--limit", "1", "--json"]).await;
    let device: serde_json::Value = serde_json::from_str(&device).expect("JSON");
    desktop.cli(&first, &["--profile", "first", "device", "block", &device[0]["id"].to_string()]).await;
    window.reads("erase-dialog", "2 decisions were not confirmed").await;
    confirms(&window).await;

    window.says("12 contacts").await;
    let profiles = std::fs::read_dir(desktop.data_dir().join("profiles")).expect("the profiles");
    assert_eq!(profiles.flatten().filter(|entry| entry.path().is_dir()).count(), 1);
    let last = std::fs::read_to_string(desktop.data_dir().join("last-school")).expect("the one that is left");
    assert_ne!(last.trim(), "first");
}

#[tokio::test]
async fn a_decision_that_is_made_while_erasing_waits_for_a_sync_is_not_lost_and_still_leaves() {
    let (first, _second, mut desktop) = two().await;
    let window = desktop.app(&[]).await;
    window.says("30 contacts").await;
    opens_settings(&window).await;
    let syncing = syncing(&folder_of(&desktop, "first")).await;
    window.clicks("erase").await;
    window.sees("erase-dialog").await;
    confirms(&window).await;

    let contact = desktop.cli(&first, &["--profile", "first", "contacts", "--limit", "1", "--json"]).await;
    let contact: serde_json::Value = serde_json::from_str(&contact).expect("JSON");
    desktop.cli(&first, &["--profile", "first", "checks", "off", &contact[0]["id"].to_string()]).await;
    drop(syncing);

    until("the window syncs again, and sends it", async || {
        let waiting = desktop.cli(&first, &["--profile", "first", "outbox", "--json"]).await;
        (waiting.trim() == "[]").then_some(())
    })
    .await;
    window.clicks("nav-contacts").await;
    window.says("30 contacts").await;
}

#[tokio::test]
async fn a_school_that_the_command_line_has_erased_is_let_go_of_and_another_is_shown() {
    let (first, _second, mut desktop) = two().await;
    let window = desktop.app(&[]).await;
    window.says("30 contacts").await;

    desktop.cli(&first, &["--profile", "first", "wipe", "--yes"]).await;
    window.clicks("sync-now").await;

    window.says("12 contacts").await;
    window.clicks("school-menu").await;
    until("only the second is in the menu", async || (window.all("menu-school").await.len() == 1).then_some(())).await;
}

#[tokio::test]
async fn who_signs_out_reads_that_and_of_no_failure_until_there_is_a_token_again() {
    let mut desktop = Desktop::start().await;
    let (window, school) = in_settings(&mut desktop).await;
    window.clicks("sign-out").await;
    confirms(&window).await;
    window.reads("data-age", "Signed out").await;
    window.clicks("nav-sync").await;
    window.says("Enter a new token").await;
    let page = window.text().await;
    assert!(!page.contains("since") && !page.contains("next") && !page.contains("refuses"), "{page}");
    desktop.picture("signed-out");

    window.clicks_at(By::Css("[data-testid=problem] .main")).await;
    window.fills("renew-token", &school.token).await;
    window.presses_key(Key::Enter).await.expect("keys reach the page");
    window.reads("data-age", "Synced").await;
}
