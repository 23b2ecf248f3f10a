//! What the tray and the notifications say, through the door.

use hallmonitor_wire::Time;

use super::{School, here};
use crate::{
    cache::Cache,
    error::Error,
    follow_ups::{self, Reminder},
    model::OutboxCounts,
    settings::Notifications,
    violations::{self, News, Violation},
};

/// What is to be seen of a school without its window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Glance {
    /// Restrictions whose effective status is `not_viewed`.
    pub unviewed: i64,
    /// The newest of those, newest first.
    pub newest: Vec<Violation>,
    /// Contacts that the owner wanted to look at again by now.
    pub follow_ups: i64,
    /// Unsent and unsettled decisions.
    pub outbox: OutboxCounts,
    /// When a sync last reached the end; `None` before the first.
    pub last_sync_at: Option<Time>,
}

impl School {
    /// Gives what is to be told now; what was given counts as told and is never given again. `lately` is how many
    /// notifications were shown in the last [`violations::AT_ONCE`].
    ///
    /// # Errors
    /// Those of the cache; then nothing counts as told.
    pub async fn news_to_tell(&self, settings: &Notifications, lately: usize) -> Result<News, Error> {
        Ok(violations::news_to_tell(self.cache(), here(), settings, lately).await?)
    }

    /// Gives the contacts whose day to look again has come and was not told yet; what was given counts as told.
    ///
    /// # Errors
    /// Those of the cache; then nothing counts as told.
    pub async fn reminders_to_tell(&self, settings: &Notifications) -> Result<Vec<Reminder>, Error> {
        Ok(follow_ups::to_tell(self.cache(), here(), settings).await?)
    }

    /// The newest of the violations that nobody has viewed, newest first.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn newest_violations(&self, most: u32) -> Result<Vec<Violation>, Error> {
        Ok(violations::newest(&mut *self.cache().reader().await?, most).await?)
    }

    /// What is to be seen without the window, with at most `most` violations.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn glance(&self, most: u32) -> Result<Glance, Error> {
        let cache: &Cache = self.cache();
        let today = follow_ups::end_of_day(here());
        Ok(Glance {
            unviewed: cache.unviewed().await?,
            newest: self.newest_violations(most).await?,
            follow_ups: follow_ups::count(&mut *cache.reader().await?, today).await?,
            outbox: cache.outbox_counts().await?,
            last_sync_at: cache.meta().await?.last_sync_at.map(Time),
        })
    }
}
