//! The Site API: what the school's website calls.

use std::{collections::HashSet, sync::Arc};

use axum::{Json, body::Bytes, extract::State};
use hallmonitor_wire::{AccessControl, Answer, Contact};
use serde::{Deserialize, Serialize};

use super::{
    Served,
    ask::{self, Id},
    problem::{Fault, Problem},
};
use crate::{
    SettingsDraft,
    language::Language,
    ranges,
    site::{self, Alive, Attempt, ContactDraft, Email, LoggedIn, Who},
};

const MAX_USER_AGENT: usize = 2_000;

/// The body of `POST /site/logins`; exactly one of `contact_id` and `email`.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub(crate) struct LoginAttempt {
    /// Who wants to log in.
    #[schema(value_type = i64, required = false)]
    contact_id: Option<i64>,
    /// Who wants to log in.
    #[schema(value_type = String, required = false)]
    email: Option<String>,
    /// The student's address.
    ip: String,
    /// As the browser sent it.
    #[schema(max_length = 2000)]
    user_agent: String,
    /// What the browser sent; absent, unknown or malformed means a new device.
    #[serde(default)]
    #[schema(value_type = Option<String>, required = false)]
    device_cookie: serde_json::Value,
}

impl LoginAttempt {
    fn read(self) -> Result<Attempt, Problem> {
        let who = match (self.contact_id, self.email) {
            (Some(id), None) => Who::Id(id),
            (None, Some(email)) => Who::Email(read_email(&email)?),
            _ => return Err(Problem::Impossible("contact_id", Fault::OneOf("contact_id, email"))),
        };
        let ip = ranges::address(&self.ip).ok_or(Problem::Impossible("ip", Fault::Address))?;
        if self.user_agent.chars().count() > MAX_USER_AGENT {
            return Err(Problem::Impossible("user_agent", Fault::Longer(MAX_USER_AGENT)));
        }
        Ok(Attempt { who, ip, user_agent: self.user_agent, cookie: self.device_cookie.as_str().map(str::to_owned) })
    }
}

fn read_email(text: &str) -> Result<Email, Problem> {
    Email::read(text).ok_or(Problem::Impossible("email", Fault::Email))
}

/// A login attempt: let in, or refused by a rule
#[utoipa::path(
    post, path = "/site/logins", tag = "site", request_body = LoginAttempt,
    responses((status = 200, description = "done", body = Answer<LoggedIn>)),
)]
pub(crate) async fn login(
    State(served): State<Arc<Served>>,
    language: Language,
    body: Bytes,
) -> Result<Json<Answer<LoggedIn>>, Problem> {
    let attempt = ask::json::<LoginAttempt>(&body)?.read()?;
    let data = site::login(&served.school, attempt, language).await?.ok_or(Problem::NotFound)?;
    Ok(Json(Answer { data }))
}

/// The student did something
#[utoipa::path(
    post, path = "/site/sessions/{id}/activity", tag = "site", params(("id" = i64, Path)),
    responses((status = 200, description = "done", body = Answer<Alive>)),
)]
pub(crate) async fn activity(State(served): State<Arc<Served>>, Id(id): Id) -> Result<Json<Answer<Alive>>, Problem> {
    let data = site::activity(&served.school, id).await?.ok_or(Problem::NotFound)?;
    Ok(Json(Answer { data }))
}

/// Ends the session; repeated calls do nothing more
#[utoipa::path(
    post, path = "/site/sessions/{id}/logout", tag = "site", params(("id" = i64, Path)),
    responses((status = 200, description = "done", body = Answer<Alive>)),
)]
pub(crate) async fn logout(State(served): State<Arc<Served>>, Id(id): Id) -> Result<Json<Answer<Alive>>, Problem> {
    let data = site::logout(&served.school, id).await?.ok_or(Problem::NotFound)?;
    Ok(Json(Answer { data }))
}

/// Tags of one contact. Each is a statement or two while nobody else can write.
const MOST_TAGS: usize = 1_000;

/// Each once, in their order.
fn read_tags(tags: &[String]) -> Result<Vec<String>, Problem> {
    if tags.len() > MOST_TAGS {
        return Err(Problem::Impossible("tags", Fault::More(MOST_TAGS)));
    }
    let mut known = HashSet::new();
    let mut kept = Vec::with_capacity(tags.len());
    for tag in tags {
        let tag = tag.trim();
        if tag.is_empty() {
            return Err(Problem::Impossible("tags", Fault::Blank));
        }
        if known.insert(tag) {
            kept.push(tag.to_owned());
        }
    }
    Ok(kept)
}

/// Adds the contact with this e-mail or changes the fields given
#[utoipa::path(
    post, path = "/site/contacts", tag = "site", request_body = ContactDraft,
    responses((status = 200, description = "done", body = Answer<Contact>)),
)]
pub(crate) async fn put_contact(
    State(served): State<Arc<Served>>,
    body: Bytes,
) -> Result<Json<Answer<Contact>>, Problem> {
    let mut draft: ContactDraft = ask::json(&body)?;
    let email = read_email(&draft.email)?;
    if let Some(tags) = draft.tags.take() {
        draft.tags = Some(read_tags(&tags)?);
    }
    let data = site::put_contact(&served.school, &email, draft).await?;
    Ok(Json(Answer { data }))
}

/// What was deleted.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Gone {
    /// The contact's id.
    id: i64,
}

/// Removes the contact and all that belongs to it
#[utoipa::path(
    delete, path = "/site/contacts/{id}", tag = "site", params(("id" = i64, Path)),
    responses((status = 200, description = "done", body = Answer<Gone>)),
)]
pub(crate) async fn delete_contact(
    State(served): State<Arc<Served>>,
    Id(id): Id,
) -> Result<Json<Answer<Gone>>, Problem> {
    if !site::delete_contact(&served.school, id).await? {
        return Err(Problem::NotFound);
    }
    Ok(Json(Answer { data: Gone { id } }))
}

/// The settings
#[utoipa::path(
    get, path = "/site/access-control", tag = "site",
    responses((status = 200, description = "done", body = Answer<AccessControl>)),
)]
pub(crate) async fn access_control(State(served): State<Arc<Served>>) -> Result<Json<Answer<AccessControl>>, Problem> {
    Ok(Json(Answer { data: served.school.access_control().await? }))
}

/// Replaces the settings
#[utoipa::path(
    put, path = "/site/access-control", tag = "site", request_body = SettingsDraft,
    responses((status = 200, description = "done", body = Answer<AccessControl>)),
)]
pub(crate) async fn put_access_control(
    State(served): State<Arc<Served>>,
    body: Bytes,
) -> Result<Json<Answer<AccessControl>>, Problem> {
    let draft: SettingsDraft = ask::json(&body)?;
    Ok(Json(Answer { data: served.school.set_access_control(draft).await? }))
}
