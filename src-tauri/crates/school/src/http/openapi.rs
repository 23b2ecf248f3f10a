//! `/openapi.json`: what this server speaks, generated from its types and handlers.

use axum::Json;
use hallmonitor_wire::{
    AccessControl, Action, ActionResult, Changed, Contact, Device, ErrorBody, Restriction, Session,
};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        self, Components, ContentBuilder, Ref, ResponseBuilder,
        path::{Operation, PathItem},
        security::{ApiKey, ApiKeyValue, SecurityScheme},
    },
};

use super::{actions, contacts, events, login_log, site};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Hallmonitor school server",
        version = "1",
        description = "Tag `school`: what the desktop app speaks to (a token of scope admin). \
            Tag `site`: what the school's website calls (a token of scope site).",
    ),
    paths(
        contacts::list,
        contacts::one,
        login_log::capabilities,
        login_log::changes,
        events::stream,
        actions::take,
        site::login,
        site::activity,
        site::logout,
        site::put_contact,
        site::delete_contact,
        site::access_control,
        site::put_access_control,
    ),
    components(schemas(
        AccessControl, Action, ActionResult, Changed, Contact, Device, ErrorBody, Restriction, Session
    )),
    security(("token" = [], "cabinet" = [])),
    modifiers(&Headers, &Errors),
)]
struct Document;

/// The two headers that every call carries.
struct Headers;

impl Modify for Headers {
    fn modify(&self, document: &mut openapi::OpenApi) {
        let components = document.components.get_or_insert_with(Components::new);
        for (name, header) in [("token", "Token"), ("cabinet", "Cabinet-Hash")] {
            let scheme = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new(header)));
            components.security_schemes.insert(name.to_owned(), scheme.into());
        }
    }
}

/// Every call may be answered by an error of one shape.
struct Errors;

const ERROR: &str = "Error";

/// Errors that a call has a word for in the contracts, beside those that any call can meet.
const NAMED: [(&str, &[&str]); 6] = [
    ("/login-log/changes", &["410"]),
    ("/site/logins", &["404", "422"]),
    ("/site/sessions/{id}/activity", &["404"]),
    ("/site/sessions/{id}/logout", &["404"]),
    ("/site/contacts/{id}", &["404"]),
    ("/site/access-control", &["422"]),
];

impl Modify for Errors {
    fn modify(&self, document: &mut openapi::OpenApi) {
        let body = ContentBuilder::new().schema(Some(Ref::from_schema_name("ErrorBody"))).build();
        let error = ResponseBuilder::new()
            .description(
                "400 malformed, 401 token or cabinet unknown, 403 a token of the other API, 404, 405, 410 start again, \
                 413 too large, 422 well-formed but impossible, 429 too many requests, 500, 503 try again",
            )
            .content("application/json", body)
            .build();
        let components = document.components.get_or_insert_with(Components::new);
        components.responses.insert(ERROR.to_owned(), error.into());
        for (path, item) in &mut document.paths.paths {
            let named = NAMED.iter().find(|(of, _)| of == path).map_or(&[][..], |(_, statuses)| statuses);
            for operation in operations(item) {
                for status in named.iter().chain(&["default"]) {
                    let error = Ref::from_response_name(ERROR);
                    operation.responses.responses.insert((*status).to_owned(), error.into());
                }
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.delete].into_iter().flatten()
}

/// `GET /openapi.json`; needs no token.
pub(crate) async fn document() -> Json<openapi::OpenApi> {
    Json(Document::openapi())
}
