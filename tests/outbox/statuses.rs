//! Every way in which the server can say no, and what becomes of the decisions then.

use hallmonitor_core::{
    Urgency,
    model::{
        EntryReason,
        EntryState::{Queued, Rejected},
        ProblemCode, Resolution, SyncPhase,
    },
};
use hallmonitor_language::Language;
use hallmonitor_school::Scope;
use hallmonitor_tests::{Answer, Fault, Place};

use crate::owner::{Blocked, ContactChecks, DeviceAccess, Off, Owner, connect, owner_of_one};

#[tokio::test(flavor = "multi_thread")]
async fn with_a_refused_token_the_whole_outbox_waits_for_a_new_one() {
    let (owner, student) = owner_of_one().await;
    let ids = [
        owner.decide(DeviceAccess, student.device, Blocked).await,
        owner.decide(ContactChecks, student.contact, Off).await,
    ];
    let token = owner.school.school.tokens().await.expect("tokens");
    let token = token.iter().find(|token| token.name == "Owner").expect("the owner's");
    owner.school.school.revoke_token(token.id).await.expect("revoked");
    for _ in 0..2 {
        let error = owner.sync().await.expect_err("the token is refused");
        assert_eq!(error.code(), ProblemCode::TokenRefused, "{error}");
        assert_eq!(owner.outbox().await.iter().map(|entry| entry.id).collect::<Vec<_>>(), ids);
        assert_eq!(owner.states().await, [Queued, Queued]);
    }
    let new = owner.school.school.create_token(Scope::Admin, Some("Owner")).await.expect("a token is made");
    connect(&owner.app, &owner.faults, &owner.school.cabinet, new.token.reveal()).await;
    owner.sync().await.expect("the new token is taken");
    assert_eq!(owner.outbox().await, []);
    assert_eq!(owner.effects(DeviceAccess, student.device).await, ["blocked"]);
    assert_eq!(owner.effects(ContactChecks, student.contact).await, ["off"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn signed_out_everything_stays_readable_and_what_is_unsent_waits_for_a_new_token() {
    let (owner, student) = owner_of_one().await;
    let id = owner.decide(DeviceAccess, student.device, Blocked).await;
    owner.core.sign_out().await.expect("the token is forgotten");
    owner.faults.forget();

    owner.sync().await.expect_err("there is no token");
    assert_eq!(owner.sent(), Vec::<Vec<String>>::new(), "the server is told nothing");
    let entry = owner.entry().await;
    assert_eq!((entry.id, entry.state, entry.attempts), (id, Queued, 0));
    assert_eq!(owner.core.status().await.expect("read").outbox.queued, 1, "it is counted");
    assert_eq!(owner.device(student.device).await["access"], "blocked");

    connect(&owner.app, &owner.faults, &owner.school.cabinet, &owner.school.token).await;
    owner.sync().await.expect("the token is there again");
    assert_eq!(owner.outbox().await, []);
    assert_eq!(owner.effects(DeviceAccess, student.device).await, ["blocked"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_that_another_try_does_not_better_ends_the_exchange_and_nothing_is_lost() {
    for (answer, code, reason, said) in [
        (Answer::refusal(401), ProblemCode::TokenRefused, EntryReason::TokenRefused, "refuses the token"),
        (Answer::refusal(403), ProblemCode::MayNotDecide, EntryReason::TokenRefused, "read, but not decide"),
        (Answer::refusal(404), ProblemCode::Unreachable, EntryReason::Unreachable, "status 404"),
        (Answer::refusal(413), ProblemCode::Unreachable, EntryReason::Unreachable, "status 413"),
        (Answer::refusal(422), ProblemCode::Unreachable, EntryReason::Unreachable, "status 422"),
        (Answer::busy(3_600), ProblemCode::Unreachable, EntryReason::Later, "no more calls"),
        (Answer::html(403), ProblemCode::Unreachable, EntryReason::Unreachable, "text/html"),
    ] {
        let (owner, student) = owner_of_one().await;
        let id = owner.decide(DeviceAccess, student.device, Blocked).await;
        owner.faults.forget();
        owner.faults.next(Place::Actions, Fault::Instead(answer.clone()));
        let Err(error) = owner.sync().await else { panic!("{answer:?} is taken for none") };
        assert_eq!(error.code(), code, "{answer:?}: {error}");
        let entry = owner.entry().await;
        assert_eq!((entry.id, entry.state, entry.attempts), (id, Queued, 1), "{answer:?}");
        assert!(entry.last_error.as_ref().is_some_and(|why| why.contains(said)), "{answer:?}: {entry:?}");
        let waiting = owner.core.waiting(0).await.expect("read");
        assert_eq!(waiting.rows[0].reason, Some(reason), "{answer:?}");
        assert_eq!(owner.device(student.device).await["access"], "blocked", "{answer:?}");

        owner.sync().await.expect("the next one is let through");
        assert_eq!(owner.outbox().await, [], "{answer:?}");
        assert_eq!(owner.sent(), [[id.to_string()], [id.to_string()]], "{answer:?}");
        assert_eq!(owner.effects(DeviceAccess, student.device).await, ["blocked"], "{answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_wants_no_call_for_an_hour_gets_none_until_the_person_asks_for_one() {
    let (owner, student) = owner_of_one().await;
    let id = owner.decide(DeviceAccess, student.device, Blocked).await;
    owner.faults.forget();
    owner.faults.next(Place::Actions, Fault::Instead(Answer::busy(3_600)));
    for urgency in [Urgency::Now, Urgency::Timer, Urgency::Timer] {
        let error = owner.core.sync(urgency, |_| {}).await.expect_err("it has to wait");
        assert_eq!(error.code(), ProblemCode::Unreachable, "{error}");
        let hint = error.problem(Language::English).hint;
        assert!(hint.starts_with("Wait 60 minutes"), "{hint}");
        let entry = owner.entry().await;
        assert_eq!((entry.id, entry.state), (id, Queued));
        assert_eq!(owner.core.waiting(0).await.expect("read").rows[0].reason, Some(EntryReason::Later));
        assert_eq!(owner.sent(), [[id.to_string()]], "it is asked once");
    }
    owner.sync().await.expect("the person asks");
    assert_eq!(owner.outbox().await, []);
    assert_eq!(owner.effects(DeviceAccess, student.device).await, ["blocked"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_that_another_try_may_better_is_tried_again_at_once_with_the_same_key() {
    let owner = Owner::new().await;
    let refusals = [408, 409, 425, 500, 502, 503, 504].map(Answer::refusal);
    // What is no JSON comes from something before the school's server.
    let pages = [200, 502].map(Answer::html);
    for (nth, answer) in refusals.into_iter().chain(pages).enumerate() {
        let student = owner.website.student(&format!("student{nth}")).await;
        owner.sync().await.expect("read");
        owner.faults.forget();
        let id = owner.decide(DeviceAccess, student.device, Blocked).await;
        owner.faults.next(Place::Actions, Fault::Instead(answer.clone()));
        let synced = owner.sync().await.unwrap_or_else(|error| panic!("{answer:?}: {error}"));
        assert_eq!(synced.pushed.applied, 1, "{answer:?}");
        assert_eq!(owner.sent(), [[id.to_string()], [id.to_string()]], "{answer:?}");
        assert_eq!(owner.effects(DeviceAccess, student.device).await, ["blocked"], "{answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_goes_on_failing_is_let_alone_and_the_decision_waits_with_its_reason() {
    let (owner, student) = owner_of_one().await;
    let id = owner.decide(DeviceAccess, student.device, Blocked).await;
    owner.faults.always(Place::Actions, Fault::Instead(Answer::refusal(503)));
    owner.faults.forget();
    let error = owner.sync().await.expect_err("it fails for good");
    assert_eq!(error.code(), ProblemCode::Unreachable);
    let tries = owner.sent().len();
    assert!((2..=10).contains(&tries), "{tries} tries");
    let waiting = owner.core.waiting(0).await.expect("read");
    let first = &waiting.rows[0];
    assert_eq!((first.entry.id, first.entry.state, first.entry.attempts), (id, Queued, tries as i64));
    assert_eq!(first.reason, Some(EntryReason::Unreachable));
    assert!(!first.can_cancel, "it has left");
    assert_eq!(owner.core.status().await.expect("status").outbox.queued, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_after_is_sat_out_and_said() {
    let (owner, student) = owner_of_one().await;
    let id = owner.decide(DeviceAccess, student.device, Blocked).await;
    owner.faults.forget();
    owner.faults.next(Place::Actions, Fault::Instead(Answer::busy(1)));
    let (synced, said) = owner.sync_and_hear().await;
    assert_eq!(synced.expect("it went on").pushed.applied, 1);
    let at = said.iter().position(|phase| *phase == SyncPhase::Waiting { seconds: 1 });
    let at = at.unwrap_or_else(|| panic!("no wait was told: {said:?}"));
    assert!(said[at..].iter().any(|phase| matches!(phase, SyncPhase::Pushing { .. })), "{said:?}");
    assert_eq!(owner.sent(), [[id.to_string()], [id.to_string()]]);
    assert_eq!(owner.effects(DeviceAccess, student.device).await, ["blocked"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_refuses_stands_with_its_reason_until_the_person_sends_it_again_or_lets_it_go() {
    for (result, reason) in [("forbidden", EntryReason::Forbidden), ("invalid", EntryReason::Invalid)] {
        let (owner, student) = owner_of_one().await;
        let id = owner.decide(DeviceAccess, student.device, Blocked).await;
        owner.faults.next(Place::Actions, Fault::Results(result));
        let synced = owner.sync().await.expect("the exchange worked");
        assert_eq!((synced.pushed.rejected, synced.pushed.applied), (1, 0), "{result}");
        assert_eq!((owner.entry().await.id, owner.entry().await.state), (id, Rejected));
        let first = owner.core.waiting(0).await.expect("read").rows.remove(0);
        assert_eq!(first.reason, Some(reason));
        assert!(owner.entry().await.last_error.is_some(), "{result}");
        let device = owner.device(student.device).await;
        assert_eq!((&device["access"], &device["rejected"]), (&"allowed".into(), &true.into()), "{result}");

        owner.sync().await.expect("nothing to send");
        assert_eq!(owner.entry().await.id, id, "it is not sent again by itself");

        let left = owner.core.resolve(&[id], Resolution::Retry).await.expect("sent again");
        assert_eq!((left.len(), left[0].state, left[0].attempts), (1, Queued, 0));
        assert_ne!(left[0].id, id, "the server has stored its answer under the old id");
        if result == "forbidden" {
            owner.sync().await.expect("it is let through");
            assert_eq!(owner.outbox().await, []);
            assert_eq!(owner.effects(DeviceAccess, student.device).await, ["blocked"]);
        } else {
            owner.faults.next(Place::Actions, Fault::Results(result));
            owner.sync().await.expect("the exchange worked");
            let again = owner.entry().await;
            assert_eq!(again.state, Rejected);
            assert_eq!(owner.core.resolve(&[again.id], Resolution::Dismiss).await.expect("let go"), []);
            owner.sync().await.expect("nothing to send");
            assert_eq!(owner.effects(DeviceAccess, student.device).await, Vec::<String>::new());
            assert_eq!(owner.device(student.device).await["access"], "allowed");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_is_gone_at_the_school_is_refused_as_not_found_and_stays_listed() {
    let (owner, student) = owner_of_one().await;
    let id = owner.decide(DeviceAccess, student.device, Blocked).await;
    owner.website.remove(student.contact).await;
    let synced = owner.sync().await.expect("the exchange worked");
    assert_eq!(synced.pushed.rejected, 1);
    let first = owner.core.waiting(0).await.expect("read").rows.remove(0);
    assert_eq!((first.entry.id, first.entry.state, first.reason), (id, Rejected, Some(EntryReason::NotFound)));
    assert_eq!(first.contact_name, None, "the mirror has let it go");
    // The window says the reason in the person's language, and then what the server said, whatever that was.
    let all = owner.entry().await.last_error.expect("a sentence");
    let servers = first.entry.last_error.expect("the server's own words");
    assert!(all.starts_with("The school's server does not know it") && all.ends_with(&servers), "{all}");
    assert!(servers.len() + 20 < all.len(), "{servers}");
    assert_eq!(owner.core.resolve(&[id], Resolution::Dismiss).await.expect("let go"), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_wants_later_is_asked_again_in_a_later_exchange_and_does_not_spin() {
    let (owner, student) = owner_of_one().await;
    let id = owner.decide(DeviceAccess, student.device, Blocked).await;
    owner.faults.forget();
    owner.faults.always(Place::Actions, Fault::Results("retry"));
    let synced = owner.sync().await.expect("the exchange worked");
    assert_eq!((synced.pushed.queued, owner.sent().len()), (1, 1));
    assert_eq!((owner.entry().await.id, owner.entry().await.state), (id, Queued));
    owner.faults.heal();
    owner.sync().await.expect("now it decides");
    assert_eq!(owner.outbox().await, []);
    assert_eq!(owner.effects(DeviceAccess, student.device).await, ["blocked"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_that_fits_no_state_is_told_and_nothing_changes() {
    let (owner, student) = owner_of_one().await;
    let id = owner.decide(DeviceAccess, student.device, Blocked).await;
    for how in [Resolution::KeepMine, Resolution::TakeTheirs, Resolution::Retry, Resolution::Dismiss] {
        let error = owner.core.resolve(&[id], how).await.expect_err("it only waits");
        assert!(error.to_string().contains(&id.to_string()), "{error}");
        assert_eq!(owner.states().await, [Queued]);
    }
}
