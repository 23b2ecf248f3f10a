//! Views that the owner keeps.

use super::Mirror;
use crate::model::{LoginQuery, SavedView, View, ViolationQuery};

fn logins(name: &str, address: &str) -> SavedView {
    let query = LoginQuery { address: address.to_owned(), ..LoginQuery::default() };
    SavedView { name: name.to_owned(), view: View::Logins(query) }
}

#[tokio::test]
async fn a_view_is_kept_once_under_its_name_and_list_until_it_is_let_go() {
    let mirror = Mirror::new().await;
    let violations = SavedView { name: "Home".to_owned(), view: View::Violations(ViolationQuery::default()) };
    for view in [&logins("Home", "10.0.0.0/8"), &violations, &logins("Home", "10.1.0.0/16")] {
        mirror.cache.save_view(view).await.expect("kept");
    }

    let kept = mirror.cache.saved_views().await.expect("read");
    assert_eq!(kept, [logins("Home", "10.1.0.0/16"), violations.clone()]);

    assert!(mirror.cache.drop_view(&logins("Home", "")).await.expect("dropped"));
    assert!(!mirror.cache.drop_view(&logins("Home", "")).await.expect("dropped"));
    assert_eq!(mirror.cache.saved_views().await.expect("read"), [violations]);
}

#[tokio::test]
async fn a_later_versions_view_is_not_lost_when_another_is_kept() {
    let mirror = Mirror::new().await;
    let later = r#"[{"name":"Later","view":{"list":"moons","query":{}}}]"#;
    {
        let mut writer = mirror.cache.writer().await;
        sqlx::query("INSERT INTO meta (key, value) VALUES ('saved_views', $1)")
            .bind(later)
            .execute(&mut *writer)
            .await
            .expect("written");
    }
    mirror.cache.save_view(&logins("Home", "")).await.expect("kept");
    assert_eq!(mirror.cache.saved_views().await.expect("read"), [logins("Home", "")]);
    let mut reader = mirror.cache.reader().await.expect("reader");
    let text: String = sqlx::query_scalar("SELECT value FROM meta WHERE key = 'saved_views'")
        .fetch_one(&mut *reader)
        .await
        .expect("read");
    assert!(text.contains("moons"), "{text}");
}
