//! `/openapi.json`: what this server speaks, generated from its types.

use axum::Json;
use utoipa::{OpenApi, openapi};

#[derive(OpenApi)]
#[openapi(info(title = "Hallmonitor school server", version = "1"))]
struct Document;

/// `GET /openapi.json`; needs no token.
pub(crate) async fn document() -> Json<openapi::OpenApi> {
    Json(Document::openapi())
}
