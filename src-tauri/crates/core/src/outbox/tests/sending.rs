//! What leaves, when, and what an answer does; without the network between.

use std::collections::HashSet;

use hallmonitor_wire::Outcome;

use super::*;
use crate::{
    cache::{Applier, tests::grave},
    outbox::{
        UNDO_MS,
        entry::Entry,
        later::LONGEST_MS,
        send::{Waits, pick},
        settle::settle,
    },
    school::Answered,
};

const AT_ONCE: Waits = Waits { undo: false, backoff: false };
const BY_THE_CLOCK: Waits = Waits { undo: true, backoff: true };

async fn leaving(cache: &Cache, now: i64, waits: Waits) -> Vec<Entry> {
    pick(cache, now, waits, 100, &HashSet::new()).await.expect("picked")
}

fn answer(entry: &Entry, result: Outcome, access: &str, rev: i64) -> Answered {
    Answered {
        id: entry.id,
        result,
        unknown: None,
        message: String::new(),
        device: Some(device(entry.target_id, 1, access, rev)),
        restriction: None,
        contact: None,
    }
}

#[tokio::test]
async fn an_attempt_is_counted_before_anything_leaves() {
    let mirror = mirror().await;
    block(&mirror.cache, &[10]).await;
    let picked = leaving(&mirror.cache, NOW, AT_ONCE).await;
    assert_eq!((picked.len(), picked[0].attempts), (1, 1));
    let kept = mirror.cache.outbox().await.expect("outbox");
    assert_eq!((kept[0].state, kept[0].attempts), (EntryState::Sending, 1));
    // After a crash the same one leaves again, under the same key.
    let again = leaving(&mirror.cache, NOW, AT_ONCE).await;
    assert_eq!((again[0].id, again[0].attempts), (picked[0].id, 2));
    assert_eq!(again[0].action(), picked[0].action());
}

#[tokio::test]
async fn one_decision_of_a_lane_is_under_way_and_the_next_takes_the_rev_of_its_answer() {
    let mirror = mirror().await;
    let cache = &mirror.cache;
    block(cache, &[10]).await;
    let first = leaving(cache, NOW, AT_ONCE).await;
    allow(cache, &[10]).await;
    assert_eq!(leaving(cache, NOW, AT_ONCE).await.len(), 1, "the newer one waits");
    let answers = vec![answer(&first[0], Outcome::Applied, "blocked", 60)];
    let settled = settle(cache, &mut Applier::default(), &first, answers, NOW).await.expect("settled");
    assert_eq!(settled.pushed.applied, 1);
    let second = leaving(cache, NOW, AT_ONCE).await;
    assert_eq!((second[0].value.as_str(), second[0].base_rev), ("allowed", 60));
}

#[tokio::test]
async fn a_replayed_answer_brings_back_nothing_that_was_deleted_or_is_newer_here() {
    let mut mirror = mirror().await;
    block(&mirror.cache, &[10, 11]).await;
    let picked = leaving(&mirror.cache, NOW, AT_ONCE).await;
    mirror
        .apply(Changes {
            devices: vec![device(11, 1, "allowed", 90)],
            deleted: vec![grave("device", 10, 80, "erased")],
            ..Changes::default()
        })
        .await;
    // No grave remembers the first one, as after a reading that did not bring it; and while everything is read anew, a row
    // of the last reading gives way to any copy that a page brings.
    alter(&mirror.cache, "DELETE FROM tombstone").await;
    mirror.cache.begin_run(Some("one")).await.expect("begun");
    let answers = picked.iter().map(|entry| answer(entry, Outcome::Applied, "blocked", 70)).collect();
    settle(&mirror.cache, &mut Applier::default(), &picked, answers, NOW).await.expect("settled");
    assert_eq!(standing(&mirror.cache).await, []);
    let left: Vec<(i64, String)> = sqlx::query_as("SELECT id, access FROM device WHERE contact_id = 1")
        .fetch_all(&mut *mirror.cache.reader().await.expect("reader"))
        .await
        .expect("devices");
    assert_eq!(left, [(11, "allowed".to_owned())]);
}

