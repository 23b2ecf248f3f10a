//! The Site API at a login: who is let in, and what is written down.

use reqwest::Method;
use serde_json::{Value, json};

use super::started::{As, MINUTE_MS, Started, error, key, start};

async fn school_with(settings: Value) -> (Started, i64) {
    let school = start().await;
    school.settings(settings).await;
    let contact = school.contact("anna@s.example").await;
    (school, contact)
}

fn cookie(login: &Value) -> Option<&str> {
    login["device_cookie"].as_str()
}

#[tokio::test]
async fn a_login_makes_a_device_a_session_and_the_contacts_last_activity() {
    let (school, contact) = school_with(json!({})).await;
    let login = school
        .told(
            "/site/logins",
            json!({ "email": " ANNA@S.example ", "ip": "::ffff:203.0.113.9", "user_agent": "Firefox/131" }),
        )
        .await;
    let cookie = login["device_cookie"].as_str().unwrap();
    assert_eq!(cookie.len(), 22, "128 bits in base64");
    assert!(cookie.bytes().all(|letter| letter.is_ascii_alphanumeric() || b"-_".contains(&letter)));
    assert_eq!((&login["outcome"], &login["restriction"]), (&json!("allowed"), &json!(null)));
    let all = school.everything().await;
    let (device, session) = (&all["devices"][0], &all["sessions"][0]);
    let now = "2026-05-04T10:00:00.000Z";
    assert_eq!(
        *session,
        json!({
            "id": login["session_id"], "contact_id": contact, "device_id": login["device_id"], "ip": "203.0.113.9",
            "user_agent": "Firefox/131", "started_at": now, "last_activity_at": now, "ended_at": null,
            "end_reason": null, "outcome": "allowed", "rev": session["rev"],
        })
    );
    assert_eq!((&device["first_seen_at"], &device["last_seen_at"]), (&json!(now), &json!(now)));
    assert!(!device.to_string().contains(cookie), "only a hash of the cookie is kept");
    assert_eq!(all["contacts"][0]["last_activity_at"], now);
}

#[tokio::test]
async fn logins_move_the_contacts_last_activity_at_most_once_in_30_seconds_and_never_back() {
    let (school, contact) = school_with(json!({})).await;
    let shown = async || school.got("/contacts/1").await["data"].take();
    let first = school.login(contact, None).await;
    let moved = shown().await;
    assert_eq!(moved["last_activity_at"], "2026-05-04T10:00:00.000Z");
    school.clock.advance_ms(29_999);
    school.login(contact, cookie(&first)).await;
    assert_eq!(shown().await, moved, "nothing of the contact was written");
    school.clock.advance_ms(1);
    school.login(contact, cookie(&first)).await;
    let moved = shown().await;
    assert_eq!(moved["last_activity_at"], "2026-05-04T10:00:30.000Z");
    // The server's clock is set back.
    school.clock.advance_ms(-60 * MINUTE_MS);
    school.login(contact, cookie(&first)).await;
    assert_eq!(shown().await, moved);
    assert_eq!(school.device(&first["device_id"]).await["last_seen_at"], "2026-05-04T10:00:30.000Z");
}

#[tokio::test]
async fn a_browser_is_known_again_by_its_cookie_in_every_account() {
    let (school, anna) = school_with(json!({})).await;
    let boris = school.contact("boris@s.example").await;
    let first = school.login(anna, None).await;
    let again = school.login(anna, cookie(&first)).await;
    assert_eq!(again["device_id"], first["device_id"]);
    assert_eq!(again["device_cookie"], json!(null), "it has it already");
    let other = school.login(boris, cookie(&first)).await;
    assert_ne!(other["device_id"], first["device_id"]);
    assert_eq!(other["device_cookie"], json!(null), "it has it already");
    let all = school.everything().await;
    assert_eq!(all["devices"][0]["fingerprint"], all["devices"][1]["fingerprint"]);
    for unknown in ["", "nonsense", "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA", "ключ"] {
        let new = school.login(anna, Some(unknown)).await;
        assert_ne!(new["device_id"], first["device_id"]);
        assert!(cookie(&new).is_some_and(|cookie| cookie != unknown), "{unknown}");
    }
}

