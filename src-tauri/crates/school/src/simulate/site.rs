//! The Site API as a website calls it.

use std::{
    net::{Ipv4Addr, Ipv6Addr},
    time::Duration,
};

use hallmonitor_wire::{Answer, ErrorBody, Restriction, header};
use reqwest::{Client, Method, StatusCode, Url, header::RETRY_AFTER};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use url::Host;

use super::{Config, cast::Entrance};
use crate::{
    TokenText,
    world::people::{Account, TAGS},
};

/// Why the play can't begin or go on.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// No rate at which anybody could come.
    #[error("--logins-per-second must be a number above 0")]
    BadRate,
    /// Not an address that can be called.
    #[error("{0:?} is no server address: give one like http://127.0.0.1:8080")]
    BadServer(String),
    /// The token would go to another machine for everybody between to read.
    #[error("the token would travel to {0} unencrypted: give the server's address with https://")]
    PlainHttp(String),
    /// There is no HTTP client.
    #[error("no HTTP client can be made: {0}")]
    Client(#[source] reqwest::Error),
    /// The call did not get there, or its answer not back.
    #[error("the server can't be reached: {}", root(.0))]
    Unreachable(#[source] reqwest::Error),
    /// The server refuses the token or the cabinet.
    #[error(
        "the server answered: {0} HALLMONITOR_SITE_TOKEN and HALLMONITOR_CABINET_HASH must be those that \
         `token create --scope site` showed"
    )]
    Refused(String),
    /// Something is served there, but no Site API.
    #[error("the server has no Site API: is this the address of a hallmonitor-school?")]
    NoSiteApi,
    /// More calls than the token's limit.
    #[error("the server asks to wait for {} s", .0.as_secs())]
    TooMany(Duration),
    /// Another answer than one the contract knows here.
    #[error("the server answered {0}: {1}")]
    Answered(StatusCode, String),
}

impl SimulateError {
    /// Whether another call would be answered the same.
    pub(super) fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Refused(_)
                | Self::NoSiteApi
                | Self::BadRate
                | Self::BadServer(_)
                | Self::PlainHttp(_)
                | Self::Client(_)
        )
    }

    /// For how long the server asks to be left alone.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        if let Self::TooMany(wait) = self { Some(*wait) } else { None }
    }
}

/// The answer to a login.
#[derive(Debug, Deserialize)]
pub(super) struct Login {
    pub(super) outcome: String,
    pub(super) session_id: i64,
    #[serde(default)]
    pub(super) device_cookie: Option<String>,
    #[serde(default)]
    pub(super) restriction: Option<Restriction>,
    #[serde(default)]
    pub(super) ended_sessions: Vec<i64>,
}

#[derive(Debug, Deserialize)]
struct Alive {
    active: bool,
}

/// The server.
pub(super) struct Site {
    client: Client,
    base: String,
    token: TokenText,
    cabinet_hash: String,
}

