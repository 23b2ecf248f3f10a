//! Requests a minute for each token: a window of 60 seconds that begins with its first request.
//!
//! Each server counts for itself; several servers on one database multiply the limit.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header::RETRY_AFTER};
use hallmonitor_wire::{Time, header};

const WINDOW_MS: i64 = 60_000;

/// What the limit says to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) allowed: bool,
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// Seconds until the window ends, at least 1.
    pub(crate) wait_s: i64,
    /// When the window ends, Unix seconds.
    pub(crate) reset_s: i64,
}

impl Verdict {
    /// What an answer says to a request that no token stands behind: nothing was counted.
    pub(crate) fn uncounted(limit: u32) -> Self {
        Self { allowed: true, limit, remaining: limit, wait_s: 0, reset_s: 0 }
    }

    pub(crate) fn write_to(self, headers: &mut HeaderMap) {
        headers.insert(HeaderName::from_static(header::RATE_LIMIT), HeaderValue::from(self.limit));
        headers.insert(HeaderName::from_static(header::RATE_REMAINING), HeaderValue::from(self.remaining));
        if !self.allowed {
            headers.insert(RETRY_AFTER, HeaderValue::from(self.wait_s));
            headers.insert(HeaderName::from_static(header::RATE_RESET), HeaderValue::from(self.reset_s));
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Window {
    began_at: Time,
    used: u32,
}

/// Counts one request into the window that it falls in.
fn count(window: Option<Window>, limit: u32, now: Time) -> (Window, Verdict) {
    let mut window = match window {
        // A clock that was set back begins a new window as well.
        Some(window) if (0..WINDOW_MS).contains(&(now.ms() - window.began_at.ms())) => window,
        _ => Window { began_at: now, used: 0 },
    };
    let allowed = window.used < limit;
    if allowed {
        window.used += 1;
    }
    let end_ms = window.began_at.ms() + WINDOW_MS;
    let seconds_up = |ms: i64| (ms + 999).div_euclid(1000);
    let verdict = Verdict {
        allowed,
        limit,
        remaining: limit - window.used,
        wait_s: seconds_up(end_ms - now.ms()).max(1),
        reset_s: seconds_up(end_ms),
    };
    (window, verdict)
}

/// The running windows, by token.
#[derive(Debug, Default)]
pub(crate) struct Windows(Mutex<HashMap<i64, Window>>);

impl Windows {
    pub(crate) fn take(&self, token_id: i64, limit: u32, now: Time) -> Verdict {
        // Counting can't leave a window half written, so a poisoned lock is as good as another.
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (window, verdict) = count(windows.get(&token_id).copied(), limit, now);
        windows.insert(token_id, window);
        verdict
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_holds_as_many_requests_as_the_limit_says() {
        let windows = Windows::default();
        let at = |ms: i64| windows.take(1, 2, Time(1_000_000 + ms));
        assert_eq!((at(0).allowed, at(10).remaining), (true, 0));
        let refused = at(20_500);
        assert!(!refused.allowed);
        assert_eq!((refused.wait_s, refused.reset_s, refused.remaining), (40, 1_060, 0));
        assert!(!at(59_999).allowed);
        assert_eq!((at(60_000).allowed, at(60_000).allowed), (true, true));
        assert!(windows.take(2, 2, Time(1_000_000)).allowed, "another token has its own minute");
    }
}
