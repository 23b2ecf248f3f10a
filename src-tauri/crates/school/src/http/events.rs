//! `/login-log/events`: a nudge after each change, for readers who do not want to wait for their next poll.

use std::{
    collections::{HashMap, VecDeque},
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Extension,
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::{Stream, stream};
use tokio_util::sync::CancellationToken;

use super::{Served, problem::Problem};
use crate::token::Caller;

/// How often the database is asked, for changes by other processes and whether the token still lives.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How long changes are gathered into one event.
const GATHER: Duration = Duration::from_millis(100);

/// A comment line keeps the connection alive; the contract says at least every 25 seconds.
const ALIVE_EVERY: Duration = Duration::from_secs(15);

/// Streams of one token at once. Each asks the database twice a second: without a bound one token could keep a server
/// from doing anything else.
const MOST_STREAMS: usize = 16;

/// The streams that run, by token, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Streams(Mutex<HashMap<i64, VecDeque<CancellationToken>>>);

impl Streams {
    /// Lets another one run; the oldest beyond the bound ends. It is likely nobody's: a reader whose network was cut is
    /// not heard to go, and comes back with a new one.
    fn begin(&self, token_id: i64) -> CancellationToken {
        let ended = CancellationToken::new();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_token = all.entry(token_id).or_default();
        of_token.push_back(ended.clone());
        while of_token.len() > MOST_STREAMS
            && let Some(oldest) = of_token.pop_front()
        {
            oldest.cancel();
        }
        ended
    }

    /// Forgets those that have ended.
    fn tidy(&self, token_id: i64) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(of_token) = all.get_mut(&token_id) {
            of_token.retain(|ended| !ended.is_cancelled());
            if of_token.is_empty() {
                all.remove(&token_id);
            }
        }
    }
}

struct Follower {
    served: Arc<Served>,
    token_id: i64,
    told: i64,
    ended: CancellationToken,
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.ended.cancel();
        self.served.streams.tidy(self.token_id);
    }
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
    let ended = served.streams.begin(caller.token_id);
    let follower = Follower { served, token_id: caller.token_id, told, ended };
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
                () = self.ended.cancelled() => return None,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_too_many_streams_of_a_token_the_oldest_ends() {
        let streams = Streams::default();
        let another = streams.begin(2);
        let all: Vec<CancellationToken> = (0..=MOST_STREAMS).map(|_| streams.begin(1)).collect();
        let ended: Vec<bool> = all.iter().map(CancellationToken::is_cancelled).collect();
        assert!(ended[0] && !ended[1..].contains(&true) && !another.is_cancelled());

        // One goes by itself, which makes room.
        all[5].cancel();
        streams.tidy(1);
        streams.begin(1);
        assert!(!all[1].is_cancelled());
        all.iter().for_each(CancellationToken::cancel);
        another.cancel();
        streams.tidy(2);
        assert_eq!(streams.0.lock().expect("no panic").keys().collect::<Vec<_>>(), [&1]);
    }
}
