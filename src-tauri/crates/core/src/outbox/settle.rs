//! What the server answered, written: outbox and mirror in one transaction.

use std::collections::{HashMap, HashSet};

use hallmonitor_wire::{ActionType, Changed, Changes, Contact, Device, Outcome, Restriction};
use sqlx::{Connection as _, SqliteConnection};

use super::{
    Pushed,
    entry::{self, Entry},
    judge::{Answer, Fate, Successor, judge},
    later,
};
use crate::{
    cache::{Applier, Cache, CacheError, mark, read_meta},
    model::{EntryReason, EntryState},
    school::Answered,
};

/// What came of one request.
#[derive(Debug, Default)]
pub(super) struct Settled {
    pub(super) pushed: Pushed,
    /// Places of the entries that the server wants later, or did not answer.
    pub(super) again: HashSet<i64>,
}

/// The entity of an answer, where it is the one that the decision was about.
#[derive(Debug)]
enum Entity {
    Device(Device),
    Restriction(Restriction),
    Contact(Contact),
}

impl Entity {
    fn of(kind: ActionType, target_id: i64, answered: &Answered) -> Option<Self> {
        match kind {
            ActionType::DeviceAccess => {
                answered.device.clone().filter(|device| device.id == target_id).map(Self::Device)
            }
            ActionType::RestrictionStatus => {
                answered.restriction.clone().filter(|restriction| restriction.id == target_id).map(Self::Restriction)
            }
            // A contact without a revision can't be compared with what is here.
            ActionType::ContactChecks => answered
                .contact
                .clone()
                .filter(|contact| contact.id == target_id && contact.rev.is_some())
                .map(Self::Contact),
        }
    }

    fn value(&self) -> String {
        match self {
            Self::Device(device) => device.access.clone().into(),
            Self::Restriction(restriction) => restriction.status.clone().into(),
            Self::Contact(contact) => if contact.checks_enabled { "on" } else { "off" }.to_owned(),
        }
    }

    fn rev(&self) -> i64 {
        match self {
            Self::Device(device) => device.rev,
            Self::Restriction(restriction) => restriction.rev,
            Self::Contact(contact) => contact.rev.unwrap_or(0),
        }
    }

    fn changed(&self) -> Option<&Changed> {
        match self {
            Self::Device(device) => device.access_changed.as_ref(),
            Self::Restriction(restriction) => restriction.status_changed.as_ref(),
            Self::Contact(contact) => contact.checks_changed.as_ref(),
        }
    }

    fn json(&self) -> Option<String> {
        match self {
            Self::Device(device) => serde_json::to_string(device),
            Self::Restriction(restriction) => serde_json::to_string(restriction),
            Self::Contact(contact) => serde_json::to_string(contact),
        }
        .ok()
    }

    fn put(self, changes: &mut Changes) {
        match self {
            Self::Device(device) => changes.devices.push(device),
            Self::Restriction(restriction) => changes.restrictions.push(restriction),
            Self::Contact(contact) => changes.contacts.push(contact),
        }
    }
}

/// Writes what one request brought.
pub(super) async fn settle(
    cache: &Cache,
    applier: &mut Applier,
    picked: &[Entry],
    answers: Vec<Answered>,
    now: i64,
) -> Result<Settled, CacheError> {
    let mut by_id = HashMap::new();
    for answered in answers {
        by_id.entry(answered.id).or_insert(answered);
    }
    let mut writer = cache.writer().await;
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
    let meta = read_meta(&mut transaction).await?;
    let mut settled = Settled::default();
    let mut changes = Changes::default();
    let mut targets: HashMap<ActionType, Vec<i64>> = HashMap::new();
    for entry in picked {
        let Some(kind) = entry.kind() else { continue };
        let answered = by_id.get(&entry.id);
        let entity = answered.and_then(|answered| Entity::of(kind, entry.target_id, answered));
        let fate = settle_one(&mut transaction, entry, answered, entity.as_ref(), now).await?;
        match fate {
            Fate::Gone => settled.pushed.applied += 1,
            Fate::Conflict => settled.pushed.conflict += 1,
            Fate::Rejected(_) => settled.pushed.rejected += 1,
            Fate::Again => {
                settled.again.insert(entry.place);
            }
        }
        targets.entry(kind).or_default().push(entry.target_id);
        if let Some(entity) = entity {
            entity.put(&mut changes);
        }
    }
    applier.answers(&mut transaction, changes, &meta).await?;
    for (kind, ids) in targets {
        mark(&mut transaction, kind, ids).await?;
    }
    transaction.commit().await?;
    Ok(settled)
}

