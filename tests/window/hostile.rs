//! Texts that were written to do harm.

use hallmonitor_tests::{Desktop, Filled, school, until};
use serde_json::json;

use crate::steps::connect;

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
