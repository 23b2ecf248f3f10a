//! What the owner noted of contacts: kept here alone, as long as the contact is here.

use std::collections::HashMap;

use hallmonitor_wire::Time;
use sqlx::{Connection as _, QueryBuilder, Row as _, SqliteConnection, sqlite::SqliteRow};

use super::{
    Cache, CacheError,
    apply::full_name,
    asked,
    bulk::id_list,
    derive,
    fold::fold,
    place_in_list::{Order, page},
    search::{Fields, Search},
};
use crate::model::{JudgedContact, Page, Verdict, VerdictFilter, VerdictKind, VerdictQuery};

const FIELDS: Fields =
    Fields { contact: "verdict.contact_id", ip: None, agent: None, rule: None, by_agent: &[], more: true, own: None };

/// What follows the column of a contact's id in a condition.
pub(super) fn filter(verdict: VerdictFilter) -> &'static str {
    match verdict {
        VerdictFilter::Sharing => " IN (SELECT contact_id FROM verdict WHERE verdict = 'sharing')",
        VerdictFilter::Harmless => " IN (SELECT contact_id FROM verdict WHERE verdict = 'harmless')",
        VerdictFilter::Watch => " IN (SELECT contact_id FROM verdict WHERE verdict = 'watch')",
        VerdictFilter::Any => " IN (SELECT contact_id FROM verdict)",
        VerdictFilter::None => " NOT IN (SELECT contact_id FROM verdict)",
        VerdictFilter::NotHarmless => " NOT IN (SELECT contact_id FROM verdict WHERE verdict = 'harmless')",
    }
}

/// What was noted of these contacts.
pub(super) async fn of(
    connection: &mut SqliteConnection,
    contacts: &[i64],
) -> Result<HashMap<i64, Verdict>, CacheError> {
    let mut sql = QueryBuilder::new(
        "SELECT contact_id, verdict, note, follow_up_at, decided_at \
         FROM verdict \
         WHERE contact_id IN (SELECT value FROM json_each(",
    );
    sql.push_bind(id_list(contacts.iter().copied())).push("))");
    let rows = asked::rows(connection, sql).await?;
    let mut verdicts = HashMap::new();
    for row in &rows {
        if let Some(verdict) = verdict(row, 1)? {
            verdicts.insert(row.try_get(0)?, verdict);
        }
    }
    Ok(verdicts)
}

/// A verdict from four columns side by side; `None` for a word of a later version.
fn verdict(row: &SqliteRow, at: usize) -> Result<Option<Verdict>, sqlx::Error> {
    let Some(verdict) = VerdictKind::of(row.try_get(at)?) else { return Ok(None) };
    Ok(Some(Verdict {
        verdict,
        note: row.try_get(at + 1)?,
        follow_up_at: row.try_get::<Option<i64>, _>(at + 2)?.map(Time),
        decided_at: Time(row.try_get(at + 3)?),
    }))
}

impl Cache {
    /// What was noted of a contact.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn verdict(&self, contact_id: i64) -> Result<Option<Verdict>, CacheError> {
        Ok(of(&mut *self.reader().await?, &[contact_id]).await?.remove(&contact_id))
    }

    /// Notes what the owner thinks of a contact, in place of what was noted before; `None` takes it back. Says whether
    /// the contact is here.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn note_verdict(&self, contact_id: i64, verdict: Option<&Verdict>) -> Result<bool, CacheError> {
        let mut writer = self.writer().await;
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        let before = derive::contact_texts(&mut transaction, &[contact_id]).await?;
        if before.is_empty() {
            return Ok(false);
        }
        match verdict {
            Some(noted) => {
                sqlx::query(
                    "INSERT INTO verdict (contact_id, verdict, note, follow_up_at, decided_at) \
                     VALUES ($1, $2, $3, $4, $5) \
                     ON CONFLICT (contact_id) DO UPDATE SET verdict = excluded.verdict, note = excluded.note, \
                     follow_up_at = excluded.follow_up_at, decided_at = excluded.decided_at",
                )
                .bind(contact_id)
                .bind(noted.verdict.as_str())
                .bind(&noted.note)
                .bind(noted.follow_up_at.map(Time::ms))
                .bind(noted.decided_at.ms())
                .execute(&mut *transaction)
                .await?;
            }
            None => {
                sqlx::query("DELETE FROM verdict WHERE contact_id = $1")
                    .bind(contact_id)
                    .execute(&mut *transaction)
                    .await?;
            }
        }
        sqlx::query("UPDATE contact SET note_folded = $2 WHERE id = $1")
            .bind(contact_id)
            .bind(verdict.map(|noted| fold(&noted.note)).unwrap_or_default())
            .execute(&mut *transaction)
            .await?;
        derive::index_contacts(&mut transaction, &[contact_id], &before).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The contacts of which something was noted, one page: the newest note first, or where `due_before` is asked for
    /// what is due first.
    ///
    /// # Errors
    /// As [`Cache::contacts`].
    pub(crate) async fn verdicts(&self, query: &VerdictQuery) -> Result<Page<JudgedContact>, CacheError> {
        let connection = &mut *self.reader().await?;
        let search = Search::plan(connection, &query.search, FIELDS).await?;
        let column = if query.due_before.is_some() { "verdict.follow_up_at" } else { "verdict.decided_at" };
        let order =
            Order { column, id: "verdict.contact_id", ascending: query.due_before.is_some(), sorted: search.gathers() };
        let mut sql = QueryBuilder::new(format!(
            "SELECT verdict.contact_id, {column}, contact.first_name, contact.last_name, contact.email, \
                 verdict.verdict, verdict.note, verdict.follow_up_at, verdict.decided_at \
             FROM verdict JOIN contact ON contact.id = verdict.contact_id \
             WHERE verdict.verdict IN ('sharing', 'harmless', 'watch')"
        ));
        if let Some(kind) = query.verdict {
            sql.push(" AND verdict.verdict = ").push_bind(kind.as_str());
        }
        if let Some(due) = query.due_before {
            sql.push(" AND verdict.follow_up_at < ").push_bind(due.ms());
        }
        search.push(&mut sql, FIELDS);
        order.push_after::<i64>(&mut sql, query.page.after.as_deref())?;
        order.push_page(&mut sql, &query.page);
        let mut rows = Vec::new();
        for row in asked::rows(connection, sql).await? {
            let (contact_id, key): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
            let (first, last): (Option<String>, Option<String>) = (row.try_get(2)?, row.try_get(3)?);
            let email: String = row.try_get(4)?;
            let name = full_name(first.as_deref(), last.as_deref(), &email);
            if let Some(verdict) = verdict(&row, 5)? {
                rows.push((contact_id, key, JudgedContact { contact_id, name, email, verdict }));
            }
        }
        Ok(page(rows, &query.page, None))
    }
}
