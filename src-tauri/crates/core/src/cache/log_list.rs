//! What the three lists of the log have in common: newest first, by contact, by device, by words.

use std::borrow::Cow;

use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::{
    CacheError, asked,
    condition::{self, Condition},
    meta::LOADED,
    place_in_list::{Order, page, rows_read},
    rows::Row,
    search::{Fields, Search},
};
use crate::model::{LogQuery, Page};

/// One of the lists: its SQL, and how a row of it is read.
pub(super) struct LogList<'a, T> {
    /// The columns; the first two are the id and the time that the list is sorted by.
    pub(super) columns: Cow<'static, str>,
    /// How many they are.
    pub(super) width: usize,
    /// The tables, joined, and `WHERE 1`.
    pub(super) from: &'static str,
    /// The tables that counting takes where nothing is searched for, and `WHERE 1`.
    pub(super) from_alone: &'static str,
    /// The tables that everything refers to which is asked of a row, and `WHERE 1`.
    pub(super) from_asked: &'static str,
    /// The table.
    pub(super) table: &'static str,
    /// The id, with its table.
    pub(super) id: &'static str,
    /// What the list is sorted by, with its table: a time, or a number made of one.
    pub(super) time: &'static str,
    /// Smallest first instead of largest first.
    pub(super) ascending: bool,
    /// The column that says which device.
    pub(super) device: &'static str,
    /// Where the texts are that a search looks at.
    pub(super) fields: Fields,
    /// Whether few rows are found faster by their texts than by walking the list: where all that refers to texts stands
    /// in one table.
    pub(super) gathers: bool,
    /// What an unviewed one is; `None` where nothing is viewed.
    pub(super) unviewed: Option<&'static str>,
    /// What else its rows have to be.
    pub(super) conditions: &'a [Condition],
    /// Whether these leave so few rows, found by an index of their own, that they are gathered and sorted.
    pub(super) few: bool,
    /// Reads a row.
    pub(super) read: fn(Row<'_>) -> Result<T, sqlx::Error>,
}

impl<T> LogList<'_, T> {
    /// One page of the rows that the query asks for.
    pub(super) async fn page(
        &self,
        connection: &mut SqliteConnection,
        query: &LogQuery,
    ) -> Result<Page<T>, CacheError> {
        let search = Search::plan(connection, &query.search, self.fields).await?;
        let whole_school = query.contact_id.is_none() && query.device_id.is_none();
        let order = Order {
            column: self.time,
            id: self.id,
            ascending: self.ascending,
            sorted: self.few || (self.gathers && search.gathers() && whole_school),
        };
        let mut sql = QueryBuilder::new(format!("SELECT {}{}", self.columns, self.from));
        // Of many rows that are gathered only those of the page are worth their columns.
        let narrows = order.sorted && query.page.limit > 0;
        if narrows {
            sql.push(format!(" AND {0} IN (SELECT {0}{1}", self.id, self.from_asked));
        }
        self.push_filters(&mut sql, query, &search);
        if order.sorted && !query.unviewed && self.conditions.is_empty() {
            self.push_newest(connection, &mut sql, query, &search).await?;
        }
        order.push_after::<i64>(&mut sql, query.page.after.as_deref())?;
        order.push_page(&mut sql, &query.page);
        if narrows {
            sql.push(")");
            order.push(&mut sql);
        }
        let rows = asked::page(connection, sql, self.width)
            .await?
            .map(|row| Ok((row.get(0)?, row.get::<i64>(1)?, (self.read)(row)?)))?;
        let total = if query.page.count { Some(self.count(connection, query, &search).await?) } else { None };
        Ok(page(rows, &query.page, total))
    }

    /// Leaves out rows that are too old for the page, for a search that many rows of a few people match. As many people
    /// as the page has rows have one row each that is as new as the oldest of those; so the page is no older either.
    async fn push_newest(
        &self,
        connection: &mut SqliteConnection,
        sql: &mut QueryBuilder<Sqlite>,
        query: &LogQuery,
        search: &Search,
    ) -> Result<(), CacheError> {
        let (Some(people), Some(rows)) = (search.people(self.fields), rows_read(&query.page)) else { return Ok(()) };
        // Before the end of a first load the index is missing that finds a person's newest row.
        if asked::rows(connection, QueryBuilder::new(LOADED)).await?.is_empty() {
            return Ok(());
        }
        let (table, time, contact) = (self.table, self.time, self.fields.contact);
        sql.push(format!(
            " AND {time} >= coalesce(( \
                SELECT newest FROM ( \
                    SELECT (SELECT max({time}) FROM {table} WHERE {contact} = contact_search.rowid"
        ));
        if let Some(key) = Order::key_after::<i64>(query.page.after.as_deref())? {
            sql.push(format!(" AND {time} < ")).push_bind(key);
        }
        sql.push(") AS newest FROM contact_search WHERE contact_search MATCH ").push_bind(people);
        sql.push(") WHERE newest IS NOT NULL ORDER BY newest DESC LIMIT 1 OFFSET ")
            .push_bind(rows - 1 + i64::from(query.page.skip))
            .push("), -9223372036854775808)");
        Ok(())
    }

    async fn count(
        &self,
        connection: &mut SqliteConnection,
        query: &LogQuery,
        search: &Search,
    ) -> Result<i64, CacheError> {
        let from = if search.is_empty() && self.conditions.is_empty() { self.from_alone } else { self.from };
        let mut sql = QueryBuilder::new(format!("SELECT count(*){from}"));
        self.push_filters(&mut sql, query, search);
        Ok(sql.build_query_scalar().fetch_one(connection).await?)
    }

    fn push_filters(&self, sql: &mut QueryBuilder<Sqlite>, query: &LogQuery, search: &Search) {
        for (column, wanted) in [(self.fields.contact, query.contact_id), (self.device, query.device_id)] {
            if let Some(id) = wanted {
                sql.push(format!(" AND {column} = ")).push_bind(id);
            }
        }
        if let (true, Some(unviewed)) = (query.unviewed, self.unviewed) {
            sql.push(format!(" AND {unviewed}"));
        }
        condition::push_all(self.conditions, sql);
        search.push(sql, self.fields);
    }
}
