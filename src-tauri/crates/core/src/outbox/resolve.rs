//! What the person does with decisions that stand in the outbox.

use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};
use uuid::Uuid;

use super::{
    OutboxError,
    entry::{self, Entry, Stands},
};
use crate::{
    cache::{Cache, CacheError, Meta, Target, mark, read_meta},
    model::{EntryState, OutboxEntry, Resolution},
};

/// Whether a decision can be resolved so. Pure.
fn fits(how: Resolution, state: EntryState, left: bool) -> bool {
    match how {
        Resolution::KeepMine | Resolution::TakeTheirs => state == EntryState::Conflict,
        Resolution::Retry | Resolution::Dismiss => state == EntryState::Rejected,
        Resolution::Cancel => state == EntryState::Queued && !left,
    }
}

/// Does it to all of `ids`, or to none. Gives the entries left in the outbox.
///
/// # Errors
/// [`OutboxError::Unknown`], [`OutboxError::Elsewhere`], [`OutboxError::Newer`]; those of the cache.
pub(crate) async fn resolve(
    cache: &Cache,
    ids: &[Uuid],
    how: Resolution,
    now: i64,
) -> Result<Vec<OutboxEntry>, OutboxError> {
    let mut writer = cache.writer().await;
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await.map_err(CacheError::from)?;
    let meta = read_meta(&mut transaction).await?;
    let wanted = serde_json::json!(ids).to_string();
    let mut found = entry::read(&mut transaction, "id IN (SELECT value FROM json_each(?))", [wanted]).await?;
    for id in ids {
        let entry = found.iter().find(|entry| entry.id == *id).ok_or(OutboxError::Unknown(*id))?;
        if !entry.is_understood() {
            return Err(OutboxError::Newer(*id));
        }
        if !fits(how, entry.state, entry.left()) {
            return Err(OutboxError::Elsewhere { id: *id, state: entry.state, left: entry.left() });
        }
    }
    for entry in &mut found {
        let Some(kind) = entry.kind() else { continue };
        match how {
            Resolution::KeepMine | Resolution::Retry => {
                send_again(&mut transaction, entry, &meta, now).await?;
                entry.force |= how == Resolution::KeepMine;
                entry.decided_at = now;
                entry::write(&mut transaction, entry).await?;
            }
            Resolution::TakeTheirs | Resolution::Dismiss | Resolution::Cancel => {
                entry::remove(&mut transaction, entry.place).await?;
            }
        }
        mark(&mut transaction, kind, [entry.target_id]).await?;
    }
    let left = entry::read(&mut transaction, "1", []).await?;
    transaction.commit().await.map_err(CacheError::from)?;
    Ok(left.iter().map(Entry::shown).collect())
}

/// A new decision of the same content, upon what the server has now. Where the target is not here any more, the server
/// shall say so itself.
async fn send_again(
    connection: &mut SqliteConnection,
    entry: &mut Entry,
    meta: &Meta,
    now: i64,
) -> Result<(), CacheError> {
    let Some(kind) = entry.kind() else { return Ok(()) };
    let Target { table, value, .. } = Target::of(kind);
    let stands: Option<(String, i64, i64)> =
        sqlx::query_as(AssertSqlSafe(format!("SELECT {value}, rev, run FROM {table} WHERE id = $1")))
            .bind(entry.target_id)
            .fetch_optional(connection)
            .await?;
    let epoch = stands.as_ref().map_or_else(|| meta.epoch.clone(), |(_, _, run)| meta.epoch_of(*run));
    let (value, rev) = match stands {
        Some((value, rev, _)) => (value, rev),
        None => (entry.seen.clone(), entry.base_rev),
    };
    entry.renew(Stands { value: &value, rev }, epoch, now);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_resolution_fits_one_state() {
        use EntryState::{Conflict, Queued, Rejected, Sending};
        use Resolution::{Cancel, Dismiss, KeepMine, Retry, TakeTheirs};
        for (state, left, fitting) in [
            (Queued, false, &[Cancel][..]),
            (Queued, true, &[]),
            (Sending, true, &[]),
            (Conflict, true, &[KeepMine, TakeTheirs]),
            (Conflict, false, &[KeepMine, TakeTheirs]),
            (Rejected, true, &[Retry, Dismiss]),
            (Rejected, false, &[Retry, Dismiss]),
        ] {
            for how in [KeepMine, TakeTheirs, Retry, Dismiss, Cancel] {
                assert_eq!(fits(how, state, left), fitting.contains(&how), "{how:?} {state:?} {left}");
            }
        }
    }
}
