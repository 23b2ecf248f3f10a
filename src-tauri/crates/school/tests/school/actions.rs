//! `/login-log/actions`: each decision has one effect, however often it is asked for.

use hallmonitor_school::{Limits, School};
use reqwest::Method;
use serde_json::{Value, json};

use super::started::{MINUTE_MS, Started, error, find, key, start};

/// A school with one contact, one device, one running session; the device as it stands.
async fn school_with_device() -> (Started, Value) {
    let school = start().await;
    let contact = school.contact("anna@s.example").await;
    let login = school.login(contact, None).await;
    let device = school.device(&login["device_id"]).await;
    (school, device)
}

fn block(id: &str, device: &Value) -> Value {
    json!({ "id": id, "type": "device_access", "target_id": device["id"], "value": "blocked", "base_rev": device["rev"] })
}

fn allow(id: &str, device: &Value) -> Value {
    json!({ "id": id, "type": "device_access", "target_id": device["id"], "value": "allowed", "base_rev": device["rev"] })
}

#[tokio::test]
async fn blocking_a_device_ends_its_sessions_and_refuses_its_next_login() {
    let school = start().await;
    let contact = school.contact("anna@s.example").await;
    let login = school.login(contact, None).await;
    let other = school.login(contact, None).await;
    let device = school.device(&login["device_id"]).await;
    school.clock.advance_ms(MINUTE_MS);
    let answer = school.act(block(&key(), &device)).await;
    assert_eq!(answer["result"], "applied");
    assert_eq!(answer["device"]["access"], "blocked");
    assert_eq!(answer["device"]["access_changed"], json!({ "at": "2026-05-04T10:01:00.000Z", "by": "Olena" }));
    let ended = school.session(&login["session_id"]).await;
    assert_eq!(
        (&ended["end_reason"], &ended["ended_at"]),
        (&json!("device_blocked"), &json!("2026-05-04T10:01:00.000Z"))
    );
    assert_eq!(school.session(&other["session_id"]).await["ended_at"], json!(null), "another device goes on");
    let refused = school.login(contact, login["device_cookie"].as_str()).await;
    assert_eq!(
        (&refused["outcome"], &refused["restriction"]["rule"]["code"]),
        (&json!("denied"), &json!("device_blocked"))
    );
    let again = school.act(allow(&key(), &answer["device"])).await;
    assert_eq!(again["result"], "applied");
    assert_eq!(school.login(contact, login["device_cookie"].as_str()).await["outcome"], "allowed");
}

#[tokio::test]
async fn a_repeated_id_is_answered_as_before_without_a_second_effect() {
    let (school, device) = school_with_device().await;
    let id = key();
    let first = school.act(block(&id, &device)).await;
    assert_eq!(first["replayed"], false);
    let undone = school.act(allow(&key(), &first["device"])).await;
    assert_eq!(undone["result"], "applied");
    let replayed = school.act(block(&id, &device)).await;
    assert_eq!(replayed["replayed"], true);
    assert_eq!((&replayed["result"], &replayed["device"]), (&first["result"], &first["device"]), "as it was then");
    assert_eq!(school.act(block(&id.to_uppercase(), &device)).await["replayed"], true, "whatever its case");
    assert_eq!(school.device(&device["id"]).await["access"], "allowed", "no second effect");
}

#[tokio::test]
async fn the_same_id_with_other_content_is_invalid() {
    let (school, device) = school_with_device().await;
    let id = key();
    let action = block(&id, &device);
    school.act(action.clone()).await;
    for (field, value) in [
        ("type", json!("contact_checks")),
        ("target_id", json!(99)),
        ("value", json!("allowed")),
        ("base_rev", json!(1)),
        ("force", json!(true)),
    ] {
        let mut other = action.clone();
        other[field] = value;
        let answer = school.act(other).await;
        assert_eq!(answer["result"], "invalid", "{field}");
        assert!(answer["message"].is_string() && answer["replayed"] == json!(false));
    }
    let mut later = action;
    later["decided_at"] = json!("2026-05-04T10:00:00Z");
    assert_eq!(school.act(later).await["replayed"], true, "when it was decided is not content");
}

#[tokio::test]
async fn a_later_decision_by_anybody_is_a_conflict_unless_forced() {
    let (school, device) = school_with_device().await;
    let blocked = school.act(block(&key(), &device)).await;
    let id = key();
    let conflict = school.act(allow(&id, &device)).await;
    assert_eq!((&conflict["result"], &conflict["device"]), (&json!("conflict"), &blocked["device"]));
    assert_eq!(school.act(allow(&id, &device)).await["result"], "conflict", "stored");
    let mut forced = allow(&key(), &device);
    forced["force"] = json!(true);
    let answer = school.act(forced).await;
    assert_eq!((&answer["result"], &answer["device"]["access"]), (&json!("applied"), &json!("allowed")));
}

