//! `POST /login-log/actions`: the owner's decisions.

use std::sync::Arc;

use axum::{Extension, Json, body::Bytes, extract::State};
use hallmonitor_wire::{ActionResult, Actions, Answer};

use super::{
    Served, ask,
    problem::{Fault, Problem},
};
use crate::{
    actions::{self, Answered, AskedActions, MAX_ACTIONS},
    language::Language,
    token::Caller,
};

/// The one way to change anything. Every action stands alone; the answers come in the order of the actions.
#[utoipa::path(
    post, path = "/login-log/actions", tag = "school", request_body = Actions,
    responses((status = 200, description = "done", body = Answer<Vec<ActionResult>>)),
)]
pub(crate) async fn take(
    State(served): State<Arc<Served>>,
    Extension(caller): Extension<Caller>,
    language: Language,
    body: Bytes,
) -> Result<Json<Answer<Vec<Answered>>>, Problem> {
    let asked: AskedActions = ask::json(&body)?;
    if asked.actions.is_empty() {
        return Err(Problem::Impossible("actions", Fault::Blank));
    }
    if asked.actions.len() > MAX_ACTIONS {
        return Err(Problem::TooManyActions(MAX_ACTIONS));
    }
    let actions = asked.read().map_err(|error| ask::misshapen(&error))?;
    let data = actions::perform(&served.school, actions, &caller.name, language).await?;
    Ok(Json(Answer { data }))
}
