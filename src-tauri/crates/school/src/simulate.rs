//! Plays students against a running server: they log in through the Site API as the school's website would tell it,
//! study, leave, and break a rule now and then.
//!
//! A player with a world's seed plays that world's students, under their addresses and from their browsers, with the
//! cookies that these hold. [`cast`] decides who comes next; [`site`] speaks to the server; [`run`] does it in time.

mod cast;
mod site;

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
    time::Duration,
};

use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use crate::{Clock, TokenText};
use cast::{Cast, Entrance};
use site::{Login, Site};

pub use site::SimulateError;

/// Whom to play, where, and how fast.
#[derive(Clone, Debug)]
pub struct Config {
    /// The server's address; it may hold a path.
    pub server: String,
    /// Of scope `site`.
    pub token: TokenText,
    /// The cabinet.
    pub cabinet_hash: String,
    /// Above 0.
    pub logins_per_second: f64,
    /// The seed of the world whose students are played.
    pub seed: u64,
    /// How often a rule should be broken; `None`: at about every twelfth login.
    pub violation_every: Option<Duration>,
    /// Where the time of day comes from.
    pub clock: Clock,
}

/// What was played.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Logins that the server answered.
    pub logins: u64,
    /// Refused ones among them.
    pub denied: u64,
    /// Logins on which a rule acted.
    pub violations: u64,
    /// Students added because the school had too few.
    pub added: u64,
    /// Calls that failed and were let go.
    pub failed: u64,
}

/// Students whom the server must have; they are added where it does not.
const FEWEST: u64 = 20;
/// Sessions that are kept alive at once. Beyond, the newest ones are left to expire.
const MOST_RUNNING: usize = 2000;
/// After how long a failed call is followed by the next one.
const PAUSE: Duration = Duration::from_secs(2);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Login,
    Activity(i64),
    Logout(i64),
}

/// A session that is played.
#[derive(Clone, Copy, Debug)]
struct Studying {
    step: Duration,
    steps: i64,
    logout: Option<Duration>,
}

/// Plays until `stop` is cancelled. `watch` is told the tally after every login.
///
/// # Errors
/// Where the server can't be reached at the start, or refuses the token or the cabinet at any time. A server that
/// fails or vanishes later is waited for.
pub async fn run(config: Config, stop: CancellationToken, watch: impl FnMut(&Tally)) -> Result<Tally, SimulateError> {
    let mut play = Play::new(config, watch)?;
    tokio::select! {
        () = stop.cancelled() => return Ok(play.tally),
        met = play.site.meet() => met?,
    }
    play.at(Duration::ZERO, Due::Login);
    loop {
        let Some(&Reverse((at, _))) = play.due.peek() else { return Ok(play.tally) };
        tokio::select! {
            biased;
            () = stop.cancelled() => return Ok(play.tally),
            () = sleep_until(at) => {}
        }
        let Some(Reverse((_, due))) = play.due.pop() else { return Ok(play.tally) };
        let done = tokio::select! {
            biased;
            () = stop.cancelled() => return Ok(play.tally),
            done = play.step(due) => done,
        };
        if let Err(error) = done {
            if error.is_final() {
                return Err(error);
            }
            play.tally.failed += 1;
            warn!(%error, "a call failed; the play goes on");
            let pause = error.retry_after().unwrap_or(PAUSE);
            tokio::select! {
                () = stop.cancelled() => return Ok(play.tally),
                () = tokio::time::sleep(pause) => {}
            }
        }
    }
}

struct Play<W> {
    config: Config,
    site: Site,
    cast: Cast,
    watch: W,
    due: BinaryHeap<Reverse<(Instant, Due)>>,
    studying: HashMap<i64, Studying>,
    /// What the server has set in browsers, by the account and the browser's key.
    cookies: HashMap<(u64, u64), String>,
    violated_at: Instant,
    tally: Tally,
}

impl<W: FnMut(&Tally)> Play<W> {
    fn new(config: Config, watch: W) -> Result<Self, SimulateError> {
        if !(config.logins_per_second > 0.0 && config.logins_per_second.is_finite()) {
            return Err(SimulateError::BadRate);
        }
        Ok(Self {
            site: Site::new(&config)?,
            cast: Cast::new(config.seed, config.clock.now().ms()),
            config,
            watch,
            due: BinaryHeap::new(),
            studying: HashMap::new(),
            cookies: HashMap::new(),
            violated_at: Instant::now(),
            tally: Tally::default(),
        })
    }

    fn at(&mut self, after: Duration, due: Due) {
        self.due.push(Reverse((Instant::now() + after, due)));
    }

