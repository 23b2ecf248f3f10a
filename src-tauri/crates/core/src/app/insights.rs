//! What the log suggests, through the door.

use std::time::{Duration, Instant};

use super::{School, now};
use crate::{
    error::Error,
    model::{
        AccessLimit, Insight, InsightDetail, InsightQuery, InsightSettings, InsightStatus, Page, WhatIf, WouldFlag,
        WouldHit,
    },
};

/// Contacts that are named for a limit that would have hit them.
const MOST_HIT: usize = 1_000;

/// The new addresses of so long are placed together by a chosen location database; until then the bundled one has.
const PLACED_FOR: Duration = Duration::from_secs(300);

/// How far a pass has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// Whether there was something to work out.
    pub worked: bool,
    /// Whether something is left.
    pub left: bool,
}

impl School {
    /// Does some of what syncs have left to be worked out in the background: places addresses again, counts days, looks
    /// for signs, removes what has been only here for too long, and the traces of what was erased. It reads beside others and writes in short transactions,
    /// so it keeps nobody waiting. It goes on until nothing is left or `budget` is used up, and a little longer.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn insights_pass(&self, budget: Duration) -> Result<Looked, Error> {
        let begun = Instant::now();
        let mut looked = Looked::default();
        let cache = self.cache();
        // The end of a first load says what there is to look at.
        while !cache.meta().await?.loading {
            looked.left = if self.place_again(budget, PLACED_FOR).await? {
                true
            } else if cache.has_stale_days().await? {
                cache.count_stale_days().await?;
                true
            } else {
                cache.look_for_signs(now()).await? || cache.drop_old(now()).await? || cache.scrub().await?
            };
            looked.worked |= looked.left;
            if !looked.left || begun.elapsed() >= budget {
                break;
            }
        }
        Ok(looked)
    }

    /// Contacts that something was found of, one page, most points first. These are hints, never proof.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn insights(&self, query: &InsightQuery) -> Result<Page<Insight>, Error> {
        Ok(self.cache().insights(query).await?)
    }

    /// What is found of a contact now, with the rows behind it, and what could not be looked for.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn insight(&self, contact_id: i64) -> Result<InsightDetail, Error> {
        Ok(self.cache().insight(contact_id, now()).await?)
    }

    /// How many contacts are flagged, and how many wait to be looked at.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn insight_status(&self) -> Result<InsightStatus, Error> {
        Ok(self.cache().insight_status().await?)
    }

    /// The thresholds and weights in force for this school.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn insight_settings(&self) -> Result<InsightSettings, Error> {
        Ok(self.cache().insight_settings().await?)
    }

    /// Puts other thresholds and weights in force, numbers out of range brought within; gives what is in force then. All
    /// contacts are looked at again by [`Self::insights_pass`].
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn set_insight_settings(&self, settings: InsightSettings) -> Result<InsightSettings, Error> {
        let settings = settings.within_range();
        self.cache().set_insight_settings(&settings).await?;
        Ok(settings)
    }

    /// How many contacts other settings would flag; nothing is saved. Where only points are others, a few milliseconds;
    /// other thresholds read the logins of the days that are looked back over: under a second in a school of a million.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn would_flag(&self, settings: &InsightSettings) -> Result<WouldFlag, Error> {
        Ok(self.cache().would_flag(settings, now()).await?)
    }

    /// What other limits would have done in the last 30 days.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn what_if(&self, limit: AccessLimit) -> Result<WhatIf, Error> {
        Ok(self.cache().what_if(limit, now()).await?)
    }

    /// The contacts that a limit of `limit_to` would have hit in the last 30 days, those that reached most first; at
    /// most 1,000.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn would_hit(&self, limit: AccessLimit, limit_to: i64) -> Result<Vec<WouldHit>, Error> {
        Ok(self.cache().would_hit(limit, limit_to, MOST_HIT, now()).await?)
    }
}
