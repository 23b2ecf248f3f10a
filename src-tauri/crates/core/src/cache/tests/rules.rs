//! Rules 1 to 8 of the sync, as far as they are the cache's.

use hallmonitor_wire::{ActionType, ActionValue, Changes};

use super::*;
use crate::{
    model::{ContactQuery, LogQuery, ViolationQuery},
    outbox,
    school::Unreadable,
};

async fn name_of(mirror: &Mirror, id: i64) -> Option<String> {
    mirror.cache.contact(id).await.expect("read").map(|card| card.contact.name)
}

#[tokio::test]
async fn a_batch_and_its_cursor_commit_together_or_not_at_all() {
    let mut mirror = Mirror::new().await;
    // A trigger that refuses one row in the middle of the batch stands for any failure.
    sqlx::raw_sql(
        "CREATE TRIGGER refuse BEFORE INSERT ON session WHEN new.id = 2 BEGIN SELECT RAISE(ABORT, 'no'); END",
    )
    .execute(&mut *mirror.cache.writer().await)
    .await
    .expect("trigger");
    let changes = || Changes {
        contacts: vec![contact(1, "Ann", 1)],
        sessions: vec![session(1, 1, None, "91.198.36.2", 2), session(2, 1, None, "91.198.36.3", 3)],
        ..Changes::default()
    };
    let batch = Batch { changes: vec![changes()], unreadable: Vec::new(), cursor: "far".to_owned() };
    mirror.applier.apply(&mirror.cache, batch, 0).await.expect_err("refused");
    assert_eq!((mirror.count("contact").await, mirror.count("ip").await), (0, 0));
    assert_eq!(mirror.cache.meta().await.expect("meta").cursor, None);

    sqlx::raw_sql("DROP TRIGGER refuse").execute(&mut *mirror.cache.writer().await).await.expect("trigger");
    mirror.apply(changes()).await;
    let page = mirror.cache.sessions(&LogQuery::default()).await.expect("page");
    assert_eq!(page.rows.iter().map(|row| row.ip.as_str()).collect::<Vec<_>>(), ["91.198.36.3", "91.198.36.2"]);
}

#[tokio::test]
async fn pages_of_one_batch_are_written_in_their_order_and_together() {
    let mirror = Mirror::new().await;
    let of = |name: &str, rev| Changes { contacts: vec![contact(1, name, rev)], ..Changes::default() };
    let gone = Changes { deleted: vec![grave("contact", 2, 9, "erased")], ..Changes::default() };
    let other = Changes { contacts: vec![contact(2, "Gone", 1)], ..Changes::default() };
    let changes = vec![of("Old", 1), other, of("New", 2), gone];
    let batch = Batch { changes, unreadable: Vec::new(), cursor: "far".to_owned() };
    let applied = Applier::default().apply(&mirror.cache, batch, 0).await.expect("applied");
    assert_eq!((applied.contacts, applied.deleted), (3, 1));
    assert_eq!(name_of(&mirror, 1).await.as_deref(), Some("New"));
    assert_eq!(mirror.count("contact").await, 1);
}

#[tokio::test]
async fn a_first_load_that_goes_on_after_a_restart_knows_the_texts_that_are_stored() {
    let mut mirror = Mirror::new().await;
    let of = |rows: Vec<Session>| Changes { sessions: rows, ..Changes::default() };
    mirror.apply(of(vec![session(1, 1, None, "91.198.36.2", 1), session(2, 1, None, "91.198.36.3", 2)])).await;
    mirror.applier = Applier::default();
    mirror.apply(of(vec![session(3, 1, None, "91.198.36.4", 3), session(4, 1, None, "91.198.36.3", 4)])).await;
    mirror.apply(of(vec![session(5, 1, None, "91.198.36.2", 5), session(6, 1, None, "91.198.36.5", 6)])).await;
    mirror.cache.end_run().await.expect("end of run");
    assert_eq!((mirror.count("ip").await, mirror.count("agent").await), (4, 1));
    let page = mirror.cache.sessions(&LogQuery::default()).await.expect("page");
    let ips: Vec<&str> = page.rows.iter().map(|row| row.ip.as_str()).collect();
    assert_eq!(ips, ["91.198.36.5", "91.198.36.2", "91.198.36.3", "91.198.36.4", "91.198.36.3", "91.198.36.2"]);
}

