//! `/openapi.json` says what the contracts say, and the server's answers keep to it.

use reqwest::Method;
use serde_json::{Value, json};

use super::started::{As, Started, key, start};

async fn document(school: &Started) -> Value {
    // Open to everybody: no token.
    let response = school.http.get(format!("{}/openapi.json", school.running.url())).send().await.unwrap();
    assert_eq!(response.status(), 200);
    response.json().await.unwrap()
}

/// The contracts' operations: path, method, query parameters, statuses that are named.
const OPERATIONS: [(&str, &str, &[&str], &[&str]); 14] = [
    ("/contacts", "get", &["page", "per_page", "filters[search]"], &["200", "default"]),
    ("/contacts/{id}", "get", &["id"], &["200", "default"]),
    ("/login-log", "get", &[], &["200", "default"]),
    ("/login-log/changes", "get", &["cursor", "limit"], &["200", "410", "default"]),
    ("/login-log/events", "get", &[], &["200", "default"]),
    ("/login-log/actions", "post", &[], &["200", "default"]),
    ("/site/logins", "post", &[], &["200", "404", "422"]),
    ("/site/sessions/{id}/activity", "post", &["id"], &["200", "404"]),
    ("/site/sessions/{id}/logout", "post", &["id"], &["200"]),
    ("/site/contacts", "post", &[], &["200"]),
    ("/site/contacts/{id}", "delete", &["id"], &["200", "404"]),
    ("/site/access-control", "get", &[], &["200"]),
    ("/site/access-control", "put", &[], &["200", "422"]),
    ("/openapi.json", "none", &[], &[]),
];

/// The contracts' schemas: fields that must be there, fields that may be.
const SCHEMAS: [(&str, &[&str], &[&str]); 12] = [
    ("Changed", &["at", "by"], &[]),
    (
        "Contact",
        &["id", "email", "created_at"],
        &["first_name", "last_name", "phone", "tags", "last_activity_at", "checks_enabled", "checks_changed", "rev"],
    ),
    (
        "Device",
        &["id", "contact_id", "fingerprint", "first_seen_at", "last_seen_at", "access", "rev"],
        &["user_agent", "access_changed"],
    ),
    (
        "Session",
        &["id", "contact_id", "ip", "started_at", "last_activity_at", "outcome", "rev"],
        &["device_id", "user_agent", "ended_at", "end_reason"],
    ),
    (
        "Restriction",
        &["id", "contact_id", "occurred_at", "rule", "action", "status", "rev"],
        &["session_id", "device_id", "ip", "status_changed"],
    ),
    ("Rule", &["code", "text"], &["limit", "observed"]),
    (
        "AccessControl",
        &["rev"],
        &[
            "ip_mode",
            "ip_ranges",
            "max_concurrent_sessions",
            "concurrent_policy",
            "max_devices",
            "session_timeout_minutes",
        ],
    ),
    ("Action", &["id", "type", "target_id", "value", "base_rev"], &["decided_at", "force"]),
    ("ActionResult", &["id", "result"], &["replayed", "message", "device", "restriction", "contact"]),
    ("LoginAttempt", &["ip", "user_agent"], &["contact_id", "email", "device_cookie"]),
    ("ContactDraft", &["email"], &["first_name", "last_name", "phone", "tags"]),
    ("ErrorBody", &["message"], &["code", "errors"]),
];

/// The contracts' words: schema, field, what it may say.
const WORDS: [(&str, &str, &[&str]); 8] = [
    ("Device", "access", &["allowed", "blocked"]),
    ("Session", "outcome", &["allowed", "denied"]),
    ("Restriction", "status", &["not_viewed", "viewed"]),
    ("AccessControl", "ip_mode", &["off", "block_listed", "allow_only_listed"]),
    ("AccessControl", "concurrent_policy", &["refuse_new", "end_oldest"]),
    ("Action", "type", &["device_access", "restriction_status", "contact_checks"]),
    ("Action", "value", &["allowed", "blocked", "not_viewed", "viewed", "on", "off"]),
    ("ActionResult", "result", &["applied", "conflict", "not_found", "invalid", "forbidden", "retry"]),
];

fn sorted(mut words: Vec<String>) -> Vec<String> {
    words.sort();
    words
}

fn names(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => sorted(fields.keys().cloned().collect()),
        Value::Array(words) => sorted(words.iter().map(|word| word.as_str().unwrap().to_owned()).collect()),
        _ => Vec::new(),
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    sorted(words.iter().map(|&word| word.to_owned()).collect())
}

#[tokio::test]
async fn the_document_has_the_contracts_paths_and_parameters() {
    let document = document(&start().await).await;
    for (path, method, parameters, statuses) in OPERATIONS {
        let operation = &document["paths"][path][method];
        if method == "none" {
            continue;
        }
        let said = operation["parameters"].as_array().map_or_else(Vec::new, |list| {
            sorted(list.iter().map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect())
        });
        assert_eq!(said, owned(parameters), "{method} {path}");
        for status in statuses {
            assert!(operation["responses"][status].is_object(), "{method} {path} {status}");
        }
    }
    let said: usize = document["paths"].as_object().unwrap().values().map(|path| path.as_object().unwrap().len()).sum();
    assert_eq!(said, OPERATIONS.len() - 1, "nothing beside the contracts");
    let per_page = &document["paths"]["/contacts"]["get"]["parameters"][1]["schema"];
    assert_eq!(
        (&per_page["minimum"], &per_page["maximum"], &per_page["default"]),
        (&json!(1), &json!(250), &json!(15))
    );
    let schemes = &document["components"]["securitySchemes"];
    assert_eq!((&schemes["token"]["name"], &schemes["cabinet"]["name"]), (&json!("Token"), &json!("Cabinet-Hash")));
}

