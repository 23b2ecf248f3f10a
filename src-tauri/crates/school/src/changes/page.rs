//! One page of changes, read from one state of the database.

use std::collections::HashMap;

use futures_util::TryStreamExt;
use hallmonitor_wire::{Changes, ChangesMeta, Deleted, DeletedReason, Paged, Tag};
use sqlx::{Row, SqliteConnection};

use super::{Cursor, starts};
use crate::{
    School, SchoolError,
    language::Language,
    rows::{self, select},
    settings,
};

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ChangesError {
    /// The reader must start again without a cursor.
    #[error("the cursor is too old or of another history")]
    Expired,
    /// The database failed.
    #[error(transparent)]
    School(#[from] SchoolError),
}

impl From<sqlx::Error> for ChangesError {
    fn from(error: sqlx::Error) -> Self {
        Self::School(error.into())
    }
}

/// Characters of a page's texts that people and browsers choose, about: readers take 64 MiB of JSON, in which a character
/// may have six.
const MOST_TEXT: usize = 8 << 20;

/// What a tag's number and the names of its fields add to its own text.
const TAG: usize = 32;

/// The page after `cursor` of at most `limit` entities, or of fewer where their names and user agents are long.
pub(crate) async fn page(
    school: &School,
    cursor: Option<Cursor>,
    mut limit: i64,
    language: Language,
) -> Result<Paged<Changes, ChangesMeta>, ChangesError> {
    // All reads of a page are of one state.
    let mut state = school.pool().begin().await?;
    let (epoch, newest, pruned): (String, i64, i64) =
        sqlx::query_as("SELECT epoch, rev, pruned_rev FROM cabinet WHERE id = 1").fetch_one(&mut *state).await?;
    let cursor = match cursor {
        Some(cursor) if cursor.epoch != epoch => return Err(ChangesError::Expired),
        Some(cursor) if cursor.is_ahead(newest) || !starts::knows(&mut state, &cursor).await? => {
            drop(state);
            // A backup was restored: this history has parted from the one that the reader knows. It goes on under a name
            // of its own, so that revisions and erased ids of the other one are not taken for this one's.
            school.renew_epoch(Some(&epoch)).await?;
            return Err(ChangesError::Expired);
        }
        Some(cursor) if cursor.misses(pruned) => return Err(ChangesError::Expired),
        Some(cursor) => cursor,
        None => Cursor { epoch, rev: 0, base: newest, left: 0, mark: String::new() },
    };
    let after = cursor.rev;
    let mut data = Changes::default();
    let mut upto = newest;
    let mut has_more = false;
    if after < newest {
        loop {
            if let Some(last) = last_of_page(&mut state, after, limit).await? {
                (upto, has_more) = (last, true);
            }
            let mut room = if limit == 1 { usize::MAX } else { MOST_TEXT };
            if let Some(read) = read(&mut state, after, upto, language, &mut room).await? {
                data = read;
                break;
            }
            limit = (limit / 4).max(1);
        }
    }
    let left = match (has_more, cursor.left) {
        (false, _) => 0,
        (true, 0) => count_after(&mut state, upto).await?,
        (true, left) => (left - limit).max(1),
    };
    let base = if has_more { cursor.base } else { upto };
    let cursor = Cursor { rev: upto, base, left, mark: starts::latest(&mut state).await?, ..cursor };
    let meta = ChangesMeta { cursor: cursor.write(school.cursor_key()), has_more, remaining: u64::try_from(left).ok() };
    Ok(Paged { data, meta })
}

/// The revision of the last row of a full page, where more rows follow it. Every revision is that of one row at
/// most, so the rows up to it are a page.
async fn last_of_page(db: &mut SqliteConnection, after: i64, limit: i64) -> Result<Option<i64>, sqlx::Error> {
    let two: Vec<i64> = sqlx::query_scalar(
        "SELECT rev
         FROM (
             SELECT rev FROM (SELECT rev FROM contact WHERE rev > $1 ORDER BY rev LIMIT $2) AS contacts
             UNION ALL
             SELECT rev FROM (SELECT rev FROM device WHERE rev > $1 ORDER BY rev LIMIT $2) AS devices
             UNION ALL
             SELECT rev FROM (SELECT rev FROM session WHERE rev > $1 ORDER BY rev LIMIT $2) AS sessions
             UNION ALL
             SELECT rev FROM (SELECT rev FROM restriction WHERE rev > $1 ORDER BY rev LIMIT $2) AS restrictions
             UNION ALL
             SELECT rev FROM (SELECT rev FROM tombstone WHERE rev > $1 ORDER BY rev LIMIT $2) AS tombstones
             UNION ALL
             SELECT rev FROM access_control WHERE rev > $1
         ) AS changed
         ORDER BY rev
         LIMIT 2 OFFSET $3",
    )
    .bind(after)
    .bind(limit + 1)
    .bind(limit - 1)
    .fetch_all(db)
    .await?;
    Ok(if two.len() == 2 { two.first().copied() } else { None })
}

/// Rows of the page that ends a run are not counted: they are the page.
async fn count_after(db: &mut SqliteConnection, rev: i64) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT (SELECT COUNT(*) FROM contact WHERE rev > $1)
              + (SELECT COUNT(*) FROM device WHERE rev > $1)
              + (SELECT COUNT(*) FROM session WHERE rev > $1)
              + (SELECT COUNT(*) FROM restriction WHERE rev > $1)
              + (SELECT COUNT(*) FROM tombstone WHERE rev > $1)
              + (SELECT COUNT(*) FROM access_control WHERE rev > $1)",
    )
    .bind(rev)
    .fetch_one(db)
    .await
}

