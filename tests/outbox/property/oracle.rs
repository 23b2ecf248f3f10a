//! What must hold after each deed, and at the end. The oracle knows what the owner decided and under which keys; what
//! happened it asks of the school's database.

use std::collections::{HashMap, HashSet};

use anyhow::{Context as _, Result, bail, ensure};
use hallmonitor_core::model::{
    EntryState::{Conflict, Queued, Rejected, Sending},
    LogQuery, OutboxEntry, Resolution,
};
use hallmonitor_wire::ActionValue;
use uuid::Uuid;

use super::life::Target;
use crate::{
    ledger::{self, Event},
    owner::{ContactChecks, DeviceAccess, Owner, RestrictionStatus},
};

/// The newest decision on a target that the owner has not taken back.
#[derive(Clone, Debug)]
struct Wanted {
    key: Uuid,
    value: String,
    /// The server has confirmed it, or had it already.
    settled: bool,
}

/// Watches one run.
pub(super) struct Oracle {
    targets: Vec<Target>,
    /// Every key that an entry ever had, in the order of the decisions.
    keys: Vec<String>,
    /// Keys that the owner took back before they left.
    never_left: HashSet<Uuid>,
    wanted: HashMap<Target, Wanted>,
    /// The server's history has a new name that the owner's program may not have come to terms with.
    new_epoch: bool,
    /// The owner's program may be reading everything anew.
    new_reading: bool,
    steps: u32,
}

/// The server's stored answer to a key.
struct Stored {
    result: String,
    /// The value that the entity in it has.
    stands: Option<String>,
}

fn ids(entries: &[OutboxEntry]) -> HashSet<Uuid> {
    entries.iter().map(|entry| entry.id).collect()
}

fn missing<'a>(before: &'a [OutboxEntry], after: &[OutboxEntry]) -> Vec<&'a OutboxEntry> {
    let there = ids(after);
    before.iter().filter(|entry| !there.contains(&entry.id)).collect()
}

fn newest<'a>(entries: &'a [OutboxEntry], target: &Target) -> Option<&'a OutboxEntry> {
    entries.iter().rfind(|entry| target.is_of(entry))
}

impl Oracle {
    pub(super) fn new(targets: Vec<Target>) -> Self {
        Self {
            targets,
            keys: Vec::new(),
            never_left: HashSet::new(),
            wanted: HashMap::new(),
            new_epoch: false,
            new_reading: false,
            steps: 0,
        }
    }

    pub(super) fn steps(&self) -> u32 {
        self.steps
    }

    pub(super) fn new_epoch(&mut self) {
        self.new_epoch = true;
    }

    pub(super) fn new_reading(&mut self) {
        self.new_reading = true;
    }

    /// After a decision that was taken.
    pub(super) async fn decided(
        &mut self,
        owner: &Owner,
        targets: &[Target],
        value: ActionValue,
        before: &[OutboxEntry],
        after: &[OutboxEntry],
        made: &[OutboxEntry],
    ) -> Result<()> {
        for gone in missing(before, after) {
            ensure!(targets.iter().any(|target| target.is_of(gone)), "a decision on something else is gone: {gone:?}");
            self.taken_back(gone)?;
        }
        let new: Vec<&OutboxEntry> = missing(after, before);
        ensure!(new.iter().map(|entry| entry.id).eq(made.iter().map(|entry| entry.id)), "not the entries made");
        self.keys.extend(new.iter().map(|entry| entry.id.to_string()));
        for target in targets {
            let shown = shown(owner, target).await?.context("decided about what is not here")?;
            ensure!(shown.value == value.as_str(), "{target:?} shows {} after {value:?} was decided", shown.value);
            match newest(after, target) {
                Some(entry) => {
                    ensure!(entry.value == value.as_str(), "the newest entry is not the newest decision: {entry:?}");
                    self.wanted.insert(*target, Wanted { key: entry.id, value: entry.value.clone(), settled: false });
                }
                None => {
                    self.wanted.remove(target);
                }
            }
        }
        Ok(())
    }

