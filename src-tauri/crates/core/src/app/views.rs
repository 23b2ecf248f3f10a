//! Views of the whole school, through the door: rows with names, the ones that the owner keeps, and whole ones in files.

use std::path::Path;

use super::School;
use crate::{
    error::Error,
    export::{Format, Heads},
    listing::Selection,
    model::{Login, LoginQuery, Page, SavedView, View, Violation, ViolationQuery},
};

impl School {
    /// As [`Self::logins`], with the names of who logged in.
    ///
    /// # Errors
    /// As [`Self::logins`].
    pub async fn named_logins(&self, query: &LoginQuery) -> Result<Page<Login>, Error> {
        Ok(self.cache().named_logins(query).await?)
    }

    /// As [`Self::violations`], with the names of whom they hit.
    ///
    /// # Errors
    /// As [`Self::violations`].
    pub async fn named_violations(&self, query: &ViolationQuery) -> Result<Page<Violation>, Error> {
        Ok(self.cache().named_violations(query).await?)
    }

    /// The views that the owner keeps, in the order in which they were kept.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn saved_views(&self) -> Result<Vec<SavedView>, Error> {
        Ok(self.cache().saved_views().await?)
    }

    /// Keeps a view on this machine, in place of the one of the same name in the same list.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn save_view(&self, saved: &SavedView) -> Result<(), Error> {
        Ok(self.cache().save_view(saved).await?)
    }

    /// Lets the view of this name in this list go; says whether it was there.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn drop_view(&self, saved: &SavedView) -> Result<bool, Error> {
        Ok(self.cache().drop_view(saved).await?)
    }

    /// As [`Self::export`], all rows of a view. A future that is dropped leaves what was there before.
    ///
    /// # Errors
    /// As [`Self::export`].
    pub async fn export_view(
        &self,
        view: View,
        format: Format,
        heads: Heads,
        file: &Path,
        tell: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<u64, Error> {
        self.export(Selection::of_view(view), format, heads, file, tell).await
    }
}
