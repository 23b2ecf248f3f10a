//! Decisions recorded, shown and settled by the person.

use hallmonitor_wire::{Contact, Time};

use super::*;
use crate::{
    cache::tests::{grave, session},
    model::{BlockEffect, ContactQuery, LogQuery, Resolution, ViolationQuery},
    outbox::{check_exceptions, excuse, note_check_exception, resolve, seal},
};

async fn access(cache: &Cache, id: i64) -> (String, bool) {
    let page = cache.devices(&LogQuery::default()).await.expect("devices");
    let device = page.rows.into_iter().find(|device| device.id == id).expect("a device");
    (device.access, device.pending)
}

#[tokio::test]
async fn a_decision_shows_at_once_and_the_mirror_keeps_the_servers_word() {
    let mirror = mirror().await;
    let cache = &mirror.cache;
    block(cache, &[10]).await;
    decide(cache, ActionType::RestrictionStatus, &[100], ActionValue::Viewed).await;
    decide(cache, ActionType::ContactChecks, &[1], ActionValue::Off).await;

    assert_eq!(access(cache, 10).await, ("blocked".to_owned(), true));
    assert_eq!(access(cache, 11).await, ("allowed".to_owned(), false));
    let ann = cache.contact(1).await.expect("read").expect("Ann").contact;
    assert_eq!((ann.checks_enabled, ann.pending, ann.unviewed, ann.blocked_devices), (false, true, 1, 1));
    let groups = cache.violation_groups(&ViolationQuery::default()).await.expect("groups").rows;
    let group = groups.iter().find(|group| group.contact_id == 1).expect("Ann's");
    assert_eq!((group.checks_enabled, group.pending, group.conflict, group.rejected), (false, true, false, false));
    let shown = cache.restrictions(&LogQuery::default()).await.expect("restrictions").rows;
    let viewed = shown.iter().find(|restriction| restriction.id == 100).expect("a restriction");
    assert_eq!((viewed.status.as_str(), viewed.pending), ("viewed", true));
    assert_eq!(cache.counts().await.expect("counts").unviewed, 1);
    // Filters look at what is shown.
    for (query, ids) in [
        (ContactQuery { checks_off: true, ..ContactQuery::default() }, vec![1]),
        (ContactQuery { blocked_device: true, ..ContactQuery::default() }, vec![2, 1]),
        (ContactQuery { unviewed: true, ..ContactQuery::default() }, vec![1]),
    ] {
        let rows = cache.contacts(&query).await.expect("contacts").rows;
        assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), ids, "{query:?}");
    }

    let said: (String, String, bool) = sqlx::query_as(
        "SELECT (SELECT access FROM device WHERE id = 10), (SELECT status FROM restriction WHERE id = 100), \
         (SELECT checks_enabled FROM contact WHERE id = 1)",
    )
    .fetch_one(&mut *cache.reader().await.expect("reader"))
    .await
    .expect("the server's words");
    assert_eq!(said, ("allowed".to_owned(), "not_viewed".to_owned(), true));
}

#[tokio::test]
async fn a_recorded_decision_survives_the_end_of_the_program() {
    let Mirror { folder, key, cache, .. } = mirror().await;
    let made = block(&cache, &[10]).await;
    cache.close().await;
    let cache = Cache::open(&folder.path().join("cache.db"), &key).await.expect("open");
    assert_eq!(cache.outbox().await.expect("outbox"), made);
    assert_eq!(access(&cache, 10).await, ("blocked".to_owned(), true));
}

#[tokio::test]
async fn all_ids_of_a_decision_are_recorded_or_none() {
    let mirror = mirror().await;
    let cache = &mirror.cache;
    let error = record(cache, ActionType::DeviceAccess, &[10, 999, 11], ActionValue::Blocked, NOW).await;
    assert!(matches!(error, Err(OutboxError::NoTarget { what: "device", id: 999 })), "{error:?}");
    assert_eq!(standing(cache).await, []);
    let error = record(cache, ActionType::DeviceAccess, &[10], ActionValue::Viewed, NOW).await;
    assert!(matches!(error, Err(OutboxError::Misfit { .. })), "{error:?}");
    assert_eq!(block(cache, &[10, 10, 11]).await.len(), 2);
}

