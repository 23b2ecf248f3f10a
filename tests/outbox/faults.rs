//! The fault layer itself: each fault does what its name says, and without one nothing is changed.

use hallmonitor_tests::{Answer, Fault, Faults, Filled, Place, Spoilt, TestSchool, school};
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    ledger::{self, Event},
    website::Website,
};

/// A client that knows nothing of the core.
struct Caller {
    school: TestSchool,
    faults: Faults,
    device: i64,
}

impl Caller {
    async fn new() -> Self {
        let school = school(Filled::Empty).await;
        ledger::begin(&school).await;
        let device = Website::of(&school).student("anna").await.device;
        let faults = Faults::before(&school).await;
        Self { school, faults, device }
    }

    fn ask(&self, path: &str) -> RequestBuilder {
        self.request(Client::new().get(format!("{}{path}", self.faults.url())))
    }

    fn block(&self, key: Uuid) -> RequestBuilder {
        let action = json!({
            "id": key, "type": "device_access", "target_id": self.device, "value": "blocked", "base_rev": 0,
        });
        let post = Client::new().post(format!("{}/login-log/actions", self.faults.url()));
        self.request(post).json(&json!({ "actions": [action] }))
    }

    fn request(&self, request: RequestBuilder) -> RequestBuilder {
        request.header("Token", &self.school.token).header("Cabinet-Hash", &self.school.cabinet)
    }

    /// Whether the server has done it.
    async fn is_blocked(&self) -> bool {
        let events = ledger::of(&self.school, "device_access", self.device).await;
        events.iter().any(|event| matches!(event, Event::Changed { value, .. } if value == "blocked"))
    }
}

async fn said(request: RequestBuilder) -> (StatusCode, Value) {
    let answer = request.send().await.expect("an answer");
    (answer.status(), serde_json::from_str(&answer.text().await.expect("a whole answer")).expect("JSON"))
}

