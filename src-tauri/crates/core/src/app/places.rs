//! Location databases, through the door.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use super::{App, School};
use crate::{
    error::Error,
    location::{self, Choice, Locations},
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

    /// Places addresses that are new, or that an earlier choice of location databases has placed, until none is left or
    /// `budget` is used up; says whether there were any. After `rest` it looks for new ones again.
    pub(super) async fn place_again(&self, budget: Duration, rest: Duration) -> Result<bool, Error> {
        let mut placing = self.0.placing.lock().await;
        let choice = Choice::read(self.data_dir());
        let number = choice.number;
        if !placing.is_due(number, rest) || !self.cache().has_unresolved(number).await? {
            return Ok(false);
        }
        let locations = match placing.opened.take() {
            Some((of, opened)) if of == number => opened,
            _ => {
                let data_dir = self.data_dir().to_owned();
                off_the_runtime(move || Ok(choice.open(&data_dir))).await?
            }
        };
        // Opening a large file may take longer.
        let begun = Instant::now();
        let mut left = true;
        while left && begun.elapsed() < budget {
            self.cache().resolve_some(&locations, number).await?;
            left = self.cache().has_unresolved(number).await?;
        }
        if left {
            placing.opened = Some((number, locations));
        } else {
            placing.done = Some((number, Instant::now()));
        }
        Ok(true)
    }
}

/// How far addresses are placed by the databases of a choice.
#[derive(Debug, Default)]
pub(super) struct PlacedBy {
    /// Open while addresses are left: some hundred MiB, which would be read anew for each few.
    opened: Option<(i64, Locations)>,
    /// When none was left, and by which choice.
    done: Option<(i64, Instant)>,
}

impl PlacedBy {
    /// Whether to look again: by another choice at once.
    fn is_due(&self, number: i64, rest: Duration) -> bool {
        self.done.is_none_or(|(of, at)| of != number || at.elapsed() >= rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_database_is_not_read_again_for_each_login() {
        let hour = Duration::from_secs(3600);
        let placed = PlacedBy { done: Some((2, Instant::now())), ..PlacedBy::default() };
        assert!(!placed.is_due(2, hour), "just now");
        assert!(placed.is_due(2, Duration::ZERO) && placed.is_due(3, hour) && PlacedBy::default().is_due(2, hour));
    }
}
