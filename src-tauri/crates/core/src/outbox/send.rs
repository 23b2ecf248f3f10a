//! The way out: heads of lanes, as many in one request as the server takes.
//!
//! An entry counts its attempt, committed, before the socket opens; a reply that was lost is asked for again with the
//! same key. Nothing spins: what the server wants later waits until the next turn, and a failing exchange ends after a
//! few tries.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use hallmonitor_wire::Action;
use sqlx::Connection as _;
use tokio::time::sleep;

use super::{
    OutboxError,
    entry::{self, Entry},
    later, settle,
};
use crate::{
    cache::{Applier, Cache, CacheError},
    model::{EntryReason, EntryState, SyncPhase},
    pull::Surroundings,
    school::{Pause, SchoolClient, SchoolError, Trials, Verdict},
};

/// How long a decision stays here for undo, milliseconds: the toast's 6 seconds.
pub const UNDO_MS: i64 = 6_000;

/// Most actions in one request, whatever the server takes: each is under 400 bytes, and a body may have 1 MiB.
const MOST_ACTIONS: usize = 2_000;

/// Why an exchange takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// The person wants it: everything leaves at once.
    Now,
    /// It is time: what can still be undone and what the server wants later stays.
    Timer,
}

/// What a push did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pushed {
    /// Decisions that the server has confirmed.
    pub applied: u64,
    /// Decisions against which somebody else's stands.
    pub conflict: u64,
    /// Decisions that the server refused.
    pub rejected: u64,
    /// Decisions that still wait.
    pub queued: u64,
}

/// Sends what waits, until nothing is left that may leave now. `most` is what the server takes at once.
///
/// # Errors
/// [`OutboxError`]; whatever left without an answer stays in the outbox, under the same key. `pushed` counts what was
/// answered by then.
pub(crate) async fn push(
    cache: &Cache,
    client: &SchoolClient,
    around: &Surroundings<'_>,
    urgency: Urgency,
    most: i64,
    pushed: &mut Pushed,
) -> Result<(), OutboxError> {
    let mut most = usize::try_from(most).unwrap_or(0).clamp(1, MOST_ACTIONS);
    let mut applier = Applier::default();
    let mut trials = Trials::default();
    let mut since = Instant::now();
    let mut asked_for_later = HashSet::new();
    let mut done = 0;
    loop {
        let trying_again = trials != Trials::default();
        let waits = Waits { undo: urgency == Urgency::Timer, backoff: urgency == Urgency::Timer && !trying_again };
        let picked = pick(cache, (around.now)(), waits, most, &asked_for_later).await?;
        if picked.is_empty() {
            return Ok(());
        }
        let remaining = u64::try_from(cache.outbox_counts().await?.queued).unwrap_or(0);
        (around.tell)(SyncPhase::Pushing { done, remaining });
        let actions: Vec<Action> = picked.iter().filter_map(Entry::action).collect();
        let error = match client.act(&actions).await {
            Ok(answers) => {
                let settled = settle::settle(cache, &mut applier, &picked, answers, (around.now)()).await?;
                pushed.applied += settled.pushed.applied;
                pushed.conflict += settled.pushed.conflict;
                pushed.rejected += settled.pushed.rejected;
                done += (picked.len() - settled.again.len()) as u64;
                asked_for_later.extend(settled.again);
                trials = Trials::default();
                since = Instant::now();
                continue;
            }
            Err(error) => error,
        };
        release(cache, &picked, &error, (around.now)()).await?;
        if error.is_too_much() && picked.len() > 1 {
            most = picked.len() / 2;
            continue;
        }
        match client.pause(&mut trials, &error, since.elapsed()) {
            None => return Err(error.into()),
            Some(Pause::Own(pause)) => sleep(pause).await,
            Some(Pause::Ordered(wait)) => {
                client.tell_wait(wait);
                sleep(wait).await;
                since = Instant::now();
            }
        }
    }
}

/// What is waited for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waits {
    pub(super) undo: bool,
    pub(super) backoff: bool,
}

