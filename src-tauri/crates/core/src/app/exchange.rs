//! One exchange with the school: what was decided goes there, what is new comes here.

use std::{fs, time::Duration};

use super::{School, lock_file, now};
use crate::{
    cache::Applied,
    error::Error,
    model::SyncPhase,
    outbox::{self, Pushed, Urgency},
    pull::{self, Surroundings},
    school::SchoolClient,
};

/// What came of `sync`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Synced {
    /// What became of decisions.
    pub pushed: Pushed,
    /// Entities written and removed.
    pub pulled: Applied,
    /// Requests sent.
    pub requests: u64,
    /// Whether the server tells of changes as they happen.
    pub nudges: bool,
    /// Where the next pull begins; `None` on a server without a login log.
    pub cursor: Option<String>,
}

/// What came of an exchange whose reading reached its end.
#[derive(Debug)]
pub(crate) struct Exchanged {
    pub(crate) synced: Synced,
    /// Why decisions could not be sent, where they could not.
    pub(crate) unsent: Option<Error>,
}

impl School {
    /// Sends what was decided, then reads until everything is up to date. `tell` hears of each step. Of several
    /// processes one at a time does it; the others wait.
    ///
    /// # Errors
    /// Where the server can't be reached or refuses, or the cache can't be written. What had come by then is kept, and
    /// so is every decision that was not confirmed.
    pub async fn sync(
        &self,
        urgency: Urgency,
        tell: impl Fn(SyncPhase) + Clone + Send + Sync + 'static,
    ) -> Result<Synced, Error> {
        let Exchanged { synced, unsent } = self.turn(urgency, tell).await?;
        unsent.map_or(Ok(synced), Err)
    }

    /// The same for those who go on reading where nothing can be sent.
    ///
    /// # Errors
    /// Those of the reading alone.
    pub(crate) async fn turn(
        &self,
        urgency: Urgency,
        tell: impl Fn(SyncPhase) + Clone + Send + Sync + 'static,
    ) -> Result<Exchanged, Error> {
        let _alone = self.alone().await?;
        let waiting = tell.clone();
        let client = self
            .client()
            .await?
            .on_wait(move |pause| waiting(SyncPhase::Waiting { seconds: pause.as_secs_f64().ceil() as u64 }));
        let before = client.requests();
        if urgency == Urgency::Now {
            client.called_for();
        }
        let exchanged = self.exchange(&client, &Surroundings { now: &now, tell: &tell }, urgency).await;
        tell(SyncPhase::Idle);
        let mut exchanged = exchanged?;
        exchanged.synced.requests = client.requests() - before;
        Ok(exchanged)
    }

    /// Waits until nobody else syncs, nor removes this school from this machine.
    async fn alone(&self) -> Result<fs::File, Error> {
        let locked = lock_file(self.0.profile.sync_lock_path()).await;
        // Removed meanwhile, it must not be looked for in a cache that is gone.
        self.0.profile.reloaded()?;
        let alone = locked?;
        // Who was about to remove it holds the lock as long, and has not come to the end.
        if self.cache().meta().await?.sealed {
            self.cache().set_meta(|meta| meta.sealed = false).await?;
        }
        Ok(alone)
    }

    async fn exchange(
        &self,
        client: &SchoolClient,
        around: &Surroundings<'_>,
        urgency: Urgency,
    ) -> Result<Exchanged, Error> {
        let cache = self.cache();
        let offered = pull::greet(cache, client, around).await?;
        let most_actions = offered.as_ref().map(|offered| offered.max_actions);
        let mut pushed = Pushed::default();
        let mut sent = match most_actions {
            Some(most) => outbox::push(cache, client, around, urgency, most, &mut pushed).await,
            None => Ok(()),
        };
        // A server that takes no decisions (from this token, or just now) may still have news.
        let pulled = pull::pull(cache, client, around, most_actions.is_some()).await?;
        cache.reached().await?;
        if let (Some(most), true) = (most_actions, outbox::rebase(cache, (around.now)()).await?)
            && sent.is_ok()
        {
            sent = outbox::push(cache, client, around, urgency, most, &mut pushed).await;
        }
        pushed.queued = u64::try_from(cache.outbox_counts().await?.queued).unwrap_or(0);
        let synced = Synced {
            pushed,
            pulled: pulled.applied,
            requests: 0,
            nudges: offered.is_some_and(|offered| offered.events),
            cursor: pulled.cursor,
        };
        Ok(Exchanged { synced, unsent: sent.err().map(Error::from) })
    }

    /// How long until a decision may leave by itself; `None` where none waits.
    ///
    /// # Errors
    /// Those of the cache.
    pub(crate) async fn next_push(&self) -> Result<Option<Duration>, Error> {
        Ok(self.cache().next_push(now()).await?)
    }
}
