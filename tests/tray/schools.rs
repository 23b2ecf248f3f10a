//! Several schools in one tray.

use hallmonitor_tests::{Desktop, until};

use crate::{item::Item, steps::Class};

/// Two schools in the tray, synced; the program runs hidden.
async fn two() -> (Class, Class, Desktop, Item) {
    let (first, second) = (Class::new().await, Class::new().await);
    let mut desktop = Desktop::start().await;
    desktop.with_panel(false).await;
    desktop.with_notifications().await;
    for (class, name) in [(&first, "first"), (&second, "second")] {
        connects(&desktop, class, name).await;
        desktop.cli(&class.school, &["--profile", name, "sync"]).await;
    }
    desktop.starts(&["--hidden"]);
    let tray = Item::of(&desktop).await;
    tray.says("The second school: No unviewed violations").await;
    (first, second, desktop, tray)
}

/// Connects a school by the command line.
async fn connects(desktop: &Desktop, class: &Class, name: &str) {
    let school = &class.school;
    school.school.rename(&format!("The {name} school")).await.expect("it is renamed");
    let words = ["connect", "--server", &school.url(), "--cabinet", &school.cabinet, "--name", name];
    desktop.cli(school, &words).await;
}

#[tokio::test]
async fn each_school_has_its_section_and_a_notification_names_its_school_and_leads_there() {
    let (first, second, desktop, tray) = two().await;
    second.violates(1).await;
    tray.chooses("Sync now").await;

    let shown = desktop.has_shown(1).await;
    assert_eq!(shown[0].0, "The second school · Ada Byron");
    tray.says("The first school: No unviewed violations").await;
    tray.says("The second school: 1 unviewed violation").await;
    desktop.picture("two-schools");

    desktop.clicks_notification(None);
    desktop.logs("painted the first rows of restrictions").await;
    until("the window is there", async || desktop.has_window().then_some(())).await;
    let shown = std::fs::read_to_string(desktop.data_dir().join("last-school")).expect("it is kept");
    assert_eq!(shown, "second", "the window shows the school that the notification is of");

    first.violates(1).await;
    tray.chooses("Sync now").await;
    tray.says("The first school: 1 unviewed violation").await;
}

#[tokio::test]
async fn mark_viewed_reaches_the_school_that_the_notification_is_of() {
    let (_first, second, desktop, tray) = two().await;
    second.violates(1).await;
    tray.chooses("Sync now").await;
    desktop.has_shown(1).await;

    desktop.clicks_notification(Some("Mark viewed"));

    tray.says("The second school: No unviewed violations").await;
    assert!(!desktop.has_window(), "nobody has asked for a window");
}

#[tokio::test]
async fn a_school_that_the_command_line_connects_joins_the_others() {
    let (first, second) = (Class::new().await, Class::new().await);
    let mut desktop = Desktop::start().await;
    desktop.with_panel(false).await;
    connects(&desktop, &first, "first").await;
    desktop.starts(&["--hidden"]);
    let tray = Item::of(&desktop).await;
    tray.says("No unviewed violations").await;

    connects(&desktop, &second, "second").await;
    tray.chooses("Sync now").await;

    tray.says("The second school: No unviewed violations").await;
    tray.says("The first school: No unviewed violations").await;
}

#[tokio::test]
async fn a_school_that_the_command_line_has_erased_is_gone_and_connected_anew_it_joins_the_others() {
    let (first, _second, desktop, tray) = two().await;
    tray.says("The first school: No unviewed violations").await;

    desktop.cli(&first.school, &["--profile", "first", "wipe", "--yes"]).await;
    tray.chooses("Sync now").await;
    tray.says_no("The first school").await;
    tray.says("No unviewed violations").await;

    connects(&desktop, &first, "first").await;
    tray.chooses("Sync now").await;
    tray.says("The first school: No unviewed violations").await;
}
