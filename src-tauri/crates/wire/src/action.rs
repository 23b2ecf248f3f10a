//! The one way to change anything: actions, each with its idempotency key, and their answers.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Contact, Device, Restriction, Time};

/// The body of `POST /login-log/actions`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Actions {
    /// 1 to `max_actions` of them.
    #[cfg_attr(feature = "schema", schema(min_items = 1))]
    pub actions: Vec<Action>,
}

/// Sets one value; it never toggles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Action {
    /// The idempotency key, made when the person decided.
    pub id: Uuid,
    /// What kind of decision.
    #[serde(rename = "type")]
    pub kind: ActionType,
    /// The device's, restriction's or contact's id.
    pub target_id: i64,
    /// One of the two values that fit the type.
    pub value: ActionValue,
    /// The `rev` of the entity that the person saw when deciding.
    pub base_rev: i64,
    /// When the person decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Time, required = false))]
    pub decided_at: Option<Time>,
    /// Set it even where somebody else changed the field since.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(default = false))]
    pub force: bool,
}

/// The kinds of decisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ActionType {
    /// A device's access to the platform.
    DeviceAccess,
    /// A restriction's log status.
    RestrictionStatus,
    /// A contact's checks.
    ContactChecks,
}

/// The values that an action can set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ActionValue {
    /// The device may log in.
    Allowed,
    /// The device may not log in.
    Blocked,
    /// The owner has not looked at it.
    NotViewed,
    /// The owner has looked at it.
    Viewed,
    /// Checks on.
    On,
    /// Checks off.
    Off,
}

/// The server's answer to one action.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ActionResult {
    /// The action's id.
    pub id: Uuid,
    /// What became of it.
    pub result: Outcome,
    /// Whether this is the stored answer to an earlier request.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(default = false))]
    pub replayed: bool,
    /// For a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = String, required = false))]
    pub message: Option<String>,
    /// The entity as it stands, where it is a device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Device, required = false))]
    pub device: Option<Device>,
    /// The entity as it stands, where it is a restriction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Restriction, required = false))]
    pub restriction: Option<Restriction>,
    /// The entity as it stands, where it is a contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Contact, required = false))]
    pub contact: Option<Contact>,
}

/// What became of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The value is as wanted.
    Applied,
    /// Somebody else changed the field since; nothing was done.
    Conflict,
    /// There is no such target.
    NotFound,
    /// The action can't be meant.
    Invalid,
    /// The token may not.
    Forbidden,
    /// Nothing was decided: send the same again later. Also what a later version's word is read as.
    #[serde(other)]
    Retry,
}

impl ActionType {
    /// The two values that this kind of decision knows.
    pub const fn values(self) -> [ActionValue; 2] {
        match self {
            Self::DeviceAccess => [ActionValue::Allowed, ActionValue::Blocked],
            Self::RestrictionStatus => [ActionValue::NotViewed, ActionValue::Viewed],
            Self::ContactChecks => [ActionValue::On, ActionValue::Off],
        }
    }

    /// The API's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DeviceAccess => "device_access",
            Self::RestrictionStatus => "restriction_status",
            Self::ContactChecks => "contact_checks",
        }
    }

    /// The kind with this word; `None` for one of a later version.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::DeviceAccess, Self::RestrictionStatus, Self::ContactChecks]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

impl ActionValue {
    /// The API's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Blocked => "blocked",
            Self::NotViewed => "not_viewed",
            Self::Viewed => "viewed",
            Self::On => "on",
            Self::Off => "off",
        }
    }

    /// The value with this word; `None` for one of a later version.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Allowed, Self::Blocked, Self::NotViewed, Self::Viewed, Self::On, Self::Off]
            .into_iter()
            .find(|value| value.as_str() == word)
    }
}
