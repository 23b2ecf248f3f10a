//! A decision, recorded: done when its row is on disk, whatever the network does.

use std::collections::{HashMap, HashSet};

use hallmonitor_wire::{ActionType, ActionValue, Time};
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};

use super::{
    OutboxError,
    entry::{self, Entry},
    exceptions, lane,
};
use crate::{
    cache::{Cache, CacheError, Target, id_list, mark, read_meta},
    model::OutboxEntry,
};

/// A target as the mirror has it.
#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: i64,
    value: String,
    rev: i64,
    run: i64,
    only_here: bool,
}

/// Records that all of `ids` shall have `value`, or nothing. Gives the entries made: none for what holds already, and
/// none where an opposite decision that never left was taken back.
///
/// # Errors
/// [`OutboxError`]; nothing is recorded then.
pub(crate) async fn record(
    cache: &Cache,
    kind: ActionType,
    ids: &[i64],
    value: ActionValue,
    now: i64,
) -> Result<Vec<OutboxEntry>, OutboxError> {
    let mut writer = cache.writer().await;
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await.map_err(CacheError::from)?;
    let made = record_on(&mut transaction, kind, ids, value, now).await?;
    transaction.commit().await.map_err(CacheError::from)?;
    Ok(made)
}

/// Records that the checks of all of `ids` shall be off, and notes why and until when, or nothing of it.
///
/// # Errors
/// As [`record`].
pub(crate) async fn excuse(
    cache: &Cache,
    ids: &[i64],
    note: (&str, Option<Time>),
    now: i64,
) -> Result<Vec<OutboxEntry>, OutboxError> {
    let mut writer = cache.writer().await;
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await.map_err(CacheError::from)?;
    let made = record_on(&mut transaction, ActionType::ContactChecks, ids, ActionValue::Off, now).await?;
    for &id in ids {
        exceptions::write(&mut transaction, id, note).await?;
    }
    transaction.commit().await.map_err(CacheError::from)?;
    Ok(made)
}

async fn record_on(
    transaction: &mut SqliteConnection,
    kind: ActionType,
    ids: &[i64],
    value: ActionValue,
    now: i64,
) -> Result<Vec<OutboxEntry>, OutboxError> {
    if !kind.values().contains(&value) {
        return Err(OutboxError::Misfit { kind: kind.as_str(), value: value.as_str() });
    }
    let meta = read_meta(transaction).await?;
    if meta.sealed {
        return Err(OutboxError::Sealed);
    }
    let targets = targets(transaction, kind, ids).await?;
    let lanes = lanes(transaction, kind, ids).await?;
    let mut made = Vec::new();
    let mut seen = HashSet::new();
    let mut kept_here = Vec::new();
    for id in ids.iter().copied().filter(|id| seen.insert(*id)) {
        let what = Target::of(kind).table;
        let Some(row) = targets.get(&id) else {
            // A sync will not bring it either.
            let no_log = meta.login_log == Some(false);
            return Err(if no_log { OutboxError::NoLoginLog } else { OutboxError::NoTarget { what, id } });
        };
        if row.only_here {
            if kind != ActionType::RestrictionStatus {
                return Err(OutboxError::OnlyHere { what, id });
            }
            kept_here.push(id);
            continue;
        }
        let lane = lanes.get(&id).map_or(&[][..], Vec::as_slice);
        let standing: Vec<_> = lane.iter().map(Entry::standing).collect();
        let plan = lane::plan(&row.value, &standing, value.as_str());
        if let Some(dropped) = plan.drop.and_then(|id| lane.iter().find(|entry| entry.id == id)) {
            entry::remove(transaction, dropped.place).await?;
        }
        if let Some(seen) = plan.add {
            // What was not sent before the log went can still be taken back.
            if meta.login_log == Some(false) {
                return Err(OutboxError::NoLoginLog);
            }
            let entry =
                Entry { base_rev: row.rev, epoch: meta.epoch_of(row.run), ..Entry::new(kind, id, value, seen, now) };
            entry::add(transaction, &entry).await?;
            made.push(entry.shown());
        }
    }
    keep_here(transaction, &kept_here, value).await?;
    let is_of_checks = kind == ActionType::ContactChecks;
    if is_of_checks && value == ActionValue::Off {
        exceptions::forget(transaction, ids).await?;
    }
    mark(transaction, kind, ids.iter().copied()).await?;
    if is_of_checks && value == ActionValue::On {
        exceptions::forget(transaction, ids).await?;
    }
    Ok(made)
}

async fn targets(
    connection: &mut SqliteConnection,
    kind: ActionType,
    ids: &[i64],
) -> Result<HashMap<i64, Row>, CacheError> {
    let Target { table, value, .. } = Target::of(kind);
    let rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(format!(
        "SELECT id, {value} AS value, rev, run, only_here \
         FROM {table} \
         WHERE id IN (SELECT value FROM json_each($1))"
    )))
    .bind(id_list(ids.iter().copied()))
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

async fn lanes(
    connection: &mut SqliteConnection,
    kind: ActionType,
    ids: &[i64],
) -> Result<HashMap<i64, Vec<Entry>>, CacheError> {
    let condition = "kind = ? AND version = 1 AND target_id IN (SELECT value FROM json_each(?))";
    let bound = [kind.as_str().to_owned(), id_list(ids.iter().copied())];
    let mut lanes: HashMap<i64, Vec<Entry>> = HashMap::new();
    for entry in entry::read(connection, condition, bound).await? {
        lanes.entry(entry.target_id).or_default().push(entry);
    }
    Ok(lanes)
}

/// The log status of restrictions that the server has dropped as too old: nobody there could be told, so it is noted
/// where the only copy is.
async fn keep_here(connection: &mut SqliteConnection, ids: &[i64], value: ActionValue) -> Result<(), CacheError> {
    if !ids.is_empty() {
        sqlx::query(
            "UPDATE restriction SET status = $1 WHERE only_here = 1 AND id IN (SELECT value FROM json_each($2))",
        )
        .bind(value.as_str())
        .bind(id_list(ids.iter().copied()))
        .execute(connection)
        .await?;
    }
    Ok(())
}
