//! How much was shown a moment ago. Pure: time comes in as an argument.

use std::{collections::VecDeque, time::Instant};

use hallmonitor_core::AT_ONCE;

/// When notifications of one school were shown, the oldest first, as far as they still count.
#[derive(Debug, Default)]
pub(crate) struct Lately(VecDeque<Instant>);

impl Lately {
    /// One is shown now.
    pub(super) fn shown(&mut self, now: Instant) {
        self.0.push_back(now);
    }

    /// How many were shown in the last [`AT_ONCE`].
    pub(super) fn count(&mut self, now: Instant) -> usize {
        while self.0.front().is_some_and(|&shown| now.duration_since(shown) >= AT_ONCE) {
            self.0.pop_front();
        }
        self.0.len()
    }

    /// When there will be fewer; `None` where there are none.
    pub(super) fn fewer_at(&self) -> Option<Instant> {
        self.0.front().map(|&shown| shown + AT_ONCE)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_was_shown_counts_for_a_while() {
        let start = Instant::now();
        let mut lately = Lately::default();
        assert_eq!((lately.count(start), lately.fewer_at()), (0, None));
        lately.shown(start);
        lately.shown(start + Duration::from_secs(1));
        assert_eq!(lately.count(start + Duration::from_secs(2)), 2);
        assert_eq!(lately.fewer_at(), Some(start + AT_ONCE));
        assert_eq!(lately.count(start + AT_ONCE), 1);
        assert_eq!(lately.count(start + AT_ONCE + Duration::from_secs(1)), 0);
    }
}
