//! The demo school inside the program.

use std::fs;

use hallmonitor_tests::{Desktop, until};

#[tokio::test]
async fn one_click_leads_into_the_demo_school() {
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;

    window.clicks("open-demo").await;

    window.sees("contact-row").await;
    window.reads("data-age", "Synced").await;
    window.says("300").await;
}

#[tokio::test]
async fn the_demo_school_is_gone_with_the_window_and_leaves_nothing() {
    let mut desktop = Desktop::start_without_keyring();
    let window = desktop.app(&["--demo"]).await;
    window.sees("contact-row").await;
    assert_eq!(demo_folders(&desktop).len(), 1);

    desktop.close(window).await;

    until("the demo school's files are gone", async || demo_folders(&desktop).is_empty().then_some(())).await;
    assert!(!desktop.data_dir().exists(), "the demo school has written into the data folder");
}

#[tokio::test]
async fn students_go_on_living_in_the_demo_school() {
    let mut desktop = Desktop::start_without_keyring();
    let window = desktop.app(&["--demo"]).await;
    let before = logins(&window).await;

    // Whoever asked for it again and again would soon be told by the school to wait.
    until("a new login is in the list", async || (logins(&window).await > before).then_some(())).await;
}

/// How many logins the sidebar's foot counts.
async fn logins(window: &hallmonitor_tests::Window) -> u64 {
    until("the sidebar counts logins", async || {
        let text = window.text().await;
        let line = text.lines().find(|line| line.contains(" logins"))?;
        let number = line.split('·').next_back()?.replace(|letter: char| !letter.is_ascii_digit(), "");
        number.parse().ok()
    })
    .await
}

fn demo_folders(desktop: &Desktop) -> Vec<std::path::PathBuf> {
    fs::read_dir(desktop.home())
        .expect("the home folder")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("hallmonitor-demo-")))
        .collect()
}
