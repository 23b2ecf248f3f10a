//! What the outbox leaves in the mirror: the effective values, and the server's answers to decisions.

use hallmonitor_wire::{ActionType, Changes};
use sqlx::{AssertSqlSafe, SqliteConnection};

use super::{Applier, CacheError, bulk::id_list, derive, meta::Meta};

/// The rows that decisions of one kind are about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    /// The table.
    pub(crate) table: &'static str,
    /// The server's word for the value, as SQL.
    pub(crate) value: &'static str,
    /// Who it belongs to, as SQL.
    pub(crate) contact: &'static str,
    /// What tells it from another one of the same id in another history, as SQL.
    pub(crate) about: &'static str,
}

impl Target {
    /// The rows that this kind of decision is about.
    pub(crate) const fn of(kind: ActionType) -> Self {
        match kind {
            ActionType::DeviceAccess => Self {
                table: "device",
                value: "access",
                contact: "contact_id",
                about: "contact_id || ' ' || fingerprint",
            },
            ActionType::RestrictionStatus => Self {
                table: "restriction",
                value: "status",
                contact: "contact_id",
                about: "contact_id || ' ' || occurred_at",
            },
            ActionType::ContactChecks => Self {
                table: "contact",
                value: "CASE checks_enabled WHEN 0 THEN 'off' ELSE 'on' END",
                contact: "id",
                about: "CAST(created_at AS TEXT)",
            },
        }
    }
}