#[tokio::test]
async fn what_holds_already_records_nothing_and_the_opposite_takes_back() {
    let mirror = mirror().await;
    let cache = &mirror.cache;
    assert_eq!(allow(cache, &[10]).await, []);
    assert_eq!(block(cache, &[10]).await.len(), 1);
    assert_eq!(block(cache, &[10]).await, []);
    assert_eq!(allow(cache, &[10]).await, []);
    assert_eq!(standing(cache).await, []);
    assert_eq!(access(cache, 10).await, ("allowed".to_owned(), false));
}

#[tokio::test]
async fn a_server_without_a_login_log_takes_no_decisions() {
    let mirror = mirror().await;
    assert_eq!(block(&mirror.cache, &[10]).await.len(), 1);
    mirror.cache.set_meta(|meta| meta.login_log = Some(false)).await.expect("meta");
    assert_eq!(allow(&mirror.cache, &[10]).await, [], "one that has not left is taken back");
    assert_eq!(standing(&mirror.cache).await, []);
    for (kind, id, value) in
        [(ActionType::ContactChecks, 1, ActionValue::Off), (ActionType::DeviceAccess, 999, ActionValue::Blocked)]
    {
        let refused = record(&mirror.cache, kind, &[id], value, NOW).await;
        assert!(matches!(refused, Err(OutboxError::NoLoginLog)), "also of what no sync will bring: {refused:?}");
    }
}

#[tokio::test]
async fn no_refresh_undoes_a_decision() {
    let mut mirror = mirror().await;
    block(&mirror.cache, &[10]).await;
    mirror.apply(Changes { devices: vec![device(10, 1, "allowed", 50)], ..Changes::default() }).await;
    assert_eq!(access(&mirror.cache, 10).await, ("blocked".to_owned(), true));
    assert_eq!(mirror.cache.contact(1).await.expect("read").expect("Ann").contact.blocked_devices, 1);
    // Not even one that brings the row anew.
    mirror.apply(Changes { deleted: vec![grave("device", 10, 51, "erased")], ..Changes::default() }).await;
    assert_eq!(standing(&mirror.cache).await.len(), 1);
    mirror.apply(Changes { devices: vec![device(10, 1, "allowed", 52)], ..Changes::default() }).await;
    assert_eq!(access(&mirror.cache, 10).await, ("blocked".to_owned(), true));
}

#[tokio::test]
async fn a_restriction_that_only_this_machine_has_is_marked_here() {
    let mut mirror = mirror().await;
    let graves = vec![grave("restriction", 100, 50, "retention"), grave("device", 10, 51, "retention")];
    mirror.apply(Changes { deleted: graves, ..Changes::default() }).await;
    let made = decide(&mirror.cache, ActionType::RestrictionStatus, &[100, 101], ActionValue::Viewed).await;
    assert_eq!(made.iter().map(|entry| entry.target_id).collect::<Vec<_>>(), [101]);
    assert_eq!(mirror.cache.counts().await.expect("counts").unviewed, 0);
    let refused = record(&mirror.cache, ActionType::DeviceAccess, &[10], ActionValue::Blocked, NOW).await;
    assert!(matches!(refused, Err(OutboxError::OnlyHere { .. })), "{refused:?}");
}

