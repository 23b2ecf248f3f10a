use std::fs;

use hallmonitor_tests::Cli;
use serde_json::json;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path},
};

/// The languages that the server was asked in since the last time.
async fn asked_in(server: &MockServer) -> Vec<String> {
    let mut languages: Vec<String> = server
        .received_requests()
        .await
        .expect("they are kept")
        .iter()
        .map(|request| request.headers.get("X-Language").expect("a language").to_str().expect("text").to_owned())
        .collect();
    server.reset().await;
    languages.dedup();
    languages
}

async fn answering(server: &MockServer) {
    let contacts = json!({
        "data": [],
        "meta": { "current_page": 1, "last_page": 1, "per_page": 250, "total": 0 },
    });
    for (place, status, body) in [("/login-log", 404, json!({ "message": "Not found." })), ("/contacts", 200, contacts)]
    {
        let answer = ResponseTemplate::new(status).set_body_json(body);
        Mock::given(method("GET")).and(path(place)).respond_with(answer).mount(server).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_is_asked_in_the_language_that_is_chosen_else_in_the_systems() {
    let server = MockServer::start().await;
    answering(&server).await;
    let cli = Cli::new("token");
    let mut connect = cli.command(&["connect", "--server", &server.uri(), "--cabinet", "c"]);
    connect.env("LANG", "ru_RU.UTF-8");
    let ran = crate::ended(connect);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(asked_in(&server).await, ["ru"], "what the system speaks");

    let settings = cli.data_dir().join("settings.json");
    for (written, language) in [("{\"language\": \"uk\"}", "uk"), ("{\"language\": null}", "en"), ("{ damaged", "en")] {
        fs::write(&settings, written).expect("written");
        answering(&server).await;
        let ran = cli.run(&["sync"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(ran.stdout.starts_with("Up to date"), "what it says itself stays: {}", ran.stdout);
        assert_eq!(asked_in(&server).await, [language], "{written}");
        assert_eq!(fs::read_to_string(&settings).expect("still there"), written, "it only looks");
    }
}
