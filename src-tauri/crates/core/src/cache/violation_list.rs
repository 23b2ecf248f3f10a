//! Every violation of the school, read: those that nobody has viewed first, then the newest; one by one, or by contact.

use std::collections::HashMap;

use hallmonitor_wire::Time;
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection};

use super::{
    Cache, CacheError,
    apply::full_name,
    asked,
    bulk::id_list,
    condition::{self, Condition},
    load,
    logins::one_number,
    meta,
    place_in_list::{Order, page},
    restrictions,
    search::{Fields, Search},
    tally::UNKNOWN,
    verdicts,
};
use crate::model::{LogQuery, Page, Restriction, RuleCount, ViolationGroup, ViolationQuery};

/// So few rows are gathered by the index that finds them and sorted; more are found by walking the list in its order.
const FEW: i64 = 2_000;

/// What is added to the time of those that nobody has viewed: `restriction.shown_sort`.
const UNVIEWED_FROM: i64 = 10_000_000_000_000_000;

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
    let range = |from: Option<Time>, until: Option<Time>| {
        let (first, end) = (from.map_or(i64::MIN, Time::ms), until.map_or(i64::MAX, Time::ms));
        Condition::sql(" BETWEEN ").number(first).then(" AND ").number(end.saturating_sub(1))
    };
    if query.from.is_some() || query.until.is_some() {
        leading.push(("restriction.occurred_at", range(query.from, query.until)));
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
    list_by(connection, query, "restriction.shown_sort").await
}

/// One page of restrictions by time alone.
pub(super) async fn newest(
    connection: &mut SqliteConnection,
    query: &ViolationQuery,
) -> Result<Page<Restriction>, CacheError> {
    list_by(connection, query, "restriction.occurred_at").await
}

async fn list_by(
    connection: &mut SqliteConnection,
    query: &ViolationQuery,
    order: &'static str,
) -> Result<Page<Restriction>, CacheError> {
    let wanted = wanted(connection, query).await?;
    let log = LogQuery {
        contact_id: query.contact_id,
        search: query.search.clone(),
        page: query.page.clone(),
        ..LogQuery::default()
    };
    restrictions::list_where(connection, &log, order, &wanted.conditions, wanted.few).await
}

/// The contacts as their list needs them while a first load has counted nothing yet.
const UNCOUNTED: &str = "( \
    SELECT contact.id, contact.first_name, contact.last_name, contact.email, contact.effective_checks, \
        counted.newest + counted.unviewed * 10000000000000000 AS violation_sort \
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
    let loading = meta::read(connection).await?.loading;
    let gathers = loading || wanted.few || search.gathers();
    // Whose restrictions are few by name need not be found by them.
    let gathers_rows = loading || wanted.few || (gathers && !search.gathers_contacts(restrictions::FIELDS));
    let contacts = if loading { UNCOUNTED } else { "contact" };
    let push_from = |sql: &mut QueryBuilder<Sqlite>| {
        sql.push(format!(" FROM {contacts} WHERE contact.violation_sort IS NOT NULL"));
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
         contact.effective_checks",
    );
    push_from(&mut sql);
    order.push_after::<i64>(&mut sql, query.page.after.as_deref())?;
    order.push_page(&mut sql, &query.page);
    let rows = asked::rows(connection, sql).await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    let mut counted = count(connection, &ids, &wanted, &search).await?;
    let mut noted = verdicts::of(connection, &ids).await?;
    let rows = rows
        .iter()
        .map(|row| {
            let id: i64 = row.try_get(0)?;
            let (first, last): (Option<String>, Option<String>) = (row.try_get(2)?, row.try_get(3)?);
            let email: String = row.try_get(4)?;
            let Counted { restrictions, unviewed, newest_at, mut rules } = counted.remove(&id).unwrap_or_default();
            rules.sort_by(|left, right| right.restrictions.cmp(&left.restrictions).then(left.code.cmp(&right.code)));
            let group = ViolationGroup {
                contact_id: id,
                name: full_name(first.as_deref(), last.as_deref(), &email),
                email,
                restrictions,
                unviewed,
                newest_at: Time(newest_at),
                rules,
                checks_enabled: row.try_get(5)?,
                verdict: noted.remove(&id),
            };
            Ok((id, row.try_get::<i64, _>(1)?, group))
        })
        .collect::<Result<Vec<_>, sqlx::Error>>()?;
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
) -> Result<HashMap<i64, Counted>, CacheError> {
    let indexed = load::is_indexed(connection, "restriction_by_contact").await?;
    let by_contact = if indexed { "INDEXED BY restriction_by_contact" } else { "" };
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
    for row in asked::rows(connection, sql).await? {
        let of_contact = counted.entry(row.try_get(0)?).or_default();
        let restrictions: i64 = row.try_get(2)?;
        of_contact
            .rules
            .push(RuleCount { code: row.try_get::<Option<String>, _>(1)?.unwrap_or_default(), restrictions });
        of_contact.restrictions += restrictions;
        of_contact.unviewed += row.try_get::<i64, _>(3)?;
        of_contact.newest_at = of_contact.newest_at.max(row.try_get(4)?);
    }
    Ok(counted)
}

impl Cache {
    /// Violations of the whole school, one page.
    ///
    /// # Errors
    /// As [`Cache::contacts`].
    pub async fn violations(&self, query: &ViolationQuery) -> Result<Page<Restriction>, CacheError> {
        list(&mut *self.reader().await?, query).await
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
