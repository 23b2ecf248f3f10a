//! The connections: how many there may be at once, and for how long one may keep the server waiting for a request.

use std::{
    io,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Router, serve::Listener};
use hyper::{
    body::Incoming,
    service::{Service as _, service_fn},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::sleep,
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

/// Serves one connection to its end.
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
    let asked = Arc::new(AtomicBool::new(false));
    let heard = Arc::clone(&asked);
    let inner = TowerToHyperService::new(router);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        heard.store(true, Ordering::Relaxed);
        inner.call(request)
    });
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    // What is spoken has to be told from the first bytes before any other clock runs.
    let mut first = pin!(sleep(head));
    let (mut waited, mut stopping) = (false, false);
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection broke off");
                }
                break;
            }
            () = first.as_mut(), if !waited => {
                if !asked.load(Ordering::Relaxed) {
                    break;
                }
                waited = true;
            }
            () = stop.cancelled(), if !stopping => {
                stopping = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}
