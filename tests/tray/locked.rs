//! What is said while everything is locked.

use hallmonitor_tests::{until, until_later};

use crate::steps::{Class, in_the_tray_with};

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
