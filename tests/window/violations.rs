//! What nobody has viewed, from the sidebar to the school.

use hallmonitor_tests::{Desktop, Filled, school, until};
use thirtyfour::By;

use crate::{
    server::{login, student},
    steps::{connect, no_standing},
};

#[tokio::test]
async fn a_violation_is_marked_viewed_from_the_schools_inbox_and_the_school_hears_of_it() {
    let school = school(Filled::With { contacts: 5, sessions: 50 }).await;
    let student = student(&school, "olha@school.example", "Olha").await;
    for _ in 0..8 {
        login(&school, student, None).await;
    }
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;
    connect(&window, &school).await;

    window.clicks("nav-violations").await;
    window.reads("violations-total", "not viewed").await;
    window.reads("violation-row", "Olha").await;
    window.presses("jj").await.expect("keys reach the page");
    let row = window.sees_by(By::Css("[data-testid=violation-row][aria-selected=true]")).await;
    let id = row.attr("data-id").await.expect("the page answers").expect("an id");
    assert!(id.parse::<i64>().is_ok(), "a violation is selected, not {id}");
    window.presses("v").await.expect("keys reach the page");
    window.reads("toast", "marked viewed").await;

    let gone = format!("[data-testid=violation-row][data-id='{id}']");
    until("it has left the inbox", async || {
        window.driver().find_all(By::Css(gone.as_str())).await.ok()?.is_empty().then_some(())
    })
    .await;
    window.clicks("sync-now").await;
    no_standing(&window).await;
    until("the school says that it was viewed", async || {
        let everything = crate::server::everything(&school).await;
        everything.to_string().contains("\"viewed\"").then_some(())
    })
    .await;
}
