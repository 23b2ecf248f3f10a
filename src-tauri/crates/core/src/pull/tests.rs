//! The pull's promises, against servers that a right one never is.

mod contacts_only;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU32, Ordering},
    },
    time::Duration,
};

use hallmonitor_language::Language;
use serde_json::{Value, json};
use tempfile::TempDir;
use wiremock::{
    Mock, MockServer, Request, ResponseTemplate,
    matchers::{method, path},
};

use super::{reading::SMALL, *};
use crate::{
    cache::Cache,
    model::{ContactQuery, LogQuery},
    school::{Limits, Patience, ServerUrl},
    vault::{CabinetHash, CacheKey, Token},
};

/// A server whose answers are one function of the path and the query.
struct Scripted {
    server: MockServer,
    client: SchoolClient,
    cache: Cache,
    _folder: TempDir,
}

type Script = Arc<dyn Fn(&str, &dyn Fn(&str) -> Option<String>) -> ResponseTemplate + Send + Sync>;

async fn scripted(script: Script) -> Scripted {
    let server = MockServer::start().await;
    for place in ["/login-log", "/login-log/changes", "/contacts"] {
        let script = Arc::clone(&script);
        Mock::given(method("GET"))
            .and(path(place))
            .respond_with(move |request: &Request| {
                let ask = |name: &str| {
                    request.url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
                };
                script(request.url.path(), &ask)
            })
            .mount(&server)
            .await;
    }
    let client = client_with(&server, Limits::default());
    let folder = TempDir::new().expect("folder");
    let key = CacheKey::random().expect("key");
    let cache = Cache::create(&folder.path().join("cache.db"), &key).await.expect("cache");
    Scripted { server, client, cache, _folder: folder }
}

fn client_with(server: &MockServer, limits: Limits) -> SchoolClient {
    let url = ServerUrl::parse(&server.uri()).expect("address");
    let (cabinet, token) = (CabinetHash::new("cab").expect("cabinet"), Token::new("tok").expect("token"));
    SchoolClient::with_limits(&url, &cabinet, &token, Language::English, limits).expect("client")
}

impl Scripted {
    async fn pull(&self) -> Result<Pulled, PullError> {
        let around = Surroundings { now: &|| 1, tell: &|_| () };
        let has_log = greet(&self.cache, &self.client, &around).await?.is_some();
        pull(&self.cache, &self.client, &around, has_log).await
    }

    async fn contacts(&self) -> Vec<i64> {
        let page = self.cache.contacts(&ContactQuery::default()).await.expect("contacts");
        let mut ids: Vec<i64> = page.rows.iter().map(|row| row.id).collect();
        ids.sort_unstable();
        ids
    }
}

fn offer(epoch: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({"data": {
        "version": 1, "cabinet": {"name": "School"}, "epoch": epoch, "max_changes_limit": 1000, "max_actions": 100,
    }}))
}

fn page(contacts: &[(i64, i64)], cursor: &str, has_more: bool) -> ResponseTemplate {
    let contacts: Vec<Value> = contacts.iter().map(|(id, rev)| contact(*id, Some(*rev))).collect();
    ResponseTemplate::new(200)
        .set_body_json(json!({"data": {"contacts": contacts}, "meta": {"cursor": cursor, "has_more": has_more}}))
}

fn contact(id: i64, rev: Option<i64>) -> Value {
    let mut contact = json!({"id": id, "email": format!("c{id}@mail.example"), "created_at": "2026-08-20 23:59:59"});
    if let Some(rev) = rev {
        contact["rev"] = json!(rev);
    }
    contact
}

fn refusal(status: u16, code: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({"message": "No.", "code": code}))
}

#[tokio::test]
async fn a_cut_reading_resumes_at_the_last_page() {
    let broken = Arc::new(AtomicU32::new(1));
    let asked = Arc::new(Mutex::new(Vec::new()));
    let (seen, fails) = (Arc::clone(&asked), Arc::clone(&broken));
    let school = scripted(Arc::new(move |path, ask| {
        if path == "/login-log" {
            return offer("e");
        }
        let cursor = ask("cursor");
        seen.lock().expect("list").push(cursor.clone());
        match cursor.as_deref() {
            None => page(&[(1, 1)], "a", true),
            Some("a") => page(&[(2, 2)], "b", true),
            Some("b") if fails.swap(0, Ordering::SeqCst) == 1 => {
                ResponseTemplate::new(200).set_body_raw("{", "application/json")
            }
            Some("b") => page(&[(3, 3)], "c", false),
            other => panic!("{other:?}"),
        }
    }))
    .await;
    school.pull().await.expect_err("half a body");
    assert_eq!(school.contacts().await, [1, 2], "what had come is kept");
    assert_eq!(school.cache.meta().await.expect("meta").cursor.as_deref(), Some("b"));
    asked.lock().expect("list").clear();
    let pulled = school.pull().await.expect("healed");
    assert_eq!((pulled.applied.contacts, pulled.cursor.as_deref()), (1, Some("c")));
    assert_eq!(*asked.lock().expect("list"), [Some("b".to_owned())]);
}

