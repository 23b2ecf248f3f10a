//! The connections: how many there may be at once, and for how long one may keep the server waiting: for a request, and
//! for an answer to be taken.

use std::{
    io,
    pin::{Pin, pin},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{Router, serve::Listener};
use hyper::{
    Version,
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
    task::JoinSet,
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;

use super::Limits;

/// How often a connection of HTTP/2 is asked whether somebody is there still.
const ASKED_EVERY: Duration = Duration::from_secs(30);

/// How long a connection that was told to end may go on sending what was answered before: a page of some MiB takes so long
/// on a very slow way. Over HTTP/2 frames that carry nothing are sent meanwhile, so there is no other sign of a stop.
const ENDING: Duration = Duration::from_secs(300);

/// Serves HTTP/1 and HTTP/2 (without TLS, by prior knowledge) until told to stop; then the requests that run end, and no
/// others come. More connections than there may be wait until one ends. Dropped, it drops its connections.
pub(super) async fn serve(
    mut listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: CancellationToken,
) -> io::Result<()> {
    let places = Arc::new(Semaphore::new(limits.connections as usize));
    let mut kept = JoinSet::new();
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
        kept.spawn(keep(stream, router.clone(), limits, stop.clone(), place));
        while kept.try_join_next().is_some() {}
    }
    drop(listener);
    while kept.join_next().await.is_some() {}
    Ok(())
}

/// Serves one connection until it ends, or nothing is asked on it for as long as `limits.head`, or nothing of an answer is
/// taken for as long as `limits.answer`: whoever holds all places without a use of them would keep everybody else out.
async fn keep(
    stream: TcpStream,
    router: Router,
    limits: Limits,
    stop: CancellationToken,
    _place: OwnedSemaphorePermit,
) {
    let head = limits.head;
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(head);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(ASKED_EVERY).keep_alive_timeout(head);
    let traffic = Traffic::new(limits);
    let seen = traffic.clone();
    let inner = TowerToHyperService::new(router);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let running = seen.begin(request.version());
        let answering = inner.call(request);
        async move { answering.await.map(|answer| answer.map(|body| Counted { body, running })) }
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
                let mut left = traffic.left();
                if left.is_zero() {
                    // What is spoken has to be told from the first bytes; and whoever was told to end has had its time.
                    if ending || !traffic.has_asked() {
                        break;
                    }
                    ending = true;
                    traffic.ending();
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
    limits: Limits,
    /// Those whose answer is not sent whole.
    running: usize,
    any: bool,
    /// When the last one ended, or the connection began.
    quiet_since: Instant,
    /// When a request came last, or somebody took more of an answer.
    taken_at: Instant,
    /// When something was sent last, or the connection began.
    sent_at: Instant,
    /// Whether all that is sent belongs to answers: HTTP/2 has frames of its own.
    sends_answers_alone: bool,
    /// Since when there are no more requests.
    ending_since: Option<Instant>,
}

impl Traffic {
    fn new(limits: Limits) -> Self {
        let now = Instant::now();
        Self(Arc::new(Mutex::new(Requests {
            limits,
            running: 0,
            any: false,
            quiet_since: now,
            taken_at: now,
            sent_at: now,
            sends_answers_alone: false,
            ending_since: None,
        })))
    }

    fn requests(&self) -> MutexGuard<'_, Requests> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, version: Version) -> Running {
        let mut requests = self.requests();
        requests.running += 1;
        requests.any = true;
        requests.sends_answers_alone = version < Version::HTTP_2;
        requests.taken_at = Instant::now();
        Running(self.clone())
    }

    fn has_asked(&self) -> bool {
        self.requests().any
    }

    /// Something was sent.
    fn sent(&self) {
        let mut requests = self.requests();
        requests.sent_at = Instant::now();
        if requests.sends_answers_alone {
            requests.taken_at = requests.sent_at;
        }
    }

    /// There was room for more of an answer.
    fn taken(&self) {
        self.requests().taken_at = Instant::now();
    }

    /// From now on there are no more requests.
    fn ending(&self) {
        self.requests().ending_since = Some(Instant::now());
    }

    /// How long it takes until the connection has to be looked at again; nothing where its time is over. One that is
    /// ending has no more requests, but what was answered may still be on its way.
    fn left(&self) -> Duration {
        let requests = self.requests();
        let Limits { head, answer, .. } = requests.limits;
        if requests.running > 0 {
            return head.min(answer.saturating_sub(requests.taken_at.elapsed()));
        }
        match requests.ending_since {
            None => head.saturating_sub(requests.quiet_since.elapsed()),
            Some(since) => head.saturating_sub(requests.sent_at.elapsed()).min(ENDING.saturating_sub(since.elapsed())),
        }
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
    running: Running,
}

impl Body for Counted {
    type Data = <axum::body::Body as Body>::Data;
    type Error = <axum::body::Body as Body>::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        if frame.is_ready() {
            self.running.0.taken();
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
