//! Logins counted by day, country, device type and outcome, so that a histogram or a map of everything reads some
//! hundred rows and not every login.
//!
//! A sync keeps the counts in its own transaction, as what it adds to and takes from them. A first load only marks its
//! days as stale; a background pass counts those, a few in one transaction.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Datelike as _};
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};

use super::{Cache, CacheError, bulk, bulk::id_list};

/// A day in milliseconds.
pub(super) const DAY_MS: i64 = 86_400_000;

/// Days that one transaction counts: some 20 ms in a school of a million logins.
const DAYS_AT_ONCE: i64 = 7;

/// Stands for an unknown country.
pub(super) const UNKNOWN: &str = "-";

/// What logins are told apart by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Sort {
    day: i64,
    country: String,
    device_type: String,
    outcome: String,
}

/// How many more of each sort there are, or fewer.
pub(super) type Difference = HashMap<Sort, i64>;

/// Which rows an image is of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Of {
    /// `id` is one of these.
    Ids,
    /// `contact_id` is one of these.
    Contacts,
}

/// Adds the logins of the list to a difference, each `times` over.
pub(super) async fn image(
    connection: &mut SqliteConnection,
    of: Of,
    ids: &[i64],
    times: i64,
    difference: &mut Difference,
) -> Result<(), CacheError> {
    if ids.is_empty() {
        return Ok(());
    }
    let column = match of {
        Of::Ids => "id",
        Of::Contacts => "contact_id",
    };
    let condition = format!("session.{column} IN (SELECT value FROM json_each($1))");
    let rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(counted(&condition)))
        .bind(id_list(ids.iter().copied()))
        .fetch_all(connection)
        .await?;
    gather(rows, times, difference);
    Ok(())
}

type Row = (i64, Option<String>, String, String, i64);

fn counted(condition: &str) -> String {
    format!(
        "SELECT max(session.started_at, 0) / {DAY_MS} AS day, ip.country, agent.device_type, session.outcome, count(*) \
         FROM session \
         CROSS JOIN ip ON ip.id = session.ip_id \
         CROSS JOIN agent ON agent.id = session.agent_id \
         WHERE {condition} \
         GROUP BY 1, 2, 3, 4"
    )
}

fn gather(rows: Vec<Row>, times: i64, difference: &mut Difference) {
    for (day, country, device_type, outcome, logins) in rows {
        let country = country.unwrap_or_else(|| UNKNOWN.to_owned());
        *difference.entry(Sort { day, country, device_type, outcome }).or_default() += logins * times;
    }
}

/// Writes a difference into the tally.
pub(super) async fn add(connection: &mut SqliteConnection, mut difference: Difference) -> Result<(), CacheError> {
    difference.retain(|_, logins| *logins != 0);
    let sums: Vec<_> = spread(&difference).into_iter().collect();
    bulk::insert(
        connection,
        "INSERT INTO login_day (day, country, device_type, outcome, logins)",
        5,
        "ON CONFLICT (day, country, device_type, outcome) DO UPDATE SET logins = logins + excluded.logins",
        difference.into_iter().collect(),
        |(sort, logins), row| {
            row.put(sort.day).put(sort.country).put(sort.device_type).put(sort.outcome).put(logins);
        },
    )
    .await?;
    bulk::insert(
        connection,
        "INSERT INTO login_tally (device_type, outcome, span, country, start, logins)",
        6,
        "ON CONFLICT (device_type, outcome, span, country, start) DO UPDATE SET logins = logins + excluded.logins",
        sums,
        |((device_type, outcome, span, country, start), logins), row| {
            row.put(device_type).put(outcome).put(span).put(country).put(start).put(logins);
        },
    )
    .await?;
    Ok(())
}