#[tokio::test]
async fn a_page_that_is_too_large_is_asked_for_with_fewer_entities() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    let mut school = scripted(Arc::new(move |path, ask| {
        if path == "/login-log" {
            return offer("e");
        }
        let from: i64 = ask("cursor").and_then(|text| text.parse().ok()).unwrap_or(0);
        let limit: i64 = ask("limit").and_then(|text| text.parse().ok()).unwrap_or(1000);
        seen.lock().expect("list").push((from, limit));
        let rows: Vec<(i64, i64)> = (from + 1..=(from + limit).min(100)).map(|id| (id, id)).collect();
        let last = from + rows.len() as i64;
        page(&rows, &last.to_string(), last < 100)
    }))
    .await;
    // Some 60 contacts fit.
    school.client = client_with(&school.server, Limits { body: 5_000, ..Limits::default() });
    let pulled = school.pull().await.expect("pulled");
    assert_eq!(pulled.applied.contacts, 100);
    assert_eq!(*asked.lock().expect("list"), [(0, 1000), (0, 45), (45, 45), (90, 45)]);

    // One entity alone that is larger than anything may be is no matter of how many are asked for.
    school.client = client_with(&school.server, Limits { body: 80, ..Limits::default() });
    school.cache.set_meta(|meta| meta.cursor = None).await.expect("from the beginning");
    school.pull().await.expect_err("too large");
}

#[tokio::test]
async fn on_a_slow_way_fewer_entities_are_asked_for() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    let mut school = scripted(Arc::new(move |path, ask| {
        if path == "/login-log" {
            return offer("e");
        }
        let limit: i64 = ask("limit").and_then(|text| text.parse().ok()).unwrap_or(1000);
        seen.lock().expect("list").push(limit);
        let answer = page(&[(1, 1)], "1", false);
        if limit > SMALL { answer.set_delay(Duration::from_secs(60)) } else { answer }
    }))
    .await;
    let whole = Duration::from_secs(3);
    let once = Patience { tries: 1, ..Patience::default() };
    let limits = Limits { whole, idle: 2 * whole, patience: once, ..Limits::default() };
    school.client = client_with(&school.server, limits);
    assert_eq!(school.pull().await.expect("pulled").applied.contacts, 1);
    assert_eq!(*asked.lock().expect("list"), [1000, 45]);
}

#[tokio::test]
async fn what_a_first_reading_has_brought_before_it_broke_off_can_be_searched_and_counted() {
    const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0";
    let fails = Arc::new(AtomicU32::new(1));
    let now = Arc::clone(&fails);
    let school = scripted(Arc::new(move |path, ask| match (path, ask("cursor").as_deref()) {
        ("/login-log", _) => offer("e"),
        (_, None) => ResponseTemplate::new(200).set_body_json(json!({"data": {
            "contacts": [contact(1, Some(1))],
            "devices": [{
                "id": 1, "contact_id": 1, "fingerprint": "f", "user_agent": FIREFOX, "access": "blocked",
                "first_seen_at": "2026-01-01T00:00:00Z", "last_seen_at": "2026-02-01T00:00:00Z", "rev": 2,
            }],
            "sessions": [{
                "id": 1, "contact_id": 1, "device_id": 1, "ip": "91.198.36.2", "user_agent": FIREFOX, "outcome": "allowed",
                "started_at": "2026-01-01T00:00:00Z", "last_activity_at": "2026-01-01T01:00:00Z", "rev": 3,
            }],
            "restrictions": [{
                "id": 1, "contact_id": 1, "session_id": null, "device_id": null, "occurred_at": "2026-01-01T00:00:00Z",
                "rule": {"code": "device_limit", "text": "Too many devices", "limit": 5, "observed": 6},
                "ip": "91.198.36.2", "action": "login_denied", "status": "not_viewed", "rev": 4,
            }],
        }, "meta": {"cursor": "a", "has_more": true}})),
        (_, Some("a")) if now.load(Ordering::SeqCst) > 0 => refusal(422, "impossible"),
        _ => page(&[(2, 9)], "b", false),
    }))
    .await;
    for broken in [true, false] {
        assert_eq!(school.pull().await.is_err(), broken);
        let contacts = school.cache.contacts(&ContactQuery { unviewed: true, ..ContactQuery::default() }).await;
        let contacts = contacts.expect("contacts").rows;
        assert_eq!((contacts.len(), contacts[0].unviewed, contacts[0].devices), (1, 1, 1), "{broken}");
        let search = |text: &str| LogQuery { search: text.into(), ..LogQuery::default() };
        for text in ["91.198", "ua firefox"] {
            assert_eq!(school.cache.sessions(&search(text)).await.expect("sessions").rows.len(), 1, "{text}");
            let devices = school.cache.devices(&search(text)).await.expect("devices").rows;
            assert_eq!(devices[0].place.country.as_deref(), Some("UA"), "{text}");
        }
        assert_eq!(school.cache.restrictions(&search("91.198")).await.expect("restrictions").rows.len(), 1);
        fails.store(0, Ordering::SeqCst);
    }
    assert_eq!(school.contacts().await, [1, 2]);
}

