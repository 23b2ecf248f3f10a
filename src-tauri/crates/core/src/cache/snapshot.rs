//! One state of the cache, read page after page while others write.

use std::collections::HashMap;

use sqlx::AssertSqlSafe;

use super::{
    Cache, CacheError, Person, contacts, devices, insights, logins, readers::Reader, restrictions, school_devices,
    sessions, views, violation_list,
};
use crate::model::{
    Contact, ContactQuery, Device, DeviceQuery, Insight, InsightQuery, LogQuery, LoginQuery, Page, Restriction,
    Session, ViolationQuery,
};

/// Fields of a later version of the API that one table may have before the rest is left out.
const MOST_EXTRA_FIELDS: i64 = 100;

/// A read transaction: every page shows the moment of the first one.
#[derive(Debug)]
pub struct Snapshot(Reader);

impl Cache {
    /// Begins to read one state; held for long it keeps the write-ahead log from being tidied up.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn snapshot(&self) -> Result<Snapshot, CacheError> {
        Ok(Snapshot(self.reading().await?))
    }
}

impl Snapshot {
    /// Contacts, one page; with `only` that one, where it matches.
    ///
    /// # Errors
    /// As [`Cache::contacts`].
    pub async fn contacts(&mut self, query: &ContactQuery, only: Option<i64>) -> Result<Page<Contact>, CacheError> {
        contacts::list(&mut self.0, query, only).await
    }

    /// Sessions, one page.
    ///
    /// # Errors
    /// As [`Cache::contacts`].
    pub async fn sessions(&mut self, query: &LogQuery) -> Result<Page<Session>, CacheError> {
        sessions::list(&mut self.0, query).await
    }

    /// Devices, one page, their addresses counted.
    ///
    /// # Errors
    /// As [`Cache::contacts`].
    pub async fn devices(&mut self, query: &LogQuery) -> Result<Page<Device>, CacheError> {
        devices::list(&mut self.0, query, true).await
    }

    /// Restrictions, one page.
    ///
    /// # Errors
    /// As [`Cache::contacts`].
    pub async fn restrictions(&mut self, query: &LogQuery) -> Result<Page<Restriction>, CacheError> {
        restrictions::list(&mut self.0, query).await
    }

    /// Logins of the whole school, one page.
    ///
    /// # Errors
    /// As [`Cache::logins`].
    pub(crate) async fn logins(&mut self, query: &LoginQuery) -> Result<Page<Session>, CacheError> {
        logins::list(&mut self.0, query).await
    }

    /// Devices of the whole school, one page, their addresses counted; `now` (milliseconds) is what unused days are
    /// counted back from.
    ///
    /// # Errors
    /// As [`Cache::contacts`].
    pub(crate) async fn school_devices(&mut self, query: &DeviceQuery, now: i64) -> Result<Page<Device>, CacheError> {
        Ok(devices::without_names(school_devices::list(&mut self.0, query, true, now).await?))
    }

    /// Violations of the whole school, one page; with `newest_first` by time alone.
    ///
    /// # Errors
    /// As [`Cache::violations`].
    pub(crate) async fn violations(
        &mut self,
        query: &ViolationQuery,
        newest_first: bool,
    ) -> Result<Page<Restriction>, CacheError> {
        if newest_first {
            return violation_list::newest(&mut self.0, query).await;
        }
        violation_list::list(&mut self.0, query).await
    }

    /// Contacts that something was found of, one page, most points first, with the rows behind each finding.
    ///
    /// # Errors
    /// As [`Cache::contacts`].
    pub(crate) async fn insights(&mut self, query: &InsightQuery) -> Result<Page<Insight>, CacheError> {
        insights::list(&mut self.0, query, insights::WHOLE).await
    }

    /// What contacts are called; those that are not here are left out.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn people(&mut self, ids: &[i64]) -> Result<HashMap<i64, Person>, CacheError> {
        views::people(&mut self.0, ids.iter().copied()).await
    }

    /// Names of the fields of a later version of the API that rows of `table` have, in alphabetical order, at most 100.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn extra_fields(&mut self, table: &'static str) -> Result<Vec<String>, CacheError> {
        let sql = format!(
            "SELECT DISTINCT field.key \
             FROM {table}, json_each({table}.extra) AS field \
             WHERE {table}.extra IS NOT NULL \
             ORDER BY field.key \
             LIMIT $1"
        );
        Ok(sqlx::query_scalar(AssertSqlSafe(sql)).bind(MOST_EXTRA_FIELDS).fetch_all(&mut *self.0).await?)
    }
}
