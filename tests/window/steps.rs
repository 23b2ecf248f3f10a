//! What several tests do first.

use hallmonitor_tests::{Desktop, Filled, TestSchool, Window, school, until};
use thirtyfour::By;

/// Fills in *Connect a school* and sends it, whatever comes of it.
pub(crate) async fn ask_to_connect(
    window: &Window,
    server: &str,
    cabinet: &str,
    token: &str,
    passphrase: Option<&str>,
) {
    for (field, text) in [("connect-server", server), ("connect-cabinet", cabinet), ("connect-token", token)] {
        window.fills(field, text).await;
    }
    if let Some(passphrase) = passphrase {
        if window.all("connect-passphrase").await.is_empty() {
            window.clicks_at(By::Css("input[type=checkbox]")).await;
        }
        window.fills("connect-passphrase", passphrase).await;
        window.fills("passphrase-again", passphrase).await;
    }
    window.clicks("connect-submit").await;
}

/// Connects a school and waits for its contacts.
pub(crate) async fn connect(window: &Window, school: &TestSchool) {
    ask_to_connect(window, &school.url(), &school.cabinet, &school.token, None).await;
    window.sees("contact-row").await;
    window.reads("data-age", "Synced").await;
}

/// Confirms the dialog that is open.
pub(crate) async fn confirms(window: &Window) {
    window.clicks_at(By::Css("dialog[open] [data-testid='confirm']")).await;
}

/// Opens the first contact's card by a click on its row, wherever the link to the log stands in it: the driver aims at the
/// middle.
pub(crate) async fn opens_contact(window: &Window) {
    let row = window.sees("contact-row").await;
    let row = row.to_json().expect("an element");
    window.driver().execute("arguments[0].click()", vec![row]).await.expect("the row is there");
}

/// Opens the first contact's devices.
pub(crate) async fn open_devices(window: &Window) {
    opens_contact(window).await;
    window.sees("tab-devices").await;
    window.presses("2").await.expect("keys reach the page");
    window.sees("device-row").await;
}

/// How the decision on the screen stands: `pending`, `conflict`, `rejected`.
pub(crate) async fn standing(window: &Window) -> String {
    let mark = window.sees("standing").await;
    mark.attr("data-standing").await.ok().flatten().unwrap_or_default()
}

/// Waits until no decision on the screen waits for the school.
pub(crate) async fn no_standing(window: &Window) {
    until("no decision waits", async || window.all("standing").await.is_empty().then_some(())).await;
}

/// Opens the window with a small school, and its settings.
pub(crate) async fn in_settings(desktop: &mut Desktop) -> (Window, TestSchool) {
    let school = school(Filled::With { contacts: 3, sessions: 30 }).await;
    let window = desktop.app(&[]).await;
    connect(&window, &school).await;
    opens_settings(&window).await;
    (window, school)
}

/// Goes to the settings of a school with a login log, and waits until all of them are read: what comes later would move
/// what stands below it away from under a click.
pub(crate) async fn opens_settings(window: &Window) {
    window.clicks("nav-settings").await;
    window.sees("kept-months").await;
    until("where addresses are is read, and all are placed", async || {
        let read = window.sees("location-choose").await.is_enabled().await.ok()?;
        (read && window.all("location-placing").await.is_empty()).then_some(())
    })
    .await;
    window.sees("autostart").await;
}

/// Chooses a recovery passphrase in the settings.
pub(crate) async fn chooses_recovery(window: &Window, passphrase: &str) {
    opens_settings(window).await;
    window.clicks("passphrase").await;
    window.fills("passphrase-wanted", passphrase).await;
    window.fills("passphrase-again", passphrase).await;
    confirms(window).await;
    window.sees("recovery-remove").await;
}
