//! What the owner noted of contacts: kept here alone, as long as the contact is here.

use hallmonitor_wire::Time;
use sqlx::{Connection as _, QueryBuilder};

use super::{
    Cache, CacheError,
    apply::full_name,
    asked, derive,
    fold::fold,
    place_in_list::{Order, page},
    rows::Row,
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

/// A verdict from four columns side by side; `None` where there is none, and for a word of a later version.
pub(super) fn noted(row: Row<'_>, at: usize) -> Result<Option<Verdict>, sqlx::Error> {
    let Some(verdict) = row.get::<Option<&str>>(at)?.and_then(VerdictKind::of) else { return Ok(None) };
    Ok(Some(Verdict {
        verdict,
        note: row.get(at + 1)?,
        follow_up_at: row.get::<Option<i64>>(at + 2)?.map(Time),
        decided_at: Time(row.get(at + 3)?),
    }))
}

impl Cache {
    /// What was noted of a contact.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn verdict(&self, contact_id: i64) -> Result<Option<Verdict>, CacheError> {
        let mut sql =
            QueryBuilder::new("SELECT verdict, note, follow_up_at, decided_at FROM verdict WHERE contact_id = ");
        sql.push_bind(contact_id);
        let found = asked::page(&mut *self.reader().await?, sql, 4).await?.map(|row| noted(row, 0))?;
        Ok(found.into_iter().flatten().next())
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
        let rows = asked::page(connection, sql, 9).await?.map(|row| {
            let (contact_id, email): (i64, String) = (row.get(0)?, row.get(4)?);
            let name = full_name(row.get(2)?, row.get(3)?, &email);
            let key = row.get::<i64>(1)?;
            Ok(noted(row, 5)?.map(|verdict| (contact_id, key, JudgedContact { contact_id, name, email, verdict })))
        })?;
        Ok(page(rows.into_iter().flatten().collect(), &query.page, None))
    }
}
