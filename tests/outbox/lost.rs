//! Requests and replies that get lost: one decision, one key, one effect.

use std::time::Duration;

use hallmonitor_core::model::EntryState;
use hallmonitor_tests::{Fault, Place, Spoilt};

use crate::{
    ledger::{self, Event},
    owner::{Blocked, DeviceAccess, Owner, owner_of_one},
};

/// The keys of the answers that the school has stored for a device.
async fn keys(owner: &Owner, device: i64) -> Vec<String> {
    let events = ledger::of(&owner.school, "device_access", device).await.into_iter();
    events
        .filter_map(|event| match event {
            Event::Answered { key, .. } => Some(key),
            Event::Changed { .. } => None,
        })
        .collect()
}

/// Each of these faults at the request with one decision; afterwards all is well and happened once.
async fn one_effect_in_spite_of(faults: &[Fault]) {
    let owner = Owner::new().await;
    for (nth, fault) in faults.iter().enumerate() {
        let student = owner.website.student(&format!("student{nth}")).await;
        owner.sync().await.expect("read");
        owner.faults.forget();
        let id = owner.decide(DeviceAccess, student.device, Blocked).await.to_string();
        owner.faults.next(Place::Actions, fault.clone());
        // Some faults are worth another try at once, some end the exchange.
        let _ = owner.sync().await;
        owner.sync().await.unwrap_or_else(|error| panic!("{fault:?}: {error}"));

        assert_eq!(owner.outbox().await, [], "{fault:?}");
        assert_eq!(owner.effects(DeviceAccess, student.device).await, ["blocked"], "{fault:?}");
        assert_eq!(keys(&owner, student.device).await.join(" "), id, "{fault:?}");
        let device = owner.device(student.device).await;
        assert_eq!((&device["access"], &device["pending"]), (&"blocked".into(), &false.into()), "{fault:?}");

        let requests = owner.faults.seen_at(Place::Actions);
        let asked_again = usize::from(!matches!(fault, Fault::Twice | Fault::Late(_)));
        assert_eq!(requests.len(), 1 + asked_again, "{fault:?}");
        for request in &requests {
            assert_eq!(request.body, requests[0].body, "{fault:?}: key and content are frozen");
        }
        assert_eq!(requests[0].body["actions"][0]["id"], id.as_str(), "{fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_reply_is_asked_for_again_with_the_same_key() {
    one_effect_in_spite_of(&[Fault::CutAfter, Fault::CutWithin]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_never_arrived_is_sent_again_with_the_same_key() {
    one_effect_in_spite_of(&[Fault::CutBefore]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_arrives_twice_has_one_effect() {
    one_effect_in_spite_of(&[Fault::Twice]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_comes_late_is_waited_for() {
    one_effect_in_spite_of(&[Fault::Late(Duration::from_millis(300))]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_cannot_be_read_is_unknown_and_not_failed() {
    let spoilt = [Spoilt::Garbage, Spoilt::Html, Spoilt::NoResults, Spoilt::OtherIds, Spoilt::OtherWords];
    one_effect_in_spite_of(&spoilt.map(Fault::Spoilt)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_the_entity_is_unknown_too() {
    one_effect_in_spite_of(&[Fault::Results("applied"), Fault::Results("conflict")]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_attempt_is_written_down_before_the_request_leaves_and_outlives_a_sync_that_ends_in_the_middle() {
    for (fault, at_the_school) in [(Fault::HoldBefore, 0), (Fault::HoldAfter, 1)] {
        let (owner, student) = owner_of_one().await;
        let id = owner.decide(DeviceAccess, student.device, Blocked).await;
        owner.faults.next(Place::Actions, fault.clone());
        tokio::select! {
            _ = owner.sync() => panic!("{fault:?}: nothing is held"),
            () = owner.faults.until_held(1) => {}
        }
        let entry = owner.entry().await;
        assert_eq!((entry.id, entry.state, entry.attempts), (id, EntryState::Sending, 1), "{fault:?}");
        assert_eq!(keys(&owner, student.device).await.len(), at_the_school, "{fault:?}");
        let device = owner.device(student.device).await;
        assert_eq!((&device["access"], &device["pending"]), (&"blocked".into(), &true.into()), "{fault:?}");

        owner.faults.heal();
        owner.sync().await.expect("nothing is in the way");
        assert_eq!(owner.outbox().await, [], "{fault:?}");
        assert_eq!(owner.effects(DeviceAccess, student.device).await, ["blocked"], "{fault:?}");
        assert_eq!(keys(&owner, student.device).await, [id.to_string()], "{fault:?}");
    }
}