#[tokio::test]
async fn a_server_without_end_is_noticed() {
    let number = AtomicI64::new(0);
    let school = scripted(Arc::new(move |path, _| match path {
        "/login-log" => offer("e"),
        _ => page(&[(1, 1)], &number.fetch_add(1, Ordering::SeqCst).to_string(), true)
            .insert_header("X-RateLimit-Remaining", "1000"),
    }))
    .await;
    let error = school.pull().await.expect_err("endless");
    assert!(matches!(error, PullError::Endless { .. }), "{error:?}");
    assert_eq!(school.contacts().await, [1]);
}

#[tokio::test]
async fn a_cursor_that_goes_in_a_circle_is_noticed() {
    let school = scripted(Arc::new(|path, ask| match (path, ask("cursor").as_deref()) {
        ("/login-log", _) => offer("e"),
        (_, Some("a")) => page(&[(2, 2)], "b", true),
        _ => page(&[(1, 1)], "a", true),
    }))
    .await;
    let error = school.pull().await.expect_err("a circle");
    assert!(matches!(error, PullError::Endless { .. }), "{error:?}");
}

#[tokio::test]
async fn an_expired_or_unknown_cursor_starts_a_new_run_that_drops_what_it_did_not_bring() {
    for (status, code) in [(410, "cursor_expired"), (400, "bad_cursor")] {
        let expired = Arc::new(AtomicU32::new(0));
        let now = Arc::clone(&expired);
        let school = scripted(Arc::new(move |path, ask| match (path, ask("cursor").as_deref()) {
            ("/login-log", _) => offer("e"),
            (_, Some("old")) if now.load(Ordering::SeqCst) == 1 => refusal(status, code),
            (_, Some(cursor)) => page(&[], cursor, false),
            (_, None) if now.load(Ordering::SeqCst) == 1 => page(&[(2, 2)], "new", false),
            (_, None) => page(&[(1, 1), (2, 2)], "old", false),
        }))
        .await;
        school.pull().await.expect("first");
        assert_eq!(school.contacts().await, [1, 2]);
        expired.store(1, Ordering::SeqCst);
        let pulled = school.pull().await.expect("second");
        assert_eq!((school.contacts().await, pulled.applied.deleted), (vec![2], 1), "{status}");
        assert_eq!(pulled.cursor.as_deref(), Some("new"));
    }
}

#[tokio::test]
async fn a_server_that_refuses_its_own_beginning_is_told_so_and_not_asked_for_ever() {
    let school = scripted(Arc::new(|path, _| match path {
        "/login-log" => offer("e"),
        _ => refusal(410, "cursor_expired"),
    }))
    .await;
    let error = school.pull().await.expect_err("refused");
    assert!(matches!(error, PullError::NoBeginning { .. }), "{error:?}");
}

#[tokio::test]
async fn a_new_epoch_starts_again_even_where_the_old_cursor_still_works() {
    let epoch = Arc::new(AtomicU32::new(0));
    let now = Arc::clone(&epoch);
    let school = scripted(Arc::new(move |path, ask| match (path, ask("cursor"), now.load(Ordering::SeqCst)) {
        ("/login-log", _, epoch) => offer(&format!("e{epoch}")),
        (_, None, 0) => page(&[(1, 50), (2, 60)], "x", false),
        (_, None, _) => page(&[(2, 1)], "y", false),
        (_, Some(cursor), _) => page(&[], &cursor, false),
    }))
    .await;
    school.pull().await.expect("first");
    epoch.store(1, Ordering::SeqCst);
    school.pull().await.expect("second");
    assert_eq!(school.contacts().await, [2]);
    let rows = school.cache.contacts(&ContactQuery::default()).await.expect("rows").rows;
    assert_eq!(rows[0].rev, Some(1));
}