#[tokio::test]
async fn the_document_has_the_contracts_fields_and_words() {
    let document = document(&start().await).await;
    let schemas = &document["components"]["schemas"];
    for (name, required, optional) in SCHEMAS {
        let schema = &schemas[name];
        assert_eq!(names(&schema["required"]), owned(required), "{name}");
        assert_eq!(names(&schema["properties"]), owned(&[required, optional].concat()), "{name}");
    }
    for (name, field, words) in WORDS {
        let reference = schemas[name]["properties"][field]["$ref"].as_str().unwrap();
        let words_of = schemas[reference.rsplit('/').next().unwrap()]["enum"].clone();
        assert_eq!(names(&words_of), owned(words), "{name}.{field}");
    }
}

/// Holds a body against the schema that the document has for an answer.
fn hold(document: &Value, path: &str, method: &str, status: &str, body: &Value) {
    let mut response = &document["paths"][path][method]["responses"][status];
    if let Some(reference) = response["$ref"].as_str() {
        response = document.pointer(reference.trim_start_matches('#')).unwrap();
    }
    let mut schema = response["content"]["application/json"]["schema"].clone();
    assert!(schema.is_object(), "{method} {path} {status} has a schema");
    schema["components"] = document["components"].clone();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let faults: Vec<String> =
        validator.iter_errors(body).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{method} {path} {status}: {faults:?}\n{body}");
}

#[tokio::test]
async fn the_servers_answers_keep_to_the_document() {
    let school = start().await;
    let document = document(&school).await;
    let settings = school
        .site(Method::PUT, "/site/access-control", &json!({ "max_devices": 1, "ip_ranges": ["10.0.0.0/8"] }))
        .await;
    hold(&document, "/site/access-control", "put", "200", &settings.json().await.unwrap());
    let shown = school.call(As::Site, Method::GET, "/site/access-control").send().await.unwrap();
    hold(&document, "/site/access-control", "get", "200", &shown.json().await.unwrap());
    let contact = json!({ "email": "a@s.example", "tags": ["x"], "first_name": "A" });
    let added = school.site(Method::POST, "/site/contacts", &contact).await;
    hold(&document, "/site/contacts", "post", "200", &added.json().await.unwrap());
    for _ in 0..2 {
        let login = json!({ "contact_id": 1, "ip": "192.0.2.1", "user_agent": "UA" });
        let login = school.site(Method::POST, "/site/logins", &login).await;
        hold(&document, "/site/logins", "post", "200", &login.json().await.unwrap());
    }
    for path in ["activity", "logout"] {
        let answer = school.site(Method::POST, &format!("/site/sessions/1/{path}"), &json!({})).await;
        hold(&document, &format!("/site/sessions/{{id}}/{path}"), "post", "200", &answer.json().await.unwrap());
    }
    let actions = json!({ "actions": [
        { "id": key(), "type": "device_access", "target_id": 1, "value": "blocked", "base_rev": 0 },
        { "id": key(), "type": "restriction_status", "target_id": 1, "value": "viewed", "base_rev": 0 },
        { "id": key(), "type": "contact_checks", "target_id": 1, "value": "off", "base_rev": 0 },
        { "id": key(), "type": "contact_checks", "target_id": 9, "value": "off", "base_rev": 0 },
    ] });
    hold(&document, "/login-log/actions", "post", "200", &school.act_raw(&actions).await.json().await.unwrap());
    hold(&document, "/contacts", "get", "200", &school.got("/contacts").await);
    hold(&document, "/contacts/{id}", "get", "200", &school.got("/contacts/1").await);
    hold(&document, "/login-log", "get", "200", &school.got("/login-log").await);
    let gone = school.contact("b@s.example").await;
    let gone = school.site(Method::DELETE, &format!("/site/contacts/{gone}"), &json!({})).await;
    hold(&document, "/site/contacts/{id}", "delete", "200", &gone.json().await.unwrap());
    let page = school.got("/login-log/changes").await;
    for kind in ["contacts", "devices", "sessions", "restrictions", "deleted", "access_control"] {
        assert!(!page["data"][kind].is_null(), "{kind} is held against the document too");
    }
    hold(&document, "/login-log/changes", "get", "200", &page);
    let wrong = school.get("/login-log/changes?limit=0").await;
    hold(&document, "/login-log/changes", "get", "default", &wrong.json().await.unwrap());
}

#[tokio::test]
async fn the_document_tells_a_wrong_answer_from_a_right_one() {
    let school = start().await;
    let document = document(&school).await;
    let mut body = school.got("/login-log").await;
    body["data"].as_object_mut().unwrap().remove("epoch");
    let held = std::panic::catch_unwind(|| hold(&document, "/login-log", "get", "200", &body));
    assert!(held.is_err(), "a missing field is noticed");
}