#[tokio::test]
async fn a_row_is_written_only_where_its_rev_is_higher() {
    let mut mirror = Mirror::loaded(Changes { contacts: vec![contact(1, "New", 5)], ..Changes::default() }).await;
    for (name, rev) in [("Older", 4), ("Same", 5)] {
        let applied = mirror.apply(Changes { contacts: vec![contact(1, name, rev)], ..Changes::default() }).await;
        assert_eq!(applied.contacts, 0, "{name}");
        assert_eq!(name_of(&mirror, 1).await.as_deref(), Some("New"));
    }
    mirror.apply(Changes { contacts: vec![contact(1, "Newer", 6)], ..Changes::default() }).await;
    assert_eq!(name_of(&mirror, 1).await.as_deref(), Some("Newer"));
}

#[tokio::test]
async fn of_two_copies_in_one_batch_the_newer_one_stays() {
    for names in [[("Old", 1), ("New", 2)], [("New", 2), ("Old", 1)]] {
        let contacts = names.iter().map(|(name, rev)| contact(1, name, *rev)).collect();
        let mirror = Mirror::loaded(Changes { contacts, ..Changes::default() }).await;
        assert_eq!(name_of(&mirror, 1).await.as_deref(), Some("New"));
    }
}

#[tokio::test]
async fn sessions_may_come_before_their_contact_and_counts_are_right_in_the_end() {
    let mut mirror = Mirror::loaded(Changes::default()).await;
    mirror
        .apply(Changes {
            sessions: vec![session(1, 7, Some(3), "91.198.36.2", 1)],
            restrictions: vec![restriction(1, 7, "not_viewed", 2), restriction(2, 7, "viewed", 3)],
            ..Changes::default()
        })
        .await;
    mirror.apply(Changes { devices: vec![device(3, 7, "blocked", 4)], ..Changes::default() }).await;
    mirror.apply(Changes { contacts: vec![contact(7, "Late", 5)], ..Changes::default() }).await;
    let card = mirror.cache.contact(7).await.expect("read").expect("contact");
    assert_eq!((card.contact.unviewed, card.contact.devices, card.contact.blocked_devices), (1, 1, 1));
    assert_eq!((card.sessions, card.restrictions), (1, 2));
    let devices = mirror.cache.devices(&LogQuery::default()).await.expect("devices");
    assert_eq!(devices.rows[0].place.country.as_deref(), Some("UA"));
}

#[tokio::test]
async fn a_first_load_counts_what_it_brought() {
    let mirror = Mirror::loaded(Changes {
        contacts: vec![contact(1, "Ann", 1), contact(2, "Bob", 2)],
        devices: vec![device(1, 1, "allowed", 3), device(2, 1, "blocked", 4)],
        restrictions: vec![restriction(1, 2, "not_viewed", 5), restriction(2, 2, "not_viewed", 6)],
        ..Changes::default()
    })
    .await;
    let ann = mirror.cache.contact(1).await.expect("read").expect("Ann").contact;
    let bob = mirror.cache.contact(2).await.expect("read").expect("Bob").contact;
    assert_eq!((ann.devices, ann.blocked_devices, ann.unviewed), (2, 1, 0));
    assert_eq!((bob.devices, bob.blocked_devices, bob.unviewed), (0, 0, 2));
}