async fn settle_one(
    connection: &mut SqliteConnection,
    entry: &Entry,
    answered: Option<&Answered>,
    entity: Option<&Entity>,
    now: i64,
) -> Result<Fate, CacheError> {
    let newer = behind(connection, entry).await?;
    let stands = entity.map(Entity::value);
    let answer = answered.map(|answered| Answer { outcome: answered.result, stands: stands.as_deref() });
    let (fate, successor) = judge(answer, newer.as_ref().map(|newer| newer.value.as_str()));

    let mut left = match fate {
        Fate::Gone => None,
        Fate::Again => Some(Entry {
            state: EntryState::Queued,
            next_attempt_at: Some(later::next_attempt_at(now, entry.attempts, rand::random())),
            reason: Some(EntryReason::Later),
            last_error: Some(undecided(answered)),
            ..entry.clone()
        }),
        Fate::Conflict => Some(Entry {
            state: EntryState::Conflict,
            reason: Some(EntryReason::Conflict),
            last_error: Some(conflict(entity)),
            ..entry.clone()
        }),
        Fate::Rejected(reason) => Some(Entry {
            state: EntryState::Rejected,
            reason: Some(reason),
            last_error: Some(refusal(reason, answered)),
            ..entry.clone()
        }),
    };
    if let (Some(left), false) = (&mut left, fate == Fate::Again) {
        left.next_attempt_at = None;
        left.current = entity.and_then(Entity::json);
    }
    match (newer, successor) {
        (Some(newer), Some(Successor::MovesUp)) => {
            let base_rev = entity.map_or(newer.base_rev, Entity::rev);
            entry::write(connection, &Entry { base_rev, epoch: entry.epoch.clone(), ..newer }).await?;
        }
        (Some(newer), Some(Successor::TakesItsPlace)) => {
            if let Some(left) = left.take() {
                let taken = Entry {
                    place: newer.place,
                    id: newer.id,
                    value: newer.value,
                    decided_at: newer.decided_at,
                    seen: newer.seen,
                    attempts: newer.attempts,
                    ..left
                };
                entry::write(connection, &taken).await?;
            }
        }
        (Some(newer), Some(Successor::Vanishes)) => {
            left = None;
            entry::remove(connection, newer.place).await?;
        }
        _ => {}
    }
    match left {
        Some(left) => entry::write(connection, &left).await?,
        None => entry::remove(connection, entry.place).await?,
    }
    Ok(fate)
}

/// The newer decision on the same target.
async fn behind(connection: &mut SqliteConnection, entry: &Entry) -> Result<Option<Entry>, CacheError> {
    let condition = "kind = ? AND target_id = CAST(? AS INTEGER) AND place > CAST(? AS INTEGER) AND version = 1";
    let bound = [entry.kind.clone(), entry.target_id.to_string(), entry.place.to_string()];
    Ok(entry::read(connection, condition, bound).await?.pop())
}

const UNREADABLE: &str = "The school's server sent no answer that can be read; it is asked again.";

fn undecided(answered: Option<&Answered>) -> String {
    match answered {
        None => UNREADABLE.to_owned(),
        Some(Answered { unknown: Some(word), .. }) => {
            format!("The school's server answered “{word}”, which this version does not know; it is asked again.")
        }
        Some(Answered { result: Outcome::Retry, .. }) => {
            said(answered, "The school's server has not decided yet; it is asked again.")
        }
        Some(_) => UNREADABLE.to_owned(),
    }
}

/// Stands between our sentence and the server's own words.
pub(super) const IT_SAYS: &str = " It says: ";

/// Our sentence, and the server's own behind it.
fn said(answered: Option<&Answered>, ours: &str) -> String {
    match answered.map(|answered| answered.message.as_str()) {
        Some(message) if !message.is_empty() => format!("{ours}{IT_SAYS}{message}"),
        _ => ours.to_owned(),
    }
}

fn conflict(entity: Option<&Entity>) -> String {
    match entity.and_then(|entity| entity.changed().map(|changed| (entity.value(), changed))) {
        Some((value, changed)) => {
            let by = crate::school::plain(&changed.by, 100);
            format!("{by} decided otherwise meanwhile: {value}, at {}.", changed.at)
        }
        None => "Somebody else decided otherwise meanwhile.".to_owned(),
    }
}

fn refusal(reason: EntryReason, answered: Option<&Answered>) -> String {
    let ours = match reason {
        EntryReason::NotFound => "The school's server does not know it (any more).",
        EntryReason::Forbidden => "The school's server does not let this token decide that.",
        _ => "The school's server says that this can't be meant.",
    };
    said(answered, ours)
}
