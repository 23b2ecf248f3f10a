//! Servers that are down, break off, or say something else than what was asked.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use hallmonitor_core::school::{BadPage, Limits, Patience, SchoolError, ServerUrl, Verdict};
use hallmonitor_language::Language;
use tokio::net::TcpSocket;

use crate::stub::{EMPTY, JSON, Reply, Stub, client, head, json, quick, whole};

#[tokio::test]
async fn a_server_that_is_down_is_told_at_once_by_name() {
    // Bound, so that nobody else is given the port meanwhile, and not listened on.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    let client = client(&ServerUrl::parse(&format!("http://{address}")).unwrap(), quick());
    let error = client.changes(None, 10).await.unwrap_err();
    assert!(matches!(error, SchoolError::Connect { refused: true, .. }), "{error:?}");
    assert_eq!(error.verdict(), Verdict::Again);
    assert!(error.to_string().contains(&address.to_string()), "{error}");
    assert_eq!(error.hint().key(), "problem.hint.is_it_running");
    assert_eq!(client.requests(), 2);
}

#[tokio::test]
async fn a_host_that_is_nowhere_is_no_refusal() {
    // Whom the system asks for names may be slow to answer, or away: one answer is waited for, however long it takes.
    let patience = Patience { tries: 1, ..quick().patience };
    let client = client(&ServerUrl::parse("https://no-such-school.invalid").unwrap(), Limits { patience, ..quick() });
    let error = client.changes(None, 10).await.unwrap_err();
    assert!(matches!(error, SchoolError::Connect { refused: false, .. }), "{error:?}");
    assert!(error.to_string().contains("no-such-school.invalid"), "{error}");
}

#[tokio::test]
async fn a_connection_that_breaks_is_tried_again_and_told() {
    let gzip = {
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(EMPTY.as_bytes()).unwrap();
        packer.finish().unwrap()
    };
    let zstd = zstd::encode_all(EMPTY.as_bytes(), 1).unwrap();
    let cut = |headers: &[(&str, &str)], body: &[u8]| {
        let mut bytes = head(200, &[&[JSON], headers].concat());
        bytes.extend_from_slice(body);
        bytes
    };
    for (what, bytes) in [
        ("nothing", Vec::new()),
        ("half a head", b"HTTP/1.1 200 OK\r\ncontent-ty".to_vec()),
        ("no HTTP", b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()),
        ("less than announced", cut(&[("content-length", "500")], EMPTY.as_bytes())),
        ("half a chunk", cut(&[("transfer-encoding", "chunked")], b"30\r\n{\"data\":")),
        ("half a gzip", cut(&[("content-encoding", "gzip")], &gzip[..gzip.len() / 2])),
        ("a gzip without its end", cut(&[("content-encoding", "gzip")], &gzip[..gzip.len() - 4])),
        ("half a zstd", cut(&[("content-encoding", "zstd")], &zstd[..zstd.len() / 2])),
        ("no gzip", cut(&[("content-encoding", "gzip")], EMPTY.as_bytes())),
    ] {
        let stub = Stub::always(move || Reply::Close(bytes.clone())).await;
        let client = stub.client();
        let error = client.changes(None, 10).await.unwrap_err();
        assert!(matches!(error, SchoolError::Cut { .. }), "{what}: {error:?}");
        assert_eq!((error.verdict(), client.requests()), (Verdict::Again, 3), "{what}");
    }
}

#[tokio::test]
async fn whole_packed_answers_are_read() {
    let gzip = {
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(EMPTY.as_bytes()).unwrap();
        packer.finish().unwrap()
    };
    for (encoding, body) in [("gzip", gzip), ("zstd", zstd::encode_all(EMPTY.as_bytes(), 1).unwrap())] {
        let stub = Stub::always(move || whole(200, &[JSON, ("content-encoding", encoding)], &body)).await;
        assert_eq!(stub.client().changes(None, 10).await.unwrap().meta.cursor, "end", "{encoding}");
    }
}

