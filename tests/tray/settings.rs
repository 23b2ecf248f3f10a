//! What is set in the window holds at once for everything that the program says.

use std::fs;

use hallmonitor_tests::{Desktop, Window, until};
use serde_json::Value;
use thirtyfour::By;

use crate::{
    item::Item,
    steps::{Class, synced},
};

/// A desktop with a tray and notifications, and the window at its settings.
async fn in_settings(class: &Class) -> (Desktop, Window, Item) {
    let mut desktop = synced(class).await;
    let window = desktop.app(&[]).await;
    let item = Item::of(&desktop).await;
    window.clicks("nav-settings").await;
    (desktop, window, item)
}

#[tokio::test]
async fn the_test_button_shows_what_a_notification_will_look_like() {
    let class = Class::new().await;
    let (desktop, window, _item) = in_settings(&class).await;

    window.clicks("test-notification").await;

    let shown = desktop.has_shown(1).await;
    assert_eq!(shown[0].0, "Olena Kovalenko");
    assert!(shown[0].1.contains("nothing has happened"), "{shown:?}");

    // With names hidden it has none, either. What is said of the test moves the switches down.
    window.reads("settings", "The desktop accepted it").await;
    window.clicks("hide-names").await;
    until("names are hidden", async || {
        let kept = fs::read(desktop.data_dir().join("settings.json")).ok()?;
        let kept: Value = serde_json::from_slice(&kept).ok()?;
        (kept["notifications"]["hide_names"] == true).then_some(())
    })
    .await;
    window.clicks("test-notification").await;
    let shown = desktop.has_shown(2).await;
    assert!(!shown.iter().skip(1).any(|(title, text)| title.contains("Olena") || text.contains("Olena")), "{shown:?}");
}

#[tokio::test]
async fn names_leave_the_screen_when_they_are_to_be_hidden() {
    let class = Class::new().await;
    let (desktop, window, item) = in_settings(&class).await;
    class.violates(1).await;
    item.chooses("Sync now").await;
    desktop.has_shown(1).await;
    assert_eq!(desktop.notifications_on_screen(), 1);

    window.clicks("hide-names").await;

    until("the notification is gone", async || (desktop.notifications_on_screen() == 0).then_some(())).await;
}

#[tokio::test]
async fn another_language_is_spoken_at_once_by_window_tray_and_notifications() {
    let class = Class::new().await;
    let (desktop, window, item) = in_settings(&class).await;

    let option = window.sees_by(By::Css("[data-testid=language] option[value=uk]")).await;
    option.click().await.expect("it can be chosen");

    window.sees_by(By::Css("html[lang=uk]")).await;
    window.reads("settings", "Мова").await;
    item.says("Немає непереглянутих порушень").await;
    class.violates(1).await;
    item.chooses("Синхронізувати зараз").await;
    let shown = desktop.has_shown(1).await;
    assert!(shown[0].1.contains("Адресу заблоковано школою"), "{shown:?}");
    item.says("1 непереглянуте порушення").await;

    // Pages that begin anew in the same window speak what is in force by now, not what was when it was made.
    window.driver().refresh().await.expect("it loads anew");
    window.sees_by(By::Css("html[lang=uk]")).await;
}