#[tokio::test]
async fn a_value_that_is_so_already_is_applied_and_changes_nothing() {
    let (school, device) = school_with_device().await;
    let blocked = school.act(block(&key(), &device)).await;
    let cursor = school.got("/login-log/changes").await["meta"]["cursor"].take();
    let again = school.act(block(&key(), &device)).await;
    assert_eq!((&again["result"], &again["device"]), (&json!("applied"), &blocked["device"]));
    let after = school.got(&format!("/login-log/changes?cursor={}", cursor.as_str().unwrap())).await;
    assert_eq!(after["data"], json!({}));
}

#[tokio::test]
async fn another_field_of_the_entity_is_no_conflict() {
    let (school, _) = school_with_device().await;
    let contact = school.got("/contacts/1").await["data"].take();
    school.told("/site/contacts", json!({ "email": "anna@s.example", "first_name": "Anna" })).await;
    let off = json!({
        "id": key(), "type": "contact_checks", "target_id": 1, "value": "off", "base_rev": contact["rev"]
    });
    let answer = school.act(off).await;
    assert_eq!((&answer["result"], &answer["contact"]["checks_enabled"]), (&json!("applied"), &json!(false)));
    assert_eq!(answer["contact"]["checks_changed"]["by"], "Olena");
    assert_eq!(answer["contact"]["first_name"], "Anna");
}

#[tokio::test]
async fn actions_of_one_body_are_taken_in_their_order_and_stand_alone() {
    let (school, device) = school_with_device().await;
    let (first, third) = (key(), key());
    let answers = school
        .act_all(json!([
            block(&first, &device),
            { "id": "no-uuid", "type": "device_access", "target_id": 1, "value": "blocked", "base_rev": 1 },
            allow(&third, &device),
            block(&first, &device),
            { "id": key(), "type": "device_access", "target_id": 999, "value": "blocked", "base_rev": 1 },
            { "id": key(), "type": "device_access", "target_id": 1, "value": "viewed", "base_rev": 1 },
            { "id": key(), "type": "launch", "target_id": 1, "value": "on", "base_rev": 1 },
        ]))
        .await;
    let results: Vec<&str> = answers.as_array().unwrap().iter().map(|one| one["result"].as_str().unwrap()).collect();
    assert_eq!(results, ["applied", "invalid", "conflict", "applied", "not_found", "invalid", "invalid"]);
    assert_eq!((&answers[0]["id"], &answers[1]["id"]), (&json!(first), &json!("no-uuid")));
    assert_eq!(answers[3]["replayed"], true);
}

#[tokio::test]
async fn a_refused_action_is_stored_but_not_one_without_a_key() {
    let (school, _) = school_with_device().await;
    let misfit = json!({ "id": key(), "type": "device_access", "target_id": 1, "value": "on", "base_rev": 1 });
    assert_eq!(school.act(misfit.clone()).await["replayed"], false);
    assert_eq!(school.act(misfit).await["replayed"], true);
    let keyless = json!({ "id": "1", "type": "device_access", "target_id": 1, "value": "blocked", "base_rev": 99 });
    for _ in 0..2 {
        let answer = school.act(keyless.clone()).await;
        assert_eq!((&answer["result"], &answer["replayed"]), (&json!("invalid"), &json!(false)));
    }
    assert_eq!(school.device(&json!(1)).await["access"], "allowed");
}

#[tokio::test]
async fn an_id_or_value_that_is_no_word_spoils_its_own_action_alone() {
    let (school, device) = school_with_device().await;
    let with = |field: &str, value: Value| {
        let mut action = block(&key(), &device);
        action[field] = value;
        action
    };
    for (field, value, named) in [
        ("id", json!(5), Some("5")),
        ("id", json!(null), Some("null")),
        ("value", json!(null), None),
        ("value", json!(true), None),
        ("value", json!({ "blocked": null }), None),
        ("type", json!(7), None),
    ] {
        let action = with(field, value);
        let answers = school.act_all(json!([action, allow(&key(), &device)])).await;
        assert_eq!((&answers[0]["result"], &answers[1]["result"]), (&json!("invalid"), &json!("applied")), "{action}");
        let named = named.map_or_else(|| action["id"].clone(), |named| json!(named));
        assert_eq!(answers[0]["id"], named);
        let replayed = school.act(action.clone()).await;
        assert_eq!(replayed["replayed"], json!(field != "id"), "only well-formed ids are stored: {action}");
    }
    assert_eq!(school.device(&device["id"]).await["access"], "allowed");
    let mut no_value = block(&key(), &device);
    no_value.as_object_mut().unwrap().remove("value");
    assert_eq!(error(school.act_raw(&json!({ "actions": [no_value] })).await).await.0, 422);
}

