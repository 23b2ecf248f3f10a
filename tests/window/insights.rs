//! What the log suggests, in the real window: who, why, and what other thresholds and limits would do.

use hallmonitor_tests::{Desktop, Filled, Window, school, until, until_later};
use thirtyfour::{By, Key};

use crate::steps::connect;

/// Large enough for students who share, small enough to be looked at in seconds.
const SEEDED: Filled = Filled::With { contacts: 60, sessions: 12_000 };

/// The number that stands in a text.
fn number_in(text: &str) -> Option<u64> {
    let digits = text.replace([',', '\u{a0}'], "");
    digits.split(|letter: char| !letter.is_ascii_digit()).find(|part| !part.is_empty())?.parse().ok()
}

/// Waits until every contact was looked at.
async fn ranked(window: &Window) {
    window.clicks("nav-insights").await;
    until_later("every contact was looked at", async || {
        let total = window.sees("insights-total").await;
        let said = window.said_by(&total).await;
        (said.contains(" out") && !said.contains("looked at")).then_some(())
    })
    .await;
    window.sees("insight-row").await;
}

#[tokio::test]
async fn contacts_are_ranked_by_their_points_with_the_rows_behind_them_and_enter_opens_the_card() {
    let school = school(SEEDED).await;
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;
    connect(&window, &school).await;
    ranked(&window).await;

    let mut points = Vec::new();
    for row in window.all("insight-row").await {
        let badge = row.find(By::Css(".badge")).await.expect("a row says its points");
        points.extend(number_in(&window.said_by(&badge).await));
    }
    assert!(points.len() > 1, "somebody shares in the seeded school: {points:?}");
    assert!(points.is_sorted_by(|one, next| one >= next), "most points first: {points:?}");
    assert!(!window.all("finding").await.is_empty(), "the first one's reasons stand beside the list");

    window.presses("j").await.expect("keys reach the page");
    let row = window.sees_by(By::Css("[data-testid=insight-row][aria-selected=true]")).await;
    let name = window.said_by(&row).await.lines().next().unwrap_or_default().trim().to_owned();
    until("the reasons are the selected one's", async || {
        let found = window.sees("found").await;
        window.said_by(&found).await.contains(&name).then_some(())
    })
    .await;
    window.picture("insights-reasons").await;

    window.presses_key(Key::Enter).await.expect("keys reach the page");
    window.sees("session-row").await;
    window.says(&name).await;
    window.presses_key(Key::Escape).await.expect("keys reach the page");
    window.sees("insight-row").await;
}

#[tokio::test]
async fn other_thresholds_say_whom_they_would_flag_and_other_limits_whom_they_would_have_hit() {
    let school = school(SEEDED).await;
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;
    connect(&window, &school).await;
    ranked(&window).await;

    window.presses("2").await.expect("keys reach the page");
    window.sees("what-if").await;
    until("what other limits would have done is counted", async || {
        let answer = window.sees("what-if-answer").await;
        number_in(&window.said_by(&answer).await).map(|_| ())
    })
    .await;
    window.picture("insights-what-if").await;

    window.clicks("nav-settings").await;
    window.clicks("insight-settings").await;
    let asked = until("it is said whom the thresholds flag", async || {
        let told = window.sees("would-flag").await;
        number_in(&window.said_by(&told).await)
    })
    .await;
    window.fills("insight-flag_points", "1").await;
    until("a lower threshold would flag more", async || {
        let told = window.sees("would-flag").await;
        (number_in(&window.said_by(&told).await)? > asked).then_some(())
    })
    .await;
    window.picture("insights-thresholds").await;
}

#[tokio::test]
async fn with_the_plug_pulled_the_schools_lists_stay_and_the_header_says_how_old_they_are() {
    let mut school = school(SEEDED).await;
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;
    connect(&window, &school).await;
    ranked(&window).await;

    school.unplug().await;
    window.clicks("sync-now").await;
    window.reads("data-age", "Offline").await;
    let screens = [
        ("violations", "violation-row"),
        ("logins", "login-row"),
        ("devices", "school-device-row"),
        ("insights", "insight-row"),
    ];
    for (screen, row) in screens {
        window.clicks(&format!("nav-{screen}")).await;
        window.sees(row).await;
        window.reads("data-age", "Offline").await;
        window.picture(&format!("offline-{screen}")).await;
    }
}
