//! The server's limits on calls, and the reserve for others.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use hallmonitor_core::school::{Limits, SchoolClient, SchoolError, Verdict};
use hallmonitor_language::Language;

use crate::stub::{EMPTY, Stub, json, quick, whole};

/// The waits that the client told of.
fn told(client: SchoolClient) -> (SchoolClient, Arc<Mutex<Vec<Duration>>>) {
    let waits = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&waits);
    (client.on_wait(move |wait| kept.lock().unwrap().push(wait)), waits)
}

#[tokio::test]
async fn an_ordered_wait_is_sat_out_and_told() {
    let stub = Stub::new(|nth, _| match nth {
        0 => json(429, &[("retry-after", "1")], r#"{"message":"Too many"}"#),
        1 => whole(429, &[("content-type", "text/plain"), ("retry-after", "1")], b"slow down"),
        _ => json(200, &[], EMPTY),
    })
    .await;
    let (client, waits) = told(stub.client());
    assert!(client.changes(None, 10).await.is_ok());
    assert_eq!(*waits.lock().unwrap(), [Duration::from_secs(1); 2]);
    assert_eq!(client.requests(), 3);
}

#[tokio::test]
async fn a_wait_that_a_failing_server_orders_is_sat_out_and_told() {
    let stub = Stub::new(|nth, _| match nth {
        0 => json(503, &[("retry-after", "1")], r#"{"message":"Busy"}"#),
        1 => whole(502, &[("content-type", "text/html"), ("retry-after", "1")], b"<h1>Bad gateway</h1>"),
        2 => json(425, &[("retry-after", "1")], r#"{"message":"Too early"}"#),
        _ => json(200, &[], EMPTY),
    })
    .await;
    let (client, waits) = told(stub.client());
    assert!(client.changes(None, 10).await.is_ok());
    assert_eq!(*waits.lock().unwrap(), [Duration::from_secs(1); 3]);

    let stub = Stub::always(|| json(503, &[("retry-after", "61")], r#"{"message":"Busy"}"#)).await;
    let (client, waits) = told(stub.client());
    let error = client.changes(None, 10).await.unwrap_err();
    assert!(matches!(error, SchoolError::Refused { status: 503, .. }), "{error:?}");
    assert_eq!((client.requests(), waits.lock().unwrap().len()), (1, 0), "a longer one is told as an error");
}

#[tokio::test]
async fn a_wait_of_more_than_a_minute_is_an_error() {
    let stub = Stub::always(|| json(429, &[("retry-after", "61")], r#"{"message":"Too many"}"#)).await;
    let (client, waits) = told(stub.client());
    let error = client.changes(None, 10).await.unwrap_err();
    assert_eq!(error.verdict(), Verdict::RateLimited { retry_after: Some(Duration::from_secs(61)) });
    assert!(matches!(error, SchoolError::Refused { status: 429, .. }), "{error:?}");
    assert_eq!((client.requests(), waits.lock().unwrap().len()), (1, 0));
}

#[tokio::test]
async fn a_server_that_wants_no_call_for_long_gets_none_until_then() {
    let stub = Stub::always(|| json(429, &[("retry-after", "3600")], r#"{"message":"Too many"}"#)).await;
    let (client, waits) = told(stub.client());
    for _ in 0..3 {
        let error = client.clone().changes(None, 10).await.unwrap_err();
        assert!(matches!(error.verdict(), Verdict::RateLimited { retry_after: Some(_) }), "{error:?}");
        let hint = error.hint().said(Language::English);
        assert!(hint.starts_with("Wait 60 minutes"), "{hint}");
    }
    assert_eq!((client.requests(), waits.lock().unwrap().len()), (1, 0));
}

#[tokio::test]
async fn a_limit_without_a_time_is_an_error_at_once() {
    for said in [&[][..], &[("retry-after", "-5")]] {
        let stub = Stub::always(|| json(429, said, r#"{"message":"Too many"}"#)).await;
        let (client, waits) = told(stub.client());
        let error = client.changes(None, 10).await.unwrap_err();
        assert_eq!(error.verdict(), Verdict::RateLimited { retry_after: None });
        assert_eq!((client.requests(), waits.lock().unwrap().len()), (1, 0), "{said:?}");
    }
}

#[tokio::test]
async fn the_reserve_is_left_to_others() {
    let stub = Stub::new(|nth, _| {
        let remaining = [22, 21, 20, 150, 149][nth].to_string();
        json(200, &[("x-ratelimit-limit", "200"), ("x-ratelimit-remaining", remaining.as_str())], EMPTY)
    })
    .await;
    // The first calls have to be made within it.
    let window = Duration::from_secs(5);
    let (client, waits) = told(stub.client_with(Limits { window, ..quick() }));
    for _ in 0..3 {
        client.changes(None, 10).await.unwrap();
    }
    assert_eq!(*waits.lock().unwrap(), [], "there was room");
    client.clone().changes(None, 10).await.unwrap();
    {
        let waits = waits.lock().unwrap();
        assert_eq!(waits.len(), 1, "the reserve was used up");
        assert!(waits[0] <= window, "{waits:?}");
    }
    client.changes(None, 10).await.unwrap();
    assert_eq!(waits.lock().unwrap().len(), 1, "there is room again");
    assert_eq!(client.requests(), 5);
}

#[tokio::test]
async fn the_reserve_is_waited_for_until_the_server_counts_anew() {
    let seconds = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    for (reset, longest) in [(seconds() + 2, 2), (42, 5)] {
        let stub = Stub::new(move |_, _| {
            let reset = reset.to_string();
            let said = [("x-ratelimit-limit", "200"), ("x-ratelimit-remaining", "20"), ("x-ratelimit-reset", &reset)];
            json(200, &said, EMPTY)
        })
        .await;
        let (client, waits) = told(stub.client_with(Limits { window: Duration::from_secs(5), ..quick() }));
        client.changes(None, 10).await.unwrap();
        client.changes(None, 10).await.unwrap();
        let waits = waits.lock().unwrap();
        assert_eq!(waits.len(), 1, "the reserve was used up, and a point that is past is not believed");
        assert!(waits[0] <= Duration::from_secs(longest), "{reset}: {waits:?}");
    }
}