    /// After an entry was resolved.
    pub(super) fn resolved(
        &mut self,
        entry: &OutboxEntry,
        how: Resolution,
        before: &[OutboxEntry],
        after: &[OutboxEntry],
    ) -> Result<()> {
        let gone = missing(before, after);
        ensure!(gone.len() == 1 && gone[0].id == entry.id, "{how:?} of {} lets others go: {gone:?}", entry.id);
        self.taken_back(entry)?;
        let target = *self.targets.iter().find(|target| target.is_of(entry)).context("an entry of nobody's")?;
        let new = missing(after, before);
        match how {
            Resolution::KeepMine | Resolution::Retry => {
                ensure!(new.len() == 1, "{how:?} makes {new:?}");
                let again = new[0];
                let same = (&again.value, again.state, again.attempts) == (&entry.value, Queued, 0);
                ensure!(same && target.is_of(again), "{how:?} of {entry:?} makes {again:?}");
                self.keys.push(again.id.to_string());
                self.wanted.insert(target, Wanted { key: again.id, value: again.value.clone(), settled: false });
            }
            Resolution::TakeTheirs | Resolution::Dismiss | Resolution::Cancel => {
                ensure!(new.is_empty(), "{how:?} makes {new:?}");
                match newest(after, &target) {
                    Some(left) => {
                        let wanted = Wanted { key: left.id, value: left.value.clone(), settled: false };
                        self.wanted.insert(target, wanted);
                    }
                    None => {
                        self.wanted.remove(&target);
                    }
                }
            }
        }
        Ok(())
    }

    /// Only what never left, and what came back, can be taken back.
    fn taken_back(&mut self, entry: &OutboxEntry) -> Result<()> {
        match (entry.state, entry.attempts) {
            (Queued, 0) => {
                self.never_left.insert(entry.id);
                Ok(())
            }
            (Conflict | Rejected, _) => Ok(()),
            _ => bail!("what left is gone without an answer: {entry:?}"),
        }
    }

    /// After an exchange, `whole` where it reached its end.
    pub(super) async fn synced(
        &mut self,
        owner: &Owner,
        before: &[OutboxEntry],
        after: &[OutboxEntry],
        whole: bool,
    ) -> Result<()> {
        self.steps += 1;
        for gone in missing(before, after) {
            self.gone_in_sync(owner, gone, before, after).await?;
            self.shows_what_was_done(owner, gone).await?;
        }
        for new in missing(after, before) {
            ensure!(self.new_epoch || self.new_reading, "an exchange has made an entry: {new:?}");
            let target = *self.targets.iter().find(|target| target.is_of(new)).context("an entry of nobody's")?;
            let wanted = self.wanted.get_mut(&target).context("an entry that nobody wanted")?;
            ensure!(wanted.value == new.value, "{new:?} is not what was wanted: {wanted:?}");
            wanted.key = new.id;
            self.keys.push(new.id.to_string());
        }
        if self.new_epoch || self.new_reading {
            self.learns_keys(owner, before).await?;
        }
        for entry in after {
            self.stands(owner, entry, before).await?;
        }
        if whole {
            (self.new_epoch, self.new_reading) = (false, false);
        }
        Ok(())
    }

    /// What is put upon new revisions gets a new key, and may be done within the same exchange: at most one for each
    /// target, and only for what was wanted.
    async fn learns_keys(&mut self, owner: &Owner, before: &[OutboxEntry]) -> Result<()> {
        for target in self.targets.clone() {
            let events = ledger::of(&owner.school, target.kind.as_str(), target.id).await;
            let unknown: Vec<&Event> = events
                .iter()
                .filter(|event| match event {
                    Event::Answered { key, .. } => ledger::order_of(&self.keys, key).is_err(),
                    Event::Changed { .. } => false,
                })
                .collect();
            ensure!(unknown.len() <= 1, "more than one new key: {unknown:?}");
            if let [Event::Answered { key, value, .. }] = unknown[..] {
                let newest = newest(before, &target).with_context(|| format!("a new key for nothing: {unknown:?}"))?;
                ensure!(newest.value == *value, "{unknown:?} is not what was wanted: {newest:?}");
                self.keys.push(key.clone());
            }
        }
        Ok(())
    }

