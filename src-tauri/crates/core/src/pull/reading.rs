//! Page after page from the cursor to the end: the next one is fetched while the last one is written.

use tokio::task::JoinHandle;

use super::{PAGE, PullError, Pulled, Surroundings, batch::Gathered, progress::Progress};
use crate::{
    cache::{Applier, Cache, Meta},
    model::SyncPhase,
    school::{ChangesPage, SchoolClient, SchoolError},
};

/// So many times fewer entities are asked for where a page is too large: of 10,000 three times, and then it is one.
const FEWER: i64 = 22;

/// A page of no more entities comes in time, or none does.
pub(super) const SMALL: i64 = 500;

fn is_too_large(error: &SchoolError) -> bool {
    matches!(error, SchoolError::TooLarge { .. })
}

/// Reads to the end. What came before an error is written.
pub(super) async fn read(
    cache: &Cache,
    client: &SchoolClient,
    around: &Surroundings<'_>,
    meta: &Meta,
    pulled: &mut Pulled,
) -> Result<(), PullError> {
    let mut reading = Reading {
        cache,
        around,
        host: client.server().host(),
        applier: Applier::default(),
        // A first load and a rebuild write every row there is.
        gathered: Gathered::new(meta.loading || meta.run_open),
        progress: Progress::default(),
        pulled,
        without_cursor: meta.cursor.is_none(),
    };
    let mut limit = meta.max_changes_limit.clamp(1, PAGE);
    let mut done = 0;
    let mut cursor = meta.cursor.clone();
    let mut next = Some(fetch(client, cursor.clone(), limit));
    while let Some(coming) = next.take() {
        let page = match coming.come().await {
            Ok(page) => page,
            // Long names or user agents: fewer entities may fit. And on a slow way fewer may come in time.
            Err(error) if limit > 1 && (is_too_large(&error) || limit > SMALL && client.is_too_slow(&error)) => {
                limit = (limit / FEWER).max(1);
                next = Some(fetch(client, cursor.clone(), limit));
                continue;
            }
            Err(error) => {
                reading.write().await?;
                return Err(error.into());
            }
        };
        let mut goes_on = true;
        if page.meta.has_more {
            if !reading.progress.moves_to(&page.meta.cursor) {
                reading.write().await?;
                return Err(PullError::Endless { host: reading.host, pages: reading.progress.idle });
            }
            goes_on = reading.progress.goes_on(&page);
            cursor = Some(page.meta.cursor.clone());
            next = goes_on.then(|| fetch(client, cursor.clone(), limit));
        }
        done += entities(&page);
        (around.tell)(SyncPhase::Pulling { done, remaining: page.meta.remaining });
        reading.take(page).await?;
        if !goes_on {
            reading.write().await?;
            return Err(PullError::Endless { host: reading.host, pages: reading.progress.idle });
        }
    }
    reading.write().await
}

fn entities(page: &ChangesPage) -> u64 {
    let changes = &page.changes;
    [
        changes.contacts.len(),
        changes.devices.len(),
        changes.sessions.len(),
        changes.restrictions.len(),
        changes.deleted.len(),
    ]
    .into_iter()
    .map(|count| count as u64)
    .sum()
}

/// A page on its way; given up, it is not read any further.
struct Coming(JoinHandle<Result<ChangesPage, SchoolError>>);

impl Coming {
    async fn come(mut self) -> Result<ChangesPage, SchoolError> {
        match (&mut self.0).await {
            Ok(page) => page,
            Err(ended) => match ended.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // Only `drop` aborts the task, and it has not run yet.
                Err(_) => unreachable!("a page that nobody gave up"),
            },
        }
    }
}

impl Drop for Coming {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn fetch(client: &SchoolClient, cursor: Option<String>, limit: i64) -> Coming {
    let client = client.clone();
    Coming(tokio::spawn(async move { client.changes(cursor.as_deref(), limit).await }))
}

struct Reading<'a> {
    cache: &'a Cache,
    around: &'a Surroundings<'a>,
    host: String,
    applier: Applier,
    gathered: Gathered,
    progress: Progress,
    pulled: &'a mut Pulled,
    without_cursor: bool,
}

impl Reading<'_> {
    async fn take(&mut self, page: ChangesPage) -> Result<(), PullError> {
        // A poll without news writes nothing.
        if !self.without_cursor
            && !page.meta.has_more
            && entities(&page) == 0
            && page.unreadable.is_empty()
            && page.changes.access_control.is_none()
            && self.cache.meta().await?.cursor.as_deref() == Some(page.meta.cursor.as_str())
        {
            return Ok(());
        }
        self.gathered.add(page);
        if self.gathered.is_full() { self.write().await } else { Ok(()) }
    }

    async fn write(&mut self) -> Result<(), PullError> {
        let Some(batch) = self.gathered.take() else { return Ok(()) };
        self.pulled.applied += self.applier.apply(self.cache, batch, (self.around.now)()).await?;
        Ok(())
    }
}
