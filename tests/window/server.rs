//! The school's server, asked beside the window: what it has, and what another administrator or the website does there.

use hallmonitor_school::{Limits, Running, Scope};
use hallmonitor_tests::TestSchool;
use serde_json::{Value, json};

/// A browser that students use.
pub(crate) const CHROME: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

/// Adds a student; gives the id.
pub(crate) async fn student(school: &TestSchool, email: &str, first_name: &str) -> i64 {
    let answer = school.tells("contacts", &json!({ "email": email, "first_name": first_name })).await;
    answer["data"]["id"].as_i64().expect("an id")
}

/// A student logs in; gives the answer's `data`. Without a cookie it is a new device.
pub(crate) async fn login(school: &TestSchool, student: i64, cookie: Option<&str>) -> Value {
    let body = json!({ "contact_id": student, "ip": "93.74.11.20", "user_agent": CHROME, "device_cookie": cookie });
    school.tells("logins", &body).await["data"].take()
}

/// Whether a session still runs, and why not.
pub(crate) async fn activity(school: &TestSchool, session: &Value) -> Value {
    school.tells(&format!("sessions/{session}/activity"), &json!({})).await["data"].take()
}

/// Another server of the same school, on a port that the window does not know: whoever looks or acts there need not put
/// the plug of the window's own server in, which would let the window send what it holds.
async fn beside(school: &TestSchool) -> Running {
    school.school.serve("127.0.0.1:0", Limits::default()).await.expect("a port is free")
}

/// Everything that the server has, as the School server API says it; also while the window's server is unplugged.
pub(crate) async fn everything(school: &TestSchool) -> Value {
    let running = beside(school).await;
    let answer = reqwest::Client::new()
        .get(format!("{}/login-log/changes?limit=10000", running.url()))
        .header("Token", &school.token)
        .header("Cabinet-Hash", &school.cabinet)
        .send()
        .await
        .expect("the school answers");
    assert!(answer.status().is_success(), "{}", answer.status());
    let mut answer: Value = answer.json().await.expect("JSON");
    running.shutdown().await.expect("it ran until now");
    answer["data"].take()
}

/// One device as the server has it.
pub(crate) async fn device(school: &TestSchool, id: &Value) -> Value {
    let all = everything(school).await;
    let devices = all["devices"].as_array().expect("devices").clone();
    devices.into_iter().find(|device| device["id"] == *id).expect("the device is on the server")
}

/// Another administrator sets a device's access, one value after the other; also while the window's server is unplugged.
pub(crate) async fn someone_else_sets(school: &TestSchool, name: &str, device: &Value, values: &[&str]) {
    let token = school.school.create_token(Scope::Admin, Some(name)).await.expect("a token is made");
    let running = beside(school).await;
    for value in values {
        let action = json!({
            "id": uuid::Uuid::new_v4(), "type": "device_access", "target_id": device, "value": value,
            "base_rev": 0, "force": true,
        });
        let answer = reqwest::Client::new()
            .post(format!("{}/login-log/actions", running.url()))
            .header("Token", token.token.reveal())
            .header("Cabinet-Hash", &school.cabinet)
            .json(&json!({ "actions": [action] }))
            .send()
            .await
            .expect("the school answers");
        let answer: Value = answer.json().await.expect("JSON");
        assert_eq!(answer["data"][0]["result"], "applied", "{answer}");
    }
    running.shutdown().await.expect("it ran until now");
}
