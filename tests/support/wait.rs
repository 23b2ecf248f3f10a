//! Waiting for a condition, never for a time.

use std::time::{Duration, Instant};

/// How long anything here may take before a test fails. Long, for a busy machine; only a failing test waits for it.
pub const DEADLINE: Duration = Duration::from_secs(60);

const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// Looks until there is something to return.
///
/// # Panics
/// At the deadline, naming what was waited for.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(began.elapsed() < DEADLINE, "waited {DEADLINE:?} in vain: {what}");
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}
