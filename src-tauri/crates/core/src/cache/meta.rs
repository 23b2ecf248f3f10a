//! What the cache knows of itself and of the server: how far it has read, in which epoch, when.

use sqlx::{Row as _, SqliteConnection};

use super::{Cache, CacheError};
use crate::vault::{CabinetHash, Token};

/// A row where the first load is over.
pub(super) const LOADED: &str = "SELECT 1 FROM meta WHERE key = 'loading' AND CAST(value AS TEXT) = '0'";

/// The state of the reading. Times are milliseconds since 1970, UTC.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// Where the next page of changes begins; `None` is the beginning.
    pub cursor: Option<String>,
    /// The server's history that the revisions here belong to; `None` before the first answer.
    pub epoch: Option<String>,
    /// Number of the reading of the whole log that is going on or was the last, from 1.
    pub run: i64,
    /// Whether that reading has not reached its end yet.
    pub run_open: bool,
    /// Number of the reading that the present epoch began with: what an earlier one brought is of another history. `None`
    /// where no version has noted it.
    pub epoch_since: Option<i64>,
    /// Whether the sessions' secondary indexes and the contacts' counts are still to be made.
    pub loading: bool,
    /// Whether the server has a login log; `None` before the first answer.
    pub login_log: Option<bool>,
    /// The school's name; empty where the server does not say.
    pub cabinet_name: String,
    /// Which cabinet: the `Cabinet-Hash` header; `None` only before the profile is made.
    pub cabinet_hash: Option<CabinetHash>,
    /// The address that the token was given for. The profile's file, which names it too, is not encrypted.
    pub server: Option<String>,
    /// The token: in passphrase mode, and where a recovery passphrase was chosen.
    pub token: Option<Token>,
    /// Whether the keyring did not take this token and may hold an older one.
    pub token_is_newer: bool,
    /// The largest page the server serves.
    pub max_changes_limit: i64,
    /// When a sync last reached the end.
    pub last_sync_at: Option<i64>,
    /// Whether a reading of the log has ended: violations that come from then on are news.
    pub telling: bool,
    /// Whether the school is being removed from this machine: no decision is taken any more.
    pub sealed: bool,
}

impl Meta {
    /// The history that the revision of a row belongs to which this reading has brought; `None` where it may be an earlier
    /// history's, because the present one was not read to its end yet.
    pub(crate) fn epoch_of(&self, run: i64) -> Option<String> {
        if self.run_open && run < self.epoch_since() { None } else { self.epoch.clone() }
    }

    /// The open reading may have begun for a new epoch, where nobody has noted it.
    pub(super) fn epoch_since(&self) -> i64 {
        self.epoch_since.unwrap_or(if self.run_open { self.run } else { 1 })
    }
}

impl Cache {
    /// Reads the state.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn meta(&self) -> Result<Meta, CacheError> {
        read(&mut *self.reader().await?).await
    }

    /// Writes what `change` makes of the state.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn set_meta(&self, change: impl FnOnce(&mut Meta) + Send) -> Result<Meta, CacheError> {
        use sqlx::Connection as _;
        let mut writer = self.writer().await;
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        let old = read(&mut transaction).await?;
        let mut new = old.clone();
        change(&mut new);
        write(&mut transaction, &old, &new).await?;
        transaction.commit().await?;
        Ok(new)
    }
}

pub(crate) async fn read(connection: &mut SqliteConnection) -> Result<Meta, CacheError> {
    let mut meta = Meta { run: 1, run_open: true, loading: true, max_changes_limit: 1000, ..Meta::default() };
    for row in sqlx::query("SELECT key, CAST(value AS TEXT) FROM meta").fetch_all(connection).await? {
        let value: Option<String> = row.try_get(1)?;
        let number = || value.as_ref().and_then(|text| text.parse::<i64>().ok());
        match row.try_get::<&str, _>(0)? {
            "cursor" => meta.cursor = value,
            "epoch" => meta.epoch = value,
            "run" => meta.run = number().unwrap_or(1),
            "run_open" => meta.run_open = number() == Some(1),
            "epoch_since" => meta.epoch_since = number(),
            "loading" => meta.loading = number() == Some(1),
            "login_log" => meta.login_log = number().map(|flag| flag == 1),
            "cabinet_name" => meta.cabinet_name = value.unwrap_or_default(),
            "cabinet_hash" => meta.cabinet_hash = value.and_then(|text| CabinetHash::new(&text).ok()),
            "server" => meta.server = value,
            "token" => meta.token = value.and_then(|text| Token::new(&text).ok()),
            "token_is_newer" => meta.token_is_newer = number() == Some(1),
            "max_changes_limit" => meta.max_changes_limit = number().unwrap_or(1000),
            "last_sync_at" => meta.last_sync_at = number(),
            "telling" => meta.telling = number() == Some(1),
            "sealed" => meta.sealed = number() == Some(1),
            _ => {}
        }
    }
    Ok(meta)
}

/// Writes the rows that differ.
pub(super) async fn write(connection: &mut SqliteConnection, old: &Meta, new: &Meta) -> Result<(), CacheError> {
    let rows = |meta: &Meta| -> [(&'static str, Option<String>); 16] {
        [
            ("cursor", meta.cursor.clone()),
            ("epoch", meta.epoch.clone()),
            ("run", Some(meta.run.to_string())),
            ("run_open", Some(i64::from(meta.run_open).to_string())),
            ("epoch_since", meta.epoch_since.map(|run| run.to_string())),
            ("loading", Some(i64::from(meta.loading).to_string())),
            ("login_log", meta.login_log.map(|flag| i64::from(flag).to_string())),
            ("cabinet_name", Some(meta.cabinet_name.clone())),
            ("cabinet_hash", meta.cabinet_hash.as_ref().map(|hash| hash.expose().to_owned())),
            ("server", meta.server.clone()),
            ("token", meta.token.as_ref().map(|token| token.expose().to_owned())),
            ("token_is_newer", Some(i64::from(meta.token_is_newer).to_string())),
            ("max_changes_limit", Some(meta.max_changes_limit.to_string())),
            ("last_sync_at", meta.last_sync_at.map(|at| at.to_string())),
            ("telling", Some(i64::from(meta.telling).to_string())),
            ("sealed", Some(i64::from(meta.sealed).to_string())),
        ]
    };
    for ((key, before), (_, after)) in rows(old).into_iter().zip(rows(new)) {
        if before != after {
            sqlx::query(
                "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            )
            .bind(key)
            .bind(after)
            .execute(&mut *connection)
            .await?;
        }
    }
    Ok(())
}
