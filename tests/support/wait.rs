//! Waiting for a condition, never for a time.

use std::time::{Duration, Instant};

/// How long anything here may take before a test fails. Long, for a busy machine; only a failing test waits for it.
pub const DEADLINE: Duration = Duration::from_secs(60);

pub(crate) const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// Looks until there is something to return.
///
/// # Panics
/// At the deadline, naming what was waited for.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    until_right(what, async || look().await.ok_or_else(String::new)).await
}

/// The same for what takes half a minute or more by its nature.
///
/// # Panics
/// At three times the deadline, naming what was waited for.
pub async fn until_later<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(began.elapsed() < 3 * DEADLINE, "waited {:?} in vain: {what}", 3 * DEADLINE);
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}

/// Looks until there is something to return; what is wrong about what was seen last is in the failure.
///
/// # Panics
/// At the deadline, naming what was waited for.
pub async fn until_right<T>(what: &str, mut look: impl AsyncFnMut() -> Result<T, String>) -> T {
    let began = Instant::now();
    loop {
        let seen = match look().await {
            Ok(found) => return found,
            Err(seen) => seen,
        };
        assert!(began.elapsed() < DEADLINE, "waited {DEADLINE:?} in vain: {what}\n{seen}");
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}
