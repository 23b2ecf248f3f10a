//! The cursor: how far a reader has come. Opaque to readers, and one that was not made here is told apart.

use std::{fmt, sync::Arc};

use crate::secret;

/// A secret of the cabinet. It stays when the cabinet's history gets a new name and when a backup is put back: cursors
/// from before were made here too.
#[derive(Clone)]
pub(crate) struct CursorKey(Arc<str>);

impl CursorKey {
    pub(crate) fn new(key: &str) -> Self {
        Self(key.into())
    }
}

impl fmt::Debug for CursorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A text that this server never made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadCursor;

/// How far a reader has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The history that the numbers are of.
    pub(crate) epoch: String,
    /// The last revision that the reader has seen.
    pub(crate) rev: i64,
    /// What was deleted up to this revision the reader can't have: it began from nothing after it.
    pub(crate) base: i64,
    /// Entities still to come when it was made, 0 where the reader was up to date; an estimate.
    pub(crate) left: i64,
    /// The last start of the server then; empty where none was noted, as older versions did.
    pub(crate) mark: String,
}

impl Cursor {
    fn body(&self) -> String {
        let Self { epoch, rev, base, left, mark } = self;
        if mark.is_empty() {
            return format!("2.{epoch}.{rev}.{base}.{left}");
        }
        format!("3.{epoch}.{rev}.{base}.{left}.{mark}")
    }

    /// What a reader is given.
    pub(crate) fn write(&self, CursorKey(key): &CursorKey) -> String {
        let body = self.body();
        // Who may read a page may read them all: this tells only a cursor of this cabinet from any other text.
        let check = secret::sha256_hex(format!("hallmonitor cursor {key} {body}").as_bytes());
        format!("{body}.{}", &check[..16])
    }

    /// Reads what [`Cursor::write`] wrote with this key, and nothing else.
    pub(crate) fn read(text: &str, key: &CursorKey) -> Result<Self, BadCursor> {
        let parts: Vec<&str> = text.split('.').collect();
        let (epoch, rev, base, left, mark) = match parts[..] {
            ["2", epoch, rev, base, left, _check] => (epoch, rev, base, left, ""),
            ["3", epoch, rev, base, left, mark, _check] => (epoch, rev, base, left, mark),
            _ => return Err(BadCursor),
        };
        let number = |digits: &str| digits.parse().map_err(|_| BadCursor);
        let (rev, base, left) = (number(rev)?, number(base)?, number(left)?);
        let cursor = Self { epoch: epoch.to_owned(), rev, base, left, mark: mark.to_owned() };
        if cursor.write(key) == text { Ok(cursor) } else { Err(BadCursor) }
    }

    /// Whether it is of a later state than this one.
    pub(crate) fn is_ahead(&self, rev: i64) -> bool {
        self.rev.max(self.base) > rev
    }

    /// Whether it is from before tombstones that are gone.
    pub(crate) fn misses(&self, pruned_rev: i64) -> bool {
        self.rev.max(self.base) < pruned_rev
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursor() -> Cursor {
        let (epoch, mark) = ("0123456789abcdef".to_owned(), "00ff".to_owned());
        Cursor { epoch, rev: 70, base: 50, left: 9, mark }
    }

    #[test]
    fn only_a_cursor_that_was_made_with_the_key_is_read() {
        let (key, other) = (CursorKey::new("one"), CursorKey::new("another"));
        let text = cursor().write(&key);
        assert_eq!(Cursor::read(&text, &key), Ok(cursor()));
        let older = Cursor { mark: String::new(), ..cursor() };
        assert_eq!(Cursor::read(&older.write(&key), &key), Ok(older));
        let tampered = text.replacen(".70.", ".71.", 1);
        let another = cursor().write(&other);
        for wrong in
            ["", "2", "x", &text[..text.len() - 1], &format!("{text}0"), &tampered, &text.to_uppercase(), &another]
        {
            assert_eq!(Cursor::read(wrong, &key), Err(BadCursor), "{wrong}");
        }
    }

    #[test]
    fn a_cursor_expires_with_what_it_missed() {
        for (rev, pruned, is_ahead, misses) in
            [(70, 0, false, false), (70, 70, false, false), (90, 71, false, true), (69, 0, true, false)]
        {
            assert_eq!((cursor().is_ahead(rev), cursor().misses(pruned)), (is_ahead, misses), "{rev} {pruned}");
        }
        let first_run = Cursor { rev: 10, base: 60, ..cursor() };
        assert!(!first_run.misses(60), "it began after those tombstones were gone");
        assert!(first_run.is_ahead(59));
    }
}
