//! New histories of the server, and new versions of the program.

use super::*;
use crate::{
    cache::{Cache, MIGRATIONS, migrate},
    model::LogQuery,
    outbox::rebase,
};

/// The server was restored: everything is read anew, with other revisions.
async fn restored(mirror: &mut Mirror, devices: Vec<hallmonitor_wire::Device>) {
    mirror.cache.begin_run(Some("two")).await.expect("begun");
    let contacts = vec![contact(1, "Ann", 1), contact(2, "Bob", 2)];
    mirror.apply(Changes { contacts, devices, ..Changes::default() }).await;
    mirror.cache.end_run().await.expect("ended");
}

#[tokio::test]
async fn a_new_epoch_puts_what_waits_upon_the_new_revisions_under_new_ids() {
    let mut mirror = mirror().await;
    let old = block(&mirror.cache, &[10, 11, 20]).await;
    allow(&mirror.cache, &[21]).await;
    let devices = vec![
        // As the person saw it; as the person wants it; something else. 21 is gone.
        device(10, 1, "allowed", 1),
        device(11, 1, "blocked", 2),
        device(20, 2, "a later word", 3),
    ];
    restored(&mut mirror, devices).await;
    assert!(rebase(&mirror.cache, NOW).await.expect("rebased"));
    let expected = [
        (10, "blocked".to_owned(), EntryState::Queued),
        (20, "blocked".to_owned(), EntryState::Conflict),
        (21, "allowed".to_owned(), EntryState::Rejected),
    ];
    assert_eq!(standing(&mirror.cache).await, expected);
    let entries = entry::read(&mut mirror.cache.reader().await.expect("reader"), "1", []).await.expect("entries");
    assert!(entries[0].id != old[0].id, "a new id");
    assert_eq!((entries[0].base_rev, entries[0].epoch.as_deref()), (1, Some("two")));
    assert!(!rebase(&mirror.cache, NOW).await.expect("nothing more to do"));
    let shown = mirror.cache.devices(&LogQuery::default()).await.expect("devices").rows;
    let of = |id| shown.iter().find(|row| row.id == id).map(|row| (row.access.as_str(), row.pending, row.conflict));
    assert_eq!(of(10), Some(("blocked", true, false)));
    assert_eq!(of(11), Some(("blocked", false, false)));
    assert_eq!(of(20), Some(("a later word", false, true)));
}

#[tokio::test]
async fn reading_anew_in_the_same_history_leaves_a_decision_its_key_and_its_revision() {
    let mut mirror = mirror().await;
    mirror.cache.set_meta(|meta| meta.epoch = Some("one".to_owned())).await.expect("an epoch");
    // The server forgot the cursor, and the reading has not come to this device yet.
    mirror.cache.begin_run(Some("one")).await.expect("begun");
    let made = block(&mirror.cache, &[10]).await;
    assert!(!rebase(&mirror.cache, NOW).await.expect("nothing to do"));
    let entries = entry::read(&mut mirror.cache.reader().await.expect("reader"), "1", []).await.expect("entries");
    assert_eq!((entries[0].id, entries[0].epoch.as_deref()), (made[0].id, Some("one")));
    // While one of another history is not read to its end, nobody knows.
    mirror.cache.begin_run(Some("two")).await.expect("begun");
    mirror.cache.begin_run(Some("two")).await.expect("begun once more");
    block(&mirror.cache, &[11]).await;
    let entries = entry::read(&mut mirror.cache.reader().await.expect("reader"), "1", []).await.expect("entries");
    assert_eq!(entries[1].epoch, None);
    mirror.apply(Changes { devices: vec![device(11, 1, "allowed", 2)], ..Changes::default() }).await;
}

#[tokio::test]
async fn of_a_lane_only_the_last_decision_outlives_a_new_epoch() {
    let mut mirror = mirror().await;
    block(&mirror.cache, &[10, 11]).await;
    alter(&mirror.cache, "UPDATE outbox SET attempts = 1, state = 'sending'").await;
    allow(&mirror.cache, &[10, 11]).await;
    assert_eq!(standing(&mirror.cache).await.len(), 4);
    restored(&mut mirror, vec![device(10, 1, "allowed", 1), device(11, 1, "blocked", 2)]).await;
    rebase(&mirror.cache, NOW).await.expect("rebased");
    assert_eq!(standing(&mirror.cache).await, [(11, "allowed".to_owned(), EntryState::Queued)]);
}

#[tokio::test]
async fn a_decision_on_a_row_that_the_new_reading_has_not_reached_waits_for_its_end() {
    let mirror = mirror().await;
    mirror.cache.begin_run(Some("two")).await.expect("begun");
    block(&mirror.cache, &[10]).await;
    assert_eq!(mirror.cache.next_push(NOW).await.expect("asked"), None);
}

#[tokio::test]
async fn waiting_decisions_outlive_a_new_version_of_the_program() {
    let Mirror { folder, key, cache, .. } = mirror().await;
    let made = block(&cache, &[10]).await;
    let path = folder.path().join("cache.db");
    let later = [MIGRATIONS, &["ALTER TABLE outbox ADD COLUMN later TEXT"]].concat();
    migrate(&mut *cache.writer().await, &path, &later).await.expect("migrated");
    assert_eq!(cache.outbox().await.expect("outbox"), made);
    cache.close().await;
    Cache::open(&path, &key).await.expect_err("a newer cache is refused");
}
