//! The stream of nudges, from servers that do what no right server does.

use std::time::Duration;

use hallmonitor_core::school::{EventsError, Limits, SchoolError};

use crate::stub::{CABINET, Reply, Stub, TOKEN, head, json, quick, whole};

const STREAM: (&str, &str) = ("content-type", "text/event-stream");
const NUDGE: &str = "event: changed\ndata: {\"rev\": 7}\n\n";

fn stream(said: &str) -> Vec<u8> {
    [head(200, &[STREAM]), said.as_bytes().to_vec()].concat()
}

#[tokio::test]
async fn the_stream_is_asked_for_as_everything_is_and_is_no_request_of_an_exchange() {
    let stub = Stub::always(|| Reply::Hang(stream(NUDGE))).await;
    let client = stub.client();
    client.nudges().await.unwrap().next().await.unwrap();

    let asked = &stub.heads()[0];
    assert!(asked.starts_with("get /login-log/events http/1.1\r\n"), "{asked}");
    for sent in [
        format!("token: {TOKEN}").to_lowercase(),
        format!("cabinet-hash: {CABINET}").to_lowercase(),
        "x-language: uk".to_owned(),
        "accept: text/event-stream".to_owned(),
    ] {
        assert_eq!(asked.matches(&format!("\r\n{sent}\r\n")).count(), 1, "{sent}: {asked}");
    }
    assert_eq!(client.requests(), 0);
}

#[tokio::test]
async fn a_redirect_to_another_server_takes_no_token_there() {
    let other = Stub::always(|| Reply::Hang(stream(NUDGE))).await;
    let target = format!("http://{}/login-log/events", other.address);
    let stub = Stub::always(move || whole(307, &[("location", &target)], b"")).await;
    let error = stub.client().nudges().await.unwrap_err();
    assert!(matches!(error, EventsError::School(SchoolError::Elsewhere { .. })), "{error:?}");
    assert_eq!(other.heads(), Vec::<String>::new());
}

#[tokio::test]
async fn a_redirect_within_the_server_is_followed() {
    let stub = Stub::new(|nth, _| match nth {
        0 => whole(307, &[("location", "/v1/events")], b""),
        _ => Reply::Hang(stream(NUDGE)),
    })
    .await;
    stub.client().nudges().await.unwrap().next().await.unwrap();
    assert!(stub.heads()[1].starts_with("get /v1/events "), "{:?}", stub.heads());
}

#[tokio::test]
async fn whatever_is_no_stream_is_refused() {
    for (status, headers) in [
        (404, [("content-type", "application/json")]),
        (401, [STREAM]),
        (204, [STREAM]),
        (200, [("content-type", "text/html")]),
    ] {
        let stub = Stub::always(move || whole(status, &headers, b"")).await;
        let error = stub.client().nudges().await.unwrap_err();
        assert!(matches!(error, EventsError::NoStream { status: told, .. } if told == status), "{error:?}");
    }
    let stub = Stub::always(|| json(500, &[], r#"{"message":"No."}"#)).await;
    assert!(matches!(stub.client().nudges().await, Err(EventsError::NoStream { status: 500, .. })));
}

#[tokio::test]
async fn a_stream_ends_where_it_is_cut_ended_or_silent() {
    let stub = Stub::new(|nth, _| match nth {
        0 => Reply::Close(stream(NUDGE)),
        1 => {
            Reply::Close([head(200, &[STREAM, ("transfer-encoding", "chunked")]), b"30\r\nevent: ch".to_vec()].concat())
        }
        _ => Reply::Hang(stream("event: changed\n")),
    })
    .await;
    let client = stub.client();
    let mut ended = client.nudges().await.unwrap();
    ended.next().await.unwrap();
    assert!(matches!(ended.next().await, Err(EventsError::Ended)));
    let mut cut = client.nudges().await.unwrap();
    assert!(matches!(cut.next().await, Err(EventsError::Cut(_))));
    let impatient = stub.client_with(Limits { silence: Duration::from_millis(200), ..quick() });
    let mut silent = impatient.nudges().await.unwrap();
    assert!(matches!(silent.next().await, Err(EventsError::Silent(_))));
}

#[tokio::test]
async fn signs_of_life_keep_a_stream() {
    // Much longer than the pauses, also where the machine does something else for a moment.
    let silence = Duration::from_secs(3);
    let stub = Stub::always(|| Reply::Drip {
        head: stream(""),
        piece: b": alive\n\n".to_vec(),
        pause: Duration::from_millis(50),
    })
    .await;
    let client = stub.client_with(Limits { silence, ..quick() });
    let mut stream = client.nudges().await.unwrap();
    // Neither a nudge nor an end: what ends the waiting is the test.
    let waited = tokio::time::timeout(silence * 2, stream.next()).await;
    assert!(waited.is_err(), "{waited:?}");
}

#[tokio::test]
async fn a_flood_ends_the_stream() {
    for piece in [b"x".repeat(1_000), b": x\n\n".repeat(1_000)] {
        let stub =
            Stub::always(move || Reply::Drip { head: stream(""), piece: piece.clone(), pause: Duration::ZERO }).await;
        let mut stream = stub.client().nudges().await.unwrap();
        assert!(matches!(stream.next().await, Err(EventsError::TooMuch)));
    }
}
