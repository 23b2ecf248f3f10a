//! `/login-log/changes`: everything, in order, once each, and then only what is new.

use std::collections::{BTreeMap, BTreeSet};

use hallmonitor_school::{Limits, School};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use reqwest::Method;
use serde_json::{Value, json};

use super::started::{MINUTE_MS, Started, error, key, start};

const KINDS: [&str; 4] = ["contacts", "devices", "sessions", "restrictions"];

/// The revisions on a page, of whatever they are.
fn revs(data: &Value) -> Vec<i64> {
    let mut revs: Vec<i64> = KINDS
        .iter()
        .chain(&["deleted"])
        .filter_map(|kind| data[*kind].as_array())
        .flatten()
        .chain(data.get("access_control"))
        .map(|entity| entity["rev"].as_i64().unwrap())
        .collect();
    revs.sort_unstable();
    revs
}

/// Reads on until there is no more: all pages' data, and the last cursor.
async fn read_on(school: &Started, cursor: Option<&str>, limit: usize) -> (Vec<Value>, String) {
    let mut cursor = cursor.map(str::to_owned);
    let mut pages = Vec::new();
    loop {
        let from = cursor.as_ref().map_or_else(String::new, |cursor| format!("&cursor={cursor}"));
        let mut page = school.got(&format!("/login-log/changes?limit={limit}{from}")).await;
        assert!(revs(&page["data"]).len() <= limit, "more than asked for");
        let next = page["meta"]["cursor"].as_str().unwrap().to_owned();
        assert!(next.len() <= 512);
        pages.push(page["data"].take());
        if page["meta"]["has_more"] == json!(false) {
            assert_eq!(page["meta"]["remaining"], 0);
            return (pages, next);
        }
        assert_ne!(Some(&next), cursor.as_ref(), "a page that has more goes on");
        assert!(page["meta"]["remaining"].as_i64().unwrap() > 0);
        cursor = Some(next);
    }
}

#[tokio::test]
async fn a_page_of_long_names_has_fewer_entities_than_asked_for() {
    let school = start().await;
    for number in 0..24 {
        let contact = json!({ "email": format!("{number}@s.example"), "first_name": "x".repeat(600_000) });
        school.told("/site/contacts", contact).await;
    }
    let answer = school.get("/login-log/changes?limit=10000").await;
    let text = answer.text().await.unwrap();
    assert!(text.len() <= 9 << 20, "{}", text.len());
    assert!(serde_json::from_str::<Value>(&text).unwrap()["meta"]["has_more"].as_bool().unwrap());
    let (pages, _) = read_on(&school, None, 10_000).await;
    let contacts: usize = pages.iter().filter_map(|page| page["contacts"].as_array()).map(Vec::len).sum();
    assert_eq!(contacts, 24);
}

async fn busy_school() -> Started {
    let school = start().await;
    for number in 0..7 {
        let contact = school.contact(&format!("{number}@s.example")).await;
        school.login(contact, None).await;
        school.login(contact, None).await;
    }
    school
}

#[tokio::test]
async fn pages_bring_each_entity_once_in_the_order_of_changes() {
    let school = busy_school().await;
    let (all, _) = read_on(&school, None, 10_000).await;
    assert_eq!(all.len(), 1);
    for limit in [1, 2, 3, 10, 36] {
        let (pages, _) = read_on(&school, None, limit).await;
        let in_order: Vec<i64> = pages.iter().flat_map(revs).collect();
        assert!(in_order.is_sorted(), "{limit}: {in_order:?}");
        assert_eq!(in_order, revs(&all[0]), "{limit}");
    }
    assert_eq!(KINDS.map(|kind| all[0][kind].as_array().map_or(0, Vec::len)), [7, 14, 14, 0]);
    assert_eq!(all[0]["access_control"]["ip_mode"], "off");
}

#[tokio::test]
async fn a_reader_who_is_up_to_date_gets_only_what_is_new() {
    let school = busy_school().await;
    let (_, cursor) = read_on(&school, None, 1_000).await;
    let (nothing, same) = read_on(&school, Some(&cursor), 1_000).await;
    assert_eq!((nothing, &same), (vec![json!({})], &cursor), "nothing new, and the same cursor");
    let contact = school.contact("new@s.example").await;
    let (pages, _) = read_on(&school, Some(&cursor), 1_000).await;
    assert_eq!(revs(&pages[0]).len(), 1);
    assert_eq!(pages[0]["contacts"][0]["id"], contact);
}

