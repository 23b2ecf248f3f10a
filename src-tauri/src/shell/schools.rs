//! The schools of this machine: which are open, which of them the window shows, and how one comes and goes without
//! disturbing the others.

use std::{collections::BTreeMap, fs, sync::Arc, time::Duration};

use hallmonitor_core::{
    Connected, Connection, Error,
    model::{self, ProblemCode, Status},
    vault::Passphrase,
};
use hallmonitor_language::Language;
use serde::Serialize;
use tauri::AppHandle;
use tokio::{
    sync::{Mutex, MutexGuard, RwLock},
    time::timeout,
};

use super::{ROWS_FIRST, Shell, locking::Locked, write_privately};
use crate::{
    demo::Demo,
    open::Open,
    problem::{self, Problem, told},
    tray::{self, SeenSchool, SeenStanding},
    window,
};

/// The name of the school that was shown last stands in this file of the data folder.
const LAST_SCHOOL: &str = "last-school";

/// The demo school among the others; no profile's name holds a slash.
pub(crate) const DEMO: &str = "/demo";

/// So many schools of one name are told apart.
const MOST_NAMESAKES: u32 = 99;

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
}

/// A school in the switcher.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Line {
    /// Its profile's name, or [`DEMO`].
    id: String,
    /// What the school calls itself; the profile's name while that is not known.
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

impl Shell {
    /// The school that the window begins with: the one that was shown last, or else the first; `None` where there is
    /// none.
    pub(crate) fn usual(&self) -> Result<Option<String>, Problem> {
        let profiles = self.app.profiles().map_err(told)?;
        let last = fs::read_to_string(self.app.data_dir().join(LAST_SCHOOL)).unwrap_or_default();
        let profile = profiles.iter().find(|profile| profile.name == last).or(profiles.first());
        Ok(profile.map(|profile| profile.name.clone()))
    }

    /// Which school the window shows, open or not.
    pub(crate) fn shown(&self) -> Option<String> {
        self.schools.shown.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Whether the window shows this one.
    pub(crate) fn shows(&self, id: &str) -> bool {
        self.shown().as_deref() == Some(id)
    }

    fn show(&self, id: &str) {
        *self.schools.shown.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(id.to_owned());
        if id != DEMO {
            let file = self.app.data_dir().join(LAST_SCHOOL);
            if let Err(error) = write_privately(&file, id) {
                // The next start opens the first school instead.
                tracing::warn!("{} cannot be written: {error}", file.display());
            }
        }
    }

    pub(super) async fn turn(&self) -> MutexGuard<'_, ()> {
        self.schools.turn.lock().await
    }

