//! The bodies of answers: capabilities, pages of changes and of contacts, errors.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use crate::{AccessControl, Contact, Device, EntityType, Restriction, Session};

/// `{"data": ...}`, the envelope of every answer with one thing in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Answer<T> {
    /// The thing.
    pub data: T,
}

/// `{"data": ..., "meta": ...}`, the envelope of every page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Paged<T, M> {
    /// What the page brings.
    pub data: T,
    /// Where it stands among the others.
    pub meta: M,
}

/// `GET /login-log`: what this server offers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Capabilities {
    /// The contract's version; this crate speaks 1.
    #[cfg_attr(feature = "schema", schema(schema_with = only_version))]
    pub version: i64,
    /// Which school.
    pub cabinet: CabinetInfo,
    /// Names this history of the cabinet. Revisions compare only within one epoch.
    pub epoch: String,
    /// The largest `limit` of a page of changes.
    pub max_changes_limit: i64,
    /// Most actions in one body.
    pub max_actions: i64,
    /// Whether `/login-log/events` is served.
    #[serde(default, deserialize_with = "null_is_false")]
    #[cfg_attr(feature = "schema", schema(default = false))]
    pub events: bool,
    /// Sessions and restrictions older than this leave the server.
    #[serde(default)]
    pub retention_days: Option<i64>,
}

#[cfg(feature = "schema")]
fn only_version() -> utoipa::openapi::Object {
    utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::Type::Integer).enum_values(Some([1])).build()
}

/// What a server says of its cabinet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CabinetInfo {
    /// The school's name.
    pub name: String,
}

/// One page of `GET /login-log/changes`: each entity once, in its newest state.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Changes {
    /// Changed contacts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
    /// Changed devices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub devices: Vec<Device>,
    /// Changed sessions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<Session>,
    /// Changed restrictions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub restrictions: Vec<Restriction>,
    /// The settings, where they changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = AccessControl, required = false))]
    pub access_control: Option<AccessControl>,
    /// What is gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deleted: Vec<Deleted>,
}

/// Where a page of changes stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ChangesMeta {
    /// Ask for the next page with this; at most 512 characters.
    #[cfg_attr(feature = "schema", schema(max_length = 512))]
    pub cursor: String,
    /// Whether more is there now.
    pub has_more: bool,
    /// Entities still to come after this page, an estimate. A number that is none is read as none: nothing depends on it.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "estimate")]
    #[cfg_attr(feature = "schema", schema(value_type = i64, required = false))]
    pub remaining: Option<u64>,
}

fn null_is_false<'de, D: Deserializer<'de>>(given: D) -> Result<bool, D::Error> {
    Ok(Option::<bool>::deserialize(given)?.unwrap_or_default())
}

fn estimate<'de, D: Deserializer<'de>>(given: D) -> Result<Option<u64>, D::Error> {
    Ok(Option::<f64>::deserialize(given)?.filter(|number| *number >= 0.0).map(|number| number as u64))
}

/// A tombstone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Deleted {
    /// What kind of thing is gone.
    #[serde(rename = "type")]
    pub kind: EntityType,
    /// Which one.
    pub id: i64,
    /// The cabinet's revision at the deletion.
    pub rev: i64,
    /// Why.
    #[serde(default)]
    pub reason: DeletedReason,
}

/// Why an entity left the server. A reason that is not known is read as `Erased`, the stricter one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeletedReason {
    /// Too old for the server; a reader may keep its copy.
    Retention,
    /// Nobody may keep it.
    #[default]
    #[serde(other)]
    Erased,
}

/// Where a page of `GET /contacts` stands (KWIGA's documented shape).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ContactsMeta {
    /// From 1.
    pub current_page: i64,
    /// From 1.
    pub last_page: i64,
    /// Rows in a full page.
    pub per_page: i64,
    /// Contacts in all.
    pub total: i64,
}

/// The body of every answer that is an error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// For a person, in the language of the request where the server has it.
    pub message: String,
    /// For a program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = String, required = false))]
    pub code: Option<String>,
    /// What is wrong with which field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub errors: BTreeMap<String, Vec<String>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_what_is_to_come_that_is_none_fails_no_page() {
        for (remaining, read) in [("7", Some(7)), ("7.0", Some(7)), ("0", Some(0)), ("-1", None), ("null", None)] {
            let text = format!(r#"{{"cursor": "c", "has_more": true, "remaining": {remaining}}}"#);
            let meta: ChangesMeta = serde_json::from_str(&text).expect("a page");
            assert_eq!(meta.remaining, read, "{remaining}");
        }
        let meta: ChangesMeta = serde_json::from_str(r#"{"cursor": "c", "has_more": false}"#).expect("a page");
        assert_eq!(meta.remaining, None);
    }
}
