//! `/login-log/events`: a nudge after each change, for readers who do not want to wait for their next poll.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    Extension,
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::{Stream, stream};

use super::{Served, problem::Problem};
use crate::token::Caller;

/// How often the database is asked, for changes by other processes and whether the token still lives.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How long changes are gathered into one event.
const GATHER: Duration = Duration::from_millis(100);

/// A comment line keeps the connection alive; the contract says at least every 25 seconds.
const ALIVE_EVERY: Duration = Duration::from_secs(15);

struct Follower {
    served: Arc<Served>,
    token_id: i64,
    told: i64,
}

/// Server-sent events; a nudge to read /login-log/changes, never data to apply
#[utoipa::path(
    get, path = "/login-log/events", tag = "school",
    responses((status = 200, description = "a stream", body = String, content_type = "text/event-stream")),
)]
pub(crate) async fn stream(
    State(served): State<Arc<Served>>,
    Extension(caller): Extension<Caller>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    if !served.limits.nudges {
        return Err(Problem::NotFound);
    }
    let told = newest(&served).await?;
    let follower = Follower { served, token_id: caller.token_id, told };
    let events = stream::unfold((follower, true), async |(mut follower, first)| {
        if first {
            // Said at once, so that the reader knows that it is connected.
            return Some((Ok(Event::default().comment("connected")), (follower, false)));
        }
        let rev = follower.next().await?;
        Some((Ok(Event::default().event("changed").data(format!("{{\"rev\": {rev}}}"))), (follower, false)))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE_EVERY)))
}

async fn newest(served: &Served) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT rev FROM cabinet WHERE id = 1").fetch_one(served.school.pool()).await
}

impl Follower {
    /// The newest revision once it is another one; `None` when the stream is to end.
    async fn next(&mut self) -> Option<i64> {
        loop {
            tokio::select! {
                () = self.served.stop.cancelled() => return None,
                () = self.served.school.changed().notified() => tokio::time::sleep(GATHER).await,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            if !self.served.school.token_lives(self.token_id).await.ok()? {
                return None;
            }
            let rev = newest(&self.served).await.ok()?;
            if rev != self.told {
                self.told = rev;
                return Some(rev);
            }
        }
    }
}
