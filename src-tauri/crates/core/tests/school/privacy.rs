//! What leaves this machine, and to whom.

use hallmonitor_core::school::{SchoolError, ServerUrl, Verdict};
use hallmonitor_language::Language;

use crate::stub::{CABINET, EMPTY, Reply, Stub, TOKEN, client, json, quick, whole};

#[tokio::test]
async fn a_call_carries_its_headers_and_nothing_in_the_address() {
    let stub = Stub::always(|| json(200, &[("set-cookie", "track=me")], EMPTY)).await;
    let url = ServerUrl::parse(&format!("http://{}/school/7/", stub.address)).unwrap();
    let client = client(&url, quick());
    client.changes(Some("a b&limit=9"), 250).await.unwrap();
    client.changes(None, 10).await.unwrap();
    let heads = stub.heads();
    let line = heads[0].lines().next().unwrap();
    assert_eq!(line, "get /school/7/login-log/changes?cursor=a+b%26limit%3d9&limit=250 http/1.1");
    for header in [
        format!("token: {}", TOKEN.to_lowercase()),
        format!("cabinet-hash: {}", CABINET.to_lowercase()),
        "x-language: uk".to_owned(),
        "accept: application/json".to_owned(),
    ] {
        assert!(heads.iter().all(|head| head.lines().any(|line| line == header)), "{header}: {heads:?}");
    }
    let accepted = heads[0].lines().find_map(|line| line.strip_prefix("accept-encoding:")).unwrap();
    assert!(accepted.contains("zstd") && accepted.contains("gzip"), "{accepted}");
    assert!(heads.iter().all(|head| !head.contains("cookie")), "{heads:?}");
}

