//! What is made of one student's case: a report in files, and a text in the clipboard.

use std::fs;

use hallmonitor_tests::{Desktop, Filled, TestSchool, Window, school, until};
use serde_json::json;
use thirtyfour::{By, Key};

use crate::{
    server::login,
    steps::{connect, open_devices},
};

const HOSTILE: &str = "<img src=x onerror=\"window.broken=1\">";

/// A school with one student, who has logged in from so many browsers.
async fn with_student(first_name: &str, logins: usize) -> TestSchool {
    let school = school(Filled::Empty).await;
    let student = json!({ "email": "olha@school.example", "first_name": first_name, "last_name": "Коваль" });
    let student = school.tells("contacts", &student).await["data"]["id"].as_i64().expect("an id");
    for _ in 0..logins {
        login(&school, student, None).await;
    }
    school
}

async fn on_card(desktop: &mut Desktop, school: &TestSchool) -> Window {
    let window = desktop.app(&[]).await;
    connect(&window, school).await;
    open_devices(&window).await;
    window
}

#[tokio::test]
async fn a_report_lies_where_the_person_wants_it_and_holds_no_markup_of_a_students() {
    let school = with_student(HOSTILE, 3).await;
    let mut desktop = Desktop::start().await;
    let window = on_card(&mut desktop, &school).await;

    window.clicks("card-report").await;
    window.sees("evidence-begin").await;
    window.picture("evidence-dialog").await;
    window.clicks("evidence-begin").await;
    let report = desktop.home().join("report.html");
    desktop.saves_as(&report).await;

    window.reads("evidence-done", "3 logins").await;
    assert_eq!(window.reads("evidence-report", "report.html").await.trim(), report.display().to_string());
    window.picture("evidence-done").await;
    let text = fs::read_to_string(&report).expect("the report is there");
    assert!(text.contains("&lt;img src=x onerror=") && !text.contains("<img"), "{text}");
    for other in ["http://", "https://", "src=\"", "href=", "url("] {
        let own = text.replace(&school.url(), "");
        assert!(!own.contains(other), "the report asks for nothing else, not {other}");
    }
    let table = fs::read_to_string(report.with_extension("csv")).expect("the table is there");
    assert_eq!(table.lines().count(), 4, "{table}");
    if let Some(folder) = std::env::var_os("HALLMONITOR_PICTURES") {
        fs::copy(&report, std::path::Path::new(&folder).join("report.html")).expect("a copy to look at");
    }
}

#[tokio::test]
async fn a_report_that_is_given_up_leaves_no_file() {
    let school = with_student("Olha", 1).await;
    let mut desktop = Desktop::start().await;
    let window = on_card(&mut desktop, &school).await;
    window.clicks("card-report").await;
    window.clicks("evidence-begin").await;
    desktop.saves_nothing().await;
    until("the dialog asks again", async || window.sees("evidence-begin").await.is_enabled().await.ok()?.then_some(()))
        .await;
    let made = fs::read_dir(desktop.home()).expect("our own folder").flatten();
    assert!(made.map(|file| file.path()).all(|file| file.extension().is_none_or(|ending| ending != "html")));
}

#[tokio::test]
async fn a_text_to_a_student_is_in_the_clipboard_and_the_owners_own_outlives_the_program() {
    let school = with_student("Olha", 2).await;
    let mut desktop = Desktop::start().await;
    let window = on_card(&mut desktop, &school).await;
    window.clicks("card-letter").await;
    let field = window.sees("letter-text").await;
    until("the text is filled in", async || {
        let text = field.prop("value").await.ok()??;
        (text.contains("Olha Коваль") && text.contains("30 days: 2")).then_some(())
    })
    .await;
    window.picture("letter").await;
    window.clicks("letter-copy").await;
    window.reads("letter-copied", "Copied").await;

    // Pasted where anybody pastes.
    window.clicks("letter-edit").await;
    until("the text for everybody is there", async || {
        field.prop("value").await.ok()??.contains("{name}").then_some(())
    })
    .await;
    window.picture("letter-edit").await;
    field.clear().await.expect("the field can be emptied");
    field.send_keys(Key::Control + "v").await.expect("the field takes keys");
    until("what was copied is pasted", async || {
        let text = field.prop("value").await.ok()??;
        (text.contains("Olha Коваль") && !text.contains("{name}")).then_some(())
    })
    .await;

    field.clear().await.expect("the field can be emptied");
    field.send_keys("Dear {name}, {school}.").await.expect("the field takes keys");
    window.clicks("letter-save").await;
    until("it is filled in", async || field.prop("value").await.ok()??.starts_with("Dear Olha Коваль,").then_some(()))
        .await;
    desktop.close(window).await;

    let window = desktop.app(&[]).await;
    window.sees("contact-row").await;
    open_devices(&window).await;
    window.clicks("card-letter").await;
    let field = window.sees("letter-text").await;
    until("it is the owner's own", async || {
        field.prop("value").await.ok()??.starts_with("Dear Olha Коваль,").then_some(())
    })
    .await;
    window.clicks("letter-edit").await;
    window.clicks("letter-original").await;
    until("the original is back", async || {
        field.prop("value").await.ok()??.starts_with("Hello Olha Коваль,").then_some(())
    })
    .await;
    window.sees_by(By::Css("dialog[open]")).await;
}
