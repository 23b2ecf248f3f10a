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
    mut values_of: impl FnMut(T, &mut Values),
) -> Result<u64, CacheError> {
    let most = (MAX_VALUES / columns).min(1000);
    let mut rows = rows.into_iter();
    let full: Option<Arc<str>> = (rows.len() >= most).then(|| statement(head, columns, tail, most).into());
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
                sqlx::query_with(AssertSqlSafe(statement(head, columns, tail, count)), values.arguments)
                    .persistent(false)
                    .execute(&mut *connection)
                    .await?
            }
        };
        written += result.rows_affected();
    }
    Ok(written)
}

fn statement(head: &str, columns: usize, tail: &str, rows: usize) -> String {
    let mut sql = String::with_capacity(head.len() + tail.len() + rows * (columns * 2 + 2) + 10);
    let _ = write!(sql, "{head} VALUES ");
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ",(" });
        for column in 0..columns {
            sql.push_str(if column == 0 { "?" } else { ",?" });
        }
        sql.push(')');
    }
    sql.push(' ');
    sql.push_str(tail);
    sql
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
