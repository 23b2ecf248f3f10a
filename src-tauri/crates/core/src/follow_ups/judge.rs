//! What becomes of the days to look again that were not told yet: pure.

use chrono::{DateTime, FixedOffset, Timelike as _};
use hallmonitor_wire::Time;

use super::{FollowUp, Reminder};
use crate::{settings::Notifications, violations::MOST_AT_ONCE};

/// The hour of the day from which on a day is told: nobody set midnight.
const FROM_HOUR: u32 = 9;

/// One that was not told yet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Open {
    pub(crate) follow_up: FollowUp,
    /// Whether it came while nothing might be told.
    pub(crate) held: bool,
}

/// What becomes of them. They are named by contact and time.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Judged {
    /// The notifications.
    pub(crate) tell: Vec<Reminder>,
    /// Those that are never told again.
    pub(crate) done: Vec<(i64, i64)>,
    /// Those that have to wait from now on.
    pub(crate) hold: Vec<(i64, i64)>,
}

/// Whether a day to look again has come: from nine in the morning of it on.
pub(crate) fn is_time(due: Time, at: DateTime<FixedOffset>) -> bool {
    let due = DateTime::from_timestamp_millis(due.ms()).map(|due| due.with_timezone(at.offset()).date_naive());
    due.is_some_and(|due| due < at.date_naive() || (due == at.date_naive() && at.hour() >= FROM_HOUR))
}

/// Judges what is open, longest due first. `at` is the person's local time.
///
/// While notifications are off nothing is ever told. In quiet hours and while paused everything waits; afterwards it
/// becomes one summary with whatever came since.
pub(crate) fn judge(open: Vec<Open>, settings: &Notifications, at: DateTime<FixedOffset>) -> Judged {
    let come: Vec<Open> = open.into_iter().filter(|open| is_time(open.follow_up.due_at, at)).collect();
    if settings.on && settings.holds_back(at) {
        return Judged { hold: come.iter().filter(|open| !open.held).map(key).collect(), ..Judged::default() };
    }
    let done = come.iter().map(key).collect();
    if !settings.on {
        return Judged { done, ..Judged::default() };
    }
    let at_once = if come.iter().any(|open| open.held) { 1 } else { MOST_AT_ONCE };
    let count = come.len();
    let mut due = come.into_iter().map(|open| open.follow_up);
    let tell = if count > at_once {
        due.next().map(|first| Reminder::Several { count, first }).into_iter().collect()
    } else {
        due.map(Reminder::One).collect()
    };
    Judged { tell, done, hold: Vec::new() }
}

fn key(open: &Open) -> (i64, i64) {
    (open.follow_up.contact_id, open.follow_up.due_at.ms())
}
