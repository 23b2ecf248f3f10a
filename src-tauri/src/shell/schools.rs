//! The schools of this machine: which are open, and which of them the window shows.

use std::{
    collections::BTreeMap,
    fs,
    sync::{
        Arc, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use hallmonitor_core::{
    Error, Profiles,
    model::{self, OutboxCounts, ProblemCode},
    vault::CabinetHash,
};
use hallmonitor_language::Language;
use serde::Serialize;
use tokio::sync::{Mutex, MutexGuard, Notify, RwLock};

use super::{Shell, locking::Locked, write_privately};
use crate::{
    open::Open,
    problem::{self, Problem, told},
    tray::{SeenSchool, SeenStanding},
};

/// The name of the school that was shown last stands in this file of the data folder.
const LAST_SCHOOL: &str = "last-school";

/// The demo school among the others; no profile's name holds a slash.
pub(crate) const DEMO: &str = "/demo";

/// Stands for all schools where not even their list can be read.
pub(super) const UNREADABLE: &str = "";

/// What has become of a school.
#[derive(Debug)]
pub(crate) enum Standing {
    /// It is kept up to date.
    Open(Arc<Open>),
    /// It did not open.
    Closed(Problem),
    /// Its key is gone from memory.
    Locked(#[expect(dead_code, reason = "dropped, it looks no more")] Locked),
}

/// All of them, by id: a profile's name, or [`DEMO`].
#[derive(Debug, Default)]
pub(super) struct Schools {
    pub(super) standing: RwLock<BTreeMap<String, Standing>>,
    /// Which one the window shows.
    shown: std::sync::Mutex<Option<String>>,
    /// Held while one opens or closes: one at a time does.
    turn: Mutex<()>,
    /// Held while everything is being locked, which waits for no turn. Whoever opens or erases one waits for it, in its
    /// turn.
    pub(super) closing: Mutex<()>,
    /// How often everything was locked.
    locks: AtomicU64,
    /// Whether this computer is without a network, as far as anybody knows. Set while nobody changes a standing: who opens
    /// next finds it.
    offline: AtomicBool,
    /// How many decisions of each no server has confirmed, as was known last.
    unsent: std::sync::Mutex<BTreeMap<String, i64>>,
    /// What each calls itself, as was known last: it stands in the encrypted cache alone.
    titles: std::sync::Mutex<BTreeMap<String, String>>,
    /// Told when one did not open, or when one opened: what waited for that may be tried again.
    pub(super) closed: Notify,
}

/// A school in the switcher.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Line {
    /// Its profile's name, or [`DEMO`].
    id: String,
    /// What the school calls itself; the profile's name where it has not been open since the start.
    title: String,
    demo: bool,
    standing: &'static str,
    /// Whether a passphrase opens it.
    passphrase: bool,
    /// Whether there is one for the day when the keyring fails.
    recovery: bool,
    /// The server's address.
    server: String,
    /// Violations that nobody has viewed; 0 while it is not open.
    unviewed: i64,
    /// Decisions that the server has not confirmed; 0 while it is not open.
    unsent: i64,
    /// Why it is not open, or not up to date.
    problem: Option<model::Problem>,
}

impl Schools {
    pub(super) fn offline(&self) -> bool {
        self.offline.load(Ordering::SeqCst)
    }

    /// What a school calls itself, remembered for the time when it is not open.
    fn title(&self, id: &str, standing: Option<&Standing>) -> String {
        let mut known = self.titles.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Standing::Open(open)) = standing {
            known.insert(id.to_owned(), open.title().to_owned());
        }
        known.get(id).map_or_else(|| id.to_owned(), Clone::clone)
    }

    /// Nothing of an erased school stays.
    pub(super) fn forget(&self, id: &str) {
        self.titles.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}

impl Shell {
    /// This computer is without a network, or no longer. Elsewhere no system service says so here.
    #[cfg(target_os = "linux")]
    pub(crate) async fn set_offline(&self, offline: bool) {
        let standing = self.schools.standing.read().await;
        self.schools.offline.store(offline, Ordering::SeqCst);
        for standing in standing.values() {
            if let Standing::Open(open) = standing {
                open.set_offline(offline);
            }
        }
    }

    /// The school that the window begins with: the one that was shown last, or else the first; `None` where there is
    /// none.
    pub(crate) fn usual(&self) -> Result<Option<String>, Problem> {
        let names = self.names().map_err(told)?;
        let last = fs::read_to_string(self.app.data_dir().join(LAST_SCHOOL)).unwrap_or_default();
        Ok(names.iter().find(|name| **name == last).or(names.first()).cloned())
    }

    /// What the schools here are called: first those whose profile can be read.
    ///
    /// # Errors
    /// Where their folder can't be read.
    pub(super) fn names(&self) -> Result<Vec<String>, Error> {
        let Profiles { whole, damaged } = self.app.profiles()?;
        let damaged = damaged.into_iter().map(|(name, _)| name);
        Ok(whole.into_iter().map(|profile| profile.name).chain(damaged).collect())
    }

    /// Which school the window shows, open or not.
    pub(crate) fn shown(&self) -> Option<String> {
        self.schools.shown.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the window shows this one.
    pub(crate) fn shows(&self, id: &str) -> bool {
        self.shown().as_deref() == Some(id)
    }

    /// The window shows this one from now on, or none; the next start begins with it.
    pub(super) fn show(&self, id: Option<&str>) {
        *self.schools.shown.lock().unwrap_or_else(PoisonError::into_inner) = id.map(str::to_owned);
        let file = self.app.data_dir().join(LAST_SCHOOL);
        let Some(id) = id else {
            // Nothing of a school that was erased stays, its name neither; there may be none.
            let _ = std::fs::remove_file(file);
            return;
        };
        if id != DEMO
            && id != UNREADABLE
            && let Err(error) = write_privately(&file, id)
        {
            // The next start opens the first school instead.
            tracing::warn!("{} cannot be written: {error}", file.display());
        }
    }

    pub(super) async fn turn(&self) -> MutexGuard<'_, ()> {
        let turn = self.schools.turn.lock().await;
        // What is locked just now is closed first.
        drop(self.schools.closing.lock().await);
        turn
    }

    /// How often everything was locked. Whoever opens schools remembers it at the beginning: what was wanted before a lock
    /// is not done after it.
    pub(crate) fn locks(&self) -> u64 {
        self.schools.locks.load(Ordering::SeqCst)
    }

    pub(super) fn count_lock(&self) {
        self.schools.locks.fetch_add(1, Ordering::SeqCst);
    }

    /// The school of this id.
    ///
    /// # Errors
    /// A problem that says why it is not open.
    pub(crate) async fn open_of(&self, id: &str) -> Result<Arc<Open>, Problem> {
        match self.schools.standing.read().await.get(id) {
            Some(Standing::Open(open)) => Ok(Arc::clone(open)),
            Some(Standing::Closed(problem)) => Err(problem.clone()),
            Some(Standing::Locked(_)) => Err(problem::locked()),
            None => Err(problem::nothing_open()),
        }
    }

    /// The school that the window shows, which has to be this one: what is decided on one school's screen must not
    /// reach another.
    ///
    /// # Errors
    /// Where another one is shown by now, or it is not open.
    pub(crate) async fn open_shown(&self, id: &str) -> Result<Arc<Open>, Problem> {
        if self.shows(id) { self.open_of(id).await } else { Err(problem::elsewhere()) }
    }

    /// Whether the school of this id is open.
    pub(crate) async fn is_open(&self, id: &str) -> bool {
        matches!(self.schools.standing.read().await.get(id), Some(Standing::Open(_)))
    }

    /// Whether any school is locked: then none opens by itself.
    pub(super) async fn any_is_locked(&self) -> bool {
        self.schools.standing.read().await.values().any(Standing::is_locked)
    }

    /// All that are open, with their ids.
    pub(crate) async fn all_open(&self) -> Vec<(String, Arc<Open>)> {
        self.schools.standing.read().await.iter().filter_map(Standing::open).collect()
    }

    /// Why this school is not open; `None` where it is, or there is none such.
    pub(crate) async fn problem(&self, id: &str) -> Option<Problem> {
        self.schools.standing.read().await.get(id).and_then(Standing::problem)
    }

    /// Every school in the switcher's order: by name, the demo school last. One whose profile can't be read is among them,
    /// with the reason.
    ///
    /// # Errors
    /// Where the profiles' folder can't be read.
    pub(crate) async fn lines(&self) -> Result<Vec<Line>, Problem> {
        let language = self.settings().language();
        let standing = self.schools.standing.read().await;
        let Profiles { whole, damaged } =
            if self.begin_with_demo { Profiles::default() } else { self.app.profiles().map_err(told)? };
        let mut lines: Vec<Line> = Vec::new();
        for profile in whole {
            let mut line = self.line(&profile.name, standing.get(&profile.name), language);
            (line.passphrase, line.recovery, line.server) = (profile.passphrase, profile.recovery, profile.server);
            lines.push(line);
        }
        for (name, why) in damaged {
            let mut line = self.line(&name, standing.get(&name), language);
            // Nobody has tried to open it yet.
            if !standing.contains_key(&name) {
                line.problem = Some(why.problem(language));
            }
            lines.push(line);
        }
        lines.sort_by(|left, right| left.id.cmp(&right.id));
        if let Some(demo) = standing.get(DEMO) {
            lines.push(self.line(DEMO, Some(demo), language));
        }
        Ok(lines)
    }

    fn line(&self, id: &str, standing: Option<&Standing>, language: Language) -> Line {
        let mut line = Line {
            id: id.to_owned(),
            title: self.schools.title(id, standing),
            demo: id == DEMO,
            standing: "closed",
            passphrase: false,
            recovery: false,
            server: String::new(),
            unviewed: 0,
            unsent: 0,
            problem: standing.and_then(Standing::problem).map(|problem| problem.said(language)),
        };
        match standing {
            Some(Standing::Open(open)) => {
                line.standing = "open";
                let glance = open.glance();
                line.unviewed = glance.unviewed;
                line.unsent = unsent(&glance.outbox);
                // Without a network is no problem of this school's.
                line.problem = open.sync_state().problem.filter(|problem| wants_token(problem.code));
            }
            Some(Standing::Locked(_)) => line.standing = "locked",
            _ => {}
        }
        line
    }

    /// A school of this cabinet that is here: what it is called, and its address. One at `server` comes first.
    ///
    /// # Errors
    /// Where the profiles can't be read.
    pub(crate) async fn of_cabinet(
        &self,
        cabinet: &CabinetHash,
        server: &str,
    ) -> Result<Option<(String, String)>, Problem> {
        let known = self.app.of_cabinet(cabinet).map_err(told)?;
        let Some(found) = known.iter().find(|known| known.server == server).or(known.first()) else { return Ok(None) };
        let standing = self.schools.standing.read().await;
        Ok(Some((self.schools.title(&found.name, standing.get(&found.name)), found.server.clone())))
    }

    /// Every school as the tray sees it, in the switcher's order.
    pub(crate) async fn seen(&self) -> Vec<SeenSchool> {
        let language = self.settings().language();
        let standing = self.schools.standing.read().await;
        // The demo school's id comes before all names.
        let (demo, profiles): (Vec<_>, Vec<_>) = standing.iter().partition(|(id, _)| *id == DEMO);
        let seen = |(id, standing): (&String, &Standing)| {
            let title = self.schools.title(id, Some(standing));
            let standing = match standing {
                Standing::Open(open) => SeenStanding::Open(open.glance(), open.sync_state()),
                Standing::Closed(problem) => SeenStanding::Closed(problem.said(language)),
                Standing::Locked(_) => SeenStanding::Locked,
            };
            SeenSchool { id: id.clone(), title, standing }
        };
        profiles.into_iter().chain(demo).map(seen).collect()
    }

    /// Decisions that no server has confirmed; of a school that is not open (any more) as many as were known last.
    pub(crate) async fn unsent(&self) -> i64 {
        let standing = self.schools.standing.read().await;
        let counted = standing.iter().map(|(id, standing)| match standing {
            Standing::Open(open) => (id.as_str(), Some(unsent(&open.glance().outbox))),
            _ => (id.as_str(), None),
        });
        count(&mut self.schools.unsent.lock().unwrap_or_else(PoisonError::into_inner), counted)
    }

    /// Whether what is said of a school has to name it.
    pub(crate) async fn has_several(&self) -> bool {
        let profiles = if self.begin_with_demo { 0 } else { self.names().map_or(0, |names| names.len()) };
        // One after the other opens at the start, and the first may tell before the last is there.
        profiles.max(self.schools.standing.read().await.len()) > 1
    }
}

impl Standing {
    pub(super) fn is_locked(&self) -> bool {
        matches!(self, Self::Locked(_))
    }

    /// A school that is open, with its id.
    pub(super) fn open((id, standing): (&String, &Self)) -> Option<(String, Arc<Open>)> {
        match standing {
            Self::Open(open) => Some((id.clone(), Arc::clone(open))),
            _ => None,
        }
    }

    pub(crate) fn problem(&self) -> Option<Problem> {
        match self {
            Self::Open(_) => None,
            Self::Closed(problem) => Some(problem.clone()),
            Self::Locked(_) => Some(problem::locked()),
        }
    }
}

fn unsent(outbox: &OutboxCounts) -> i64 {
    outbox.queued + outbox.conflict + outbox.rejected
}

/// All that is known after another look, which gives nothing for a school that is not open; forgets those that are gone.
fn count<'a>(known: &mut BTreeMap<String, i64>, looked: impl Iterator<Item = (&'a str, Option<i64>)>) -> i64 {
    let before = std::mem::take(known);
    for (id, now) in looked {
        if let Some(count) = now.or_else(|| before.get(id).copied()) {
            known.insert(id.to_owned(), count);
        }
    }
    known.values().sum()
}

