//! `/login-log`: what this server offers, and what changed.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use hallmonitor_wire::{Answer, CabinetInfo, Capabilities, Changes, ChangesMeta, Paged};

use super::{Served, ask::Query, problem::Problem};
use crate::{
    actions::MAX_ACTIONS,
    changes::{self, ChangesError, Cursor, CursorKey},
    language::Language,
};

const LIMIT: i64 = 1_000;
const MAX_LIMIT: i64 = 10_000;

/// What this server offers
#[utoipa::path(
    get, path = "/login-log", tag = "school",
    responses((status = 200, description = "done", body = Answer<Capabilities>)),
)]
pub(crate) async fn capabilities(State(served): State<Arc<Served>>) -> Result<Json<Answer<Capabilities>>, Problem> {
    let (name, epoch, retention_days): (String, String, Option<i64>) =
        sqlx::query_as("SELECT name, epoch, retention_days FROM cabinet WHERE id = 1")
            .fetch_one(served.school.pool())
            .await?;
    Ok(Json(Answer {
        data: Capabilities {
            version: 1,
            cabinet: CabinetInfo { name },
            epoch,
            max_changes_limit: MAX_LIMIT,
            max_actions: MAX_ACTIONS as i64,
            events: served.limits.nudges,
            retention_days,
        },
    }))
}

/// From where, and how many changes are asked for.
#[derive(Debug, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// From the answer before; none begins at the beginning.
    #[param(value_type = String, required = false)]
    cursor: Option<Cursor>,
    #[param(minimum = 1, default = 1000, required = false)]
    limit: i64,
}

impl Asked {
    fn read(query: &Query, key: &CursorKey) -> Result<Self, Problem> {
        let limit = query.counting("limit", LIMIT, MAX_LIMIT)?;
        let cursor = query.text("cursor").map(|text| Cursor::read(text, key)).transpose();
        let cursor = cursor.map_err(|_| Problem::BadCursor)?;
        Ok(Self { cursor, limit })
    }
}

/// Everything that changed after a cursor, oldest change first, each entity once in its newest state
#[utoipa::path(
    get, path = "/login-log/changes", tag = "school", params(Asked),
    responses((status = 200, description = "done", body = Paged<Changes, ChangesMeta>)),
)]
pub(crate) async fn changes(
    State(served): State<Arc<Served>>,
    language: Language,
    query: Query,
) -> Result<Response, Problem> {
    let Asked { cursor, limit } = Asked::read(&query, served.school.cursor_key())?;
    let page = changes::page(&served.school, cursor, limit, language).await.map_err(|error| match error {
        ChangesError::Expired => Problem::CursorExpired,
        ChangesError::School(error) => error.into(),
    })?;
    // A page of 10,000 sessions is 4 MB of text: not on a thread that others wait for.
    let body = tokio::task::spawn_blocking(move || serde_json::to_vec(&page)).await;
    match body {
        Ok(Ok(body)) => Ok(([(CONTENT_TYPE, "application/json")], body).into_response()),
        Ok(Err(error)) => {
            tracing::error!(%error, "a page can't be written");
            Err(Problem::Internal)
        }
        Err(error) => {
            tracing::error!(%error, "a page was not written");
            Err(Problem::Internal)
        }
    }
}