#[tokio::test]
async fn no_redirect_carries_the_token_to_another_server() {
    for status in [301, 302, 303, 307, 308] {
        let other = Stub::always(|| json(200, &[], EMPTY)).await;
        let port = other.address.port();
        for target in [
            format!("http://127.0.0.1:{port}/login-log/changes"),
            format!("//127.0.0.1:{port}/"),
            format!("https://127.0.0.1:{port}/"),
            format!("http://localhost:{port}/"),
            "https://evil.example/".to_owned(),
            "file:///etc/passwd".to_owned(),
        ] {
            let shown = target.clone();
            let stub = Stub::always(move || whole(status, &[("location", target.as_str())], b"")).await;
            let client = stub.client();
            let error = client.changes(None, 10).await.unwrap_err();
            assert!(matches!(error, SchoolError::Elsewhere { .. }), "{shown}: {error:?}");
            assert_eq!((error.verdict(), client.requests()), (Verdict::Broken, 1), "{shown}");
        }
        assert_eq!(other.heads(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_server_that_repeats_the_token_makes_nobody_read_it() {
    let body = format!(r#"{{"message": "bad token {TOKEN}!", "code": "bad_{TOKEN}"}}"#);
    let stub = Stub::always(move || json(401, &[], &body)).await;
    let error = stub.client().changes(None, 10).await.unwrap_err();
    assert!(error.to_string().contains("bad token …!"), "{error}");
    assert!(!format!("{error} {error:?}").contains(TOKEN), "{error:?}");
}

#[tokio::test]
async fn a_school_that_calls_itself_by_what_it_was_sent_is_not_called_so() {
    let body = format!(
        r#"{{"data": {{"version": 1, "cabinet": {{"name": "A {TOKEN} B {CABINET} C"}}, "epoch": "e",
            "max_changes_limit": 10, "max_actions": 10}}}}"#
    );
    let stub = Stub::always(move || json(200, &[], &body)).await;
    let name = stub.client().capabilities().await.unwrap().unwrap().cabinet.name;
    assert_eq!(name, "A … B … C");
}

#[tokio::test]
async fn a_redirect_to_another_server_is_named() {
    let stub = Stub::always(|| whole(301, &[("location", "https://new.example:8443/a?b")], b"")).await;
    let error = stub.client().changes(None, 10).await.unwrap_err();
    assert!(error.to_string().contains("https://new.example:8443,"), "{error}");
}

#[tokio::test]
async fn redirects_within_the_server_are_followed_five_times() {
    let stub = Stub::new(|nth, head| match nth {
        0..5 => whole(302, &[("location", ["/a", "b?c=1", "./", "/x/../y", "/z"][nth])], b""),
        _ if head.starts_with("get /z ") => json(200, &[], EMPTY),
        _ => json(404, &[], r#"{"message":"lost"}"#),
    })
    .await;
    let client = stub.client();
    client.changes(None, 10).await.unwrap();
    assert_eq!(client.requests(), 6);
    assert!(stub.heads().iter().all(|head| head.contains(&TOKEN.to_lowercase())));
}

#[tokio::test]
async fn redirects_without_an_end_or_an_address_are_found_out() {
    for headers in [&[("location", "/again")][..], &[], &[("location", "http://[")]] {
        let stub = Stub::always(move || whole(302, headers, b"")).await;
        let error = stub.client().changes(None, 10).await.unwrap_err();
        assert!(matches!(error, SchoolError::Redirects { .. }), "{headers:?}: {error:?}");
    }
}

#[tokio::test]
async fn no_text_shows_token_or_cabinet() {
    let echo = format!(r#"{{"message":"{TOKEN}"}}"#);
    let stub = Stub::new(move |nth, _| match nth {
        0 => Reply::Close(b"garbage".to_vec()),
        1 => whole(200, &[("content-type", "text/html")], b"<h1>"),
        2 => json(200, &[], "[]"),
        3 => whole(302, &[("location", "https://other.example/")], b""),
        // A server that repeats the token is its own fault; nothing of ours adds the cabinet to it.
        _ => json(401, &[], &echo.replace(TOKEN, "no")),
    })
    .await;
    let client = stub.client_with(hallmonitor_core::school::Limits {
        patience: hallmonitor_core::school::Patience { tries: 1, ..quick().patience },
        ..quick()
    });
    let mut texts = vec![format!("{client:?}")];
    for _ in 0..5 {
        let error = client.changes(None, 10).await.unwrap_err();
        texts.push(format!("{error} {error:?} {:#?} {}", error, error.hint().said(Language::Ukrainian)));
    }
    for text in texts {
        assert!(!text.contains(TOKEN) && !text.contains(CABINET), "{text}");
    }
}

#[tokio::test]
async fn https_to_a_plain_server_shows_it_no_token() {
    let stub = Stub::always(|| json(200, &[], EMPTY)).await;
    let url = ServerUrl::parse(&format!("https://{}", stub.address)).unwrap();
    let error = client(&url, quick()).changes(None, 10).await.unwrap_err();
    assert!(matches!(error, SchoolError::Connect { refused: false, .. }), "{error:?}");
    assert!(stub.heads().iter().all(|head| !head.contains(&TOKEN.to_lowercase())));
}

/// The environment belongs to the whole process, so the test runs once more in a process of its own.
#[test]
fn a_proxy_never_stands_before_this_machine() {
    const CHILD: &str = "HALLMONITOR_TEST_BEHIND_A_PROXY";
    if std::env::var_os(CHILD).is_some() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let stub = Stub::always(|| json(200, &[], EMPTY)).await;
            stub.client().changes(None, 10).await.expect("asked without the proxy");
        });
        return;
    }
    let mut again = std::process::Command::new(std::env::current_exe().unwrap());
    again.args(["--exact", "privacy::a_proxy_never_stands_before_this_machine", "--nocapture"]).env(CHILD, "1");
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        // Nothing listens on port 1.
        again.env(name, "http://127.0.0.1:1");
    }
    again.env_remove("no_proxy").env_remove("NO_PROXY");
    let ended = again.output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert!(ended.status.success() && out.contains("1 passed"), "{out}\n{err}");
}
