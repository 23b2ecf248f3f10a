//! The connections: how many there may be at once, and for how long one may keep the server waiting for a request.

use std::{
    io,
    pin::{Pin, pin},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{Router, serve::Listener};
use hyper::{
    body::{Body, Frame, Incoming, SizeHint},
    service::{Service as _, service_fn},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;

use super::Limits;

/// How often a connection of HTTP/2 is asked whether somebody is there still.
const ASKED_EVERY: Duration = Duration::from_secs(30);

/// Serves HTTP/1 and HTTP/2 (without TLS, by prior knowledge) until told to stop; then the requests that run end, and no
/// others come. More connections than there may be wait until one ends.
pub(super) async fn serve(
    mut listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: CancellationToken,
) -> io::Result<()> {
    let places = Arc::new(Semaphore::new(limits.connections as usize));
    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, Listener::accept(&mut listener).await.0)
        };
        let (place, stream) = tokio::select! {
            () = stop.cancelled() => break,
            accepted = accepted => accepted,
        };
        let Ok(place) = place else { break };
        tokio::spawn(keep(stream, router.clone(), limits.head, stop.clone(), place));
    }
    drop(listener);
    // All places are free when every connection has ended.
    let _ = places.acquire_many(limits.connections).await;
    Ok(())
}

/// Serves one connection until it ends, or nothing is asked on it for as long as `head`: whoever holds all places without
/// asking for anything would keep everybody else out.
async fn keep(
    stream: TcpStream,
    router: Router,
    head: Duration,
    stop: CancellationToken,
    _place: OwnedSemaphorePermit,
) {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(head);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(ASKED_EVERY).keep_alive_timeout(head);
    let traffic = Traffic::new();
    let seen = traffic.clone();
    let inner = TowerToHyperService::new(router);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let running = seen.begin();
        let answering = inner.call(request);
        async move { answering.await.map(|answer| answer.map(|body| Counted { body, _running: running })) }
    });
    let stream = Watched { stream, traffic: traffic.clone() };
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let mut look = pin!(sleep(head));
    let (mut ending, mut stopping) = (false, false);
    loop {
        tokio::select! {
            // What has come is read before it is asked for how long nothing has: this task may get its turn late.
            biased;
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection broke off");
                }
                break;
            }
            () = look.as_mut() => {
                let mut left = traffic.left(head, ending);
                if left.is_zero() {
                    // What is spoken has to be told from the first bytes; and whoever was told to end has had its time.
                    if ending || !traffic.has_asked() {
                        break;
                    }
                    ending = true;
                    left = head;
                    connection.as_mut().graceful_shutdown();
                }
                look.as_mut().reset(Instant::now() + left);
            }
            () = stop.cancelled(), if !stopping => {
                stopping = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

/// What is asked on one connection.
#[derive(Clone, Debug)]
struct Traffic(Arc<Mutex<Requests>>);

#[derive(Debug)]
struct Requests {
    /// Those whose answer is not sent whole.
    running: usize,
    any: bool,
    /// When the last one ended, or the connection began.
    quiet_since: Instant,
    /// When something was sent last, or the connection began.
    sent_at: Instant,
}

impl Traffic {
    fn new() -> Self {
        let now = Instant::now();
        Self(Arc::new(Mutex::new(Requests { running: 0, any: false, quiet_since: now, sent_at: now })))
    }

    fn requests(&self) -> MutexGuard<'_, Requests> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self) -> Running {
        let mut requests = self.requests();
        requests.running += 1;
        requests.any = true;
        Running(self.clone())
    }

    fn has_asked(&self) -> bool {
        self.requests().any
    }

    /// Something was sent.
    fn sent(&self) {
        self.requests().sent_at = Instant::now();
    }

    /// How long the connection may stay quiet yet. One that is `ending` has no more requests, but what was answered may
    /// still be on its way.
    fn left(&self, head: Duration, ending: bool) -> Duration {
        let requests = self.requests();
        if requests.running > 0 {
            return head;
        }
        head.saturating_sub(if ending { requests.sent_at } else { requests.quiet_since }.elapsed())
    }
}

/// A request; dropped, it has ended.
#[derive(Debug)]
struct Running(Traffic);

impl Drop for Running {
    fn drop(&mut self) {
        let mut requests = self.0.requests();
        requests.running -= 1;
        requests.quiet_since = Instant::now();
    }
}

/// A connection, of which it is known when something was sent last: an answer that was made may be on its way for long
/// where the way is slow.
struct Watched {
    stream: TcpStream,
    traffic: Traffic,
}

impl AsyncRead for Watched {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        if written.is_ready() {
            self.traffic.sent();
        }
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        if written.is_ready() {
            self.traffic.sent();
        }
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// An answer's body, with which its request ends.
struct Counted {
    body: axum::body::Body,
    _running: Running,
}

impl Body for Counted {
    type Data = <axum::body::Body as Body>::Data;
    type Error = <axum::body::Body as Body>::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
