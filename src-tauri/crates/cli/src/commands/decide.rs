//! `device`, `restriction`, `checks`: records decisions; the next sync sends them.

use hallmonitor_wire::{ActionType, ActionValue};

use super::{Setting, outbox};
use crate::{
    arguments::{Checks, DeviceAccess, LogStatus},
    failure::Failure,
    output::Output,
};

/// A decision as it was typed.
pub(super) struct Decision {
    kind: ActionType,
    value: ActionValue,
    ids: Vec<i64>,
}

impl From<DeviceAccess> for Decision {
    fn from(typed: DeviceAccess) -> Self {
        let (value, targets) = match typed {
            DeviceAccess::Block(targets) => (ActionValue::Blocked, targets),
            DeviceAccess::Allow(targets) => (ActionValue::Allowed, targets),
        };
        Self { kind: ActionType::DeviceAccess, value, ids: targets.ids }
    }
}

impl From<LogStatus> for Decision {
    fn from(typed: LogStatus) -> Self {
        let (value, targets) = match typed {
            LogStatus::Viewed(targets) => (ActionValue::Viewed, targets),
            LogStatus::NotViewed(targets) => (ActionValue::NotViewed, targets),
        };
        Self { kind: ActionType::RestrictionStatus, value, ids: targets.ids }
    }
}

impl From<Checks> for Decision {
    fn from(typed: Checks) -> Self {
        let (value, targets) = match typed {
            Checks::On(targets) => (ActionValue::On, targets),
            Checks::Off(targets) => (ActionValue::Off, targets),
        };
        Self { kind: ActionType::ContactChecks, value, ids: targets.ids }
    }
}

pub(super) async fn decide(setting: &Setting, decision: impl Into<Decision>) -> Result<(), Failure> {
    let Decision { kind, value, ids } = decision.into();
    let made = setting.ask(async |school| Ok(school.decide(kind, &ids, value).await?)).await?;
    if setting.json {
        return Output::document(&made)?.show();
    }
    let lines = match made.len() {
        0 => "Nothing to send: it holds already, or an opposite decision that had not left was taken back.".to_owned(),
        _ => format!("{}\nThe next sync sends it.", outbox::table(&made)?),
    };
    Output::lines(lines).show()
}
