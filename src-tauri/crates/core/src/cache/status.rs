//! Counts and single things: what is here.

use hallmonitor_wire::{AccessControl, Time};
use sqlx::{AssertSqlSafe, SqliteConnection};

use super::{Cache, CacheError, contacts, devices, meta::LOADED, open::READERS_KIB, restrictions, sessions};
use crate::model::{Contact, ContactCard, ContactQuery, Device, LogQuery, Page, Restriction, Session, UnreadableRow};

/// Pages kept in memory while rows are counted, in KiB.
const COUNTING_KIB: u32 = 1 << 10;

/// How many rows are here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Students.
    pub contacts: i64,
    /// Browsers' cookies.
    pub devices: i64,
    /// Logins.
    pub sessions: i64,
    /// Times that access control acted.
    pub restrictions: i64,
    /// Of those, not looked at.
    pub unviewed: i64,
    /// Entities that could not be read.
    pub unreadable: i64,
}

impl Cache {
    /// Counts what is here.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn counts(&self) -> Result<Counts, CacheError> {
        let mut reader = self.reader().await?;
        // Whole indexes are read, of which no list asks for much again: they would stay in memory for nothing. That of a
        // million logins takes 30 ms, so they are counted only where the tally is not whole.
        keep(&mut reader, COUNTING_KIB).await?;
        let counted = sqlx::query_as(AssertSqlSafe(format!(
            "SELECT (SELECT count(*) FROM contact), (SELECT count(*) FROM device), \
             (SELECT CASE \
                 WHEN EXISTS (SELECT 1 FROM stale_day) \
                     OR NOT EXISTS ({LOADED}) \
                 THEN (SELECT count(*) FROM session) \
                 ELSE (SELECT coalesce(sum(logins), 0) FROM login_tally \
                     WHERE device_type = '' AND outcome = '' AND span = 'm' AND country = '') \
             END), \
             (SELECT count(*) FROM restriction), (SELECT count(*) FROM restriction WHERE effective_status = 'not_viewed'), \
             (SELECT count(*) FROM unreadable)",
        )))
        .fetch_one(&mut *reader)
        .await;
        keep(&mut reader, READERS_KIB).await?;
        let (contacts, devices, sessions, restrictions, unviewed, unreadable) = counted?;
        Ok(Counts { contacts, devices, sessions, restrictions, unviewed, unreadable })
    }

    /// Restrictions whose effective status is `not_viewed`.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn unviewed(&self) -> Result<i64, CacheError> {
        Ok(sqlx::query_scalar("SELECT count(*) FROM restriction WHERE effective_status = 'not_viewed'")
            .fetch_one(&mut *self.reader().await?)
            .await?)
    }

    /// Contacts, one page.
    ///
    /// # Errors
    /// [`CacheError::BadPlace`] for an `after` of another question; those of the database.
    pub async fn contacts(&self, query: &ContactQuery) -> Result<Page<Contact>, CacheError> {
        contacts::list(&mut *self.reader().await?, query, None).await
    }

    /// Sessions, one page.
    ///
    /// # Errors
    /// As [`Self::contacts`].
    pub async fn sessions(&self, query: &LogQuery) -> Result<Page<Session>, CacheError> {
        sessions::list(&mut *self.reader().await?, query).await
    }

    /// How many of a contact's sessions stand before this one, newest first; `None` where the contact has no such one.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn session_position(&self, contact_id: i64, id: i64) -> Result<Option<i64>, CacheError> {
        sessions::position(&mut *self.reader().await?, contact_id, id).await
    }

    /// Devices, one page; their addresses are counted only where one contact's are asked for.
    ///
    /// # Errors
    /// As [`Self::contacts`].
    pub async fn devices(&self, query: &LogQuery) -> Result<Page<Device>, CacheError> {
        devices::list(&mut *self.reader().await?, query, query.contact_id.is_some()).await
    }

    /// Restrictions, one page.
    ///
    /// # Errors
    /// As [`Self::contacts`].
    pub async fn restrictions(&self, query: &LogQuery) -> Result<Page<Restriction>, CacheError> {
        restrictions::list(&mut *self.reader().await?, query).await
    }

    /// A contact with what its card's tabs count; `None` where it is not here.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn contact(&self, id: i64) -> Result<Option<ContactCard>, CacheError> {
        let mut reader = self.reader().await?;
        let Some(contact) = contacts::one(&mut reader, id).await? else { return Ok(None) };
        let (sessions, restrictions) = card_counts(&mut reader, id).await?;
        Ok(Some(ContactCard { contact, sessions, restrictions }))
    }

    /// Entities of the server that could not be read, newest first, at most 1,000.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn unreadable(&self) -> Result<Vec<UnreadableRow>, CacheError> {
        let rows: Vec<(String, String, String, i64)> = sqlx::query_as(
            "SELECT kind, reference, reason, seen_at FROM unreadable ORDER BY seen_at DESC, kind, reference LIMIT 1000",
        )
        .fetch_all(&mut *self.reader().await?)
        .await?;
        let row =
            |(kind, reference, reason, seen_at)| UnreadableRow { kind, reference, reason, seen_at: Time(seen_at) };
        Ok(rows.into_iter().map(row).collect())
    }

    /// The school's settings as last read.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn access_control(&self) -> Result<Option<AccessControl>, CacheError> {
        let body: Option<String> =
            sqlx::query_scalar("SELECT body FROM access_control").fetch_optional(&mut *self.reader().await?).await?;
        Ok(body.and_then(|body| serde_json::from_str(&body).ok()))
    }
}

/// Says how much of what it reads a connection keeps in memory.
async fn keep(reader: &mut SqliteConnection, kib: u32) -> Result<(), CacheError> {
    sqlx::query(AssertSqlSafe(format!("PRAGMA cache_size = -{kib}"))).execute(reader).await?;
    Ok(())
}

async fn card_counts(reader: &mut SqliteConnection, id: i64) -> Result<(i64, i64), CacheError> {
    Ok(sqlx::query_as(
        "SELECT (SELECT count(*) FROM session WHERE contact_id = $1), \
         (SELECT count(*) FROM restriction WHERE contact_id = $1)",
    )
    .bind(id)
    .fetch_one(reader)
    .await?)
}
