//! The tray's icon and menu.

use hallmonitor_tests::{Desktop, until};

use crate::{
    item::Item,
    steps::{Class, in_the_tray},
};

#[tokio::test]
async fn the_menu_counts_what_nobody_has_viewed_and_leads_there_without_a_window() {
    let class = Class::new().await;
    class.violates(2).await;
    let (desktop, tray) = in_the_tray(&class).await;
    tray.says("2 unviewed violations").await;
    desktop.picture("violations-light");

    class.violates(1).await;
    tray.chooses("Sync now").await;
    tray.says("3 unviewed violations").await;
    assert!(!desktop.has_window(), "nobody has asked for a window");

    tray.chooses("Ada Byron").await;
    desktop.logs("painted the first rows of restrictions").await;
    until("the window is there", async || desktop.has_window().then_some(())).await;
    desktop.picture("card-from-tray");
}

#[tokio::test]
async fn a_panel_that_comes_later_shows_the_icon() {
    let class = Class::new().await;
    let mut desktop = Desktop::start().await;
    desktop.connect(&class.school).await;
    desktop.starts(&["--hidden"]);
    desktop.logs("no tray icon yet").await;

    desktop.with_panel(true).await;

    let tray = Item::of(&desktop).await;
    tray.says("No unviewed violations").await;
    desktop.picture("quiet-dark");
}

#[tokio::test]
async fn quit_says_what_is_unsent_and_keeps_it() {
    let mut class = Class::new().await;
    class.violates(1).await;
    let (desktop, tray) = in_the_tray(&class).await;
    class.school.unplug().await;
    let ada = class.ada.to_string();
    desktop.cli(&class.school, &["checks", "off", &ada]).await;
    tray.chooses("Sync now").await;
    tray.says("Quit (1 decision is unsent and kept)").await;

    tray.chooses("Quit").await;

    until("the program has ended", async || (!desktop.runs()).then_some(())).await;
    assert!(desktop.cli(&class.school, &["outbox", "--json"]).await.contains("contact_checks"));
}

#[tokio::test]
async fn a_token_that_is_refused_wants_attention() {
    let class = Class::new().await;
    let (desktop, tray) = in_the_tray(&class).await;
    for token in class.school.school.tokens().await.expect("the tokens") {
        class.school.school.revoke_token(token.id).await.expect("it was listed");
    }
    tray.chooses("Sync now").await;

    tray.says("refuses the token").await;
    desktop.picture("attention-light");
}
