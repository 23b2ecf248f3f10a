//! The outbox's rows, read and written.

use std::fmt::Write as _;

use hallmonitor_wire::{Action, ActionType, ActionValue, Time};
use sqlx::{AssertSqlSafe, FromRow, Row as _, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{lane::Standing, settle::IT_SAYS};
use crate::{
    cache::CacheError,
    model::{EntryReason, EntryState, OutboxEntry},
};

/// The version of the rows' content that this program writes and understands.
pub(super) const VERSION: i64 = 1;

/// A row of the outbox.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) place: i64,
    pub(super) id: Uuid,
    pub(super) version: i64,
    pub(super) kind: String,
    pub(super) target_id: i64,
    pub(super) value: String,
    pub(super) base_rev: i64,
    pub(super) epoch: Option<String>,
    pub(super) seen: String,
    pub(super) decided_at: i64,
    pub(super) force: bool,
    pub(super) state: EntryState,
    pub(super) attempts: i64,
    pub(super) next_attempt_at: Option<i64>,
    pub(super) reason: Option<EntryReason>,
    pub(super) last_error: Option<String>,
    pub(super) current: Option<String>,
}

/// The columns of [`Entry`].
pub(super) const COLUMNS: &str = "outbox.place, outbox.id, outbox.version, outbox.kind, outbox.target_id, outbox.value, \
    outbox.base_rev, outbox.epoch, outbox.seen, outbox.decided_at, outbox.force, outbox.state, outbox.attempts, \
    outbox.next_attempt_at, outbox.reason, outbox.last_error, outbox.current";

impl<'r> FromRow<'r, SqliteRow> for Entry {
    fn from_row(row: &'r SqliteRow) -> Result<Self, sqlx::Error> {
        let id: &str = row.try_get("id")?;
        let reason: Option<&str> = row.try_get("reason")?;
        Ok(Self {
            place: row.try_get("place")?,
            id: id.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
            version: row.try_get("version")?,
            kind: row.try_get("kind")?,
            target_id: row.try_get("target_id")?,
            value: row.try_get("value")?,
            base_rev: row.try_get("base_rev")?,
            epoch: row.try_get("epoch")?,
            seen: row.try_get("seen")?,
            decided_at: row.try_get("decided_at")?,
            force: row.try_get("force")?,
            state: state_of(row.try_get("state")?),
            attempts: row.try_get("attempts")?,
            next_attempt_at: row.try_get("next_attempt_at")?,
            reason: reason.and_then(|word| serde_json::from_value(word.into()).ok()),
            last_error: row.try_get("last_error")?,
            current: row.try_get("current")?,
        })
    }
}

/// A state's word in the table.
pub(super) const fn word_of(state: EntryState) -> &'static str {
    match state {
        EntryState::Queued => "queued",
        EntryState::Sending => "sending",
        EntryState::Conflict => "conflict",
        EntryState::Rejected => "rejected",
    }
}

fn state_of(word: &str) -> EntryState {
    [EntryState::Sending, EntryState::Conflict, EntryState::Rejected]
        .into_iter()
        .find(|state| word_of(*state) == word)
        .unwrap_or(EntryState::Queued)
}

impl Entry {
    /// A new decision. Its place is given when it is written.
    pub(super) fn new(kind: ActionType, target_id: i64, value: ActionValue, seen: String, now: i64) -> Self {
        Self {
            place: 0,
            id: new_key(now),
            version: VERSION,
            kind: kind.as_str().to_owned(),
            target_id,
            value: value.as_str().to_owned(),
            base_rev: 0,
            epoch: None,
            seen,
            decided_at: now,
            force: false,
            state: EntryState::Queued,
            attempts: 0,
            next_attempt_at: None,
            reason: None,
            last_error: None,
            current: None,
        }
    }

    /// Whether this program understands its content.
    pub(super) fn is_understood(&self) -> bool {
        self.version == VERSION && self.kind().is_some() && ActionValue::from_word(&self.value).is_some()
    }

    pub(super) fn kind(&self) -> Option<ActionType> {
        ActionType::from_word(&self.kind)
    }

    /// Whether a request left with it.
    pub(super) fn left(&self) -> bool {
        self.attempts > 0
    }

    /// As it is sent; `None` where this program does not understand it.
    pub(super) fn action(&self) -> Option<Action> {
        Some(Action {
            id: self.id,
            kind: self.kind()?,
            target_id: self.target_id,
            value: ActionValue::from_word(&self.value)?,
            base_rev: self.base_rev,
            decided_at: Some(Time(self.decided_at)),
            force: self.force,
        })
    }

