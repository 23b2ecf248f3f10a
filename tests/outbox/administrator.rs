//! Another administrator of the same school, with a token of their own, straight at the server.

use hallmonitor_school::Scope;
use hallmonitor_tests::TestSchool;
use hallmonitor_wire::{ActionType, ActionValue};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::website::http;

/// Their name at the school.
const NAME: &str = "Olena";

/// Whether a key is one of theirs: they use another version of UUID than the program, so that the two can be told apart.
pub(crate) fn is_theirs(key: &str) -> bool {
    key.parse::<Uuid>().is_ok_and(|key| key.get_version_num() == 4)
}

/// Decides and reads without any program of the owner's.
#[derive(Debug)]
pub(crate) struct Administrator {
    http: reqwest::Client,
    url: String,
    token: String,
    cabinet: String,
}

impl Administrator {
    pub(crate) async fn of(school: &TestSchool) -> Self {
        let token = school.school.create_token(Scope::Admin, Some(NAME)).await.expect("a token is made");
        Self {
            http: http(),
            url: school.url(),
            token: token.token.reveal().to_owned(),
            cabinet: school.cabinet.clone(),
        }
    }

    /// Decides, whatever anybody else has; gives the result.
    pub(crate) async fn decides(&self, kind: ActionType, id: i64, value: ActionValue) -> String {
        let action = json!({
            "id": Uuid::new_v4(),
            "type": kind.as_str(),
            "target_id": id,
            "value": value.as_str(),
            "base_rev": 0,
            "force": true,
        });
        let post = self.http.post(format!("{}/login-log/actions", self.url));
        let said = self.answer(post.json(&json!({ "actions": [action] }))).await;
        said["data"][0]["result"].as_str().unwrap_or_else(|| panic!("{said}")).to_owned()
    }

    /// Reads.
    pub(crate) async fn asks(&self, path: &str) -> Value {
        self.answer(self.http.get(format!("{}/{path}", self.url))).await
    }

    async fn answer(&self, request: reqwest::RequestBuilder) -> Value {
        let request = request.header("Token", &self.token).header("Cabinet-Hash", &self.cabinet);
        request.send().await.expect("the school answers").json().await.expect("JSON")
    }
}
