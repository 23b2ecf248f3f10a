//! `device`, `restriction`, `checks`: records decisions; the next sync sends them.

use hallmonitor_wire::{ActionType, ActionValue, Time};

use super::{Setting, outbox};
use crate::{
    arguments::{Checks, Exceptions, LogStatus, Targets},
    failure::Failure,
    output::Output,
};

/// A decision as it was typed.
pub(super) struct Decision {
    kind: ActionType,
    value: ActionValue,
    ids: Vec<i64>,
    /// Why, and until when; stays here.
    note: Option<(String, Option<Time>)>,
}

impl Decision {
    pub(super) fn block(Targets { ids }: Targets) -> Self {
        Self { kind: ActionType::DeviceAccess, value: ActionValue::Blocked, ids, note: None }
    }

    pub(super) fn allow(Targets { ids }: Targets) -> Self {
        Self { kind: ActionType::DeviceAccess, value: ActionValue::Allowed, ids, note: None }
    }
}

impl From<LogStatus> for Decision {
    fn from(typed: LogStatus) -> Self {
        let (value, targets) = match typed {
            LogStatus::Viewed(targets) => (ActionValue::Viewed, targets),
            LogStatus::NotViewed(targets) => (ActionValue::NotViewed, targets),
        };
        Self { kind: ActionType::RestrictionStatus, value, ids: targets.ids, note: None }
    }
}

impl From<Checks> for Decision {
    fn from(typed: Checks) -> Self {
        let kind = ActionType::ContactChecks;
        match typed {
            Checks::On(Targets { ids }) => Self { kind, value: ActionValue::On, ids, note: None },
            Checks::Off(Exceptions { targets, reason, until }) => {
                let note = (!reason.is_empty() || until.is_some()).then_some((reason, until));
                Self { kind, value: ActionValue::Off, ids: targets.ids, note }
            }
        }
    }
}

pub(super) async fn decide(setting: &Setting, decision: Decision) -> Result<(), Failure> {
    let Decision { kind, value, ids, note } = decision;
    let made = setting
        .ask(async |school| match &note {
            Some((reason, until)) => Ok(school.excuse(&ids, reason, *until).await?),
            None => Ok(school.decide(kind, &ids, value).await?),
        })
        .await?;
    if setting.json {
        return Output::document(&made)?.show();
    }
    let lines = match made.len() {
        0 => "Nothing to send: it holds already, it is of a row that only this computer has, or an opposite decision that \
              had not left was taken back."
            .to_owned(),
        _ => format!("{}\nThe next sync sends it.", outbox::table(&made)?),
    };
    Output::lines(lines).show()
}
