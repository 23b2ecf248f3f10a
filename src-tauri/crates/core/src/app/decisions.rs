//! Decisions, through the door.

use hallmonitor_wire::{ActionType, ActionValue, Time};
use uuid::Uuid;

use super::{School, now, review::not_longer};
use crate::{
    error::Error,
    model::{BlockEffect, CheckException, OutboxEntry, Page, Resolution, UnreadableRow, Waiting},
    outbox,
};

/// Letters that the reason why checks are off may have.
const REASON: usize = 500;

impl School {
    /// Records that all of `ids` shall have `value`; the next exchange sends it. Gives the entries made: none for what
    /// holds already, and none where an opposite decision that never left was taken back. All are recorded, or none.
    ///
    /// # Errors
    /// [`Error::Outbox`]: an unknown target, a value that does not fit, a server without a login log; a full disk.
    pub async fn decide(&self, kind: ActionType, ids: &[i64], value: ActionValue) -> Result<Vec<OutboxEntry>, Error> {
        let made = outbox::record(self.cache(), kind, ids, value, now()).await?;
        self.still_here()?;
        Ok(made)
    }

    /// Whether what was written lies where it is found again: another program may have removed the school meanwhile, and on
    /// most systems an open file that was removed takes what is written into it.
    fn still_here(&self) -> Result<(), Error> {
        if self.cache().path().exists() {
            return Ok(());
        }
        Err(Error::NoProfile { name: self.name().to_owned(), known: Vec::new() })
    }

    /// Says how many decisions wait. Where those are no more than `agreed`, takes none any more, here or in another
    /// process: the school may be removed from this machine, which whoever asks for it is about to do
    /// ([`Wiping`](super::Wiping)). The next sync takes it back, and so does [`App::connect`](super::App::connect).
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn seal(&self, agreed: i64) -> Result<i64, Error> {
        Ok(outbox::seal(self.cache(), agreed).await?)
    }

    /// The restrictions whose effective status is `not_viewed`; of one contact only, where one is named.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn unviewed_restrictions(&self, contact_id: Option<i64>) -> Result<Vec<i64>, Error> {
        Ok(self.cache().unviewed_ids(contact_id).await?)
    }

    /// Everything that was not confirmed, in the order of the decisions.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn outbox(&self) -> Result<Vec<OutboxEntry>, Error> {
        Ok(self.cache().outbox().await?)
    }

    /// The same with what it is about: conflicts first, then what was refused, then what waits. At most `limit`; 0 is
    /// all.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn waiting(&self, limit: u32) -> Result<Page<Waiting>, Error> {
        Ok(self.cache().waiting(limit).await?)
    }

    /// Settles entries of the outbox, all or none. Gives those left.
    ///
    /// # Errors
    /// [`Error::Outbox`]: an unknown entry, or one in a state that this can't be done in.
    pub async fn resolve(&self, ids: &[Uuid], how: Resolution) -> Result<Vec<OutboxEntry>, Error> {
        Ok(outbox::resolve(self.cache(), ids, how, now()).await?)
    }

    /// What blocking these devices would do.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn block_effects(&self, device_ids: &[i64]) -> Result<Vec<BlockEffect>, Error> {
        Ok(self.cache().block_effects(device_ids, now()).await?)
    }

    /// Records that the checks of all of `ids` shall be off, and notes why and until when, on this machine alone. Gives
    /// what [`Self::decide`] gives. All is recorded and noted, or nothing.
    ///
    /// # Errors
    /// Those of [`Self::decide`] and of [`Self::set_check_exception`].
    pub async fn excuse(&self, ids: &[i64], reason: &str, until: Option<Time>) -> Result<Vec<OutboxEntry>, Error> {
        not_longer(reason, REASON)?;
        let made = outbox::excuse(self.cache(), ids, (reason, until), now()).await?;
        self.still_here()?;
        Ok(made)
    }

    /// Notes why a contact's checks are off and until when, on this machine alone.
    ///
    /// # Errors
    /// [`Error::Outbox`] for an unknown contact; [`Error::LongText`] for a reason of more than 500 letters; those of the
    /// cache.
    pub async fn set_check_exception(&self, contact_id: i64, reason: &str, until: Option<Time>) -> Result<(), Error> {
        not_longer(reason, REASON)?;
        Ok(outbox::note_check_exception(self.cache(), contact_id, reason, until).await?)
    }

    /// Those notes, of contacts whose checks are off; the ones that end first come first.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn check_exceptions(&self) -> Result<Vec<CheckException>, Error> {
        Ok(outbox::check_exceptions(self.cache(), None, now()).await?)
    }

    /// The note on one contact.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn check_exception(&self, contact_id: i64) -> Result<Option<CheckException>, Error> {
        Ok(outbox::check_exceptions(self.cache(), Some(contact_id), now()).await?.pop())
    }

    /// Entities of the server that could not be read, newest first, at most 1,000.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn unreadable(&self) -> Result<Vec<UnreadableRow>, Error> {
        Ok(self.cache().unreadable().await?)
    }
}
