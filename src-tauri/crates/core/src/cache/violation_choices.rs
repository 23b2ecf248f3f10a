//! What violations can be narrowed to: the rules and countries that some of them have.

use super::{Cache, CacheError};
use crate::model::ViolationChoices;

impl Cache {
    /// Rules and countries of the violations that are here.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn violation_choices(&self) -> Result<ViolationChoices, CacheError> {
        let mut reader = self.reader().await?;
        let rules = sqlx::query_scalar(
            "SELECT DISTINCT code \
             FROM rule \
             WHERE EXISTS (SELECT 1 FROM restriction WHERE rule_id = rule.id) \
             ORDER BY code",
        )
        .fetch_all(&mut *reader)
        .await?;
        // Each address is looked up once, whatever it has to answer for.
        let countries = sqlx::query_scalar(
            "SELECT ip.country \
             FROM (SELECT ip_id, count(*) AS violations FROM restriction GROUP BY ip_id) AS hit \
             LEFT JOIN ip ON ip.id = hit.ip_id \
             GROUP BY ip.country \
             ORDER BY sum(hit.violations) DESC, ip.country",
        )
        .fetch_all(&mut *reader)
        .await?;
        Ok(ViolationChoices { rules, countries })
    }
}