    async fn step(&mut self, due: Due) -> Result<(), SimulateError> {
        match due {
            Due::Login => {
                // The next one first: a failed login does not end the play.
                let gap = self.cast.gap(self.config.logins_per_second);
                self.at(gap, Due::Login);
                self.log_in().await
            }
            Due::Activity(session) => self.study(session).await,
            Due::Logout(session) => {
                self.studying.remove(&session);
                self.site.logout(session).await
            }
        }
    }

    async fn log_in(&mut self) -> Result<(), SimulateError> {
        if self.violated_at.elapsed() >= patience(self.config.violation_every, self.config.logins_per_second) {
            // Not again before this one had its time.
            self.violated_at = Instant::now();
            self.cast.plan_violation(self.config.clock.now().ms());
        }
        let (entrance, login) = self.enter().await?;
        let place = (entrance.account.index, entrance.browser_key);
        self.tally.logins += 1;
        self.tally.denied += u64::from(login.outcome == "denied");
        if login.restriction.is_some() {
            self.tally.violations += 1;
            self.violated_at = Instant::now();
            self.cast.call_off();
        }
        debug!(session = login.session_id, outcome = login.outcome, "login");
        let Login { session_id, device_cookie, ended_sessions, outcome, .. } = login;
        if let Some(cookie) = device_cookie {
            self.cookies.insert(place, cookie);
        }
        for ended in ended_sessions {
            self.studying.remove(&ended);
        }
        if outcome == "allowed" && self.studying.len() < MOST_RUNNING {
            let visit = &entrance.visit;
            let studying =
                Studying { step: millis(visit.step_ms), steps: visit.steps, logout: visit.logout_ms.map(millis) };
            self.studying.insert(session_id, studying);
            self.go_on(session_id);
        }
        (self.watch)(&self.tally);
        Ok(())
    }

    /// Sends students to the door until there is one whom the school knows. Where it is smaller than thought, the
    /// next one is of the smaller school; where it is too small, the student joins it.
    async fn enter(&mut self) -> Result<(Entrance, Login), SimulateError> {
        // Each refusal about halves the school that is thought of, so this is more than it takes.
        for _ in 0..200 {
            let entrance = self.cast.next(self.config.clock.now().ms());
            let place = (entrance.account.index, entrance.browser_key);
            let cookie = self.cookies.get(&place).unwrap_or(&entrance.cookie);
            if let Some(login) = self.site.login(&entrance, cookie).await? {
                return Ok((entrance, login));
            }
            if entrance.account.index >= FEWEST {
                self.cast.is_missing(entrance.account.index);
            } else {
                self.site.add(&entrance.account).await?;
                self.tally.added += 1;
            }
        }
        Err(SimulateError::NoSiteApi)
    }

    /// What a student does next, after a step.
    fn go_on(&mut self, session: i64) {
        let Some(studying) = self.studying.get(&session).copied() else { return };
        match (studying.steps, studying.logout) {
            (1.., _) => self.at(studying.step, Due::Activity(session)),
            (_, Some(after)) => self.at(after, Due::Logout(session)),
            (_, None) => {
                self.studying.remove(&session);
            }
        }
    }

    async fn study(&mut self, session: i64) -> Result<(), SimulateError> {
        let Some(studying) = self.studying.get_mut(&session) else { return Ok(()) };
        studying.steps -= 1;
        if self.site.activity(session).await? {
            self.go_on(session);
        } else {
            self.studying.remove(&session);
        }
        Ok(())
    }
}

/// After how long without a violation one is begun. It takes three logins, so that long before it is due, but not
/// all the time where logins are rare.
fn patience(violation_every: Option<Duration>, logins_per_second: f64) -> Duration {
    let logins = |count: f64| Duration::from_secs_f64((count / logins_per_second).min(86_400.0));
    let every = violation_every.unwrap_or_else(|| logins(12.0));
    every.saturating_sub(logins(3.0)).max(every / 3)
}

fn millis(ms: i64) -> Duration {
    Duration::from_millis(ms.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_violation_is_begun_in_time_to_happen_when_it_is_due() {
        let seconds = Duration::from_secs;
        for (every, rate, patient) in [
            (Some(seconds(30)), 0.3, seconds(20)),
            (Some(seconds(30)), 3.0, seconds(29)),
            (Some(seconds(30)), 0.1, seconds(10)),
            (None, 1.0, seconds(9)),
            (None, 0.000_001, seconds(28_800)),
        ] {
            assert_eq!(patience(every, rate).as_secs(), patient.as_secs(), "{every:?} at {rate}");
        }
    }
}
