//! Hears from the school's server that something has changed, where it offers that.
//!
//! A stream that does not begin or breaks is tried again after a turn that succeeded, and the more often it breaks the
//! later: whoever has no network, or a server that is down, makes no calls for nudges.

use std::{pin::pin, sync::Arc, time::Duration};

use tokio::{
    select,
    task::JoinHandle,
    time::{Instant, sleep},
};

use super::{Calls, GAP};
use crate::{
    app::School,
    school::{EventsError, Nudges, SchoolClient},
};

/// A stream that has lived so long was a good one: its end is not counted with the failures before it.
const STEADY: Duration = Duration::from_secs(120);
const FIRST_REST: Duration = Duration::from_secs(2);
const LONGEST_REST: Duration = Duration::from_secs(300);

/// The ear of one school's engine. Dropped, it listens no more.
#[derive(Debug, Default)]
pub(super) struct Listening {
    stream: Option<Stream>,
    failed: u32,
    not_before: Option<Instant>,
}

#[derive(Debug)]
struct Stream {
    began: Instant,
    running: JoinHandle<Instant>,
}

impl Listening {
    /// After a turn that succeeded: listens where the server offers it and the last stream's failure is long enough ago.
    pub(super) async fn after_turn(&mut self, offered: bool, school: &School, calls: &Arc<Calls>) {
        if !offered {
            *self = Self::default();
            return;
        }
        match &mut self.stream {
            Some(stream) if !stream.running.is_finished() => return,
            Some(stream) => {
                // The task is aborted only with the ear itself; where it panicked, it has ended now.
                let ended = (&mut stream.running).await.unwrap_or_else(|_| Instant::now());
                self.failed = failures(self.failed, ended.duration_since(stream.began));
                self.not_before = Some(ended + rest(self.failed));
                self.stream = None;
            }
            None => {}
        }
        let began = Instant::now();
        if self.not_before.is_some_and(|at| began < at) {
            return;
        }
        match school.client().await {
            Ok(client) => self.stream = Some(Stream { began, running: tokio::spawn(hear(client, Arc::clone(calls))) }),
            // The next turn needs the same and says what is wrong.
            Err(error) => tracing::debug!("no nudges: {error}"),
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.running.abort();
    }
}

/// Passes nudges on until the stream is over; gives the time of its end.
async fn hear(client: SchoolClient, calls: Arc<Calls>) -> Instant {
    let Err(error) = pass_on(&client, &calls).await;
    tracing::debug!("no more nudges for now: {error}");
    Instant::now()
}

async fn pass_on(client: &SchoolClient, calls: &Calls) -> Result<std::convert::Infallible, EventsError> {
    let mut nudges = client.nudges().await?;
    // What has changed between the last turn and the beginning of the stream, nobody tells.
    calls.nudged.notify_one();
    let mut heard = false;
    loop {
        if !heard {
            nudges.next().await?;
        }
        calls.nudged.notify_one();
        heard = hear_on(&mut nudges).await?;
    }
}

/// Lets the time between two nudges pass; whatever comes in it is one nudge at its end. Left unread, each would have
/// a turn of its own long after everything is quiet again.
async fn hear_on(nudges: &mut Nudges) -> Result<bool, EventsError> {
    let mut pause = pin!(sleep(GAP));
    let mut heard = false;
    loop {
        select! {
            () = &mut pause => return Ok(heard),
            nudge = nudges.next() => {
                nudge?;
                heard = true;
            }
        }
    }
}

/// How many streams in a row have failed, when one more has ended.
fn failures(before: u32, lived: Duration) -> u32 {
    if lived >= STEADY { 1 } else { before.saturating_add(1) }
}

/// How long after the end of the last stream there is no other.
fn rest(failed: u32) -> Duration {
    match failed.checked_sub(1) {
        None => Duration::ZERO,
        Some(doublings) => LONGEST_REST.min(FIRST_REST.saturating_mul(1 << doublings.min(10))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_often_a_stream_breaks_the_later_comes_the_next() {
        for (failed, seconds) in [(0, 0), (1, 2), (2, 4), (3, 8), (8, 256), (9, 300), (40, 300), (u32::MAX, 300)] {
            assert_eq!(rest(failed), Duration::from_secs(seconds), "{failed}");
        }
    }

    #[test]
    fn a_stream_that_has_lived_begins_the_count_anew() {
        for (before, lived, after) in
            [(0, 0, 1), (1, 119, 2), (7, 119, 8), (7, 120, 1), (0, 90_000, 1), (u32::MAX, 0, u32::MAX)]
        {
            assert_eq!(failures(before, Duration::from_secs(lived)), after, "{before} {lived}");
        }
    }
}
