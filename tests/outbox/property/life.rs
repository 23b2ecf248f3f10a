//! One run: deeds done to a real owner and a real school, each followed by the oracle's look.

use std::time::Duration;

use anyhow::{Result, ensure};
use hallmonitor_core::{
    Error,
    model::{EntryState, OutboxEntry, ProblemCode, Resolution},
    school::{Limits, Patience},
};
use hallmonitor_tests::{Fault, Filled, Place, school_in};
use hallmonitor_wire::{ActionType, ActionValue};

use super::{
    deeds::{Deed, STUDENTS, TARGETS},
    mirror,
    oracle::Oracle,
};
use crate::{
    owner::{ContactChecks, DeviceAccess, Owner, RestrictionStatus},
    website::Student,
};

const KINDS: [ActionType; 3] = [DeviceAccess, RestrictionStatus, ContactChecks];

/// Exchanges until all must be quiet once nothing is in the way.
const HEALING: usize = 3;

/// A school and its owner, who live through run after run.
pub(super) struct World {
    owner: Owner,
    runs: u32,
}

/// What a decision is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Target {
    pub(super) kind: ActionType,
    pub(super) id: i64,
    pub(super) contact: i64,
}

impl Target {
    pub(super) fn is_of(&self, entry: &OutboxEntry) -> bool {
        entry.kind == self.kind.as_str() && entry.target_id == self.id
    }

    fn value(&self, second: bool) -> ActionValue {
        self.kind.values()[usize::from(second)]
    }
}

impl World {
    pub(super) async fn new() -> Self {
        let unlimited = hallmonitor_school::Limits {
            admin_per_minute: u32::MAX,
            site_per_minute: u32::MAX,
            ..hallmonitor_school::Limits::default()
        };
        let folder = tempfile::tempdir().expect("a temporary folder");
        let school = school_in(folder, Filled::Empty, unlimited).await;
        let patience = Patience { tries: 3, first_pause: Duration::from_millis(1), ..Patience::default() };
        let owner = Owner::of(school, Limits { patience, ..Limits::default() }).await;
        Self { owner, runs: 0 }
    }

    /// A whole run, from new students to their removal.
    pub(super) async fn live(&mut self, deeds: &[Deed]) -> Result<()> {
        self.runs += 1;
        let mut students = Vec::new();
        let mut targets = Vec::new();
        for nth in 0..STUDENTS {
            let name = format!("student{}of{}", nth, self.runs);
            let student = self.owner.website.student(&name).await;
            let restriction = self.owner.website.restriction(&student).await.expect("checks are on");
            let ids = [student.device, restriction, student.contact];
            targets.extend(KINDS.into_iter().zip(ids).map(|(kind, id)| Target { kind, id, contact: student.contact }));
            students.push(Some((name, student)));
        }
        self.owner.sync().await?;
        ensure!(self.owner.outbox().await.is_empty(), "a run begins with an empty outbox");
        self.owner.faults.forget();
        let mut life = Life { owner: &self.owner, students, oracle: Oracle::new(targets.clone()), targets };
        for deed in deeds {
            life.does(deed).await?;
        }
        life.heals().await?;
        life.ends().await
    }
}

struct Life<'a> {
    owner: &'a Owner,
    /// `None` where the school has removed them.
    students: Vec<Option<(String, Student)>>,
    targets: Vec<Target>,
    oracle: Oracle,
}

