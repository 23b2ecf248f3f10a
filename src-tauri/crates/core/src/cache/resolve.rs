//! Addresses, placed again: by a location database that was chosen after they came, in the background, some at a time.

use std::collections::HashMap;

use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};

use super::{Cache, CacheError, address_key, bulk, bulk::id_list, fold::fold, letters::Letters, stale};
use crate::{
    location::{Found, Locations},
    model::Placing,
};

/// Addresses that one transaction places.
const AT_ONCE: i64 = 1_000;

const INDEX: &str = "CREATE INDEX IF NOT EXISTS ip_by_resolved ON ip (resolved)";

/// An address as it is placed now.
pub(super) type Row =
    (i64, String, String, Option<String>, Option<String>, Option<f64>, Option<f64>, Option<String>, Option<bool>);

impl Cache {
    /// Whether addresses were not placed by the choice of this number (or a later one).
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn has_unresolved(&self, choice: i64) -> Result<bool, CacheError> {
        if choice == 0 {
            return Ok(false);
        }
        let indexed: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'ip_by_resolved')")
                .fetch_one(&mut *self.reader().await?)
                .await?;
        if !indexed {
            sqlx::query(INDEX).execute(&mut *self.writer().await).await?;
        }
        Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM ip WHERE resolved < $1)")
            .bind(choice)
            .fetch_one(&mut *self.reader().await?)
            .await?)
    }

    /// How many addresses are left that the choice of this number has not placed.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn placing(&self, choice: i64) -> Result<Placing, CacheError> {
        let left = if self.has_unresolved(choice).await? { "count(*) FILTER (WHERE resolved < $1)" } else { "0" };
        let (left, total) = sqlx::query_as(AssertSqlSafe(format!("SELECT {left}, count(*) FROM ip")))
            .bind(choice)
            .fetch_one(&mut *self.reader().await?)
            .await?;
        Ok(Placing { left, total })
    }

    /// Places some of those addresses. What follows from a place is marked to be worked out again.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn resolve_some(&self, locations: &Locations, choice: i64) -> Result<(), CacheError> {
        let rows = self.some_unresolved(choice).await?;
        self.resolve(rows, locations, choice).await
    }

    /// Some of the addresses that the choice of this number has not placed.
    pub(super) async fn some_unresolved(&self, choice: i64) -> Result<Vec<Row>, CacheError> {
        Ok(sqlx::query_as(
            "SELECT id, address, folded, country, city, latitude, longitude, organisation, hosting \
             FROM ip WHERE resolved < $1 LIMIT $2",
        )
        .bind(choice)
        .bind(AT_ONCE)
        .fetch_all(&mut *self.reader().await?)
        .await?)
    }

    /// Places those of them that are still here.
    pub(super) async fn resolve(&self, rows: Vec<Row>, locations: &Locations, choice: i64) -> Result<(), CacheError> {
        let looked_at: Vec<(i64, String)> = rows.iter().map(|row| (row.0, row.1.clone())).collect();
        let placed: Vec<(i64, String, Found, bool)> = rows
            .into_iter()
            .filter_map(|(id, address, known, country, city, latitude, longitude, organisation, hosting)| {
                let found = locations.find(&address);
                let point = found.point.map(|point| (point.latitude, point.longitude));
                let same = (&country, &city, latitude.zip(longitude), &organisation, hosting)
                    == (&found.place.country, &found.place.city, point, &found.organisation, found.hosting);
                let other_country = country != found.place.country;
                let same = same && known == folded(&address, &found);
                (!same).then_some((id, address, found, other_country))
            })
            .collect();
        let mut writer = self.writer().await;
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        write(&mut transaction, placed).await?;
        sqlx::query(
            "UPDATE ip SET resolved = $2 \
             FROM (SELECT value ->> 0 AS id, value ->> 1 AS address FROM json_each($1)) AS looked_at \
             WHERE ip.id = looked_at.id AND ip.address = looked_at.address",
        )
        .bind(serde_json::json!(looked_at).to_string())
        .bind(choice)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// What an address is found by: itself, its place, whose its network is.
fn folded(address: &str, found: &Found) -> String {
    let Found { place, organisation, .. } = found;
    let texts = [Some(address), place.country.as_deref(), place.city.as_deref(), organisation.as_deref()];
    fold(&texts.into_iter().flatten().collect::<Vec<_>>().join("\n"))
}

async fn write(connection: &mut SqliteConnection, placed: Vec<(i64, String, Found, bool)>) -> Result<(), CacheError> {
    // An address may have gone since it was read, with its person.
    let here: HashMap<i64, String> =
        sqlx::query_as("SELECT id, address FROM ip WHERE id IN (SELECT value FROM json_each($1))")
            .bind(id_list(placed.iter().map(|(id, ..)| *id)))
            .fetch_all(&mut *connection)
            .await?
            .into_iter()
            .collect();
    let placed: Vec<_> = placed.into_iter().filter(|(id, address, ..)| here.get(id) == Some(address)).collect();
    if placed.is_empty() {
        return Ok(());
    }
    let ids = id_list(placed.iter().map(|(id, ..)| *id));
    let any_country = placed.iter().any(|(.., other_country)| *other_country);
    let search: Vec<(i64, String)> =
        placed.iter().map(|(id, address, found, _)| (*id, folded(address, found))).collect();
    Letters::default().learn(connection, "ip", search.iter().map(|(_, text)| text.as_str())).await?;
    bulk::insert(
        connection,
        "INSERT INTO ip (id, address, folded, country, city, key, latitude, longitude, organisation, hosting)",
        10,
        "ON CONFLICT (id) DO UPDATE SET folded = excluded.folded, country = excluded.country, city = excluded.city, \
         latitude = excluded.latitude, longitude = excluded.longitude, organisation = excluded.organisation, \
         hosting = excluded.hosting",
        placed,
        |(id, address, found, _), row| {
            let (folded, key) = (folded(&address, &found), address_key::key(&address));
            row.put(id).put(address).put(folded).put(found.place.country).put(found.place.city).put(key);
            row.put(found.point.map(|point| point.latitude)).put(found.point.map(|point| point.longitude));
            row.put(found.organisation).put(found.hosting);
        },
    )
    .await?;
    sqlx::query("DELETE FROM ip_search WHERE rowid IN (SELECT value FROM json_each($1))")
        .bind(&ids)
        .execute(&mut *connection)
        .await?;
    bulk::insert(connection, "INSERT INTO ip_search (rowid, text)", 2, "", search, |(id, text), row| {
        row.put(id).put(text);
    })
    .await?;
    let contacts: Vec<i64> =
        sqlx::query_scalar("SELECT DISTINCT contact_id FROM session WHERE ip_id IN (SELECT value FROM json_each($1))")
            .bind(&ids)
            .fetch_all(&mut *connection)
            .await?;
    stale::contacts(connection, contacts).await?;
    if any_country {
        stale::all_days(connection).await?;
    }
    Ok(())
}