/// Notes of each decision what it is about, before rows of another history come.
pub(super) async fn note_about(connection: &mut SqliteConnection) -> Result<(), CacheError> {
    for kind in [ActionType::DeviceAccess, ActionType::RestrictionStatus, ActionType::ContactChecks] {
        let Target { table, about, .. } = Target::of(kind);
        sqlx::query(AssertSqlSafe(format!(
            "UPDATE outbox SET about = (SELECT {about} FROM {table} WHERE {table}.id = outbox.target_id) \
             WHERE kind = $1 AND about IS NULL"
        )))
        .bind(kind.as_str())
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Brings the effective values of these targets, and the counts that follow from them, in line with the outbox.
pub(crate) async fn mark(
    connection: &mut SqliteConnection,
    kind: ActionType,
    ids: impl IntoIterator<Item = i64>,
) -> Result<(), CacheError> {
    let ids = id_list(ids);
    mark_values(connection, kind, &ids).await?;
    let Target { table, contact, .. } = Target::of(kind);
    if kind == ActionType::ContactChecks {
        return Ok(());
    }
    let owners: Vec<i64> = sqlx::query_scalar(AssertSqlSafe(format!(
        "SELECT DISTINCT {contact} FROM {table} WHERE id IN (SELECT value FROM json_each($1))"
    )))
    .bind(ids)
    .fetch_all(&mut *connection)
    .await?;
    derive::recount(connection, owners).await
}

/// As [`mark`], for what a batch brought, without the counts.
pub(super) async fn mark_touched(
    connection: &mut SqliteConnection,
    touched: &derive::Touched,
) -> Result<(), CacheError> {
    let any: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM outbox)").fetch_one(&mut *connection).await?;
    if !any {
        return Ok(());
    }
    for (kind, ids) in [
        (ActionType::DeviceAccess, &touched.devices),
        (ActionType::RestrictionStatus, &touched.restrictions),
        (ActionType::ContactChecks, &touched.contacts),
    ] {
        mark_values(connection, kind, &id_list(ids.iter().copied())).await?;
    }
    Ok(())
}

async fn mark_values(connection: &mut SqliteConnection, kind: ActionType, ids: &str) -> Result<(), CacheError> {
    let table = Target::of(kind).table;
    sqlx::query(AssertSqlSafe(format!(
        "UPDATE {table} SET decided = fresh.decided, decision = fresh.decision \
         FROM ( \
             SELECT target.value AS id, \
                 (SELECT value FROM outbox \
                     WHERE kind = $2 AND target_id = target.value AND version = 1 AND state IN ('queued', 'sending') \
                     ORDER BY place DESC LIMIT 1) AS decided, \
                 (SELECT CASE state WHEN 'conflict' THEN state WHEN 'rejected' THEN state ELSE 'pending' END \
                     FROM outbox \
                     WHERE kind = $2 AND target_id = target.value AND version = 1 \
                     ORDER BY place DESC LIMIT 1) AS decision \
             FROM json_each($1) AS target \
         ) AS fresh \
         WHERE {table}.id = fresh.id \
             AND ({table}.decided, {table}.decision) IS NOT (fresh.decided, fresh.decision)"
    )))
    .bind(ids)
    .bind(kind.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

impl Applier {
    /// Writes the entities of the server's answers to decisions: only those that are here, and only where they are
    /// newer. A replayed answer brings back nothing that was deleted since, and nothing that is older; nor does it say
    /// that a reading of the whole log has seen the row.
    pub(crate) async fn answers(
        &mut self,
        connection: &mut SqliteConnection,
        mut answers: Changes,
        meta: &Meta,
    ) -> Result<(), CacheError> {
        let pairs = |list: Vec<(i64, i64)>| serde_json::json!(list).to_string();
        let devices = pairs(answers.devices.iter().map(|row| (row.id, row.rev)).collect());
        let restrictions = pairs(answers.restrictions.iter().map(|row| (row.id, row.rev)).collect());
        let contacts = pairs(answers.contacts.iter().map(|row| (row.id, row.rev.unwrap_or(0))).collect());
        let devices = newer(connection, "device", devices).await?;
        let restrictions = newer(connection, "restriction", restrictions).await?;
        let contacts = newer(connection, "contact", contacts).await?;
        answers.devices.retain(|row| devices.contains(&(row.id, row.rev)));
        answers.restrictions.retain(|row| restrictions.contains(&(row.id, row.rev)));
        answers.contacts.retain(|row| contacts.contains(&(row.id, row.rev.unwrap_or(0))));
        let seen_by = [("device", &devices), ("restriction", &restrictions), ("contact", &contacts)];
        let mut runs = Vec::new();
        for (table, rows) in seen_by {
            runs.push((table, runs_of(connection, table, rows, meta.run).await?));
        }
        self.entities(connection, answers, meta).await?;
        for (table, runs) in runs {
            see_again(connection, table, &runs).await?;
        }
        Ok(())
    }
}

/// The readings that have seen these rows last, where those are not the one that is going on.
async fn runs_of(
    connection: &mut SqliteConnection,
    table: &'static str,
    rows: &[(i64, i64)],
    run: i64,
) -> Result<Vec<(i64, i64)>, CacheError> {
    Ok(sqlx::query_as(AssertSqlSafe(format!(
        "SELECT id, run FROM {table} WHERE id IN (SELECT value FROM json_each($1)) AND run <> $2"
    )))
    .bind(id_list(rows.iter().map(|(id, _)| *id)))
    .bind(run)
    .fetch_all(connection)
    .await?)
}

/// Says again which reading has seen each row last.
async fn see_again(
    connection: &mut SqliteConnection,
    table: &'static str,
    runs: &[(i64, i64)],
) -> Result<(), CacheError> {
    if runs.is_empty() {
        return Ok(());
    }
    sqlx::query(AssertSqlSafe(format!(
        "UPDATE {table} SET run = seen.run \
         FROM (SELECT value ->> 0 AS id, value ->> 1 AS run FROM json_each($1)) AS seen \
         WHERE {table}.id = seen.id"
    )))
    .bind(serde_json::json!(runs).to_string())
    .execute(connection)
    .await?;
    Ok(())
}

/// Those of the pairs of id and `rev` that are newer than the row here.
async fn newer(
    connection: &mut SqliteConnection,
    table: &'static str,
    pairs: String,
) -> Result<Vec<(i64, i64)>, CacheError> {
    Ok(sqlx::query_as(AssertSqlSafe(format!(
        "SELECT row.id, answer.rev \
         FROM (SELECT value ->> 0 AS id, value ->> 1 AS rev FROM json_each($1)) AS answer \
         JOIN {table} AS row ON row.id = answer.id \
         WHERE answer.rev > row.rev"
    )))
    .bind(pairs)
    .fetch_all(connection)
    .await?)
}
