//! A server without a login log takes no decisions.

use hallmonitor_core::model::EntryState::Queued;
use hallmonitor_tests::{Answer, Fault, Place};

use crate::owner::{Allowed, Blocked, ContactChecks, DeviceAccess, Off, owner_of_one};

#[tokio::test(flavor = "multi_thread")]
async fn without_a_login_log_a_decision_is_refused_with_a_sentence_and_what_waits_goes_on_waiting() {
    let (owner, student) = owner_of_one().await;
    let id = owner.decide(DeviceAccess, student.device, Blocked).await;
    owner.faults.always(Place::Capabilities, Fault::Instead(Answer::refusal(404)));
    owner.faults.forget();
    owner.sync().await.expect("contacts are read");
    assert!(!owner.core.status().await.expect("status").login_log);
    assert_eq!(owner.sent(), Vec::<Vec<String>>::new());

    let error = owner.core.decide(ContactChecks, &[student.contact], Off).await.expect_err("refused");
    assert!(error.to_string().contains("no login log"), "{error}");
    assert_eq!((owner.entry().await.id, owner.entry().await.state), (id, Queued));

    owner.faults.heal();
    owner.sync().await.expect("the log is back");
    assert_eq!(owner.outbox().await, []);
    assert_eq!(owner.effects(DeviceAccess, student.device).await, ["blocked"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_log_that_is_away_for_a_while_leaves_the_key_of_what_has_left() {
    let (owner, student) = owner_of_one().await;
    let id = owner.decide(DeviceAccess, student.device, Blocked).await;
    owner.faults.next(Place::Actions, Fault::HoldAfter);
    tokio::select! {
        _ = owner.sync() => panic!("nothing is held"),
        () = owner.faults.until_held(1) => {}
    }
    owner.faults.heal();
    owner.faults.next(Place::Capabilities, Fault::Instead(Answer::refusal(404)));
    owner.sync().await.expect("contacts are read");
    // Meanwhile somebody undoes it at the school: a second effect would be seen.
    assert_eq!(owner.other_decides(DeviceAccess, student.device, Allowed).await, "applied");
    owner.sync().await.expect("the log is back");
    assert_eq!(owner.outbox().await, []);
    assert_eq!(owner.sent(), [[id.to_string()], [id.to_string()]]);
    assert_eq!(owner.effects(DeviceAccess, student.device).await, ["blocked"]);
    assert_eq!(owner.device(student.device).await["access"], "allowed");
}
