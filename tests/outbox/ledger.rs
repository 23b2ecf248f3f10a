//! What really happened at the school: each change of a field that decisions are about, and each stored answer, in their
//! order. Written by triggers of the database, so that it does not depend on the server's own word.

use anyhow::{Context as _, Result, bail, ensure};
use hallmonitor_tests::TestSchool;
use sqlx::Executor as _;

use crate::administrator::is_theirs;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A field got another value.
    Changed {
        /// `device_access`, `restriction_status` or `contact_checks`.
        kind: String,
        /// Which entity.
        target: i64,
        /// The value that it has from then on.
        value: String,
        /// Who did it.
        by: String,
    },
    /// An answer was stored under its key.
    Answered {
        /// The idempotency key.
        key: String,
        /// `applied`, `conflict`, ...
        result: String,
        /// What was asked for.
        kind: String,
        /// Of which entity.
        target: i64,
        /// Which value.
        value: String,
    },
}

/// Begins the ledger of a school, which then goes with its database.
pub(crate) async fn begin(school: &TestSchool) {
    let script = "
        CREATE TABLE ledger (
            place INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL, target INTEGER NOT NULL, value TEXT NOT NULL, by_whom TEXT, key TEXT, result TEXT
        );
        CREATE TRIGGER ledger_device AFTER UPDATE OF access ON device BEGIN
            INSERT INTO ledger (kind, target, value, by_whom)
            VALUES ('device_access', NEW.id, NEW.access, NEW.access_by);
        END;
        CREATE TRIGGER ledger_restriction AFTER UPDATE OF status ON restriction BEGIN
            INSERT INTO ledger (kind, target, value, by_whom)
            VALUES ('restriction_status', NEW.id, NEW.status, NEW.status_by);
        END;
        CREATE TRIGGER ledger_contact AFTER UPDATE OF checks_enabled ON contact BEGIN
            INSERT INTO ledger (kind, target, value, by_whom)
            VALUES ('contact_checks', NEW.id, CASE NEW.checks_enabled WHEN 0 THEN 'off' ELSE 'on' END, NEW.checks_by);
        END;
        CREATE TRIGGER ledger_answer AFTER INSERT ON action BEGIN
            INSERT INTO ledger (kind, target, value, key, result)
            VALUES (NEW.content ->> 0, NEW.content ->> 1, NEW.content ->> 2, NEW.id, NEW.result);
        END;";
    school.school.pool().execute(sqlx::raw_sql(script)).await.expect("the ledger is begun");
}

/// A row of the ledger.
type Row = (String, i64, String, Option<String>, Option<String>, Option<String>);

/// All that happened to one target.
pub(crate) async fn of(school: &TestSchool, kind: &str, target: i64) -> Vec<Event> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT kind, target, value, by_whom, key, result
         FROM ledger
         WHERE kind = $1 AND target = $2
         ORDER BY place",
    )
    .bind(kind)
    .bind(target)
    .fetch_all(school.school.pool())
    .await
    .expect("the ledger can be read");
    let event = |(kind, target, value, by, key, result): Row| match (key, result) {
        (Some(key), Some(result)) => Event::Answered { key, result, kind, target, value },
        _ => Event::Changed { kind, target, value, by: by.unwrap_or_default() },
    };
    rows.into_iter().map(event).collect()
}

/// The values that one person gave to one target, in their order.
pub(crate) async fn changes_by(school: &TestSchool, who: &str, kind: &str, target: i64) -> Vec<String> {
    let events = of(school, kind, target).await.into_iter();
    events
        .filter_map(|event| match event {
            Event::Changed { value, by, .. } if by == who => Some(value),
            _ => None,
        })
        .collect()
}

/// The place of an owner's key among their decisions; `None` for another administrator's.
pub(crate) fn order_of(keys: &[String], key: &str) -> Result<Option<usize>> {
    let order = keys.iter().position(|known| known == key);
    ensure!(order.is_some() || is_theirs(key), "the school knows a key that no entry had: {key}");
    Ok(order)
}

/// Whether each change that the owner made to a target has one of these keys, which stand in the order of the decisions,
/// and the changes came in that order: nothing twice, and nothing old after something new. Nor is the owner ever in
/// conflict with themselves.
pub(crate) fn judge(events: &[Event], keys: &[String]) -> Result<()> {
    let mut last = None;
    let mut last_by = "";
    for (nth, event) in events.iter().enumerate() {
        match event {
            Event::Changed { value, by, .. } if by == "Owner" => {
                let Some(Event::Answered { result, value: answered, key, .. }) = events.get(nth + 1) else {
                    bail!("a change without an answer: {events:?}");
                };
                ensure!(result == "applied" && answered == value, "a change with another answer: {events:?}");
                order_of(keys, key)?.with_context(|| format!("a change by nobody's decision: {events:?}"))?;
                last_by = by;
            }
            Event::Answered { key, result, .. } if result == "conflict" && !is_theirs(key) => {
                order_of(keys, key)?;
                ensure!(last_by != "Owner", "a conflict with one's own decision: {events:?}");
            }
            Event::Answered { key, result, .. } => {
                if let Some(order) = order_of(keys, key)?
                    && result == "applied"
                {
                    ensure!(last < Some(order), "an older decision came after a newer one: {events:?}");
                    last = Some(order);
                }
            }
            Event::Changed { by, .. } => last_by = by,
        }
    }
    Ok(())
}
