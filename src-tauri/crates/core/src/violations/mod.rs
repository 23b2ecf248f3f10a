//! What is new and worth telling the person, once.
//!
//! A violation is told once, ever: the fact commits before anything is shown, so a crash between the two loses a
//! notification and never repeats one (the tray's number, which counts what is unviewed, has it all the same). The first
//! reading of a school tells nothing. Whether and how the rest is told is [`judge`]'s, over values; the rows come and go
//! in `rows.rs`.

mod judge;
mod rows;
#[cfg(test)]
mod tests;

use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use hallmonitor_wire::{Rule, Time};

pub(crate) use judge::judge;
pub(crate) use rows::{any_open, begin, newest, newest_time, note};

use crate::{
    cache::{Cache, CacheError},
    model::Place,
    settings::Notifications,
};

/// More than so many at once become one summary.
pub const MOST_AT_ONCE: usize = 3;

/// What was shown in this time counts as shown at once with what comes now: two exchanges with a server that says at once
/// what happens are a second or two apart, and a student who is refused tries again.
pub const AT_ONCE: Duration = Duration::from_secs(10);

/// One time that access control acted, as far as a notification says it.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// The restriction's id.
    pub id: i64,
    /// On whom.
    pub contact_id: i64,
    /// `First Last`, or the e-mail address; `None` where the contact is not here.
    pub contact: Option<String>,
    /// When.
    pub occurred_at: Time,
    /// Why.
    pub rule: Rule,
    /// `login_denied`, `session_ended`, `reported`, or a later word.
    pub action: String,
    /// Where the address is.
    pub place: Place,
}

/// One notification.
#[derive(Clone, Debug, PartialEq)]
pub enum Telling {
    /// A violation by itself.
    One(Violation),
    /// A summary.
    Several {
        /// Violations; 2 or more.
        count: usize,
        /// Students who they are of.
        contacts: usize,
        /// The newest of them.
        newest: Violation,
        /// Whether some came while nothing might be told.
        held: bool,
    },
}

/// What is to be told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct News {
    /// The notifications.
    pub tell: Vec<Telling>,
    /// Whether more waits until less was shown in the last [`AT_ONCE`].
    pub waits: bool,
}

/// Gives what is to be told now, each violation once, ever. `at` is the person's local time, `lately` how many
/// notifications were shown in the last [`AT_ONCE`].
///
/// # Errors
/// Those of the database; then nothing counts as told.
pub(crate) async fn news_to_tell(
    cache: &Cache,
    at: DateTime<FixedOffset>,
    settings: &Notifications,
    lately: usize,
) -> Result<News, CacheError> {
    // Most turns bring none, and the writer is not bothered then.
    if !rows::any_open(&mut *cache.reader().await?).await? {
        return Ok(News::default());
    }
    rows::settle(&mut *cache.writer().await, |open| judge(open, settings, at, lately)).await
}