    /// The school that is shown.
    ///
    /// # Errors
    /// A problem that says why it is not open, or that there is none.
    pub(crate) async fn open(&self) -> Result<Arc<Open>, Problem> {
        match self.shown() {
            Some(id) => self.open_of(&id).await,
            None => Err(problem::nothing_open()),
        }
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

    /// All that are open, with their ids.
    pub(crate) async fn all_open(&self) -> Vec<(String, Arc<Open>)> {
        let standing = self.schools.standing.read().await;
        let open = |(id, standing): (&String, &Standing)| match standing {
            Standing::Open(open) => Some((id.clone(), Arc::clone(open))),
            _ => None,
        };
        standing.iter().filter_map(open).collect()
    }

    /// Why the school that is shown is not open; `None` where it is, or there is none.
    pub(crate) async fn problem(&self) -> Option<Problem> {
        self.schools.standing.read().await.get(&self.shown()?).and_then(Standing::problem)
    }

    /// Every school in the switcher's order: by name, the demo school last.
    ///
    /// # Errors
    /// Where a profile can't be read.
    pub(crate) async fn lines(&self) -> Result<Vec<Line>, Problem> {
        let language = self.settings().language();
        let standing = self.schools.standing.read().await;
        let mut lines: Vec<Line> = Vec::new();
        for profile in if self.begin_with_demo { Vec::new() } else { self.app.profiles().map_err(told)? } {
            let mut line = line(&profile.name, standing.get(&profile.name), language);
            (line.passphrase, line.recovery, line.server) = (profile.passphrase, profile.recovery, profile.server);
            lines.push(line);
        }
        if let Some(demo) = standing.get(DEMO) {
            lines.push(line(DEMO, Some(demo), language));
        }
        Ok(lines)
    }

    /// Every school as the tray sees it, in the switcher's order.
    pub(crate) async fn seen(&self) -> Vec<SeenSchool> {
        let language = self.settings().language();
        let standing = self.schools.standing.read().await;
        // The demo school's id comes before all names.
        let (demo, profiles): (Vec<_>, Vec<_>) = standing.iter().partition(|(id, _)| *id == DEMO);
        let seen = |(id, standing): (&String, &Standing)| {
            let (title, standing) = match standing {
                Standing::Open(open) => (open.title().to_owned(), SeenStanding::Open(open.glance(), open.sync_state())),
                Standing::Closed(problem) => (id.clone(), SeenStanding::Closed(problem.said(language))),
                Standing::Locked(_) => (id.clone(), SeenStanding::Locked),
            };
            SeenSchool { id: id.clone(), title, standing }
        };
        profiles.into_iter().chain(demo).map(seen).collect()
    }

    /// Opens what the window begins with; whoever comes second waits for the first.
    pub(crate) async fn begin(&self, app: &AppHandle) {
        self.begun
            .get_or_init(|| async {
                let begun = if self.begin_with_demo {
                    self.open_demo(app).await
                } else {
                    match self.usual() {
                        Ok(Some(usual)) => self.open_school(app, &usual, None).await,
                        Ok(None) => return,
                        Err(problem) => Err(problem),
                    }
                };
                if let (Err(problem), None) = (begun, self.shown()) {
                    // Not even the list of schools can be read.
                    self.schools.standing.write().await.insert(String::new(), Standing::Closed(problem));
                    *self.schools.shown.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(String::new());
                }
            })
            .await;
    }

    /// Opens the others, after the one that the window begins with.
    pub(crate) async fn open_others(&self, app: &AppHandle) {
        if self.begin_with_demo {
            return;
        }
        for profile in self.app.profiles().unwrap_or_default() {
            if !self.schools.standing.read().await.contains_key(&profile.name) {
                // What is wrong with it is said where the schools are listed.
                let _ = self.open_aside(app, &profile.name, None).await;
            }
        }
    }

    /// Opens a school (which may be open already, or locked) and shows it.
    ///
    /// # Errors
    /// Why it does not open; it is shown all the same, with the reason.
    pub(crate) async fn open_school(
        &self,
        app: &AppHandle,
        id: &str,
        passphrase: Option<Passphrase>,
    ) -> Result<Status, Problem> {
        if id != DEMO {
            self.known(id)?;
        }
        self.show(id);
        let opened = self.open_aside(app, id, passphrase).await;
        if id != DEMO {
            self.leave_demo().await;
        }
        window::tell_schools(app);
        tray::refresh(app).await;
        opened?.status().await
    }

    fn known(&self, id: &str) -> Result<(), Problem> {
        let profiles = self.app.profiles().map_err(told)?;
        if profiles.iter().any(|profile| profile.name == id) {
            return Ok(());
        }
        let known = profiles.into_iter().map(|profile| profile.name).collect();
        Err(told(hallmonitor_core::Error::NoProfile { name: id.to_owned(), known }))
    }

    /// Opens a school without showing it.
    pub(super) async fn open_aside(
        &self,
        app: &AppHandle,
        id: &str,
        passphrase: Option<Passphrase>,
    ) -> Result<Arc<Open>, Problem> {
        let _turn = self.turn().await;
        match self.schools.standing.read().await.get(id) {
            Some(Standing::Open(open)) => return Ok(Arc::clone(open)),
            // Whoever finds the computer unlocked must not need more than a click.
            Some(Standing::Locked(_)) if passphrase.is_none() && self.has_passphrase(id) => {
                return Err(problem::locked());
            }
            _ => {}
        }
        let opened = async {
            let school = self.app.open(Some(id), passphrase).await.map_err(told)?;
            let status = school.status().await.map_err(told)?;
            Ok(Arc::new(Open::start(app, id.to_owned(), (school, status), None, self.rows_before(app, id))))
        }
        .await;
        let mut standing = self.schools.standing.write().await;
        match &opened {
            Ok(open) => {
                standing.insert(id.to_owned(), Standing::Open(Arc::clone(open)));
                drop(standing);
                self.stays_in_use();
            }
            // A locked school stays locked, whatever was typed.
            Err(_) if matches!(standing.get(id), Some(Standing::Locked(_))) => {}
            Err(problem) => {
                standing.insert(id.to_owned(), Standing::Closed(Problem::clone(problem)));
            }
        }
        opened
    }

    /// Whether what is said of a school has to name it.
    pub(crate) async fn has_several(&self) -> bool {
        self.schools.standing.read().await.len() > 1
    }

    /// Whether a passphrase opens this one.
    pub(super) fn has_passphrase(&self, id: &str) -> bool {
        let profiles = self.app.profiles().unwrap_or_default();
        profiles.iter().any(|profile| profile.name == id && (profile.passphrase || profile.recovery))
    }

    /// What a school's first exchange waits for: at the start, that the window has painted the first rows.
    fn rows_before(&self, app: &AppHandle, id: &str) -> impl Future<Output = ()> + Send + 'static {
        let mut painted = self.painted.subscribe();
        // Later on nothing else is about to be painted for the first time.
        let at_the_start = !self.begun.initialized() && window::is_open(app) && self.shows(id);
        let patience = if at_the_start { ROWS_FIRST } else { Duration::ZERO };
        async move {
            // Rows or not, the exchange begins then.
            let _ = timeout(patience, painted.wait_for(|painted| *painted)).await;
        }
    }