/// Everything between two revisions; `None` where there is no `room` for its texts.
async fn read(
    db: &mut SqliteConnection,
    after: i64,
    upto: i64,
    language: Language,
    room: &mut usize,
) -> Result<Option<Changes>, SchoolError> {
    let mut data = Changes::default();
    let mut tags = tags(db, after, upto).await?;

    let mut found = sqlx::query(select!(contact "WHERE rev > $1 AND rev <= $2 ORDER BY rev"))
        .bind(after)
        .bind(upto)
        .fetch(&mut *db);
    while let Some(row) = found.try_next().await? {
        let mut contact = rows::contact(&row)?;
        contact.tags = tags.remove(&contact.id).unwrap_or_default();
        let names = [&contact.first_name, &contact.last_name, &contact.phone].into_iter().flatten().map(String::len);
        let tags = contact.tags.iter().map(|tag| tag.name.len() + TAG);
        if !fits(contact.email.len() + names.chain(tags).sum::<usize>(), room) {
            return Ok(None);
        }
        data.contacts.push(contact);
    }
    drop(found);

    let mut found =
        sqlx::query(select!(device "WHERE rev > $1 AND rev <= $2 ORDER BY rev")).bind(after).bind(upto).fetch(&mut *db);
    while let Some(row) = found.try_next().await? {
        let device = rows::device(&row)?;
        if !fits(device.user_agent.len(), room) {
            return Ok(None);
        }
        data.devices.push(device);
    }
    drop(found);

    let mut found = sqlx::query(rows::SESSION_LINES).bind(rows::PART).bind(after).bind(upto).fetch(&mut *db);
    while let Some(row) = found.try_next().await? {
        let session = rows::session(row.try_get(0)?).ok_or(SchoolError::NoSession)?;
        if !fits(session.user_agent.len(), room) {
            return Ok(None);
        }
        data.sessions.push(session);
    }
    drop(found);

    let mut found = sqlx::query(select!(restriction "WHERE rev > $1 AND rev <= $2 ORDER BY rev"))
        .bind(after)
        .bind(upto)
        .fetch(&mut *db);
    while let Some(row) = found.try_next().await? {
        data.restrictions.push(rows::restriction(&row, language)?);
    }
    drop(found);

    let mut found = sqlx::query(
        "SELECT type, entity_id, rev, reason
         FROM tombstone
         WHERE rev > $1 AND rev <= $2
         ORDER BY rev",
    )
    .bind(after)
    .bind(upto)
    .fetch(&mut *db);
    while let Some(row) = found.try_next().await? {
        let reason = match row.try_get::<&str, _>(3)? {
            "retention" => DeletedReason::Retention,
            _ => DeletedReason::Erased,
        };
        let kind = row.try_get::<&str, _>(0)?.into();
        data.deleted.push(Deleted { kind, id: row.try_get(1)?, rev: row.try_get(2)?, reason });
    }
    drop(found);

    let settings = settings::read(db).await?;
    if settings.rev > after && settings.rev <= upto {
        data.access_control = Some(settings);
    }
    Ok(Some(data))
}

/// Takes a text's length off the room that is left; says whether there was as much.
fn fits(text: usize, room: &mut usize) -> bool {
    let left = room.checked_sub(text);
    *room = left.unwrap_or_default();
    left.is_some()
}

/// The tags of the page's contacts, in their order.
async fn tags(db: &mut SqliteConnection, after: i64, upto: i64) -> Result<HashMap<i64, Vec<Tag>>, sqlx::Error> {
    let mut tags: HashMap<i64, Vec<Tag>> = HashMap::new();
    let mut found = sqlx::query(
        "SELECT contact_tag.contact_id, tag.id, tag.name
         FROM contact
         JOIN contact_tag ON contact_tag.contact_id = contact.id
         JOIN tag ON tag.id = contact_tag.tag_id
         WHERE contact.rev > $1 AND contact.rev <= $2
         ORDER BY contact_tag.contact_id, contact_tag.position",
    )
    .bind(after)
    .bind(upto)
    .fetch(db);
    while let Some(row) = found.try_next().await? {
        tags.entry(row.try_get(0)?).or_default().push(Tag { id: row.try_get(1)?, name: row.try_get(2)? });
    }
    Ok(tags)
}
