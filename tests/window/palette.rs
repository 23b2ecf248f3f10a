//! Search everywhere, by keyboard alone.

use hallmonitor_tests::{Desktop, Filled, Window, school, until};
use serde_json::Value;
use thirtyfour::{By, Key};

use crate::{
    server::{login, student},
    steps::connect,
};

/// Presses Ctrl K and types.
async fn finds(window: &Window, text: &str) {
    let keys = window.driver().action_chain().key_down(Key::Control).send_keys("k").key_up(Key::Control);
    keys.perform().await.expect("keys reach the page");
    window.sees("palette-field").await;
    window.presses(text).await.expect("keys reach the page");
}

async fn enters(window: &Window) {
    window.presses_key(Key::Enter).await.expect("keys reach the page");
}

/// Waits until the program has noted that a contact's card was opened, for which the page does not wait.
async fn noted(window: &Window, contact: i64) {
    let ask = "const [contact, done] = arguments; \
               const { invoke } = window.__TAURI_INTERNALS__; \
               invoke('overview') \
               .then(({ shown }) => invoke('find_everywhere', { school: shown, text: '' })) \
               .then((found) => found?.hits[0], () => null) \
               .then((last) => done(last?.kind === 'contact' && last.id === contact))";
    until("it is noted whose card was opened", async || {
        let answer = window.driver().execute_async(ask, vec![Value::from(contact)]).await.expect("the page answers");
        (answer.json() == &Value::Bool(true)).then_some(())
    })
    .await;
}

/// Waits until Enter would take the entry with this key.
async fn would_take(window: &Window, key: &str) {
    let chosen = format!("[data-testid=palette-entry][aria-selected=true][data-key='{key}']");
    window.sees_by(By::Css(chosen)).await;
}

#[tokio::test]
async fn a_name_leads_to_the_card_an_address_to_its_logins_and_a_command_is_done() {
    let school = school(Filled::With { contacts: 40, sessions: 2_000 }).await;
    let olha = student(&school, "olha@school.example", "Olha Shevchenko").await;
    login(&school, olha, None).await;
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;
    connect(&window, &school).await;

    // Enter may come before the answer.
    finds(&window, "olha shev").await;
    enters(&window).await;
    window.sees("session-row").await;
    window.says("olha@school.example").await;

    // What was opened last comes first.
    noted(&window, olha).await;
    finds(&window, "").await;
    would_take(&window, &format!("contact {olha}")).await;
    window.picture("palette").await;
    window.presses_key(Key::Escape).await.expect("keys reach the page");

    window.clicks("nav-logins").await;
    let cell = window.sees_by(By::Css("[data-testid=login-row] [role=gridcell]:nth-child(3) button")).await;
    let address = window.said_by(&cell).await.trim().to_owned();
    window.clicks("nav-contacts").await;
    finds(&window, &address).await;
    would_take(&window, &format!("address {address}")).await;
    window.picture("palette-address").await;
    enters(&window).await;
    window.sees("login-row").await;
    let chip = window.sees_by(By::Css("button[aria-label^='Remove the filter: ']")).await;
    assert_eq!(window.said_by(&chip).await.trim(), address);

    finds(&window, "theme: dark").await;
    would_take(&window, "do theme dark").await;
    enters(&window).await;
    until("the window is dark", async || {
        let asked = "return getComputedStyle(document.documentElement).colorScheme";
        let told = window.driver().execute(asked, Vec::new()).await.ok()?;
        (told.json().as_str() == Some("dark")).then_some(())
    })
    .await;

    finds(&window, "lock now").await;
    would_take(&window, "do lock").await;
    enters(&window).await;
    window.sees("unlock").await;
    assert!(window.all("palette-entry").await.is_empty(), "nothing of what was opened stays");
}
