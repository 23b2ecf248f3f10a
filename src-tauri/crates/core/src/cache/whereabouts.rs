//! Where a contact was, and who else was there.

use hallmonitor_wire::Time;
use sqlx::{Row as _, SqliteConnection, sqlite::SqliteRow};

use super::{Cache, CacheError, apply::full_name};
use crate::model::{OtherUser, OtherUsers, VisitedPlace};

/// People that are named.
const MOST_USERS: usize = 100;

/// Logins from one address that are looked at, the newest.
const MOST_LOGINS: i64 = 5_000;

impl Cache {
    /// The places that a contact logged in from, most logins first.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn places_visited(&self, contact_id: i64) -> Result<Vec<VisitedPlace>, CacheError> {
        sqlx::query(
            "SELECT ip.country, ip.city, ip.network_kind, count(*) AS logins, count(DISTINCT ip.id), \
                 min(session.started_at), max(session.started_at) \
             FROM session \
             CROSS JOIN ip ON ip.id = session.ip_id \
             WHERE session.contact_id = $1 \
             GROUP BY ip.country, ip.city, ip.network_kind \
             ORDER BY logins DESC, ip.country, ip.city",
        )
        .bind(contact_id)
        .fetch_all(&mut *self.reader().await?)
        .await?
        .iter()
        .map(|row| {
            Ok(VisitedPlace {
                country: row.try_get(0)?,
                city: row.try_get(1)?,
                network_kind: row.try_get(2)?,
                logins: row.try_get(3)?,
                addresses: row.try_get(4)?,
                first_at: Time(row.try_get(5)?),
                last_at: Time(row.try_get(6)?),
            })
        })
        .collect::<Result<_, sqlx::Error>>()
        .map_err(CacheError::from)
    }

    /// Who else than `contact_id` logged in from an address.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn others_at(&self, address: &str, contact_id: i64) -> Result<OtherUsers, CacheError> {
        let mut reader = self.reading().await?;
        let rows = sqlx::query(
            "SELECT contact.id, contact.first_name, contact.last_name, contact.email, count(*), \
                 max(newest.started_at) AS last_at \
             FROM ( \
                 SELECT contact_id, started_at FROM session \
                 WHERE ip_id = (SELECT id FROM ip WHERE address = $1) \
                 ORDER BY started_at DESC LIMIT $3 \
             ) AS newest \
             JOIN contact ON contact.id = newest.contact_id \
             WHERE contact.id <> $2 \
             GROUP BY contact.id \
             ORDER BY last_at DESC, contact.id DESC LIMIT $4",
        )
        .bind(address)
        .bind(contact_id)
        .bind(MOST_LOGINS)
        .bind(i64::try_from(MOST_USERS).unwrap_or(i64::MAX) + 1)
        .fetch_all(&mut *reader)
        .await?;
        let older = has_more_logins(&mut reader, address).await?;
        Ok(others(&rows, older)?)
    }

    /// Who else than its contact has a device with the same fingerprint, or one that the owner says is this one.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn others_with(&self, device_id: i64) -> Result<OtherUsers, CacheError> {
        let rows = sqlx::query(
            "SELECT contact.id, contact.first_name, contact.last_name, contact.email, \
                 sum((SELECT count(*) FROM session WHERE session.device_id = other.id)), \
                 max(other.last_seen_at) AS last_at \
             FROM device AS this \
             JOIN device AS other \
                 ON other.id IN ( \
                     SELECT id FROM device WHERE fingerprint = this.fingerprint \
                     UNION SELECT also.device_id \
                     FROM device_alias AS alias \
                     JOIN device_alias AS also ON also.same_as = alias.same_as \
                     WHERE alias.device_id = this.id \
                 ) \
             JOIN contact ON contact.id = other.contact_id \
             WHERE this.id = $1 AND other.contact_id <> this.contact_id \
             GROUP BY contact.id \
             ORDER BY last_at DESC, contact.id DESC LIMIT $2",
        )
        .bind(device_id)
        .bind(i64::try_from(MOST_USERS).unwrap_or(i64::MAX) + 1)
        .fetch_all(&mut *self.reader().await?)
        .await?;
        Ok(others(&rows, false)?)
    }
}

async fn has_more_logins(connection: &mut SqliteConnection, address: &str) -> Result<bool, CacheError> {
    let beyond: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM session WHERE ip_id = (SELECT id FROM ip WHERE address = $1) \
         ORDER BY started_at DESC LIMIT 1 OFFSET $2",
    )
    .bind(address)
    .bind(MOST_LOGINS)
    .fetch_optional(connection)
    .await?;
    Ok(beyond.is_some())
}

fn others(rows: &[SqliteRow], older: bool) -> Result<OtherUsers, sqlx::Error> {
    let users = rows
        .iter()
        .take(MOST_USERS)
        .map(|row| {
            let (first, last): (Option<&str>, Option<&str>) = (row.try_get(1)?, row.try_get(2)?);
            let email: String = row.try_get(3)?;
            Ok(OtherUser {
                contact_id: row.try_get(0)?,
                name: full_name(first, last, &email),
                email,
                logins: row.try_get(4)?,
                last_at: Time(row.try_get(5)?),
            })
        })
        .collect::<Result<Vec<_>, sqlx::Error>>()?;
    Ok(OtherUsers { users, more: older || rows.len() > MOST_USERS })
}
