//! The only place of the core that asks what time it is; how long something takes is measured by `Instant`, where it is
//! measured. Behind the door the time is an argument.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, FixedOffset, Local};

/// Milliseconds since 1970, UTC.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// The same moment on this computer's clock on the wall: for hours and days that a person has set.
pub(crate) fn here() -> DateTime<FixedOffset> {
    Local::now().fixed_offset()
}