#[tokio::test]
async fn each_state_is_settled_in_its_own_way_and_all_or_none() {
    let mirror = mirror().await;
    let cache = &mirror.cache;
    let ids: Vec<_> = block(cache, &[10, 11]).await.iter().map(|entry| entry.id).collect();
    alter(cache, "UPDATE outbox SET state = 'conflict', attempts = 1, current = '{}' WHERE target_id = 10").await;
    let refused = resolve(cache, &ids, Resolution::KeepMine, NOW).await;
    assert!(matches!(refused, Err(OutboxError::Elsewhere { state: EntryState::Queued, .. })), "{refused:?}");
    let unknown = resolve(cache, &[uuid::Uuid::nil()], Resolution::KeepMine, NOW).await;
    assert!(matches!(unknown, Err(OutboxError::Unknown(_))), "{unknown:?}");

    let left = resolve(cache, &ids[..1], Resolution::KeepMine, NOW).await.expect("kept");
    let kept = left.iter().find(|entry| entry.target_id == 10).expect("still there");
    assert!(kept.id != ids[0], "a new id");
    assert_eq!((kept.state, kept.attempts, &kept.current), (EntryState::Queued, 0, &None));
    let forced = entry::read(&mut cache.reader().await.expect("reader"), "force", []).await.expect("entries");
    assert_eq!(forced.len(), 1);

    alter(cache, "UPDATE outbox SET state = 'rejected', attempts = 1 WHERE target_id = 11").await;
    assert_eq!(access(cache, 11).await.0, "blocked", "marked by the transaction that changes it");
    let left = resolve(cache, &ids[1..], Resolution::Dismiss, NOW).await.expect("let go");
    assert_eq!(left.len(), 1);
    assert_eq!(access(cache, 11).await, ("allowed".to_owned(), false));
    let cancelled = resolve(cache, &[kept.id], Resolution::Cancel, NOW).await.expect("cancelled");
    assert_eq!(cancelled, []);
}

