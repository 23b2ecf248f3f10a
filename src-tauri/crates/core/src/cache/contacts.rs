//! Contacts, read.

use hallmonitor_wire::{Changed, Extra, Time};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::{
    CacheError,
    apply::full_name,
    asked,
    place_in_list::{Order, page},
    rows::Row,
    search::{Fields, Search},
};
use crate::model::{Contact, ContactQuery, ContactSort, Page};

const COLUMNS: &str = "contact.id, contact.email, contact.first_name, contact.last_name, contact.phone, \
    contact.created_at, contact.tags, contact.last_activity_at, contact.effective_checks, contact.checks_changed_at, \
    contact.checks_changed_by, contact.extra, contact.rev, contact.unviewed, contact.devices, contact.blocked_devices, contact.decision, \
    verdict.verdict, verdict.note, verdict.follow_up_at";
/// How many these are.
const WIDTH: usize = 20;

/// The owner's own beside the school's.
const FROM: &str = " FROM contact LEFT JOIN verdict ON verdict.contact_id = contact.id WHERE ";

const FIELDS: Fields =
    Fields { contact: "contact.id", ip: None, agent: None, rule: None, by_agent: &[], more: true, own: None };

fn column(sort: ContactSort) -> &'static str {
    match sort {
        ContactSort::LastActivity => "contact.activity_sort",
        ContactSort::Name => "contact.name_sort",
        ContactSort::Email => "contact.email_folded",
        ContactSort::Devices => "contact.devices",
        ContactSort::Unviewed => "contact.unviewed",
        ContactSort::Checks => "contact.effective_checks",
    }
}

/// One page of the contacts that the query asks for; with `only` that one, where it is among them.
pub(super) async fn list(
    connection: &mut SqliteConnection,
    query: &ContactQuery,
    only: Option<i64>,
) -> Result<Page<Contact>, CacheError> {
    let search = Search::plan(connection, &query.search, FIELDS).await?;
    let order =
        Order { column: column(query.sort), id: "contact.id", ascending: query.ascending, sorted: search.gathers() };
    let by_text = matches!(query.sort, ContactSort::Name | ContactSort::Email);
    let mut sql = QueryBuilder::new(format!("SELECT {COLUMNS}, {}{FROM}1", order.column));
    push_filters(&mut sql, query, &search);
    if let Some(id) = only {
        sql.push(" AND contact.id = ").push_bind(id);
    }
    if by_text {
        order.push_after::<String>(&mut sql, query.page.after.as_deref())?;
    } else {
        order.push_after::<i64>(&mut sql, query.page.after.as_deref())?;
    }
    order.push_page(&mut sql, &query.page);
    let rows = asked::page(connection, sql, WIDTH + 1).await?.map(|row| {
        let key = if by_text { row.get(WIDTH)? } else { row.get::<i64>(WIDTH)?.to_string() };
        Ok((row.get(0)?, key, contact(row)?))
    })?;
    let total = if query.page.count { Some(count(connection, query, &search).await?) } else { None };
    Ok(page(rows, &query.page, total))
}

fn push_filters(sql: &mut QueryBuilder<Sqlite>, query: &ContactQuery, search: &Search) {
    for (wanted, filter) in [
        (query.unviewed, " AND contact.unviewed > 0"),
        (query.checks_off, " AND contact.effective_checks = 0"),
        (query.blocked_device, " AND contact.blocked_devices > 0"),
    ] {
        if wanted {
            sql.push(filter);
        }
    }
    search.push(sql, FIELDS);
}

async fn count(connection: &mut SqliteConnection, query: &ContactQuery, search: &Search) -> Result<i64, CacheError> {
    let mut sql = QueryBuilder::new("SELECT count(*) FROM contact WHERE 1");
    push_filters(&mut sql, query, search);
    Ok(sql.build_query_scalar().fetch_one(connection).await?)
}

/// One contact; `None` where it is not here.
pub(super) async fn one(connection: &mut SqliteConnection, id: i64) -> Result<Option<Contact>, CacheError> {
    let mut sql = QueryBuilder::<Sqlite>::new(format!("SELECT {COLUMNS}{FROM}contact.id = "));
    sql.push_bind(id);
    Ok(asked::page(connection, sql, WIDTH).await?.map(contact)?.pop())
}

fn contact(row: Row<'_>) -> Result<Contact, sqlx::Error> {
    let email: String = row.get(1)?;
    let first_name: Option<String> = row.get(2)?;
    let last_name: Option<String> = row.get(3)?;
    let rev: i64 = row.get(12)?;
    Ok(Contact {
        id: row.get(0)?,
        name: full_name(first_name.as_deref(), last_name.as_deref(), &email),
        email,
        first_name,
        last_name,
        phone: row.get(4)?,
        created_at: Time(row.get(5)?),
        tags: serde_json::from_str(row.get(6)?).unwrap_or_default(),
        last_activity_at: row.get::<Option<i64>>(7)?.map(Time),
        checks_enabled: row.get(8)?,
        checks_changed: changed(row, 9)?,
        rev: (rev > 0).then_some(rev),
        unviewed: row.get(13)?,
        devices: row.get(14)?,
        blocked_devices: row.get(15)?,
        pending: stands(row, 16, "pending")?,
        conflict: stands(row, 16, "conflict")?,
        rejected: stands(row, 16, "rejected")?,
        own_verdict: row.get(17)?,
        own_note: row.get(18)?,
        own_follow_up_at: row.get::<Option<i64>>(19)?.map(Time),
        extra: extra(row, 11)?,
    })
}

/// Who changed a value, from two columns side by side.
pub(super) fn changed(row: Row<'_>, at: usize) -> Result<Option<Changed>, sqlx::Error> {
    let (when, by): (Option<i64>, Option<String>) = (row.get(at)?, row.get(at + 1)?);
    Ok(when.map(|when| Changed { at: Time(when), by: by.unwrap_or_default() }))
}

/// Whether a decision of this state stands on the row.
pub(super) fn stands(row: Row<'_>, at: usize, state: &str) -> Result<bool, sqlx::Error> {
    Ok(row.get::<Option<&str>>(at)? == Some(state))
}

/// What is worked out here and stands beside the server's own fields.
const WORKED_OUT: [&str; 26] = [
    "also_used_by",
    "blocked_devices",
    "browser",
    "city",
    "conflict",
    "country",
    "device_type",
    "devices",
    "ips",
    "last_ip",
    "name",
    "network",
    "network_kind",
    "only_here",
    "os",
    "own_checks_off",
    "own_follow_up_at",
    "own_name",
    "own_note",
    "own_verdict",
    "pending",
    "rejected",
    "restrictions",
    "same_as",
    "sessions",
    "unviewed",
];

/// The fields of a later version of the API. One that has the name of what is worked out here gives way: no object may
/// have a field twice.
pub(super) fn extra(row: Row<'_>, at: usize) -> Result<Extra, sqlx::Error> {
    let Some(text) = row.get::<Option<&str>>(at)? else { return Ok(Extra::new()) };
    let mut extra: Extra = serde_json::from_str(text).unwrap_or_default();
    extra.retain(|field, _| !WORKED_OUT.contains(&field.as_str()));
    Ok(extra)
}
