//! What the owner decides in the window, with the network and without.

use hallmonitor_tests::{Desktop, Filled, TestSchool, Window, school, until};
use serde_json::Value;
use thirtyfour::Key;

use crate::{
    server::{device, login, someone_else_sets, student},
    steps::{confirms, connect, no_standing, open_devices, standing},
};

/// A school with one student, who is logged in; gives the device's id.
async fn with_one_student() -> (TestSchool, Value) {
    let school = school(Filled::Empty).await;
    let student = student(&school, "olha@school.example", "Olha").await;
    let device = login(&school, student, None).await["device_id"].take();
    (school, device)
}

/// Blocks the first device of the card; gives what is said of that for a few seconds.
async fn block(window: &Window) -> String {
    window.presses("jb").await.expect("keys reach the page");
    window.reads("block-dialog", "the only device used in the last 30 days").await;
    confirms(window).await;
    let said = window.reads("toast", "blocked").await;
    window.reads("device-row", "Blocked").await;
    said
}

#[tokio::test]
async fn a_block_made_offline_survives_a_restart_and_reaches_the_school() {
    let (mut school, id) = with_one_student().await;
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;
    connect(&window, &school).await;
    school.unplug().await;
    window.clicks("sync-now").await;
    window.reads("data-age", "Offline").await;

    open_devices(&window).await;
    let said = block(&window).await;
    assert!(said.contains("Will be sent when the school can be reached"), "{said}");
    assert_eq!(standing(&window).await, "pending");
    window.reads("unsent", "1 decision not sent").await;
    desktop.close(window).await;

    let window = desktop.app(&[]).await;
    window.reads("unsent", "1 decision not sent").await;
    open_devices(&window).await;
    window.reads("device-row", "Blocked").await;
    assert_eq!(standing(&window).await, "pending");

    assert_eq!(device(&school, &id).await["access"], "allowed", "nothing has left so far");
    school.plug_in().await;
    window.clicks("sync-now").await;
    no_standing(&window).await;
    window.reads("device-row", "Blocked").await;
    assert_eq!(device(&school, &id).await["access"], "blocked");
    assert!(window.all("unsent").await.is_empty());
}

#[tokio::test]
async fn undoing_by_ctrl_z_sends_nothing() {
    let (school, id) = with_one_student().await;
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;
    connect(&window, &school).await;
    open_devices(&window).await;
    let before = device(&school, &id).await;

    block(&window).await;
    let keys = window.driver().action_chain().key_down(Key::Control).send_keys("z").key_up(Key::Control);
    keys.perform().await.expect("keys reach the page");
    window.reads("toast", "Nothing was sent").await;
    window.reads("device-row", "Allowed").await;
    no_standing(&window).await;

    // A later student is here: an exchange has come and gone.
    student(&school, "later@school.example", "Later").await;
    window.presses_key(Key::Escape).await.expect("keys reach the page");
    until("the later student is in the list", async || {
        window.clicks("sync-now").await;
        (window.all("contact-row").await.len() == 2).then_some(())
    })
    .await;
    assert_eq!(device(&school, &id).await, before);
}

#[tokio::test]
async fn a_conflict_is_shown_side_by_side_and_mine_is_kept_by_a_key() {
    let (mut school, id) = with_one_student().await;
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;
    connect(&window, &school).await;
    school.unplug().await;
    window.clicks("sync-now").await;
    window.reads("data-age", "Offline").await;
    open_devices(&window).await;
    block(&window).await;
    someone_else_sets(&school, "Olena Kovalenko", &id, &["blocked", "allowed"]).await;

    school.plug_in().await;
    window.clicks("sync-now").await;
    window.reads("unsent", "1 conflict").await;
    until("the device wears the mark of a conflict", async || (standing(&window).await == "conflict").then_some(()))
        .await;
    window.presses("g").await.expect("keys reach the page");
    window.sees("waiting-row").await;
    let sides = window.reads("waiting-detail", "Olena Kovalenko").await;
    assert!(sides.contains("Blocked") && sides.contains("Allowed"), "{sides}");

    window.presses("m").await.expect("keys reach the page");
    until("nothing waits any more", async || {
        window.text().await.contains("Every decision has reached the school").then_some(())
    })
    .await;
    assert_eq!(device(&school, &id).await["access"], "blocked");
}

#[tokio::test]
async fn a_cancelled_decision_never_leaves() {
    let (mut school, id) = with_one_student().await;
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;
    connect(&window, &school).await;
    school.unplug().await;
    window.clicks("sync-now").await;
    window.reads("data-age", "Offline").await;
    open_devices(&window).await;
    block(&window).await;
    let before = device(&school, &id).await;

    window.presses("g").await.expect("keys reach the page");
    window.clicks("way-cancel").await;
    until("nothing waits any more", async || {
        window.text().await.contains("Every decision has reached the school").then_some(())
    })
    .await;

    school.plug_in().await;
    window.clicks("sync-now").await;
    window.reads("data-age", "Synced").await;
    assert_eq!(device(&school, &id).await, before);
}
