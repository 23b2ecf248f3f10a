//! Location databases, through the door.

use std::path::Path;

use super::{App, School};
use crate::{
    error::Error,
    location::{self, Choice},
    model::{LocationDatabase, LocationDatabases, Placing},
};

impl App {
    /// Takes a location database into use for all schools: looks at what it knows, copies it into the data folder. A
    /// file with cities or countries replaces the one for places, one with networks' owners the one for those. What is
    /// here is placed again in the background, by [`School::insights_pass`].
    ///
    /// # Errors
    /// [`Error::BadLocations`], [`Error::NoLocations`]; [`Error::Io`] where it can't be read or copied. What was chosen
    /// before stays then.
    pub async fn choose_location_database(&self, path: &Path) -> Result<LocationDatabase, Error> {
        let (data_dir, path) = (self.data_dir().to_owned(), path.to_owned());
        off_the_runtime(move || location::choose(&data_dir, &path)).await
    }

    /// Goes back to the country database that comes with the program.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub async fn forget_location_databases(&self) -> Result<(), Error> {
        let data_dir = self.data_dir().to_owned();
        off_the_runtime(move || location::forget(&data_dir)).await
    }

    /// The location databases in use beside the one that comes with the program.
    pub fn location_databases(&self) -> LocationDatabases {
        Choice::read(self.data_dir()).databases()
    }
}

async fn off_the_runtime<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        // The task is never aborted, so it can only have panicked.
        Err(ended) => std::panic::resume_unwind(ended.into_panic()),
    }
}

impl School {
    /// The data folder: a profile's folder lies two below it.
    fn data_dir(&self) -> &Path {
        let folder = self.0.profile.folder();
        folder.ancestors().nth(2).unwrap_or(folder)
    }

    /// The location databases in use beside the one that comes with the program.
    pub(super) fn location_databases(&self) -> LocationDatabases {
        Choice::read(self.data_dir()).databases()
    }

    /// How far addresses are placed by the location databases in use.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn placing(&self) -> Result<Placing, Error> {
        Ok(self.cache().placing(Choice::read(self.data_dir()).number).await?)
    }

    /// Places addresses that an earlier choice of location databases has placed, until none is left or `over`; says
    /// whether there were any.
    pub(super) async fn place_again(&self, over: impl Fn() -> bool) -> Result<bool, Error> {
        let choice = Choice::read(self.data_dir());
        if !self.cache().has_unresolved(choice.number).await? {
            return Ok(false);
        }
        let data_dir = self.data_dir().to_owned();
        let (number, opened) = (choice.number, off_the_runtime(move || Ok(choice.open(&data_dir))).await?);
        while self.cache().has_unresolved(number).await? {
            self.cache().resolve_some(&opened, number).await?;
            if over() {
                break;
            }
        }
        Ok(true)
    }
}
