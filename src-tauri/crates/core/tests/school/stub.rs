//! A server on a free port of this machine that does what no right server does. It speaks raw bytes, so that answers can
//! break off anywhere.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use hallmonitor_core::{
    school::{Limits, Patience, SchoolClient, ServerUrl},
    vault::{CabinetHash, Token},
};
use hallmonitor_language::Language;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

pub(crate) const TOKEN: &str = "tok_QWERTY_very_secret";
pub(crate) const CABINET: &str = "cab_ASDFGH_very_secret";

/// What the stub does with a connection after it has read a request.
pub(crate) enum Reply {
    /// Sends this and closes.
    Close(Vec<u8>),
    /// Sends this and then nothing, with the connection open.
    Hang(Vec<u8>),
    /// Sends this, then the piece again and again with a pause between, without an end.
    Drip { head: Vec<u8>, piece: Vec<u8>, pause: Duration },
}

pub(crate) struct Stub {
    pub(crate) address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Stub {
    /// Answers the n-th request (from 0), whose head is the text, with what `reply` says.
    pub(crate) async fn new(reply: impl Fn(usize, &str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let heads = Arc::new(Mutex::new(Vec::new()));
        let (seen, reply) = (Arc::clone(&heads), Arc::new(reply));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (seen, reply) = (Arc::clone(&seen), Arc::clone(&reply));
                tokio::spawn(async move { answer(stream, &seen, &*reply).await });
            }
        });
        Self { address, heads }
    }

    /// Always answers with this.
    pub(crate) async fn always(reply: impl Fn() -> Reply + Send + Sync + 'static) -> Self {
        Self::new(move |_, _| reply()).await
    }

    /// The heads of the requests so far, in lower case.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("no test panics while it holds it").clone()
    }

    pub(crate) fn url(&self) -> ServerUrl {
        ServerUrl::parse(&format!("http://{}", self.address)).expect("an address")
    }

    /// A client of this server that tries again at once.
    pub(crate) fn client(&self) -> SchoolClient {
        self.client_with(quick())
    }

    pub(crate) fn client_with(&self, limits: Limits) -> SchoolClient {
        client(&self.url(), limits)
    }
}

pub(crate) fn client(url: &ServerUrl, limits: Limits) -> SchoolClient {
    let (cabinet, token) = (CabinetHash::new(CABINET).expect("cabinet"), Token::new(TOKEN).expect("token"));
    SchoolClient::with_limits(url, &cabinet, &token, Language::Ukrainian, limits).expect("a client")
}

/// No wait between two tries; otherwise as long as any, so that a machine that is busy for a moment is not taken for a
/// server that says nothing. Who is about such a server sets less.
pub(crate) fn quick() -> Limits {
    let minute = Duration::from_secs(60);
    Limits {
        connect: minute,
        idle: minute,
        whole: 2 * minute,
        patience: Patience {
            again_for: minute,
            tries: 3,
            first_pause: Duration::from_millis(1),
            ..Patience::default()
        },
        ..Limits::default()
    }
}

async fn answer(mut stream: TcpStream, seen: &Mutex<Vec<String>>, reply: &(impl Fn(usize, &str) -> Reply + Sync)) {
    let mut head = Vec::new();
    // Ends early where the client goes, and where it begins with something else than a letter: TLS.
    while !head.ends_with(b"\r\n\r\n") && head.first().is_none_or(u8::is_ascii_alphabetic) {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    let head = String::from_utf8_lossy(&head).to_lowercase();
    let nth = {
        let mut seen = seen.lock().expect("no test panics while it holds it");
        seen.push(head.clone());
        seen.len() - 1
    };
    // The client may hang up in the middle of it: that is what many tests are about.
    let _ = send(&mut stream, reply(nth, &head)).await;
}

async fn send(stream: &mut TcpStream, reply: Reply) -> std::io::Result<()> {
    match reply {
        Reply::Close(bytes) => {
            stream.write_all(&bytes).await?;
            stream.shutdown().await
        }
        Reply::Hang(bytes) => {
            stream.write_all(&bytes).await?;
            // Ends when the client hangs up.
            stream.read_u8().await.map(|_| ())
        }
        Reply::Drip { head, piece, pause } => {
            stream.write_all(&head).await?;
            loop {
                stream.write_all(&piece).await?;
                if !pause.is_zero() {
                    tokio::time::sleep(pause).await;
                }
            }
        }
    }
}

/// The head of an answer, up to the empty line.
pub(crate) fn head(status: u16, headers: &[(&str, &str)]) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status} Whatever\r\nconnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    head.into_bytes()
}

pub(crate) const JSON: (&str, &str) = ("content-type", "application/json");

/// A whole answer in JSON.
pub(crate) fn json(status: u16, headers: &[(&str, &str)], body: &str) -> Reply {
    whole(status, &[&[JSON], headers].concat(), body.as_bytes())
}

/// A whole answer.
pub(crate) fn whole(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Reply {
    let length = body.len().to_string();
    let mut bytes = head(status, &[&[("content-length", length.as_str())], headers].concat());
    bytes.extend_from_slice(body);
    Reply::Close(bytes)
}

/// A page of changes with nothing on it.
pub(crate) const EMPTY: &str = r#"{"data":{},"meta":{"cursor":"end","has_more":false}}"#;
