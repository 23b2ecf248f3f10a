//! The address of a school's server: what is allowed, and how it is written.

use std::{fmt, str::FromStr};

use hallmonitor_language::Message;
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::trouble::clause;

/// Longest address that is read, in bytes.
const LONGEST: usize = 2_000;

/// The address of a school's server: https, or http on this machine alone; it may hold a path, and nothing behind it.
///
/// Two texts that mean the same server are equal here: letters' case in the host, the default port and trailing slashes
/// mean nothing.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ServerUrl(Url);

/// Why a text is no address of a server that the app may speak to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// Nothing but blanks.
    Empty,
    /// Over 2,000 bytes.
    TooLong,
    /// Not a URL at all.
    NoUrl(#[from] url::ParseError),
    /// Something else than https and http.
    Scheme(String),
    /// http to another machine.
    PlainHttp(String),
    /// `user:password@`.
    UserInfo,
    /// `?...`.
    Query,
    /// `#...`.
    Fragment,
}

impl BadAddress {
    /// What happened and why, a sentence.
    pub fn message(&self) -> Message {
        match self {
            Self::Empty => Message::new("problem.address.empty"),
            Self::TooLong => Message::new("problem.address.too_long").with("longest", LONGEST),
            Self::NoUrl(error) => Message::new("problem.address.no_url").with("reason", clause(error)),
            Self::Scheme(scheme) => Message::new("problem.address.scheme").with("scheme", scheme.as_str()),
            Self::PlainHttp(host) => Message::new("problem.address.plain_http").with("host", host.as_str()),
            Self::UserInfo => Message::new("problem.address.user_info"),
            Self::Query => Message::new("problem.address.query"),
            Self::Fragment => Message::new("problem.address.fragment"),
        }
    }

    /// What to do, a sentence.
    pub fn hint(&self) -> Message {
        Message::new(match self {
            Self::Scheme(_) | Self::PlainHttp(_) => "problem.hint.https",
            Self::UserInfo | Self::Query | Self::Fragment => "problem.hint.plain_address",
            Self::Empty | Self::TooLong | Self::NoUrl(_) => "problem.hint.copy_address",
        })
    }
}

impl ServerUrl {
    /// Reads an address that a person typed; blanks around it are dropped.
    ///
    /// # Errors
    /// Where the text is no URL, or one that the app must not speak to.
    pub fn parse(text: &str) -> Result<Self, BadAddress> {
        let text = text.trim();
        if text.is_empty() {
            return Err(BadAddress::Empty);
        }
        if text.len() > LONGEST {
            return Err(BadAddress::TooLong);
        }
        let mut url = if text.contains("://") {
            Url::parse(text)?
        } else {
            // `api.example.com` and `localhost:8080` are how people write addresses.
            let secure = Url::parse(&format!("https://{text}"))?;
            if is_loopback(&secure) { Url::parse(&format!("http://{text}"))? } else { secure }
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadAddress::UserInfo);
        }
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            "http" => return Err(BadAddress::PlainHttp(url.host_str().unwrap_or_default().to_owned())),
            other => return Err(BadAddress::Scheme(other.to_owned())),
        }
        if url.query().is_some() {
            return Err(BadAddress::Query);
        }
        if url.fragment().is_some() {
            return Err(BadAddress::Fragment);
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// Whether the server is on this machine, so that nothing between may listen or stand in the way.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// The address of an endpoint; `path` begins without a slash.
    pub(crate) fn endpoint(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(&format!("{}/{path}", self.0.path().trim_end_matches('/')));
        url
    }

    /// Host, with the port where it is not the scheme's own: what error messages name.
    pub fn host(&self) -> String {
        place_of(&self.0)
    }
}

/// Host and port of a URL, without scheme and path.
pub(crate) fn place_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or("(no host)");
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerUrl({self})")
    }
}

impl FromStr for ServerUrl {
    type Err = BadAddress;
    fn from_str(text: &str) -> Result<Self, BadAddress> {
        Self::parse(text)
    }
}

impl TryFrom<String> for ServerUrl {
    type Error = BadAddress;
    fn try_from(text: String) -> Result<Self, BadAddress> {
        Self::parse(&text)
    }
}

impl From<ServerUrl> for String {
    fn from(url: ServerUrl) -> Self {
        url.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_in_one_way() {
        for (typed, shown) in [
            ("https://api.example.com", "https://api.example.com"),
            ("  https://API.Example.com/ ", "https://api.example.com"),
            ("https://api.example.com:443/school//", "https://api.example.com/school"),
            ("https://api.example.com:8443/a/b/", "https://api.example.com:8443/a/b"),
            ("api.example.com", "https://api.example.com"),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
            ("http://127.9.9.9", "http://127.9.9.9"),
            ("http://[::1]:9/x", "http://[::1]:9/x"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("localhost:8080", "http://localhost:8080"),
            ("https://школа.example", "https://xn--80atdl2c.example"),
        ] {
            let url = ServerUrl::parse(typed).expect(typed);
            assert_eq!(url.to_string(), shown, "{typed}");
            assert_eq!(ServerUrl::parse(shown), Ok(url), "{typed}");
        }
    }

    #[test]
    fn an_address_that_would_show_the_token_is_refused() {
        let plain = |host: &str| BadAddress::PlainHttp(host.to_owned());
        for (typed, why) in [
            ("", BadAddress::Empty),
            ("  ", BadAddress::Empty),
            ("http://api.example.com", plain("api.example.com")),
            ("http://127.0.0.1.example.com", plain("127.0.0.1.example.com")),
            ("http://localhost.example.com", plain("localhost.example.com")),
            ("http://10.0.0.1", plain("10.0.0.1")),
            ("http://0.0.0.0", plain("0.0.0.0")),
            ("ftp://api.example.com", BadAddress::Scheme("ftp".into())),
            ("file:///etc/passwd", BadAddress::Scheme("file".into())),
            ("https://me:secret@api.example.com", BadAddress::UserInfo),
            ("https://me@api.example.com", BadAddress::UserInfo),
            ("http://127.0.0.1@evil.example", BadAddress::UserInfo),
            ("https://api.example.com/?token=1", BadAddress::Query),
            ("https://api.example.com/#top", BadAddress::Fragment),
            ("https://", BadAddress::NoUrl(url::ParseError::EmptyHost)),
        ] {
            assert_eq!(ServerUrl::parse(typed), Err(why), "{typed}");
        }
        assert_eq!(ServerUrl::parse(&format!("https://e.com/{}", "a".repeat(2_000))), Err(BadAddress::TooLong));
    }

    #[test]
    fn an_endpoint_stands_behind_the_addresss_own_path() {
        let plain = ServerUrl::parse("https://e.com/").expect("plain");
        let deep = ServerUrl::parse("https://e.com/school/7/").expect("deep");
        assert_eq!(plain.endpoint("login-log/changes").as_str(), "https://e.com/login-log/changes");
        assert_eq!(deep.endpoint("contacts").as_str(), "https://e.com/school/7/contacts");
    }
}
