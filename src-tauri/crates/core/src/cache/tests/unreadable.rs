//! What could not be read, and when it is forgotten.

use super::*;
use crate::school::Unreadable;

fn broken(kind: &'static str, id: Option<i64>, raw: &serde_json::Value) -> Unreadable {
    Unreadable { kind, id, reason: "no time".into(), raw: raw.to_string() }
}

/// A session of this contact whose beginning is no time.
fn broken_session(id: i64, contact: i64, rev: i64) -> Unreadable {
    broken("session", Some(id), &json!({"id": id, "contact_id": contact, "started_at": "yesterday", "rev": rev}))
}

async fn bring(mirror: &mut Mirror, changes: Changes, unreadable: Vec<Unreadable>) {
    let batch = Batch { changes: vec![changes], unreadable, cursor: "c".into() };
    mirror.applier.apply(&mirror.cache, batch, 5).await.expect("applied");
}

async fn left(mirror: &Mirror) -> Vec<(String, String)> {
    let mut reader = mirror.cache.reader().await.expect("reader");
    sqlx::query_as("SELECT kind, reference FROM unreadable ORDER BY kind, reference")
        .fetch_all(&mut *reader)
        .await
        .expect("unreadable")
}

async fn school() -> Mirror {
    let mut mirror = Mirror::loaded(Changes {
        contacts: vec![contact(1, "Ann", 1), contact(2, "Bob", 2)],
        sessions: vec![session(1, 1, None, "91.198.36.2", 3), session(2, 2, None, "91.198.36.2", 4)],
        ..Changes::default()
    })
    .await;
    // A newer copy of one that is here, one that never was, and one of somebody else.
    let unreadable = vec![broken_session(1, 1, 10), broken_session(7, 1, 11), broken_session(2, 2, 12)];
    bring(&mut mirror, Changes::default(), unreadable).await;
    assert_eq!(mirror.count("unreadable").await, 3);
    mirror
}

fn of_bob() -> Vec<(String, String)> {
    vec![("session".to_owned(), "2".to_owned())]
}

#[tokio::test]
async fn nothing_unreadable_of_an_erased_person_is_kept() {
    let mut mirror = school().await;
    mirror.apply(Changes { deleted: vec![grave("contact", 1, 20, "erased")], ..Changes::default() }).await;
    assert_eq!(left(&mirror).await, of_bob(), "erased at the school");

    let mirror = school().await;
    mirror.cache.erase_contact(1).await.expect("erased");
    assert_eq!(left(&mirror).await, of_bob(), "erased here");
}

#[tokio::test]
async fn a_tombstone_forgets_what_could_not_be_read_whether_a_row_is_here_or_not() {
    for reason in ["erased", "retention"] {
        let mut mirror = school().await;
        let deleted = vec![grave("session", 1, 20, reason), grave("session", 7, 21, reason)];
        mirror.apply(Changes { deleted, ..Changes::default() }).await;
        assert_eq!(left(&mirror).await, of_bob(), "{reason}");
    }
}

#[tokio::test]
async fn what_is_gone_is_not_set_aside_again() {
    let mut mirror = school().await;
    let deleted = vec![grave("session", 7, 20, "erased"), grave("contact", 1, 21, "erased")];
    mirror.apply(Changes { deleted, ..Changes::default() }).await;
    // An old page, and one of the school's that still has something of the erased one.
    bring(&mut mirror, Changes::default(), vec![broken_session(7, 9, 19), broken_session(8, 1, 30)]).await;
    assert_eq!(left(&mirror).await, of_bob());

    // The tombstone and what it is about in one batch.
    let gone = Changes { deleted: vec![grave("session", 9, 40, "erased")], ..Changes::default() };
    bring(&mut mirror, gone, vec![broken_session(9, 2, 39)]).await;
    assert_eq!(left(&mirror).await, of_bob());
}

#[tokio::test]
async fn a_copy_that_is_no_newer_than_a_readable_one_is_not_set_aside() {
    let mut mirror = Mirror::loaded(Changes::default()).await;
    let newer = Changes { sessions: vec![session(1, 1, None, "91.198.36.2", 10)], ..Changes::default() };
    bring(&mut mirror, newer, vec![broken_session(1, 1, 9)]).await;
    assert_eq!(left(&mirror).await, []);
    bring(&mut mirror, Changes::default(), vec![broken_session(1, 1, 11)]).await;
    assert_eq!(left(&mirror).await.len(), 1);
}

#[tokio::test]
async fn settings_and_tombstones_that_can_be_read_now_are_unreadable_no_more() {
    let mut mirror = Mirror::loaded(Changes::default()).await;
    let unreadable = vec![
        broken("access_control", None, &json!({"rev": 5, "max_devices": "many"})),
        broken("deleted", Some(3), &json!({"id": 3})),
    ];
    bring(&mut mirror, Changes::default(), unreadable).await;
    assert_eq!(mirror.count("unreadable").await, 2);
    let access_control = serde_json::from_value(json!({"rev": 6})).expect("settings");
    let deleted = vec![grave("session", 3, 7, "erased")];
    mirror.apply(Changes { access_control: Some(access_control), deleted, ..Changes::default() }).await;
    assert_eq!(left(&mirror).await, []);
}

#[tokio::test]
async fn contacts_of_a_server_without_a_log_are_forgiven_and_forgotten_too() {
    let mirror = Mirror::new().await;
    let unreadable =
        || vec![broken("contact", Some(1), &json!({"id": 1})), broken("contact", Some(2), &json!({"id": 2}))];
    mirror.cache.put_plain_contacts(Vec::new(), unreadable(), 10).await.expect("set aside");
    mirror.cache.end_contacts(Some(&[1, 2].into()), 10, 11).await.expect("end");
    assert_eq!(mirror.count("unreadable").await, 2);
    // One can be read now, the other is not there any more.
    mirror.cache.put_plain_contacts(vec![contact(1, "Ann", 0)], Vec::new(), 20).await.expect("put");
    assert_eq!(left(&mirror).await, [("contact".to_owned(), "2".to_owned())]);
    mirror.cache.end_contacts(Some(&[1].into()), 20, 21).await.expect("end");
    assert_eq!(left(&mirror).await, []);
}
