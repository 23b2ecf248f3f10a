//! What is said of one contact in short, and the texts that the owner wrote.

use hallmonitor_language::Language;
use hallmonitor_wire::Time;
use serde_json::{Map, Value};
use sqlx::{Connection as _, SqliteConnection};

use super::{Cache, CacheError, apply::full_name, tally::DAY_MS};
use crate::model::{CaseFacts, WarningKind};

/// Where the owner's texts stand, as a JSON object: `first_word/en` and its text. What is not understood in it (a later
/// version's) stays as it is.
const KEY: &str = "warning_texts";

/// Days that count as lately.
const LATELY: i64 = 30;

fn key(kind: WarningKind, language: Language) -> String {
    format!("{}/{}", kind.as_str(), language.code())
}

async fn kept(connection: &mut SqliteConnection) -> Result<Map<String, Value>, CacheError> {
    let text: Option<String> = sqlx::query_scalar("SELECT CAST(value AS TEXT) FROM meta WHERE key = $1")
        .bind(KEY)
        .fetch_optional(connection)
        .await?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

impl Cache {
    /// The facts of a contact's case at `now`, milliseconds since 1970; `None` where the contact is not here.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn case_facts(&self, contact_id: i64, now: i64) -> Result<Option<CaseFacts>, CacheError> {
        type Row = (Option<String>, Option<String>, String, i64, Option<i64>, Option<i64>, i64);
        let row: Option<Row> = sqlx::query_as(
            "SELECT contact.first_name, contact.last_name, contact.email, counted.restrictions, counted.first, \
                 counted.newest, \
                 (SELECT count(*) FROM device WHERE device.contact_id = contact.id AND device.last_seen_at >= $2) \
             FROM contact, ( \
                 SELECT count(*) AS restrictions, min(occurred_at) AS first, max(occurred_at) AS newest \
                 FROM restriction \
                 WHERE contact_id = $1 \
             ) AS counted \
             WHERE contact.id = $1",
        )
        .bind(contact_id)
        .bind(now.saturating_sub(LATELY * DAY_MS))
        .fetch_optional(&mut *self.reader().await?)
        .await?;
        Ok(row.map(|(first_name, last_name, email, violations, first, newest, devices)| CaseFacts {
            contact_id,
            name: full_name(first_name.as_deref(), last_name.as_deref(), &email),
            violations,
            first_violation_at: first.map(Time),
            newest_violation_at: newest.map(Time),
            devices,
        }))
    }

    /// The owner's own text; `None` where they have none.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn own_warning(
        &self,
        kind: WarningKind,
        language: Language,
    ) -> Result<Option<String>, CacheError> {
        let kept = kept(&mut *self.reader().await?).await?;
        Ok(kept.get(&key(kind, language)).and_then(Value::as_str).map(str::to_owned))
    }

    /// Keeps the owner's own text; `None` lets it go.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn keep_warning(
        &self,
        kind: WarningKind,
        language: Language,
        text: Option<&str>,
    ) -> Result<(), CacheError> {
        let mut writer = self.writer().await;
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        let mut texts = kept(&mut transaction).await?;
        match text {
            Some(text) => drop(texts.insert(key(kind, language), text.into())),
            None => drop(texts.remove(&key(kind, language))),
        }
        sqlx::query(
            "INSERT INTO meta (key, value) VALUES ($1, $2) \
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .bind(KEY)
        .bind(Value::Object(texts).to_string())
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }
}
