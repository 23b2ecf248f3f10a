//! What an action looks like when it arrives, and whether it can be meant.

use hallmonitor_wire::{ActionType, ActionValue, Time};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use uuid::Uuid;

use crate::object::Object;

/// The body of `POST /login-log/actions`: how many there are counts before what they look like.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct AskedActions {
    pub(crate) actions: Vec<Value>,
}

/// One action as it arrived. Where id, type or value are no words of the contract, whatever else they are, that action
/// alone is invalid.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Asked {
    pub(crate) id: Value,
    #[serde(rename = "type")]
    pub(crate) kind: Value,
    pub(crate) target_id: i64,
    pub(crate) value: Value,
    pub(crate) base_rev: i64,
    /// Only checked: when something was set is when the server set it.
    #[serde(default)]
    pub(crate) decided_at: Option<Time>,
    #[serde(default)]
    pub(crate) force: bool,
}

impl AskedActions {
    /// All of them, where each is an object with the fields of an action.
    pub(crate) fn read(self) -> Result<Vec<Asked>, serde_json::Error> {
        let read = |action| serde_json::from_value(action).map(|Object(action)| action);
        self.actions.into_iter().map(read).collect()
    }
}

fn word<T: DeserializeOwned>(word: &Value) -> Option<T> {
    // A value of the contract is a text; an enum would be read from an object, too.
    word.is_string().then(|| serde_json::from_value(word.clone()).ok())?
}

impl Asked {
    /// The idempotency key, where the id is a UUID in its usual form with hyphens; case makes no difference.
    pub(crate) fn key(&self) -> Option<Uuid> {
        let id = self.id.as_str()?;
        if id.len() == uuid::fmt::Hyphenated::LENGTH { Uuid::try_parse(id).ok() } else { None }
    }

    /// The id as the answer names it: what is no text, as it stood in the body.
    pub(crate) fn name(&self) -> String {
        self.id.as_str().map_or_else(|| self.id.to_string(), str::to_owned)
    }

    /// What is wanted, where the value fits the type.
    pub(crate) fn wanted(&self) -> Option<(ActionType, ActionValue)> {
        let kind: ActionType = word(&self.kind)?;
        let value = word(&self.value)?;
        kind.values().contains(&value).then_some((kind, value))
    }

    /// What a repetition with the same id must be equal to.
    pub(crate) fn content(&self) -> String {
        serde_json::json!([self.kind, self.target_id, self.value, self.base_rev, self.force]).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(id: &str, kind: &str, value: &str) -> Asked {
        Asked {
            id: id.into(),
            kind: kind.into(),
            target_id: 1,
            value: value.into(),
            base_rev: 1,
            decided_at: None,
            force: false,
        }
    }

    #[test]
    fn a_key_is_a_uuid_of_any_version_and_case() {
        for (id, fits) in [
            ("0198c0de-0000-7000-8000-000000000001", true),
            ("0198C0DE-0000-4000-8000-00000000000A", true),
            ("00000000-0000-0000-0000-000000000000", true),
            ("0198c0de000070008000000000000001", false),
            ("{0198c0de-0000-7000-8000-000000000001}", false),
            ("0198c0de-0000-7000-8000-00000000000g", false),
            ("", false),
        ] {
            assert_eq!(asked(id, "", "").key().is_some(), fits, "{id}");
        }
    }

    #[test]
    fn a_value_fits_only_its_own_type() {
        for (kind, value, fits) in [
            ("device_access", "blocked", true),
            ("device_access", "viewed", false),
            ("restriction_status", "not_viewed", true),
            ("contact_checks", "off", true),
            ("contact_checks", "allowed", false),
            ("contact_checks", "", false),
            ("everything", "on", false),
        ] {
            assert_eq!(asked("", kind, value).wanted().is_some(), fits, "{kind} {value}");
        }
    }
}
