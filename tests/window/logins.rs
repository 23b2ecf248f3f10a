//! Every login of the school on one screen.

use hallmonitor_tests::{Desktop, Filled, school};
use thirtyfour::{By, Key};

use crate::steps::connect;

#[tokio::test]
async fn a_click_on_a_cell_narrows_every_login_of_the_school_and_its_chip_is_taken_away_by_keyboard() {
    let school = school(Filled::With { contacts: 20, sessions: 2_000 }).await;
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;
    connect(&window, &school).await;
    window.clicks("nav-logins").await;
    window.sees("login-row").await;
    let total = window.reads("logins-total", "2,000 logins").await;
    window.sees("histogram").await;

    let address = window.sees_by(By::Css("[data-testid=login-row] [role=gridcell]:nth-child(3) button")).await;
    let wanted = window.said_by(&address).await;
    address.click().await.expect("the cell takes a click");

    let chip = window.sees_by(By::Css("button[aria-label^='Remove the filter: ']")).await;
    assert_eq!(window.said_by(&chip).await.trim(), wanted.trim());
    hallmonitor_tests::until("only logins from there are counted", async || {
        let rows = window.sees("logins-total").await;
        (window.said_by(&rows).await != total).then_some(())
    })
    .await;
    chip.send_keys(Key::Enter.value().to_string()).await.expect("the chip takes a key");
    window.reads("logins-total", &total).await;
}
