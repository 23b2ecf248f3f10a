//! How long what is here is kept, through the door.

use std::time::Duration;

use super::{School, now};
use crate::{
    cache::{Erased, MOST_MONTHS},
    error::Error,
};

impl School {
    /// Months that logins and restrictions stay here after the server has dropped them as too old; 12 unless set.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn kept_months(&self) -> Result<u32, Error> {
        Ok(self.cache().kept_months().await?)
    }

    /// Sets them, 0 to 120 (more is 120); gives what is in force then. What is older goes with the next passes of
    /// [`Self::insights_pass`], but never what an unsent decision is about.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn keep_months(&self, months: u32) -> Result<u32, Error> {
        self.cache().keep_months(months).await?;
        Ok(months.min(MOST_MONTHS))
    }

    /// Does at once what a window does behind its screens: places addresses anew, lets go of what has been kept for long
    /// enough, and of the traces of what was erased.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn catch_up(&self) -> Result<(), Error> {
        while self.place_again(Duration::MAX, Duration::ZERO).await? {}
        while self.cache().drop_old(now()).await? {}
        self.cache().scrub().await?;
        Ok(())
    }

    /// Erases one student on this machine: the contact, devices, logins, restrictions, notes. What the server says of
    /// them later is not written here, until the school is erased here and connected again. The server is told nothing.
    /// Gives how many entities are gone.
    ///
    /// # Errors
    /// [`Error::Unsent`] while decisions about the student are unsent or unsettled, and then nothing is erased;
    /// [`Error::NotFound`]; those of the cache.
    pub async fn erase_contact(&self, id: i64) -> Result<u64, Error> {
        match self.cache().erase_contact(id).await? {
            Erased::Gone(removed) => Ok(removed),
            Erased::NotHere => Err(Error::NotFound { what: "contact", id }),
            Erased::Undecided(count) => Err(Error::Unsent { count }),
        }
    }
}
