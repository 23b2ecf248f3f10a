//! Which statements a question asks the database: for `cargo xtask bench`, which asks the same SQL of the `sqlite3`
//! shell. A copy of the SQL there would drift.

use std::{cell::RefCell, future::Future};

use sqlx::{
    AssertSqlSafe, Execute as _, QueryBuilder, Sqlite, SqliteConnection,
    sqlite::{SqliteArguments, SqliteRow},
};

use super::{
    CacheError,
    rows::{self, Row, Rows},
};

tokio::task_local! {
    static ASKED: RefCell<Vec<String>>;
}

/// Waits for a question's answer and says what was asked for it, values written into the statements.
pub async fn asked<T>(question: impl Future<Output = T>) -> (T, Vec<String>) {
    ASKED
        .scope(RefCell::default(), async {
            let answer = question.await;
            (answer, ASKED.with(RefCell::take))
        })
        .await
}

/// Asks for rows, one by one as the driver brings them: where they have few columns.
pub(super) async fn rows(
    connection: &mut SqliteConnection,
    sql: QueryBuilder<Sqlite>,
) -> Result<Vec<SqliteRow>, CacheError> {
    let (text, arguments) = said(connection, sql).await?;
    Ok(sqlx::query_with(AssertSqlSafe(text), arguments).fetch_all(connection).await?)
}

/// Asks for the rows of a page, all in one. They have so many columns.
pub(super) async fn page(
    connection: &mut SqliteConnection,
    sql: QueryBuilder<Sqlite>,
    columns: usize,
) -> Result<Rows, CacheError> {
    let (text, arguments) = said(connection, sql).await?;
    let in_one = AssertSqlSafe(rows::in_one(&text, columns));
    Ok(Rows(sqlx::query_scalar_with(in_one, arguments).fetch_one(connection).await?))
}

/// Rows that are asked for in one.
const AT_ONCE: i64 = 10_000;

/// Reads many rows, some thousands in one: those of the statement that `sql` makes for what is behind a place, in the order
/// of their places. They have so many columns; `read` says the place of each row.
pub(super) async fn in_batches<P>(
    connection: &mut SqliteConnection,
    columns: usize,
    sql: impl Fn(Option<&P>) -> QueryBuilder<Sqlite>,
    mut read: impl FnMut(Row<'_>) -> Result<P, sqlx::Error>,
) -> Result<(), CacheError> {
    let mut place = None;
    loop {
        let mut sql = sql(place.as_ref());
        sql.push(" LIMIT ").push_bind(AT_ONCE);
        let places = page(connection, sql, columns).await?.map(&mut read)?;
        if (places.len() as i64) < AT_ONCE {
            return Ok(());
        }
        place = places.into_iter().next_back();
    }
}

/// A statement and its values, which are written down where somebody listens.
async fn said(
    connection: &mut SqliteConnection,
    mut sql: QueryBuilder<Sqlite>,
) -> Result<(String, SqliteArguments), CacheError> {
    let arguments = sql.build().take_arguments().map_err(sqlx::Error::Encode)?.unwrap_or_default();
    let text = sql.into_string();
    if ASKED.try_with(|_| ()).is_ok() {
        let written = with_values(connection, &text, arguments.clone()).await?;
        ASKED.with(|asked| asked.borrow_mut().push(written));
    }
    Ok((text, arguments))
}

/// The statement with its values in place of the question marks, as SQLite itself writes them.
async fn with_values(
    connection: &mut SqliteConnection,
    text: &str,
    arguments: SqliteArguments,
) -> Result<String, CacheError> {
    let marks = text.matches('?').count();
    if marks == 0 {
        return Ok(text.to_owned());
    }
    let quoted = vec!["(quote(?))"; marks].join(", ");
    let values: Vec<String> =
        sqlx::query_scalar_with(AssertSqlSafe(format!("SELECT * FROM (VALUES {quoted})")), arguments)
            .fetch_all(connection)
            .await?;
    let mut parts = text.split('?');
    let mut written = parts.next().unwrap_or_default().to_owned();
    for (value, part) in values.iter().zip(parts) {
        written.push_str(value);
        written.push_str(part);
    }
    Ok(written)
}