#[tokio::test]
async fn a_device_cookie_of_any_other_kind_is_a_new_device() {
    let (school, anna) = school_with(json!({})).await;
    let mut known = Vec::new();
    for malformed in [json!(5), json!(true), json!(["a"]), json!({ "cookie": "a" }), json!(1.5), json!(null)] {
        let body = json!({
            "contact_id": anna, "ip": "198.51.100.7", "user_agent": "Browser/1", "device_cookie": malformed
        });
        let login = school.told("/site/logins", body).await;
        assert!(cookie(&login).is_some(), "{malformed}");
        assert!(!known.contains(&login["device_id"]), "{malformed}");
        known.push(login["device_id"].clone());
    }
}

#[tokio::test]
async fn a_new_login_from_the_same_device_replaces_its_session_without_a_restriction() {
    let (school, contact) = school_with(json!({ "max_concurrent_sessions": 1 })).await;
    let first = school.login(contact, None).await;
    school.clock.advance_ms(MINUTE_MS);
    let second = school.login(contact, cookie(&first)).await;
    assert_eq!((&second["outcome"], &second["restriction"]), (&json!("allowed"), &json!(null)));
    assert_eq!(second["ended_sessions"], json!([first["session_id"]]));
    let ended = school.session(&first["session_id"]).await;
    assert_eq!((&ended["end_reason"], &ended["ended_at"]), (&json!("replaced"), &json!("2026-05-04T10:01:00.000Z")));
}

#[tokio::test]
async fn a_refused_login_is_written_down_and_moves_nobody() {
    let (school, contact) =
        school_with(json!({ "ip_mode": "block_listed", "ip_ranges": ["198.51.100.7", "10.0.0.0/8"] })).await;
    let login = school.login(contact, None).await;
    assert_eq!(login["outcome"], "denied");
    assert!(cookie(&login).is_some(), "the browser is known from now on");
    let session = school.session(&login["session_id"]).await;
    assert_eq!(session["outcome"], "denied");
    assert_eq!((&session["ended_at"], &session["end_reason"]), (&session["started_at"], &json!(null)));
    let restriction = &login["restriction"];
    assert_eq!(
        *restriction,
        json!({
            "id": 1, "contact_id": contact, "session_id": login["session_id"], "device_id": login["device_id"],
            "occurred_at": "2026-05-04T10:00:00.000Z", "ip": "198.51.100.7", "action": "login_denied",
            "status": "not_viewed", "status_changed": null, "rev": restriction["rev"],
            "rule": {
                "code": "ip_blocked", "text": "The school blocks this IP address", "limit": null, "observed": null
            },
        })
    );
    assert_eq!(school.everything().await["restrictions"], json!([restriction]));
    assert_eq!(school.got("/contacts/1").await["data"]["last_activity_at"], json!(null));
}

#[tokio::test]
async fn only_listed_addresses_are_let_in_where_the_school_says_so() {
    let (school, contact) =
        school_with(json!({ "ip_mode": "allow_only_listed", "ip_ranges": ["2001:db8::/32"] })).await;
    let from = async |ip: &str| {
        school.told("/site/logins", json!({ "contact_id": contact, "ip": ip, "user_agent": "" })).await
    };
    assert_eq!(from("2001:db8:1::2").await["outcome"], "allowed");
    assert_eq!(from("2001:db9::1").await["restriction"]["rule"]["code"], "ip_not_listed");
}

#[tokio::test]
async fn one_device_too_many_is_refused_and_not_added() {
    let (school, contact) = school_with(json!({ "max_devices": 2 })).await;
    let known = school.login(contact, None).await;
    school.login(contact, None).await;
    let third = school.login(contact, None).await;
    assert_eq!((&third["outcome"], &third["device_id"]), (&json!("denied"), &json!(null)));
    assert_eq!(third["device_cookie"], json!(null));
    let rule = &third["restriction"]["rule"];
    assert_eq!((&rule["code"], &rule["limit"], &rule["observed"]), (&json!("device_limit"), &json!(2), &json!(3)));
    assert_eq!(school.everything().await["devices"].as_array().map(Vec::len), Some(2));
    assert_eq!(school.login(contact, cookie(&known)).await["outcome"], "allowed", "one of them always passes");
    let device = school.device(&known["device_id"]).await;
    let block = json!({
        "id": key(), "type": "device_access", "target_id": device["id"], "value": "blocked", "base_rev": device["rev"]
    });
    assert_eq!(school.act(block).await["result"], "applied");
    assert_eq!(school.login(contact, None).await["outcome"], "allowed", "a blocked one makes room");
}