#[tokio::test]
async fn an_entity_that_changes_while_the_reader_pages_comes_again_later() {
    let school = busy_school().await;
    let first = school.got("/login-log/changes?limit=10").await;
    let early = first["data"]["contacts"][0].clone();
    school.told("/site/contacts", json!({ "email": early["email"], "first_name": "Later" })).await;
    let (pages, _) = read_on(&school, first["meta"]["cursor"].as_str(), 10).await;
    let again: Vec<&Value> = pages
        .iter()
        .filter_map(|page| page["contacts"].as_array())
        .flatten()
        .filter(|contact| contact["id"] == early["id"])
        .collect();
    assert_eq!(again.len(), 1);
    assert_eq!(again[0]["first_name"], "Later");
    assert!(again[0]["rev"].as_i64() > early["rev"].as_i64());
}

#[tokio::test]
async fn a_deleted_contact_leaves_one_tombstone_and_takes_all_that_is_its_own() {
    let school = busy_school().await;
    let (_, cursor) = read_on(&school, None, 1_000).await;
    let gone = school.site(Method::DELETE, "/site/contacts/3", &json!({})).await;
    assert_eq!(gone.status(), 200);
    let (pages, _) = read_on(&school, Some(&cursor), 1_000).await;
    let tombstones = pages[0]["deleted"].as_array().unwrap();
    assert_eq!(tombstones.len(), 1);
    assert_eq!(tombstones[0], json!({ "type": "contact", "id": 3, "rev": tombstones[0]["rev"], "reason": "erased" }));
    let left = school.everything().await;
    assert_eq!(KINDS.map(|kind| left[kind].as_array().map_or(0, Vec::len)), [6, 12, 12, 0]);
    for kind in ["devices", "sessions"] {
        assert!(left[kind].as_array().unwrap().iter().all(|entity| entity["contact_id"] != json!(3)));
    }
    let again = school.site(Method::DELETE, "/site/contacts/3", &json!({})).await;
    assert_eq!(error(again).await.0, 404);
    assert_eq!(school.contact("2@s.example").await, 8, "ids are never reused");
}

#[tokio::test]
async fn a_cursor_that_was_never_made_here_is_malformed() {
    let school = start().await;
    let (_, cursor) = read_on(&school, None, 10).await;
    let mut tampered = cursor.clone().into_bytes();
    let last = tampered.last_mut().unwrap();
    *last = if *last == b'0' { b'1' } else { b'0' };
    for wrong in ["", "x", "1.2.3.4.5.6", "%00", &String::from_utf8(tampered).unwrap(), &"9".repeat(600)] {
        let (status, body) = error(school.get(&format!("/login-log/changes?cursor={wrong}")).await).await;
        assert_eq!(status, 400, "{wrong}: {body}");
    }
}

#[tokio::test]
async fn a_cursor_of_another_history_has_expired() {
    let school = busy_school().await;
    let (_, cursor) = read_on(&school, None, 10).await;
    school.school.renew_epoch(None).await.unwrap();
    let (status, body) = error(school.get(&format!("/login-log/changes?cursor={cursor}")).await).await;
    assert_eq!((status, &body["code"]), (410, &json!("cursor_expired")));
}

#[tokio::test]
async fn a_cursor_from_after_a_restored_backup_has_expired() {
    let school = busy_school().await;
    let (_, cursor) = read_on(&school, None, 1_000).await;
    // What restoring an older copy of the database does to the counter.
    sqlx::query("UPDATE cabinet SET rev = rev - 1").execute(school.school.pool()).await.unwrap();
    let (status, body) = error(school.get(&format!("/login-log/changes?cursor={cursor}")).await).await;
    assert_eq!((status, &body["code"]), (410, &json!("cursor_expired")));
}

