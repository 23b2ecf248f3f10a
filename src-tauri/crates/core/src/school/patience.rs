//! Whether a call that failed is tried again, and when. Pure: time and chance come in as arguments.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};

use super::Verdict;

/// How often and for how long a call is tried again before its error is told.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// No new try begins later than this after the first one.
    pub again_for: Duration,
    /// Tries in all where the server fails or the way to it is broken.
    pub tries: u32,
    /// Tries in all where the machine is there and nothing listens.
    pub tries_refused: u32,
    /// The longest wait before the first new try; it doubles with each.
    pub first_pause: Duration,
    /// The longest wait that a server may order; a longer one is told as an error.
    pub longest_wait: Duration,
    /// How many ordered waits one call sits out.
    pub waits: u32,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            again_for: Duration::from_secs(10),
            tries: 4,
            tries_refused: 2,
            first_pause: Duration::from_millis(500),
            longest_wait: Duration::from_secs(60),
            waits: 3,
        }
    }
}

/// What one call has been through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Trials {
    failed: u32,
    waited: u32,
}

/// How to go on after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pause {
    /// A short one of our own, not worth a word.
    Own(Duration),
    /// One that the server ordered, worth telling.
    Ordered(Duration),
}

impl Trials {
    /// Decides on the next try; `None` gives up. `since` is the time since the first try or the last ordered wait,
    /// `chance` is from 0 to 1: full jitter, so that many clients do not come back together.
    pub(crate) fn next(
        &mut self,
        verdict: Verdict,
        refused: bool,
        since: Duration,
        chance: f64,
        patience: &Patience,
    ) -> Option<Pause> {
        match verdict {
            Verdict::RateLimited { retry_after } => self.ordered(retry_after?, patience),
            Verdict::AgainAfter { wait } => self.ordered(wait, patience),
            Verdict::Again => {
                self.failed += 1;
                let tries = if refused { patience.tries_refused } else { patience.tries };
                if self.failed >= tries {
                    return None;
                }
                let longest = ExponentialBuilder::new()
                    .with_min_delay(patience.first_pause)
                    .with_max_delay(patience.again_for)
                    .without_max_times()
                    .build()
                    .nth(self.failed as usize - 1)?;
                let pause = longest.mul_f64(chance.clamp(0.0, 1.0));
                (since + pause < patience.again_for).then_some(Pause::Own(pause))
            }
            Verdict::TokenRefused
            | Verdict::MayNotDecide
            | Verdict::NotFound
            | Verdict::CursorExpired
            | Verdict::BadCursor
            | Verdict::Broken => None,
        }
    }

    fn ordered(&mut self, wait: Duration, patience: &Patience) -> Option<Pause> {
        let wait = wait.max(Duration::from_secs(1));
        if wait > patience.longest_wait || self.waited >= patience.waits {
            return None;
        }
        self.waited += 1;
        Some(Pause::Ordered(wait))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::ZERO;

    fn pauses(verdict: Verdict, refused: bool, chance: f64) -> Vec<Pause> {
        let mut trials = Trials::default();
        std::iter::from_fn(|| trials.next(verdict, refused, NOW, chance, &Patience::default())).take(20).collect()
    }

    fn own(millis: &[u64]) -> Vec<Pause> {
        millis.iter().map(|&ms| Pause::Own(Duration::from_millis(ms))).collect()
    }

    #[test]
    fn a_failing_server_is_tried_a_few_times_with_growing_pauses() {
        assert_eq!(pauses(Verdict::Again, false, 1.0), own(&[500, 1_000, 2_000]));
        assert_eq!(pauses(Verdict::Again, false, 0.5), own(&[250, 500, 1_000]));
        assert_eq!(pauses(Verdict::Again, false, 0.0), own(&[0, 0, 0]));
    }

    #[test]
    fn where_nothing_listens_the_answer_comes_quickly() {
        assert_eq!(pauses(Verdict::Again, true, 1.0), own(&[500]));
    }

    #[test]
    fn what_cannot_get_better_is_not_tried_again() {
        for verdict in [
            Verdict::TokenRefused,
            Verdict::MayNotDecide,
            Verdict::NotFound,
            Verdict::CursorExpired,
            Verdict::BadCursor,
            Verdict::Broken,
        ] {
            assert_eq!(pauses(verdict, false, 1.0), [], "{verdict:?}");
        }
    }

    #[test]
    fn slow_failures_end_in_time() {
        let patience = Patience::default();
        let mut trials = Trials::default();
        assert_eq!(trials.next(Verdict::Again, false, Duration::from_secs(30), 0.1, &patience), None);
    }

    #[test]
    fn an_ordered_wait_is_sat_out_up_to_a_minute_and_three_times() {
        let limited = |seconds| Verdict::RateLimited { retry_after: Some(Duration::from_secs(seconds)) };
        let ordered = |seconds| Pause::Ordered(Duration::from_secs(seconds));
        assert_eq!(pauses(limited(5), false, 0.0), [ordered(5), ordered(5), ordered(5)]);
        assert_eq!(pauses(limited(0), false, 0.0)[0], ordered(1));
        assert_eq!(pauses(limited(60), false, 0.0)[0], ordered(60));
        assert_eq!(pauses(limited(61), false, 0.0), []);
        assert_eq!(pauses(Verdict::RateLimited { retry_after: None }, false, 0.0), [], "nobody said for how long");
        let busy = |seconds| Verdict::AgainAfter { wait: Duration::from_secs(seconds) };
        assert_eq!(pauses(busy(5), false, 0.0), [ordered(5), ordered(5), ordered(5)]);
        assert_eq!(pauses(busy(0), false, 0.0)[0], ordered(1));
        assert_eq!(pauses(busy(61), false, 0.0), []);
    }
}
