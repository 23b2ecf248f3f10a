//! What a row of a list has to be beside the words that are searched for: SQL with its values.

use sqlx::{QueryBuilder, Sqlite};

/// One condition. It holds no question mark: values are parts of their own.
#[derive(Clone, Debug)]
pub(super) struct Condition(Vec<Part>);

#[derive(Clone, Debug)]
enum Part {
    Sql(String),
    Text(String),
    Number(i64),
    Bytes(Vec<u8>),
}

impl Condition {
    /// Begins with SQL.
    pub(super) fn sql(sql: impl Into<String>) -> Self {
        Self(vec![Part::Sql(sql.into())])
    }

    /// Goes on with SQL.
    pub(super) fn then(mut self, sql: impl Into<String>) -> Self {
        self.0.push(Part::Sql(sql.into()));
        self
    }

    /// Goes on with a value.
    pub(super) fn text(mut self, value: &str) -> Self {
        self.0.push(Part::Text(value.to_owned()));
        self
    }

    /// Goes on with a value.
    pub(super) fn number(mut self, value: i64) -> Self {
        self.0.push(Part::Number(value));
        self
    }

    /// Goes on with a value.
    pub(super) fn bytes(mut self, value: Vec<u8>) -> Self {
        self.0.push(Part::Bytes(value));
        self
    }

    /// Goes on with another condition.
    pub(super) fn join(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Adds the condition itself.
    pub(super) fn push(&self, query: &mut QueryBuilder<Sqlite>) {
        for part in &self.0 {
            match part {
                Part::Sql(sql) => query.push(sql),
                Part::Text(value) => query.push_bind(value.clone()),
                Part::Number(value) => query.push_bind(*value),
                Part::Bytes(value) => query.push_bind(value.clone()),
            };
        }
    }
}

/// Adds ` AND (...)` for each.
pub(super) fn push_all(conditions: &[Condition], query: &mut QueryBuilder<Sqlite>) {
    for condition in conditions {
        query.push(" AND (");
        condition.push(query);
        query.push(")");
    }
}