#[tokio::test]
async fn a_restored_backup_that_has_come_as_far_again_is_known_by_its_start() {
    let school = busy_school().await;
    let of = |cursor: &str| format!("/login-log/changes?cursor={cursor}");
    let (_, before) = read_on(&school, None, 1_000).await;
    let backup = format!("{}-backup", school.database().trim_start_matches("sqlite:"));
    sqlx::query("VACUUM INTO $1").bind(&backup).execute(school.school.pool()).await.unwrap();
    school.contact("lost@s.example").await;
    let (_, lost) = read_on(&school, Some(&before), 1_000).await;

    // Another process, on the copy.
    let restored = School::open(&format!("sqlite:{backup}")).await.unwrap();
    let server = restored.serve("127.0.0.1:0", Limits::default()).await.unwrap();
    let get = async |path: String| {
        let request = school.http.get(format!("{}{path}", server.url()));
        let request = request.header("Token", school.admin.token.reveal());
        let answer = request.header("Cabinet-Hash", &school.admin.cabinet_hash).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    sqlx::query("UPDATE cabinet SET rev = rev + 1000").execute(restored.pool()).await.unwrap();
    assert_eq!(get(of(&before)).await.0, 200, "all that it has seen is in the copy");
    let epoch = async || get("/login-log".to_owned()).await.1["data"]["epoch"].take();
    let old = epoch().await;
    for _ in 0..2 {
        let (status, body) = get(of(&lost)).await;
        assert_eq!((status, &body["code"]), (410, &json!("cursor_expired")), "its last change is not in the copy");
    }
    let new = epoch().await;
    assert_ne!(new, old, "revisions of the lost history mean nothing here");
    assert_eq!(get(of(&lost)).await.0, 410);
    assert_eq!(epoch().await, new, "a history parts once");
    let (_, body) = get("/login-log/changes?limit=10000".to_owned()).await;
    let anew = body["meta"]["cursor"].as_str().unwrap().to_owned();
    server.shutdown().await.unwrap();

    let server = restored.serve("127.0.0.1:0", Limits::default()).await.unwrap();
    let request = school.http.get(format!("{}{}", server.url(), of(&anew)));
    let request = request.header("Token", school.admin.token.reveal());
    let answer = request.header("Cabinet-Hash", &school.admin.cabinet_hash).send().await.unwrap();
    assert_eq!(answer.status(), 200, "a start alone makes nobody begin anew");
    server.shutdown().await.unwrap();
}

#[tokio::test]
async fn a_limit_above_the_maximum_is_the_maximum_and_others_are_refused() {
    let school = start().await;
    assert_eq!(school.get("/login-log/changes?limit=10001").await.status(), 200);
    for wrong in ["0", "-5", "many", ""] {
        assert_eq!(error(school.get(&format!("/login-log/changes?limit={wrong}")).await).await.0, 422, "{wrong}");
    }
}

#[tokio::test]
async fn no_reader_sees_a_higher_revision_before_a_lower_one() {
    let school = std::sync::Arc::new(start().await);
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let school = std::sync::Arc::clone(&school);
            tokio::spawn(async move {
                for number in 0..15 {
                    let contact = school.contact(&format!("{writer}-{number}@s.example")).await;
                    school.login(contact, None).await;
                }
            })
        })
        .collect();
    let mut seen: Vec<i64> = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let done = writers.iter().all(tokio::task::JoinHandle::is_finished);
        let (pages, next) = read_on(&school, cursor.as_deref(), 7).await;
        seen.extend(pages.iter().flat_map(revs));
        cursor = Some(next);
        if done {
            break;
        }
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert!(seen.is_sorted_by(|one, next| one < next), "a revision came late: {seen:?}");
    let all = school.everything().await;
    let newest = revs(&all);
    assert!(newest.iter().all(|rev| seen.contains(rev)), "a revision was never seen");
}

#[tokio::test]
async fn capabilities_say_what_the_server_offers() {
    let school = start().await;
    school.school.rename("Школа").await.unwrap();
    let epoch = school.school.cabinet().await.unwrap().epoch;
    assert_eq!(
        school.got("/login-log").await["data"],
        json!({
            "version": 1, "cabinet": { "name": "Школа" }, "epoch": epoch, "max_changes_limit": 10_000,
            "max_actions": 100, "events": true, "retention_days": null,
        })
    );
}

/// What a reader holds: entities by kind and id.
type Mirror = BTreeMap<(String, i64), Value>;

/// Applies a page as a reader does: never backwards, and a contact takes all that is its own with it.
fn apply(mirror: &mut Mirror, data: &Value) {
    for kind in KINDS {
        for entity in data[kind].as_array().into_iter().flatten() {
            let place = (kind.to_owned(), entity["id"].as_i64().unwrap());
            if mirror.get(&place).is_none_or(|held| held["rev"].as_i64() < entity["rev"].as_i64()) {
                mirror.insert(place, entity.clone());
            }
        }
    }
    for tombstone in data["deleted"].as_array().into_iter().flatten() {
        assert_eq!(tombstone["type"], "contact");
        let id = tombstone["id"].as_i64().unwrap();
        mirror.retain(
            |(kind, own), entity| {
                if kind == "contacts" { *own != id } else { entity["contact_id"].as_i64() != Some(id) }
            },
        );
    }
}

