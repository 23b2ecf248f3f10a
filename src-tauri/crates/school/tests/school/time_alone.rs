//! Activity, logout, and what time alone does.

use reqwest::Method;
use serde_json::{Value, json};

use super::started::{MINUTE_MS, Started, error, key, start};

async fn school_with_session() -> (Started, Value) {
    let school = start().await;
    let contact = school.contact("anna@s.example").await;
    let login = school.login(contact, None).await;
    (school, login)
}

async fn activity(school: &Started, login: &Value) -> Value {
    school.told(&format!("/site/sessions/{}/activity", login["session_id"]), json!({})).await
}

async fn logout(school: &Started, login: &Value) -> Value {
    school.told(&format!("/site/sessions/{}/logout", login["session_id"]), json!({})).await
}

#[tokio::test]
async fn activity_is_written_at_most_once_in_30_seconds() {
    let (school, login) = school_with_session().await;
    let cursor = school.got("/login-log/changes").await["meta"]["cursor"].take();
    let since = format!("/login-log/changes?cursor={}", cursor.as_str().unwrap());
    school.clock.advance_ms(29_999);
    let still = json!({ "active": true, "end_reason": null, "last_activity_at": "2026-05-04T10:00:00.000Z" });
    assert_eq!(activity(&school, &login).await, still);
    assert_eq!(school.got(&since).await["data"], json!({}), "nothing was written");
    school.clock.advance_ms(1);
    let moved = "2026-05-04T10:00:30.000Z";
    assert_eq!(activity(&school, &login).await["last_activity_at"], moved);
    let changed = school.got(&since).await["data"].take();
    assert_eq!(changed["sessions"][0]["last_activity_at"], moved);
    assert_eq!(changed["contacts"][0]["last_activity_at"], moved);
    assert_eq!(changed["devices"][0]["last_seen_at"], moved);
}

#[tokio::test]
async fn a_session_ends_at_its_last_activity_plus_the_timeout() {
    let (school, login) = school_with_session().await;
    school.clock.advance_ms(30 * MINUTE_MS - 1);
    assert_eq!(activity(&school, &login).await["active"], true);
    school.clock.advance_ms(30 * MINUTE_MS + 5_000);
    assert_eq!(school.school.sweep().await.unwrap(), 1);
    let ended = school.session(&login["session_id"]).await;
    assert_eq!((&ended["end_reason"], &ended["ended_at"]), (&json!("expired"), &json!("2026-05-04T10:59:59.999Z")));
    let told = activity(&school, &login).await;
    assert_eq!((&told["active"], &told["end_reason"]), (&json!(false), &json!("expired")));
    assert_eq!(school.school.sweep().await.unwrap(), 0);
}

#[tokio::test]
async fn activity_after_the_timeout_does_not_revive_a_session() {
    let (school, login) = school_with_session().await;
    school.clock.advance_ms(30 * MINUTE_MS);
    let told = activity(&school, &login).await;
    assert_eq!((&told["active"], &told["end_reason"]), (&json!(false), &json!("expired")));
    assert_eq!(told["last_activity_at"], "2026-05-04T10:00:00.000Z");
}

#[tokio::test]
async fn a_logout_ends_the_session_once() {
    let (school, login) = school_with_session().await;
    school.clock.advance_ms(MINUTE_MS);
    let ended = json!({ "active": false, "end_reason": "logout", "last_activity_at": "2026-05-04T10:00:00.000Z" });
    assert_eq!(logout(&school, &login).await, ended);
    let first = school.session(&login["session_id"]).await;
    assert_eq!(first["ended_at"], "2026-05-04T10:01:00.000Z");
    school.clock.advance_ms(MINUTE_MS);
    assert_eq!(logout(&school, &login).await, ended);
    assert_eq!(school.session(&login["session_id"]).await, first);
}

#[tokio::test]
async fn a_session_never_ends_before_its_last_activity_though_the_clock_was_set_back() {
    let (school, login) = school_with_session().await;
    school.clock.advance_ms(-MINUTE_MS);
    logout(&school, &login).await;
    let ended = school.session(&login["session_id"]).await;
    assert_eq!((&ended["end_reason"], &ended["ended_at"]), (&json!("logout"), &ended["last_activity_at"]));
    assert_eq!(ended["ended_at"], ended["started_at"]);
}

