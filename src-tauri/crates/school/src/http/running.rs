//! A server that runs inside this process, and how it stops.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::{Served, connections, events::Streams, limit::Windows, router};
use crate::{School, SchoolError, changes, sweep};

/// How long running requests may take once the server is told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(9);

/// How much a server allows and offers. Numbers a minute are requests of each token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Of the School server API; the contract says 200.
    pub admin_per_minute: u32,
    /// Of the Site API; the contract says 6,000.
    pub site_per_minute: u32,
    /// Whether changes are told as they happen, at `/login-log/events`.
    pub nudges: bool,
    /// Connections at once; more wait.
    pub connections: u32,
    /// How long a connection may take for the head of a request, also when it is kept for another one.
    pub head: Duration,
    /// How long a request's body may take.
    pub body: Duration,
    /// How long an answer may wait for whoever asked to take more of it.
    pub answer: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            admin_per_minute: 200,
            site_per_minute: 6_000,
            nudges: true,
            connections: 1_024,
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
            answer: Duration::from_secs(60),
        }
    }
}

/// A running server. Dropped, it is told to stop, but nobody waits for it.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    stop: CancellationToken,
    server: JoinHandle<io::Result<()>>,
    sweeper: JoinHandle<()>,
}

impl School {
    /// Listens on `address` (`127.0.0.1:0` picks a free port) and serves both APIs until told to stop. Sessions
    /// without activity are ended meanwhile.
    ///
    /// # Errors
    /// Where the address can't be listened on.
    pub async fn serve(&self, address: &str, limits: Limits) -> Result<Running, SchoolError> {
        let failed = |cause| SchoolError::Listen { address: address.to_owned(), cause };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        // On a full disk it serves what can be read.
        if let Err(error) = changes::note_start(self).await {
            tracing::warn!(%error, "this start is not noted: readers can't tell a backup that is put back by it");
        }
        let stop = CancellationToken::new();
        let served = Arc::new(Served {
            school: self.clone(),
            limits,
            windows: Windows::default(),
            streams: Streams::default(),
            stop: stop.clone(),
        });
        let sweeper = tokio::spawn(sweep::keep_sweeping(self.clone(), stop.clone()));
        let server = tokio::spawn(connections::serve(listener, router(served), limits, stop.clone()));
        Ok(Running { address, stop, server, sweeper })
    }
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address for clients: `http://ADDR:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Takes no more connections, lets running requests end (9 seconds at most), and returns when all is quiet.
    ///
    /// # Errors
    /// Where the server had failed before.
    pub async fn shutdown(mut self) -> Result<(), SchoolError> {
        self.stop.cancel();
        let ended = match tokio::time::timeout(LAST_REQUESTS, &mut self.server).await {
            Ok(Ok(ended)) => ended.map_err(SchoolError::Serve),
            // Requests that took too long, or a task that the runtime ended: there is nothing left to wait for.
            Ok(Err(_)) | Err(_) => Ok(()),
        };
        self.server.abort();
        self.sweeper.abort();
        ended
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
