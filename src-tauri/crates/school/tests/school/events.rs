//! `/login-log/events`: a nudge after each change.

use std::time::Duration;

use hallmonitor_school::Limits;
use reqwest::{Method, Response};
use serde_json::Value;

use super::started::{As, Started, start, start_with};

/// Long enough for any machine; nobody waits for it where the promise is kept.
const PATIENCE: Duration = Duration::from_secs(60);

struct Stream {
    response: Response,
    read: String,
}

impl Stream {
    async fn open(school: &Started) -> Self {
        let response = school.call(As::Admin, Method::GET, "/login-log/events").send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut stream = Self { response, read: String::new() };
        stream.until("\n\n").await;
        stream.read.clear();
        stream
    }

    /// Reads until the text came, or the stream ended; whether it came.
    async fn until(&mut self, text: &str) -> bool {
        let reading = async {
            while !self.read.contains(text) {
                match self.response.chunk().await {
                    Ok(Some(chunk)) => self.read.push_str(&String::from_utf8_lossy(&chunk)),
                    _ => return false,
                }
            }
            true
        };
        tokio::time::timeout(PATIENCE, reading).await.expect("the stream says something")
    }

    /// The revision that the next event tells.
    async fn next_rev(&mut self) -> i64 {
        assert!(self.until("\n\n").await, "an event, not the end");
        let data = self.read.lines().find_map(|line| line.strip_prefix("data:")).unwrap();
        assert!(self.read.contains("event: changed") || self.read.contains("event:changed"), "{}", self.read);
        let rev = serde_json::from_str::<Value>(data).unwrap()["rev"].as_i64().unwrap();
        self.read.clear();
        rev
    }
}

#[tokio::test]
async fn a_change_is_told_with_its_revision() {
    let school = start().await;
    let mut stream = Stream::open(&school).await;
    let contact = school.told("/site/contacts", serde_json::json!({ "email": "a@s.example" })).await;
    assert!(stream.next_rev().await >= contact["rev"].as_i64().unwrap());
}

#[tokio::test]
async fn a_change_by_another_process_is_told_too() {
    let school = start().await;
    let mut stream = Stream::open(&school).await;
    let other = hallmonitor_school::School::open(&school.database()).await.unwrap();
    let settings = hallmonitor_school::SettingsDraft { max_devices: Some(2), ..Default::default() };
    let changed = other.set_access_control(settings).await.unwrap();
    assert_eq!(stream.next_rev().await, changed.rev);
}

#[tokio::test]
async fn a_stream_ends_with_its_token() {
    let school = start().await;
    let mut stream = Stream::open(&school).await;
    school.school.revoke_token(school.admin.id).await.unwrap();
    assert!(!stream.until("event").await, "the stream has ended");
}

#[tokio::test]
async fn an_open_stream_does_not_keep_a_server_from_stopping() {
    let school = start().await;
    let mut stream = Stream::open(&school).await;
    school.running.shutdown().await.unwrap();
    assert!(!stream.until("event").await, "the stream has ended");
}

#[tokio::test]
async fn a_school_that_tells_nothing_says_so() {
    let school = start_with(Limits { nudges: false, ..Limits::default() }).await;
    let offered: Value = school.call(As::Admin, Method::GET, "/login-log").send().await.unwrap().json().await.unwrap();
    assert_eq!(offered["data"]["events"], false);
    let stream = school.call(As::Admin, Method::GET, "/login-log/events").send().await.unwrap();
    assert_eq!(stream.status(), 404);
}

#[tokio::test]
async fn one_token_has_sixteen_streams_at_once_the_newest() {
    let school = start().await;
    let mut streams = Vec::new();
    for _ in 0..17 {
        streams.push(Stream::open(&school).await);
    }
    assert!(!streams[0].until("event:").await, "the oldest has ended");
    school.told("/site/contacts", serde_json::json!({ "email": "a@s.example" })).await;
    for stream in &mut streams[1..] {
        assert!(stream.next_rev().await > 0);
    }
}
