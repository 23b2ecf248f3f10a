//! What several tests do first.

use hallmonitor_tests::{TestSchool, Window};
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
            window.sees_by(By::Css("input[type=checkbox]")).await.click().await.expect("a checkbox takes a click");
        }
        window.fills("connect-passphrase", passphrase).await;
    }
    window.clicks("connect-submit").await;
}

/// Connects a school and waits for its contacts.
pub(crate) async fn connect(window: &Window, school: &TestSchool) {
    ask_to_connect(window, &school.url(), &school.cabinet, &school.token, None).await;
    window.sees("contact-row").await;
    window.reads("data-age", "Synced").await;
}
