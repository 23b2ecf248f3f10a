//! A second owner of the same school, who decides about the same things.

use hallmonitor_core::model::{
    EntryState::{Conflict, Queued, Rejected},
    Resolution,
};
use hallmonitor_tests::{Fault, Place};
use uuid::Uuid;

use crate::{
    owner::{
        Allowed, Blocked, ContactChecks, DeviceAccess, NotViewed, Off, On, Owner, RestrictionStatus, Viewed,
        owner_of_one,
    },
    website::Student,
};

/// The owner has blocked and allowed a device here, unsent, after somebody else had blocked it at the school: a conflict.
async fn in_conflict() -> (Owner, Student, Uuid) {
    let (owner, student) = owner_of_one().await;
    assert_eq!(owner.other_decides(DeviceAccess, student.device, Blocked).await, "applied");
    owner.sync().await.expect("read");
    // Here it is blocked; somebody allows and blocks it again while the owner decides.
    let id = owner.decide(DeviceAccess, student.device, Allowed).await;
    assert_eq!(owner.other_decides(DeviceAccess, student.device, Allowed).await, "applied");
    assert_eq!(owner.other_decides(DeviceAccess, student.device, Blocked).await, "applied");
    let synced = owner.sync().await.expect("the exchange worked");
    assert_eq!((synced.pushed.conflict, synced.pushed.applied), (1, 0));
    assert_eq!(owner.entry().await.state, Conflict);
    (owner, student, id)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_says_who_decided_otherwise_and_when() {
    let (owner, student, id) = in_conflict().await;
    let entry = owner.entry().await;
    assert_eq!((entry.id, entry.value.as_str()), (id, "allowed"));
    let current = entry.current.expect("the server's entity");
    assert_eq!((&current["access"], &current["access_changed"]["by"]), (&"blocked".into(), &"Olena".into()));
    let why = entry.last_error.expect("a reason");
    assert!(why.contains("Olena"), "{why}");
    let at = current["access_changed"]["at"].as_str().expect("when");
    assert!(why.contains(at), "{why}: {at}");
    let device = owner.device(student.device).await;
    assert_eq!((&device["access"], &device["conflict"]), (&"blocked".into(), &true.into()));
    assert_eq!(owner.effects(DeviceAccess, student.device).await, Vec::<String>::new());
    owner.sync().await.expect("nothing to send");
    assert_eq!(owner.entry().await.id, id, "it stands until the person has chosen");
}

#[tokio::test(flavor = "multi_thread")]
async fn keep_mine_wins_under_a_new_id_whatever_happened_since() {
    let (owner, student, id) = in_conflict().await;
    let left = owner.core.resolve(&[id], Resolution::KeepMine).await.expect("kept");
    assert_eq!((left.len(), left[0].state, left[0].value.as_str()), (1, Queued, "allowed"));
    assert_ne!(left[0].id, id);
    assert_eq!(owner.device(student.device).await["access"], "allowed");
    // Once more while it waits.
    assert_eq!(owner.other_decides(DeviceAccess, student.device, Allowed).await, "applied");
    assert_eq!(owner.other_decides(DeviceAccess, student.device, Blocked).await, "applied");
    owner.sync().await.expect("the exchange worked");
    assert_eq!(owner.outbox().await, []);
    assert_eq!(owner.effects(DeviceAccess, student.device).await, ["allowed"]);
    assert_eq!(owner.device(student.device).await["access"], "allowed");
}

#[tokio::test(flavor = "multi_thread")]
async fn take_theirs_lets_mine_go() {
    let (owner, student, id) = in_conflict().await;
    assert_eq!(owner.core.resolve(&[id], Resolution::TakeTheirs).await.expect("let go"), []);
    owner.sync().await.expect("the exchange worked");
    assert_eq!(owner.effects(DeviceAccess, student.device).await, Vec::<String>::new());
    let device = owner.device(student.device).await;
    assert_eq!((&device["access"], &device["conflict"]), (&"blocked".into(), &false.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_decision_replaces_one_in_conflict() {
    let (owner, student, id) = in_conflict().await;
    let newer = owner.decide(DeviceAccess, student.device, Allowed).await;
    assert_ne!(newer, id);
    assert_eq!(owner.entry().await.id, newer);
    owner.sync().await.expect("the exchange worked");
    assert_eq!(owner.outbox().await, []);
    assert_eq!(owner.effects(DeviceAccess, student.device).await, ["allowed"], "the person has seen theirs by now");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_decision_for_what_the_server_has_lets_the_conflict_go() {
    let (owner, student, _) = in_conflict().await;
    let made = owner.core.decide(DeviceAccess, &[student.device], Blocked).await.expect("recorded");
    assert_eq!(made, []);
    assert_eq!(owner.outbox().await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_decisions_of_mine_that_meet_theirs_leave_what_i_wanted_last() {
    let (owner, student) = owner_of_one().await;
    let first = owner.decide(DeviceAccess, student.device, Blocked).await;
    // It leaves, and nobody knows whether it arrived.
    owner.faults.next(Place::Actions, Fault::HoldBefore);
    tokio::select! {
        _ = owner.sync() => panic!("nothing is held"),
        () = owner.faults.until_held(1) => {}
    }
    owner.decide(DeviceAccess, student.device, Allowed).await;
    let same = owner.core.decide(DeviceAccess, &[student.device], Blocked).await.expect("recorded");
    assert_eq!(same, [], "the one that left says that already");
    assert_eq!(owner.entry().await.id, first);
    owner.decide(DeviceAccess, student.device, Allowed).await;

    assert_eq!(owner.other_decides(DeviceAccess, student.device, Blocked).await, "applied");
    assert_eq!(owner.other_decides(DeviceAccess, student.device, Allowed).await, "applied");
    owner.faults.heal();
    let synced = owner.sync().await.expect("the exchange worked");
    assert_eq!(synced.pushed.conflict, 1, "the first one");
    assert_eq!(owner.outbox().await, [], "the school has what the second one wants: nothing is left to decide");
    assert_eq!(owner.effects(DeviceAccess, student.device).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_decision_takes_the_place_of_one_that_comes_back_refused() {
    let (owner, student) = owner_of_one().await;
    owner.decide(DeviceAccess, student.device, Blocked).await;
    owner.faults.next(Place::Actions, Fault::HoldBefore);
    tokio::select! {
        _ = owner.sync() => panic!("nothing is held"),
        () = owner.faults.until_held(1) => {}
    }
    let newer = owner.decide(DeviceAccess, student.device, Allowed).await;
    owner.faults.heal();
    owner.faults.next(Place::Actions, Fault::Results("forbidden"));
    owner.sync().await.expect("the exchange worked");
    let entry = owner.entry().await;
    assert_eq!(
        (entry.id, entry.state, entry.value.as_str()),
        (newer, Rejected, "allowed"),
        "for the person to confirm"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_decision_of_two_owners_is_no_conflict() {
    let (owner, student) = owner_of_one().await;
    let restriction = owner.website.restriction(&student).await.expect("checks are on");
    owner.sync().await.expect("read");
    owner.decide(DeviceAccess, student.device, Blocked).await;
    owner.decide(RestrictionStatus, restriction, Viewed).await;
    owner.decide(ContactChecks, student.contact, Off).await;
    for (kind, id, value) in [
        (DeviceAccess, student.device, Blocked),
        (RestrictionStatus, restriction, Viewed),
        (ContactChecks, student.contact, Off),
    ] {
        assert_eq!(owner.other_decides(kind, id, value).await, "applied");
    }
    let synced = owner.sync().await.expect("the exchange worked");
    assert_eq!((synced.pushed.applied, synced.pushed.conflict), (3, 0));
    assert_eq!(owner.outbox().await, []);
    assert_eq!(owner.effects(DeviceAccess, student.device).await, Vec::<String>::new(), "it was so already");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_students_do_to_the_same_entity_is_no_conflict() {
    let (owner, student) = owner_of_one().await;
    owner.decide(DeviceAccess, student.device, Blocked).await;
    owner.decide(ContactChecks, student.contact, Off).await;
    assert!(owner.website.login(&student).await, "the decision has not arrived yet");
    owner.website.tag("anna", "new").await;
    let synced = owner.sync().await.expect("the exchange worked");
    assert_eq!((synced.pushed.applied, synced.pushed.conflict), (2, 0));
    assert!(!owner.website.login(&student).await, "the school obeys");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_kinds_of_decisions_arrive_and_can_be_taken_back() {
    let (owner, student) = owner_of_one().await;
    let restriction = owner.website.restriction(&student).await.expect("checks are on");
    owner.sync().await.expect("read");
    for (kind, id, values) in [
        (DeviceAccess, student.device, [Blocked, Allowed]),
        (RestrictionStatus, restriction, [Viewed, NotViewed]),
        (ContactChecks, student.contact, [Off, On]),
    ] {
        for value in values {
            owner.decide(kind, id, value).await;
            owner.sync().await.expect("the exchange worked");
            assert_eq!(owner.outbox().await, [], "{value:?}");
        }
        assert_eq!(owner.effects(kind, id).await, values.map(|value| value.as_str().to_owned()), "{kind:?}");
        // An undo before it leaves: nothing has happened.
        owner.decide(kind, id, values[0]).await;
        let made = owner.core.decide(kind, &[id], values[1]).await.expect("recorded");
        assert_eq!((made, owner.outbox().await), (Vec::new(), Vec::new()), "{kind:?}");
    }
    owner.faults.forget();
    owner.sync().await.expect("nothing to send");
    assert_eq!(owner.sent(), Vec::<Vec<String>>::new());
}
