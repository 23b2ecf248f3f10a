//! The running whole: syncs by itself in turns, at once when asked to or when the server tells of a change, and says what
//! it is doing.

mod listening;

use std::{sync::Arc, time::Duration};

use hallmonitor_language::Language;
use hallmonitor_wire::Time;
use tokio::{
    sync::{Mutex, Notify, watch},
    task::JoinSet,
    time::Instant,
};

use self::listening::Listening;
use crate::{
    Error,
    app::School,
    beside::Ear,
    clock::now,
    model::{Problem, ProblemCode, SyncPhase, SyncState},
    outbox::Urgency,
    trouble::Trouble,
};

/// Between two turns while the window is open.
pub const INTERVAL: Duration = Duration::from_secs(30);

/// Between two tries that can't work: the token is refused and only a new one will help, which may come from elsewhere;
/// or this computer has no network, and whoever says so may know only of some.
const RARELY: Duration = Duration::from_secs(600);

/// How often it syncs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pace {
    /// Between two turns.
    interval: Duration,
    /// Whether this computer is without a network, as far as anybody knows.
    offline: bool,
}

/// What wakes the engine between its turns.
#[derive(Debug, Default)]
struct Calls {
    now: Notify,
    decided: Notify,
    nudged: Notify,
    left: Notify,
}

/// The longest that a decision which could not be sent waits for its next try while the server may be there, however long
/// the interval is: rule 16 of the design.
const LONGEST_BACKOFF: Duration = Duration::from_secs(300);

/// The least between two turns that decisions ask for: nothing spins.
const SHORTEST: Duration = Duration::from_secs(1);

/// The least between the beginnings of two turns that the server's nudges ask for.
const GAP: Duration = Duration::from_secs(2);

/// For how long the engine works between two turns before it lets others write.
const SLICE: Duration = Duration::from_millis(100);

/// For how long it lets them.
const BREATH: Duration = Duration::from_millis(20);

/// Keeps one school up to date until it is dropped.
#[derive(Debug)]
pub struct Engine {
    pace: watch::Sender<Pace>,
    state: watch::Receiver<SyncState>,
    news: watch::Receiver<u64>,
    calls: Arc<Calls>,
    /// Aborted where it is dropped: a sync that is cut off goes on from its last page next time.
    running: Mutex<JoinSet<()>>,
}

impl Engine {
    /// Begins when `begin` is over (or when asked to sync), and goes on every `interval` until another one is set.
    pub fn start(school: School, interval: Duration, begin: impl Future<Output = ()> + Send + 'static) -> Self {
        let (pace, paced) = watch::channel(Pace { interval, offline: false });
        let (state, watched) = watch::channel(SyncState::default());
        let (news, heard) = watch::channel(0);
        let calls = Arc::new(Calls::default());
        let called = Arc::clone(&calls);
        let mut running = JoinSet::new();
        running.spawn(async move {
            tokio::select! {
                () = begin => {}
                () = called.now.notified() => {}
            }
            let others = hear_others(school.ear(), &news, &called);
            tokio::select! {
                () = turns(school, paced, state, &news, Arc::clone(&called)) => {}
                () = others => {}
            }
        });
        Self { pace, state: watched, news: heard, calls, running: Mutex::new(running) }
    }

    /// What it is doing; changes with each step.
    pub fn state(&self) -> watch::Receiver<SyncState> {
        self.state.clone()
    }

    /// Counts up when something in the cache has changed, or the time of the last sync.
    pub fn news(&self) -> watch::Receiver<u64> {
        self.news.clone()
    }

    /// Sets the time between two turns, from the end of the last one on: where it is over by then, the next one begins at
    /// once.
    pub fn set_interval(&self, interval: Duration) {
        self.pace.send_if_modified(|pace| std::mem::replace(&mut pace.interval, interval) != interval);
    }

