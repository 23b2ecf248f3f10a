//! `/contacts`: the shape that KWIGA documents for its public API.

use std::{collections::HashMap, sync::Arc};

use axum::{Json, extract::State};
use hallmonitor_wire::{Answer, Contact, ContactsMeta, MAX_ID, Paged, Tag};
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection};

use super::{
    Served,
    ask::{Id, Query},
    problem::Problem,
};
use crate::{
    fold::fold,
    rows::{self, select},
};

const PER_PAGE: i64 = 15;
const MAX_PER_PAGE: i64 = 250;

/// Which page of contacts is asked for.
#[derive(Debug, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    #[param(minimum = 1, default = 1, required = false)]
    page: i64,
    #[param(minimum = 1, maximum = 250, default = 15, required = false)]
    per_page: i64,
    /// Part of the name ('First Last') or the e-mail address, whatever its case in any script; % and _ are plain.
    #[param(rename = "filters[search]", value_type = String, required = false)]
    search: Option<String>,
}

impl Asked {
    fn read(query: &Query) -> Result<Self, Problem> {
        Ok(Self {
            // It stands in the answer, and no reader can say a larger number.
            page: query.counting("page", 1, MAX_ID)?,
            per_page: query.counting("per_page", PER_PAGE, MAX_PER_PAGE)?,
            search: query.text("filters[search]").filter(|search| !search.is_empty()).map(str::to_owned),
        })
    }
}

/// A page of contacts, newest first (KWIGA's documented shape)
#[utoipa::path(
    get, path = "/contacts", tag = "school", params(Asked),
    responses((status = 200, description = "done", body = Paged<Vec<Contact>, ContactsMeta>)),
)]
pub(crate) async fn list(
    State(served): State<Arc<Served>>,
    query: Query,
) -> Result<Json<Paged<Vec<Contact>, ContactsMeta>>, Problem> {
    let Asked { page, per_page, search } = Asked::read(&query)?;
    // Nothing is part of everything. `LIKE` would end at a NUL, and fail for a pattern of more than 50,000 bytes.
    let part = search.as_deref().map(fold).unwrap_or_default();

    let mut state = served.school.pool().begin().await?;
    let total: i64 = sqlx::query_scalar(
        "SELECT COUNT(*)
         FROM contact
         WHERE instr(name_folded, $1) > 0 OR instr(email_folded, $1) > 0",
    )
    .bind(&part)
    .fetch_one(&mut *state)
    .await?;
    let found = sqlx::query(select!(
        contact "WHERE instr(name_folded, $1) > 0 OR instr(email_folded, $1) > 0
                 ORDER BY created_at DESC, id DESC
                 LIMIT $2 OFFSET $3"
    ))
    .bind(&part)
    .bind(per_page)
    .bind((page - 1).saturating_mul(per_page))
    .fetch_all(&mut *state)
    .await?;
    let mut data = found.iter().map(rows::contact).collect::<Result<Vec<_>, _>>()?;
    let mut tags = tags(&mut state, &data).await?;
    for contact in &mut data {
        contact.tags = tags.remove(&contact.id).unwrap_or_default();
    }
    let last_page = ((total + per_page - 1) / per_page).max(1);
    Ok(Json(Paged { data, meta: ContactsMeta { current_page: page, last_page, per_page, total } }))
}

async fn tags(db: &mut SqliteConnection, of: &[Contact]) -> Result<HashMap<i64, Vec<Tag>>, sqlx::Error> {
    let mut tags: HashMap<i64, Vec<Tag>> = HashMap::new();
    if of.is_empty() {
        return Ok(tags);
    }
    let mut query = QueryBuilder::<Sqlite>::new(
        "SELECT contact_tag.contact_id, tag.id, tag.name
         FROM contact_tag
         JOIN tag ON tag.id = contact_tag.tag_id
         WHERE contact_tag.contact_id IN (",
    );
    let mut ids = query.separated(", ");
    for contact in of {
        ids.push_bind(contact.id);
    }
    query.push(") ORDER BY contact_tag.contact_id, contact_tag.position");
    for row in query.build().fetch_all(db).await? {
        tags.entry(row.try_get(0)?).or_default().push(Tag { id: row.try_get(1)?, name: row.try_get(2)? });
    }
    Ok(tags)
}

/// One contact
#[utoipa::path(
    get, path = "/contacts/{id}", tag = "school", params(("id" = i64, Path)),
    responses((status = 200, description = "done", body = Answer<Contact>)),
)]
pub(crate) async fn one(State(served): State<Arc<Served>>, Id(id): Id) -> Result<Json<Answer<Contact>>, Problem> {
    let mut db = served.school.pool().acquire().await?;
    let data = rows::contact_by_id(&mut db, id).await?.ok_or(Problem::NotFound)?;
    Ok(Json(Answer { data }))
}
