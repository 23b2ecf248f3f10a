//! Notices a server that never comes to an end.

use std::{
    collections::HashSet,
    hash::{BuildHasher as _, Hash as _, Hasher as _},
};

use foldhash::fast::RandomState;

use crate::school::ChangesPage;

/// The pages of one reading, as far as they tell whether it comes to an end.
///
/// A page is judged by what it holds and not by what it changes here: tombstones of rows that never were here, entities
/// that can't be read and rows that are known are all steps of the way.
#[derive(Debug, Default)]
pub(super) struct Progress {
    places: HashSet<String>,
    contents: HashSet<u64>,
    hash: RandomState,
    /// Pages in a row that held nothing, or only what an earlier one did.
    pub(super) idle: u32,
}

impl Progress {
    /// Pages in a row that may hold nothing new.
    pub(super) const MOST_IDLE: u32 = 100;

    /// Whether the reading may go on to `cursor`. Each place is passed once.
    pub(super) fn moves_to(&mut self, cursor: &str) -> bool {
        self.places.insert(cursor.to_owned())
    }

    /// Takes note of what a page holds; says whether the reading may go on.
    pub(super) fn goes_on(&mut self, page: &ChangesPage) -> bool {
        let new = self.contents_of(page).is_some_and(|contents| self.contents.insert(contents));
        self.idle = if new { 0 } else { self.idle + 1 };
        self.idle <= Self::MOST_IDLE
    }

    /// Tells what a page holds from what others hold; `None` where it is empty.
    fn contents_of(&self, page: &ChangesPage) -> Option<u64> {
        let changes = &page.changes;
        let mut hasher = self.hash.build_hasher();
        let mut any = false;
        let mut holds = |kind: u8, id: i64, rev: i64| {
            any = true;
            (kind, id, rev).hash(&mut hasher);
        };
        changes.contacts.iter().for_each(|row| holds(1, row.id, row.rev.unwrap_or(0)));
        changes.devices.iter().for_each(|row| holds(2, row.id, row.rev));
        changes.sessions.iter().for_each(|row| holds(3, row.id, row.rev));
        changes.restrictions.iter().for_each(|row| holds(4, row.id, row.rev));
        changes.access_control.iter().for_each(|settings| holds(5, 0, settings.rev));
        changes.deleted.iter().for_each(|grave| holds(6, grave.id, grave.rev));
        for grave in &changes.deleted {
            grave.kind.as_str().hash(&mut hasher);
        }
        for entity in &page.unreadable {
            any = true;
            (7, entity.kind, entity.id, &entity.raw).hash(&mut hasher);
        }
        any.then(|| hasher.finish())
    }
}

#[cfg(test)]
mod tests {
    use hallmonitor_wire::{Changes, ChangesMeta};
    use serde_json::json;

    use super::*;
    use crate::school::Unreadable;

    fn page(data: serde_json::Value, unreadable: Vec<Unreadable>) -> ChangesPage {
        ChangesPage {
            changes: serde_json::from_value::<Changes>(data).expect("changes"),
            meta: ChangesMeta { cursor: "c".into(), has_more: true, remaining: None },
            unreadable,
            bytes: 0,
        }
    }

    fn graves(id: u32) -> ChangesPage {
        page(json!({"deleted": [{"type": "session", "id": id, "rev": id}]}), Vec::new())
    }

    #[test]
    fn a_place_is_passed_once() {
        let mut progress = Progress::default();
        assert!(progress.moves_to("a") && progress.moves_to("b"));
        assert!(!progress.moves_to("a"));
    }

    #[test]
    fn pages_that_hold_nothing_or_always_the_same_are_counted() {
        for idle in [page(json!({}), Vec::new()), graves(1)] {
            let mut progress = Progress::default();
            assert!(progress.goes_on(&graves(1)));
            assert!((0..Progress::MOST_IDLE).all(|_| progress.goes_on(&idle)));
            assert!(progress.goes_on(&graves(2)), "something new");
            assert!((0..Progress::MOST_IDLE).all(|_| progress.goes_on(&idle)));
            assert!(!progress.goes_on(&idle));
        }
    }

    #[test]
    fn tombstones_and_what_cannot_be_read_are_steps_of_the_way() {
        let broken = |id| Unreadable { kind: "session", id: None, reason: String::new(), raw: format!("{{{id}") };
        let mut progress = Progress::default();
        assert!((1..=300).all(|id| progress.goes_on(&graves(id))));
        assert!((1..=300).all(|id| progress.goes_on(&page(json!({}), vec![broken(id)]))));
    }
}
