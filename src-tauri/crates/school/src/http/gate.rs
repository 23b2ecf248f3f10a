//! What every request passes: who calls, how often, with how large a body; and what every error looks like.

use std::{any::Any, sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{CONTENT_LENGTH, CONTENT_TYPE, EXPECT},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::StreamExt;
use hallmonitor_wire::header;
use tokio::time::timeout;

use super::{Served, limit::Verdict, problem::Problem};
use crate::{
    language::Language,
    token::{Caller, Scope},
};

/// The largest body of a request: 1 MiB.
const MAX_BODY: usize = 1 << 20;

/// How much of a body that is too large is read and dropped, so that the caller gets to read the answer.
const MAX_DROPPED: usize = 32 << 20;

/// The same of a body that nobody looks at, whoever sent it.
const MAX_UNREAD: usize = 4 << 20;

/// Lets in who shows a token and the cabinet's hash, counts the request, and reads its body.
pub(crate) async fn admit(State(served): State<Arc<Served>>, request: Request, next: Next) -> Response {
    let limits = served.limits;
    let site = request.uri().path().starts_with("/site/");
    let uncounted = Verdict::uncounted(if site { limits.site_per_minute } else { limits.admin_per_minute });
    let (verdict, mut response) = match identify(&served, request.headers()).await {
        Err(problem) => {
            drop_body(request, limits.body).await;
            (uncounted, problem.into_response())
        }
        Ok(caller) => {
            let limit = match caller.scope {
                Scope::Admin => limits.admin_per_minute,
                Scope::Site => limits.site_per_minute,
            };
            let verdict = served.windows.take(caller.token_id, limit, served.school.clock().now());
            let response = if verdict.allowed {
                pass(caller, request, next, limits.body).await
            } else {
                drop_body(request, limits.body).await;
                Problem::TooMany(verdict).into_response()
            };
            (verdict, response)
        }
    };
    verdict.write_to(response.headers_mut());
    response
}

async fn identify(served: &Served, headers: &HeaderMap) -> Result<Caller, Problem> {
    let said = |name| headers.get(name).map(HeaderValue::as_bytes);
    let (Some(token), Some(cabinet)) = (said(header::TOKEN), said(header::CABINET_HASH)) else {
        return Err(Problem::Unknown);
    };
    served.school.caller(token, cabinet).await?.ok_or(Problem::Unknown)
}

async fn pass(caller: Caller, request: Request, next: Next, patience: Duration) -> Response {
    let (parts, body) = request.into_parts();
    let read = timeout(patience, read(body)).await.unwrap_or(Err(Problem::Slow));
    let body = match read {
        Ok(body) => body,
        Err(problem) => return problem.into_response(),
    };
    let mut request = Request::from_parts(parts, Body::from(body));
    request.extensions_mut().insert(caller);
    next.run(request).await
}

async fn read(body: Body) -> Result<Bytes, Problem> {
    let mut kept = Vec::new();
    let mut seen = 0;
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Problem::Malformed)?;
        seen += chunk.len();
        if seen > MAX_DROPPED {
            break;
        }
        if seen <= MAX_BODY {
            kept.extend_from_slice(&chunk);
        }
    }
    if seen > MAX_BODY { Err(Problem::TooLarge) } else { Ok(kept.into()) }
}

/// Reads and drops a body that is not looked at: one that is left makes a reset of the answer, where the caller is still
/// sending.
async fn drop_body(request: Request, patience: Duration) {
    // Whoever asks first whether to send it is told by the answer.
    if request.headers().contains_key(EXPECT) {
        return;
    }
    let mut chunks = request.into_body().into_data_stream();
    let dropping = async {
        let mut seen = 0;
        while let Some(Ok(chunk)) = chunks.next().await {
            seen += chunk.len();
            if seen > MAX_UNREAD {
                break;
            }
        }
    };
    // Whoever takes longer is answered all the same.
    let _ = timeout(patience, dropping).await;
}

/// Refuses a token of the other API.
pub(crate) async fn admins_only(request: Request, next: Next) -> Response {
    only(Scope::Admin, request, next).await
}

/// Refuses a token of the other API.
pub(crate) async fn sites_only(request: Request, next: Next) -> Response {
    only(Scope::Site, request, next).await
}

async fn only(scope: Scope, request: Request, next: Next) -> Response {
    match request.extensions().get::<Caller>() {
        Some(caller) if caller.scope == scope => next.run(request).await,
        _ => Problem::Scope.into_response(),
    }
}

/// Writes every error as JSON in the language of the request, whoever made it.
pub(crate) async fn explain(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let language = Language::of_parts(&parts);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let problem = match (response.extensions_mut().remove::<Problem>(), response.status()) {
        (Some(problem), _) => problem,
        (None, StatusCode::NOT_FOUND) => Problem::NotFound,
        (None, StatusCode::METHOD_NOT_ALLOWED) => Problem::Method,
        (None, StatusCode::PAYLOAD_TOO_LARGE) => Problem::TooLarge,
        (None, status) if status.is_server_error() => Problem::Internal,
        (None, status) if status.is_client_error() => Problem::Malformed,
        _ => return response,
    };
    let mut answer = problem.answer(language);
    for (name, value) in response.headers() {
        // The limit's headers and `Allow` stay; the body is another one.
        if name != CONTENT_TYPE && name != CONTENT_LENGTH {
            answer.headers_mut().insert(name, value.clone());
        }
    }
    answer
}

/// A request that panicked is an error like another.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over by value")]
pub(crate) fn caught(panic: Box<dyn Any + Send + 'static>) -> Response {
    let said = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(panic = said.unwrap_or("of another kind"), "a request panicked");
    Problem::Internal.into_response()
}
