//! What the log suggests of contacts: worked out in the background, kept, ranked.

use hallmonitor_wire::Time;
use sqlx::{Connection as _, QueryBuilder, SqliteConnection};

use super::{
    Cache, CacheError,
    apply::full_name,
    asked, behind, bulk,
    bulk::id_list,
    histories,
    logins::one_number,
    place_in_list::{Order, page},
    search::{Fields, Search},
    stale,
    tally::DAY_MS,
    verdicts,
};
use crate::{
    insight::{self, Judged},
    model::{FLAG_POINTS, Finding, Insight, InsightDetail, InsightQuery, InsightSettings, InsightStatus, Page},
};

const FIELDS: Fields =
    Fields { contact: "insight.contact_id", ip: None, agent: None, rule: None, by_agent: &[], more: true, own: None };

/// Contacts whose histories are in memory at once.
const AT_ONCE: i64 = 100;

/// The moment that the signs are looked for at: now, or a day after the newest login, so that a school that could not be
/// read for long is seen as it was.
pub(super) async fn seen_from(connection: &mut SqliteConnection, now: i64) -> Result<i64, CacheError> {
    let newest = one_number(connection, QueryBuilder::new("SELECT coalesce(max(started_at), 0) FROM session")).await?;
    Ok(now.min(newest.saturating_add(DAY_MS)))
}

pub(super) async fn settings(connection: &mut SqliteConnection) -> Result<InsightSettings, CacheError> {
    let text: Option<String> =
        sqlx::query_scalar("SELECT CAST(value AS TEXT) FROM meta WHERE key = 'insight_settings'")
            .fetch_optional(connection)
            .await?;
    // What a later version wrote and this one can't read leaves the usual ones in force.
    let settings: InsightSettings = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    Ok(settings.within_range())
}

impl Cache {
    /// The thresholds and weights in force.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn insight_settings(&self) -> Result<InsightSettings, CacheError> {
        settings(&mut *self.reader().await?).await
    }

    /// Puts other thresholds and weights in force; all contacts are looked at again in the background.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn set_insight_settings(&self, new: &InsightSettings) -> Result<(), CacheError> {
        let text =
            serde_json::to_string(new).map_err(|error| CacheError::Database(sqlx::Error::Encode(error.into())))?;
        let mut writer = self.writer().await;
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(
            "INSERT INTO meta (key, value) VALUES ('insight_settings', $1) \
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .bind(text)
        .execute(&mut *transaction)
        .await?;
        stale::all_contacts(&mut transaction).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Looks for the signs of some contacts that are stale; says whether there were any.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn look_for_signs(&self, now: i64) -> Result<bool, CacheError> {
        let mut reader = self.reading().await?;
        let stale: Vec<(i64, i64)> = sqlx::query_as("SELECT contact_id, mark FROM stale_contact LIMIT $1")
            .bind(AT_ONCE)
            .fetch_all(&mut *reader)
            .await?;
        let now = seen_from(&mut reader, now).await?;
        let mut old = QueryBuilder::new("SELECT EXISTS (SELECT 1 FROM insight WHERE computed_at <= ");
        old.push_bind(now - DAY_MS).push(")");
        if stale.is_empty() && one_number(&mut reader, old).await? == 0 {
            return Ok(false);
        }
        let settings = settings(&mut reader).await?;
        let ids: Vec<i64> = stale.iter().map(|(id, _)| *id).collect();
        let histories = histories::read(&mut reader, &ids, &settings, now).await?;
        drop(reader);
        let judged =
            histories.into_iter().map(|(id, history)| (id, insight::judge(&history, &settings, now))).collect();
        let mut writer = self.writer().await;
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        keep(&mut transaction, judged, now).await?;
        sqlx::query(
            "DELETE FROM stale_contact \
             WHERE (contact_id, mark) IN (SELECT value ->> 0, value ->> 1 FROM json_each($1))",
        )
        .bind(serde_json::json!(stale).to_string())
        .execute(&mut *transaction)
        .await?;
        // What was found goes out of sight as time goes on.
        sqlx::query(
            "INSERT INTO stale_contact (contact_id, mark) \
             SELECT contact_id, 1 FROM insight WHERE computed_at <= $1 \
             ON CONFLICT (contact_id) DO NOTHING",
        )
        .bind(now - DAY_MS)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Contacts that something was found of, one page, most points first.
    ///
    /// # Errors
    /// As [`Cache::contacts`].
    pub(crate) async fn insights(&self, query: &InsightQuery) -> Result<Page<Insight>, CacheError> {
        list(&mut *self.reader().await?, query, HEADS).await
    }

    /// What is and what is not found of a contact now.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn insight(&self, contact_id: i64, now: i64) -> Result<InsightDetail, CacheError> {
        let mut reader = self.reading().await?;
        let settings = settings(&mut reader).await?;
        let now = seen_from(&mut reader, now).await?;
        let history =
            histories::read(&mut reader, &[contact_id], &settings, now).await?.remove(&contact_id).unwrap_or_default();
        let Judged { points, findings } = insight::judge(&history, &settings, now);
        Ok(InsightDetail {
            logins: behind::logins(&mut reader, &findings).await?,
            contacts: behind::contacts(&mut reader, &findings).await?,
            contact_id,
            points,
            flagged: points >= i64::from(settings.flag_points),
            findings,
            not_checked: insight::not_checked(&history, &settings, now),
            from: insight::from(&settings, now),
        })
    }

    /// How many contacts are flagged, and how many wait to be looked at.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn insight_status(&self) -> Result<InsightStatus, CacheError> {
        let mut reader = self.reading().await?;
        let settings = settings(&mut reader).await?;
        let mut flagged = QueryBuilder::new("SELECT count(*) FROM insight WHERE points >= ");
        flagged.push_bind(i64::from(settings.flag_points));
        Ok(InsightStatus {
            flagged: one_number(&mut reader, flagged).await?,
            waiting: one_number(&mut reader, QueryBuilder::new("SELECT count(*) FROM stale_contact")).await?,
        })
    }
}