#[tokio::test]
async fn what_a_decision_counted_during_a_first_load_is_counted_anew_at_its_end() {
    let mut mirror = Mirror::new().await;
    mirror
        .apply(Changes {
            contacts: vec![contact(1, "Ann", 1)],
            devices: vec![device(1, 1, "allowed", 2)],
            restrictions: vec![restriction(1, 1, "not_viewed", 3), restriction(2, 1, "not_viewed", 4)],
            ..Changes::default()
        })
        .await;
    mirror.cache.set_meta(|meta| meta.login_log = Some(true)).await.expect("a log");
    for (kind, value) in
        [(ActionType::DeviceAccess, ActionValue::Blocked), (ActionType::RestrictionStatus, ActionValue::Viewed)]
    {
        outbox::record(&mirror.cache, kind, &[1], value, 1).await.expect("decided");
    }
    let deleted = vec![
        grave("device", 1, 5, "erased"),
        grave("restriction", 1, 6, "erased"),
        grave("restriction", 2, 7, "erased"),
    ];
    mirror.apply(Changes { deleted, ..Changes::default() }).await;
    mirror.cache.end_run().await.expect("end of run");
    let ann = mirror.cache.contact(1).await.expect("read").expect("Ann");
    assert_eq!((ann.contact.devices, ann.contact.blocked_devices, ann.contact.unviewed), (0, 0, 0));
    let groups = mirror.cache.violation_groups(&ViolationQuery::default()).await.expect("groups").rows;
    assert_eq!(groups, []);
}

fn one_of_each() -> Changes {
    Changes {
        contacts: vec![contact(1, "Ann", 1), contact(2, "Bob", 2)],
        devices: vec![device(1, 1, "allowed", 3), device(2, 2, "allowed", 4)],
        sessions: vec![session(1, 1, Some(1), "91.198.36.2", 5), session(2, 2, Some(2), "188.163.1.1", 6)],
        restrictions: vec![restriction(1, 1, "not_viewed", 7), restriction(2, 2, "not_viewed", 8)],
        ..Changes::default()
    }
}

#[tokio::test]
async fn an_erased_contact_takes_all_its_own_along() {
    let mut mirror = Mirror::loaded(one_of_each()).await;
    let applied = mirror.apply(Changes { deleted: vec![grave("contact", 1, 9, "erased")], ..Changes::default() }).await;
    assert_eq!(applied.deleted, 4);
    for table in ["contact", "device", "session", "restriction", "device_place"] {
        assert_eq!(mirror.count(table).await, 1, "{table}");
    }
    // The restriction's address is in use by the other one; the session's is the other one's too.
    assert_eq!(mirror.count("ip").await, 2);
    let query = ContactQuery { search: "ann".into(), ..ContactQuery::default() };
    assert_eq!(mirror.cache.contacts(&query).await.expect("page").rows.len(), 0);
}

#[tokio::test]
async fn an_address_that_only_an_erased_person_used_is_forgotten() {
    let mut mirror = Mirror::loaded(one_of_each()).await;
    mirror.apply(Changes { deleted: vec![grave("contact", 2, 9, "erased")], ..Changes::default() }).await;
    let mut reader = mirror.cache.reader().await.expect("reader");
    let addresses: Vec<String> =
        sqlx::query_scalar("SELECT address FROM ip").fetch_all(&mut *reader).await.expect("ips");
    assert_eq!(addresses, ["91.198.36.2"]);
    let found: i64 = sqlx::query_scalar("SELECT count(*) FROM ip_search WHERE ip_search MATCH '\"188\"'")
        .fetch_one(&mut *reader)
        .await
        .expect("search");
    assert_eq!(found, 0);
}

#[tokio::test]
async fn an_old_page_does_not_bring_back_what_was_deleted() {
    let mut mirror = Mirror::loaded(one_of_each()).await;
    mirror
        .apply(Changes {
            deleted: vec![grave("contact", 1, 9, "erased"), grave("session", 2, 10, "erased")],
            ..Changes::default()
        })
        .await;
    let applied = mirror.apply(one_of_each()).await;
    assert_eq!(applied.deleted, 0, "nothing that was known was removed");
    for (table, rows) in [("contact", 1), ("device", 1), ("session", 0), ("restriction", 1)] {
        assert_eq!(mirror.count(table).await, rows, "{table}");
    }
}

