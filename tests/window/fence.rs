//! What the pages may not do, whatever gets into them.

use std::fs;

use hallmonitor_tests::{Desktop, project};
use serde_json::{Value, json};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

/// Tries something that must not work; answers `true` where it worked.
async fn tried(window: &hallmonitor_tests::Window, attempt: &str) -> Value {
    let script = format!(
        "const done = arguments[arguments.length - 1];
         (async () => {{ {attempt} }})().then((worked) => done(worked), (error) => done(false));"
    );
    window.driver().execute_async(script, vec![]).await.expect("the page answers").json().clone()
}

#[tokio::test]
async fn the_pages_run_no_foreign_script_and_reach_no_foreign_place() {
    // Whoever reaches it gets a picture, wherever the question comes from.
    let foreign = MockServer::start().await;
    let picture = fs::read(project().join("icons/32x32.png")).expect("the program's icon");
    let answer =
        ResponseTemplate::new(200).insert_header("Access-Control-Allow-Origin", "*").set_body_raw(picture, "image/png");
    Mock::given(any()).respond_with(answer).mount(&foreign).await;
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;
    window.sees("first-start").await;

    for attempt in [
        "const script = document.createElement('script'); script.textContent = 'window.ran = true';
         document.body.append(script); return window.ran === true;"
            .to_owned(),
        "document.body.insertAdjacentHTML('beforeend', '<button id=trap onclick=\"window.clicked = true\"></button>');
         document.getElementById('trap').click(); return window.clicked === true;"
            .to_owned(),
        "return new Function('return true')();".to_owned(),
        format!("await fetch('{}/login-log', {{ mode: 'no-cors' }}); return true;", foreign.uri()),
        format!(
            "return await new Promise((done) => {{ const image = new Image(); image.onload = () => done(true);
             image.onerror = () => done(false); image.src = '{}/a.png'; }});",
            foreign.uri()
        ),
    ] {
        assert_eq!(tried(&window, &attempt).await, json!(false), "{attempt}");
    }
    let reached = foreign.received_requests().await.expect("it writes down what reaches it");
    assert!(reached.is_empty(), "{reached:?}");
}

#[tokio::test]
async fn the_pages_call_only_what_the_capability_names() {
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;
    window.sees("first-start").await;

    for command in
        ["plugin:window|close", "plugin:window-state|save_window_state", "plugin:app|version", "no_such_command"]
    {
        let attempt = format!("await window.__TAURI_INTERNALS__.invoke('{command}'); return true;");
        assert_eq!(tried(&window, &attempt).await, json!(false), "{command}");
    }
    let attempt = "await window.__TAURI_INTERNALS__.invoke('overview'); return true;";
    assert_eq!(tried(&window, attempt).await, json!(true), "what is named works");
}