fn text(findings: &[Finding]) -> String {
    serde_json::to_string(findings).unwrap_or_else(|_| "[]".to_owned())
}

/// Keeps what was found of contacts, in place of what was found before.
async fn keep(connection: &mut SqliteConnection, judged: Vec<(i64, Judged)>, now: i64) -> Result<(), CacheError> {
    let (found, nothing): (Vec<_>, Vec<_>) = judged.into_iter().partition(|(_, judged)| !judged.findings.is_empty());
    let ids = id_list(found.iter().map(|(id, _)| *id));
    bulk::insert(
        connection,
        "INSERT INTO insight (contact_id, points, signs, findings, heads, computed_at)",
        6,
        "ON CONFLICT (contact_id) DO UPDATE SET points = excluded.points, signs = excluded.signs, \
         findings = excluded.findings, heads = excluded.heads, computed_at = excluded.computed_at",
        found,
        |(id, mut judged), row| {
            let signs: Vec<&str> = judged.findings.iter().map(|finding| finding.sign.as_str()).collect();
            let signs = format!(" {} ", signs.join(" "));
            let whole = text(&judged.findings);
            judged.findings.iter_mut().for_each(|finding| finding.rows.clear());
            row.put(id).put(judged.points).put(signs).put(whole).put(text(&judged.findings)).put(now);
        },
    )
    .await?;
    // A contact may have been erased since its history was read.
    sqlx::query(
        "DELETE FROM insight \
         WHERE contact_id IN (SELECT value FROM json_each($1)) \
             OR (contact_id IN (SELECT value FROM json_each($2)) AND contact_id NOT IN (SELECT id FROM contact))",
    )
    .bind(id_list(nothing.iter().map(|(id, _)| *id)))
    .bind(ids)
    .execute(connection)
    .await?;
    Ok(())
}

/// Findings without their rows, which are most of the text.
pub(super) const HEADS: &str = "insight.heads";
/// Whole findings.
pub(super) const WHOLE: &str = "insight.findings";

/// The points from which on a contact is flagged, as [`settings`] says, within a statement: a question to the database
/// more would take as long as the page.
fn flag_points() -> String {
    let (least, most) = FLAG_POINTS;
    let usual = InsightSettings::default().flag_points;
    format!(
        "coalesce(( \
             SELECT max({least}, min({most}, said ->> '$.flag_points')) \
             FROM (SELECT CAST(value AS TEXT) AS said FROM meta WHERE key = 'insight_settings') \
             WHERE json_valid(said) \
         ), {usual})"
    )
}

/// One page of contacts that something was found of; `findings` is [`HEADS`] or [`WHOLE`].
pub(super) async fn list(
    connection: &mut SqliteConnection,
    query: &InsightQuery,
    findings: &'static str,
) -> Result<Page<Insight>, CacheError> {
    let search = Search::plan(connection, &query.search, FIELDS).await?;
    let flag_points = flag_points();
    let order =
        Order { column: "insight.points", id: "insight.contact_id", ascending: false, sorted: search.gathers() };
    let push_from = |sql: &mut QueryBuilder<sqlx::Sqlite>| {
        sql.push(
            " FROM insight \
             CROSS JOIN contact ON contact.id = insight.contact_id \
             LEFT JOIN verdict ON verdict.contact_id = insight.contact_id \
             WHERE 1",
        );
        if let Some(sign) = query.sign {
            sql.push(" AND instr(insight.signs, ").push_bind(format!(" {} ", sign.as_str())).push(") > 0");
        }
        if query.flagged {
            sql.push(" AND insight.points >= ").push(&flag_points);
        }
        if let Some(verdict) = query.verdict {
            sql.push(format!(" AND +insight.contact_id{}", verdicts::filter(verdict)));
        }
        search.push(sql, FIELDS);
    };
    let mut sql = QueryBuilder::new(format!(
        "SELECT insight.contact_id, insight.points, {findings}, insight.computed_at, contact.first_name, \
         contact.last_name, contact.email, verdict.verdict, verdict.note, verdict.follow_up_at, verdict.decided_at, \
         insight.points >= {flag_points}"
    ));
    push_from(&mut sql);
    order.push_after::<i64>(&mut sql, query.page.after.as_deref())?;
    order.push_page(&mut sql, &query.page);
    let rows = asked::page(connection, sql, 12).await?.map(|row| {
        let (contact_id, points): (i64, i64) = (row.get(0)?, row.get(1)?);
        let email: String = row.get(6)?;
        let insight = Insight {
            contact_id,
            name: full_name(row.get(4)?, row.get(5)?, &email),
            email,
            points,
            flagged: row.get(11)?,
            findings: serde_json::from_str(row.get(2)?).unwrap_or_default(),
            verdict: verdicts::noted(row, 7)?,
            computed_at: Time(row.get(3)?),
        };
        Ok((contact_id, points, insight))
    })?;
    let total = if query.page.count {
        let mut sql = QueryBuilder::new("SELECT count(*)");
        push_from(&mut sql);
        Some(one_number(connection, sql).await?)
    } else {
        None
    };
    Ok(page(rows, &query.page, total))
}
