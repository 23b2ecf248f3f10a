//! Violations are told once, and a click leads to them.

use std::fs;

use hallmonitor_tests::{Desktop, until};
use serde_json::json;
use thirtyfour::By;

use crate::{
    item::Item,
    steps::{Class, TURN, in_the_tray},
};

#[tokio::test]
async fn a_violation_is_told_once_and_a_click_opens_it_without_a_window() {
    let class = Class::new().await;
    let (desktop, tray) = in_the_tray(&class).await;

    class.violates(1).await;
    tray.chooses("Sync now").await;

    let shown = desktop.has_shown(1).await;
    assert_eq!(shown[0].0, "Ada Byron");
    assert!(shown[0].1.contains("blocked by the school"), "{shown:?}");
    desktop.picture("notification");

    // Another turn brings another one, and not the first again.
    class.violates(1).await;
    tray.chooses("Sync now").await;
    tray.says("2 unviewed violations").await;
    assert_eq!(desktop.has_shown(2).await.len(), 2);

    desktop.clicks_notification(None);
    desktop.logs("painted the first rows of restrictions").await;
    until("the window is there", async || desktop.has_window().then_some(())).await;
}

#[tokio::test]
async fn a_click_leads_an_open_window_to_that_very_restriction() {
    let class = Class::new().await;
    let mut desktop = Desktop::start().await;
    desktop.with_panel(false).await;
    desktop.with_notifications().await;
    desktop.connect(&class.school).await;
    desktop.cli(&class.school, &["sync"]).await;
    class.violates(2).await;
    desktop.cli(&class.school, &["sync"]).await;
    // What the command line has read is told by the window's program, which comes later.
    let window = desktop.app(&[]).await;
    window.sees("contact-row").await;
    desktop.has_shown(2).await;

    desktop.clicks_notification(None);

    window.sees("restriction-row").await;
    let newest: i64 = sqlx::query_scalar("SELECT max(id) FROM restriction")
        .fetch_one(class.school.school.pool())
        .await
        .expect("a restriction");
    let clicked = window.sees_by(By::Css("[data-testid=restriction-row][aria-selected=true]")).await;
    let clicked: i64 =
        clicked.attr("data-id").await.expect("the page answers").expect("an id").parse().expect("a number");
    assert!([newest, newest - 1].contains(&clicked), "{clicked}");
    desktop.picture("card");
}

#[tokio::test]
async fn the_first_sync_tells_nothing() {
    let class = Class::new().await;
    class.violates(2).await;
    let mut desktop = Desktop::start().await;
    desktop.with_panel(false).await;
    desktop.with_notifications().await;
    desktop.connect(&class.school).await;
    desktop.starts(&["--hidden"]);
    let tray = Item::of(&desktop).await;
    tray.says("2 unviewed violations").await;

    class.violates(1).await;
    tray.chooses("Sync now").await;

    // What would have been told of the first two came before this one.
    tray.says("3 unviewed violations").await;
    assert_eq!(desktop.has_shown(1).await.len(), 1);
}

#[tokio::test]
async fn more_than_three_at_once_are_one_summary() {
    let class = Class::new().await;
    let (desktop, tray) = in_the_tray(&class).await;

    class.violates(4).await;
    tray.chooses("Sync now").await;

    let shown = desktop.has_shown(1).await;
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert_eq!(shown[0].0, "4 new violations");
}

#[tokio::test]
async fn a_muted_rule_is_silent_and_counts_all_the_same() {
    let class = Class::new().await;
    let mut desktop = Desktop::start().await;
    fs::create_dir_all(desktop.data_dir()).expect("our own folder");
    let muted = json!({ "notifications": { "muted": ["ip_blocked"] } });
    fs::write(desktop.data_dir().join("settings.json"), muted.to_string()).expect("our own file");
    desktop.with_panel(false).await;
    desktop.with_notifications().await;
    desktop.connect(&class.school).await;
    desktop.cli(&class.school, &["sync"]).await;
    desktop.starts(&["--hidden"]);
    let tray = Item::of(&desktop).await;
    desktop.logs(TURN).await;

    class.violates(1).await;
    tray.chooses("Sync now").await;
    tray.says("1 unviewed violation").await;
    // Another turn: whatever the last one told was shown before it.
    tray.chooses("Pause notifications").await;
    class.violates(1).await;
    tray.chooses("Sync now").await;
    tray.says("2 unviewed violations").await;
    assert_eq!(desktop.notifications(), []);
}

#[tokio::test]
async fn paused_ones_wait_and_are_summed_up() {
    let class = Class::new().await;
    let (desktop, tray) = in_the_tray(&class).await;
    tray.chooses("For 1 hour").await;
    tray.says("Notifications are paused").await;

    class.violates(2).await;
    tray.chooses("Sync now").await;
    tray.says("2 unviewed violations").await;
    // The menu says so before it is looked whether they are told. At the end of another turn that was done.
    let before = desktop.logged(TURN);
    tray.chooses("Sync now").await;
    desktop.logs_again(TURN, before).await;
    tray.chooses("Resume").await;
    tray.says("Pause notifications").await;
    tray.chooses("Sync now").await;

    let shown = desktop.has_shown(1).await;
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert_eq!(shown[0].0, "2 new violations while it was quiet");
}

#[tokio::test]
async fn mark_viewed_reaches_the_school() {
    let class = Class::new().await;
    let (desktop, tray) = in_the_tray(&class).await;
    class.violates(1).await;
    tray.chooses("Sync now").await;
    desktop.has_shown(1).await;

    desktop.clicks_notification(Some("Mark viewed"));

    tray.says("No unviewed violations").await;
    assert!(!desktop.has_window(), "the window is not needed for that");
    until("the school knows", async || {
        tray.chooses("Sync now").await;
        desktop.cli(&class.school, &["outbox", "--json"]).await;
        let viewed: i64 = sqlx::query_scalar("SELECT count(*) FROM restriction WHERE status = 'viewed'")
            .fetch_one(class.school.school.pool())
            .await
            .ok()?;
        (viewed == 1).then_some(())
    })
    .await;
}

#[tokio::test]
async fn what_happened_before_anybody_showed_notifications_is_told_when_somebody_does() {
    let class = Class::new().await;
    let mut desktop = Desktop::start().await;
    desktop.with_panel(false).await;
    desktop.connect(&class.school).await;
    desktop.cli(&class.school, &["sync"]).await;
    class.violates(1).await;
    desktop.starts(&["--hidden"]);
    let tray = Item::of(&desktop).await;
    tray.says("1 unviewed violation").await;
    // At the end of another turn it was looked whether it is told.
    let before = desktop.logged(TURN);
    tray.chooses("Sync now").await;
    desktop.logs_again(TURN, before).await;

    desktop.with_notifications().await;
    tray.chooses("Sync now").await;

    let shown = desktop.has_shown(1).await;
    assert_eq!(shown[0].0, "Ada Byron");
}
