//! The window on a new machine.

use hallmonitor_tests::{Desktop, program, until};

#[tokio::test]
async fn a_new_machine_is_shown_the_first_start() {
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;

    window.sees("first-start").await;
    assert!(window.all("problem").await.is_empty(), "nothing has failed yet: {}", window.text().await);
    desktop.close(window).await;
}

#[tokio::test]
async fn a_machine_without_a_keyring_is_not_refused() {
    let mut desktop = Desktop::start_without_keyring();
    let window = desktop.app(&[]).await;

    window.sees("first-start").await;
}

#[tokio::test]
async fn a_second_start_leads_to_the_window_that_is_open() {
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;
    window.sees("first-start").await;
    desktop.minimizes_window().await;
    until("it is put away", async || (!desktop.has_window_in_front()).then_some(())).await;

    let second = desktop.command(program("hallmonitor")).output().expect("it starts");

    assert!(second.status.success(), "it ends at once and well: {second:?}");
    until("the first one's window comes to the front", async || desktop.has_window_in_front().then_some(())).await;
    window.sees("first-start").await;
}

#[tokio::test]
async fn without_a_display_a_sentence_says_so() {
    let desktop = Desktop::start_without_keyring();
    let told = desktop.command(program("hallmonitor")).env_remove("DISPLAY").output().expect("it starts");

    assert_eq!(told.status.code(), Some(1));
    let sentence = String::from_utf8_lossy(&told.stderr);
    assert!(sentence.starts_with("There is no display"), "{sentence}");
    assert_eq!(sentence.trim().lines().count(), 1, "{sentence}");
}
