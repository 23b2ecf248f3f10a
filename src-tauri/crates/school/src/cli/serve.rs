//! `serve`: both APIs until told to stop.

use std::io::{self, Write as _};

use super::Failure;
use crate::{Limits, School};

pub(super) async fn serve(school: &School, listen: &str, rate_limit: u32, site_rate_limit: u32) -> Result<(), Failure> {
    // Listened for first, so that a signal right after the first line is not lost.
    let told = told_to_stop()?;
    let limits = Limits { admin_per_minute: rate_limit, site_per_minute: site_rate_limit, ..Limits::default() };
    let running = school.serve(listen, limits).await?;
    {
        let mut out = io::stdout().lock();
        writeln!(out, "listening on {}", running.url())?;
        out.flush()?;
    }
    told.await;
    running.shutdown().await?;
    Ok(())
}

/// Resolves at SIGTERM or Ctrl-C.
#[cfg(unix)]
pub(super) fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut term = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Resolves at Ctrl-C.
#[cfg(not(unix))]
pub(super) fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Where the signal can't be listened for, the process can only be ended from outside.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