#[tokio::test]
async fn a_session_that_is_not_there_is_not_found() {
    let (school, _) = school_with_session().await;
    for path in ["/site/sessions/99/activity", "/site/sessions/99/logout", "/site/sessions/x/activity"] {
        assert_eq!(error(school.site(Method::POST, path, &json!({})).await).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn the_website_is_told_that_a_blocked_device_is_out() {
    let (school, login) = school_with_session().await;
    let block = json!({
        "id": key(), "type": "device_access", "target_id": login["device_id"], "value": "blocked", "base_rev": 0
    });
    school.act(block).await;
    let told = activity(&school, &login).await;
    assert_eq!((&told["active"], &told["end_reason"]), (&json!(false), &json!("device_blocked")));
}

#[tokio::test]
async fn what_is_too_old_for_the_server_leaves_by_tombstones() {
    let (school, login) = school_with_session().await;
    logout(&school, &login).await;
    school.school.set_retention_days(Some(30)).await.unwrap();
    assert_eq!(school.got("/login-log").await["data"]["retention_days"], 30);
    school.clock.advance_ms(31 * 24 * 60 * MINUTE_MS);
    school.school.sweep().await.unwrap();
    let left = school.everything().await;
    assert_eq!((&left["sessions"], &left["contacts"].as_array().map(Vec::len)), (&json!(null), &Some(1)));
    let tombstone = &left["deleted"][0];
    assert_eq!((&tombstone["type"], &tombstone["reason"]), (&json!("session"), &json!("retention")));
}

#[tokio::test]
async fn sessions_end_in_time_while_years_of_history_leave() {
    let (school, login) = school_with_session().await;
    // The test alone sweeps from now on.
    school.running.shutdown().await.unwrap();
    let pool = school.school.pool();
    for statement in [
        // More than leave in one transaction.
        "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 501)
         INSERT INTO session (id, contact_id, ip, user_agent, started_at, last_activity_at, ended_at, end_reason,
                              outcome, rev)
         SELECT 1000 + n, 1, '192.0.2.1', 'Browser/1', n, n, n, 'logout', 'allowed', 1000 + n
         FROM number",
        "UPDATE cabinet SET rev = 10000, last_session_id = 10000",
        // The running session's time passes once the first of the others has left.
        "CREATE TRIGGER time_passes AFTER INSERT ON tombstone WHEN NEW.entity_id = 1001 BEGIN
             UPDATE session SET last_activity_at = 0 WHERE ended_at IS NULL;
         END",
    ] {
        sqlx::query(statement).execute(pool).await.unwrap();
    }
    school.school.set_retention_days(Some(30)).await.unwrap();
    assert_eq!(school.school.sweep().await.unwrap(), 1);
    let (ended, reason): (i64, String) = sqlx::query_as("SELECT rev, end_reason FROM session WHERE id = $1")
        .bind(login["session_id"].as_i64())
        .fetch_one(pool)
        .await
        .unwrap();
    let (left, last): (i64, i64) =
        sqlx::query_as("SELECT COUNT(*), MAX(rev) FROM tombstone").fetch_one(pool).await.unwrap();
    assert_eq!((reason.as_str(), left), ("expired", 501));
    assert!(ended < last, "before the last of the others has left");
}

#[tokio::test]
async fn answers_are_kept_for_90_days_at_least() {
    let (school, login) = school_with_session().await;
    let id = key();
    let block = json!({
        "id": id, "type": "device_access", "target_id": login["device_id"], "value": "blocked", "base_rev": 0
    });
    school.act(block.clone()).await;
    school.clock.advance_ms(91 * 24 * 60 * MINUTE_MS);
    school.school.sweep().await.unwrap();
    assert_eq!(school.act(block).await["replayed"], true);
}

#[tokio::test]
async fn a_reader_from_before_forgotten_tombstones_starts_again_and_gets_through() {
    let (school, _) = school_with_session().await;
    let old = school.got("/login-log/changes").await["meta"]["cursor"].take();
    school.site(Method::DELETE, "/site/contacts/1", &json!({})).await;
    school.clock.advance_ms(401 * 24 * 60 * MINUTE_MS);
    for number in 0..5 {
        school.contact(&format!("{number}@s.example")).await;
    }
    school.school.sweep().await.unwrap();
    let expired = school.get(&format!("/login-log/changes?cursor={}", old.as_str().unwrap())).await;
    assert_eq!(error(expired).await.0, 410);
    let mut page = school.got("/login-log/changes?limit=1").await;
    let mut contacts = 0;
    loop {
        assert_eq!(page["data"]["deleted"], json!(null));
        contacts += page["data"]["contacts"].as_array().map_or(0, Vec::len);
        if page["meta"]["has_more"] == json!(false) {
            break;
        }
        let cursor = page["meta"]["cursor"].as_str().unwrap();
        page = school.got(&format!("/login-log/changes?limit=1&cursor={cursor}")).await;
    }
    assert_eq!(contacts, 5);
}

#[tokio::test]
async fn what_was_forgotten_stays_forgotten_though_the_clock_was_set_back() {
    const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
    let school = start().await;
    let (first, second) = (school.contact("1@s.example").await, school.contact("2@s.example").await);
    let delete = async |contact: i64| {
        let gone = school.site(Method::DELETE, &format!("/site/contacts/{contact}"), &json!({})).await;
        assert_eq!(gone.status(), 200);
    };
    school.clock.advance_ms(10 * DAY_MS);
    delete(first).await;
    let between = school.got("/login-log/changes").await["meta"]["cursor"].take();
    school.clock.advance_ms(-10 * DAY_MS);
    delete(second).await;
    // The second one's tombstone is the older one by its time, so it goes first.
    for days in [401, 10] {
        school.clock.advance_ms(days * DAY_MS);
        school.school.sweep().await.unwrap();
    }
    let expired = school.get(&format!("/login-log/changes?cursor={}", between.as_str().unwrap())).await;
    assert_eq!(error(expired).await.0, 410, "this reader was never told that the second one is gone");
}
