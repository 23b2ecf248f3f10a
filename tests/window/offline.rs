//! The plug is pulled, and put back in.

use hallmonitor_tests::{Desktop, Filled, Window, school, until_right};

use crate::steps::connect;

const SMALL: Filled = Filled::With { contacts: 30, sessions: 1_000 };

/// Whoever manages the network on a Linux desktop.
struct Manager(u32);

#[zbus::interface(name = "org.freedesktop.NetworkManager")]
impl Manager {
    #[zbus(property)]
    fn state(&self) -> u32 {
        self.0
    }
}

#[tokio::test]
async fn with_the_plug_pulled_the_log_stays_readable_and_its_age_is_said() {
    let mut school = school(SMALL).await;
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;
    connect(&window, &school).await;

    school.unplug().await;
    window.clicks("sync-now").await;
    window.reads("data-age", "Offline").await;
    window.clicks("contact-row").await;
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

async fn says(window: &Window, part: &str) {
    until_right(&format!("the page says “{part}”"), async || {
        let text = window.text().await;
        if text.contains(part) { Ok(()) } else { Err(text) }
    })
    .await;
}

#[tokio::test]
async fn without_a_network_tries_are_rare_and_it_syncs_at_once_when_there_is_one_again() {
    const AT: &str = "/org/freedesktop/NetworkManager";
    const NAME: &str = "org.freedesktop.NetworkManager";
    let mut school = school(SMALL).await;
    let mut desktop = Desktop::start().await;
    let system = zbus::connection::Builder::address(desktop.bus())
        .and_then(|bus| bus.serve_at(AT, Manager(70)))
        .and_then(|bus| bus.name(NAME))
        .expect("an address, a path and a name")
        .build()
        .await
        .expect("the bus takes the name");
    let becomes = async |state: u32| {
        system.emit_signal(None::<&str>, AT, NAME, "StateChanged", &(state,)).await.expect("told");
    };
    let window = desktop.app(&[]).await;
    connect(&window, &school).await;
    window.clicks("nav-sync").await;

    school.unplug().await;
    window.clicks("sync-now").await;
    says(&window, "next try in 2").await;
    becomes(20).await;
    says(&window, "next try in 9 min").await;

    school.plug_in().await;
    becomes(70).await;
    window.reads("data-age", "Synced").await;
    says(&window, "next in").await;
    desktop.close(window).await;

    // It is asked for at the start, too.
    system.object_server().remove::<Manager, _>(AT).await.expect("it was there");
    system.object_server().at(AT, Manager(20)).await.expect("the path is free");
    school.unplug().await;
    let window = desktop.app(&[]).await;
    window.clicks("nav-sync").await;
    says(&window, "next try in 9 min").await;
}
