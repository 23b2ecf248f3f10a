//! All logins that a question asks for, counted: in the tally where it tells them apart, else one by one, the newest
//! hundred thousand at most.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeZone};
use hallmonitor_wire::Time;
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection};

use super::{
    Cache, CacheError, asked,
    bars::{Bar, Bars},
    condition::{self, Condition},
    logins::{self, Wanted},
    search::Search,
    sessions,
    tally::{self, DAY_MS},
};
use crate::model::{BarSpan, CountryLogins, LoginBar, LoginQuery, LoginSummary};

/// Logins that are looked at one by one for a question that no index answers.
const LOOKED_AT: i64 = 100_000;

impl Cache {
    /// Counts the logins that the query asks for, in bars of the zone's calendar; the query's page is of no matter.
    ///
    /// # Errors
    /// [`CacheError::BadRange`] for an address that is none; those of the database.
    pub async fn login_summary<Z: TimeZone + Sync>(
        &self,
        query: &LoginQuery,
        zone: &Z,
    ) -> Result<LoginSummary, CacheError> {
        // The tally and what it is not about have to be of one moment.
        let mut reader = self.reading().await?;
        summary(&mut reader, query, &|range| Bars::of(zone, range)).await
    }
}

/// Counts by bar and by country.
#[derive(Debug)]
struct Counted {
    bars: Bars,
    logins: Vec<i64>,
    countries: BTreeMap<Option<String>, i64>,
}

impl Counted {
    fn in_bars(bars: Bars) -> Self {
        Self { logins: vec![0; bars.all.len()], bars, countries: BTreeMap::new() }
    }

    /// Adds logins to the bar that a time lies in.
    fn add(&mut self, at: i64, logins: i64) {
        let place = self.bars.place(at);
        self.logins[place] += logins;
    }
}

async fn summary(
    connection: &mut SqliteConnection,
    query: &LoginQuery,
    cut: &(dyn Fn(Bar) -> Bars + Sync),
) -> Result<LoginSummary, CacheError> {
    let counting = number(connection, "SELECT EXISTS (SELECT 1 FROM stale_day)").await? == Some(1);
    let wanted = logins::wanted(connection, query).await?;
    let search = Search::plan(connection, &query.search, sessions::FIELDS).await?;
    let one_by_one = OneByOne { query, wanted: &wanted, search: &search };
    let extent = one_by_one.extent(connection).await?;
    let asked = (query.from.map(Time::ms), query.until.map(Time::ms));
    let (from, until) = (asked.0.or(extent.map(|(first, _)| first)), asked.1.or(extent.map(|(_, last)| last + 1)));
    let (Some(from), Some(until)) = (from, until) else { return Ok(nothing(counting)) };

    let mut counted = Counted::in_bars(cut((from, until)));
    let mut counted_from = None;
    // Few are counted at once, more quickly than days are taken apart.
    let by_tally = !wanted.few || counted.bars.within_days().next().is_none();
    if is_tallied(query) && by_tally && counted.bars.span != BarSpan::Hour {
        let days = whole_days(asked, (from, until));
        let by_day = tally_days(connection, query, days, asked == (None, None), &mut counted).await?;
        one_by_one.part_days(connection, &by_day, &mut counted).await?;
        for edge in edges((from, until), days) {
            one_by_one.count(connection, edge, &mut counted).await?;
        }
    } else {
        counted_from = one_by_one.bound(connection).await?;
        one_by_one.count(connection, (counted_from.unwrap_or(i64::MIN), i64::MAX), &mut counted).await?;
    }
    let mut countries: Vec<CountryLogins> = counted
        .countries
        .into_iter()
        .filter(|(_, logins)| *logins > 0)
        .map(|(country, logins)| CountryLogins { country, logins })
        .collect();
    countries.sort_by(|left, right| right.logins.cmp(&left.logins).then_with(|| left.country.cmp(&right.country)));
    let counts = counted.bars.all.into_iter().zip(counted.logins);
    let bars: Vec<LoginBar> = counts
        // While days are still to be counted the tally may know less than the log.
        .map(|((at, end), logins)| LoginBar { at: Time(at), end: Time(end), logins: logins.max(0) })
        .collect();
    Ok(LoginSummary {
        total: bars.iter().map(|bar| bar.logins).sum(),
        span: counted.bars.span,
        bars,
        countries,
        from: Some(Time(from)),
        until: Some(Time(until)),
        counted_from: counted_from.map(Time),
        counting,
    })
}