#[tokio::test]
async fn a_sync_without_news_asks_once_beside_the_capabilities_and_writes_no_row() {
    let school = scripted(Arc::new(|path, ask| match (path, ask("cursor")) {
        ("/login-log", _) => offer("e"),
        (_, None) => page(&[(1, 1)], "x", false),
        (_, Some(cursor)) => page(&[], &cursor, false),
    }))
    .await;
    school.pull().await.expect("first");
    let sent = school.client.requests();
    let before: i64 =
        sqlx::query_scalar("SELECT total_changes()").fetch_one(&mut *school.cache.writer().await).await.expect("count");
    school.pull().await.expect("second");
    let after: i64 =
        sqlx::query_scalar("SELECT total_changes()").fetch_one(&mut *school.cache.writer().await).await.expect("count");
    assert_eq!(school.client.requests() - sent, 2);
    // The clock stands still here, so even the time of the last sync is the same.
    assert_eq!(after - before, 0);
}

#[tokio::test]
async fn one_broken_entity_is_set_aside_and_the_page_goes_on() {
    let school = scripted(Arc::new(|path, _| match path {
        "/login-log" => offer("e"),
        _ => ResponseTemplate::new(200).set_body_json(json!({
            "data": {"contacts": [contact(1, Some(1)), {"id": 2, "email": 7}, contact(3, Some(3))]},
            "meta": {"cursor": "x", "has_more": false},
        })),
    }))
    .await;
    school.pull().await.expect("pulled");
    assert_eq!(school.contacts().await, [1, 3]);
    assert_eq!(school.cache.counts().await.expect("counts").unreadable, 1);
}

#[tokio::test]
async fn a_long_way_of_tombstones_and_of_rows_that_cannot_be_read_comes_to_its_end() {
    let pages = i64::from(progress::Progress::MOST_IDLE) + 20;
    let school = scripted(Arc::new(move |path, ask| {
        if path == "/login-log" {
            return offer("e");
        }
        let number: i64 = ask("cursor").and_then(|text| text.parse().ok()).unwrap_or(0);
        let data = match number {
            0 => json!({"contacts": [contact(1, Some(1))]}),
            // Neither is here: the server's retention dropped them before, or they were erased before.
            number if number <= pages => {
                let reason = if number % 2 == 0 { "retention" } else { "erased" };
                json!({"deleted": [{"type": "session", "id": number, "rev": number + 1, "reason": reason}]})
            }
            number => json!({"sessions": [{"id": number}]}),
        };
        ResponseTemplate::new(200)
            .set_body_json(json!({
                "data": data,
                "meta": {"cursor": (number + 1).to_string(), "has_more": number < 2 * pages},
            }))
            .insert_header("X-RateLimit-Remaining", "1000")
    }))
    .await;
    school.pull().await.expect("the first load");
    school.cache.set_meta(|meta| meta.cursor = Some("1".to_owned())).await.expect("once more, page by page");
    let pulled = school.pull().await.expect("a later sync");
    assert_eq!(pulled.cursor, Some((2 * pages + 1).to_string()));
}

#[tokio::test]
async fn a_log_that_goes_away_during_its_first_reading_and_comes_back_tells_nothing() {
    let history: Vec<Value> = (1..=5)
        .map(|id| {
            json!({"id": id, "contact_id": 1, "occurred_at": "2026-08-20T23:59:59Z", "rev": 10 + id,
                "rule": {"code": "device_limit", "text": ""}, "action": "reported", "status": "not_viewed"})
        })
        .collect();
    let greeted = AtomicU32::new(0);
    let school = scripted(Arc::new(move |path, ask| match (path, ask("cursor").as_deref()) {
        ("/contacts", _) => ResponseTemplate::new(200).set_body_json(json!({
            "data": [contact(1, None)],
            "meta": {"current_page": 1, "last_page": 1, "per_page": 250, "total": 1},
        })),
        // The second time it is asked whether the log is there at all.
        ("/login-log", _) if greeted.fetch_add(1, Ordering::SeqCst) == 1 => refusal(404, "not_found"),
        ("/login-log", _) => offer("e"),
        (_, Some("a")) => refusal(404, "not_found"),
        (_, None) if greeted.load(Ordering::SeqCst) == 1 => page(&[(1, 1)], "a", true),
        (_, _) => ResponseTemplate::new(200).set_body_json(json!({
            "data": {"contacts": [contact(1, Some(1))], "restrictions": history},
            "meta": {"cursor": "b", "has_more": false},
        })),
    }))
    .await;
    school.pull().await.expect("the contacts alone");
    assert_eq!(school.cache.meta().await.expect("meta").login_log, Some(false));
    school.pull().await.expect("the whole log");
    let meta = school.cache.meta().await.expect("meta");
    assert_eq!((meta.login_log, meta.telling), (Some(true), true));
    let settings = crate::settings::Notifications::default();
    let noon = chrono::DateTime::parse_from_rfc3339("2026-11-20T12:00:00+02:00").expect("a time");
    let told = crate::violations::news_to_tell(&school.cache, noon, &settings, 0).await.expect("looked");
    assert_eq!(told.tell, []);
}