#[tokio::test]
async fn a_tombstone_older_than_the_row_removes_nothing() {
    let mut mirror = Mirror::loaded(one_of_each()).await;
    let applied = mirror.apply(Changes { deleted: vec![grave("session", 2, 5, "erased")], ..Changes::default() }).await;
    assert_eq!((applied.deleted, mirror.count("session").await), (0, 2));
}

#[tokio::test]
async fn what_is_kept_away_by_a_tombstone_is_not_counted_as_written() {
    let mut mirror = Mirror::loaded(one_of_each()).await;
    mirror.apply(Changes { deleted: vec![grave("contact", 1, 9, "erased")], ..Changes::default() }).await;
    let applied = mirror.apply(one_of_each()).await;
    assert_eq!(applied, Applied::default(), "of one contact gone, of the other nothing new");
    assert_eq!(mirror.count("contact").await, 1);
    let mut back = one_of_each();
    back.contacts[0].rev = Some(20);
    back.sessions[0].rev = 21;
    let applied = mirror.apply(back).await;
    assert_eq!((applied.contacts, applied.sessions, mirror.count("contact").await), (1, 1, 2), "newer than its end");
}

#[tokio::test]
async fn whose_rows_have_come_is_not_gone_though_their_own_row_cannot_be_read() {
    let mut mirror = Mirror::loaded(one_of_each()).await;
    mirror.cache.begin_run(Some("other")).await.expect("run");
    let mut again = one_of_each();
    again.contacts.remove(0);
    again.devices.clear();
    mirror.apply(again).await;
    mirror.cache.end_run().await.expect("end");
    for (table, rows) in [("contact", 2), ("session", 2), ("restriction", 2), ("device", 0)] {
        assert_eq!(mirror.count(table).await, rows, "{table}");
    }
}

#[tokio::test]
async fn a_tombstone_older_than_the_contact_keeps_nothing_of_theirs_away() {
    let mut mirror = Mirror::loaded(one_of_each()).await;
    mirror.apply(Changes { deleted: vec![grave("contact", 1, 0, "erased")], ..Changes::default() }).await;
    mirror.apply(Changes { sessions: vec![session(7, 1, None, "198.51.100.7", 90)], ..Changes::default() }).await;
    assert_eq!((mirror.count("contact").await, mirror.count("session").await), (2, 3));
}

#[tokio::test]
async fn what_only_the_servers_retention_dropped_stays_as_only_here() {
    let mut mirror = Mirror::loaded(one_of_each()).await;
    let applied = mirror
        .apply(Changes {
            deleted: vec![grave("session", 1, 9, "retention"), grave("restriction", 1, 10, "retention")],
            ..Changes::default()
        })
        .await;
    assert_eq!(applied.deleted, 0);
    let sessions = mirror.cache.sessions(&LogQuery::default()).await.expect("sessions").rows;
    assert_eq!(sessions.iter().map(|row| (row.id, row.only_here)).collect::<Vec<_>>(), [(2, false), (1, true)]);
    // A new run that does not bring it leaves it.
    mirror.cache.begin_run(Some("other")).await.expect("run");
    let mut again = one_of_each();
    again.sessions.remove(0);
    again.restrictions.remove(0);
    mirror.apply(again).await;
    mirror.cache.end_run().await.expect("end");
    assert_eq!((mirror.count("session").await, mirror.count("restriction").await), (2, 2));
}

#[tokio::test]
async fn a_new_run_drops_what_it_did_not_bring_and_only_at_its_end() {
    let mut mirror = Mirror::loaded(one_of_each()).await;
    mirror.cache.begin_run(Some("new epoch")).await.expect("run");
    // Revisions of the new epoch are lower and hold all the same.
    mirror.apply(Changes { contacts: vec![contact(2, "Robert", 1)], ..Changes::default() }).await;
    assert_eq!(name_of(&mirror, 2).await.as_deref(), Some("Robert"));
    assert_eq!(name_of(&mirror, 1).await.as_deref(), Some("Ann"), "old rows stay readable until the end");
    assert_eq!(mirror.cache.end_run().await.expect("end"), 7);
    assert_eq!(name_of(&mirror, 1).await, None);
    let bob = mirror.cache.contact(2).await.expect("read").expect("Bob").contact;
    assert_eq!((bob.devices, bob.unviewed), (0, 0));
}