async fn fails(request: RequestBuilder) -> bool {
    match request.send().await {
        Ok(answer) => answer.text().await.is_err(),
        Err(_) => true,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_fault_the_servers_answer_comes_as_it_is() {
    let caller = Caller::new().await;
    let direct = Client::new().get(format!("{}/login-log", caller.school.url()));
    let direct = said(caller.request(direct)).await;
    assert_eq!(said(caller.ask("/login-log")).await, direct);
    let (status, page) = said(caller.ask("/login-log/changes?limit=7")).await;
    assert_eq!((status, page["data"]["contacts"][0]["email"].as_str()), (StatusCode::OK, Some("anna@example.com")));
    let (_, answer) = said(caller.block(Uuid::now_v7())).await;
    assert_eq!(answer["data"][0]["result"], "applied");
    let seen: Vec<_> = caller.faults.seen().into_iter().map(|seen| (seen.method, seen.target, seen.place)).collect();
    let expected = [
        ("GET", "/login-log", Place::Capabilities),
        ("GET", "/login-log/changes?limit=7", Place::Changes),
        ("POST", "/login-log/actions", Place::Actions),
    ];
    assert_eq!(seen, expected.map(|(method, target, place)| (method.to_owned(), target.to_owned(), place)));
    assert_eq!(caller.faults.seen()[2].body["actions"][0]["value"], "blocked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_comes_before_the_servers_commit_or_after_it() {
    for (fault, done) in [
        (Fault::CutBefore, false),
        (Fault::CutAfter, true),
        (Fault::CutWithin, true),
        (Fault::Spoilt(Spoilt::Garbage), true),
        (Fault::Spoilt(Spoilt::Html), true),
    ] {
        let caller = Caller::new().await;
        caller.faults.next(Place::Actions, fault.clone());
        if matches!(fault, Fault::Spoilt(_)) {
            let answer = caller.block(Uuid::now_v7()).send().await.expect("an answer");
            assert_eq!(answer.status(), StatusCode::OK, "{fault:?}");
            let text = answer.text().await.expect("a whole answer");
            assert!(serde_json::from_str::<Value>(&text).is_err(), "{fault:?}: {text}");
        } else {
            assert!(fails(caller.block(Uuid::now_v7())).await, "{fault:?}");
        }
        assert_eq!(caller.is_blocked().await, done, "{fault:?}");
        assert_eq!(said(caller.block(Uuid::now_v7())).await.1["data"][0]["result"], "applied", "only one is spoilt");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_passed_on_twice_is_answered_from_memory() {
    let caller = Caller::new().await;
    caller.faults.next(Place::Actions, Fault::Twice);
    let (_, answer) = said(caller.block(Uuid::now_v7())).await;
    assert_eq!((&answer["data"][0]["result"], &answer["data"][0]["replayed"]), (&json!("applied"), &json!(true)));
    assert_eq!(caller.faults.seen_at(Place::Actions).len(), 1, "the client asked once");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_the_layers_own_reaches_nobody_else() {
    let caller = Caller::new().await;
    for answer in [Answer::refusal(401), Answer::busy(7), Answer::html(503)] {
        caller.faults.next(Place::Actions, Fault::Instead(answer.clone()));
        let got = caller.block(Uuid::now_v7()).send().await.expect("an answer");
        assert_eq!(got.status().as_u16(), answer.status);
        assert_eq!(got.headers()["content-type"], answer.content_type);
        let wait = got.headers().get("retry-after").map(|wait| wait.to_str().expect("text").to_owned());
        assert_eq!(wait, answer.retry_after.map(|seconds| seconds.to_string()));
        assert_eq!(got.text().await.expect("a whole answer"), answer.body);
    }
    let key = Uuid::now_v7();
    caller.faults.next(Place::Actions, Fault::Results("forbidden"));
    assert_eq!(said(caller.block(key)).await.1["data"], json!([{ "id": key, "result": "forbidden" }]));
    assert!(!caller.is_blocked().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn results_are_made_worse_after_the_server_has_done_it() {
    for (how, expected) in [
        (Spoilt::NoResults, json!([])),
        (Spoilt::OtherIds, json!([{ "id": "0198c0de-0000-7000-8000-000000000001", "result": "applied" }])),
        (Spoilt::OtherWords, json!([{ "id": Uuid::nil(), "result": "postponed" }])),
    ] {
        let caller = Caller::new().await;
        caller.faults.next(Place::Actions, Fault::Spoilt(how));
        assert_eq!(said(caller.block(Uuid::nil())).await.1["data"], expected);
        assert!(caller.is_blocked().await, "{how:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_goes_by_place_and_in_its_order_until_all_is_healed() {
    let caller = Caller::new().await;
    caller.faults.next(Place::Actions, Fault::Instead(Answer::refusal(500)));
    caller.faults.next(Place::Actions, Fault::Instead(Answer::refusal(502)));
    caller.faults.always(Place::Actions, Fault::Instead(Answer::refusal(503)));
    assert_eq!(said(caller.ask("/login-log")).await.0, StatusCode::OK);
    for status in [500, 502, 503, 503] {
        assert_eq!(said(caller.block(Uuid::now_v7())).await.0.as_u16(), status);
    }
    caller.faults.heal();
    assert_eq!(said(caller.block(Uuid::now_v7())).await.0, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn chance_follows_from_the_seed_alone() {
    let caller = Caller::new().await;
    let mut runs = Vec::new();
    for seed in [1, 1, 2] {
        let refusals = [500, 502, 503].map(|status| (Place::Capabilities, Fault::Instead(Answer::refusal(status))));
        caller.faults.by_chance(seed, 2, refusals.to_vec());
        let mut statuses = Vec::new();
        for _ in 0..20 {
            statuses.push(said(caller.ask("/login-log")).await.0.as_u16());
        }
        caller.faults.heal();
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
    assert!(runs[0].contains(&200) && runs[0].contains(&503), "{runs:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_held_stands_until_the_network_is_healed() {
    for (fault, done) in [(Fault::HoldBefore, false), (Fault::HoldAfter, true)] {
        let caller = Caller::new().await;
        caller.faults.next(Place::Actions, fault.clone());
        let held = tokio::spawn(caller.block(Uuid::now_v7()).send());
        caller.faults.until_held(1).await;
        assert!(!held.is_finished(), "{fault:?}");
        assert_eq!(caller.is_blocked().await, done, "{fault:?}");
        caller.faults.heal();
        assert!(held.await.expect("it ended").is_err(), "{fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_answer_is_the_first_one_that_this_request_had() {
    let caller = Caller::new().await;
    let first = said(caller.ask("/login-log/changes")).await;
    caller.block(Uuid::now_v7()).send().await.expect("an answer");
    caller.faults.next(Place::Changes, Fault::Stale);
    assert_eq!(said(caller.ask("/login-log/changes")).await, first);
    assert_ne!(said(caller.ask("/login-log/changes")).await, first);
}
