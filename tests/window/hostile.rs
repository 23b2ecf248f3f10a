//! Texts that were written to do harm.

use hallmonitor_tests::{Desktop, Filled, Window, school, until};
use serde_json::{Value, json};

use crate::{
    server::student,
    steps::{connect, opens_contact},
};

#[tokio::test]
async fn a_students_texts_are_never_markup_and_never_break_the_page() {
    let school = school(Filled::Empty).await;
    let long = "д".repeat(10_000);
    for (email, first_name, last_name) in [
        (
            "markup@school.example",
            "<img src=x onerror=\"window.broken=1\"><script>window.broken=1</script>",
            "<b>bold</b>",
        ),
        ("turned@school.example", "\u{202e}drawkcab", "\u{2066}\u{200f}עברית"),
        ("emoji@school.example", "👩‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿", "𝔉𝔯𝔞𝔨𝔱𝔲𝔯"),
        ("braces@school.example", "{{7*7}} ${window.broken=1}", "javascript:window.broken=1"),
        ("long@school.example", long.as_str(), "long"),
    ] {
        school.tells("contacts", &json!({ "email": email, "first_name": first_name, "last_name": last_name })).await;
    }
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;

    connect(&window, &school).await;

    until("all five stand in the list", async || (window.all("contact-row").await.len() == 5).then_some(())).await;
    let text = window.text().await;
    assert!(text.contains("<img src=x onerror="), "{text}");
    assert!(text.contains("{{7*7}}"), "{text}");
    let found = window
        .driver()
        .execute(
            "return {
                broken: window.broken === 1,
                markup: document.querySelectorAll('[data-testid=contact-row] img, [data-testid=contact-row] script, \
             [data-testid=contact-row] b').length,
                sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
                tallest: Math.max(...[...document.querySelectorAll('[data-testid=contact-row]')].map(r => r.offsetHeight)),
            }",
            vec![],
        )
        .await
        .expect("the page answers");
    assert_eq!(
        found.json(),
        &json!({ "broken": false, "markup": 0, "sideways": 0, "tallest": found.json()["tallest"] })
    );
    assert!(found.json()["tallest"].as_f64().expect("a height") <= 60.0, "{}", found.json());
}

/// What a browser, a teacher or a server may say of themselves. The mark finds it again where it became an element.
const MARKUP: &str = "<img data-hostile src=x onerror=\"window.broken=1\"><script>window.broken=1</script>";

#[tokio::test]
async fn what_a_browser_a_tag_and_a_rule_say_is_text_on_every_screen() {
    let school = school(Filled::With { contacts: 5, sessions: 50 }).await;
    let student = student(&school, "olha@school.example", "Olha").await;
    let tags = [MARKUP.to_owned(), "\u{202e}sgat".to_owned(), "д".repeat(200)];
    school.tells("contacts", &json!({ "email": "olha@school.example", "tags": tags })).await;
    let longest = "д".repeat(2_000);
    for agent in
        [MARKUP, "\u{202e}\u{2066}drawkcab", &longest, "{{7*7}} ${window.broken=1}", MARKUP, MARKUP, MARKUP, MARKUP]
    {
        let attempt = json!({ "contact_id": student, "ip": "93.74.11.20", "user_agent": agent });
        school.tells("logins", &attempt).await;
    }
    // A rule that the window has no words of its own for is said in the server's.
    let renamed = sqlx::query("UPDATE restriction SET rule_code = $1 WHERE contact_id = $2").bind(MARKUP).bind(student);
    let renamed = renamed.execute(school.school.pool()).await.expect("the school's own database");
    assert!(renamed.rows_affected() > 0, "a rule acted");
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;

    connect(&window, &school).await;
    stays_text(&window, "contact-row", "contacts").await;
    opens_contact(&window).await;
    for (key, row) in [("1", "session-row"), ("2", "device-row"), ("3", "restriction-row")] {
        window.presses(key).await.expect("keys reach the page");
        stays_text(&window, row, row).await;
    }
    for (screen, row) in [("violations", "violation-row"), ("logins", "login-row"), ("devices", "school-device-row")] {
        window.clicks(&format!("nav-{screen}")).await;
        stays_text(&window, row, screen).await;
    }
}

/// Waits for rows that say the hostile text, opens what is behind the first of them, and looks what became of it.
async fn stays_text(window: &Window, row: &str, place: &str) {
    until(&format!("{place}: the text stands there as it was written"), async || {
        window.sees(row).await;
        window.text().await.contains("<img data-hostile").then_some(())
    })
    .await;
    window.presses("j").await.expect("keys reach the page");
    window.sees_by(thirtyfour::By::Css(format!("[data-testid={row}][aria-selected=true]"))).await;
    let script = format!(
        "const heights = [...document.querySelectorAll('[data-testid={row}]')].map((row) => row.offsetHeight);
         return {{
            broken: window.broken === 1,
            markup: document.querySelectorAll('[data-hostile]').length,
            sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
            low: heights.every((height) => height <= 60),
         }}"
    );
    let found = window.driver().execute(script, Vec::new()).await.expect("the page answers");
    let wanted: Value = json!({ "broken": false, "markup": 0, "sideways": 0, "low": true });
    assert_eq!(found.json(), &wanted, "{place}");
}
