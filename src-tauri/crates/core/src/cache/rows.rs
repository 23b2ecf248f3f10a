//! Rows that come from SQLite as one text, a JSON array of arrays.
//!
//! The driver copies each value of a row by itself and hands each row from its own thread to ours by itself. Of a page
//! of fifty rows with two dozen columns that is most of what the whole question takes; SQLite writes the same values as
//! JSON, and serde reads them, in a part of it (`cargo xtask bench`, pages).

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Deserializer, de::Visitor};

use super::CacheError;

/// A statement for the rows that another one finds, all in one, in their order. They have so many columns, which hold
/// numbers, texts or nothing.
pub(super) fn in_one(rows: &str, columns: usize) -> String {
    let names = (0..columns).map(|at| format!("c{at}")).collect::<Vec<_>>().join(", ");
    format!("WITH found({names}) AS ({rows}) SELECT json_group_array(json_array({names})) FROM found")
}

/// What a statement of [`in_one`] said.
#[derive(Debug)]
pub(super) struct Rows(pub(super) String);

impl Rows {
    /// Reads each row.
    ///
    /// # Errors
    /// Those of `read`, which fails where a value is not what it asks for.
    pub(super) fn map<T>(&self, read: impl FnMut(Row<'_>) -> Result<T, sqlx::Error>) -> Result<Vec<T>, CacheError> {
        let rows: Vec<Vec<Cell<'_>>> =
            serde_json::from_str(&self.0).map_err(|error| sqlx::Error::Decode(error.into()))?;
        Ok(rows.iter().map(|row| Row(row)).map(read).collect::<Result<_, _>>()?)
    }
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'r>(&'r [Cell<'r>]);

impl<'r> Row<'r> {
    /// The value of a column, which are counted from 0.
    ///
    /// # Errors
    /// Where there is no such column, or its value is of another kind.
    pub(super) fn get<T: Value<'r>>(self, at: usize) -> Result<T, sqlx::Error> {
        let cell = self.0.get(at).ok_or(sqlx::Error::ColumnIndexOutOfBounds { index: at, len: self.0.len() })?;
        T::of(cell).ok_or_else(|| sqlx::Error::ColumnDecode {
            index: at.to_string(),
            source: "its value is of another kind".into(),
        })
    }
}

/// What stands in a column.
#[derive(Debug)]
pub(super) enum Cell<'t> {
    Null,
    Number(i64),
    Fraction(f64),
    Text(Cow<'t, str>),
}

/// What a column's value can be read as.
pub(super) trait Value<'r>: Sized {
    /// `None` where it is of another kind.
    fn of(cell: &'r Cell<'r>) -> Option<Self>;
}

impl Value<'_> for i64 {
    fn of(cell: &Cell<'_>) -> Option<Self> {
        if let Cell::Number(number) = cell { Some(*number) } else { None }
    }
}

impl Value<'_> for f64 {
    fn of(cell: &Cell<'_>) -> Option<Self> {
        if let Cell::Fraction(number) = cell { Some(*number) } else { None }
    }
}

impl Value<'_> for bool {
    fn of(cell: &Cell<'_>) -> Option<Self> {
        if let Cell::Number(number) = cell { Some(*number != 0) } else { None }
    }
}

impl<'r> Value<'r> for &'r str {
    fn of(cell: &'r Cell<'r>) -> Option<Self> {
        if let Cell::Text(text) = cell { Some(text) } else { None }
    }
}

impl Value<'_> for String {
    fn of(cell: &Cell<'_>) -> Option<Self> {
        if let Cell::Text(text) = cell { Some(text.clone().into_owned()) } else { None }
    }
}

impl<'r, T: Value<'r>> Value<'r> for Option<T> {
    fn of(cell: &'r Cell<'r>) -> Option<Self> {
        if let Cell::Null = cell { Some(None) } else { T::of(cell).map(Some) }
    }
}

impl<'t> Deserialize<'t> for Cell<'t> {
    fn deserialize<D: Deserializer<'t>>(text: D) -> Result<Self, D::Error> {
        text.deserialize_any(OneCell)
    }
}

struct OneCell;

impl<'t> Visitor<'t> for OneCell {
    type Value = Cell<'t>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("what stands in a column")
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Cell::Null)
    }
    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Cell::Number(number))
    }
    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Self::Value, E> {
        number.try_into().map(Cell::Number).map_err(E::custom)
    }
    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Cell::Fraction(number))
    }
    fn visit_borrowed_str<E>(self, text: &'t str) -> Result<Self::Value, E> {
        Ok(Cell::Text(Cow::Borrowed(text)))
    }
    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cell::Text(Cow::Owned(text.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use sqlx::{Connection as _, QueryBuilder, SqliteConnection};

    use crate::cache::asked;

    #[tokio::test]
    async fn rows_in_one_are_those_that_come_one_by_one() {
        let mut connection = SqliteConnection::connect(":memory:").await.expect("a database");
        let texts = ["", "\"'\\/", "a\0b\u{1}\n\t", "Олена Шевченко", "👩‍👩‍👧 \u{202e}", "[1, null]", "{}"];
        let numbers = [Some(i64::MIN), Some(-1), None, Some(0), Some(1 << 53 | 1), Some(i64::MAX), Some(7)];
        let mut sql = QueryBuilder::new("SELECT * FROM (");
        for (text, number) in texts.into_iter().zip(numbers) {
            sql.push(if number == numbers[0] { "SELECT " } else { " UNION ALL SELECT " });
            sql.push_bind(text).push(" AS text, ").push_bind(number).push(" AS number, NULL AS none");
        }
        sql.push(") ORDER BY number DESC LIMIT 100");
        let rows = asked::page(&mut connection, sql, 3).await.expect("rows");
        let read = rows.map(|row| Ok((row.get::<String>(0)?, row.get(1)?, row.get::<Option<&str>>(2)?.is_none())));
        let mut expected: Vec<_> = texts.map(str::to_owned).into_iter().zip(numbers).collect();
        expected.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
        let expected: Vec<_> = expected.into_iter().map(|(text, number)| (text, number, true)).collect();
        assert_eq!(read.expect("read"), expected);
    }

    #[tokio::test]
    async fn a_value_of_another_kind_is_an_error_that_names_its_column() {
        let mut connection = SqliteConnection::connect(":memory:").await.expect("a database");
        let rows = asked::page(&mut connection, QueryBuilder::new("SELECT 1, 'secret'"), 2).await.expect("a row");
        let error = rows.map(|row| row.get::<i64>(1)).expect_err("a text").to_string();
        assert!(error.contains('1') && !error.contains("secret"), "{error}");
        assert!(rows.map(|row| row.get::<i64>(2)).is_err(), "there is no third");
        assert!(rows.map(|row| row.get::<String>(0)).is_err(), "a number");
    }
}
