//! The engine's pace, against a server that is one function of the path.

use hallmonitor_wire::{ActionType, ActionValue};
use serde_json::{Value, json};
use tempfile::TempDir;
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::any};

use super::*;
use crate::{
    App, Connection,
    vault::{CabinetHash, Passphrase, Token},
};

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

#[tokio::test(flavor = "multi_thread")]
async fn with_a_token_that_may_not_decide_the_cache_stays_up_to_date_at_the_usual_pace() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let folder = TempDir::new().expect("folder");
    let app = App::new(folder.path().join("data"));
    let passphrase = || Passphrase::new("correct horse battery staple".to_owned()).expect("a passphrase");
    let connection = Connection {
        server: server.uri(),
        cabinet: CabinetHash::new("cab").expect("cabinet"),
        token: Token::new("tok").expect("token"),
        name: None,
        passphrase: Some(passphrase()),
    };
    app.connect(connection).await.expect("connected");
    let school = app.open(None, Some(passphrase())).await.expect("opened");

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
