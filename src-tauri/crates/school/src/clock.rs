//! Where the server reads the time. Logic never asks the system; it is handed a [`Time`].

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use hallmonitor_wire::Time;

/// A source of the present time: the system's clock, or one that a test turns by hand.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    hand: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands at `time` until it is turned.
    pub fn standing_at(time: Time) -> Self {
        Self { hand: Some(Arc::new(AtomicI64::new(time.ms()))) }
    }

    /// Turns a standing clock forward, for everybody who holds it. The system's clock does not care.
    pub fn advance_ms(&self, ms: i64) {
        if let Some(hand) = &self.hand {
            hand.fetch_add(ms, Ordering::SeqCst);
        }
    }

    /// Now.
    pub fn now(&self) -> Time {
        Time(match &self.hand {
            Some(hand) => hand.load(Ordering::SeqCst),
            None => chrono::Utc::now().timestamp_millis(),
        })
    }
}
