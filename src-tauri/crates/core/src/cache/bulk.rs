//! Many rows in one statement. One statement a row reaches a tenth of the speed of one statement for hundreds.

use std::{fmt::Write as _, sync::Arc};

use sqlx::{
    Arguments as _, AssertSqlSafe, Encode, Sqlite, SqliteConnection, Type, error::BoxDynError, sqlite::SqliteArguments,
};

use super::CacheError;

/// Values of one statement: SQLite takes 32,766 (`SQLITE_MAX_VARIABLE_NUMBER`).
const MAX_VALUES: usize = 32_000;

/// The values of the rows of one statement, in the order of the columns.
pub(super) struct Values {
    arguments: SqliteArguments,
    failed: Option<BoxDynError>,
}

impl Values {
    /// Adds the next column's value.
    pub(super) fn put<'t, T: Encode<'t, Sqlite> + Type<Sqlite>>(&mut self, value: T) -> &mut Self {
        if let Err(error) = self.arguments.add(value) {
            self.failed.get_or_insert(error);
        }
        self
    }
}

/// Runs `{head} VALUES (...), (...) {tail}` over all rows, `columns` values each, and counts the rows that it wrote.
pub(super) async fn insert<T>(
    connection: &mut SqliteConnection,
    head: &str,
    columns: usize,
    tail: &str,
    rows: Vec<T>,
    values_of: impl FnMut(T, &mut Values),
) -> Result<u64, CacheError> {
    insert_as(connection, head, &vec!["?"; columns].join(","), tail, rows, values_of).await
}

/// As [`insert`], with the SQL of one row's values: a `?` for each that is put, and literals for what is the same in
/// every row, since each value that is put costs its way through the driver.
pub(super) async fn insert_as<T>(
    connection: &mut SqliteConnection,
    head: &str,
    row: &str,
    tail: &str,
    rows: Vec<T>,
    mut values_of: impl FnMut(T, &mut Values),
) -> Result<u64, CacheError> {
    let columns = row.matches('?').count();
    let most = (MAX_VALUES / columns).min(1000);
    let mut rows = rows.into_iter();
    let full: Option<Arc<str>> = (rows.len() >= most).then(|| statement(head, row, tail, most).into());
    let mut written = 0;
    while rows.len() > 0 {
        let count = rows.len().min(most);
        let mut values = Values { arguments: SqliteArguments::default(), failed: None };
        values.arguments.reserve(count * columns, 0);
        for row in rows.by_ref().take(count) {
            values_of(row, &mut values);
        }
        if let Some(error) = values.failed {
            return Err(CacheError::Database(sqlx::Error::Encode(error)));
        }
        let result = match &full {
            Some(sql) if count == most => {
                sqlx::query_with(AssertSqlSafe(Arc::clone(sql)), values.arguments).execute(&mut *connection).await?
            }
            // Each length would be a statement of its own in the connection's memory.
            _ => {
                sqlx::query_with(AssertSqlSafe(statement(head, row, tail, count)), values.arguments)
                    .persistent(false)
                    .execute(&mut *connection)
                    .await?
            }
        };
        written += result.rows_affected();
    }
    Ok(written)
}

fn statement(head: &str, row: &str, tail: &str, rows: usize) -> String {
    let mut sql = String::with_capacity(head.len() + tail.len() + rows * (row.len() + 3) + 10);
    let _ = write!(sql, "{head} VALUES ");
    for at in 0..rows {
        sql.push_str(if at == 0 { "(" } else { ",(" });
        sql.push_str(row);
        sql.push(')');
    }
    sql.push(' ');
    sql.push_str(tail);
    sql
}

/// Texts of which there are few: one copy of each, for as many rows as have it.
#[derive(Debug, Default)]
pub(super) struct Words(Vec<Arc<str>>);

impl Words {
    /// Looking further costs more than another copy.
    const MOST: usize = 8;

    /// The one copy of `word`.
    pub(super) fn one(&mut self, word: &str) -> Arc<str> {
        if let Some(known) = self.0.iter().find(|known| ***known == *word) {
            return Arc::clone(known);
        }
        let copy: Arc<str> = word.into();
        if self.0.len() < Self::MOST {
            self.0.push(Arc::clone(&copy));
        }
        copy
    }
}

/// Ids as the JSON array that `json_each` takes: any number of them in one value.
pub(crate) fn id_list(ids: impl IntoIterator<Item = i64>) -> String {
    let mut list = String::from("[");
    for id in ids {
        if list.len() > 1 {
            list.push(',');
        }
        let _ = write!(list, "{id}");
    }
    list.push(']');
    list
}