    /// Whether this computer is without a network. While it is, and the server can't be reached, turns are rare; when it no
    /// longer is, one that is due begins at once.
    pub fn set_offline(&self, offline: bool) {
        self.pace.send_if_modified(|pace| std::mem::replace(&mut pace.offline, offline) != offline);
    }

    /// Syncs now: what was decided leaves at once, also what could still be undone. During a sync another one follows.
    pub fn sync_now(&self) {
        self.calls.now.notify_one();
    }

    /// Something was decided: it leaves when it can't be undone any more.
    pub fn decided(&self) {
        self.calls.decided.notify_one();
    }

    /// Something is left to be worked out in the background (another location database was chosen): it begins at once,
    /// with or without a network.
    pub fn look_again(&self) {
        self.calls.left.notify_one();
    }

    /// Stops for good, and returns when it has let go of its school.
    pub async fn stop(&self) {
        self.running.lock().await.shutdown().await;
    }
}

/// What another process has written is news, and may be a decision that wants to leave.
async fn hear_others(ear: Option<Ear>, news: &watch::Sender<u64>, calls: &Calls) {
    let Some(ear) = ear else { return std::future::pending().await };
    loop {
        ear.heard().await;
        news.send_modify(|count| *count += 1);
        calls.decided.notify_one();
    }
}

async fn turns(
    school: School,
    mut pace: watch::Receiver<Pace>,
    state: watch::Sender<SyncState>,
    news: &watch::Sender<u64>,
    calls: Arc<Calls>,
) {
    let state = Arc::new(state);
    let mut urgency = Urgency::Timer;
    let mut listening = Listening::default();
    let mut words = Words { language: school.language(), trouble: None };
    loop {
        let began = Instant::now();
        state.send_modify(|state| state.next_at = None);
        let telling = Arc::clone(&state);
        let turn = school.turn(urgency, move |phase| {
            if phase != SyncPhase::Idle {
                telling.send_modify(|state| state.phase = phase);
            }
        });
        tokio::pin!(turn);
        let read = loop {
            tokio::select! {
                read = &mut turn => break read,
                Ok(()) = words.language.changed() => words.say_again(&state),
            }
        };
        let at = now();
        let failed = read.as_ref().err().map(Error::code);
        let signed_out = failed == Some(ProblemCode::SignedOut);
        let refused = signed_out || failed == Some(ProblemCode::TokenRefused);
        let failure = match &read {
            Ok(exchanged) => exchanged.unsent.as_ref(),
            Err(error) => Some(error),
        };
        words.trouble = failure.map(Error::trouble);
        let problem = words.problem();
        let budget = school.call_budget().await;
        state.send_modify(|state| {
            state.phase = SyncPhase::Idle;
            state.budget = budget;
            state.problem = problem;
            // Who has signed out knows, and nothing fails.
            state.failing_since = failure.filter(|_| !signed_out).map(|_| state.failing_since.unwrap_or(Time(at)));
        });
        // Even a failed one may have brought rows; one without news still has a new time.
        news.send_modify(|count| *count += 1);
        if let Ok(exchanged) = &read {
            listening.after_turn(exchanged.synced.nudges, &school, &calls).await;
        }
        if refused {
            // The stream was begun with the token that is refused, or forgotten.
            listening = Listening::default();
        }
        let ended = Ended { began, at, instant: Instant::now(), failed, sends: failure.is_none() };
        let looking = look_again(&school, news);
        let waiting = wait(&school, &ended, &mut pace, &calls, &state, &mut words);
        tokio::pin!(looking, waiting);
        let mut looked = false;
        urgency = loop {
            tokio::select! {
                urgency = &mut waiting => break urgency,
                () = &mut looking, if !looked => looked = true,
                () = calls.left.notified(), if looked => {
                    looking.set(look_again(&school, news));
                    looked = false;
                }
            }
        };
    }
}

