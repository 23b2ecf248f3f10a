//! Every violation of the school, read: those that nobody has viewed first, then the newest; one by one, or by contact.

use std::collections::HashMap;

use hallmonitor_wire::Time;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::{
    Cache, CacheError,
    apply::full_name,
    asked,
    bulk::id_list,
    condition::{self, Condition},
    contacts::stands,
    logins::one_number,
    meta::LOADED,
    place_in_list::{Order, behind, page},
    restrictions,
    search::{Fields, Search},
    tally::UNKNOWN,
    verdicts,
};
use crate::model::{LogQuery, Page, PageRequest, Restriction, RuleCount, ViolationGroup, ViolationQuery};

/// So few rows are gathered by the index that finds them and sorted; more are found by walking the list in its order.
const FEW: i64 = 2_000;

/// What is added to the time of those that nobody has viewed: `restriction.shown_sort`.
const UNVIEWED_FROM: i64 = 10_000_000_000_000_000;

/// The order of the list.
const SHOWN: &str = "restriction.shown_sort";

/// What a query asks of a restriction, beside words, and whether an index finds few that meet it.
struct Wanted {
    conditions: Vec<Condition>,
    few: bool,
}

async fn wanted(connection: &mut SqliteConnection, query: &ViolationQuery) -> Result<Wanted, CacheError> {
    let mut conditions = Vec::new();
    if let Some(status) = &query.status {
        conditions.push(Condition::sql("restriction.effective_status = ").text(status));
        // The unviewed ones stand before all others.
        let side = if status == "not_viewed" { ">=" } else { "<" };
        conditions.push(Condition::sql(format!("restriction.shown_sort {side} {UNVIEWED_FROM}")));
    }
    // Each with its index; the first that finds few leads, and a plus keeps SQLite from following the others.
    let mut leading: Vec<(&str, Condition)> = Vec::new();
    if let Some(rule) = &query.rule {
        leading.push((
            "restriction.rule_id",
            Condition::sql(" IN (SELECT id FROM rule WHERE code = ").text(rule).then(")"),
        ));
    }
    if let Some(country) = &query.country {
        if country != UNKNOWN && has_few_addresses(connection, country).await? {
            let of_country = Condition::sql(" IN (SELECT id FROM ip WHERE country = ").text(country).then(")");
            leading.push(("restriction.ip_id", of_country));
        } else {
            let of_ip = "SELECT 1 FROM ip AS seen WHERE seen.id = restriction.ip_id AND seen.country";
            conditions.push(if country == UNKNOWN {
                Condition::sql(format!("NOT EXISTS ({of_ip} IS NOT NULL)"))
            } else {
                Condition::sql(format!("EXISTS ({of_ip} = ")).text(country).then(")")
            });
        }
    }
    if let Some(verdict) = query.verdict {
        leading.push(("restriction.contact_id", Condition::sql(verdicts::filter(verdict))));
    }
    if let Some((first, last)) = period(query) {
        leading.push(("restriction.occurred_at", Condition::sql(" BETWEEN ").number(first).then(" AND ").number(last)));
    }
    let mut few = query.contact_id.is_some();
    for (column, rest) in leading {
        let leads = !few && {
            let mut sql = QueryBuilder::new(format!("SELECT count(*) FROM (SELECT 1 FROM restriction WHERE {column}"));
            rest.push(&mut sql);
            sql.push(format!(" LIMIT {})", FEW + 1));
            one_number(connection, sql).await? <= FEW
        };
        few |= leads;
        conditions.push(Condition::sql(format!("{}{column}", if leads { "" } else { "+" })).join(rest));
    }
    Ok(Wanted { conditions, few: few && query.contact_id.is_none() })
}

/// Whether a country has so few addresses that their list costs little.
async fn has_few_addresses(connection: &mut SqliteConnection, country: &str) -> Result<bool, CacheError> {
    let mut sql = QueryBuilder::new("SELECT count(*) FROM (SELECT 1 FROM ip WHERE country = ");
    sql.push_bind(country.to_owned()).push(format!(" LIMIT {})", FEW + 1));
    Ok(one_number(connection, sql).await? <= FEW)
}

/// One page of restrictions, those that nobody has viewed first.
pub(super) async fn list(
    connection: &mut SqliteConnection,
    query: &ViolationQuery,
) -> Result<Page<Restriction>, CacheError> {
    let wanted = wanted(connection, query).await?;
    let is_walked = !wanted.few && query.contact_id.is_none() && query.search.trim().is_empty();
    match period(query) {
        Some(period) if is_walked && query.page.skip == 0 => of_period(connection, query, &wanted, period).await,
        _ => list_where(connection, query, SHOWN, &wanted.conditions, wanted.few).await,
    }
}

/// The first and the last moment that a query asks for, milliseconds.
fn period(query: &ViolationQuery) -> Option<(i64, i64)> {
    let (first, end) = (query.from.map_or(i64::MIN, Time::ms), query.until.map_or(i64::MAX, Time::ms));
    (query.from.is_some() || query.until.is_some()).then_some((first, end.saturating_sub(1)))
}

