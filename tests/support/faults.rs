//! A fault layer between a client and the school's server: a proxy on a real socket that spoils requests and answers as
//! it is told to, by a script or by chance.
//!
//! Promises: without a fault it changes nothing but that each connection carries one request; with one it does exactly
//! what the fault's name says; it remembers every request, so that a test can say what was asked for and how often.

mod message;
mod plan;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

use self::{
    message::{Request, forward},
    plan::{Memory, Plan},
};
use crate::TestSchool;

pub use self::plan::{Answer, Fault, Place, Spoilt};

/// A running fault layer. Dropped, it takes no more connections.
#[derive(Debug)]
pub struct Faults {
    address: SocketAddr,
    layer: Arc<Layer>,
    accepting: JoinHandle<()>,
}

/// A request that came to the layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// `GET`, `POST`, ...
    pub method: String,
    /// Path and query.
    pub target: String,
    /// What it asks for.
    pub place: Place,
    /// The body, where it is JSON.
    pub body: Value,
    /// What the layer did to it.
    pub fault: Option<Fault>,
}

#[derive(Debug)]
struct Layer {
    server: SocketAddr,
    plan: Mutex<Plan>,
    memory: Mutex<Memory>,
    seen: Mutex<Vec<Seen>>,
    /// Counts the requests that are held.
    held: watch::Sender<u64>,
    /// Counts the times that the network was healed: what is held is let go then.
    healed: watch::Sender<u64>,
}

impl Faults {
    /// Puts a layer before a school.
    ///
    /// # Panics
    /// Where no port is free.
    pub async fn before(school: &TestSchool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("a bound socket has an address");
        let layer = Arc::new(Layer {
            server: school.address(),
            plan: Mutex::default(),
            memory: Mutex::default(),
            seen: Mutex::default(),
            held: watch::Sender::new(0),
            healed: watch::Sender::new(0),
        });
        let shared = Arc::clone(&layer);
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let layer = Arc::clone(&shared);
                // A client that hangs up in the middle is what many tests are about.
                tokio::spawn(async move { layer.serve(stream).await.ok() });
            }
        });
        Self { address, layer, accepting }
    }

    /// The address for the client.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Spoils the next request to this place that no earlier call of this spoils.
    pub fn next(&self, place: Place, fault: Fault) {
        self.plan().next(place, fault);
    }

    /// Spoils every request to this place, after those that [`Self::next`] has named.
    pub fn always(&self, place: Place, fault: Fault) {
        self.plan().always(place, fault);
    }

    /// Spoils one in `one_in` requests with one of these faults that fits its place, by a chance that follows from the
    /// seed and the order of the requests.
    pub fn by_chance(&self, seed: u64, one_in: u32, faults: Vec<(Place, Fault)>) {
        self.plan().by_chance(seed, one_in, faults);
    }

    /// From now on nothing is spoilt; what is held is cut, and so is every stream.
    pub fn heal(&self) {
        *self.plan() = Plan::default();
        self.layer.healed.send_modify(|count| *count += 1);
    }

    /// All requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.layer.seen().clone()
    }

    /// The requests so far to one place.
    pub fn seen_at(&self, place: Place) -> Vec<Seen> {
        self.layer.seen().iter().filter(|seen| seen.place == place).cloned().collect()
    }

    /// Forgets the requests so far, and their answers.
    pub fn forget(&self) {
        self.layer.seen().clear();
        *self.layer.memory() = Memory::default();
    }

    /// Waits until `nth` requests were held since the layer began.
    ///
    /// # Panics
    /// Never while the layer lives.
    pub async fn until_held(&self, nth: u64) {
        let mut held = self.layer.held.subscribe();
        held.wait_for(|&count| count >= nth).await.expect("the layer holds the other end");
    }

    /// How many requests were held since the layer began.
    pub fn held(&self) -> u64 {
        *self.layer.held.borrow()
    }

    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.layer.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Faults {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Layer {
    fn seen(&self) -> MutexGuard<'_, Vec<Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn serve(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let Some(request) = Request::read(&mut stream).await? else { return Ok(()) };
        let place = Place::of(&request.method, &request.target);
        let fault = self.plan.lock().unwrap_or_else(PoisonError::into_inner).fault_at(place);
        self.seen().push(Seen {
            method: request.method.clone(),
            target: request.target.clone(),
            place,
            body: serde_json::from_slice(&request.body).unwrap_or_default(),
            fault: fault.clone(),
        });
        let answer = match fault {
            None if place == Place::Events => return self.relay(stream, &request).await,
            Some(Fault::Late(by)) if place == Place::Events => {
                tokio::time::sleep(by).await;
                return self.relay(stream, &request).await;
            }
            Some(Fault::Streams(said)) => {
                let head = "HTTP/1.1 200 Fault\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
                stream.write_all(format!("{head}{said}").as_bytes()).await?;
                self.hold(&mut stream).await;
                None
            }
            None => Some(self.ask(&request).await?),
            Some(Fault::CutBefore) => None,
            Some(Fault::CutAfter) => {
                self.ask(&request).await?;
                None
            }
            Some(Fault::CutWithin) => Some(message::half(self.ask(&request).await?)),
            Some(Fault::Twice) => {
                self.ask(&request).await?;
                Some(self.ask(&request).await?)
            }
            Some(Fault::Stale) => Some(self.before(&request).await?),
            Some(Fault::Late(by)) => {
                tokio::time::sleep(by).await;
                Some(self.ask(&request).await?)
            }
            Some(Fault::HoldBefore) => {
                self.hold(&mut stream).await;
                None
            }
            Some(Fault::HoldAfter) => {
                self.ask(&request).await?;
                self.hold(&mut stream).await;
                None
            }
            Some(Fault::Instead(answer)) => Some(answer.bytes()),
            Some(Fault::Results(word)) => Some(plan::results(&request.body, |id| Some((id, word))).bytes()),
            Some(Fault::Spoilt(how)) => Some(how.spoil(&self.ask(&request).await?, &request.body)),
        };
        if let Some(answer) = answer {
            stream.write_all(&answer).await?;
        }
        stream.shutdown().await
    }

    /// The server's answer.
    async fn ask(&self, request: &Request) -> std::io::Result<Vec<u8>> {
        let answer = forward(self.server, request).await?;
        self.memory().keep(request, &answer);
        Ok(answer)
    }

    /// The answer that the same request had the first time, where it came before.
    async fn before(&self, request: &Request) -> std::io::Result<Vec<u8>> {
        let known = self.memory().answer(request);
        match known {
            Some(answer) => Ok(answer),
            None => self.ask(request).await,
        }
    }

    /// Passes a stream on as it comes, until an end of it closes or the network is healed.
    async fn relay(&self, mut client: TcpStream, request: &Request) -> std::io::Result<()> {
        let mut healed = self.healed.subscribe();
        healed.mark_unchanged();
        let mut server = message::begin(self.server, request).await?;
        tokio::select! {
            done = tokio::io::copy_bidirectional(&mut client, &mut server) => done.map(|_| ()),
            _ = healed.changed() => Ok(()),
        }
    }

    /// Returns when the client has gone, or the network was healed.
    async fn hold(&self, stream: &mut TcpStream) {
        let mut healed = self.healed.subscribe();
        healed.mark_unchanged();
        self.held.send_modify(|count| *count += 1);
        tokio::select! {
            _ = stream.read_u8() => {}
            _ = healed.changed() => {}
        }
    }
}
