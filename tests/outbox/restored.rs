//! The school's database is put back from an old backup: its history has a new name, and revisions of the old one mean
//! nothing.

use hallmonitor_core::model::{
    EntryReason,
    EntryState::{Queued, Rejected},
    Resolution,
};
use hallmonitor_tests::{Answer, Fault, Place};

use crate::owner::{Allowed, Blocked, ContactChecks, DeviceAccess, Off, owner_of_one};

#[tokio::test(flavor = "multi_thread")]
async fn an_unsent_decision_outlives_a_new_epoch_under_a_new_id() {
    let (mut owner, student) = owner_of_one().await;
    let backup = owner.school.back_up().await;
    let traffic = owner.website.student("bob").await;
    owner.sync().await.expect("read");
    let id = owner.decide(DeviceAccess, student.device, Blocked).await;
    owner.decide(DeviceAccess, traffic.device, Blocked).await;
    owner.school.restore(&backup).await;
    owner.faults.forget();
    owner.sync().await.expect("everything is read anew");

    assert_eq!(owner.effects(DeviceAccess, student.device).await, ["blocked"]);
    let sent = owner.sent();
    assert_eq!(sent.iter().map(Vec::len).collect::<Vec<_>>(), [1], "nothing leaves with revisions of the old history");
    assert_ne!(sent[0][0], id.to_string());
    // The student who came after the backup is not known any more; nobody decides in silence.
    let entry = owner.entry().await;
    assert_eq!((entry.target_id, entry.state), (traffic.device, Rejected));
    let waiting = owner.core.waiting(0).await.expect("read");
    assert_eq!(waiting.rows[0].reason, Some(EntryReason::NotFound));
    assert_eq!(owner.core.resolve(&[entry.id], Resolution::Dismiss).await.expect("let go"), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_that_left_for_the_old_history_is_made_again_in_the_new_one() {
    let (mut owner, student) = owner_of_one().await;
    let backup = owner.school.back_up().await;
    let id = owner.decide(DeviceAccess, student.device, Blocked).await;
    // The old history has it, the backup has not, and the answer was lost.
    owner.faults.next(Place::Actions, Fault::HoldAfter);
    tokio::select! {
        _ = owner.sync() => panic!("nothing is held"),
        () = owner.faults.until_held(1) => {}
    }
    owner.school.restore(&backup).await;
    owner.faults.heal();
    owner.sync().await.expect("everything is read anew");
    assert_eq!(owner.outbox().await, []);
    assert_eq!(owner.effects(DeviceAccess, student.device).await, ["blocked"]);
    assert!(!owner.sent().last().expect("sent").contains(&id.to_string()));
    assert_eq!(owner.device(student.device).await["access"], "blocked");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_erased_after_the_backup_comes_back_with_it_and_a_new_student_under_an_old_id_is_seen() {
    let (mut owner, student) = owner_of_one().await;
    let backup = owner.school.back_up().await;
    let lost = owner.website.student("bob").await;
    owner.sync().await.expect("read");
    owner.website.remove(student.contact).await;
    owner.website.remove(lost.contact).await;
    owner.sync().await.expect("both are gone");
    assert_eq!(owner.core.status().await.expect("read").contacts, 0);
    owner.school.put_back(&backup).await;
    let new = owner.website.student("carol").await;
    assert_eq!(new.contact, lost.contact, "ids are handed out a second time");
    owner.sync().await.expect("everything is read anew");
    let status = owner.core.status().await.expect("read");
    assert_eq!((status.contacts, status.devices), (2, 2));
    let back = owner.core.contact(new.contact).await.expect("she is here").contact;
    assert!(back.email.starts_with("carol"), "{}", back.email);
    owner.core.contact(student.contact).await.expect("so is who was erased after the backup");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_about_somebody_who_is_lost_does_not_hit_who_has_got_the_id_since() {
    let (mut owner, _) = owner_of_one().await;
    let backup = owner.school.back_up().await;
    let lost = owner.website.student("bob").await;
    owner.sync().await.expect("read");
    owner.decide(DeviceAccess, lost.device, Blocked).await;
    owner.school.put_back(&backup).await;
    // The new history overtakes the one that the decision was made in.
    let new = owner.website.student("carol").await;
    assert_eq!(new.device, lost.device, "ids are handed out a second time");
    for name in ["dora", "emil", "fred"] {
        owner.website.student(name).await;
    }
    owner.sync().await.expect("everything is read anew");
    assert_eq!(owner.effects(DeviceAccess, new.device).await, Vec::<String>::new(), "it was about bob");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_answer_of_a_lost_history_has_brought_does_not_stay() {
    let (mut owner, student) = owner_of_one().await;
    let backup = owner.school.back_up().await;
    owner.decide(DeviceAccess, student.device, Blocked).await;
    // Answered, but what changed was not read behind it.
    owner.faults.next(Place::Changes, Fault::Instead(Answer::refusal(422)));
    owner.sync().await.expect_err("the reading breaks off");
    assert_eq!(owner.device(student.device).await["access"], "blocked");
    owner.school.put_back(&backup).await;
    owner.sync().await.expect("everything is read anew");
    assert_eq!(owner.device(student.device).await["access"], "allowed", "as the school has it");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_new_history_has_already_needs_no_decision() {
    let (mut owner, student) = owner_of_one().await;
    owner.other_decides(DeviceAccess, student.device, Blocked).await;
    let backup = owner.school.back_up().await;
    owner.other_decides(DeviceAccess, student.device, Allowed).await;
    owner.sync().await.expect("read");
    owner.decide(DeviceAccess, student.device, Blocked).await;
    owner.decide(ContactChecks, student.contact, Off).await;
    owner.school.restore(&backup).await;
    owner.sync().await.expect("everything is read anew");
    assert_eq!(owner.outbox().await, []);
    assert_eq!(owner.effects(DeviceAccess, student.device).await, Vec::<String>::new(), "it is so already");
    assert_eq!(owner.effects(ContactChecks, student.contact).await, ["off"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_that_breaks_off_after_a_new_epoch_keeps_every_decision() {
    let (mut owner, student) = owner_of_one().await;
    let backup = owner.school.back_up().await;
    owner.decide(DeviceAccess, student.device, Blocked).await;
    owner.school.restore(&backup).await;
    owner.faults.next(Place::Changes, Fault::Instead(Answer::refusal(422)));
    owner.faults.forget();
    owner.sync().await.expect_err("the reading breaks off");
    assert_eq!(owner.states().await, [Queued]);
    assert_eq!(owner.sent(), Vec::<Vec<String>>::new(), "before the new revisions are known nothing leaves");
    // A decision made meanwhile replaces the first one as ever.
    assert_eq!(owner.core.decide(DeviceAccess, &[student.device], Allowed).await.expect("recorded"), []);
    owner.decide(DeviceAccess, student.device, Blocked).await;
    owner.sync().await.expect("read");
    assert_eq!(owner.outbox().await, []);
    assert_eq!(owner.effects(DeviceAccess, student.device).await, ["blocked"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_history_read_anew_leaves_the_key_of_what_has_left() {
    let (owner, student) = owner_of_one().await;
    let first = owner.decide(DeviceAccess, student.device, Blocked).await;
    owner.faults.next(Place::Actions, Fault::HoldBefore);
    tokio::select! {
        _ = owner.sync() => panic!("nothing is held"),
        () = owner.faults.until_held(1) => {}
    }
    // The reading begins anew and breaks off, and no decision is taken.
    owner.faults.heal();
    owner.faults.always(Place::Actions, Fault::Instead(Answer::refusal(422)));
    owner.faults.next(Place::Changes, Fault::Instead(Answer::refusal(410)));
    owner.faults.next(Place::Changes, Fault::Instead(Answer::refusal(422)));
    owner.sync().await.expect_err("the reading breaks off");
    let second = owner.decide(DeviceAccess, student.device, Allowed).await;
    // Now it comes to its end. The first request may still be on its way to the server.
    owner.sync().await.expect_err("still no decision is taken");
    assert_eq!(owner.outbox().await.iter().map(|entry| entry.id).collect::<Vec<_>>(), [first, second]);
    owner.faults.heal();
    owner.sync().await.expect("nothing is in the way");
    assert_eq!(owner.outbox().await, []);
    assert_eq!(owner.effects(DeviceAccess, student.device).await, ["blocked", "allowed"]);
}
