//! The rows behind: what came, what was told, and the newest of those that nobody has viewed.

use hallmonitor_wire::{Rule, Time};
use sqlx::{Connection as _, Row as _, SqliteConnection, sqlite::SqliteRow};

use super::{
    News, Violation,
    judge::{Open, Verdict},
};
use crate::{
    cache::{CacheError, full_name, id_list},
    model::Place,
};

/// Takes note of restrictions that a batch brought and left here, in its transaction. Those that were noted before stay
/// as they are.
pub(crate) async fn note(connection: &mut SqliteConnection, ids: &[i64]) -> Result<(), CacheError> {
    if ids.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT OR IGNORE INTO telling (restriction_id, occurred_at, state) \
         SELECT id, occurred_at, 'new' \
         FROM restriction \
         WHERE id IN (SELECT value FROM json_each($1))",
    )
    .bind(id_list(ids.iter().copied()))
    .execute(connection)
    .await?;
    Ok(())
}

/// The first reading has ended: what is here by now is no news.
pub(crate) async fn begin(connection: &mut SqliteConnection) -> Result<(), CacheError> {
    sqlx::query(
        "INSERT OR REPLACE INTO telling (restriction_id, occurred_at, state) \
         SELECT id, occurred_at, 'done' \
         FROM restriction \
         ORDER BY id",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether anything was not told yet.
pub(crate) async fn any_open(connection: &mut SqliteConnection) -> Result<bool, CacheError> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM telling WHERE state <> 'done')").fetch_one(connection).await?)
}

/// When the newest happened, told or not.
pub(crate) async fn newest_time(connection: &mut SqliteConnection) -> Result<Option<Time>, CacheError> {
    let newest: Option<i64> = sqlx::query_scalar("SELECT max(occurred_at) FROM telling").fetch_one(connection).await?;
    Ok(newest.map(Time))
}

const COLUMNS: &str = "restriction.id, restriction.contact_id, restriction.occurred_at, restriction.action, \
    rule.code, rule.text, restriction.rule_limit, restriction.observed, \
    ip.country, ip.city, ip.network_kind, \
    contact.id IS NOT NULL, contact.first_name, contact.last_name, contact.email";

const JOINS: &str = "LEFT JOIN rule ON rule.id = restriction.rule_id \
    LEFT JOIN ip ON ip.id = restriction.ip_id \
    LEFT JOIN contact ON contact.id = restriction.contact_id";

/// Reads what is open, has it judged, and writes the verdict before it is given back.
pub(super) async fn settle(
    connection: &mut SqliteConnection,
    judge: impl FnOnce(Vec<Open>) -> Verdict + Send,
) -> Result<News, CacheError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    // What has gone meanwhile is never told, and nobody has to look at it again.
    sqlx::query(
        "UPDATE telling SET state = 'done' \
         WHERE state <> 'done' AND NOT EXISTS ( \
             SELECT 1 FROM restriction \
             WHERE restriction.id = telling.restriction_id AND restriction.occurred_at = telling.occurred_at \
         )",
    )
    .execute(&mut *transaction)
    .await?;
    let open = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS}, telling.state = 'held', restriction.effective_status <> 'not_viewed' \
         FROM telling \
         JOIN restriction ON restriction.id = telling.restriction_id AND restriction.occurred_at = telling.occurred_at \
         {JOINS} \
         WHERE telling.state <> 'done' \
         ORDER BY restriction.occurred_at, restriction.id"
    )))
    .fetch_all(&mut *transaction)
    .await?
    .iter()
    .map(|row| Ok(Open { violation: violation(row)?, held: row.try_get(15)?, viewed: row.try_get(16)? }))
    .collect::<Result<Vec<_>, sqlx::Error>>()?;
    let Verdict { tell, done, hold, wait } = judge(open);
    for (state, keys) in [("done", done), ("held", hold)] {
        if keys.is_empty() {
            continue;
        }
        sqlx::query(
            "UPDATE telling SET state = $1 \
             FROM (SELECT value ->> 0 AS id, value ->> 1 AS at FROM json_each($2)) AS judged \
             WHERE telling.restriction_id = judged.id AND telling.occurred_at = judged.at",
        )
        .bind(state)
        .bind(serde_json::json!(keys).to_string())
        .execute(&mut *transaction)
        .await?;
    }
    transaction.commit().await?;
    Ok(News { tell, waits: wait })
}

/// The newest of those whose effective log status is `not_viewed`, newest first.
pub(crate) async fn newest(connection: &mut SqliteConnection, most: u32) -> Result<Vec<Violation>, CacheError> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} \
         FROM ( \
             SELECT * FROM restriction \
             WHERE effective_status = 'not_viewed' \
             ORDER BY occurred_at DESC, id DESC \
             LIMIT $1 \
         ) AS restriction \
         {JOINS} \
         ORDER BY restriction.occurred_at DESC, restriction.id DESC"
    )))
    .bind(most)
    .fetch_all(connection)
    .await?;
    Ok(rows.iter().map(violation).collect::<Result<_, _>>()?)
}

fn violation(row: &SqliteRow) -> Result<Violation, sqlx::Error> {
    let known: bool = row.try_get(11)?;
    let (first, last): (Option<String>, Option<String>) = (row.try_get(12)?, row.try_get(13)?);
    let email: Option<String> = row.try_get(14)?;
    Ok(Violation {
        id: row.try_get(0)?,
        contact_id: row.try_get(1)?,
        occurred_at: Time(row.try_get(2)?),
        action: row.try_get(3)?,
        rule: Rule {
            code: row.try_get::<Option<String>, _>(4)?.unwrap_or_default(),
            text: row.try_get::<Option<String>, _>(5)?.unwrap_or_default(),
            limit: row.try_get(6)?,
            observed: row.try_get(7)?,
        },
        place: Place {
            country: row.try_get(8)?,
            city: row.try_get(9)?,
            network_kind: row.try_get(10)?,
            ..Place::default()
        },
        contact: known.then(|| full_name(first.as_deref(), last.as_deref(), email.as_deref().unwrap_or_default())),
    })
}
