//! The engine's pace, against a server that is one function of the path.

use hallmonitor_wire::{ActionType, ActionValue};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpStream;
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::any};

use super::*;
use crate::{
    App, Connection,
    vault::{CabinetHash, Passphrase, Token},
};

/// Long enough for any machine; nobody waits for it where the promise is kept.
const PATIENCE: Duration = Duration::from_secs(60);

/// A school with one device, whose server lets the token read and refuses every decision.
fn answer(request: &Request) -> ResponseTemplate {
    let answer = |body: Value| ResponseTemplate::new(200).set_body_json(body);
    match request.url.path() {
        "/login-log" => answer(json!({"data": {
            "version": 1, "cabinet": {"name": "School"}, "epoch": "e", "max_changes_limit": 1000, "max_actions": 100,
        }})),
        "/login-log/changes" => answer(json!({
            "data": {"devices": [{
                "id": 1, "contact_id": 1, "fingerprint": "f", "first_seen_at": "2026-08-20T23:59:59Z",
                "last_seen_at": "2026-08-20T23:59:59Z", "access": "allowed", "rev": 1,
            }]},
            "meta": {"cursor": "c", "has_more": false},
        })),
        _ => ResponseTemplate::new(403).set_body_json(json!({"message": "This token only reads."})),
    }
}

fn passphrase() -> Passphrase {
    Passphrase::new("correct horse battery staple".to_owned()).expect("a passphrase")
}

async fn connected(server: &MockServer, folder: &TempDir) -> School {
    let app = App::new(folder.path().join("data"));
    let connection = Connection {
        server: server.uri(),
        cabinet: CabinetHash::new("cab").expect("cabinet"),
        token: Token::new("tok").expect("token"),
        name: None,
        passphrase: Some(passphrase()),
    };
    app.connect(connection).await.expect("connected");
    app.open(None, Some(passphrase())).await.expect("opened")
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_token_that_may_not_decide_the_cache_stays_up_to_date_at_the_usual_pace() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let folder = TempDir::new().expect("folder");
    let school = connected(&server, &folder).await;

    let engine = Engine::start(school.clone(), INTERVAL, std::future::ready(()));
    let mut state = engine.state();
    state.wait_for(|state| state.next_at.is_some()).await.expect("a first turn");
    school.decide(ActionType::DeviceAccess, &[1], ActionValue::Blocked).await.expect("decided");
    engine.sync_now();
    let state =
        state.wait_for(|state| state.problem.is_some() && state.next_at.is_some()).await.expect("another").clone();
    let problem = state.problem.expect("what the server said");
    assert_eq!(problem.code, ProblemCode::MayNotDecide);
    assert!(problem.message.contains("read, but not decide"), "{problem:?}");
    let (ended, next) = (state.failing_since.expect("since then"), state.next_at.expect("the next turn"));
    assert_eq!(next.ms() - ended.ms(), i64::try_from(INTERVAL.as_millis()).expect("short"));
    assert_eq!(school.outbox().await.expect("outbox").len(), 1, "the decision waits");
    engine.stop().await;
    school.close().await;
}

#[test]
fn without_a_network_turns_that_reach_no_server_are_rare_and_all_others_keep_their_pace() {
    let ended = |failed| Ended { began: Instant::now(), at: 0, instant: Instant::now(), failed, sends: false };
    let hour = 6 * RARELY;
    for (failed, interval, offline, pause) in [
        (None, INTERVAL, false, INTERVAL),
        // The school is on this computer, or another network leads to it.
        (None, INTERVAL, true, INTERVAL),
        (Some(ProblemCode::Failed), INTERVAL, true, INTERVAL),
        (Some(ProblemCode::Unreachable), INTERVAL, false, INTERVAL),
        (Some(ProblemCode::Unreachable), INTERVAL, true, RARELY),
        (Some(ProblemCode::Unreachable), hour, true, hour),
        (Some(ProblemCode::TokenRefused), INTERVAL, false, RARELY),
        (Some(ProblemCode::SignedOut), INTERVAL, false, RARELY),
    ] {
        assert_eq!(ended(failed).pause(Pace { interval, offline }), pause, "{failed:?} {interval:?} {offline}");
    }
}

#[test]
fn a_decision_that_failed_waits_five_minutes_at_most_where_the_server_may_be_there() {
    let may = |failed, offline| {
        let ended = Ended { began: Instant::now(), at: 0, instant: Instant::now(), failed, sends: false };
        ended.may_send_soon(Pace { interval: 12 * LONGEST_BACKOFF, offline })
    };
    assert!(may(None, false) && may(None, true) && may(Some(ProblemCode::Unreachable), false));
    assert!(!may(Some(ProblemCode::Unreachable), true), "without a network");
    assert!(!may(Some(ProblemCode::TokenRefused), false) && !may(Some(ProblemCode::Cache), false));
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_network_is_back_a_turn_that_is_due_begins_at_once() {
    // Not one of the pool, which would go on listening.
    let server = MockServer::builder().start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let folder = TempDir::new().expect("folder");
    let school = connected(&server, &folder).await;
    let address = *server.address();
    drop(server);
    // It ends on a thread of its own; a turn that still reached it would leave something to be worked out: news.
    let gone = async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, gone).await.expect("it ends");

    let engine = Engine::start(school.clone(), Duration::from_millis(200), std::future::ready(()));
    engine.set_offline(true);
    let mut state = engine.state();
    let rarely = |state: &SyncState| {
        let (since, next) = (state.failing_since?.ms(), state.next_at?.ms());
        Some(next - since >= i64::try_from(RARELY.as_millis()).expect("short"))
    };
    let reached_nobody = state.wait_for(|state| rarely(state) == Some(true));
    tokio::time::timeout(PATIENCE, reached_nobody).await.expect("in time").expect("it runs");
    let mut news = engine.news();
    news.mark_unchanged();
    tokio::time::timeout(Duration::from_secs(1), news.changed()).await.expect_err("nothing is tried for now");

    engine.set_offline(false);
    tokio::time::timeout(PATIENCE, news.changed()).await.expect("at once").expect("it runs");
    engine.stop().await;
    school.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_else_has_written_is_news_at_once() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let folder = TempDir::new().expect("folder");
    let school = connected(&server, &folder).await;
    let engine = Engine::start(school.clone(), Duration::from_secs(3600), std::future::ready(()));
    engine.state().wait_for(|state| state.next_at.is_some()).await.expect("a first turn");
    let other = App::new(folder.path().join("data")).open(None, Some(passphrase())).await.expect("opened");
    let mut news = engine.news();
    // What the turn has left to be worked out is news, too.
    while tokio::time::timeout(Duration::from_secs(1), news.changed()).await.is_ok() {}

    other.decide(ActionType::DeviceAccess, &[1], ActionValue::Blocked).await.expect("decided");
    other.close().await;

    tokio::time::timeout(PATIENCE, news.changed()).await.expect("at once").expect("it runs");
    engine.stop().await;
    school.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_only_read_is_no_news() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let folder = TempDir::new().expect("folder");
    let school = connected(&server, &folder).await;
    school.turn(Urgency::Timer, |_| ()).await.expect("a first sync");
    let ear = school.ear().expect("it listens");

    let other = App::new(folder.path().join("data")).open(None, Some(passphrase())).await.expect("opened");
    other.status().await.expect("read");
    other.close().await;

    tokio::time::timeout(Duration::from_secs(1), ear.heard()).await.expect_err("nothing was written");
    school.close().await;
}
