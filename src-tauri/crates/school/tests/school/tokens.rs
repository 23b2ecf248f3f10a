//! Who may call, and how often.

use hallmonitor_school::{Limits, Scope};
use reqwest::{Method, Response};

use super::started::{As, Started, error, start, start_with};

const HERE: &str = "/login-log";

async fn with(school: &Started, token: Option<&str>, cabinet: Option<&str>) -> Response {
    let mut request = school.http.get(format!("{}{HERE}", school.running.url()));
    if let Some(token) = token {
        request = request.header("Token", token);
    }
    if let Some(cabinet) = cabinet {
        request = request.header("Cabinet-Hash", cabinet);
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn only_the_right_token_with_the_right_cabinet_is_let_in() {
    let school = start().await;
    let (token, cabinet) = (school.admin.token.reveal().to_owned(), school.admin.cabinet_hash.clone());
    assert_eq!(with(&school, Some(&token), Some(&cabinet)).await.status(), 200);
    let shorter = &token[..token.len() - 1];
    for (token, hash) in [
        (None, None),
        (Some(token.as_str()), None),
        (None, Some(cabinet.as_str())),
        (Some(&token), Some("0")),
        (Some(&token), Some("")),
        (Some(shorter), Some(&cabinet)),
        (Some(""), Some(&cabinet)),
        (Some("hm_"), Some(&cabinet)),
    ] {
        let (status, body) = error(with(&school, token, hash).await).await;
        assert_eq!((status, body["code"].as_str()), (401, Some("unauthorized")), "{token:?} {hash:?}");
    }
}

#[tokio::test]
async fn each_api_takes_only_its_own_tokens() {
    let school = start().await;
    for (who, method, path) in [
        (As::Site, Method::GET, "/contacts"),
        (As::Site, Method::GET, "/login-log"),
        (As::Site, Method::GET, "/login-log/changes"),
        (As::Site, Method::POST, "/login-log/actions"),
        (As::Site, Method::GET, "/login-log/events"),
        (As::Admin, Method::POST, "/site/logins"),
        (As::Admin, Method::GET, "/site/access-control"),
        (As::Admin, Method::DELETE, "/site/contacts/1"),
        (As::Admin, Method::POST, "/site/sessions/1/activity"),
    ] {
        assert_eq!(error(school.call(who, method, path).send().await.unwrap()).await.0, 403, "{path}");
    }
}

#[tokio::test]
async fn a_revoked_token_stops_at_once() {
    let school = start().await;
    assert_eq!(school.get(HERE).await.status(), 200);
    school.school.revoke_token(school.admin.id).await.unwrap();
    assert_eq!(error(school.get(HERE).await).await.0, 401);
    let listed = school.school.tokens().await.unwrap();
    assert!(listed.iter().any(|token| token.id == school.admin.id && token.revoked_at.is_some()));
    assert!(school.school.revoke_token(99).await.is_err());
}

#[tokio::test]
async fn tokens_are_kept_as_hashes_only() {
    let school = start().await;
    let secret = school.admin.token.reveal().to_owned();
    let dir = std::path::PathBuf::from(school.database().strip_prefix("sqlite:").unwrap());
    for file in std::fs::read_dir(dir.parent().unwrap()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
    }
    assert_eq!(format!("{:?}", school.admin.token), "***");
}

fn left(response: &Response) -> (&str, &str) {
    let said = |name: &str| response.headers()[name].to_str().unwrap();
    (said("x-ratelimit-limit"), said("x-ratelimit-remaining"))
}

#[tokio::test]
async fn a_token_has_so_many_requests_a_minute_and_every_answer_says_how_many() {
    let school = start_with(Limits { admin_per_minute: 3, site_per_minute: 5, ..Limits::default() }).await;
    assert_eq!(left(&school.get(HERE).await), ("3", "2"));
    assert_eq!(left(&school.get("/nothing").await), ("3", "1"));
    assert_eq!(left(&school.get("/contacts?page=0").await), ("3", "0"));
    school.clock.advance_ms(15_500);
    let refused = school.get(HERE).await;
    assert_eq!(left(&refused), ("3", "0"));
    assert_eq!(refused.headers()["retry-after"], "45");
    assert_eq!(refused.headers()["x-ratelimit-reset"], "1777888860");
    assert_eq!(error(refused).await.0, 429);
    let other = school.school.create_token(Scope::Admin, None).await.unwrap();
    let response = with(&school, Some(other.token.reveal()), Some(&other.cabinet_hash)).await;
    assert_eq!(response.status(), 200, "each token has its own minute");
    let site = school.call(As::Site, Method::GET, "/site/access-control").send().await.unwrap();
    assert_eq!(left(&site), ("5", "4"));
    school.clock.advance_ms(44_500);
    assert_eq!(left(&school.get(HERE).await), ("3", "2"));
}

#[tokio::test]
async fn an_answer_to_nobody_says_the_limit_too() {
    let school = start().await;
    let response = with(&school, None, None).await;
    assert_eq!(left(&response).0, "1000000");
    assert_eq!(response.status(), 401);
}
