//! A real school on a free port, with a clock that tests turn.

use hallmonitor_school::{Clock, Limits, NewToken, Running, School, Scope};
use hallmonitor_wire::Time;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tempfile::TempDir;

/// 2026-05-04T10:00:00Z.
pub(crate) const MORNING: Time = Time(1_777_888_800_000);

pub(crate) const MINUTE_MS: i64 = 60_000;

/// A running school; its database goes with it.
pub(crate) struct Started {
    pub(crate) school: School,
    pub(crate) running: Running,
    pub(crate) clock: Clock,
    pub(crate) admin: NewToken,
    pub(crate) site: NewToken,
    pub(crate) http: Client,
    dir: TempDir,
}

/// Who a call is made as.
#[derive(Clone, Copy)]
pub(crate) enum As {
    Admin,
    Site,
}

pub(crate) async fn start() -> Started {
    start_with(Limits { admin_per_minute: 1_000_000, site_per_minute: 1_000_000, ..Limits::default() }).await
}

pub(crate) async fn start_with(limits: Limits) -> Started {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::standing_at(MORNING);
    let school = School::open_with_clock(&url_in(&dir), clock.clone()).await.unwrap();
    let admin = school.create_token(Scope::Admin, Some("Olena")).await.unwrap();
    let site = school.create_token(Scope::Site, None).await.unwrap();
    let running = school.serve("127.0.0.1:0", limits).await.unwrap();
    // Each request has a connection of its own: one that was quiet may be closed just as it is asked on again.
    let http = Client::builder().pool_max_idle_per_host(0).build().unwrap();
    Started { school, running, clock, admin, site, http, dir }
}

fn url_in(dir: &TempDir) -> String {
    format!("sqlite:{}", dir.path().join("school.db").display())
}

impl Started {
    pub(crate) fn database(&self) -> String {
        url_in(&self.dir)
    }

    pub(crate) fn call(&self, who: As, method: Method, path: &str) -> RequestBuilder {
        let token = match who {
            As::Admin => &self.admin,
            As::Site => &self.site,
        };
        self.http
            .request(method, format!("{}{path}", self.running.url()))
            .header("Token", token.token.reveal())
            .header("Cabinet-Hash", &token.cabinet_hash)
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.call(As::Admin, Method::GET, path).send().await.unwrap()
    }

    /// The body of an answer that must be 200.
    pub(crate) async fn got(&self, path: &str) -> Value {
        good(self.get(path).await).await
    }

    pub(crate) async fn site(&self, method: Method, path: &str, body: &Value) -> Response {
        self.call(As::Site, method, path).json(body).send().await.unwrap()
    }

    /// The `data` of a `POST` by the website that must be 200.
    pub(crate) async fn told(&self, path: &str, body: Value) -> Value {
        good(self.site(Method::POST, path, &body).await).await["data"].take()
    }

    pub(crate) async fn settings(&self, settings: Value) -> Value {
        good(self.site(Method::PUT, "/site/access-control", &settings).await).await["data"].take()
    }

    /// Adds a contact, and gives its id.
    pub(crate) async fn contact(&self, email: &str) -> i64 {
        self.told("/site/contacts", json!({ "email": email })).await["id"].as_i64().unwrap()
    }

    /// A login of a contact; without a cookie from a new browser.
    pub(crate) async fn login(&self, contact: i64, cookie: Option<&str>) -> Value {
        let body = json!({
            "contact_id": contact, "ip": "198.51.100.7", "user_agent": "Browser/1", "device_cookie": cookie
        });
        self.told("/site/logins", body).await
    }

    /// One action, and its answer.
    pub(crate) async fn act(&self, action: Value) -> Value {
        self.act_all(json!([action])).await[0].take()
    }

    pub(crate) async fn act_all(&self, actions: Value) -> Value {
        good(self.act_raw(&json!({ "actions": actions })).await).await["data"].take()
    }

    pub(crate) async fn act_raw(&self, body: &Value) -> Response {
        self.call(As::Admin, Method::POST, "/login-log/actions").json(body).send().await.unwrap()
    }

    /// Everything there is, in one page.
    pub(crate) async fn everything(&self) -> Value {
        self.got("/login-log/changes?limit=10000").await["data"].take()
    }

    /// The session with this id as the school server shows it.
    pub(crate) async fn session(&self, id: &Value) -> Value {
        find(&self.everything().await["sessions"], id)
    }

    pub(crate) async fn device(&self, id: &Value) -> Value {
        find(&self.everything().await["devices"], id)
    }
}

/// The entity with this id.
pub(crate) fn find(entities: &Value, id: &Value) -> Value {
    let all = entities.as_array().unwrap();
    all.iter().find(|entity| entity["id"] == *id).unwrap_or_else(|| panic!("no {id} in {entities}")).clone()
}

/// The body of an answer that must be 200.
pub(crate) async fn good(response: Response) -> Value {
    let status = response.status();
    let text = response.text().await.unwrap();
    assert_eq!(status, 200, "{text}");
    serde_json::from_str(&text).unwrap()
}

/// Status and body of an error, which must be JSON with a message.
pub(crate) async fn error(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    assert_eq!(response.headers()["content-type"], "application/json");
    let body: Value = response.json().await.unwrap();
    assert!(body["message"].as_str().is_some_and(|message| !message.is_empty()), "{body}");
    (status, body)
}

/// A new idempotency key.
pub(crate) fn key() -> String {
    uuid::Uuid::now_v7().to_string()
}
