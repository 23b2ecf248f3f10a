//! The lists, by the page and whole.

use std::{io::Write, path::Path};

use super::{School, now};
use crate::{
    error::Error,
    export::{self, Format, Heads},
    listing::{Listing, Selection},
    model::{Contact, ContactCard, ContactQuery, Device, LogQuery, Page, Restriction, Session},
};

impl School {
    /// Contacts, one page.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn contacts(&self, query: &ContactQuery) -> Result<Page<Contact>, Error> {
        Ok(self.0.cache.contacts(query).await?)
    }

    /// One contact with what its card's tabs count.
    ///
    /// # Errors
    /// [`Error::NotFound`]; those of the cache.
    pub async fn contact(&self, id: i64) -> Result<ContactCard, Error> {
        self.0.cache.contact(id).await?.ok_or(Error::NotFound { what: "contact", id })
    }

    /// Sessions, one page, newest first.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn sessions(&self, query: &LogQuery) -> Result<Page<Session>, Error> {
        Ok(self.0.cache.sessions(query).await?)
    }

    /// How many of a contact's sessions stand before this one, newest first: its place in the contact's login history.
    /// `None` where the contact has no such session.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn session_position(&self, contact_id: i64, id: i64) -> Result<Option<i64>, Error> {
        Ok(self.0.cache.session_position(contact_id, id).await?)
    }

    /// Devices, one page, last seen first.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn devices(&self, query: &LogQuery) -> Result<Page<Device>, Error> {
        Ok(self.0.cache.devices(query).await?)
    }

    /// Restrictions, one page, newest first.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn restrictions(&self, query: &LogQuery) -> Result<Page<Restriction>, Error> {
        Ok(self.0.cache.restrictions(query).await?)
    }

    /// A whole list, a few thousand rows at a time, all of one state of the cache.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn list(&self, selection: Selection) -> Result<Listing, Error> {
        Ok(Listing::new(self.0.cache.snapshot().await?, selection, now()))
    }

    /// Writes all rows that are selected to a file; one that is there is replaced when the new one is whole. `tell`
    /// hears how many rows are written so far. Gives their number.
    ///
    /// # Errors
    /// Where the file can't be written; those of the cache. What was there before is unharmed then.
    pub async fn export(
        &self,
        selection: Selection,
        format: Format,
        heads: Heads,
        file: &Path,
        tell: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<u64, Error> {
        Ok(export::to_file(self.list(selection).await?, format, heads, file, tell).await?)
    }

    /// As [`Self::export`], to any writer, which need not be buffered; gives that back, too.
    ///
    /// # Errors
    /// Where `out` fails; those of the cache.
    pub async fn export_to<W: Write + Send + 'static>(
        &self,
        selection: Selection,
        format: Format,
        heads: Heads,
        out: W,
        tell: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<(u64, W), Error> {
        Ok(export::to_writer(self.list(selection).await?, format, heads, out, tell).await?)
    }
}
