//! What is said while everything is locked.

use hallmonitor_tests::{until, until_later};

use crate::{
    item::Item,
    steps::{Class, in_the_tray_with, synced},
};

#[tokio::test]
async fn while_locked_it_says_only_that_something_happened_and_afterwards_what() {
    let class = Class::new().await;
    class.violates(1).await;
    let (desktop, tray) = in_the_tray_with(&class, &serde_json::json!({ "sync_seconds": 30 })).await;
    tray.says("1 unviewed violation").await;
    let before = desktop.notifications().len();

    tray.chooses("Lock now").await;
    desktop.logs("everything is locked").await;
    tray.says("Locked: open to unlock").await;
    class.violates(1).await;

    // It looks at the school half a minute after it was locked.
    let (title, body) =
        until_later("something is told", async || desktop.notifications().into_iter().nth(before)).await;
    assert_eq!(title, "Something happened");
    assert!(!format!("{title} {body}").contains("Ada"), "{title} {body}");
    assert!(!tray.lines().await.iter().any(|line| line.words.contains("Ada")));

    // The key comes back from the keyring.
    tray.chooses("Open Hallmonitor").await;
    until("the window is there", async || desktop.has_window().then_some(())).await;
    desktop.picture("locked");
}

#[tokio::test]
async fn unlocked_nothing_says_any_more_that_something_happened() {
    let class = Class::new().await;
    let mut desktop = synced(&class).await;
    desktop.sets_in_file("sync_seconds", &serde_json::json!(30));
    let window = desktop.app(&[]).await;
    let tray = Item::of(&desktop).await;
    window.reads("data-age", "Synced").await;
    tray.chooses("Lock now").await;
    window.sees("unlock").await;
    class.violates(1).await;
    until_later("it is told that something happened", async || (desktop.notifications_on_screen() == 1).then_some(()))
        .await;

    window.clicks("unlock-open").await;

    until("what happened is told instead", async || {
        let newest = desktop.notifications().pop().map(|(title, _)| title);
        (newest.as_deref() == Some("Ada Byron") && desktop.notifications_on_screen() == 1).then_some(())
    })
    .await;
}
