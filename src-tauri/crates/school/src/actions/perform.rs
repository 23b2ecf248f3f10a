//! Performs actions: the effect, the idempotency key and the answer are one transaction.

use hallmonitor_wire::{ActionType, ActionValue, Contact, Device, Outcome, Restriction, Time};
use serde::{Deserialize, Serialize};

use super::{
    Asked,
    judge::{Field, Judgement, is_of_lost_history, judge},
};
use crate::{
    School, SchoolError, cabinet,
    language::{Language, rule_text},
    rows, sessions,
    write::Write,
};

/// The answer to one action, in the order of the actions. Its id is a text: what is no UUID is named as it came.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Answered {
    pub(crate) id: String,
    pub(crate) result: Outcome,
    pub(crate) replayed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
    #[serde(flatten)]
    pub(crate) entity: Entity,
}

/// The entity as it stood when the answer was made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Entity {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) device: Option<Device>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) restriction: Option<Restriction>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) contact: Option<Contact>,
}

#[derive(sqlx::FromRow)]
struct Stored {
    content: String,
    result: String,
    entity: Option<String>,
}

/// Why an action can't be meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Invalid {
    NoUuid,
    Misfit,
    OtherContent,
}

/// Performs all of a body's actions, in their order, for the person called `by`.
pub(crate) async fn perform(
    school: &School,
    actions: Vec<Asked>,
    by: &str,
    language: Language,
) -> Result<Vec<Answered>, SchoolError> {
    let mut write = Write::begin(school).await?;
    // Read in its turn: what others did while this waited was before.
    let changer = Changer { by, now: school.clock().now(), newest_rev: write.newest_rev(), language };
    let mut answers = Vec::with_capacity(actions.len());
    for action in actions {
        answers.push(changer.perform_one(&mut write, action).await?);
    }
    let is_lost = answers.iter().any(|answer| answer.result == Outcome::Retry);
    if is_lost && !school.is_renewed() {
        // As for a cursor of the lost history; the one of whoever decided may be from before the backup, and tell nothing.
        cabinet::renew_epoch(&mut write, None).await?;
    }
    write.commit().await?;
    Ok(answers)
}

struct Changer<'a> {
    by: &'a str,
    now: Time,
    /// The newest revision of the cabinet before these actions.
    newest_rev: i64,
    language: Language,
}

