//! A contact's card, through the door.

use hallmonitor_wire::Time;

use super::School;
use crate::{
    error::Error,
    model::{ActivityStrip, OtherUsers, VisitedPlace},
};

impl School {
    /// When a contact was at work between two times, by device. At most two years before `until` are drawn.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn activity_strip(&self, contact_id: i64, from: Time, until: Time) -> Result<ActivityStrip, Error> {
        Ok(self.cache().activity_strip(contact_id, from.ms(), until.ms()).await?)
    }

    /// The places that a contact logged in from, most logins first.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn places_visited(&self, contact_id: i64) -> Result<Vec<VisitedPlace>, Error> {
        Ok(self.cache().places_visited(contact_id).await?)
    }

    /// Who else than this contact logged in from an address.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn others_at(&self, address: &str, contact_id: i64) -> Result<OtherUsers, Error> {
        Ok(self.cache().others_at(address, contact_id).await?)
    }

    /// Who else than its contact has a device: by the fingerprint, or because the owner says so.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn others_with(&self, device_id: i64) -> Result<OtherUsers, Error> {
        Ok(self.cache().others_with(device_id).await?)
    }
}