    /// An entry that an exchange has removed.
    async fn gone_in_sync(
        &mut self,
        owner: &Owner,
        gone: &OutboxEntry,
        before: &[OutboxEntry],
        after: &[OutboxEntry],
    ) -> Result<()> {
        ensure!(matches!(gone.state, Queued | Sending), "an exchange lets go what the person has to settle: {gone:?}");
        let target = *self.targets.iter().find(|target| target.is_of(gone)).context("an entry of nobody's")?;
        let mut lane = before.iter().filter(|entry| target.is_of(entry));
        let (first, last) = (lane.next().context("its own lane")?, lane.next_back());
        let stored = stored(owner, gone.id).await?;
        let is_newest = newest(before, &target).is_some_and(|newest| newest.id == gone.id);
        let fine = match stored.as_ref().map(|stored| stored.result.as_str()) {
            Some("applied") => true,
            // The newer one takes its place, or is what the server has.
            Some("conflict" | "not_found") => !is_newest,
            Some(_) => false,
            None => {
                let overtaken = match last {
                    Some(_) if is_newest => {
                        let answer = self::stored(owner, first.id).await?;
                        answer.is_some_and(|answer| {
                            answer.result == "conflict" && answer.stands.as_ref() == Some(&gone.value)
                        })
                    }
                    _ => false,
                };
                // What left keeps its key but in a new history.
                overtaken || self.new_epoch || (self.new_reading && gone.attempts == 0)
            }
        };
        let result = stored.map(|stored| stored.result);
        ensure!(fine, "gone with the server's answer {result:?}: {gone:?}\nbefore {before:?}\nafter {after:?}");
        if let Some(wanted) = self.wanted.get_mut(&target)
            && wanted.key == gone.id
        {
            wanted.settled = true;
        }
        Ok(())
    }

    /// What was done is shown at once, whether the exchange went on to read or not; unless it brought somebody's later
    /// decision.
    async fn shows_what_was_done(&self, owner: &Owner, gone: &OutboxEntry) -> Result<()> {
        let target = self.targets.iter().find(|target| target.is_of(gone)).context("an entry of nobody's")?;
        let (Some(shown), Some(wanted)) = (shown(owner, target).await?, self.wanted.get(target)) else { return Ok(()) };
        let events = ledger::of(&owner.school, target.kind.as_str(), target.id).await;
        let stands = events.iter().rev().find_map(|event| match event {
            Event::Changed { value, .. } => Some(value),
            Event::Answered { .. } => None,
        });
        let fine = shown.value == wanted.value || Some(&shown.value) == stands || !wanted.settled;
        ensure!(fine, "{wanted:?} was done, and {target:?} shows {}", shown.value);
        Ok(())
    }

    /// An entry that stands after an exchange.
    async fn stands(&self, owner: &Owner, entry: &OutboxEntry, before: &[OutboxEntry]) -> Result<()> {
        if let Some(old) = before.iter().find(|old| old.id == entry.id) {
            let same = (&old.kind, old.target_id, &old.value, old.decided_at)
                == (&entry.kind, entry.target_id, &entry.value, entry.decided_at);
            ensure!(same && old.attempts <= entry.attempts, "{old:?} has become {entry:?}");
            if old.state == entry.state && matches!(old.state, Conflict | Rejected) {
                return Ok(());
            }
        }
        let why = match entry.state {
            Queued | Sending => {
                if entry.attempts == 0 {
                    ensure!(stored(owner, entry.id).await?.is_none(), "the server knows what never left: {entry:?}");
                }
                return Ok(());
            }
            Conflict => "conflict",
            Rejected => "not_found",
        };
        ensure!(entry.last_error.is_some(), "nobody says why: {entry:?}");
        // Its own answer, or that of the older one whose place it took.
        let mut answers = Vec::new();
        let lane = before.iter().filter(|old| (&old.kind, old.target_id) == (&entry.kind, entry.target_id));
        for key in lane.map(|old| old.id).chain([entry.id]) {
            answers.extend(stored(owner, key).await?.map(|stored| stored.result));
        }
        let answered = answers.iter().any(|answer| answer == why);
        ensure!(answered || self.new_epoch || self.new_reading, "{entry:?} but the server says {answers:?}");
        Ok(())
    }