/// One page of the restrictions of a period: those that nobody has viewed, then the others. Each half is a stretch of the
/// list's own order, so that what is newer than the period is not walked.
async fn of_period(
    connection: &mut SqliteConnection,
    query: &ViolationQuery,
    wanted: &Wanted,
    (first, last): (i64, i64),
) -> Result<Page<Restriction>, CacheError> {
    let limit = query.page.limit;
    let mut page = Page { rows: Vec::new(), next: None, total: query.page.count.then_some(0) };
    for (shift, lowest, highest) in [(UNVIEWED_FROM, UNVIEWED_FROM, i64::MAX), (0, i64::MIN, UNVIEWED_FROM - 1)] {
        let left = limit.saturating_sub(u32::try_from(page.rows.len()).unwrap_or(u32::MAX));
        let is_full = limit > 0 && left == 0;
        if is_full && page.next.is_some() && !query.page.count {
            break;
        }
        let of_half = |moment: i64| moment.saturating_add(shift).clamp(lowest, highest);
        let stretch = Condition::sql(format!("{SHOWN} BETWEEN ")).number(of_half(first)).then(" AND ");
        let conditions = [wanted.conditions.as_slice(), &[stretch.number(of_half(last))]].concat();
        // Behind a full page one row tells whether there is another.
        let asked = PageRequest { limit: if is_full { 1 } else { left }, ..query.page.clone() };
        let asked = ViolationQuery { page: asked, ..query.clone() };
        let half = list_where(connection, &asked, SHOWN, &conditions, false).await?;
        page.total = page.total.zip(half.total).map(|(before, more)| before + more);
        if !is_full {
            page.rows.extend(half.rows);
            page.next = half.next;
        } else if page.next.is_none() && !half.rows.is_empty() {
            page.next = page.rows.last().map(|row| behind(row.id, UNVIEWED_FROM + row.occurred_at.ms()));
        }
    }
    Ok(page)
}

/// One page of restrictions by time alone.
pub(super) async fn newest(
    connection: &mut SqliteConnection,
    query: &ViolationQuery,
) -> Result<Page<Restriction>, CacheError> {
    let wanted = wanted(connection, query).await?;
    list_where(connection, query, "restriction.occurred_at", &wanted.conditions, wanted.few).await
}

async fn list_where(
    connection: &mut SqliteConnection,
    query: &ViolationQuery,
    order: &'static str,
    conditions: &[Condition],
    few: bool,
) -> Result<Page<Restriction>, CacheError> {
    let log = LogQuery {
        contact_id: query.contact_id,
        search: query.search.clone(),
        page: query.page.clone(),
        ..LogQuery::default()
    };
    restrictions::list_where(connection, &log, order, conditions, few).await
}

/// The contacts as their list needs them while a first load has counted nothing yet.
const UNCOUNTED: &str = "( \
    SELECT contact.id, contact.first_name, contact.last_name, contact.email, contact.effective_checks, \
        contact.decision, counted.newest + counted.unviewed * 10000000000000000 AS violation_sort \
    FROM ( \
        SELECT contact_id, max(occurred_at) AS newest, max(effective_status = 'not_viewed') AS unviewed \
        FROM restriction GROUP BY contact_id \
    ) AS counted \
    JOIN contact ON contact.id = counted.contact_id \
) AS contact";

/// Where the contacts' own texts are.
const CONTACT: Fields = Fields {
    contact: "contact.id",
    ip: None,
    agent: None,
    rule: None,
    by_agent: &[],
    more: restrictions::FIELDS.more,
    own: None,
};

