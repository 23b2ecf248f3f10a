//! The whole loop: what is decided in the window is what the school's website meets.

use hallmonitor_tests::{Desktop, Filled, Window, school, until};
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::{
    server::{activity, everything, login, student},
    steps::{confirms, connect, no_standing, open_devices},
};

/// Sends what was decided, and waits until the school has confirmed it.
async fn send(window: &Window) {
    window.clicks("sync-now").await;
    no_standing(window).await;
    until("nothing waits", async || window.all("unsent").await.is_empty().then_some(())).await;
}

async fn press(window: &Window, keys: &str) {
    window.presses(keys).await.expect("keys reach the page");
}

fn restrictions(all: &Value) -> &[Value] {
    all["restrictions"].as_array().map_or(&[], Vec::as_slice)
}

#[tokio::test]
async fn the_school_obeys_what_the_window_decides() {
    let school = school(Filled::Empty).await;
    let student = student(&school, "olha@school.example", "Olha").await;
    let first = login(&school, student, None).await;
    let cookie = first["device_cookie"].as_str().expect("a new browser gets a cookie").to_owned();
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;
    connect(&window, &school).await;

    // Blocked: the session ends, the next login from that browser is refused, and a restriction comes back.
    open_devices(&window).await;
    press(&window, "jb").await;
    window.reads("block-dialog", "1 active session will end").await;
    confirms(&window).await;
    window.reads("device-row", "Blocked").await;
    send(&window).await;
    let ended = activity(&school, &first["session_id"]).await;
    assert_eq!((&ended["active"], &ended["end_reason"]), (&json!(false), &json!("device_blocked")));
    let refused = login(&school, student, Some(&cookie)).await;
    assert_eq!(refused["outcome"], "denied", "{refused}");
    assert_eq!(refused["restriction"]["rule"]["code"], "device_blocked");
    press(&window, "3").await;
    until("the refusal is in the restriction history", async || {
        window.clicks("sync-now").await;
        (window.all("restriction-row").await.len() == 1).then_some(())
    })
    .await;
    window.reads("log-status", "not viewed").await;

    // Viewed: the mark changes, and nothing else.
    let before = everything(&school).await;
    press(&window, "jv").await;
    until("it is marked viewed", async || {
        (window.said_by(&window.sees("log-status").await).await.trim() == "viewed").then_some(())
    })
    .await;
    send(&window).await;
    let mut after = everything(&school).await;
    assert_eq!(after["restrictions"][0]["status"], "viewed");
    for field in ["status", "status_changed", "rev"] {
        after["restrictions"][0][field] = before["restrictions"][0][field].clone();
    }
    assert_eq!(after, before);

    // Allowed again: the student is in.
    press(&window, "2").await;
    window.sees("device-row").await;
    press(&window, "jb").await;
    window.reads("device-row", "Allowed").await;
    send(&window).await;
    let again = login(&school, student, Some(&cookie)).await;
    assert_eq!(again["outcome"], "allowed", "{again}");

    // One session at a time: with checks on a second browser makes a restriction, with checks off none.
    let one_session = json!({ "max_concurrent_sessions": 1, "concurrent_policy": "refuse_new" });
    school
        .school
        .set_access_control(serde_json::from_value(one_session).expect("settings"))
        .await
        .expect("it is taken");
    let second = login(&school, student, None).await;
    assert_eq!(second["outcome"], "denied", "{second}");
    let so_far = restrictions(&everything(&school).await).len();
    press(&window, "c").await;
    window.reads("exception-dialog", "stay on this computer").await;
    press(&window, "Exam week").await;
    window.presses_key(Key::Enter).await.expect("keys reach the page");
    window.reads("checks-word", "off").await;
    window.reads("checks-noted", "Exam week").await;
    send(&window).await;
    let unchecked = login(&school, student, None).await;
    assert_eq!(unchecked["outcome"], "allowed", "{unchecked}");
    assert_eq!(unchecked["restriction"], Value::Null);
    let all = everything(&school).await;
    assert_eq!(restrictions(&all).len(), so_far);
    assert!(!all.to_string().contains("Exam week"), "the reason has left this computer");
}
