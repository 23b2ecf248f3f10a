//! A day to look at a student again comes back by itself.

use serde_json::json;

use crate::{
    item::Item,
    steps::{Class, synced},
};

#[tokio::test]
async fn a_day_to_look_again_is_told_once_stands_in_the_menu_and_a_click_leads_to_the_student() {
    let class = Class::new().await;
    let mut desktop = synced(&class).await;
    let window = desktop.app(&[]).await;
    window.sees("contact-row").await;
    let tray = Item::of(&desktop).await;

    // The day has passed: no hour of today is too early for it.
    let noted = json!({ "contactId": class.ada, "verdict": "watch", "note": "", "followUpAt": "2026-01-02T00:00:00Z" });
    let note = "const [noted, done] = arguments; \
                window.__TAURI_INTERNALS__.invoke('overview') \
                .then(({ shown }) => window.__TAURI_INTERNALS__.invoke('set_verdict', { school: shown, ...noted })) \
                .then(() => done(''), (why) => done(JSON.stringify(why)))";
    let answer = window.driver().execute_async(note, vec![noted]).await.expect("the page answers");
    assert_eq!(answer.json(), "", "it was noted");
    tray.says("1 student to look at again").await;
    tray.chooses("Sync now").await;

    let shown = desktop.has_shown(1).await;
    assert_eq!(shown[0].0, "Ada Byron");
    assert!(shown[0].1.contains("look at this student again"), "{shown:?}");
    class.violates(1).await;
    tray.chooses("Sync now").await;
    assert_eq!(desktop.has_shown(2).await.len(), 2, "another turn tells of the violation, not of the day again");

    desktop.clicks_notification(None);
    window.sees("restriction-row").await;
    tray.chooses("1 student to look at again").await;
    window.reads("follow-up", "Ada Byron").await;
    window.picture("follow-ups").await;
    window.clicks("follow-up-done").await;
    tray.says_no("to look at again").await;
}
