//! What the program keeps of the desktop it runs on: the window's size and place, and its start with the session.

use std::fs;

use hallmonitor_tests::{Desktop, program, until, until_right};

use crate::steps::in_settings;

#[tokio::test]
async fn the_window_comes_back_where_it_was_and_as_large() {
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;
    window.sees("first-start").await;
    window.driver().set_window_rect(150, 90, 1100, 700).await.expect("it can be moved and resized");
    let mut before = None;
    let left = until_right("the window is as it was wanted, and stays there", async || {
        let seen = desktop.window_rect();
        let stays = std::mem::replace(&mut before, seen) == seen;
        match seen {
            // The frame is the window manager's.
            Some((150..=160, 90..=150, 1100, 700)) if stays => Ok(seen),
            _ => Err(format!("{seen:?}")),
        }
    })
    .await;
    desktop.close(window).await;

    let window = desktop.app(&[]).await;
    window.sees("first-start").await;
    until_right("the window is as it was left", async || {
        let seen = desktop.window_rect();
        if seen == left { Ok(()) } else { Err(format!("{seen:?}, not {left:?}")) }
    })
    .await;
}

#[tokio::test]
async fn the_switch_writes_an_entry_that_starts_this_program_hidden_and_takes_it_back() {
    let mut desktop = Desktop::start().await;
    let (window, _school) = in_settings(&mut desktop).await;
    assert_eq!(entry(&desktop), None);

    window.clicks("autostart").await;
    let exec = format!("Exec=\"{}\" --hidden", program("hallmonitor").display());
    has_entry(&desktop, &exec).await;

    window.clicks("autostart").await;
    until("the entry is gone", async || entry(&desktop).is_none().then_some(())).await;
}

#[tokio::test]
async fn an_appimage_is_started_by_its_own_path() {
    let mut desktop = Desktop::start().await;
    let image = desktop.home().join("My Apps").join("Hallmonitor.AppImage");
    desktop.sets("APPIMAGE", &image.display().to_string());
    let (window, _school) = in_settings(&mut desktop).await;

    window.clicks("autostart").await;

    has_entry(&desktop, &format!("Exec=\"{}\" --hidden", image.display())).await;
}

/// The autostart entry, where there is one.
fn entry(desktop: &Desktop) -> Option<String> {
    fs::read_to_string(desktop.home().join("config/autostart/Hallmonitor.desktop")).ok()
}

async fn has_entry(desktop: &Desktop, exec: &str) {
    until_right("the entry starts the program", async || match entry(desktop) {
        Some(entry) if entry.lines().any(|line| line == exec) => Ok(()),
        other => Err(format!("{other:?}")),
    })
    .await;
}