/// Whether only a new token helps.
fn wants_token(code: ProblemCode) -> bool {
    matches!(code, ProblemCode::TokenRefused | ProblemCode::MayNotDecide | ProblemCode::SignedOut)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::sample;

    #[tokio::test]
    async fn a_damaged_profile_is_a_line_by_itself_and_takes_no_other_school_away() {
        let folder = tempfile::tempdir().expect("a folder");
        let shell = sample::shell(&folder);
        for name in ["second", "first"] {
            sample::school(&folder, name);
        }
        sample::damaged(&folder, "neighbour");

        let lines = shell.lines().await.expect("a list");
        assert_eq!(lines.iter().map(|line| line.id.as_str()).collect::<Vec<_>>(), ["first", "neighbour", "second"]);
        for line in &lines {
            let code = line.problem.as_ref().map(|problem| problem.code);
            let damaged = (line.id == "neighbour").then_some(ProblemCode::Cache);
            assert_eq!((line.standing, code), ("closed", damaged), "{}", line.id);
        }
        assert!(shell.has_several().await);

        assert_eq!(shell.usual().expect("one of them").as_deref(), Some("first"));
        for last in ["second", "neighbour"] {
            shell.show(Some(last));
            assert_eq!(shell.usual().expect("one of them").as_deref(), Some(last), "it was shown last");
        }
    }

    #[test]
    fn what_is_unsent_is_counted_whole_and_a_locked_school_keeps_its_count() {
        let outbox = OutboxCounts { queued: 2, conflict: 1, rejected: 3 };
        assert_eq!(unsent(&outbox), 6, "as when a school is erased");

        let mut known = BTreeMap::new();
        for (looked, sum) in [
            (&[("one", Some(6)), ("two", Some(1))][..], 7),
            (&[("one", None), ("two", Some(0))], 6),
            (&[("one", None), ("two", None)], 6),
            (&[("one", Some(2)), ("two", None), ("three", None)], 2),
            (&[("two", None)], 0),
        ] {
            assert_eq!(count(&mut known, looked.iter().copied()), sum, "{looked:?}");
        }
    }
}