impl Site {
    pub(super) fn new(config: &Config) -> Result<Self, SimulateError> {
        let bad = || SimulateError::BadServer(config.server.clone());
        let url = Url::parse(&config.server).map_err(|_| bad())?;
        if !matches!(url.scheme(), "http" | "https") || url.query().is_some() || url.fragment().is_some() {
            return Err(bad());
        }
        let mut builder =
            Client::builder().timeout(Duration::from_secs(20)).redirect(reqwest::redirect::Policy::none());
        if is_loopback(&url) {
            // A proxy would be handed the token, and so would whatever machine somebody says this name leads to.
            let here = [(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()];
            builder = builder.no_proxy().resolve_to_addrs("localhost", &here);
        } else if url.scheme() == "https" {
            builder = builder.https_only(true);
        } else {
            return Err(SimulateError::PlainHttp(url.host_str().unwrap_or_default().to_owned()));
        }
        Ok(Self {
            client: builder.build().map_err(SimulateError::Client)?,
            base: config.server.trim_end_matches('/').to_owned(),
            token: config.token.clone(),
            cabinet_hash: config.cabinet_hash.clone(),
        })
    }

    /// Makes sure that there is a server that takes the token.
    pub(super) async fn meet(&self) -> Result<(), SimulateError> {
        self.call::<Value>(Method::GET, "/site/access-control", None).await?.map(drop).ok_or(SimulateError::NoSiteApi)
    }

    /// `None` where the school has no such student.
    pub(super) async fn login(&self, entrance: &Entrance, cookie: &str) -> Result<Option<Login>, SimulateError> {
        let body = json!({
            "email": entrance.account.name.email,
            "ip": entrance.ip(),
            "user_agent": entrance.user_agent,
            "device_cookie": cookie,
        });
        self.call(Method::POST, "/site/logins", Some(body)).await
    }

    pub(super) async fn add(&self, account: &Account) -> Result<(), SimulateError> {
        let tags: Vec<&str> = account.tags.iter().map(|tag| TAGS[*tag]).collect();
        let body = json!({
            "email": account.name.email,
            "first_name": account.name.first,
            "last_name": account.name.last,
            "phone": account.name.phone,
            "tags": tags,
        });
        self.call::<Value>(Method::POST, "/site/contacts", Some(body)).await?.map(drop).ok_or(SimulateError::NoSiteApi)
    }

    /// Whether the session goes on.
    pub(super) async fn activity(&self, session: i64) -> Result<bool, SimulateError> {
        let alive = self.call::<Alive>(Method::POST, &format!("/site/sessions/{session}/activity"), None).await?;
        Ok(alive.is_some_and(|alive| alive.active))
    }

    pub(super) async fn logout(&self, session: i64) -> Result<(), SimulateError> {
        self.call::<Alive>(Method::POST, &format!("/site/sessions/{session}/logout"), None).await.map(drop)
    }

    /// The answer's `data`; `None` at 404.
    async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Option<T>, SimulateError> {
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.base))
            .header(header::TOKEN, self.token.reveal())
            .header(header::CABINET_HASH, &self.cabinet_hash);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.map_err(unreachable)?;
        let status = answer.status();
        if status.is_success() {
            let answer: Answer<T> = answer.json().await.map_err(unreachable)?;
            return Ok(Some(answer.data));
        }
        let wait = answer.headers().get(RETRY_AFTER).and_then(|after| after.to_str().ok()?.parse().ok());
        let said = answer.json::<ErrorBody>().await.map(|error| error.message).unwrap_or_default();
        match status {
            StatusCode::NOT_FOUND => Ok(None),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(SimulateError::Refused(said)),
            StatusCode::TOO_MANY_REQUESTS => {
                Err(SimulateError::TooMany(Duration::from_secs(wait.unwrap_or(10).clamp(1, 120))))
            }
            _ => Err(SimulateError::Answered(status, said)),
        }
    }
}

/// Whether the server is on this machine.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// What lies at the bottom of a failed call: the others only say that it failed.
fn root(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

/// Without the address, which stands in the operator's own command.
fn unreachable(cause: reqwest::Error) -> SimulateError {
    SimulateError::Unreachable(cause.without_url())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clock;

    #[test]
    fn the_token_travels_unencrypted_on_this_machine_alone() {
        for (server, is_refused) in [
            ("https://school.example", false),
            ("http://127.0.0.1:8080", false),
            ("http://[::1]:8080/school/", false),
            ("http://localhost:8080", false),
            ("http://school.example", true),
            ("http://10.0.0.1:8080", true),
            ("http://localhost.school.example", true),
            ("http://127.0.0.1@school.example", true),
        ] {
            let made = Site::new(&Config {
                server: server.to_owned(),
                token: TokenText::from("secret".to_owned()),
                cabinet_hash: "hash".to_owned(),
                logins_per_second: 1.0,
                seed: 1,
                violation_every: None,
                clock: Clock::system(),
            });
            assert_eq!(matches!(made, Err(SimulateError::PlainHttp(_))), is_refused, "{server}");
            assert_eq!(made.is_err(), is_refused, "{server}");
        }
    }
}
