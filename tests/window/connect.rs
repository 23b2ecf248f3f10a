//! Connecting a real school.

use std::os::unix::fs::PermissionsExt as _;

use hallmonitor_tests::{Desktop, Filled, school};
use thirtyfour::Key;

use crate::steps::{ask_to_connect, connect};

const SMALL: Filled = Filled::With { contacts: 30, sessions: 400 };

#[tokio::test]
async fn a_school_in_the_keyring_opens_again_by_itself() {
    let school = school(SMALL).await;
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;
    window.sees("first-start").await;
    connect(&window, &school).await;
    desktop.close(window).await;

    let window = desktop.app(&[]).await;

    window.sees("contact-row").await;
    assert!(window.all("first-start").await.is_empty());
}

#[tokio::test]
async fn a_passphrase_opens_a_school_where_there_is_no_keyring() {
    let school = school(SMALL).await;
    let mut desktop = Desktop::start_without_keyring();
    let window = desktop.app(&[]).await;
    ask_to_connect(&window, &school.url(), &school.cabinet, &school.token, Some("correct horse")).await;
    window.sees("contact-row").await;
    desktop.close(window).await;

    let window = desktop.app(&[]).await;
    window.sees("unlock").await;
    window.types("unlock-passphrase", "wrong horse").await;
    window.presses_key(Key::Enter).await.expect("keys reach the page");
    window.reads("problem", "passphrase").await;
    assert!(window.all("contact-row").await.is_empty());
    window.types("unlock-passphrase", "correct horse").await;
    window.presses_key(Key::Enter).await.expect("keys reach the page");
    window.sees("contact-row").await;
}

#[tokio::test]
async fn without_a_keyring_the_window_says_that_a_passphrase_will_do() {
    let school = school(SMALL).await;
    let mut desktop = Desktop::start_without_keyring();
    let window = desktop.app(&[]).await;

    ask_to_connect(&window, &school.url(), &school.cabinet, &school.token, None).await;

    window.reads("connect-problem", "passphrase").await;
    ask_to_connect(&window, &school.url(), &school.cabinet, &school.token, Some("correct horse")).await;
    window.sees("contact-row").await;
}

#[tokio::test]
async fn each_thing_that_can_be_wrong_is_told_with_what_to_do() {
    let school = school(Filled::Empty).await;
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;

    window.fills("connect-server", "http://school.example").await;
    window.reads("first-start", "https://").await;

    ask_to_connect(&window, &school.url(), &school.cabinet, "hm_wrong", None).await;
    window.reads("connect-problem", "refuses the token").await;

    ask_to_connect(&window, &school.url(), "wrong", &school.token, None).await;
    window.reads("connect-problem", "refuses").await;

    // Port 9 is the discard service, which nobody runs.
    ask_to_connect(&window, "http://127.0.0.1:9", &school.cabinet, &school.token, None).await;
    window.reads("connect-problem", "127.0.0.1:9").await;

    assert!(window.all("contact-row").await.is_empty());
}

#[tokio::test]
async fn what_is_kept_is_for_this_account_alone_and_encrypted() {
    let school = school(SMALL).await;
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;
    connect(&window, &school).await;
    let row = window.sees("contact-row").await;
    let text = window.said_by(&row).await;
    let name = text.lines().next().expect("a name").trim().to_owned();
    desktop.close(window).await;

    let mut files = Vec::new();
    everything_in(&desktop.data_dir(), &mut files);
    assert!(!files.is_empty());
    for (path, mode) in files {
        assert_eq!(mode & 0o077, 0, "{} has mode {mode:o}", path.display());
        if path.is_file() {
            let bytes = std::fs::read(&path).expect("our own file");
            for secret in [name.as_bytes(), school.token.as_bytes()] {
                assert!(
                    !bytes.windows(secret.len()).any(|part| part == secret),
                    "{} holds {:?} in the clear",
                    path.display(),
                    String::from_utf8_lossy(secret)
                );
            }
        }
    }
}

fn everything_in(folder: &std::path::Path, into: &mut Vec<(std::path::PathBuf, u32)>) {
    for entry in std::fs::read_dir(folder).expect("a folder of our own").flatten() {
        let path = entry.path();
        let mode = entry.metadata().expect("it was just listed").permissions().mode();
        into.push((path.clone(), mode));
        if path.is_dir() {
            everything_in(&path, into);
        }
    }
}
