//! Looks at the server while everything here is locked, and learns one bit: whether something happened.
//!
//! The key is gone, so nothing can be read or written here. A sentry has the way to the server (and with it the token)
//! and the place in the log where the cache stands; what it reads it counts and forgets. The next unlocking reads the
//! same changes again, into the cache, and tells of them by name.

use chrono::Local;
use hallmonitor_wire::{LogStatus, Restriction, Time};

use crate::{Error, follow_ups, school::SchoolClient, settings::Notifications};

/// The most pages of one look; what is behind them is seen at the next one.
const PAGES: usize = 20;

/// The way to the server of a locked school.
#[derive(Debug)]
pub struct Sentry {
    client: SchoolClient,
    cursor: String,
    limit: i64,
    /// Something is to be told that came while nothing might be.
    held: bool,
    /// When the owner wanted to look at somebody again.
    follow_up: Option<Time>,
}

impl Sentry {
    pub(crate) fn new(client: SchoolClient, cursor: String, limit: i64, follow_up: Option<Time>) -> Self {
        Self { client, cursor, limit, held: false, follow_up }
    }

    /// Whether violations came since the last look that are worth telling, or the day has come to look at somebody
    /// again, and may be told now.
    ///
    /// # Errors
    /// Where the server can't be reached or refuses; the next look begins where this one ended.
    pub async fn look(&mut self, settings: &Notifications) -> Result<bool, Error> {
        let at = Local::now().fixed_offset();
        let may_tell = !settings.holds_back(at);
        if settings.on && may_tell && self.follow_up.take_if(|due| follow_ups::is_time(*due, at)).is_some() {
            return Ok(true);
        }
        for _ in 0..PAGES {
            let page = self.client.changes(Some(&self.cursor), self.limit).await?;
            self.held |= page.changes.restrictions.iter().any(|restriction| worth(restriction, settings));
            let moved = page.meta.cursor != self.cursor;
            self.cursor = page.meta.cursor;
            if !page.meta.has_more || !moved {
                break;
            }
        }
        let tell = self.held && may_tell;
        self.held &= !tell;
        Ok(tell)
    }
}

fn worth(restriction: &Restriction, settings: &Notifications) -> bool {
    settings.on && restriction.status == LogStatus::NotViewed && !settings.mutes(&restriction.rule.code)
}
