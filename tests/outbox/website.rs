//! The school's website: what students do, told to the school's server.

use std::time::Duration;

use hallmonitor_tests::TestSchool;
use serde_json::{Value, json};

pub(crate) const CHROME: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

/// An address that [`Website::block_addresses`] blocks.
const BLOCKED_IP: &str = "10.9.9.9";

/// A client that lets a quiet connection go before the school's server does, which waits for ten seconds: whoever asks
/// on one that is just being closed gets no answer.
pub(crate) fn http() -> reqwest::Client {
    reqwest::Client::builder().pool_idle_timeout(Duration::from_secs(3)).build().expect("a client")
}

/// Speaks for one school's students.
#[derive(Clone, Debug)]
pub(crate) struct Website {
    http: reqwest::Client,
    url: String,
    token: String,
    cabinet: String,
}

/// A student with one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Student {
    pub(crate) contact: i64,
    pub(crate) device: i64,
    /// The browser's cookie.
    pub(crate) cookie: String,
}

impl Website {
    pub(crate) fn of(school: &TestSchool) -> Self {
        Self { http: http(), url: school.url(), token: school.site_token.clone(), cabinet: school.cabinet.clone() }
    }

    /// Tells the server something; gives the `data` of its answer.
    async fn tell(&self, method: reqwest::Method, path: &str, body: Option<&Value>) -> Value {
        let mut request = self.http.request(method, format!("{}/site/{path}", self.url));
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.header("Token", &self.token).header("Cabinet-Hash", &self.cabinet).send().await;
        let answer = answer.expect("the school answers");
        let status = answer.status();
        let said = answer.text().await.expect("a whole answer");
        assert!(status.is_success(), "{path}: {status}: {said}");
        serde_json::from_str::<Value>(&said).map(|mut said| said["data"].take()).unwrap_or_default()
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        self.tell(reqwest::Method::POST, path, Some(&body)).await
    }

    /// From now on a login from one address is refused.
    pub(crate) async fn block_addresses(&self) {
        let settings = json!({ "ip_mode": "block_listed", "ip_ranges": [BLOCKED_IP] });
        self.tell(reqwest::Method::PUT, "access-control", Some(&settings)).await;
    }

    /// A new student, who logs in from a new device.
    pub(crate) async fn student(&self, name: &str) -> Student {
        let email = format!("{name}@example.com");
        let contact = self.post("contacts", json!({ "email": email, "first_name": name })).await;
        let contact = contact["id"].as_i64().expect("an id");
        let login = json!({ "contact_id": contact, "ip": "192.0.2.1", "user_agent": CHROME });
        let login = self.post("logins", login).await;
        Student {
            contact,
            device: login["device_id"].as_i64().expect("a device"),
            cookie: login["device_cookie"].as_str().expect("a cookie").to_owned(),
        }
    }

    /// The student logs in with the same device; says whether they got in.
    pub(crate) async fn login(&self, student: &Student) -> bool {
        let login = json!({
            "contact_id": student.contact,
            "ip": "192.0.2.7",
            "user_agent": CHROME,
            "device_cookie": student.cookie,
        });
        self.post("logins", login).await["outcome"] == "allowed"
    }

    /// The student tries a blocked address; gives the restriction that comes of it, `None` where checks are off.
    pub(crate) async fn restriction(&self, student: &Student) -> Option<i64> {
        let login = json!({
            "contact_id": student.contact,
            "ip": BLOCKED_IP,
            "user_agent": CHROME,
            "device_cookie": student.cookie,
        });
        self.post("logins", login).await["restriction"]["id"].as_i64()
    }

    /// Another tag: the contact changes, its checks do not.
    pub(crate) async fn tag(&self, name: &str, tag: &str) {
        self.post("contacts", json!({ "email": format!("{name}@example.com"), "tags": [tag] })).await;
    }

    /// The contact is removed with all that is its own.
    pub(crate) async fn remove(&self, contact: i64) {
        self.tell(reqwest::Method::DELETE, &format!("contacts/{contact}"), None).await;
    }
}
