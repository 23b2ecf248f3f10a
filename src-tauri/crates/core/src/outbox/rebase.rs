//! A new history of the server: revisions of another one mean nothing, so what waits is put upon the new ones.

use std::collections::BTreeMap;

use hallmonitor_wire::ActionType;
use sqlx::{AssertSqlSafe, Connection as _};

use super::entry::{self, Entry, Stands};
use crate::{
    cache::{Cache, CacheError, Target, mark, read_meta},
    model::{EntryReason, EntryState},
};

/// What becomes of the newest decision of a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rebased {
    /// The server has what was wanted.
    Gone,
    /// Waits, under a new id.
    Queued,
    /// The server has what the person neither saw nor wants.
    Conflict,
    /// The server does not know the target.
    Rejected,
}

fn rebase_one(stands: Option<&str>, seen: &str, wanted: &str) -> Rebased {
    match stands {
        None => Rebased::Rejected,
        Some(value) if value == wanted => Rebased::Gone,
        Some(value) if value == seen => Rebased::Queued,
        Some(_) => Rebased::Conflict,
    }
}

/// Puts everything that waits with revisions of another history upon the present one, after that was read to its end.
/// Says whether anything was put so.
///
/// # Errors
/// Those of the database; nothing has changed then.
pub(crate) async fn rebase(cache: &Cache, now: i64) -> Result<bool, CacheError> {
    // Asked first, so that a sync without news takes no lock. Without a history (the login log is away) there is nothing
    // to put it upon: it waits under its key, for the server may have done it already. A lane goes by its head: what
    // stands behind one of the present history takes the revision of its answer.
    let foreign = "state IN ('queued', 'sending') AND version = 1 \
        AND EXISTS (SELECT 1 FROM meta WHERE key = 'epoch' AND value IS NOT NULL) \
        AND (kind, target_id) IN ( \
            SELECT kind, target_id FROM outbox AS head \
            WHERE state IN ('queued', 'sending') \
                AND epoch IS NOT (SELECT CAST(value AS TEXT) FROM meta WHERE key = 'epoch') \
                AND NOT EXISTS ( \
                    SELECT 1 FROM outbox AS before \
                    WHERE before.kind = head.kind AND before.target_id = head.target_id AND before.place < head.place \
                ) \
        )";
    if entry::read(&mut *cache.reader().await?, foreign, []).await?.is_empty() {
        return Ok(false);
    }
    let mut writer = cache.writer().await;
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
    let meta = read_meta(&mut transaction).await?;
    let mut lanes: BTreeMap<(String, i64), Vec<Entry>> = BTreeMap::new();
    for entry in entry::read(&mut transaction, foreign, []).await? {
        lanes.entry((entry.kind.clone(), entry.target_id)).or_default().push(entry);
    }
    for ((kind, target_id), mut lane) in lanes {
        let (Some(kind), Some(mut newest)) = (ActionType::from_word(&kind), lane.pop()) else { continue };
        for older in lane {
            entry::remove(&mut transaction, older.place).await?;
        }
        let Target { table, value, about, .. } = Target::of(kind);
        // Another one that has got the id since is not what was decided about.
        let stands: Option<(String, i64)> = sqlx::query_as(AssertSqlSafe(format!(
            "SELECT {value}, rev FROM {table} \
             WHERE id = $1 AND only_here = 0 \
                 AND {about} IS coalesce((SELECT outbox.about FROM outbox WHERE place = $2), {about})"
        )))
        .bind(target_id)
        .bind(newest.place)
        .fetch_optional(&mut *transaction)
        .await?;
        let rebased = rebase_one(stands.as_ref().map(|(value, _)| value.as_str()), &newest.seen, &newest.value);
        if let Some((value, rev)) = &stands {
            newest.renew(Stands { value, rev: *rev }, meta.epoch.clone(), now);
        }
        match rebased {
            Rebased::Gone => {
                entry::remove(&mut transaction, newest.place).await?;
                mark(&mut transaction, kind, [target_id]).await?;
                continue;
            }
            Rebased::Queued => {}
            Rebased::Conflict => {
                newest.state = EntryState::Conflict;
                newest.reason = Some(EntryReason::Conflict);
                newest.last_error =
                    Some("The school's server was set up anew, and has something else there now.".to_owned());
            }
            Rebased::Rejected => {
                newest.state = EntryState::Rejected;
                newest.reason = Some(EntryReason::NotFound);
                newest.last_error =
                    Some("The school's server was set up anew, and does not know it any more.".to_owned());
            }
        }
        entry::write(&mut transaction, &newest).await?;
        mark(&mut transaction, kind, [target_id]).await?;
    }
    transaction.commit().await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_epoch_keeps_a_decision_only_where_the_server_has_what_the_person_saw() {
        for (stands, expected) in [
            (Some("blocked"), Rebased::Gone),
            (Some("allowed"), Rebased::Queued),
            (Some("a later word"), Rebased::Conflict),
            (None, Rebased::Rejected),
        ] {
            assert_eq!(rebase_one(stands, "allowed", "blocked"), expected, "{stands:?}");
        }
    }
}