    /// What the owner sees of each target fits the outbox.
    pub(super) async fn sees_flags(&self, owner: &Owner) -> Result<()> {
        let outbox = owner.outbox().await;
        for target in &self.targets {
            let Some(shown) = shown(owner, target).await? else { continue };
            let newest = newest(&outbox, target);
            let state = newest.map(|entry| entry.state);
            let flags = [matches!(state, Some(Queued | Sending)), state == Some(Conflict), state == Some(Rejected)];
            ensure!(shown.flags == flags, "{target:?} shows {:?}, the newest entry is {newest:?}", shown.flags);
            if let (Some(entry), true) = (newest, flags[0]) {
                ensure!(shown.value == entry.value, "{target:?} shows {}, decided is {entry:?}", shown.value);
            }
            let lane = outbox.iter().filter(|entry| target.is_of(entry)).count();
            ensure!(lane <= 2, "{lane} entries on {target:?}");
        }
        Ok(())
    }

    /// At the end: what the owner wanted last has happened once, or stands in the outbox.
    pub(super) async fn judges(&self, owner: &Owner, outbox: &[OutboxEntry]) -> Result<()> {
        for (target, wanted) in &self.wanted {
            match outbox.iter().find(|entry| target.is_of(entry)) {
                Some(entry) => ensure!(entry.value == wanted.value, "{entry:?} stands, wanted was {wanted:?}"),
                None => ensure!(wanted.settled, "{wanted:?} on {target:?} is lost"),
            }
        }
        for key in &self.never_left {
            ensure!(stored(owner, *key).await?.is_none(), "{key} was taken back before it left, and is known");
        }
        for target in &self.targets {
            let events = ledger::of(&owner.school, target.kind.as_str(), target.id).await;
            ledger::judge(&events, &self.keys)
                .with_context(|| format!("{target:?}, wanted is {:?}", self.wanted.get(target)))?;
        }
        Ok(())
    }
}

async fn stored(owner: &Owner, key: Uuid) -> Result<Option<Stored>> {
    let row: Option<(String, Option<String>)> = sqlx::query_as("SELECT result, entity FROM action WHERE id = $1")
        .bind(key.to_string())
        .fetch_optional(owner.school.school.pool())
        .await?;
    Ok(row.map(|(result, entity)| {
        let entity: serde_json::Value = entity.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        let text = |kind: &str, field: &str| entity[kind][field].as_str().map(str::to_owned);
        let checks = entity["contact"]["checks_enabled"].as_bool();
        let stands = text("device", "access")
            .or_else(|| text("restriction", "status"))
            .or_else(|| checks.map(|on| if on { "on" } else { "off" }.to_owned()));
        Stored { result, stands }
    }))
}

/// A target as the owner sees it.
struct Shown {
    value: String,
    /// Pending, in conflict, rejected.
    flags: [bool; 3],
}

/// `None` where the mirror has no such row.
async fn shown(owner: &Owner, target: &Target) -> Result<Option<Shown>> {
    let query = LogQuery { contact_id: Some(target.contact), ..LogQuery::default() };
    Ok(match target.kind {
        DeviceAccess => {
            let rows = owner.core.devices(&query).await?.rows;
            rows.into_iter()
                .find(|row| row.id == target.id)
                .map(|row| Shown { value: row.access, flags: [row.pending, row.conflict, row.rejected] })
        }
        RestrictionStatus => {
            let rows = owner.core.restrictions(&query).await?.rows;
            rows.into_iter()
                .find(|row| row.id == target.id)
                .map(|row| Shown { value: row.status, flags: [row.pending, row.conflict, row.rejected] })
        }
        ContactChecks => owner.core.contact(target.id).await.ok().map(|card| {
            let row = card.contact;
            let value = if row.checks_enabled { "on" } else { "off" }.to_owned();
            Shown { value, flags: [row.pending, row.conflict, row.rejected] }
        }),
    })
}
