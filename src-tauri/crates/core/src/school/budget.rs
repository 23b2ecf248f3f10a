//! How many calls may still be made in this minute, with a reserve for the owner's other tools (rule 9 of the design's
//! sync rules). Pure: time comes in as an argument.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use crate::model::CallBudget;

/// Calls a minute that are left to the owner's other tools, which share the token.
pub const RESERVE: u64 = 20;

/// What the server last said of its limit, and when this client called.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    calls: VecDeque<Instant>,
    remaining: Option<u64>,
    limit: Option<u64>,
    reserve: u64,
    /// When the server counts anew, where it said so.
    reset: Option<Instant>,
    /// Until when the server wants no call at all.
    closed_until: Option<Instant>,
}

/// The longest that a server is taken at its word: what it says beyond is asked again.
const DAY: Duration = Duration::from_secs(86_400);

impl Budget {
    /// How long the next call has to wait so that the reserve stays whole; zero where there is room.
    ///
    /// The server counts in a window of a minute. Where it says when the next one begins, that is waited for, one `window`
    /// at most. Else this client's own calls leave it at the latest one `window` after they were made, so as many of them
    /// as are missing have to grow that old. Where others used the budget up, a single call goes out in each window to
    /// see whether they still do.
    pub(crate) fn wait(&mut self, now: Instant, window: Duration) -> Duration {
        while self.calls.front().is_some_and(|&call| now.duration_since(call) >= window) {
            self.calls.pop_front();
        }
        let missing = match self.remaining {
            Some(remaining) if remaining <= self.reserve => self.reserve - remaining + 1,
            _ => return Duration::ZERO,
        };
        if let Some(reset) = self.reset {
            return reset.saturating_duration_since(now).min(window);
        }
        let nth = usize::try_from(missing).unwrap_or(usize::MAX).min(self.calls.len());
        match nth.checked_sub(1).and_then(|at| self.calls.get(at)) {
            Some(&call) => window.saturating_sub(now.duration_since(call)),
            None => Duration::ZERO,
        }
    }

    /// A call leaves now.
    pub(crate) fn sent(&mut self, now: Instant) {
        self.calls.push_back(now);
    }

    /// What the server said last, where it said both.
    pub(crate) fn told(&self) -> Option<CallBudget> {
        Some(CallBudget { left: self.remaining?, limit: self.limit? })
    }

    /// The limit was reached, and the server wants no call for so long.
    pub(crate) fn closed(&mut self, now: Instant, wait: Duration) {
        self.closed_until = now.checked_add(wait.min(DAY));
        // Afterwards it takes calls again, so it counts anew by then, where it said nothing else.
        self.reset = self.reset.or(self.closed_until);
    }

    /// Whether the server still wants no call is to be asked.
    pub(crate) fn reopen(&mut self) {
        self.closed_until = None;
    }

    /// How long the server wants no call yet; zero where it takes them.
    pub(crate) fn closed_for(&self, now: Instant) -> Duration {
        self.closed_until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now))
    }

    /// An answer said this, and that the server counts anew at `reset`. A server with a small limit gets a small
    /// reserve: half of its limit at most.
    pub(crate) fn learned(&mut self, limit: Option<u64>, remaining: Option<u64>, reset: Option<Instant>) {
        if let Some(remaining) = remaining {
            self.reserve = limit.map_or(RESERVE, |limit| RESERVE.min(limit / 2));
            self.remaining = Some(remaining);
            self.limit = limit;
            self.reset = reset;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn after(calls_at: &[u64], limit: u64, remaining: u64) -> (Budget, Instant) {
        let start = Instant::now();
        let mut budget = Budget::default();
        for &second in calls_at {
            budget.sent(start + Duration::from_secs(second));
        }
        budget.learned(Some(limit), Some(remaining), None);
        (budget, start)
    }

    #[test]
    fn the_first_call_never_waits() {
        assert_eq!(Budget::default().wait(Instant::now(), MINUTE), Duration::ZERO);
        let (mut budget, start) = after(&[], 200, 0);
        assert_eq!(budget.wait(start, MINUTE), Duration::ZERO);
    }

    #[test]
    fn the_reserve_stays_whole() {
        // (calls made at these seconds, limit, remaining, now) -> seconds to wait
        for (calls, limit, remaining, now, wait) in [
            (&[0, 1, 2][..], 200, 197, 3, 0),
            (&[0, 1, 2], 200, 21, 3, 0),
            (&[0, 1, 2], 200, 20, 3, 57),
            (&[0, 1, 2], 200, 19, 3, 58),
            (&[0, 1, 2], 200, 0, 3, 59),
            (&[0, 1, 2], 200, 0, 62, 0),
            (&[0, 50], 200, 0, 61, 49),
            (&[0, 1], 30, 16, 2, 0),
            (&[0, 1], 30, 15, 2, 58),
            (&[0, 1], 1, 0, 2, 58),
        ] {
            let (mut budget, start) = after(calls, limit, remaining);
            let got = budget.wait(start + Duration::from_secs(now), MINUTE);
            assert_eq!(got, Duration::from_secs(wait), "{calls:?} {limit} {remaining} at {now}");
            assert_eq!(budget.told(), Some(CallBudget { left: remaining, limit }));
        }
    }

    #[test]
    fn a_server_that_says_when_it_counts_anew_is_waited_for_until_then() {
        for (remaining, reset, now, wait) in [(20, 12, 3, 9), (21, 12, 3, 0), (0, 12, 12, 0), (0, 3_600, 3, 60)] {
            let (mut budget, start) = after(&[0, 1, 2], 200, 100);
            let at = |second| start + Duration::from_secs(second);
            budget.learned(Some(200), Some(remaining), Some(at(reset)));
            assert_eq!(budget.wait(at(now), MINUTE), Duration::from_secs(wait), "{remaining} {reset} at {now}");
        }
    }

    #[test]
    fn who_says_when_to_come_back_is_not_waited_for_longer() {
        let (mut budget, start) = after(&[0, 1, 2], 200, 0);
        let at = |second| start + Duration::from_secs(second);
        budget.closed(at(3), Duration::from_secs(1));
        assert_eq!(budget.wait(at(3), MINUTE), Duration::from_secs(1));
        assert_eq!(budget.wait(at(4), MINUTE), Duration::ZERO);
        // Where it has said when it counts anew, that holds.
        budget.learned(Some(200), Some(0), Some(at(20)));
        budget.closed(at(5), Duration::from_secs(1));
        assert_eq!(budget.wait(at(6), MINUTE), Duration::from_secs(14));
    }

    #[test]
    fn a_server_that_wants_no_call_gets_none_until_then() {
        let start = Instant::now();
        let mut budget = Budget::default();
        assert_eq!(budget.closed_for(start), Duration::ZERO);
        budget.closed(start, Duration::from_secs(3_600));
        assert_eq!(budget.closed_for(start + MINUTE), Duration::from_secs(3_540));
        assert_eq!(budget.closed_for(start + MINUTE * 60), Duration::ZERO);
        budget.closed(start, Duration::MAX);
        assert_eq!(budget.closed_for(start), DAY);
        budget.reopen();
        assert_eq!(budget.closed_for(start), Duration::ZERO);
    }

    #[test]
    fn a_server_without_a_limit_is_never_waited_for() {
        let start = Instant::now();
        let mut budget = Budget::default();
        for _ in 0..1_000 {
            budget.sent(start);
            budget.learned(None, None, None);
        }
        assert_eq!(budget.wait(start, MINUTE), Duration::ZERO);
    }
}
