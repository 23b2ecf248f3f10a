//! The review of the whole school, through the door.

use std::time::{Duration, Instant};

use super::School;
use crate::{
    error::Error,
    model::{LoginQuery, LoginSummary, Page, Session},
};

impl School {
    /// Does some of what syncs have left to be worked out in the background, in short transactions; says whether more is
    /// left. It goes on until `budget` is used up, and a little longer.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn insights_pass(&self, budget: Duration) -> Result<bool, Error> {
        let begun = Instant::now();
        loop {
            let left = self.cache().count_stale_days().await?;
            if !left || begun.elapsed() >= budget {
                return Ok(left);
            }
        }
    }

    /// Logins of the whole school, one page, newest first.
    ///
    /// # Errors
    /// Where the address is none; those of the cache.
    pub async fn logins(&self, query: &LoginQuery) -> Result<Page<Session>, Error> {
        Ok(self.cache().logins(query).await?)
    }

    /// The same logins counted: how many, when, from where.
    ///
    /// # Errors
    /// As [`Self::logins`].
    pub async fn login_summary(&self, query: &LoginQuery) -> Result<LoginSummary, Error> {
        Ok(self.cache().login_summary(query).await?)
    }
}
