//! Pages gathered for one transaction.

use std::time::{Duration, Instant};

use crate::{cache::Batch, school::ChangesPage};

/// Rows that a first load and a rebuild write at once; fewer make random index pages be written again and again.
const ROWS: usize = 20_000;

/// A slow server's rows shall be on disk and on the screen all the same.
const PATIENCE: Duration = Duration::from_secs(3);

/// Pages on their way into the cache.
#[derive(Debug)]
pub(super) struct Gathered {
    batch: Batch,
    rows: usize,
    pages: u32,
    since: Instant,
    bulk: bool,
}

impl Gathered {
    /// `bulk` gathers; otherwise every page is a batch.
    pub(super) fn new(bulk: bool) -> Self {
        Self { batch: Batch::default(), rows: 0, pages: 0, since: Instant::now(), bulk }
    }

    /// Puts a page behind the others.
    pub(super) fn add(&mut self, page: ChangesPage) {
        let ChangesPage { changes, meta, unreadable } = page;
        let whole = &mut self.batch.changes;
        self.rows += changes.contacts.len()
            + changes.devices.len()
            + changes.sessions.len()
            + changes.restrictions.len()
            + changes.deleted.len();
        self.pages += 1;
        if self.pages == 1 {
            *whole = changes;
        } else {
            whole.contacts.extend(changes.contacts);
            whole.devices.extend(changes.devices);
            whole.sessions.extend(changes.sessions);
            whole.restrictions.extend(changes.restrictions);
            whole.deleted.extend(changes.deleted);
            if changes.access_control.is_some() {
                whole.access_control = changes.access_control;
            }
        }
        self.batch.unreadable.extend(unreadable);
        self.batch.cursor = meta.cursor;
    }

    /// Whether it is time to write.
    pub(super) fn is_full(&self) -> bool {
        self.pages > 0 && (!self.bulk || self.rows >= ROWS || self.since.elapsed() >= PATIENCE)
    }

    /// What was gathered, with the number of pages; `None` where there is nothing.
    pub(super) fn take(&mut self) -> Option<(Batch, u32)> {
        if self.pages == 0 {
            return None;
        }
        let taken = std::mem::replace(self, Self::new(self.bulk));
        Some((taken.batch, taken.pages))
    }
}