#[tokio::test]
async fn a_device_that_was_never_let_in_does_not_count() {
    let (school, contact) = school_with(json!({
        "ip_mode": "block_listed", "ip_ranges": ["198.51.100.7"], "max_devices": 1
    }))
    .await;
    let refused = school.login(contact, None).await;
    assert!(refused["device_id"].is_i64());
    let elsewhere = json!({ "contact_id": contact, "ip": "192.0.2.1", "user_agent": "" });
    assert_eq!(school.told("/site/logins", elsewhere).await["outcome"], "allowed");
    let mut same = json!({ "contact_id": contact, "ip": "192.0.2.1", "user_agent": "" });
    same["device_cookie"] = refused["device_cookie"].clone();
    let limited = school.told("/site/logins", same).await;
    assert_eq!(limited["restriction"]["rule"]["code"], "device_limit");
    assert_eq!(limited["device_id"], refused["device_id"], "a known browser is named");
}

#[tokio::test]
async fn one_session_too_many_is_refused() {
    let (school, contact) = school_with(json!({ "max_concurrent_sessions": 2 })).await;
    school.login(contact, None).await;
    school.login(contact, None).await;
    let third = school.login(contact, None).await;
    let rule = &third["restriction"]["rule"];
    assert_eq!((&third["outcome"], &third["restriction"]["action"]), (&json!("denied"), &json!("login_denied")));
    assert_eq!(
        (&rule["code"], &rule["limit"], &rule["observed"]),
        (&json!("concurrent_sessions"), &json!(2), &json!(3))
    );
    assert_eq!(third["ended_sessions"], json!([]));
}

#[tokio::test]
async fn the_session_longest_without_activity_ends_for_a_new_one() {
    let settings = json!({ "max_concurrent_sessions": 2, "concurrent_policy": "end_oldest" });
    let (school, contact) = school_with(settings).await;
    let first = school.login(contact, None).await;
    school.clock.advance_ms(MINUTE_MS);
    let second = school.login(contact, None).await;
    school.clock.advance_ms(MINUTE_MS);
    school.told(&format!("/site/sessions/{}/activity", first["session_id"]), json!({})).await;
    let third = school.login(contact, None).await;
    assert_eq!((&third["outcome"], &third["ended_sessions"]), (&json!("allowed"), &json!([second["session_id"]])));
    let restriction = &third["restriction"];
    assert_eq!(
        (&restriction["action"], &restriction["session_id"], &restriction["device_id"]),
        (&json!("session_ended"), &third["session_id"], &third["device_id"])
    );
    assert_eq!(restriction["rule"]["observed"], 3);
    assert_eq!(school.session(&second["session_id"]).await["end_reason"], "replaced");
}

#[tokio::test]
async fn with_checks_off_only_a_blocked_device_is_refused() {
    let (school, contact) = school_with(json!({
        "ip_mode": "block_listed", "ip_ranges": ["0.0.0.0/0"], "max_concurrent_sessions": 1, "max_devices": 1
    }))
    .await;
    let rev = school.got("/contacts/1").await["data"]["rev"].take();
    let off = json!({ "id": key(), "type": "contact_checks", "target_id": contact, "value": "off", "base_rev": rev });
    assert_eq!(school.act(off).await["result"], "applied");
    let first = school.login(contact, None).await;
    let second = school.login(contact, None).await;
    assert_eq!((&first["outcome"], &second["outcome"]), (&json!("allowed"), &json!("allowed")));
    let block = json!({
        "id": key(), "type": "device_access", "target_id": first["device_id"], "value": "blocked", "base_rev": 0
    });
    assert_eq!(school.act(block).await["result"], "applied");
    assert_eq!(school.login(contact, cookie(&first)).await["restriction"]["rule"]["code"], "device_blocked");
}

#[tokio::test]
async fn a_session_whose_time_has_passed_counts_no_more_even_before_the_sweep() {
    let (school, contact) = school_with(json!({ "max_concurrent_sessions": 1, "session_timeout_minutes": 5 })).await;
    let first = school.login(contact, None).await;
    school.clock.advance_ms(5 * MINUTE_MS);
    assert_eq!(school.login(contact, None).await["outcome"], "allowed");
    let lapsed = school.session(&first["session_id"]).await;
    assert_eq!((&lapsed["end_reason"], &lapsed["ended_at"]), (&json!("expired"), &json!("2026-05-04T10:05:00.000Z")));
}