/// Anything that can happen at a school.
async fn live(school: &Started, dice: &mut ChaCha8Rng, cookies: &mut Vec<String>) {
    let contact = dice.random_range(1..=6);
    let email =
        json!({ "email": format!("{contact}@s.example"), "first_name": format!("{}", dice.random_range(0..3)) });
    match dice.random_range(0..12) {
        0 => drop(school.told("/site/contacts", email).await),
        1 => drop(school.site(Method::DELETE, &format!("/site/contacts/{contact}"), &json!({})).await),
        2 => {
            let session = dice.random_range(1..=40);
            drop(school.site(Method::POST, &format!("/site/sessions/{session}/activity"), &json!({})).await);
        }
        3 => {
            let session = dice.random_range(1..=40);
            drop(school.site(Method::POST, &format!("/site/sessions/{session}/logout"), &json!({})).await);
        }
        4 | 5 => {
            let (kind, value) = [
                ("device_access", "blocked"),
                ("device_access", "allowed"),
                ("restriction_status", "viewed"),
                ("contact_checks", "off"),
                ("contact_checks", "on"),
            ][dice.random_range(0..5)];
            let target = dice.random_range(1..=20);
            let action = json!({ "id": key(), "type": kind, "target_id": target, "value": value, "base_rev": 0 });
            drop(school.act(action).await);
        }
        6 => school.clock.advance_ms(dice.random_range(0..20 * MINUTE_MS)),
        7 => drop(school.school.sweep().await.unwrap()),
        _ => {
            school.told("/site/contacts", email).await;
            let cookie = (!cookies.is_empty()).then(|| cookies[dice.random_range(0..cookies.len())].clone());
            let body = json!({
                "email": format!("{contact}@s.example"), "ip": "192.0.2.1", "user_agent": "UA", "device_cookie": cookie
            });
            let login = school.told("/site/logins", body).await;
            cookies.extend(login["device_cookie"].as_str().map(str::to_owned));
        }
    }
}

#[tokio::test]
async fn a_reader_who_follows_the_changes_holds_what_a_new_reader_gets() {
    let mut lived: BTreeSet<&str> = BTreeSet::new();
    for seed in 0..4 {
        let school = start().await;
        school.settings(json!({ "max_devices": 3, "max_concurrent_sessions": 2 })).await;
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let (mut mirror, mut cookies, mut cursor) = (Mirror::new(), Vec::new(), None::<String>);
        for _ in 0..25 {
            for _ in 0..dice.random_range(1..8) {
                live(&school, &mut dice, &mut cookies).await;
            }
            let (pages, next) = read_on(&school, cursor.as_deref(), dice.random_range(1..9)).await;
            for page in &pages {
                lived.extend(KINDS.iter().chain(&["deleted"]).filter(|kind| page[**kind].is_array()));
                apply(&mut mirror, page);
            }
            cursor = Some(next);
        }
        let mut fresh = Mirror::new();
        apply(&mut fresh, &school.everything().await);
        assert_eq!(mirror, fresh, "seed {seed}");
    }
    assert_eq!(lived.len(), 5, "of everything something was lived: {lived:?}");
}

#[tokio::test]
async fn a_cursor_of_another_cabinet_was_never_made_here() {
    let (school, other) = (start().await, start().await);
    let cursor = async |school: &Started| {
        let page = school.got("/login-log/changes").await;
        format!("/login-log/changes?cursor={}", page["meta"]["cursor"].as_str().unwrap())
    };
    let (own, foreign) = (cursor(&school).await, cursor(&other).await);
    let (status, body) = error(school.get(&foreign).await).await;
    assert_eq!((status, &body["code"]), (400, &json!("bad_cursor")));
    assert_eq!(school.get(&own).await.status(), 200);

    // Another process of the same cabinet, and a history that got a new name.
    let again = School::open(&school.database()).await.unwrap();
    again.renew_epoch(None).await.unwrap();
    assert_eq!(error(school.get(&own).await).await.0, 410);
    assert_eq!(error(school.get(&foreign).await).await.0, 400);
    let second = again.serve("127.0.0.1:0", Limits::default()).await.unwrap();
    let request = school
        .http
        .get(format!("{}{own}", second.url()))
        .header("Token", school.admin.token.reveal())
        .header("Cabinet-Hash", &school.admin.cabinet_hash);
    assert_eq!(error(request.send().await.unwrap()).await.0, 410);
    second.shutdown().await.unwrap();
}