    /// Connects a school and shows it. For one that is known it takes the new token.
    ///
    /// # Errors
    /// Why server, token or disk refuse; nothing else changes then.
    pub(crate) async fn connect(&self, app: &AppHandle, wanted: Connection) -> Result<Status, Problem> {
        let passphrase = wanted.passphrase.clone();
        let connected = self.connect_under_a_free_name(wanted).await.map_err(told)?;
        let status = self.open_school(app, &connected.profile, passphrase).await?;
        self.open_of(&connected.profile).await?.sync_now();
        Ok(status)
    }

    /// Schools that call themselves the same are told apart by a number, where the person has named none.
    async fn connect_under_a_free_name(&self, mut wanted: Connection) -> Result<Connected, Error> {
        let may_rename = wanted.name.is_none();
        let mut number = 1;
        loop {
            let again = Connection {
                server: wanted.server.clone(),
                cabinet: wanted.cabinet.clone(),
                token: wanted.token.clone(),
                name: wanted.name.take(),
                passphrase: wanted.passphrase.clone(),
            };
            match self.app.connect(again).await {
                Err(Error::NameTaken { name, .. }) if may_rename && number < MOST_NAMESAKES => {
                    let plain = name.strip_suffix(&format!("-{number}")).unwrap_or(&name);
                    number += 1;
                    wanted.name = Some(format!("{plain}-{number}"));
                }
                connected => return connected,
            }
        }
    }

    /// Starts the demo school, where it does not run yet, and shows it.
    ///
    /// # Errors
    /// Where the disk is full, or no port is free.
    pub(crate) async fn open_demo(&self, app: &AppHandle) -> Result<Status, Problem> {
        let turn = self.turn().await;
        if self.open_of(DEMO).await.is_err() {
            let (demo, school) = Demo::start(&self.app).await.map_err(problem::demo)?;
            let status = school.status().await.map_err(told)?;
            self.show(DEMO);
            let rows = self.rows_before(app, DEMO);
            let open = Open::start(app, DEMO.to_owned(), (school, status), Some(demo), rows);
            self.schools.standing.write().await.insert(DEMO.to_owned(), Standing::Open(Arc::new(open)));
        }
        drop(turn);
        self.show(DEMO);
        window::tell_schools(app);
        tray::refresh(app).await;
        self.open_of(DEMO).await?.status().await
    }

    /// The demo school is gone when nobody looks at it: its invented students would go on breaking rules.
    async fn leave_demo(&self) {
        let _turn = self.turn().await;
        self.close_one(DEMO).await;
    }

    /// Closes a school; what it was doing goes on from there next time.
    pub(super) async fn close_one(&self, id: &str) {
        let standing = self.schools.standing.write().await.remove(id);
        if let Some(Standing::Open(open)) = standing {
            open.close_when_free().await;
        }
    }

    /// Removes a school from this computer: its cache, its secrets, its decisions. The server keeps what it has.
    ///
    /// # Errors
    /// Where its files can't be removed.
    pub(crate) async fn erase(&self, app: &AppHandle, id: &str) -> Result<Option<Problem>, Problem> {
        let kept = {
            let _turn = self.turn().await;
            self.close_one(id).await;
            let wiped = self.app.wipe(Some(id)).await.map_err(told)?;
            wiped.kept_by_keyring.map(|error| told(error.into()))
        };
        if self.shows(id) {
            *self.schools.shown.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = None;
            if let Some(next) = self.usual()? {
                // Why it does not open is shown with it.
                let _ = self.open_school(app, &next, None).await;
            }
        }
        window::tell_schools(app);
        tray::refresh(app).await;
        Ok(kept)
    }

    /// Closes every school.
    pub(crate) async fn close(&self) {
        let _turn = self.turn().await;
        let ids: Vec<String> = self.schools.standing.read().await.keys().cloned().collect();
        for id in ids {
            let standing = self.schools.standing.write().await.remove(&id);
            // A command that still reads keeps it open; the program ends all the same.
            if let Some(Standing::Open(open)) = standing
                && let Some(open) = Arc::into_inner(open)
            {
                open.close().await;
            }
        }
    }
}

impl Standing {
    pub(crate) fn problem(&self) -> Option<Problem> {
        match self {
            Self::Open(_) => None,
            Self::Closed(problem) => Some(problem.clone()),
            Self::Locked(_) => Some(problem::locked()),
        }
    }
}

fn line(id: &str, standing: Option<&Standing>, language: Language) -> Line {
    let mut line = Line {
        id: id.to_owned(),
        title: id.to_owned(),
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
            open.title().clone_into(&mut line.title);
            let glance = open.glance();
            line.unviewed = glance.unviewed;
            line.unsent = glance.outbox.queued + glance.outbox.conflict + glance.outbox.rejected;
            // Without a network is no problem of this school's.
            line.problem = open.sync_state().problem.filter(|problem| problem.code == ProblemCode::TokenRefused);
        }
        Some(Standing::Locked(_)) => line.standing = "locked",
        _ => {}
    }
    line
}
