//! What goes wrong in HTTP: unknown paths, wrong methods, bad bodies, compression, languages, many servers.

use hallmonitor_school::{Limits, School};
use reqwest::{Method, header::ACCEPT_ENCODING};
use serde_json::{Value, json};

use super::started::{As, error, start};

#[tokio::test]
async fn unknown_paths_and_wrong_methods_are_errors_in_json() {
    let school = start().await;
    for (who, method, path, status) in [
        (As::Admin, Method::GET, "/", 404),
        (As::Admin, Method::GET, "/contacts/1/devices", 404),
        (As::Admin, Method::GET, "/login-log/nothing", 404),
        (As::Site, Method::GET, "/site/nothing", 404),
        (As::Admin, Method::POST, "/contacts", 405),
        (As::Admin, Method::DELETE, "/login-log/actions", 405),
        (As::Site, Method::GET, "/site/logins", 405),
    ] {
        let (said, body) = error(school.call(who, method, path).send().await.unwrap()).await;
        assert_eq!(said, status, "{path}: {body}");
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_is_malformed() {
    let school = start().await;
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    for body in ["", "{", "nonsense", "{\"email\": \"a@s.example\"} trailing", &deep] {
        for path in ["/site/contacts", "/site/logins"] {
            let request = school.call(As::Site, Method::POST, path).body(body.to_owned());
            assert_eq!(error(request.send().await.unwrap()).await.0, 400, "{path} {body:.20}");
        }
    }
    let request =
        school.call(As::Site, Method::POST, "/site/contacts").body(b"{\"email\": \"\xff@s.example\"}".to_vec());
    assert_eq!(error(request.send().await.unwrap()).await.0, 400);
}

#[tokio::test]
async fn a_list_where_an_object_belongs_is_impossible_and_changes_nothing() {
    let school = start().await;
    let anna = school.contact("anna@s.example").await;
    let settings = school.settings(json!({ "ip_mode": "block_listed", "ip_ranges": ["10.0.0.0/8"] })).await;
    let key = "0198c0de-0000-7000-8000-000000000001";
    for (who, method, path, body) in [
        (As::Site, Method::PUT, "/site/access-control", json!([])),
        (As::Site, Method::PUT, "/site/access-control", json!(["off", [], null])),
        (As::Admin, Method::POST, "/login-log/actions", json!([[[key, "contact_checks", anna, "off", 1]]])),
        (
            As::Admin,
            Method::POST,
            "/login-log/actions",
            json!({ "actions": [[key, "contact_checks", anna, "off", 1]] }),
        ),
        (As::Site, Method::POST, "/site/logins", json!([anna, null, "192.0.2.1", "Firefox/131", null])),
        (As::Site, Method::POST, "/site/contacts", json!(["boris@s.example"])),
    ] {
        let request = school.call(who, method, path).json(&body);
        let (status, said) = error(request.send().await.unwrap()).await;
        assert_eq!(status, 422, "{path} {body}: {said}");
    }
    let all = school.everything().await;
    assert_eq!(all["access_control"], settings);
    assert_eq!(
        (all["contacts"].as_array().map(Vec::len), &all["contacts"][0]["checks_enabled"]),
        (Some(1), &json!(true))
    );
    assert!(all["sessions"].as_array().is_none_or(Vec::is_empty));
}

#[tokio::test]
async fn a_body_may_have_one_mebibyte_and_no_more() {
    let school = start().await;
    let body_of = |bytes: usize| {
        let empty = json!({ "email": "a@s.example", "phone": "" }).to_string().len();
        json!({ "email": "a@s.example", "phone": "0".repeat(bytes - empty) }).to_string()
    };
    for (bytes, status) in [(1 << 20, 200), ((1 << 20) + 1, 413), (4 << 20, 413)] {
        let request = school.call(As::Site, Method::POST, "/site/contacts").body(body_of(bytes));
        assert_eq!(request.send().await.unwrap().status(), status, "{bytes}");
    }
    let chunks = (0..64).map(|_| Ok::<_, std::io::Error>(vec![b' '; 64 << 10]));
    let endless = reqwest::Body::wrap_stream(futures_util::stream::iter(chunks));
    let request = school.call(As::Admin, Method::POST, "/login-log/actions").body(endless);
    let (status, body) = error(request.send().await.unwrap()).await;
    assert_eq!((status, &body["code"]), (413, &json!("too_large")));
}

#[tokio::test]
async fn whoever_is_refused_while_sending_gets_to_read_why() {
    let school = start().await;
    let body = || vec![b' '; 3 << 20];
    let path = format!("{}/login-log/actions", school.running.url());
    let limited =
        school.school.serve("127.0.0.1:0", Limits { admin_per_minute: 0, ..Limits::default() }).await.unwrap();
    for _ in 0..5 {
        let (status, _) = error(school.http.post(&path).body(body()).send().await.unwrap()).await;
        assert_eq!(status, 401);
        let request = school
            .http
            .post(format!("{}/login-log/actions", limited.url()))
            .header("Token", school.admin.token.reveal())
            .header("Cabinet-Hash", &school.admin.cabinet_hash);
        assert_eq!(error(request.body(body()).send().await.unwrap()).await.0, 429);
    }
    limited.shutdown().await.unwrap();
}

#[tokio::test]
async fn a_limit_that_cannot_be_meant_is_refused_and_says_which_is_the_largest() {
    let school = start().await;
    for (limit, said) in [(0, "at least 1"), (9_007_199_254_740_992_i64, "9007199254740991 at most")] {
        let request = school.site(Method::PUT, "/site/access-control", &json!({ "max_devices": limit })).await;
        let (status, body) = error(request).await;
        assert_eq!(status, 422);
        assert!(body["message"].as_str().is_some_and(|message| message.contains(said)), "{body}");
    }
    // Readers ignore what they do not know.
    school.settings(json!({ "max_devices": 9_007_199_254_740_991_i64, "max_devise": 1 })).await;
}

#[tokio::test]
async fn errors_speak_the_language_of_the_request() {
    let school = start().await;
    for (language, message) in [
        ("en", "There is nothing here"),
        ("uk", "Тут нічого немає"),
        ("ru", "Здесь ничего нет"),
        ("pl", "There is nothing here"),
    ] {
        let request = school.call(As::Admin, Method::GET, "/nothing").header("X-Language", language);
        let (_, body) = error(request.send().await.unwrap()).await;
        assert_eq!(body["message"], message, "{language}");
    }
    let request = school.call(As::Site, Method::PUT, "/site/access-control").header("X-Language", "uk");
    let (_, body) = error(request.json(&json!({ "ip_mode": "allow_only_listed" })).send().await.unwrap()).await;
    assert_eq!(body["message"], "ip_ranges: без жодного діапазону не увійде ніхто");
}

#[tokio::test]
async fn answers_are_compressed_where_the_request_allows_it() {
    let school = start().await;
    for number in 0..20 {
        school.contact(&format!("{number}@s.example")).await;
    }
    // Without reqwest's own decompression, to see what travels.
    let plain = reqwest::Client::builder().no_zstd().no_gzip().build().unwrap();
    for (accepted, sent) in [
        ("zstd, gzip", Some("zstd")),
        ("gzip", Some("gzip")),
        ("identity", None),
        ("br", None),
        ("zstd;q=0, gzip", Some("gzip")),
    ] {
        let request = plain
            .get(format!("{}/login-log/changes", school.running.url()))
            .header("Token", school.admin.token.reveal())
            .header("Cabinet-Hash", &school.admin.cabinet_hash)
            .header(ACCEPT_ENCODING, accepted);
        let response = request.send().await.unwrap();
        let encoding = response.headers().get("content-encoding").map(|value| value.to_str().unwrap());
        assert_eq!(encoding, sent, "{accepted}");
    }
    let read: Value = school.got("/login-log/changes").await;
    assert_eq!(read["data"]["contacts"].as_array().map(Vec::len), Some(20), "and can be read again");
}

#[tokio::test]
async fn hostile_texts_come_back_as_they_came() {
    let school = start().await;
    let name =
        format!("<script>alert(1)</script> \u{202e}evil\u{0} '; DROP TABLE contact; -- {} 👩‍🏫", "ё".repeat(10_000));
    let added = school.told("/site/contacts", json!({ "email": "a@s.example", "first_name": name })).await;
    assert_eq!(added["first_name"], name);
    let agent = "Browser\u{1f}9\u{1f}\u{0}\n\"; ";
    school.told("/site/logins", json!({ "contact_id": 1, "ip": "192.0.2.1", "user_agent": agent })).await;
    let all = school.everything().await;
    assert_eq!(all["contacts"][0]["first_name"], name);
    assert_eq!((&all["sessions"][0]["user_agent"], &all["sessions"][0]["contact_id"]), (&json!(agent), &json!(1)));
}

#[tokio::test]
async fn several_servers_on_one_database_are_safe() {
    let school = start().await;
    let second = School::open_with_clock(&school.database(), school.clock.clone()).await.unwrap();
    let other = second.serve("127.0.0.1:0", Limits::default()).await.unwrap();
    let add = async |url: String, number: usize| {
        let request = school
            .http
            .post(format!("{url}/site/contacts"))
            .header("Token", school.site.token.reveal())
            .header("Cabinet-Hash", &school.site.cabinet_hash)
            .json(&json!({ "email": format!("{number}@s.example") }));
        assert_eq!(request.send().await.unwrap().status(), 200);
    };
    let urls = [school.running.url(), other.url()];
    futures_util::future::join_all((0..40).map(|number| add(urls[number % 2].clone(), number))).await;
    let contacts = school.everything().await["contacts"].take();
    let mut ids: Vec<i64> =
        contacts.as_array().unwrap().iter().map(|contact| contact["id"].as_i64().unwrap()).collect();
    ids.sort_unstable();
    assert_eq!(ids, (1..=40).collect::<Vec<i64>>());
    other.shutdown().await.unwrap();
}

#[tokio::test]
async fn a_server_that_was_shut_down_answers_no_more() {
    let school = start().await;
    let url = school.running.url();
    assert_eq!(school.get("/login-log").await.status(), 200);
    school.running.shutdown().await.unwrap();
    let refused = school.http.get(url).send().await;
    assert!(refused.is_err_and(|error| error.is_connect()));
}

#[tokio::test]
async fn a_database_that_fails_is_an_error_without_its_details() {
    let school = start().await;
    sqlx::query("ALTER TABLE restriction RENAME TO elsewhere").execute(school.school.pool()).await.unwrap();
    school.contact("a@s.example").await;
    let (status, body) = error(school.get("/login-log/changes").await).await;
    assert_eq!((status, &body["code"]), (500, &json!("internal")));
    assert!(!body.to_string().contains("restriction"), "{body}");
}
