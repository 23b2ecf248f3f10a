//! Days on which the owner wanted to look at a contact again: told once, on that day.
//!
//! As with violations, that it was told commits before anything is shown, quiet hours and pauses hold it back, and more
//! than three at once become one. Whether and how is [`judge`]'s, over values; the rows come and go in `rows.rs`.

mod judge;
mod rows;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Days, FixedOffset, NaiveTime};
use hallmonitor_wire::Time;

pub(crate) use judge::is_time;
pub(crate) use rows::{count, next};

use crate::{
    cache::{Cache, CacheError},
    model::VerdictKind,
    settings::Notifications,
};

/// A contact that the owner wanted to look at again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUp {
    /// Whom.
    pub contact_id: i64,
    /// `First Last`, or the e-mail address where both are missing.
    pub contact: String,
    /// What the owner thought of them.
    pub verdict: VerdictKind,
    /// On the day of this time.
    pub due_at: Time,
}

/// One notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reminder {
    /// A contact by itself.
    One(FollowUp),
    /// A summary.
    Several {
        /// Contacts; 2 or more.
        count: usize,
        /// The one that has waited longest.
        first: FollowUp,
    },
}

/// The first moment of the local day behind this one: what lies before it is due today.
pub(crate) fn end_of_day(at: DateTime<FixedOffset>) -> Time {
    let tomorrow = at.date_naive().checked_add_days(Days::new(1)).map(|day| day.and_time(NaiveTime::MIN));
    let end = tomorrow.and_then(|end| end.and_local_timezone(*at.offset()).single());
    // Only the last day that can be written has none behind it.
    Time(end.map_or(i64::MAX, |end| end.timestamp_millis()))
}

/// Gives what is to be told now, each day of each contact once, ever. `at` is the person's local time.
///
/// # Errors
/// Those of the database; then nothing counts as told.
pub(crate) async fn to_tell(
    cache: &Cache,
    at: DateTime<FixedOffset>,
    settings: &Notifications,
) -> Result<Vec<Reminder>, CacheError> {
    let before = end_of_day(at);
    // Most turns bring none, and the writer is not bothered then.
    if !rows::any_open(&mut *cache.reader().await?, before).await? {
        return Ok(Vec::new());
    }
    rows::settle(&mut *cache.writer().await, before, |open| judge::judge(open, settings, at)).await
}