    pub(super) fn standing(&self) -> Standing {
        Standing { id: self.id, value: self.value.clone(), state: self.state, attempts: self.attempts }
    }

    /// As it is shown.
    pub(super) fn shown(&self) -> OutboxEntry {
        OutboxEntry {
            id: self.id,
            kind: self.kind.clone(),
            target_id: self.target_id,
            value: self.value.clone(),
            state: self.state,
            attempts: self.attempts,
            decided_at: Time(self.decided_at),
            last_error: self.last_error.clone().or_else(|| {
                (!self.is_understood()).then(|| "A newer version of Hallmonitor made this decision.".to_owned())
            }),
            current: self.current.as_deref().and_then(|text| serde_json::from_str(text).ok()),
        }
    }

    /// What the server said of it, in its own words: the window has its own for the rest, in the person's language.
    pub(super) fn servers_words(&self) -> Option<String> {
        self.last_error.as_ref()?.split_once(IT_SAYS).map(|(_, words)| words.to_owned())
    }

    /// Makes it a decision that never left, under a new id, upon what the server has now.
    pub(super) fn renew(&mut self, stands: Stands<'_>, epoch: Option<String>, now: i64) {
        self.id = new_key(now);
        self.base_rev = stands.rev;
        self.seen = stands.value.to_owned();
        self.epoch = epoch;
        self.state = EntryState::Queued;
        self.attempts = 0;
        self.next_attempt_at = None;
        self.reason = None;
        self.last_error = None;
        self.current = None;
    }
}

/// A version-7 UUID of this moment.
fn new_key(now: i64) -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(u64::try_from(now).unwrap_or(0), &rand::random()).into_uuid()
}

/// What the server has, as far as known here.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stands<'a> {
    pub(super) value: &'a str,
    pub(super) rev: i64,
}

fn reason_word(reason: EntryReason) -> Option<String> {
    serde_json::to_value(reason).ok()?.as_str().map(str::to_owned)
}

/// All entries that `condition` (SQL over the table `outbox`) holds for, in the order of the decisions.
pub(super) async fn read(
    connection: &mut SqliteConnection,
    condition: &str,
    bound: impl IntoIterator<Item = String> + Send,
) -> Result<Vec<Entry>, CacheError> {
    let mut sql = String::new();
    // Writing to a text can't fail.
    let _ = write!(sql, "SELECT {COLUMNS} FROM outbox WHERE {condition} ORDER BY outbox.place");
    let mut query = sqlx::query_as(AssertSqlSafe(sql));
    for value in bound {
        query = query.bind(value);
    }
    Ok(query.fetch_all(connection).await?)
}

/// Adds an entry behind all others.
pub(super) async fn add(connection: &mut SqliteConnection, entry: &Entry) -> Result<(), CacheError> {
    sqlx::query(
        "INSERT INTO outbox (id, version, kind, target_id, value, base_rev, epoch, seen, decided_at, force, state, \
         attempts, next_attempt_at, reason, last_error, current) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    )
    .bind(entry.id.to_string())
    .bind(entry.version)
    .bind(&entry.kind)
    .bind(entry.target_id)
    .bind(&entry.value)
    .bind(entry.base_rev)
    .bind(&entry.epoch)
    .bind(&entry.seen)
    .bind(entry.decided_at)
    .bind(entry.force)
    .bind(word_of(entry.state))
    .bind(entry.attempts)
    .bind(entry.next_attempt_at)
    .bind(entry.reason.and_then(reason_word))
    .bind(&entry.last_error)
    .bind(&entry.current)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes what may change of an entry, its id too.
pub(super) async fn write(connection: &mut SqliteConnection, entry: &Entry) -> Result<(), CacheError> {
    sqlx::query(
        "UPDATE outbox \
         SET id = $1, base_rev = $2, epoch = $3, seen = $4, decided_at = $5, force = $6, state = $7, attempts = $8, \
             next_attempt_at = $9, reason = $10, last_error = $11, current = $12 \
         WHERE place = $13",
    )
    .bind(entry.id.to_string())
    .bind(entry.base_rev)
    .bind(&entry.epoch)
    .bind(&entry.seen)
    .bind(entry.decided_at)
    .bind(entry.force)
    .bind(word_of(entry.state))
    .bind(entry.attempts)
    .bind(entry.next_attempt_at)
    .bind(entry.reason.and_then(reason_word))
    .bind(&entry.last_error)
    .bind(&entry.current)
    .bind(entry.place)
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes an entry.
pub(super) async fn remove(connection: &mut SqliteConnection, place: i64) -> Result<(), CacheError> {
    sqlx::query("DELETE FROM outbox WHERE place = $1").bind(place).execute(connection).await?;
    Ok(())
}
