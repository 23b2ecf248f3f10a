//! What becomes of the violations that were not told yet: pure.

use std::collections::BTreeSet;

use chrono::{DateTime, FixedOffset};

use super::{MOST_AT_ONCE, Telling, Violation};
use crate::settings::Notifications;

/// A violation that was not told yet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Open {
    pub(crate) violation: Violation,
    /// Whether it came while nothing might be told.
    pub(crate) held: bool,
    /// Its effective log status.
    pub(crate) viewed: bool,
}

/// What becomes of them. Violations are named by id and time.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Verdict {
    /// The notifications.
    pub(crate) tell: Vec<Telling>,
    /// Those that are never told again.
    pub(crate) done: Vec<(i64, i64)>,
    /// Those that have to wait from now on.
    pub(crate) hold: Vec<(i64, i64)>,
    /// Whether some stay open because a few were told a moment ago.
    pub(crate) wait: bool,
}

/// Judges what is open, oldest first. `at` is the person's local time, `lately` how many notifications were shown a moment
/// ago.
///
/// More than [`MOST_AT_ONCE`] become one summary, also where they come one after the other: what would be too many with
/// those that were shown lately waits until it comes together.
///
/// What was viewed, what is muted, and everything while notifications are off is never told. In quiet hours and while
/// paused the rest waits; afterwards it becomes one summary with whatever came since.
pub(crate) fn judge(open: Vec<Open>, settings: &Notifications, at: DateTime<FixedOffset>, lately: usize) -> Verdict {
    let mut verdict = Verdict::default();
    let (worth, never): (Vec<Open>, Vec<Open>) =
        open.into_iter().partition(|open| settings.on && !open.viewed && !settings.mutes(&open.violation.rule.code));
    verdict.done.extend(never.iter().map(key));
    if settings.holds_back(at) {
        verdict.hold.extend(worth.iter().filter(|open| !open.held).map(key));
        return verdict;
    }
    let held = worth.iter().any(|open| open.held);
    if !held && lately > 0 && !worth.is_empty() && lately + worth.len() > MOST_AT_ONCE {
        verdict.wait = true;
        return verdict;
    }
    verdict.done.extend(worth.iter().map(key));
    let at_once = if held { 1 } else { MOST_AT_ONCE };
    if worth.len() > at_once {
        let contacts: BTreeSet<i64> = worth.iter().map(|open| open.violation.contact_id).collect();
        let (count, contacts) = (worth.len(), contacts.len());
        if let Some(newest) = worth.into_iter().max_by_key(key_by_time) {
            verdict.tell.push(Telling::Several { count, contacts, newest: newest.violation, held });
        }
    } else {
        verdict.tell.extend(worth.into_iter().map(|open| Telling::One(open.violation)));
    }
    verdict
}

fn key(open: &Open) -> (i64, i64) {
    (open.violation.id, open.violation.occurred_at.ms())
}

fn key_by_time(open: &Open) -> (i64, i64) {
    (open.violation.occurred_at.ms(), open.violation.id)
}