#[tokio::test]
async fn a_login_that_cannot_be_meant_is_refused() {
    let (school, contact) = school_with(json!({})).await;
    let login = |change: Value| {
        let mut body = json!({ "contact_id": contact, "ip": "192.0.2.1", "user_agent": "UA" });
        for (field, value) in change.as_object().unwrap() {
            body[field] = value.clone();
        }
        body
    };
    for (body, status) in [
        (login(json!({ "email": "anna@s.example" })), 422),
        (login(json!({ "contact_id": null })), 422),
        (login(json!({ "contact_id": null, "email": "anna" })), 422),
        (login(json!({ "contact_id": "1" })), 422),
        (login(json!({ "ip": "192.0.2" })), 422),
        (login(json!({ "ip": "" })), 422),
        (login(json!({ "ip": "192.0.2.1:80" })), 422),
        (login(json!({ "user_agent": null })), 422),
        (login(json!({ "user_agent": "x".repeat(2001) })), 422),
        (json!({ "contact_id": contact, "ip": "192.0.2.1" }), 422),
        (login(json!({ "contact_id": 99 })), 404),
        (login(json!({ "contact_id": null, "email": "nobody@s.example" })), 404),
    ] {
        let (said, answer) = error(school.site(Method::POST, "/site/logins", &body).await).await;
        assert_eq!(said, status, "{body}: {answer}");
    }
    assert_eq!(school.everything().await["sessions"], json!(null), "nothing was written");
    let longest = login(json!({ "user_agent": "я".repeat(2000) }));
    assert_eq!(school.told("/site/logins", longest).await["outcome"], "allowed");
}

#[tokio::test]
async fn rules_speak_the_language_of_the_request() {
    let (school, contact) = school_with(json!({ "max_devices": 1 })).await;
    school.login(contact, None).await;
    school.login(contact, None).await;
    for (language, text) in [
        ("en", "Devices: 2, allowed: 1"),
        ("uk", "Пристроїв: 2, дозволено: 1"),
        ("ru-RU", "Устройств: 2, разрешено: 1"),
        ("it", "Devices: 2, allowed: 1"),
    ] {
        let request = school.call(As::Admin, Method::GET, "/login-log/changes").header("X-Language", language);
        let page: Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(page["data"]["restrictions"][0]["rule"]["text"], text, "{language}");
    }
}

#[tokio::test]
async fn settings_are_replaced_whole_and_kept_in_normal_form() {
    let (school, _) = school_with(json!({})).await;
    let full = json!({
        "ip_mode": "block_listed", "ip_ranges": ["203.0.113.77/24", "::ffff:192.0.2.1", "2001:DB8::1/32"],
        "max_concurrent_sessions": 3, "concurrent_policy": "end_oldest", "max_devices": 4,
        "session_timeout_minutes": 7,
    });
    let written = school.settings(full.clone()).await;
    assert_eq!(written["ip_ranges"], json!(["203.0.113.0/24", "192.0.2.1", "2001:db8::/32"]));
    assert_eq!(school.settings(full).await["rev"], written["rev"], "unchanged ones make no new rev");
    let shown = school.call(As::Site, Method::GET, "/site/access-control").send().await.unwrap();
    assert_eq!(shown.json::<Value>().await.unwrap()["data"], written);
    assert_eq!(school.everything().await["access_control"], written);
    let defaults = school.settings(json!({})).await;
    assert_eq!(
        defaults,
        json!({
            "ip_mode": "off", "ip_ranges": [], "max_concurrent_sessions": null, "concurrent_policy": "refuse_new",
            "max_devices": null, "session_timeout_minutes": 30, "rev": defaults["rev"],
        })
    );
    for wrong in [
        json!({ "ip_mode": "allow_only_listed" }),
        json!({ "ip_mode": "sometimes" }),
        json!({ "concurrent_policy": "dance" }),
        json!({ "ip_ranges": ["10.0.0.0/33"] }),
        json!({ "ip_ranges": ["somewhere"] }),
        json!({ "max_devices": 0 }),
        json!({ "max_concurrent_sessions": -1 }),
        json!({ "session_timeout_minutes": 0 }),
        json!({ "session_timeout_minutes": null }),
        json!({ "max_devices": "two" }),
    ] {
        let (status, body) = error(school.site(Method::PUT, "/site/access-control", &wrong).await).await;
        assert_eq!(status, 422, "{wrong}: {body}");
    }
}
