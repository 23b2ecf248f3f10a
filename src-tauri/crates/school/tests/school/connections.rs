//! Who keeps the server waiting, and how many may come at once.

use std::time::Duration;

use hallmonitor_school::Limits;
use reqwest::{Client, Method, Version};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use super::started::{As, Started, start, start_with};

/// Long enough for any machine, and shorter than what ends connections by itself; nobody waits for it where the promise
/// is kept.
const PATIENCE: Duration = Duration::from_secs(8);

/// As short as it can be where the machine may be busy for a moment: what is asked at once has to be asked within it.
const SHORT: Duration = Duration::from_secs(1);

/// What the server says to these bytes until it closes the connection.
async fn closed_after(school: &Started, bytes: &str) -> String {
    let mut stream = TcpStream::connect(school.running.address()).await.unwrap();
    stream.write_all(bytes.as_bytes()).await.unwrap();
    let mut said = Vec::new();
    // A reset closes it as well.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut said)).await.unwrap_or_else(|_| panic!("open after {bytes:?}"));
    String::from_utf8_lossy(&said).into_owned()
}

#[tokio::test]
async fn a_connection_that_does_not_come_to_its_request_is_closed() {
    let school = start_with(Limits { head: SHORT, ..Limits::default() }).await;
    for bytes in ["", "P", "PRI * HTTP/2.0\r\n", "GET /openapi.json HTT", "GET /openapi.json HTTP/1.1\r\nHost: a\r\nX-"]
    {
        let said = closed_after(&school, bytes).await;
        assert!(!said.starts_with("HTTP/1.1 200"), "{bytes:?}: {said}");
    }
    let said = closed_after(&school, "GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert!(said.starts_with("HTTP/1.1 200"), "{said:.100}");
    assert_eq!(school.get("/login-log").await.status(), 200);
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let school = start_with(Limits { body: SHORT, ..Limits::default() }).await;
    let request = |token: &str| {
        format!(
            "POST /login-log/actions HTTP/1.1\r\nHost: a\r\nToken: {token}\r\nCabinet-Hash: {}\r\n\
             Content-Length: 100\r\n\r\n{{",
            school.admin.cabinet_hash
        )
    };
    let said = closed_after(&school, &request(school.admin.token.reveal())).await;
    assert!(said.starts_with("HTTP/1.1 503") && said.contains("too_slow"), "{said}");
    let said = closed_after(&school, &request("hm_not_a_token")).await;
    assert!(said.starts_with("HTTP/1.1 401"), "{said}");
}

#[tokio::test]
async fn more_connections_than_there_may_be_wait_for_a_place() {
    let school = start_with(Limits { connections: 2, ..Limits::default() }).await;
    // Each stream is a connection by itself, which goes on.
    let stream = async || {
        let http = Client::new();
        let request = http
            .get(format!("{}/login-log/events", school.running.url()))
            .header("Token", school.admin.token.reveal())
            .header("Cabinet-Hash", &school.admin.cabinet_hash);
        (request.send().await.unwrap(), http)
    };
    let (first, _second) = (stream().await, stream().await);
    let mut third = Box::pin(school.get("/login-log"));
    assert!(timeout(SHORT, &mut third).await.is_err(), "there are two already");
    drop(first);
    assert_eq!(timeout(PATIENCE, third).await.unwrap().status(), 200);
}

#[tokio::test]
async fn http_2_is_spoken_with_whoever_begins_with_it() {
    let school = start().await;
    let http = Client::builder().http2_prior_knowledge().build().unwrap();
    let answers = futures_util::future::join_all((0..10).map(|_| {
        http.get(format!("{}/login-log", school.running.url()))
            .header("Token", school.admin.token.reveal())
            .header("Cabinet-Hash", &school.admin.cabinet_hash)
            .send()
    }));
    for answer in answers.await {
        let answer = answer.unwrap();
        assert_eq!((answer.status().as_u16(), answer.version()), (200, Version::HTTP_2));
    }
    assert_eq!(school.get("/login-log").await.version(), Version::HTTP_11);
}

#[tokio::test]
async fn whoever_asks_for_nothing_more_gives_the_place_back_also_over_http_2() {
    let school = start_with(Limits { connections: 1, head: SHORT, ..Limits::default() }).await;
    // It would keep its connection for a minute and a half, and answers whether it is there still.
    let quiet = Client::builder().http2_prior_knowledge().build().unwrap();
    let asked = |http: &Client| http.get(format!("{}/openapi.json", school.running.url())).send();
    assert_eq!(asked(&quiet).await.unwrap().status(), 200);
    let next = timeout(PATIENCE, school.get("/login-log")).await.expect("there is a place again");
    assert_eq!(next.status(), 200);
}

/// HTTP/2 as somebody speaks it who has room for nothing: no window, one request, and then silence.
const NO_ROOM: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\
    \x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x04\x00\x00\x00\x00\
    \x00\x00\x0f\x01\x05\x00\x00\x00\x01\x82\x86\x04\x08/nothing\x41\x01a";

#[tokio::test]
async fn an_answer_that_nobody_takes_is_not_kept_for_them() {
    let school = start_with(Limits { connections: 1, head: SHORT, answer: SHORT, ..Limits::default() }).await;
    let flood = "GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2_000);
    for bytes in [NO_ROOM, flood.as_bytes()] {
        let mut stream = TcpStream::connect(school.running.address()).await.unwrap();
        // Where the server reads no further, neither does this go on.
        let _ = timeout(SHORT, stream.write_all(bytes)).await;
        let next = timeout(PATIENCE, school.get("/login-log")).await.expect("there is a place again");
        assert_eq!(next.status(), 200);
        drop(stream);
    }
}

#[tokio::test]
async fn an_answer_that_is_on_its_way_for_long_comes_whole() {
    // The whole way takes three times as long, and no break on it does, also where the machine is busy for a moment.
    let head = Duration::from_secs(2);
    let school = start_with(Limits { head, ..Limits::default() }).await;
    for number in 0..6 {
        let contact =
            serde_json::json!({ "email": format!("{number}@s.example"), "first_name": "x".repeat(1_000_000) });
        school.told("/site/contacts", contact).await;
    }
    let request = format!(
        "GET /login-log/changes HTTP/1.1\r\nHost: a\r\nToken: {}\r\nCabinet-Hash: {}\r\n\r\n",
        school.admin.token.reveal(),
        school.admin.cabinet_hash
    );
    let mut stream = TcpStream::connect(school.running.address()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let (mut all, mut piece) = (0, Vec::new());
    loop {
        piece.clear();
        let mut next = (&mut stream).take(250_000);
        let read = timeout(PATIENCE, next.read_to_end(&mut piece)).await.expect("it goes on").unwrap();
        if read == 0 {
            break;
        }
        all += read;
        // Slower than the clock that a quiet connection has.
        tokio::time::sleep(head / 8).await;
    }
    assert!(all > 6_000_000, "{all}");
}

#[tokio::test]
async fn a_stream_that_says_nothing_for_long_is_no_quiet_connection() {
    let school = start_with(Limits { head: SHORT, ..Limits::default() }).await;
    for (http, email) in [
        (Client::builder().http2_prior_knowledge().build().unwrap(), "anna@s.example"),
        (Client::new(), "bob@s.example"),
    ] {
        let request = http
            .get(format!("{}/login-log/events", school.running.url()))
            .header("Token", school.admin.token.reveal())
            .header("Cabinet-Hash", &school.admin.cabinet_hash);
        let mut stream = request.send().await.unwrap();
        assert!(stream.chunk().await.unwrap().is_some(), "it says that it is there");
        tokio::time::sleep(4 * SHORT).await;
        school.contact(email).await;
        let said = timeout(PATIENCE, stream.chunk()).await.expect("told").unwrap().expect("no end");
        assert!(String::from_utf8_lossy(&said).contains("changed"), "{said:?}");
    }
}

#[tokio::test]
async fn a_server_that_stops_finishes_what_runs_and_leaves_nobody_waiting() {
    let school = start().await;
    let mut silent = TcpStream::connect(school.running.address()).await.unwrap();
    let stream = school.get("/login-log/events").await;
    let login = school.contact("anna@s.example").await;
    assert_eq!(school.call(As::Admin, Method::GET, &format!("/contacts/{login}")).send().await.unwrap().status(), 200);
    let url = school.running.url();
    timeout(PATIENCE, school.running.shutdown()).await.expect("no connection holds it up").unwrap();
    assert!(timeout(PATIENCE, stream.text()).await.is_ok(), "the stream ended");
    assert!(matches!(timeout(PATIENCE, silent.read(&mut [0; 1])).await, Ok(Ok(0) | Err(_))));
    assert!(school.http.get(url).send().await.is_err_and(|error| error.is_connect()));
}