type Key = (String, String, &'static str, String, i64);

/// The rows of the tally that a difference changes: with each of country, device type and outcome as it is and as any.
fn spread(difference: &Difference) -> BTreeMap<Key, i64> {
    let mut rows: BTreeMap<Key, i64> = BTreeMap::new();
    for (sort, logins) in difference {
        for any in 0..8 {
            // A text that is empty is its own sum over any.
            let is_twice = |bit: u8, text: &str| any & bit != 0 && text.is_empty();
            if is_twice(1, &sort.country) || is_twice(2, &sort.device_type) || is_twice(4, &sort.outcome) {
                continue;
            }
            let or_any = |bit: u8, text: &str| if any & bit == 0 { text.to_owned() } else { String::new() };
            let (country, device_type, outcome) =
                (or_any(1, &sort.country), or_any(2, &sort.device_type), or_any(4, &sort.outcome));
            for (span, start) in [("d", sort.day), ("m", month_of(sort.day))] {
                *rows.entry((device_type.clone(), outcome.clone(), span, country.clone(), start)).or_default() +=
                    logins;
            }
        }
    }
    rows.retain(|_, logins| *logins != 0);
    rows
}

/// The month of a day, counted from year 0.
pub(super) fn month_of(day: i64) -> i64 {
    let date = day.checked_mul(DAY_MS).and_then(DateTime::from_timestamp_millis).unwrap_or(DateTime::UNIX_EPOCH);
    i64::from(date.year()) * 12 + i64::from(date.month0())
}

impl Cache {
    /// Whether days are still to be counted.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn has_stale_days(&self) -> Result<bool, CacheError> {
        Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM stale_day)").fetch_one(&mut *self.reader().await?).await?)
    }

    /// Counts some of the days that are stale; says whether others are left.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn count_stale_days(&self) -> Result<bool, CacheError> {
        let mut writer = self.writer().await;
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        let days: Vec<i64> = sqlx::query_scalar("SELECT day FROM stale_day ORDER BY day DESC LIMIT $1")
            .bind(DAYS_AT_ONCE)
            .fetch_all(&mut *transaction)
            .await?;
        for &day in &days {
            let difference = recount(&mut transaction, day).await?;
            add(&mut transaction, difference).await?;
        }
        sqlx::query("DELETE FROM stale_day WHERE day IN (SELECT value FROM json_each($1))")
            .bind(id_list(days))
            .execute(&mut *transaction)
            .await?;
        let left: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM stale_day)").fetch_one(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(left)
    }
}

/// What the tally of a day lacks.
async fn recount(connection: &mut SqliteConnection, day: i64) -> Result<Difference, CacheError> {
    let mut difference = Difference::new();
    let first = if day == 0 { i64::MIN } else { day * DAY_MS };
    let condition = "session.started_at >= $1 AND session.started_at < $2";
    let rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(counted(condition)))
        .bind(first)
        .bind((day + 1) * DAY_MS)
        .fetch_all(&mut *connection)
        .await?;
    gather(rows, 1, &mut difference);
    let known: Vec<Row> =
        sqlx::query_as("SELECT day, country, device_type, outcome, logins FROM login_day WHERE day = $1")
            .bind(day)
            .fetch_all(connection)
            .await?;
    gather(known, -1, &mut difference);
    Ok(difference)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sum_over_any_is_the_sum_of_its_parts() {
        let sort = |day, country: &str, outcome: &str| Sort {
            day,
            country: country.into(),
            device_type: "mobile".into(),
            outcome: outcome.into(),
        };
        let difference: Difference = [
            (sort(20_000, "UA", "allowed"), 3),
            (sort(20_000, "PL", "allowed"), 2),
            (sort(20_001, "UA", "denied"), 1),
            (sort(20_001, "UA", "allowed"), -1),
        ]
        .into();
        let rows = spread(&difference);
        let at = |device_type: &str, outcome: &str, span: &'static str, country: &str, start| {
            rows.get(&(device_type.to_owned(), outcome.to_owned(), span, country.to_owned(), start)).copied()
        };
        assert_eq!(at("", "", "d", "", 20_000), Some(5));
        assert_eq!(at("mobile", "allowed", "d", "UA", 20_000), Some(3));
        assert_eq!(at("", "", "d", "UA", 20_001), None, "one came and one went");
        assert_eq!(at("", "", "m", "UA", month_of(20_000)), Some(3));
        assert_eq!(at("", "denied", "m", "", month_of(20_000)), Some(1));
    }

    #[test]
    fn a_login_without_an_outcome_is_counted_once() {
        let sort = |outcome: &str| Sort {
            day: 20_000,
            country: "UA".into(),
            device_type: "mobile".into(),
            outcome: outcome.into(),
        };
        let rows = spread(&[(sort(""), 3), (sort("allowed"), 2)].into());
        let at = |country: &str, outcome: &str| {
            rows.get(&("mobile".to_owned(), outcome.to_owned(), "d", country.to_owned(), 20_000)).copied()
        };
        assert_eq!((at("UA", ""), at("", "")), (Some(5), Some(5)));
        assert_eq!((at("UA", "allowed"), at("", "allowed")), (Some(2), Some(2)));
    }

    #[test]
    fn months_follow_the_calendar() {
        assert_eq!((month_of(0), month_of(30), month_of(31)), (1970 * 12, 1970 * 12, 1970 * 12 + 1));
        // 2024-02-29 and the day after.
        assert_eq!((month_of(19_782), month_of(19_783)), (2024 * 12 + 1, 2024 * 12 + 2));
    }
}
