//! The plug is pulled, and put back in.

use hallmonitor_tests::{Desktop, Filled, System, school};

use crate::steps::{connect, opens_contact};

const SMALL: Filled = Filled::With { contacts: 30, sessions: 1_000 };

#[tokio::test]
async fn with_the_plug_pulled_the_log_stays_readable_and_its_age_is_said() {
    let mut school = school(SMALL).await;
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;
    connect(&window, &school).await;

    school.unplug().await;
    window.clicks("sync-now").await;
    window.reads("data-age", "Offline").await;
    opens_contact(&window).await;
    window.sees("session-row").await;
    desktop.close(window).await;

    // A start without a network is a start.
    let window = desktop.app(&[]).await;
    window.sees("contact-row").await;
    window.reads("data-age", "Offline").await;

    school.plug_in().await;
    window.clicks("sync-now").await;
    window.reads("data-age", "Synced").await;
}

#[tokio::test]
async fn a_token_that_is_refused_later_is_said_and_everything_stays_readable() {
    let school = school(SMALL).await;
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;
    connect(&window, &school).await;

    for token in school.school.tokens().await.expect("the tokens") {
        school.school.revoke_token(token.id).await.expect("it was listed");
    }
    window.clicks("sync-now").await;

    window.reads("data-age", "refuses the token").await;
    window.sees("contact-row").await;
}

#[tokio::test]
async fn without_a_network_tries_are_rare_and_it_syncs_at_once_when_there_is_one_again() {
    let mut school = school(SMALL).await;
    let mut desktop = Desktop::start().await;
    let system = System::of(&desktop, 70).await;
    let window = desktop.app(&[]).await;
    connect(&window, &school).await;
    window.clicks("nav-sync").await;
    system.is_heard().await;

    school.unplug().await;
    window.clicks("sync-now").await;
    window.says("next try in 2").await;
    system.becomes(20).await;
    window.says("next try in 9 min").await;

    school.plug_in().await;
    system.becomes(70).await;
    window.reads("data-age", "Synced").await;
    window.says("next in").await;
    desktop.close(window).await;

    // It is asked for at the start, too.
    system.finds(20);
    school.unplug().await;
    let window = desktop.app(&[]).await;
    window.clicks("nav-sync").await;
    window.says("next try in 9 min").await;
}