/// Works out between two turns what the last one has left to be worked out; a turn that begins cuts it short.
async fn look_again(school: &School, news: &watch::Sender<u64>) {
    let mut worked = false;
    loop {
        match school.insights_pass(SLICE).await {
            Ok(looked) => {
                worked |= looked.worked;
                if !looked.left {
                    break;
                }
            }
            Err(error) => {
                tracing::warn!(code = ?error.code(), "what the log suggests could not be worked out");
                break;
            }
        }
        // Others who write come first.
        tokio::time::sleep(BREATH).await;
    }
    if worked {
        news.send_modify(|count| *count += 1);
    }
}

/// Why the last turn failed, and the language that it is said in.
#[derive(Debug)]
struct Words {
    language: watch::Receiver<Language>,
    trouble: Option<Trouble>,
}

impl Words {
    fn problem(&mut self) -> Option<Problem> {
        let language = *self.language.borrow_and_update();
        self.trouble.as_ref().map(|trouble| trouble.said(language))
    }

    /// The language is another one now.
    fn say_again(&mut self, state: &watch::Sender<SyncState>) {
        if let Some(problem) = self.problem() {
            state.send_modify(|state| state.problem = Some(problem));
        }
    }
}

/// How the last turn ended.
#[derive(Debug)]
struct Ended {
    began: Instant,
    /// Milliseconds since 1970, UTC.
    at: i64,
    instant: Instant,
    /// Why what is new was not read.
    failed: Option<ProblemCode>,
    /// It was read, and what was decided was sent.
    sends: bool,
}

impl Ended {
    /// Until the next turn, where nobody asks for it before.
    fn pause(&self, pace: Pace) -> Duration {
        match self.failed {
            Some(ProblemCode::TokenRefused | ProblemCode::SignedOut) => RARELY,
            Some(ProblemCode::Unreachable) if pace.offline => RARELY.max(pace.interval),
            _ => pace.interval,
        }
    }

    /// Whether what was decided may leave before the next turn.
    fn may_send_soon(&self, pace: Pace) -> bool {
        match self.failed {
            None => true,
            Some(ProblemCode::Unreachable) => !pace.offline,
            Some(_) => false,
        }
    }
}

/// Waits for the next turn: the interval, a decision that may leave, a nudge of the server, or the person; says which urgency it has.
async fn wait(
    school: &School,
    ended: &Ended,
    pace: &mut watch::Receiver<Pace>,
    calls: &Calls,
    state: &watch::Sender<SyncState>,
    words: &mut Words,
) -> Urgency {
    let mut nudged = false;
    loop {
        let pause = ended.pause(*pace.borrow_and_update());
        let next_at = Time(ended.at + i64::try_from(pause.as_millis()).unwrap_or(i64::MAX / 2));
        // Without a token it is only looked whether there is one again.
        let next_at = (ended.failed != Some(ProblemCode::SignedOut)).then_some(next_at);
        state.send_if_modified(|state| std::mem::replace(&mut state.next_at, next_at) != next_at);
        let mut until = ended.instant + pause;
        // While tries fail the interval is their backoff, where it is not longer than one may be.
        let soonest = if ended.sends { SHORTEST } else { LONGEST_BACKOFF };
        if ended.may_send_soon(*pace.borrow())
            && let Ok(Some(wait)) = school.next_push().await
        {
            until = until.min(Instant::now() + wait.max(soonest));
        }
        if nudged {
            until = until.min(ended.began + GAP);
        }
        tokio::select! {
            () = tokio::time::sleep_until(until) => return Urgency::Timer,
            () = calls.now.notified() => return Urgency::Now,
            () = calls.decided.notified() => {}
            // While tries fail nobody but the clock and the person may ask for more of them.
            () = calls.nudged.notified(), if ended.failed.is_none() && !nudged => nudged = true,
            // The engine holds the other end for as long as this runs, and the school that of the next one.
            _ = pace.changed() => {}
            Ok(()) = words.language.changed() => words.say_again(state),
        }
    }
}

#[cfg(test)]
mod tests;