impl Life<'_> {
    async fn does(&mut self, deed: &Deed) -> Result<()> {
        let website = &self.owner.website;
        match deed {
            Deed::Decide { kind, students, second } => {
                let targets: Vec<Target> = students.iter().map(|&student| self.targets[3 * student + kind]).collect();
                self.decides(&targets, *second).await?;
            }
            Deed::Resolve(nth, how) => self.resolves(*nth, *how).await?,
            Deed::Other { target, second } => {
                let target = self.targets[target % TARGETS];
                self.owner.other_decides(target.kind, target.id, target.value(*second)).await;
            }
            Deed::Login(nth) => {
                if let Some((_, student)) = &self.students[*nth] {
                    website.login(student).await;
                }
            }
            Deed::Refused(nth) => {
                if let Some((_, student)) = &self.students[*nth] {
                    website.restriction(student).await;
                }
            }
            Deed::Tagged(nth) => {
                if let Some((name, _)) = &self.students[*nth] {
                    website.tag(name, &format!("tag{}", self.oracle.steps())).await;
                }
            }
            Deed::Removed(nth) => {
                if let Some((_, student)) = self.students[*nth].take() {
                    website.remove(student.contact).await;
                }
            }
            Deed::NewEpoch => {
                self.owner.school.school.renew_epoch(None).await?;
                self.oracle.new_epoch();
            }
            Deed::Sync(misfortunes) => self.syncs(misfortunes).await?,
        }
        self.oracle.sees_flags(self.owner).await
    }

    async fn decides(&mut self, targets: &[Target], second: bool) -> Result<()> {
        let before = self.owner.outbox().await;
        let (kind, value) = (targets[0].kind, targets[0].value(second));
        let ids: Vec<i64> = targets.iter().map(|target| target.id).collect();
        let made = self.owner.core.decide(kind, &ids, value).await;
        let after = self.owner.outbox().await;
        match made {
            Ok(made) => self.oracle.decided(self.owner, targets, value, &before, &after, &made).await,
            Err(error) => {
                let gone = self.students.iter().any(Option::is_none);
                let no_log = !self.owner.core.status().await?.login_log;
                ensure!(gone || no_log, "a decision about what is here is refused: {error}");
                ensure!(before == after, "a refused decision has changed the outbox");
                Ok(())
            }
        }
    }

    async fn resolves(&mut self, nth: usize, how: Resolution) -> Result<()> {
        let before = self.owner.outbox().await;
        if before.is_empty() {
            return Ok(());
        }
        let entry = before[nth % before.len()].clone();
        let fits = match how {
            Resolution::KeepMine | Resolution::TakeTheirs => entry.state == EntryState::Conflict,
            Resolution::Retry | Resolution::Dismiss => entry.state == EntryState::Rejected,
            Resolution::Cancel => entry.state == EntryState::Queued && entry.attempts == 0,
        };
        let left = self.owner.core.resolve(&[entry.id], how).await;
        let after = self.owner.outbox().await;
        match left {
            Ok(left) => {
                ensure!(fits, "{how:?} of {entry:?} is taken");
                ensure!(left == after, "not the entries left: {left:?}");
                self.oracle.resolved(&entry, how, &before, &after)
            }
            Err(error) => {
                ensure!(!fits, "{how:?} of {entry:?} is refused: {error}");
                ensure!(before == after, "a refused resolution has changed the outbox");
                Ok(())
            }
        }
    }

    async fn syncs(&mut self, misfortunes: &[(Place, Fault)]) -> Result<()> {
        let before = self.owner.outbox().await;
        let held = self.owner.faults.held();
        for (place, fault) in misfortunes {
            self.owner.faults.next(*place, fault.clone());
        }
        let synced = tokio::select! {
            biased;
            synced = self.owner.sync() => Some(synced),
            // As if the program had been ended here.
            () = self.owner.faults.until_held(held + 1) => None,
        };
        self.owner.faults.heal();
        let after = self.owner.outbox().await;
        if let Some(Err(error)) = &synced {
            only_the_network(error)?;
        }
        if misfortunes.iter().any(|(_, fault)| begins_anew(fault)) {
            self.oracle.new_reading();
        }
        let whole = matches!(synced, Some(Ok(_))) && self.owner.core.status().await?.login_log;
        self.oracle.synced(self.owner, &before, &after, whole).await
    }

    /// Nothing is in the way any more.
    async fn heals(&mut self) -> Result<()> {
        for _ in 0..HEALING {
            self.syncs(&[]).await?;
        }
        let waits = |entry: &OutboxEntry| matches!(entry.state, EntryState::Queued | EntryState::Sending);
        let outbox = self.owner.outbox().await;
        ensure!(!outbox.iter().any(waits), "something still waits after {HEALING} exchanges: {outbox:?}");
        self.owner.faults.forget();
        let quiet = self.owner.sync().await?;
        ensure!(quiet.requests <= 2, "{} requests without news", quiet.requests);
        ensure!(self.owner.faults.seen_at(Place::Actions).is_empty(), "something is sent again");
        self.oracle.judges(self.owner, &outbox).await?;
        mirror::equals_the_server(self.owner).await
    }

    /// Leaves the world to the next run.
    async fn ends(self) -> Result<()> {
        for entry in self.owner.outbox().await {
            let how = if entry.state == EntryState::Conflict { Resolution::TakeTheirs } else { Resolution::Dismiss };
            self.owner.core.resolve(&[entry.id], how).await?;
        }
        for (_, student) in self.students.iter().flatten() {
            self.owner.website.remove(student.contact).await;
        }
        Ok(())
    }
}

/// Whether the owner's program reads everything anew after this, though the history is the same.
fn begins_anew(fault: &Fault) -> bool {
    matches!(fault, Fault::Instead(answer) if matches!(answer.status, 404 | 410)) || *fault == Fault::Stale
}

fn only_the_network(error: &Error) -> Result<()> {
    let network =
        matches!(error.code(), ProblemCode::TokenRefused | ProblemCode::MayNotDecide | ProblemCode::Unreachable);
    ensure!(network, "an exchange fails for another reason than the network: {error}");
    Ok(())
}
