//! Database rows as the API's entities. Columns are read by position: a first sync reads a million rows.

use hallmonitor_wire::{Changed, Contact, Device, Extra, Restriction, Rule, Session, Tag, Time};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

use crate::language::{Language, rule_text};

fn time(row: &SqliteRow, column: usize) -> Result<Option<Time>, sqlx::Error> {
    Ok(row.try_get::<Option<i64>, _>(column)?.map(Time))
}

/// Who set a value last: two columns, when and by whom.
fn changed(row: &SqliteRow, column: usize) -> Result<Option<Changed>, sqlx::Error> {
    let by: Option<String> = row.try_get(column + 1)?;
    Ok(time(row, column)?.zip(by).map(|(at, by)| Changed { at, by }))
}

/// `$columns` of a table, for every query that reads whole rows of it.
macro_rules! select {
    (contact $($rest:literal)?) => {
        concat!("SELECT id, email, first_name, last_name, phone, created_at, last_activity_at, checks_enabled,
                        checks_at, checks_by, rev
                 FROM contact ", $($rest)?)
    };
    (device $($rest:literal)?) => {
        concat!("SELECT id, contact_id, fingerprint, user_agent, first_seen_at, last_seen_at, access, access_at,
                        access_by, rev
                 FROM device ", $($rest)?)
    };
    (restriction $($rest:literal)?) => {
        concat!("SELECT id, contact_id, session_id, device_id, occurred_at, rule_code, rule_limit, rule_observed, ip,
                        action, status, status_at, status_by, rev
                 FROM restriction ", $($rest)?)
    };
}
pub(crate) use select;

/// A contact without its tags.
pub(crate) fn contact(row: &SqliteRow) -> Result<Contact, sqlx::Error> {
    Ok(Contact {
        id: row.try_get(0)?,
        email: row.try_get(1)?,
        first_name: row.try_get(2)?,
        last_name: row.try_get(3)?,
        phone: row.try_get(4)?,
        created_at: Time(row.try_get(5)?),
        tags: Vec::new(),
        last_activity_at: time(row, 6)?,
        checks_enabled: row.try_get(7)?,
        checks_changed: changed(row, 8)?,
        rev: row.try_get(10)?,
        extra: Extra::new(),
    })
}

pub(crate) fn device(row: &SqliteRow) -> Result<Device, sqlx::Error> {
    Ok(Device {
        id: row.try_get(0)?,
        contact_id: row.try_get(1)?,
        fingerprint: row.try_get(2)?,
        user_agent: row.try_get(3)?,
        first_seen_at: Time(row.try_get(4)?),
        last_seen_at: Time(row.try_get(5)?),
        access: row.try_get::<&str, _>(6)?.into(),
        access_changed: changed(row, 7)?,
        rev: row.try_get(9)?,
        extra: Extra::new(),
    })
}

/// Between the parts of a session's line; the texts before the last part are the server's own and never have it.
pub(crate) const PART: &str = "\u{1f}";

/// A session as one text of parts, the website's text last. A first sync reads a million of them, and the database's
/// driver copies and locks for every column: eleven of them take twice as long as one.
pub(crate) const SESSION_LINES: &str = "SELECT CAST(id AS TEXT)
            || $1 || CAST(contact_id AS TEXT)
            || $1 || COALESCE(CAST(device_id AS TEXT), '')
            || $1 || ip
            || $1 || CAST(started_at AS TEXT)
            || $1 || CAST(last_activity_at AS TEXT)
            || $1 || COALESCE(CAST(ended_at AS TEXT), '')
            || $1 || COALESCE(end_reason, '')
            || $1 || outcome
            || $1 || CAST(rev AS TEXT)
            || $1 || user_agent
     FROM session
     WHERE rev > $2 AND rev <= $3
     ORDER BY rev";

/// Reads a line of [`SESSION_LINES`]; `None` where it is none.
pub(crate) fn session(line: &str) -> Option<Session> {
    let mut parts = line.splitn(11, PART);
    let mut part = || parts.next();
    let number = |part: &str| part.parse::<i64>().ok();
    let maybe = |part: &str| if part.is_empty() { Some(None) } else { part.parse::<i64>().ok().map(Some) };
    Some(Session {
        id: number(part()?)?,
        contact_id: number(part()?)?,
        device_id: maybe(part()?)?,
        ip: part()?.to_owned(),
        started_at: Time(number(part()?)?),
        last_activity_at: Time(number(part()?)?),
        ended_at: maybe(part()?)?.map(Time),
        end_reason: Some(part()?).filter(|reason| !reason.is_empty()).map(str::to_owned),
        outcome: part()?.into(),
        rev: number(part()?)?,
        user_agent: part()?.to_owned(),
        extra: Extra::new(),
    })
}

pub(crate) fn restriction(row: &SqliteRow, language: Language) -> Result<Restriction, sqlx::Error> {
    let (code, limit, observed): (String, _, _) = (row.try_get(5)?, row.try_get(6)?, row.try_get(7)?);
    Ok(Restriction {
        id: row.try_get(0)?,
        contact_id: row.try_get(1)?,
        session_id: row.try_get(2)?,
        device_id: row.try_get(3)?,
        occurred_at: Time(row.try_get(4)?),
        rule: Rule { text: rule_text(&code, limit, observed, language), code, limit, observed },
        ip: row.try_get(8)?,
        action: row.try_get(9)?,
        status: row.try_get::<&str, _>(10)?.into(),
        status_changed: changed(row, 11)?,
        rev: row.try_get(13)?,
        extra: Extra::new(),
    })
}

/// The contact with this id, with its tags.
pub(crate) async fn contact_by_id(db: &mut SqliteConnection, id: i64) -> Result<Option<Contact>, sqlx::Error> {
    let Some(row) = sqlx::query(select!(contact "WHERE id = $1")).bind(id).fetch_optional(&mut *db).await? else {
        return Ok(None);
    };
    let mut found = contact(&row)?;
    let tags = sqlx::query(
        "SELECT tag.id, tag.name
         FROM contact_tag
         JOIN tag ON tag.id = contact_tag.tag_id
         WHERE contact_tag.contact_id = $1
         ORDER BY contact_tag.position",
    )
    .bind(id)
    .fetch_all(db)
    .await?;
    for row in tags {
        found.tags.push(Tag { id: row.try_get(0)?, name: row.try_get(1)? });
    }
    Ok(Some(found))
}

/// The device with this id.
pub(crate) async fn device_by_id(db: &mut SqliteConnection, id: i64) -> Result<Option<Device>, sqlx::Error> {
    sqlx::query(select!(device "WHERE id = $1")).bind(id).fetch_optional(db).await?.as_ref().map(device).transpose()
}

/// The restriction with this id.
pub(crate) async fn restriction_by_id(
    db: &mut SqliteConnection,
    id: i64,
    language: Language,
) -> Result<Option<Restriction>, sqlx::Error> {
    let row = sqlx::query(select!(restriction "WHERE id = $1")).bind(id).fetch_optional(db).await?;
    row.map(|row| restriction(&row, language)).transpose()
}