#[tokio::test]
async fn the_list_shows_what_wants_the_person_first_and_what_it_is_about() {
    let mirror = mirror().await;
    let cache = &mirror.cache;
    block(cache, &[10, 20]).await;
    decide(cache, ActionType::RestrictionStatus, &[100], ActionValue::Viewed).await;
    alter(cache, "UPDATE outbox SET state = 'rejected' WHERE target_id = 20").await;
    alter(cache, "UPDATE outbox SET state = 'conflict' WHERE target_id = 100").await;
    let page = cache.waiting(0).await.expect("waiting");
    let about: Vec<_> = page.rows.iter().map(|row| (row.entry.target_id, row.contact_name.as_deref())).collect();
    assert_eq!(about, [(100, Some("Ann")), (20, Some("Bob")), (10, Some("Ann"))]);
    assert_eq!(page.rows[0].rule_code.as_deref(), Some("device_limit"));
    assert_eq!(page.rows[2].agent.browser.as_deref(), Some("Chrome 131"));
    assert_eq!(page.rows.iter().map(|row| row.can_cancel).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!((page.total, cache.waiting(1).await.expect("waiting").rows.len()), (Some(3), 1));
}

#[tokio::test]
async fn a_decision_of_a_later_version_is_shown_and_never_sent_or_removed() {
    let mirror = mirror().await;
    let cache = &mirror.cache;
    let ids: Vec<_> = block(cache, &[10]).await.iter().map(|entry| entry.id).collect();
    alter(cache, "UPDATE outbox SET version = 2, value = 'shadowed'").await;
    let shown = cache.outbox().await.expect("outbox");
    assert!(shown[0].last_error.as_deref().is_some_and(|text| text.contains("newer version")), "{shown:?}");
    assert_eq!(cache.next_push(NOW).await.expect("asked"), None);
    for how in [Resolution::Cancel, Resolution::Dismiss] {
        let refused = resolve(cache, &ids, how, NOW).await;
        assert!(matches!(refused, Err(OutboxError::Newer(_))), "{refused:?}");
    }
    assert_eq!(block(cache, &[10]).await.len(), 1, "beside it");
    assert_eq!(standing(cache).await.len(), 2);
}

#[tokio::test]
async fn a_block_says_first_what_it_will_do() {
    let mut mirror = mirror().await;
    let mut recent = device(10, 1, "allowed", 50);
    recent.last_seen_at = Time(NOW - 1_000);
    mirror
        .apply(Changes {
            devices: vec![recent],
            sessions: vec![session(1, 1, Some(10), "91.198.36.2", 51), session(2, 1, Some(11), "91.198.36.2", 52)],
            ..Changes::default()
        })
        .await;
    let effects = mirror.cache.block_effects(&[11, 10, 999], NOW).await.expect("effects");
    let effect = |device_id, only_recent_device| BlockEffect { device_id, only_recent_device, active_sessions: 1 };
    assert_eq!(effects, [effect(11, false), effect(10, true)]);
}

#[tokio::test]
async fn an_exception_is_kept_here_until_the_checks_are_on_again() {
    let mirror = mirror().await;
    let cache = &mirror.cache;
    decide(cache, ActionType::ContactChecks, &[1, 2], ActionValue::Off).await;
    note_check_exception(cache, 1, "on tour", Some(Time(NOW + 10))).await.expect("noted");
    note_check_exception(cache, 2, "", Some(Time(NOW))).await.expect("noted");
    let listed = |exceptions: Vec<crate::model::CheckException>| {
        exceptions.into_iter().map(|exception| (exception.contact_id, exception.overdue)).collect::<Vec<_>>()
    };
    assert_eq!(listed(check_exceptions(cache, None, NOW).await.expect("listed")), [(2, true), (1, false)]);
    assert_eq!(listed(check_exceptions(cache, Some(1), NOW + 10).await.expect("listed")), [(1, true)]);
    decide(cache, ActionType::ContactChecks, &[2], ActionValue::On).await;
    assert_eq!(listed(check_exceptions(cache, None, NOW).await.expect("listed")), [(1, false)]);
    let unknown = note_check_exception(cache, 999, "", None).await;
    assert!(matches!(unknown, Err(OutboxError::NoTarget { .. })), "{unknown:?}");
}

#[tokio::test]
async fn checks_and_why_they_are_off_are_recorded_together_or_not_at_all() {
    let mirror = mirror().await;
    let cache = &mirror.cache;
    let reasons = async || {
        let noted = check_exceptions(cache, None, NOW).await.expect("listed");
        noted.into_iter().map(|noted| (noted.contact_id, noted.reason)).collect::<Vec<_>>()
    };
    let unknown = excuse(cache, &[1, 999], ("on tour", None), NOW).await;
    assert!(matches!(unknown, Err(OutboxError::NoTarget { id: 999, .. })), "{unknown:?}");
    assert_eq!((reasons().await, cache.outbox().await.expect("outbox").len()), (vec![], 0));
    excuse(cache, &[1], ("on tour", Some(Time(NOW + 10))), NOW).await.expect("recorded");
    assert_eq!(reasons().await, [(1, "on tour".to_owned())]);
    assert_eq!(cache.outbox().await.expect("outbox").len(), 1);
}

#[tokio::test]
async fn checks_that_somebody_else_has_switched_on_are_off_for_no_old_reason() {
    let mut mirror = mirror().await;
    let checked = |checks_enabled, rev| Contact { checks_enabled, ..contact(1, "Ann", rev) };
    mirror.apply(Changes { contacts: vec![checked(false, 50)], ..Changes::default() }).await;
    note_check_exception(&mirror.cache, 1, "on tour", None).await.expect("noted");
    mirror.apply(Changes { contacts: vec![checked(true, 51)], ..Changes::default() }).await;
    decide(&mirror.cache, ActionType::ContactChecks, &[1], ActionValue::Off).await;
    assert_eq!(check_exceptions(&mirror.cache, None, NOW).await.expect("listed"), []);
}

#[tokio::test]
async fn no_decision_comes_between_the_last_count_and_the_end() {
    let Mirror { folder, key, cache, .. } = mirror().await;
    // As another process has it open.
    let other = Cache::open(&folder.path().join("cache.db"), &key).await.expect("open");
    block(&other, &[10]).await;
    assert_eq!(seal(&cache, 0).await.expect("counted"), 1, "what waits would be lost");
    allow(&other, &[10]).await;
    assert_eq!(seal(&cache, 0).await.expect("sealed"), 0);
    for cache in [&cache, &other] {
        let refused = record(cache, ActionType::DeviceAccess, &[10], ActionValue::Blocked, NOW).await;
        assert!(matches!(refused, Err(OutboxError::Sealed)), "{refused:?}");
    }
    cache.set_meta(|meta| meta.sealed = false).await.expect("taken back");
    block(&other, &[10]).await;
    // Whoever has agreed to lose one.
    assert_eq!(seal(&cache, 1).await.expect("sealed"), 1);
    assert!(matches!(
        record(&other, ActionType::DeviceAccess, &[11], ActionValue::Blocked, NOW).await,
        Err(OutboxError::Sealed)
    ));
}