impl Changer<'_> {
    async fn perform_one(&self, write: &mut Write, action: Asked) -> Result<Answered, SchoolError> {
        let Some(key) = action.key() else { return Ok(self.invalid(action.name(), Invalid::NoUuid)) };
        let key = key.hyphenated().to_string();
        let content = action.content();
        let stored: Option<Stored> = sqlx::query_as("SELECT content, result, entity FROM action WHERE id = $1")
            .bind(&key)
            .fetch_optional(write.db())
            .await?;
        if let Some(stored) = stored {
            if stored.content != content {
                return Ok(self.invalid(action.name(), Invalid::OtherContent));
            }
            return self.replay(action.name(), &stored);
        }
        let (result, entity) = match action.wanted() {
            None => (Outcome::Invalid, Entity::default()),
            Some((kind, value)) => self.decide(write, &action, kind, value).await?,
        };
        // Nothing was decided: the same action may come again, under its key.
        if result != Outcome::Retry {
            sqlx::query(
                "INSERT INTO action (id, content, result, entity, answered_at)
                 VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(&key)
            .bind(&content)
            .bind(word(result))
            .bind(serde_json::to_string(&entity)?)
            .bind(self.now.ms())
            .execute(write.db())
            .await?;
        }
        let message = self.message(result, Invalid::Misfit);
        Ok(Answered { id: action.name(), result, replayed: false, message, entity })
    }

    fn replay(&self, id: String, stored: &Stored) -> Result<Answered, SchoolError> {
        let result: Outcome = serde_json::from_value(stored.result.as_str().into())?;
        let mut entity: Entity = stored.entity.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
        if let Some(restriction) = &mut entity.restriction {
            let rule = &mut restriction.rule;
            rule.text = rule_text(&rule.code, rule.limit, rule.observed, self.language);
        }
        Ok(Answered { id, result, replayed: true, message: self.message(result, Invalid::Misfit), entity })
    }

    fn invalid(&self, id: String, why: Invalid) -> Answered {
        let message = self.message(Outcome::Invalid, why);
        Answered { id, result: Outcome::Invalid, replayed: false, message, entity: Entity::default() }
    }

    fn message(&self, result: Outcome, why: Invalid) -> Option<String> {
        let text = match (result, why) {
            (Outcome::Conflict, _) => self.language.of(
                "Somebody else decided otherwise since",
                "Відтоді хтось вирішив інакше",
                "С тех пор кто-то решил иначе",
            ),
            (Outcome::NotFound, _) => self.language.of("It is not there any more", "Цього вже немає", "Этого уже нет"),
            (Outcome::Invalid, Invalid::NoUuid) => {
                self.language.of("The id is no UUID", "Ідентифікатор не є UUID", "Идентификатор не является UUID")
            }
            (Outcome::Invalid, Invalid::Misfit) => self.language.of(
                "The value does not fit the type of the action",
                "Значення не відповідає типу дії",
                "Значение не подходит к типу действия",
            ),
            (Outcome::Invalid, Invalid::OtherContent) => self.language.of(
                "This id was used for another action",
                "Цей ідентифікатор уже використано для іншої дії",
                "Этот идентификатор уже использован для другого действия",
            ),
            (Outcome::Retry, _) => self.language.of(
                "The school's data was put back from a backup since: read it anew first",
                "Відтоді дані школи відновлено з резервної копії: спершу прочитайте їх заново",
                "С тех пор данные школы восстановлены из резервной копии: сначала прочитайте их заново",
            ),
            (Outcome::Applied | Outcome::Forbidden, _) => return None,
        };
        Some(text.to_owned())
    }

    async fn decide(
        &self,
        write: &mut Write,
        action: &Asked,
        kind: ActionType,
        value: ActionValue,
    ) -> Result<(Outcome, Entity), SchoolError> {
        if is_of_lost_history(self.newest_rev, action.base_rev, action.force) {
            return Ok((Outcome::Retry, Entity::default()));
        }
        let id = action.target_id;
        let Some(field) = field(write, kind, value, id).await? else {
            return Ok((Outcome::NotFound, Entity::default()));
        };
        let judgement = judge(field, action.base_rev, action.force);
        if judgement == Judgement::Set {
            self.set(write, kind, value, id).await?;
        }
        let mut entity = Entity::default();
        match kind {
            ActionType::DeviceAccess => entity.device = rows::device_by_id(write.db(), id).await?,
            ActionType::RestrictionStatus => {
                entity.restriction = rows::restriction_by_id(write.db(), id, self.language).await?;
            }
            ActionType::ContactChecks => entity.contact = rows::contact_by_id(write.db(), id).await?,
        }
        let outcome = if judgement == Judgement::Conflict { Outcome::Conflict } else { Outcome::Applied };
        Ok((outcome, entity))
    }

    async fn set(&self, write: &mut Write, kind: ActionType, value: ActionValue, id: i64) -> Result<(), SchoolError> {
        let rev = write.next_rev();
        let update = match kind {
            ActionType::DeviceAccess => {
                "UPDATE device
                 SET access = $1, access_at = $2, access_by = $3, access_rev = $4, rev = $4
                 WHERE id = $5"
            }
            ActionType::RestrictionStatus => {
                "UPDATE restriction
                 SET status = $1, status_at = $2, status_by = $3, status_rev = $4, rev = $4
                 WHERE id = $5"
            }
            ActionType::ContactChecks => {
                "UPDATE contact
                 SET checks_enabled = $1, checks_at = $2, checks_by = $3, checks_rev = $4, rev = $4
                 WHERE id = $5"
            }
        };
        let update = sqlx::query(update);
        let update = match value {
            ActionValue::On => update.bind(true),
            ActionValue::Off => update.bind(false),
            ActionValue::Allowed => update.bind("allowed"),
            ActionValue::Blocked => update.bind("blocked"),
            ActionValue::NotViewed => update.bind("not_viewed"),
            ActionValue::Viewed => update.bind("viewed"),
        };
        update.bind(self.now.ms()).bind(self.by).bind(rev).bind(id).execute(write.db()).await?;
        if value == ActionValue::Blocked {
            sessions::end_of_blocked_device(write, id, self.now).await?;
        }
        Ok(())
    }
}

/// The field that an action addresses; `None` where there is no such entity.
async fn field(write: &mut Write, kind: ActionType, value: ActionValue, id: i64) -> Result<Option<Field>, SchoolError> {
    // The value as a text that all three kinds have.
    let query = match kind {
        ActionType::DeviceAccess => "SELECT access, access_rev FROM device WHERE id = $1",
        ActionType::RestrictionStatus => "SELECT status, status_rev FROM restriction WHERE id = $1",
        ActionType::ContactChecks => {
            "SELECT CASE WHEN checks_enabled THEN 'on' ELSE 'off' END, checks_rev FROM contact WHERE id = $1"
        }
    };
    let found: Option<(String, i64)> = sqlx::query_as(query).bind(id).fetch_optional(write.db()).await?;
    let wanted = serde_json::to_value(value)?;
    Ok(found.map(|(stands, changed_rev)| Field { as_wanted: wanted == stands, changed_rev }))
}

fn word(result: Outcome) -> &'static str {
    match result {
        Outcome::Applied => "applied",
        Outcome::Conflict => "conflict",
        Outcome::NotFound => "not_found",
        Outcome::Invalid => "invalid",
        Outcome::Forbidden => "forbidden",
        Outcome::Retry => "retry",
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use uuid::Uuid;

    use super::*;
    use crate::fixture::one_student;

    #[tokio::test]
    async fn a_decision_is_of_the_time_when_its_turn_has_come() {
        let student = one_student().await;
        let block = Asked {
            id: Uuid::now_v7().to_string().into(),
            kind: "device_access".into(),
            target_id: student.device_id,
            value: "blocked".into(),
            base_rev: 0,
            decided_at: None,
            force: false,
        };
        let turn = student.school.turn().await;
        let mut deciding = pin!(perform(&student.school, vec![block], "Olena", Language::English));
        assert!(futures_util::poll!(deciding.as_mut()).is_pending());
        student.clock.advance_ms(60_000);
        drop(turn);
        let answers = deciding.await.expect("answers");
        let changed = answers[0].entity.device.as_ref().and_then(|device| device.access_changed.as_ref());
        assert_eq!(changed.map(|changed| changed.at), Some(student.clock.now()));
    }
}
