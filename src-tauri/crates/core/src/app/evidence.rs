//! Reports on one contact, through the door.

use std::path::Path;

use hallmonitor_language::Language;
use hallmonitor_wire::Time;

use super::{School, now};
use crate::{
    error::Error,
    export::{About, write_evidence},
    model::{EvidenceFiles, EvidenceQuery, LocationDatabases},
};

impl School {
    /// Writes a report on one contact and one time to `path` (HTML), and the table of all its logins beside it under
    /// the same name (CSV). Files that are there are replaced when the new ones are whole; a future that is dropped
    /// leaves what was there before. `tell` hears how many logins are written.
    ///
    /// # Errors
    /// [`Error::NotFound`]; where a file can't be written; those of the cache.
    pub async fn evidence(
        &self,
        query: &EvidenceQuery,
        language: Language,
        path: &Path,
        tell: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<EvidenceFiles, Error> {
        let status = self.status().await?;
        let LocationDatabases { places, networks } = self.location_databases();
        let mut attributions: Vec<String> =
            [&places, &networks].into_iter().flatten().filter_map(|database| database.attribution.clone()).collect();
        attributions.dedup();
        let about = About {
            school: status.cabinet_name,
            server: status.server,
            read_at: status.last_sync_at,
            made_at: Time(now()),
            cities: places.is_some_and(|places| places.cities),
            attributions,
        };
        let snapshot = self.cache().snapshot().await?;
        write_evidence(snapshot, query, &about, language, path, tell)
            .await?
            .ok_or(Error::NotFound { what: "contact", id: query.contact_id })
    }
}
