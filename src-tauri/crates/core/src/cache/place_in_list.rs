//! Keyset paging: a page names its last row by what the list is sorted by, so the page behind it costs no more than the
//! first.

use std::fmt::Display;

use sqlx::{QueryBuilder, Sqlite};

use super::CacheError;
use crate::model::{Page, PageRequest};

/// A row's place: its id, and the value that it is sorted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place<K> {
    id: i64,
    key: K,
}

/// How a list is ordered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    /// The column, with its table.
    pub(super) column: &'static str,
    /// The table's id column.
    pub(super) id: &'static str,
    /// Smallest first.
    pub(super) ascending: bool,
    /// Whether the rows are found another way than along this order's index, and sorted then.
    pub(super) sorted: bool,
}

impl Order {
    /// Adds `AND (key, id) < (...)` for the rows behind `after`.
    pub(super) fn push_after<K: KeyText>(
        self,
        query: &mut QueryBuilder<Sqlite>,
        after: Option<&str>,
    ) -> Result<(), CacheError> {
        if let Some(after) = after {
            let place = Place::<K>::read(after)?;
            let sign = if self.ascending { ">" } else { "<" };
            query.push(format!(" AND ({}{}, {}) {sign} (", self.hint(), self.column, self.id));
            place.key.push(query);
            query.push(", ").push_bind(place.id).push(")");
        }
        Ok(())
    }

    /// The value that the row behind which the page begins is sorted by.
    pub(super) fn key_after<K: KeyText>(after: Option<&str>) -> Result<Option<K>, CacheError> {
        after.map(|after| Ok(Place::<K>::read(after)?.key)).transpose()
    }

    /// Adds the order.
    pub(super) fn push(self, query: &mut QueryBuilder<Sqlite>) {
        let direction = if self.ascending { "ASC" } else { "DESC" };
        query.push(format!(" ORDER BY {}{} {direction}, {} {direction}", self.hint(), self.column, self.id));
    }

    /// Adds the order, and how many rows.
    pub(super) fn push_page(self, query: &mut QueryBuilder<Sqlite>, page: &PageRequest) {
        self.push(query);
        query.push(" LIMIT ").push_bind(rows_read(page).unwrap_or(-1));
        if page.skip > 0 {
            query.push(" OFFSET ").push_bind(i64::from(page.skip));
        }
    }

    /// SQLite uses no index for a term with a plus before it (<https://sqlite.org/optoverview.html>).
    fn hint(self) -> &'static str {
        if self.sorted { "+" } else { "" }
    }
}

/// How many rows a page reads, without those that it skips; `None` where it is the whole list. One more than asked for
/// tells whether there is a page behind this one.
pub(super) fn rows_read(page: &PageRequest) -> Option<i64> {
    (page.limit > 0).then(|| i64::from(page.limit) + 1)
}

/// A sort key that can stand in a place's text.
pub(super) trait KeyText: Sized {
    fn read(text: &str) -> Option<Self>;
    fn push(self, query: &mut QueryBuilder<Sqlite>);
}

impl KeyText for i64 {
    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
    fn push(self, query: &mut QueryBuilder<Sqlite>) {
        query.push_bind(self);
    }
}

impl KeyText for String {
    fn read(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
    fn push(self, query: &mut QueryBuilder<Sqlite>) {
        query.push_bind(self);
    }
}

impl<K: KeyText> Place<K> {
    fn read(text: &str) -> Result<Self, CacheError> {
        let (id, key) = text.split_once(':').ok_or(CacheError::BadPlace)?;
        match (id.parse(), K::read(key)) {
            (Ok(id), Some(key)) => Ok(Self { id, key }),
            _ => Err(CacheError::BadPlace),
        }
    }
}

/// The text that names a row behind which a page begins.
pub(super) fn behind(id: i64, key: impl Display) -> String {
    format!("{id}:{key}")
}

/// Cuts the row that was asked for beyond the page, and names the last one that stays.
pub(super) fn page<T, K: Display>(mut rows: Vec<(i64, K, T)>, request: &PageRequest, total: Option<i64>) -> Page<T> {
    let limit = request.limit as usize;
    let more = limit > 0 && rows.len() > limit;
    if more {
        rows.truncate(limit);
    }
    let next = if more { rows.last().map(|(id, key, _)| behind(*id, key)) } else { None };
    Page { rows: rows.into_iter().map(|(_, _, row)| row).collect(), next, total }
}
