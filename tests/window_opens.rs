//! The window on a new machine.

use hallmonitor_tests::Desktop;

#[tokio::test]
async fn a_new_machine_is_shown_the_first_start() {
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;

    window.sees("first-start").await;
    assert!(window.all("problem").await.is_empty(), "nothing has failed yet: {}", window.text().await);
    window.close().await.expect("it closes");
}

#[tokio::test]
async fn a_machine_without_a_keyring_is_not_refused() {
    let mut desktop = Desktop::start_without_keyring();
    let window = desktop.app(&[]).await;

    window.sees("first-start").await;
}