#[tokio::test]
async fn too_many_actions_are_not_done_at_all() {
    let (school, device) = school_with_device().await;
    let many: Vec<Value> = (0..101).map(|_| block(&key(), &device)).collect();
    let (status, _) = error(school.act_raw(&json!({ "actions": many })).await).await;
    assert_eq!(status, 413);
    assert_eq!(school.device(&device["id"]).await["access"], "allowed");
    let mut misshapen = many.clone();
    misshapen[7] = json!("block");
    let (status, _) = error(school.act_raw(&json!({ "actions": misshapen })).await).await;
    assert_eq!(status, 413, "whoever sends fewer hears what is wrong with one");
    assert_eq!(school.act_all(json!(many[..100])).await.as_array().map(Vec::len), Some(100));
}

#[tokio::test]
async fn a_body_of_another_shape_is_refused_and_nothing_is_done() {
    let (school, device) = school_with_device().await;
    let mut no_target = block(&key(), &device);
    no_target.as_object_mut().unwrap().remove("target_id");
    let mut text_target = block(&key(), &device);
    text_target["target_id"] = json!("1");
    for body in [
        json!({}),
        json!([]),
        json!({ "actions": [] }),
        json!({ "actions": {} }),
        json!({ "actions": ["block"] }),
        json!({ "actions": [block(&key(), &device), no_target] }),
        json!({ "actions": [block(&key(), &device), text_target] }),
    ] {
        assert_eq!(error(school.act_raw(&body).await).await.0, 422, "{body}");
    }
    assert_eq!(school.device(&device["id"]).await["access"], "allowed");
}

#[tokio::test]
async fn viewing_a_restriction_changes_nothing_but_its_status() {
    let (school, device) = school_with_device().await;
    let login = school.act(block(&key(), &device)).await;
    assert_eq!(login["result"], "applied");
    let cookie = "AAAAAAAAAAAAAAAAAAAAAA";
    school.settings(json!({ "ip_mode": "block_listed", "ip_ranges": ["198.51.100.0/24"] })).await;
    let refused = school.login(1, Some(cookie)).await;
    let restriction = &refused["restriction"];
    let view = json!({
        "id": key(), "type": "restriction_status", "target_id": restriction["id"], "value": "viewed",
        "base_rev": restriction["rev"],
    });
    let answer = school.act(view.clone()).await;
    let mut expected = restriction.clone();
    expected["status"] = json!("viewed");
    expected["status_changed"] = json!({ "at": "2026-05-04T10:00:00.000Z", "by": "Olena" });
    expected["rev"] = answer["restriction"]["rev"].clone();
    assert_eq!(answer["restriction"], expected);
    assert_eq!(find(&school.everything().await["restrictions"], &restriction["id"]), expected);
    let in_ukrainian = school
        .call(super::started::As::Admin, reqwest::Method::POST, "/login-log/actions")
        .header("X-Language", "uk")
        .json(&json!({ "actions": [view] }));
    let replayed: Value = in_ukrainian.send().await.unwrap().json().await.unwrap();
    assert_eq!(replayed["data"][0]["restriction"]["rule"]["text"], "Школа заблокувала цю IP-адресу");
}

#[tokio::test]
async fn the_effect_of_a_decision_made_twice_at_once_is_one() {
    let (school, device) = school_with_device().await;
    let action = block(&key(), &device);
    let answers = futures_util::future::join_all((0..8).map(|_| school.act(action.clone()))).await;
    assert_eq!(answers.iter().filter(|answer| answer["replayed"] == json!(false)).count(), 1);
    assert!(answers.iter().all(|answer| answer["device"] == answers[0]["device"]));
}