/// One page of contacts that have such restrictions.
async fn groups(connection: &mut SqliteConnection, query: &ViolationQuery) -> Result<Page<ViolationGroup>, CacheError> {
    let wanted = wanted(connection, query).await?;
    let search = Search::plan(connection, &query.search, restrictions::FIELDS).await?;
    let of_rows = !wanted.conditions.is_empty() || search.asks_of_rows(restrictions::FIELDS);
    // Before the end of a first load contacts are not counted, and indexes are missing.
    let loading = asked::rows(connection, QueryBuilder::new(LOADED)).await?.is_empty();
    let gathers = loading || wanted.few || search.gathers();
    // Whose restrictions are few by name need not be found by them.
    let gathers_rows = loading || wanted.few || (gathers && !search.gathers_contacts(restrictions::FIELDS));
    let contacts = if loading { UNCOUNTED } else { "contact" };
    let push_from = |sql: &mut QueryBuilder<Sqlite>| {
        sql.push(format!(
            " FROM {contacts} \
             LEFT JOIN verdict ON verdict.contact_id = contact.id \
             WHERE contact.violation_sort IS NOT NULL"
        ));
        if let Some(id) = query.contact_id {
            sql.push(" AND contact.id = ").push_bind(id);
        }
        search.push_of_contacts(sql, restrictions::FIELDS, CONTACT);
        if of_rows {
            sql.push(if gathers_rows {
                " AND contact.id IN (SELECT restriction.contact_id FROM restriction WHERE 1"
            } else {
                " AND EXISTS (SELECT 1 FROM restriction WHERE restriction.contact_id = contact.id"
            });
            condition::push_all(&wanted.conditions, sql);
            search.push_of_rows(sql, restrictions::FIELDS);
            sql.push(")");
        }
    };
    let order = Order { column: "contact.violation_sort", id: "contact.id", ascending: false, sorted: gathers };
    let mut sql = QueryBuilder::new(
        "SELECT contact.id, contact.violation_sort, contact.first_name, contact.last_name, contact.email, \
         contact.effective_checks, verdict.verdict, verdict.note, verdict.follow_up_at, verdict.decided_at, \
         contact.decision",
    );
    push_from(&mut sql);
    order.push_after::<i64>(&mut sql, query.page.after.as_deref())?;
    order.push_page(&mut sql, &query.page);
    let mut rows = asked::page(connection, sql, 11).await?.map(|row| {
        let (contact_id, email): (i64, String) = (row.get(0)?, row.get(4)?);
        let group = ViolationGroup {
            contact_id,
            name: full_name(row.get(2)?, row.get(3)?, &email),
            email,
            // Counted below.
            restrictions: 0,
            unviewed: 0,
            newest_at: Time(0),
            rules: Vec::new(),
            checks_enabled: row.get(5)?,
            pending: stands(row, 10, "pending")?,
            conflict: stands(row, 10, "conflict")?,
            rejected: stands(row, 10, "rejected")?,
            verdict: verdicts::noted(row, 6)?,
        };
        Ok((contact_id, row.get::<i64>(1)?, group))
    })?;
    let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
    let mut counted = count(connection, &ids, &wanted, &search, loading).await?;
    for (id, _, group) in &mut rows {
        let Counted { restrictions, unviewed, newest_at, mut rules } = counted.remove(id).unwrap_or_default();
        rules.sort_by(|left, right| right.restrictions.cmp(&left.restrictions).then(left.code.cmp(&right.code)));
        (group.restrictions, group.unviewed, group.newest_at, group.rules) =
            (restrictions, unviewed, Time(newest_at), rules);
    }
    let total = if query.page.count {
        let mut sql = QueryBuilder::new("SELECT count(*)");
        push_from(&mut sql);
        Some(one_number(connection, sql).await?)
    } else {
        None
    };
    Ok(page(rows, &query.page, total))
}

#[derive(Debug, Default)]
struct Counted {
    restrictions: i64,
    unviewed: i64,
    newest_at: i64,
    rules: Vec<RuleCount>,
}

/// What of these contacts' restrictions is asked for, counted.
async fn count(
    connection: &mut SqliteConnection,
    contacts: &[i64],
    wanted: &Wanted,
    search: &Search,
    loading: bool,
) -> Result<HashMap<i64, Counted>, CacheError> {
    let by_contact = if loading { "" } else { "INDEXED BY restriction_by_contact" };
    let mut sql = QueryBuilder::new(format!(
        "SELECT restriction.contact_id, rule.code, count(*), sum(restriction.effective_status = 'not_viewed'), \
             max(restriction.occurred_at) \
         FROM restriction {by_contact} \
         LEFT JOIN rule ON rule.id = restriction.rule_id \
         WHERE restriction.contact_id IN (SELECT value FROM json_each("
    ));
    sql.push_bind(id_list(contacts.iter().copied())).push("))");
    condition::push_all(&wanted.conditions, &mut sql);
    // What is asked of the contacts themselves they have been found by.
    search.push_of_rows(&mut sql, restrictions::FIELDS);
    sql.push(" GROUP BY 1, 2");
    let mut counted: HashMap<i64, Counted> = HashMap::new();
    asked::page(connection, sql, 5).await?.map(|row| {
        let of_contact = counted.entry(row.get(0)?).or_default();
        let restrictions: i64 = row.get(2)?;
        of_contact.rules.push(RuleCount { code: row.get::<Option<String>>(1)?.unwrap_or_default(), restrictions });
        of_contact.restrictions += restrictions;
        of_contact.unviewed += row.get::<i64>(3)?;
        of_contact.newest_at = of_contact.newest_at.max(row.get(4)?);
        Ok(())
    })?;
    Ok(counted)
}

impl Cache {
    /// Violations of the whole school, one page.
    ///
    /// # Errors
    /// As [`Cache::contacts`].
    pub async fn violations(&self, query: &ViolationQuery) -> Result<Page<Restriction>, CacheError> {
        // The two stretches of a period have to be of one moment: what is viewed between them would stand in both.
        let mut reader = if period(query).is_some() { self.reading().await? } else { self.reader().await? };
        list(&mut reader, query).await
    }

    /// The contacts that have such violations, one page: those with unviewed ones first, then by the newest.
    ///
    /// # Errors
    /// As [`Cache::contacts`].
    pub async fn violation_groups(&self, query: &ViolationQuery) -> Result<Page<ViolationGroup>, CacheError> {
        // Rows and their counts have to be of one moment.
        groups(&mut *self.reading().await?, query).await
    }
}
