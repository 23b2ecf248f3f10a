//! The window is closed, and everything goes on.

use hallmonitor_tests::{Desktop, System, until};

use crate::{
    item::Item,
    steps::{Class, TURN, in_the_tray, synced},
};

#[tokio::test]
async fn closing_the_window_ends_its_page_and_everything_goes_on() {
    let class = Class::new().await;
    let (mut desktop, tray) = in_the_tray(&class).await;
    tray.chooses("Open Hallmonitor").await;
    until("the window is open", async || desktop.has_window().then_some(())).await;
    desktop.logs("painted the first rows of contacts").await;
    assert!(desktop.has_page());

    desktop.closes_window().await;

    until("the page is gone", async || (!desktop.has_page()).then_some(())).await;
    let shown = desktop.has_shown(1).await;
    assert!(shown[0].0.contains("goes on"), "{shown:?}");
    class.violates(1).await;
    tray.chooses("Sync now").await;
    tray.says("1 unviewed violation").await;
    assert_eq!(desktop.has_shown(2).await[1].0, "Ada Byron");

    // Said once: the next time it just closes.
    desktop.starts(&[]);
    until("a second start opens the window", async || desktop.has_window().then_some(())).await;
    desktop.closes_window().await;
    until("the page is gone", async || (!desktop.has_page()).then_some(())).await;
    class.violates(1).await;
    tray.chooses("Sync now").await;
    assert_eq!(desktop.has_shown(3).await[2].0, "Ada Byron");
}

#[tokio::test]
async fn without_tray_and_notifications_a_second_start_still_opens_the_window() {
    let class = Class::new().await;
    let mut desktop = Desktop::start().await;
    desktop.connect(&class.school).await;
    desktop.starts(&[]);
    desktop.logs("painted the first rows of contacts").await;
    desktop.logs("no tray icon yet").await;

    desktop.closes_window().await;
    until("the page is gone", async || (!desktop.has_page()).then_some(())).await;
    assert!(desktop.runs(), "it goes on");

    desktop.starts_again(&[]).await;
    until("the window is open", async || desktop.has_window().then_some(())).await;
}

#[tokio::test]
async fn after_sleep_and_when_the_network_is_back_the_school_is_asked_at_once() {
    let class = Class::new().await;
    let mut desktop = synced(&class).await;
    let system = System::of(&desktop, 70).await;
    desktop.starts(&["--hidden"]);
    let tray = Item::of(&desktop).await;
    desktop.logs(TURN).await;
    system.is_heard().await;

    class.violates(1).await;
    system.wakes().await;
    tray.says("1 unviewed violation").await;

    class.violates(1).await;
    system.becomes(70).await;
    tray.says("2 unviewed violations").await;
}

#[tokio::test]
async fn a_violation_is_told_as_it_happens_where_the_school_tells_of_changes() {
    let class = Class::that_tells().await;
    let (desktop, tray) = in_the_tray(&class).await;

    // Nobody asks, and the next turn of the clock is two minutes away.
    class.violates(1).await;

    assert_eq!(desktop.has_shown(1).await[0].0, "Ada Byron");
    tray.says("1 unviewed violation").await;
}

#[tokio::test]
async fn a_second_start_by_the_session_opens_nothing() {
    let class = Class::new().await;
    let (desktop, tray) = in_the_tray(&class).await;

    desktop.starts_again(&["--hidden"]).await;
    class.violates(1).await;
    tray.chooses("Sync now").await;
    tray.says("1 unviewed violation").await;
    assert!(!desktop.has_window());
}

#[tokio::test]
async fn without_a_bus_the_window_opens_and_ends_with_itself() {
    let mut desktop = Desktop::start_without_keyring();
    desktop.loses_its_bus();
    desktop.starts(&[]);
    until("the window is open", async || desktop.has_window().then_some(())).await;

    desktop.closes_window().await;

    until("the program has ended", async || (!desktop.runs()).then_some(())).await;
}

#[tokio::test]
async fn a_start_with_the_session_waits_in_the_tray_for_whoever_wants_the_window() {
    let class = Class::new().await;
    let (desktop, _) = in_the_tray(&class).await;
    assert!(!desktop.has_window() && !desktop.has_page());
    let tray = Item::of(&desktop).await;
    tray.chooses("Open Hallmonitor").await;
    until("the window is open", async || desktop.has_window().then_some(())).await;
}