#[tokio::test]
async fn an_answer_is_no_sign_that_a_reading_has_seen_the_row() {
    let mut mirror = mirror().await;
    block(&mirror.cache, &[10, 11]).await;
    let picked = leaving(&mirror.cache, NOW, AT_ONCE).await;
    mirror.cache.begin_run(None).await.expect("begun");
    let answers = picked.iter().map(|entry| answer(entry, Outcome::Applied, "blocked", 70)).collect();
    settle(&mirror.cache, &mut Applier::default(), &picked, answers, NOW).await.expect("settled");
    // The reading brings one of the two.
    let seen = Changes {
        contacts: vec![contact(1, "Ann", 1)],
        devices: vec![device(11, 1, "blocked", 70)],
        ..Changes::default()
    };
    mirror.apply(seen).await;
    mirror.cache.end_run().await.expect("ended");
    let left: Vec<i64> = sqlx::query_scalar("SELECT id FROM device WHERE contact_id = 1")
        .fetch_all(&mut *mirror.cache.reader().await.expect("reader"))
        .await
        .expect("devices");
    assert_eq!(left, [11]);
}

#[tokio::test]
async fn a_newer_decision_takes_the_place_of_one_that_comes_back() {
    let mirror = mirror().await;
    let cache = &mirror.cache;
    for (result, access, expected) in [
        (Outcome::Conflict, "a later word", vec![(10, "allowed".to_owned(), EntryState::Conflict)]),
        (Outcome::Conflict, "allowed", vec![]),
        (Outcome::Forbidden, "allowed", vec![(10, "allowed".to_owned(), EntryState::Rejected)]),
        (Outcome::Retry, "allowed", {
            vec![(10, "blocked".to_owned(), EntryState::Queued), (10, "allowed".to_owned(), EntryState::Queued)]
        }),
    ] {
        alter(cache, "DELETE FROM outbox").await;
        block(cache, &[10]).await;
        let picked = leaving(cache, NOW, AT_ONCE).await;
        allow(cache, &[10]).await;
        let answers = vec![answer(&picked[0], result, access, 1)];
        settle(cache, &mut Applier::default(), &picked, answers, NOW).await.expect("settled");
        assert_eq!(standing(cache).await, expected, "{result:?} {access}");
    }
}

#[tokio::test]
async fn a_decision_stays_for_undo_unless_the_person_wants_it_out() {
    let mirror = mirror().await;
    block(&mirror.cache, &[10]).await;
    let wait = mirror.cache.next_push(NOW).await.expect("asked").expect("one waits");
    assert_eq!(wait.as_millis(), u128::try_from(UNDO_MS).expect("positive"));
    assert!(leaving(&mirror.cache, NOW + UNDO_MS - 1, BY_THE_CLOCK).await.is_empty());
    assert_eq!(leaving(&mirror.cache, NOW + UNDO_MS, BY_THE_CLOCK).await.len(), 1);
    block(&mirror.cache, &[11]).await;
    assert_eq!(leaving(&mirror.cache, NOW, AT_ONCE).await.len(), 2);
}

#[tokio::test]
async fn a_clock_set_back_a_year_holds_nothing_back() {
    const YEAR_MS: i64 = 365 * 24 * 60 * 60 * 1_000;
    let mirror = mirror().await;
    block(&mirror.cache, &[10, 11]).await;
    alter(&mirror.cache, "UPDATE outbox SET attempts = 1, next_attempt_at = decided_at + 1000 WHERE target_id = 11")
        .await;
    let back = NOW - YEAR_MS;
    let wait = mirror.cache.next_push(back).await.expect("asked").expect("two wait");
    assert!(wait.as_millis() <= u128::try_from(LONGEST_MS).expect("positive"), "{wait:?}");
    assert_eq!(leaving(&mirror.cache, back, BY_THE_CLOCK).await.len(), 2);
}

#[tokio::test]
async fn what_is_wanted_later_waits_and_leaves_at_once_when_the_person_wants_it() {
    let mirror = mirror().await;
    block(&mirror.cache, &[10]).await;
    alter(&mirror.cache, "UPDATE outbox SET attempts = 1, next_attempt_at = decided_at + 1000").await;
    assert!(leaving(&mirror.cache, NOW + 999, BY_THE_CLOCK).await.is_empty());
    assert_eq!(leaving(&mirror.cache, NOW + 999, AT_ONCE).await.len(), 1);
    alter(&mirror.cache, "UPDATE outbox SET state = 'queued', reason = 'unreachable'").await;
    mirror.cache.reached().await.expect("reached");
    assert_eq!(leaving(&mirror.cache, NOW + 999, BY_THE_CLOCK).await.len(), 1, "the server is there again");
}
