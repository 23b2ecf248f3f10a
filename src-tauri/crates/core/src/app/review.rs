//! The review of the whole school, through the door.

use chrono::{Local, Utc};
use hallmonitor_wire::Time;

use super::{School, now};
use crate::{
    error::Error,
    model::{
        DeviceQuery, JudgedContact, LoginQuery, LoginSummary, Page, Restriction, SchoolDevice, Session, Verdict,
        VerdictKind, VerdictQuery, ViolationChoices, ViolationGroup, ViolationQuery,
    },
    settings::Times,
};

/// Letters that a note on a contact may have: a page of text, which a list still shows.
const NOTE: usize = 2_000;

/// Letters that the owner's own name of a device may have.
const NAME: usize = 200;

/// Refuses a text that is longer than `most` letters.
pub(super) fn not_longer(text: &str, most: usize) -> Result<(), Error> {
    match text.chars().count() {
        letters if letters > most => Err(Error::LongText { letters, most }),
        _ => Ok(()),
    }
}

impl School {
    /// Logins of the whole school, one page, newest first.
    ///
    /// # Errors
    /// Where the address is none; those of the cache.
    pub async fn logins(&self, query: &LoginQuery) -> Result<Page<Session>, Error> {
        Ok(self.cache().logins(query).await?)
    }

    /// The same logins counted: how many, when (in days of the clock that times are read off), from where.
    ///
    /// # Errors
    /// As [`Self::logins`].
    pub async fn login_summary(&self, query: &LoginQuery, times: Times) -> Result<LoginSummary, Error> {
        Ok(match times {
            Times::Local => self.cache().login_summary(query, &Local).await?,
            Times::Utc => self.cache().login_summary(query, &Utc).await?,
        })
    }

    /// Violations of the whole school, one page: those that nobody has viewed first, then the newest. `count` is
    /// answered.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn violations(&self, query: &ViolationQuery) -> Result<Page<Restriction>, Error> {
        Ok(self.cache().violations(query).await?)
    }

    /// The contacts that have such violations, one page: those with unviewed ones first, then by the newest of all
    /// their violations.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn violation_groups(&self, query: &ViolationQuery) -> Result<Page<ViolationGroup>, Error> {
        Ok(self.cache().violation_groups(query).await?)
    }

    /// What violations can be narrowed to: rules and countries that some of them have.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn violation_choices(&self) -> Result<ViolationChoices, Error> {
        Ok(self.cache().violation_choices().await?)
    }

    /// What the owner noted of a contact.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn verdict(&self, contact_id: i64) -> Result<Option<Verdict>, Error> {
        Ok(self.cache().verdict(contact_id).await?)
    }

    /// Notes what the owner thinks of a contact, on this machine alone, in place of what was noted before. It stays as
    /// long as the contact is here: an erased contact takes it along.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::LongText`] for a note of more than 2,000 letters; those of the cache.
    pub async fn set_verdict(
        &self,
        contact_id: i64,
        verdict: VerdictKind,
        note: &str,
        follow_up_at: Option<Time>,
    ) -> Result<Verdict, Error> {
        not_longer(note.trim(), NOTE)?;
        let noted = Verdict { verdict, note: note.trim().to_owned(), follow_up_at, decided_at: Time(now()) };
        match self.cache().note_verdict(contact_id, Some(&noted)).await? {
            true => Ok(noted),
            false => Err(Error::NotFound { what: "contact", id: contact_id }),
        }
    }

    /// Takes back what was noted of a contact.
    ///
    /// # Errors
    /// [`Error::NotFound`]; those of the cache.
    pub async fn clear_verdict(&self, contact_id: i64) -> Result<(), Error> {
        match self.cache().note_verdict(contact_id, None).await? {
            true => Ok(()),
            false => Err(Error::NotFound { what: "contact", id: contact_id }),
        }
    }

    /// The contacts that something was noted of, one page.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn verdicts(&self, query: &VerdictQuery) -> Result<Page<JudgedContact>, Error> {
        Ok(self.cache().verdicts(query).await?)
    }

    /// Devices of the whole school, one page.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn school_devices(&self, query: &DeviceQuery) -> Result<Page<SchoolDevice>, Error> {
        Ok(self.cache().school_devices(query, now()).await?)
    }

    /// Gives a device the owner's own name, on this machine alone; an empty one takes it back.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::LongText`] for a name of more than 200 letters; those of the cache.
    pub async fn name_device(&self, id: i64, name: &str) -> Result<(), Error> {
        not_longer(name.trim(), NAME)?;
        match self.cache().name_device(id, name).await? {
            true => Ok(()),
            false => Err(Error::NotFound { what: "device", id }),
        }
    }

    /// Says that these devices are one, on this machine alone; the signs then count them as one.
    ///
    /// # Errors
    /// [`Error::NotFound`] where one of them is not here, and then nothing is noted; those of the cache.
    pub async fn join_devices(&self, ids: &[i64]) -> Result<(), Error> {
        match self.cache().join_devices(ids).await? {
            None => Ok(()),
            Some(id) => Err(Error::NotFound { what: "device", id }),
        }
    }

    /// Says that a device is one by itself again. Says whether it was one with others.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn part_device(&self, id: i64) -> Result<bool, Error> {
        Ok(self.cache().part_device(id).await?)
    }

    /// Says that of these devices those of one group are one and no others, as they stood before they were joined.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn regroup_devices(&self, groups: &[Vec<i64>]) -> Result<(), Error> {
        Ok(self.cache().regroup_devices(groups).await?)
    }
}