#[tokio::test]
async fn a_decision_upon_a_lost_history_is_not_taken_and_the_history_gets_a_new_name_once() {
    let (school, device) = school_with_device().await;
    let backup = format!("{}-backup", school.database().trim_start_matches("sqlite:"));
    sqlx::query("VACUUM INTO $1").bind(&backup).execute(school.school.pool()).await.unwrap();
    // What was seen, and is not in the backup.
    for number in 0..9 {
        school.contact(&format!("{number}@s.example")).await;
    }
    let blocked = school.act(block(&key(), &device)).await;
    let seen = school.act(allow(&key(), &blocked["device"])).await["device"].take();

    let restored = School::open(&format!("sqlite:{backup}")).await.unwrap();
    let server = restored.serve("127.0.0.1:0", Limits::default()).await.unwrap();
    let act = async |action: &Value| {
        let request = school.http.post(format!("{}/login-log/actions", server.url()));
        let request = request.header("Token", school.admin.token.reveal());
        let request = request.header("Cabinet-Hash", &school.admin.cabinet_hash);
        let answer = request.json(&json!({ "actions": [action] })).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.json::<Value>().await.unwrap()["data"][0].take()
    };
    let epoch = async || restored.cabinet().await.unwrap().epoch;
    let old = epoch().await;
    let newer = act(&block(&key(), &device)).await;
    assert_eq!(newer["result"], "applied");
    assert!(newer["device"]["rev"].as_i64() < seen["rev"].as_i64());

    let mut late = allow(&key(), &seen);
    let mut of_nobody = allow(&key(), &seen);
    of_nobody["target_id"] = json!(999);
    for action in [&late, &of_nobody] {
        let answer = act(action).await;
        assert_eq!((&answer["result"], &answer["replayed"]), (&json!("retry"), &json!(false)), "{answer}");
        assert!(answer["message"].is_string() && answer["device"].is_null(), "{answer}");
    }
    let new = epoch().await;
    assert_ne!(new, old, "whoever comes with revisions of the lost history is told");
    assert_eq!(act(&late).await["result"], "retry");
    assert_eq!(epoch().await, new, "a history parts once");
    late["base_rev"] = newer["device"]["rev"].clone();
    let again = act(&late).await;
    assert_eq!(
        (&again["result"], &again["replayed"], &again["device"]["access"]),
        (&json!("applied"), &json!(false), &json!("allowed")),
        "nothing was stored under its key, and nothing done before"
    );
    let mut forced = block(&key(), &seen);
    forced["force"] = json!(true);
    assert_eq!(act(&forced).await["result"], "applied", "what is forced goes by no revision");
    server.shutdown().await.unwrap();
}

#[tokio::test]
async fn a_revision_below_all_others_makes_no_conflict_where_nobody_decided() {
    let (school, device) = school_with_device().await;
    let mut action = block(&key(), &device);
    action["base_rev"] = json!(-1);
    assert_eq!(school.act(action).await["result"], "applied");
}

#[tokio::test]
async fn an_erased_contact_is_in_no_stored_answer() {
    let (school, device) = school_with_device().await;
    for number in 2..=11 {
        school.contact(&format!("{number}@s.example")).await;
    }
    let other = school.login(11, None).await;
    let other = school.device(&other["device_id"]).await;
    school.settings(json!({ "ip_mode": "block_listed", "ip_ranges": ["198.51.100.7"] })).await;
    let restriction = school.login(1, None).await["restriction"].take();
    let keys: Vec<String> = (0..5).map(|_| key()).collect();
    let actions = json!([
        block(&keys[0], &device),
        allow(&keys[1], &device),
        {
            "id": keys[2], "type": "restriction_status", "target_id": restriction["id"], "value": "viewed",
            "base_rev": 0,
        },
        { "id": keys[3], "type": "contact_checks", "target_id": 1, "value": "off", "base_rev": 0 },
        block(&keys[4], &other),
    ]);
    let results = |answers: &Value| -> Vec<String> {
        answers.as_array().unwrap().iter().map(|one| one["result"].as_str().unwrap().to_owned()).collect()
    };
    let before = school.act_all(actions.clone()).await;
    assert_eq!(results(&before), ["applied", "conflict", "applied", "applied", "applied"]);
    // As one that was too old for the server: its answer is all that is left of it.
    sqlx::query("DELETE FROM restriction").execute(school.school.pool()).await.unwrap();

    let gone = school.site(Method::DELETE, "/site/contacts/1", &json!({})).await;
    assert_eq!(gone.status(), 200);
    let after = school.act_all(actions).await;
    assert_eq!(results(&after), results(&before), "what was decided was decided");
    for answer in after.as_array().unwrap() {
        assert_eq!(answer["replayed"], true, "the key is known still: {answer}");
    }
    for answer in &after.as_array().unwrap()[..4] {
        let entity = ["device", "restriction", "contact"].iter().find_map(|kind| answer[*kind].as_object()).unwrap();
        for field in ["email", "first_name", "last_name", "phone", "tags", "fingerprint", "ip", "user_agent"] {
            let value = entity.get(field).unwrap_or(&Value::Null);
            assert!(value.is_null() || *value == json!("") || *value == json!([]), "{field}: {answer}");
        }
    }
    assert_eq!(after[4]["device"], before[4]["device"], "another contact's");
}
