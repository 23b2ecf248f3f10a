//! Which request is spoilt, and how.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use rand::{Rng as _, SeedableRng as _, seq::IndexedRandom as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::message::{Request, status};

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// `GET /login-log`.
    Capabilities,
    /// `GET /login-log/changes`.
    Changes,
    /// `POST /login-log/actions`.
    Actions,
    /// `GET /login-log/events`.
    Events,
    /// Anything else.
    Elsewhere,
}

/// What the layer does to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Cuts the connection; the server hears of nothing.
    CutBefore,
    /// The server does it; the connection is cut before its answer.
    CutAfter,
    /// The server does it; half of its answer comes.
    CutWithin,
    /// The server hears it twice; its second answer comes.
    Twice,
    /// The answer that the same request had the first time, where it came before.
    Stale,
    /// The server hears it so much later.
    Late(Duration),
    /// Nothing happens until the client goes or the network is healed; the server hears of nothing.
    HoldBefore,
    /// The server does it; its answer never comes, and the connection stands.
    HoldAfter,
    /// This answer comes; the server hears of nothing.
    Instead(Answer),
    /// A stream of events that says this and then nothing, with the connection open; the server hears of nothing.
    Streams(String),
    /// Each action is answered with this result and no entity; the server hears of nothing.
    Results(&'static str),
    /// The server does it; what comes is its answer made worse.
    Spoilt(Spoilt),
}

/// An answer of the layer's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: &'static str,
    /// Seconds.
    pub retry_after: Option<u64>,
    /// The body.
    pub body: String,
}

/// How an answer with status 200 is made worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoilt {
    /// JSON that breaks off, though its length is as announced.
    Garbage,
    /// A web page.
    Html,
    /// No result for any action.
    NoResults,
    /// Results for actions that nobody sent.
    OtherIds,
    /// Results that no version of the contract knows.
    OtherWords,
}

impl Answer {
    /// As the school's server refuses: JSON with a message.
    pub fn refusal(status: u16) -> Self {
        Self {
            status,
            content_type: "application/json",
            retry_after: None,
            body: json!({ "message": format!("Refused with {status}"), "code": "fault" }).to_string(),
        }
    }

    /// 429 with a time to wait.
    pub fn busy(retry_after_s: u64) -> Self {
        Self { retry_after: Some(retry_after_s), ..Self::refusal(429) }
    }

    /// A web page, as something before the server sends it.
    pub fn html(status: u16) -> Self {
        Self {
            status,
            content_type: "text/html; charset=utf-8",
            retry_after: None,
            body: "<html><h1>Sign in</h1></html>".to_owned(),
        }
    }

    fn json(body: String) -> Self {
        Self { status: 200, content_type: "application/json", retry_after: None, body }
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let wait = self.retry_after.map(|seconds| format!("retry-after: {seconds}\r\n")).unwrap_or_default();
        format!(
            "HTTP/1.1 {} Fault\r\ncontent-type: {}\r\ncontent-length: {}\r\n{wait}connection: close\r\n\r\n{}",
            self.status,
            self.content_type,
            self.body.len(),
            self.body
        )
        .into_bytes()
    }
}

impl Spoilt {
    /// The worse answer; one with another status than 200 stays as it is.
    pub(super) fn spoil(self, answer: &[u8], request: &[u8]) -> Vec<u8> {
        if status(answer) != Some(200) {
            return answer.to_vec();
        }
        match self {
            Self::Garbage => Answer::json(r#"{"data":[{"id":"0198c0de-0000-7000-8000"#.to_owned()),
            Self::Html => Answer::html(200),
            Self::NoResults => results(request, |_| None),
            Self::OtherIds => results(request, |_| Some(("0198c0de-0000-7000-8000-000000000001".into(), "applied"))),
            Self::OtherWords => results(request, |id| Some((id, "postponed"))),
        }
        .bytes()
    }
}

/// An answer with a result for each action of a request.
pub(super) fn results(request: &[u8], result: impl Fn(Value) -> Option<(Value, &'static str)>) -> Answer {
    let asked: Value = serde_json::from_slice(request).unwrap_or_default();
    let ids = asked["actions"].as_array().into_iter().flatten().map(|action| action["id"].clone());
    let data: Vec<Value> = ids.filter_map(result).map(|(id, word)| json!({ "id": id, "result": word })).collect();
    Answer::json(json!({ "data": data }).to_string())
}

impl Place {
    pub(super) fn of(method: &str, target: &str) -> Self {
        let path = target.split('?').next().unwrap_or_default();
        match (method, path) {
            ("GET", "/login-log") => Self::Capabilities,
            ("GET", "/login-log/changes") => Self::Changes,
            ("POST", "/login-log/actions") => Self::Actions,
            ("GET", "/login-log/events") => Self::Events,
            _ => Self::Elsewhere,
        }
    }
}

/// What is to happen to the next requests.
#[derive(Debug, Default)]
pub(super) struct Plan {
    script: VecDeque<(Place, Fault)>,
    always: Vec<(Place, Fault)>,
    chance: Option<Chance>,
}

/// The first answer that each request had, by method, target and body.
#[derive(Debug, Default)]
pub(super) struct Memory(HashMap<(String, String, Vec<u8>), Vec<u8>>);

#[derive(Debug)]
struct Chance {
    dice: ChaCha8Rng,
    one_in: u32,
    faults: Vec<(Place, Fault)>,
}

impl Plan {
    pub(super) fn next(&mut self, place: Place, fault: Fault) {
        self.script.push_back((place, fault));
    }

    pub(super) fn always(&mut self, place: Place, fault: Fault) {
        self.always.push((place, fault));
    }

    pub(super) fn by_chance(&mut self, seed: u64, one_in: u32, faults: Vec<(Place, Fault)>) {
        self.chance = Some(Chance { dice: ChaCha8Rng::seed_from_u64(seed), one_in, faults });
    }

    /// What happens to a request to this place, which has come now.
    pub(super) fn fault_at(&mut self, place: Place) -> Option<Fault> {
        if let Some(at) = self.script.iter().position(|(wanted, _)| *wanted == place) {
            return self.script.remove(at).map(|(_, fault)| fault);
        }
        if let Some((_, fault)) = self.always.iter().find(|(wanted, _)| *wanted == place) {
            return Some(fault.clone());
        }
        let chance = self.chance.as_mut()?;
        if !chance.dice.random_ratio(1, chance.one_in) {
            return None;
        }
        let fitting: Vec<&Fault> =
            chance.faults.iter().filter(|(wanted, _)| *wanted == place).map(|(_, fault)| fault).collect();
        fitting.choose(&mut chance.dice).map(|&fault| fault.clone())
    }
}

impl Memory {
    pub(super) fn keep(&mut self, request: &Request, answer: &[u8]) {
        self.0.entry(key(request)).or_insert_with(|| answer.to_vec());
    }

    pub(super) fn answer(&self, request: &Request) -> Option<Vec<u8>> {
        self.0.get(&key(request)).cloned()
    }
}

fn key(request: &Request) -> (String, String, Vec<u8>) {
    (request.method.clone(), request.target.clone(), request.body.clone())
}
