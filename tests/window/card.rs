//! A student's card, by keyboard.

use hallmonitor_tests::{Desktop, Filled, Window, school, until};
use thirtyfour::Key;

use crate::steps::connect;

#[tokio::test]
async fn a_students_log_is_read_by_keyboard_alone() {
    let school = school(Filled::With { contacts: 20, sessions: 2_000 }).await;
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;
    connect(&window, &school).await;
    let name = first_line(&window, "contact-row").await;

    window.presses("j").await.expect("keys reach the page");
    window.presses_key(Key::Enter).await.expect("keys reach the page");
    window.sees("tab-history").await;
    window.sees("session-row").await;
    window.says(&name).await;

    window.presses("2").await.expect("keys reach the page");
    window.sees("device-row").await;
    window.presses("3").await.expect("keys reach the page");
    until("the restrictions' tab is chosen", async || {
        let tab = window.sees("tab-restrictions").await;
        (tab.attr("aria-selected").await.ok()??.as_str() == "true").then_some(())
    })
    .await;

    window.presses_key(Key::Escape).await.expect("keys reach the page");
    window.sees("contact-row").await;
}

#[tokio::test]
async fn searching_finds_part_of_a_name_whatever_its_case() {
    let school = school(Filled::With { contacts: 60, sessions: 300 }).await;
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;
    connect(&window, &school).await;
    let name = first_line(&window, "contact-row").await;
    let part: String = name.chars().take(4).collect::<String>().to_uppercase();

    window.presses("/").await.expect("keys reach the page");
    window.presses(part.clone()).await.expect("keys reach the page");

    until("every row left has the word in it", async || {
        let rows = window.all("contact-row").await;
        if rows.is_empty() || rows.len() == 60 {
            return None;
        }
        for row in rows {
            if !window.said_by(&row).await.to_uppercase().contains(&part) {
                return None;
            }
        }
        Some(())
    })
    .await;
}

async fn first_line(window: &Window, id: &str) -> String {
    let row = window.sees(id).await;
    let text = window.said_by(&row).await;
    text.lines().next().expect("a row has a line").trim().to_owned()
}
