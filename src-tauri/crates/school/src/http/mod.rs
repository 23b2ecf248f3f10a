//! Both APIs over HTTP. A handler reads what is asked, calls the school once, and answers.

mod actions;
mod ask;
mod connections;
mod contacts;
mod events;
mod gate;
mod limit;
mod login_log;
mod openapi;
mod problem;
mod running;
mod site;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    routing::{delete, get, post},
};
use tokio_util::sync::CancellationToken;
use tower_http::{CompressionLevel, catch_panic::CatchPanicLayer, compression::CompressionLayer};

use crate::School;
use problem::Problem;

pub use running::{Limits, Running};

/// What all handlers share.
#[derive(Debug)]
pub(crate) struct Served {
    pub(crate) school: School,
    limits: Limits,
    windows: limit::Windows,
    streams: events::Streams,
    /// Told when the server stops, so that streams end.
    stop: CancellationToken,
}

fn router(served: Arc<Served>) -> Router {
    let admin = Router::new()
        .route("/contacts", get(contacts::list))
        .route("/contacts/{id}", get(contacts::one))
        .route("/login-log", get(login_log::capabilities))
        .route("/login-log/changes", get(login_log::changes))
        .route("/login-log/events", get(events::stream))
        .route("/login-log/actions", post(actions::take))
        .route_layer(from_fn(gate::admins_only));
    let site = Router::new()
        .route("/site/logins", post(site::login))
        .route("/site/sessions/{id}/activity", post(site::activity))
        .route("/site/sessions/{id}/logout", post(site::logout))
        .route("/site/contacts", post(site::put_contact))
        .route("/site/contacts/{id}", delete(site::delete_contact))
        .route("/site/access-control", get(site::access_control).put(site::put_access_control))
        .route_layer(from_fn(gate::sites_only));
    guarded(Router::new().merge(admin).merge(site), served)
}

/// From the inside out: a panic becomes an answer, who calls is asked, errors get their words, bodies get small.
fn guarded(known: Router<Arc<Served>>, served: Arc<Served>) -> Router {
    known
        .fallback(async || Problem::NotFound)
        .layer(CatchPanicLayer::custom(gate::caught))
        .layer(from_fn_with_state(Arc::clone(&served), gate::admit))
        .route("/openapi.json", get(openapi::document))
        .layer(from_fn(gate::explain))
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(1)))
        // The gate has read the body within the contract's limit.
        .layer(DefaultBodyLimit::disable())
        .with_state(served)
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;
    use crate::Scope;

    #[tokio::test]
    async fn a_panic_is_an_error_like_another() -> Result<(), Box<dyn Error>> {
        let dir = tempfile::tempdir()?;
        let school = School::open(&format!("sqlite:{}", dir.path().join("school.db").display())).await?;
        let token = school.create_token(Scope::Admin, None).await?;
        let served = Arc::new(Served {
            school,
            limits: Limits::default(),
            windows: limit::Windows::default(),
            streams: events::Streams::default(),
            stop: CancellationToken::new(),
        });
        let broken = Router::new().route("/broken", get(async || -> () { panic!("on purpose") }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        tokio::spawn(axum::serve(listener, guarded(broken, served)).into_future());
        let answer = reqwest::Client::new()
            .get(format!("http://{address}/broken"))
            .header("Token", token.token.reveal())
            .header("Cabinet-Hash", token.cabinet_hash)
            .send()
            .await?;
        assert_eq!(answer.status(), 500);
        assert_eq!(answer.headers()["x-ratelimit-remaining"], "199");
        let body: hallmonitor_wire::ErrorBody = answer.json().await?;
        assert_eq!(body.code.as_deref(), Some("internal"));
        Ok(())
    }
}
