//! The school's website: what students do.

use hallmonitor_tests::TestSchool;
use serde_json::{Value, json};

/// Tells the school's server something, and gives back the `data` of its answer.
pub(crate) async fn tell(school: &TestSchool, path: &str, body: Value) -> Value {
    let answer = reqwest::Client::new()
        .post(format!("{}/site/{path}", school.url()))
        .header("Token", &school.site_token)
        .header("Cabinet-Hash", &school.cabinet)
        .json(&body)
        .send()
        .await
        .expect("the server answers");
    let status = answer.status();
    let mut answer: Value = answer.json().await.expect("JSON");
    assert!(status.is_success(), "{path}: {status} {answer}");
    answer["data"].take()
}

/// Adds a contact; gives its id.
pub(crate) async fn contact(school: &TestSchool, contact: Value) -> i64 {
    tell(school, "contacts", contact).await["id"].as_i64().expect("an id")
}

/// A login; gives the answer.
pub(crate) async fn login(school: &TestSchool, contact: i64, ip: &str, user_agent: &str) -> Value {
    tell(school, "logins", json!({ "contact_id": contact, "ip": ip, "user_agent": user_agent })).await
}

pub(crate) const CHROME: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
pub(crate) const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 \
                                 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";

/// Replaces the access control settings.
pub(crate) async fn put_settings(school: &TestSchool, settings: Value) {
    let draft = serde_json::from_value(settings).expect("settings");
    school.school.set_access_control(draft).await.expect("the settings are taken");
}

/// Removes a contact and all that is its own.
pub(crate) async fn remove(school: &TestSchool, contact: i64) {
    let answer = reqwest::Client::new()
        .delete(format!("{}/site/contacts/{contact}", school.url()))
        .header("Token", &school.site_token)
        .header("Cabinet-Hash", &school.cabinet)
        .send()
        .await
        .expect("the server answers");
    assert!(answer.status().is_success(), "{}", answer.status());
}
