//! Lanes: the decisions on one target go in order, and what stops one lane stops no other.

use hallmonitor_core::model::EntryState::Conflict;
use hallmonitor_tests::{Answer, Fault, Place};

use crate::{
    ledger::{self, Event},
    owner::{Allowed, Blocked, ContactChecks, DeviceAccess, Off, Owner, owner_of_one},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_stops_its_own_lane_only() {
    let owner = Owner::new().await;
    let mut students = Vec::new();
    for name in ["anna", "bob", "clara"] {
        students.push(owner.website.student(name).await);
    }
    owner.sync().await.expect("read");
    for student in &students {
        owner.decide(DeviceAccess, student.device, Blocked).await;
    }
    owner.other_decides(DeviceAccess, students[1].device, Blocked).await;
    owner.other_decides(DeviceAccess, students[1].device, Allowed).await;
    let synced = owner.sync().await.expect("the exchange worked");
    assert_eq!((synced.pushed.applied, synced.pushed.conflict), (2, 1));
    let entry = owner.entry().await;
    assert_eq!((entry.target_id, entry.state), (students[1].device, Conflict));
    // Another kind of decision about the same student is a lane of its own.
    owner.decide(ContactChecks, students[1].contact, Off).await;
    owner.decide(DeviceAccess, students[0].device, Allowed).await;
    owner.sync().await.expect("the exchange worked");
    assert_eq!(owner.entry().await.state, Conflict);
    assert_eq!(owner.effects(ContactChecks, students[1].contact).await, ["off"]);
    assert_eq!(owner.effects(DeviceAccess, students[0].device).await, ["blocked", "allowed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_waits_behind_one_that_left_and_follows_with_the_rev_of_its_answer() {
    let (owner, student) = owner_of_one().await;
    owner.decide(DeviceAccess, student.device, Blocked).await;
    owner.faults.forget();
    // It happens at the school, and nobody here hears of it.
    owner.faults.next(Place::Actions, Fault::HoldAfter);
    tokio::select! {
        _ = owner.sync() => panic!("nothing is held"),
        () = owner.faults.until_held(1) => {}
    }
    owner.decide(DeviceAccess, student.device, Allowed).await;
    assert_eq!(owner.outbox().await.len(), 2);
    assert_eq!(owner.device(student.device).await["access"], "allowed");
    owner.faults.heal();
    let synced = owner.sync().await.expect("the exchange worked");
    assert_eq!((synced.pushed.applied, synced.pushed.conflict), (2, 0), "one's own effect is no conflict");
    let sent = owner.sent();
    assert_eq!(sent.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1, 1], "one in flight: {sent:?}");
    assert_eq!(sent[0], sent[1]);
    let requests = owner.faults.seen_at(Place::Actions);
    let rev = |nth: usize| requests[nth].body["actions"][0]["base_rev"].as_i64().expect("a rev");
    assert!(rev(2) > rev(1), "{requests:?}");
    assert_eq!(owner.effects(DeviceAccess, student.device).await, ["blocked", "allowed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_decisions_are_ten_requests() {
    let owner = Owner::new().await;
    let mut students = Vec::new();
    for nth in 0..1_000 {
        students.push(owner.website.student(&format!("student{nth}")).await.device);
    }
    owner.sync().await.expect("read");
    owner.core.decide(DeviceAccess, &students, Blocked).await.expect("recorded");
    owner.faults.forget();
    let synced = owner.sync().await.expect("the exchange worked");
    assert_eq!(synced.pushed.applied, 1_000);
    assert_eq!(owner.sent().iter().map(Vec::len).collect::<Vec<_>>(), [100; 10]);
    assert_eq!(owner.outbox().await, []);
    assert!(synced.requests <= 13, "{}", synced.requests);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_large_for_the_server_goes_in_smaller_parts() {
    let owner = Owner::new().await;
    let mut devices = Vec::new();
    for nth in 0..8 {
        devices.push(owner.website.student(&format!("student{nth}")).await.device);
    }
    owner.sync().await.expect("read");
    owner.core.decide(DeviceAccess, &devices, Blocked).await.expect("recorded");
    owner.faults.forget();
    owner.faults.next(Place::Actions, Fault::Instead(Answer::refusal(413)));
    let synced = owner.sync().await.expect("the exchange worked");
    assert_eq!(synced.pushed.applied, 8);
    assert_eq!(owner.sent().iter().map(Vec::len).collect::<Vec<_>>(), [8, 4, 4]);
    for device in devices {
        assert_eq!(owner.effects(DeviceAccess, device).await, ["blocked"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replayed_answer_brings_back_nothing_that_was_deleted_since() {
    // The mirror hears of the removal by a tombstone, or by reading everything anew, which brings none.
    for anew in [false, true] {
        let (owner, student) = owner_of_one().await;
        let id = owner.decide(DeviceAccess, student.device, Blocked).await;
        owner.faults.next(Place::Actions, Fault::HoldAfter);
        tokio::select! {
            _ = owner.sync() => panic!("nothing is held"),
            () = owner.faults.until_held(1) => {}
        }
        owner.website.remove(student.contact).await;
        owner.faults.heal();
        owner.faults.next(Place::Actions, Fault::Results("retry"));
        if anew {
            owner.faults.next(Place::Changes, Fault::Instead(Answer::refusal(410)));
        }
        owner.sync().await.expect("read");
        assert_eq!(owner.core.status().await.expect("status").devices, 0);
        assert_eq!(owner.entry().await.id, id);

        owner.sync().await.expect("the stored answer comes");
        let answers = ledger::of(&owner.school, "device_access", student.device).await;
        assert!(answers.iter().any(|event| matches!(event, Event::Answered { result, .. } if result == "applied")));
        assert_eq!(owner.outbox().await, []);
        let status = owner.core.status().await.expect("status");
        assert_eq!((status.contacts, status.devices, status.sessions), (0, 0, 0), "anew: {anew}");
    }
}