#[tokio::test]
async fn a_server_that_fails_for_a_moment_is_asked_again() {
    for status in [408, 409, 425, 500, 502, 503, 504] {
        let stub = Stub::new(move |nth, _| match nth {
            0 => json(status, &[], r#"{"message":"A moment."}"#),
            1 => whole(status, &[("content-type", "text/html")], b"<h1>Bad gateway</h1>"),
            _ => json(200, &[], EMPTY),
        })
        .await;
        let client = stub.client();
        assert_eq!(client.changes(None, 10).await.unwrap().meta.cursor, "end", "{status}");
        assert_eq!(client.requests(), 3, "{status}");
    }
}

#[tokio::test]
async fn each_refusal_has_its_verdict_its_words_and_no_second_try() {
    for (status, verdict) in [
        (400, Verdict::BadCursor),
        (401, Verdict::TokenRefused),
        (403, Verdict::TokenRefused),
        (404, Verdict::NotFound),
        (405, Verdict::Broken),
        (410, Verdict::CursorExpired),
        (413, Verdict::Broken),
        (422, Verdict::Broken),
    ] {
        let stub =
            Stub::always(move || json(status, &[], r#"{"message":"Ні.\u202e","code":"no","secret":"BODY"}"#)).await;
        let client = stub.client();
        let error = client.changes(Some("c"), 10).await.unwrap_err();
        assert_eq!((error.verdict(), client.requests()), (verdict, 1), "{status}");
        let text = error.to_string();
        assert!(text.ends_with(&format!("(status {status}): Ні.")), "{text}");
        assert!(!text.contains("BODY"), "{text}");
        assert!(!error.hint().said(Language::English).is_empty());
        assert!(matches!(error, SchoolError::Refused { code: Some(code), .. } if code == "no"));
    }
}

#[tokio::test]
async fn a_web_page_is_no_answer_whatever_its_status() {
    for status in [200, 201, 301, 400, 401, 403, 404, 410] {
        let headers = [("content-type", "text/html; charset=utf-8")];
        let stub = Stub::always(move || whole(status, &headers, b"<html>Sign in to the hotel</html>")).await;
        let error = stub.client().capabilities().await.unwrap_err();
        assert_eq!(error.verdict(), Verdict::Broken, "{status}: {error}");
        assert!(!error.to_string().contains("hotel"), "{error}");
    }
    let stub = Stub::always(|| whole(200, &[], EMPTY.as_bytes())).await;
    assert!(matches!(stub.client().changes(None, 10).await, Err(SchoolError::NotJson { .. })));
}

#[tokio::test]
async fn json_that_is_no_page_is_told_and_not_asked_again() {
    let deep = "[".repeat(1_000_000);
    for body in ["", "{", "[]", "7", r#"{"data":{}}"#, r#"{"data":{"sessions":7},"meta":{}}"#, deep.as_str()] {
        let body = body.to_owned();
        let shown = body.chars().take(40).collect::<String>();
        let stub = Stub::always(move || json(200, &[], &body)).await;
        let client = stub.client();
        let error = client.changes(None, 10).await.unwrap_err();
        assert!(matches!(error, SchoolError::Unreadable { source: BadPage::Json(_), .. }), "{shown}: {error:?}");
        assert_eq!((error.verdict(), client.requests()), (Verdict::Broken, 1), "{shown}");
    }
}

#[tokio::test]
async fn no_message_repeats_an_endless_text_of_the_server() {
    let endless = "x\\u001b[31m".repeat(100_000);
    let body = format!(r#"{{"data":"{endless}","meta":{{}}}}"#);
    let stub = Stub::always(move || json(200, &[], &body)).await;
    let text = stub.client().changes(None, 10).await.unwrap_err().to_string();
    assert!(text.chars().count() < 500 && !text.contains('\u{1b}'), "{text:?}");

    let name = format!(
        r#"{{"data":{{"version":1,"cabinet":{{"name":" Школа  1{endless}"}},"epoch":"e",
        "max_changes_limit":1000,"max_actions":100}}}}"#
    );
    let stub = Stub::always(move || json(200, &[], &name)).await;
    let name = stub.client().capabilities().await.unwrap().unwrap().cabinet.name;
    assert!(name.starts_with("Школа  1x") && name.chars().count() <= 301 && !name.contains('\u{1b}'), "{name:?}");
}

#[tokio::test]
async fn a_broken_entity_among_good_ones_does_not_stop_them() {
    let stub = Stub::always(|| {
        json(
            200,
            &[],
            r#"{"data":{"deleted":[{"type":"session","id":1,"rev":5},{"type":"session","id":-1,"rev":5},
                {"type":"session","id":3,"rev":6}]},"meta":{"cursor":"end","has_more":false}}"#,
        )
    })
    .await;
    let page = stub.client().changes(None, 10).await.unwrap();
    assert_eq!(page.changes.deleted.iter().map(|gone| gone.id).collect::<Vec<_>>(), [1, 3]);
    assert_eq!((page.unreadable.len(), page.unreadable[0].id), (1, Some(-1)));
}

#[tokio::test]
async fn a_server_that_makes_no_progress_is_found_out() {
    let body = r#"{"data":{"deleted":[{"type":"session","id":1,"rev":1},{"type":"session","id":2,"rev":2}]},
        "meta":{"cursor":"same","has_more":true}}"#;
    let stub = Stub::always(move || json(200, &[], body)).await;
    let client = stub.client();
    assert!(client.changes(None, 10).await.is_ok());
    let stuck = client.changes(Some("same"), 10).await.unwrap_err();
    assert!(matches!(stuck, SchoolError::Unreadable { source: BadPage::Stuck, .. }), "{stuck:?}");
    let large = client.changes(None, 1).await.unwrap_err();
    assert!(
        matches!(large, SchoolError::Unreadable { source: BadPage::TooManyRows { asked: 1, got: 2 }, .. }),
        "{large:?}"
    );
}

#[tokio::test]
async fn a_server_without_a_login_log_says_so_and_a_web_server_does_not() {
    let stub = Stub::always(|| json(404, &[], r#"{"message":"Not found"}"#)).await;
    assert_eq!(stub.client().capabilities().await.unwrap(), None);
    let stub = Stub::always(|| whole(404, &[("content-type", "text/html")], b"<h1>404</h1>")).await;
    assert!(stub.client().capabilities().await.is_err());
}

#[tokio::test]
async fn another_version_of_the_contract_is_named() {
    let offered = |version: i64, limit: i64| {
        format!(
            r#"{{"data":{{"version":{version},"cabinet":{{"name":"A"}},"epoch":"e","max_changes_limit":{limit},
                "max_actions":100}}}}"#
        )
    };
    let stub =
        Stub::new(move |nth, _| json(200, &[], &[offered(1, 1_000), offered(2, 1_000), offered(1, 0)][nth])).await;
    let client = stub.client();
    assert_eq!(client.capabilities().await.unwrap().unwrap().epoch, "e");
    assert!(matches!(client.capabilities().await, Err(SchoolError::Version { version: 2, .. })));
    assert!(matches!(client.capabilities().await, Err(SchoolError::Unreadable { .. })));
}