fn nothing(counting: bool) -> LoginSummary {
    LoginSummary {
        total: 0,
        span: BarSpan::Day,
        bars: Vec::new(),
        countries: Vec::new(),
        from: None,
        until: None,
        counted_from: None,
        counting,
    }
}

/// Whether the tally tells these logins apart from the others.
fn is_tallied(query: &LoginQuery) -> bool {
    query.search.trim().is_empty()
        && query.address.trim().is_empty()
        && (query.contact_id, query.device_id) == (None, None)
        && (&query.network_kind, &query.browser, &query.os, &query.end_reason) == (&None, &None, &None, &None)
        && !query.running
}

/// The first day of a month that is counted from year 0.
fn start_of_month(month: i64) -> i64 {
    let year = i32::try_from(month.div_euclid(12)).unwrap_or(1970);
    let date = NaiveDate::from_ymd_opt(year, month.rem_euclid(12) as u32 + 1, 1).unwrap_or_default();
    date.signed_duration_since(NaiveDate::default()).num_days()
}

/// The days that lie in the range as a whole: the first, and the one behind the last. Where an end was not asked for,
/// its day counts as whole.
fn whole_days((asked_from, asked_until): (Option<i64>, Option<i64>), (from, until): (i64, i64)) -> (i64, i64) {
    let first = if asked_from.is_some() { -(-from).div_euclid(DAY_MS) } else { from.div_euclid(DAY_MS) };
    let end = if asked_until.is_some() { until.div_euclid(DAY_MS) } else { -(-until).div_euclid(DAY_MS) };
    (first, end.max(first))
}

/// What of the range lies before and behind its whole days.
fn edges((from, until): (i64, i64), (first_day, end_day): (i64, i64)) -> impl Iterator<Item = (i64, i64)> {
    let (first, end) = (first_day * DAY_MS, end_day * DAY_MS);
    [(from, first.min(until)), (end.max(from), until)].into_iter().filter(|(from, until)| from < until)
}

async fn number(connection: &mut SqliteConnection, sql: &'static str) -> Result<Option<i64>, CacheError> {
    match asked::rows(connection, QueryBuilder::new(sql)).await?.first() {
        Some(row) => Ok(row.try_get(0)?),
        None => Ok(None),
    }
}

/// Adds what the tally says of some days; `all` says that these are all that there are. Gives the number of each day.
async fn tally_days(
    connection: &mut SqliteConnection,
    query: &LoginQuery,
    (first, end): (i64, i64),
    all: bool,
    counted: &mut Counted,
) -> Result<BTreeMap<i64, i64>, CacheError> {
    let mut by_day = BTreeMap::new();
    if first >= end {
        return Ok(by_day);
    }
    let of = |sql: &mut QueryBuilder<Sqlite>, table: &str, unit: &str| {
        sql.push(format!("{table}.device_type = ")).push_bind(query.device_type.clone().unwrap_or_default());
        sql.push(format!(" AND {table}.outcome = ")).push_bind(query.outcome.clone().unwrap_or_default());
        sql.push(format!(" AND {table}.span = '{unit}'"));
    };
    let mut sql = QueryBuilder::new("SELECT tally.start, tally.logins FROM login_tally AS tally WHERE ");
    of(&mut sql, "tally", "d");
    sql.push(" AND tally.country = ").push_bind(query.country.clone().unwrap_or_default());
    sql.push(" AND tally.start >= ").push_bind(first).push(" AND tally.start < ").push_bind(end);
    for row in asked::rows(connection, sql).await? {
        let (day, logins): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        counted.add(day * DAY_MS, logins);
        by_day.insert(day, logins);
    }
    if let Some(country) = &query.country {
        *counted.countries.entry(Some(country.clone()).filter(|code| code != tally::UNKNOWN)).or_default() +=
            by_day.values().sum::<i64>();
        return Ok(by_day);
    }
    let (months, days) = whole_months((first, end), all);
    for (unit, ranges) in [("m", &months[..]), ("d", &days[..])] {
        for (from, until) in ranges {
            // Each known country by itself: the rows of one lie side by side.
            let mut sql = QueryBuilder::new(
                "SELECT place.country, sum(tally.logins) \
                 FROM (SELECT DISTINCT known.country AS country FROM login_tally AS known WHERE ",
            );
            of(&mut sql, "known", "m");
            sql.push(" AND known.country > '') AS place CROSS JOIN login_tally AS tally ON ");
            of(&mut sql, "tally", unit);
            sql.push(" AND tally.country = place.country AND tally.start >= ").push_bind(*from);
            sql.push(" AND tally.start < ").push_bind(*until).push(" GROUP BY place.country");
            for row in asked::rows(connection, sql).await? {
                let country = Some(row.try_get::<String, _>(0)?).filter(|code| code != tally::UNKNOWN);
                *counted.countries.entry(country).or_default() += row.try_get::<i64, _>(1)?;
            }
        }
    }
    Ok(by_day)
}