/// Takes the heads of lanes that may leave now, at most `most`, and counts their attempt.
pub(super) async fn pick(
    cache: &Cache,
    now: i64,
    waits: Waits,
    most: usize,
    except: &HashSet<i64>,
) -> Result<Vec<Entry>, CacheError> {
    let mut writer = cache.writer().await;
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
    let columns = entry::COLUMNS;
    let sql = format!(
        "SELECT {columns} FROM outbox \
         WHERE {HEADS} \
             AND place NOT IN (SELECT value FROM json_each($1)) \
             AND ($2 = 0 OR attempts > 0 OR decided_at NOT BETWEEN $4 - {UNDO_MS} + 1 AND $4) \
             AND ($3 = 0 OR next_attempt_at IS NULL OR next_attempt_at NOT BETWEEN $4 + 1 AND $4 + {longest}) \
         ORDER BY place \
         LIMIT $5",
        longest = later::LONGEST_MS,
    );
    let mut picked: Vec<Entry> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(crate::cache::id_list(except.iter().copied()))
        .bind(waits.undo)
        .bind(waits.backoff)
        .bind(now)
        .bind(i64::try_from(most).unwrap_or(i64::MAX))
        .fetch_all(&mut *transaction)
        .await?;
    picked.retain(Entry::is_understood);
    for entry in &mut picked {
        entry.state = EntryState::Sending;
        entry.attempts += 1;
    }
    sqlx::query(
        "UPDATE outbox SET state = 'sending', attempts = attempts + 1 \
         WHERE place IN (SELECT value FROM json_each($1))",
    )
    .bind(crate::cache::id_list(picked.iter().map(|entry| entry.place)))
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(picked)
}

/// The first of each lane, where it waits or is a leftover of an exchange that broke off (one takes place at a time), and
/// its `base_rev` belongs to the server's present history.
const HEADS: &str = "state IN ('queued', 'sending') AND version = 1 \
    AND kind IN ('device_access', 'restriction_status', 'contact_checks') \
    AND epoch = (SELECT CAST(value AS TEXT) FROM meta WHERE key = 'epoch') \
    AND NOT EXISTS ( \
        SELECT 1 FROM outbox AS before \
        WHERE before.kind = outbox.kind AND before.target_id = outbox.target_id AND before.place < outbox.place \
    )";

/// Puts back what left and brought no answer.
async fn release(cache: &Cache, picked: &[Entry], error: &SchoolError, now: i64) -> Result<(), CacheError> {
    let reason = match error.verdict() {
        Verdict::TokenRefused | Verdict::MayNotDecide => EntryReason::TokenRefused,
        Verdict::RateLimited { .. } => EntryReason::Later,
        _ => EntryReason::Unreachable,
    };
    let sentence = error.to_string();
    let mut writer = cache.writer().await;
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
    for entry in picked {
        let entry = Entry {
            state: EntryState::Queued,
            next_attempt_at: Some(later::next_attempt_at(now, entry.attempts, rand::random())),
            reason: Some(reason),
            last_error: Some(sentence.clone()),
            ..entry.clone()
        };
        entry::write(&mut transaction, &entry).await?;
    }
    transaction.commit().await?;
    Ok(())
}

impl Cache {
    /// Lets everything try again that waits because the server could not be reached: it can.
    pub(crate) async fn reached(&self) -> Result<(), CacheError> {
        const WAITING: &str = "reason = 'unreachable' AND state = 'queued' AND next_attempt_at IS NOT NULL";
        let sql = format!("SELECT EXISTS (SELECT 1 FROM outbox WHERE {WAITING})");
        let any: bool = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut *self.reader().await?).await?;
        if any {
            let sql = format!("UPDATE outbox SET next_attempt_at = NULL WHERE {WAITING}");
            sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *self.writer().await).await?;
        }
        Ok(())
    }

    /// How long until a decision may leave; `None` where none waits.
    pub(crate) async fn next_push(&self, now: i64) -> Result<Option<Duration>, CacheError> {
        let sql = format!(
            "SELECT min(CASE WHEN attempts = 0 THEN decided_at + {UNDO_MS} ELSE coalesce(next_attempt_at, 0) END) \
             FROM outbox WHERE {HEADS}"
        );
        let at: Option<i64> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut *self.reader().await?).await?;
        // A clock that was set back must not hold a decision for longer than any wait lasts.
        Ok(at
            .map(|at| (at - now).clamp(0, later::LONGEST_MS))
            .and_then(|ms| u64::try_from(ms).ok())
            .map(Duration::from_millis))
    }
}