#[tokio::test]
async fn what_could_not_be_read_is_kept_aside_and_not_taken_for_gone() {
    let mut mirror = Mirror::loaded(one_of_each()).await;
    mirror.cache.begin_run(Some("e2")).await.expect("run");
    let mut changes = one_of_each();
    changes.sessions.remove(0);
    let broken = Unreadable { kind: "session", id: Some(1), reason: "no time".into(), raw: "{}".into() };
    let batch = Batch { changes: vec![changes], unreadable: vec![broken], cursor: "c".into() };
    mirror.applier.apply(&mirror.cache, batch, 5).await.expect("applied");
    mirror.cache.end_run().await.expect("end");
    assert_eq!(mirror.count("session").await, 2);
    assert_eq!(mirror.cache.counts().await.expect("counts").unreadable, 1);

    mirror.apply(Changes { sessions: vec![session(1, 1, None, "1.1.1.1", 50)], ..Changes::default() }).await;
    assert_eq!(mirror.cache.counts().await.expect("counts").unreadable, 0, "it can be read now");
}

#[tokio::test]
async fn unknown_fields_and_words_are_kept_and_shown() {
    let mut odd = session(1, 1, None, "91.198.36.2", 1);
    odd.outcome = "postponed".into();
    odd.extra.insert("risk".into(), json!({"score": 7}));
    let mirror = Mirror::loaded(Changes { sessions: vec![odd], ..Changes::default() }).await;
    let row = mirror.cache.sessions(&LogQuery::default()).await.expect("sessions").rows.remove(0);
    let shown = serde_json::to_value(&row).expect("json");
    assert_eq!((shown["outcome"].clone(), shown["risk"]["score"].clone()), (json!("postponed"), json!(7)));
}

#[tokio::test]
async fn the_place_of_a_device_is_its_newest_sessions() {
    let mut mirror = Mirror::loaded(Changes {
        devices: vec![device(1, 1, "allowed", 1)],
        sessions: vec![session(2, 1, Some(1), "91.198.36.2", 3), session(1, 1, Some(1), "5.9.1.1", 2)],
        ..Changes::default()
    })
    .await;
    let ip = async |mirror: &Mirror| {
        mirror.cache.devices(&LogQuery::default()).await.expect("devices").rows.remove(0).last_ip
    };
    assert_eq!(ip(&mirror).await.as_deref(), Some("91.198.36.2"));
    mirror.apply(Changes { deleted: vec![grave("session", 2, 9, "erased")], ..Changes::default() }).await;
    assert_eq!(ip(&mirror).await.as_deref(), Some("5.9.1.1"));
}

#[tokio::test]
async fn an_old_copy_of_a_session_moves_no_device() {
    let mut mirror = Mirror::loaded(Changes {
        devices: vec![device(1, 1, "allowed", 1)],
        sessions: vec![session(1, 1, Some(1), "91.198.36.2", 5)],
        ..Changes::default()
    })
    .await;
    for (ip, rev, stands) in [("5.9.1.1", 4, "91.198.36.2"), ("8.8.8.8", 6, "8.8.8.8"), ("91.198.36.2", 5, "8.8.8.8")] {
        mirror.apply(Changes { sessions: vec![session(1, 1, Some(1), ip, rev)], ..Changes::default() }).await;
        let row = mirror.cache.devices(&LogQuery::default()).await.expect("devices").rows.remove(0);
        assert_eq!(row.last_ip.as_deref(), Some(stands), "rev {rev}");
    }
}