/// Each from, and up to but without.
type Ranges = Vec<(i64, i64)>;

/// The months that lie in a range of days as a whole, and the days beside them. With `all` every month is one.
fn whole_months((first, end): (i64, i64), all: bool) -> (Ranges, Ranges) {
    if all {
        return (vec![(tally::month_of(first), tally::month_of(end - 1) + 1)], Vec::new());
    }
    let first_month = tally::month_of(first) + i64::from(start_of_month(tally::month_of(first)) < first);
    let end_month = tally::month_of(end);
    if first_month >= end_month {
        return (Vec::new(), vec![(first, end)]);
    }
    let beside = [(first, start_of_month(first_month)), (start_of_month(end_month), end)];
    (vec![(first_month, end_month)], beside.into_iter().filter(|(from, until)| from < until).collect())
}

/// Logins that are counted row by row.
struct OneByOne<'a> {
    query: &'a LoginQuery,
    wanted: &'a Wanted,
    search: &'a Search,
}

impl OneByOne<'_> {
    /// Whether an index leads to the rows, so that all can be looked at.
    fn found_by_index(&self) -> bool {
        self.wanted.few || self.search.gathers() || self.query.contact_id.is_some() || self.query.device_id.is_some()
    }

    /// The first and the last time of the logins that may be meant.
    async fn extent(&self, connection: &mut SqliteConnection) -> Result<Option<(i64, i64)>, CacheError> {
        let mut sql = QueryBuilder::new("SELECT ");
        if self.wanted.few || self.search.gathers() {
            sql.push(format!("min(session.started_at), max(session.started_at){}", self.from()));
            self.push_where(&mut sql);
        } else {
            // SQLite finds one end of an index at once, both only by reading all of it.
            for (at, end) in ["min", "max"].into_iter().enumerate() {
                sql.push(format!("{}(SELECT {end}(session.started_at) FROM session WHERE 1", [" ", ", "][at]));
                self.push_owner(&mut sql);
                condition::push_all(&self.wanted.of_session, &mut sql);
                sql.push(")");
            }
        }
        let rows = asked::rows(connection, sql).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let (first, last): (Option<i64>, Option<i64>) = (row.try_get(0)?, row.try_get(1)?);
        Ok(first.zip(last))
    }

    /// Where the newest logins begin that are looked at; `None` where all are.
    async fn bound(&self, connection: &mut SqliteConnection) -> Result<Option<i64>, CacheError> {
        if self.found_by_index() {
            return Ok(None);
        }
        let mut sql = QueryBuilder::new("SELECT session.started_at FROM session WHERE 1");
        condition::push_all(&self.wanted.of_session, &mut sql);
        sql.push(format!(" ORDER BY session.started_at DESC LIMIT 1 OFFSET {LOOKED_AT}"));
        match asked::rows(connection, sql).await?.first() {
            Some(row) => Ok(Some(row.try_get(0)?)),
            None => Ok(None),
        }
    }

    /// Counts the logins of a range, in milliseconds.
    async fn count(
        &self,
        connection: &mut SqliteConnection,
        (from, until): Bar,
        counted: &mut Counted,
    ) -> Result<(), CacheError> {
        let mut sql = QueryBuilder::new(format!(
            "SELECT min(session.started_at), ip.country, count(*), {} AS slot{}",
            counted.bars.slot("session.started_at"),
            self.from()
        ));
        self.push_where(&mut sql);
        let range = [
            Condition::sql("session.started_at >= ").number(from),
            Condition::sql("session.started_at < ").number(until),
        ];
        condition::push_all(&range, &mut sql);
        sql.push(" GROUP BY slot, ip.country");
        for row in asked::rows(connection, sql).await? {
            let (at, country, logins): (i64, Option<String>, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            counted.add(at, logins);
            *counted.countries.entry(country).or_default() += logins;
        }
        Ok(())
    }

    /// The tally's days are those of UTC. Where a bar begins inside of one, what comes after that is the bar's: the
    /// shorter part of that day is counted.
    async fn part_days(
        &self,
        connection: &mut SqliteConnection,
        by_day: &BTreeMap<i64, i64>,
        counted: &mut Counted,
    ) -> Result<(), CacheError> {
        let parted: Vec<_> = counted
            .bars
            .within_days()
            .filter_map(|(place, before, behind)| {
                let logins = by_day.get(&before.0.div_euclid(DAY_MS)).filter(|logins| **logins > 0)?;
                let shorter = if behind.1 - behind.0 <= before.1 - before.0 { behind } else { before };
                Some((place, shorter, shorter == behind, *logins))
            })
            .collect();
        if parted.is_empty() {
            return Ok(());
        }
        let ranges: Vec<Bar> = parted.iter().map(|(_, shorter, ..)| *shorter).collect();
        let mut sql = QueryBuilder::new("SELECT part.key, count(*) FROM json_each(");
        sql.push_bind(serde_json::json!(ranges).to_string());
        let from = if self.wanted.of_terms.is_empty() { " FROM session WHERE 1" } else { self.from() };
        sql.push(format!(") AS part CROSS JOIN{}", from.replacen(" FROM", "", 1)));
        self.push_where(&mut sql);
        sql.push(" AND session.started_at >= part.value ->> 0 AND session.started_at < part.value ->> 1 GROUP BY 1");
        let mut found = vec![0; parted.len()];
        for row in asked::rows(connection, sql).await? {
            let part: i64 = row.try_get(0)?;
            found[usize::try_from(part).unwrap_or_default()] = row.try_get(1)?;
        }
        for ((place, _, is_behind, logins), found) in parted.into_iter().zip(found) {
            let behind = if is_behind { found } else { logins - found };
            counted.logins[place] += behind;
            counted.logins[place - 1] -= behind;
        }
        Ok(())
    }

    fn from(&self) -> &'static str {
        let asked = [&self.query.device_type, &self.query.browser, &self.query.os];
        if asked.iter().any(|asked| asked.is_some()) { sessions::FROM } else { sessions::FROM_IP }
    }

    fn push_owner(&self, sql: &mut QueryBuilder<Sqlite>) {
        for (column, wanted) in
            [("session.contact_id", self.query.contact_id), ("session.device_id", self.query.device_id)]
        {
            if let Some(id) = wanted {
                sql.push(format!(" AND {column} = ")).push_bind(id);
            }
        }
    }

    fn push_where(&self, sql: &mut QueryBuilder<Sqlite>) {
        self.push_owner(sql);
        condition::push_all(&self.wanted.of_session, sql);
        condition::push_all(&self.wanted.of_terms, sql);
        self.search.push(sql, sessions::FIELDS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(text: &str) -> i64 {
        text.parse::<Time>().expect("a time").ms()
    }

    #[test]
    fn a_range_falls_apart_into_edges_days_and_months_without_gap_or_overlap() {
        let (from, until) = (ms("2026-01-30T10:00:00Z"), ms("2026-04-02T01:00:00Z"));
        let (first, end) = whole_days((Some(from), Some(until)), (from, until));
        assert_eq!((first * DAY_MS, end * DAY_MS), (ms("2026-01-31T00:00:00Z"), ms("2026-04-02T00:00:00Z")));
        assert_eq!(
            edges((from, until), (first, end)).collect::<Vec<_>>(),
            [(from, first * DAY_MS), (end * DAY_MS, until)]
        );
        let (months, days) = whole_months((first, end), false);
        assert_eq!(months, [(2026 * 12 + 1, 2026 * 12 + 3)]);
        let day = |text: &str| ms(text) / DAY_MS;
        assert_eq!(days, [(first, day("2026-02-01T00:00:00Z")), (day("2026-04-01T00:00:00Z"), end)]);
    }

    #[test]
    fn a_range_within_one_day_is_counted_once() {
        let (from, until) = (ms("2026-01-30T10:00:00Z"), ms("2026-01-30T11:00:00Z"));
        let days = whole_days((Some(from), Some(until)), (from, until));
        assert_eq!(days.0, days.1);
        assert_eq!(edges((from, until), days).collect::<Vec<_>>(), [(from, until)]);
    }

    #[test]
    fn ends_that_nobody_asked_for_are_whole_days() {
        let (from, until) = (ms("2026-01-30T10:00:00Z"), ms("2026-02-03T11:00:00Z"));
        let days = whole_days((None, None), (from, until));
        assert_eq!(edges((from, until), days).count(), 0);
        assert_eq!(whole_months(days, true).1, []);
    }
}
