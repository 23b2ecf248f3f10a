//! Pages gathered for one transaction.

use std::time::{Duration, Instant};

use hallmonitor_wire::Changes;

use crate::{cache::Batch, school::ChangesPage};

/// Rows that a first load and a rebuild write at once. With fewer the same pages (addresses by text, contacts, devices:
/// in no order) are encrypted and written again and again; more take memory.
const ROWS: usize = 60_000;

/// Small pages are put together up to so many rows: statements for many rows need many.
const ROWS_TOGETHER: usize = 10_000;

/// So many bytes of answers are written at once, whatever rows they hold: those of the largest answer. Read, they take
/// some times as much memory.
const BYTES: usize = 64 << 20;

/// A slow server's rows shall be on disk and on the screen all the same.
const PATIENCE: Duration = Duration::from_secs(3);

/// Pages on their way into the cache.
#[derive(Debug)]
pub(super) struct Gathered {
    batch: Batch,
    rows: usize,
    bytes: usize,
    rows_of_last: usize,
    any: bool,
    since: Instant,
    bulk: bool,
}

impl Gathered {
    /// `bulk` gathers; otherwise every page is a batch.
    pub(super) fn new(bulk: bool) -> Self {
        Self { batch: Batch::default(), rows: 0, bytes: 0, rows_of_last: 0, any: false, since: Instant::now(), bulk }
    }

    /// Puts a page behind the others.
    pub(super) fn add(&mut self, page: ChangesPage) {
        let ChangesPage { changes, meta, unreadable, bytes } = page;
        let rows = rows(&changes);
        // What can't be read is kept, too, and takes room until it is written.
        self.rows += rows + unreadable.len();
        self.bytes += bytes;
        self.any = true;
        match self.batch.changes.last_mut() {
            Some(last) if self.rows_of_last + rows <= ROWS_TOGETHER => {
                self.rows_of_last += rows;
                append(last, changes);
            }
            // Moved as it is: one list of everything would be copied each time it grows.
            _ => {
                self.rows_of_last = rows;
                self.batch.changes.push(changes);
            }
        }
        self.batch.unreadable.extend(unreadable);
        self.batch.cursor = meta.cursor;
    }

    /// Whether it is time to write.
    pub(super) fn is_full(&self) -> bool {
        self.is_full_after(self.since.elapsed())
    }

    fn is_full_after(&self, gathering: Duration) -> bool {
        self.any && (!self.bulk || self.rows >= ROWS || self.bytes >= BYTES || gathering >= PATIENCE)
    }

    /// What was gathered; `None` where there is nothing.
    pub(super) fn take(&mut self) -> Option<Batch> {
        if !self.any {
            return None;
        }
        Some(std::mem::replace(self, Self::new(self.bulk)).batch)
    }
}

fn rows(changes: &Changes) -> usize {
    changes.contacts.len()
        + changes.devices.len()
        + changes.sessions.len()
        + changes.restrictions.len()
        + changes.deleted.len()
}

fn append(whole: &mut Changes, page: Changes) {
    whole.contacts.extend(page.contacts);
    whole.devices.extend(page.devices);
    whole.sessions.extend(page.sessions);
    whole.restrictions.extend(page.restrictions);
    whole.deleted.extend(page.deleted);
    if page.access_control.is_some() {
        whole.access_control = page.access_control;
    }
}

#[cfg(test)]
mod tests {
    use hallmonitor_wire::{ChangesMeta, Deleted};
    use serde_json::json;

    use super::*;

    /// A page of `rows` tombstones; what kind of rows they are does not matter here.
    fn page(rows: usize) -> ChangesPage {
        let grave: Deleted = serde_json::from_value(json!({"type": "session", "id": 1, "rev": 1})).expect("tombstone");
        ChangesPage {
            changes: Changes { deleted: vec![grave; rows], ..Changes::default() },
            meta: ChangesMeta { cursor: rows.to_string(), has_more: true, remaining: None },
            unreadable: Vec::new(),
            bytes: 0,
        }
    }

    #[test]
    fn small_pages_are_put_together_and_large_ones_stay_as_they_are() {
        let mut gathered = Gathered::new(true);
        for rows in [4_000, 6_000, 10_000, 10_000, 1] {
            gathered.add(page(rows));
        }
        let batch = gathered.take().expect("a batch");
        let sizes: Vec<usize> = batch.changes.iter().map(rows).collect();
        assert_eq!((sizes, batch.cursor.as_str()), (vec![10_000, 10_000, 10_000, 1], "1"));
        assert!(gathered.take().is_none());
    }

    #[test]
    fn a_first_load_gathers_and_a_later_sync_writes_each_page() {
        let (mut load, mut later) = (Gathered::new(true), Gathered::new(false));
        assert!(!load.is_full_after(PATIENCE), "there is nothing to write");
        load.add(page(ROWS - 1));
        later.add(page(1));
        let soon = PATIENCE - Duration::from_millis(1);
        assert!(!load.is_full_after(soon) && load.is_full_after(PATIENCE) && later.is_full_after(Duration::ZERO));
        load.add(page(1));
        assert!(load.is_full_after(Duration::ZERO));
        load.take();
        load.add(ChangesPage { bytes: BYTES, ..page(1) });
        assert!(load.is_full_after(Duration::ZERO), "few rows that are large");
    }
}
