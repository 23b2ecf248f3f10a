//! How a school comes and goes without disturbing the others.

use std::{sync::Arc, time::Duration};

use hallmonitor_core::{
    Connected, Connection, Error, Profiles, School,
    model::{ProblemCode, ProfileInfo, Status},
    school::ServerUrl,
    vault::Passphrase,
};
use tauri::{AppHandle, Manager as _};
use tokio::time::timeout;

use super::{
    ROWS_FIRST, Shell,
    locking::Locked,
    schools::{DEMO, Standing, UNREADABLE},
};
use crate::{
    commands::Export,
    demo::Demo,
    open::Open,
    problem::{self, Problem, told},
    tray, window,
};

/// So many schools of one name are told apart.
const MOST_NAMESAKES: u32 = 99;
/// So long the program's end waits for what opens or closes a school just then.
const AT_THE_END: Duration = Duration::from_secs(5);

impl Shell {
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
                    self.schools.standing.write().await.insert(UNREADABLE.to_owned(), Standing::Closed(problem));
                    self.show(Some(UNREADABLE));
                }
            })
            .await;
    }

    /// Opens the others, after the one that the window begins with; `since` is [`Self::locks`] at the start.
    pub(crate) async fn open_others(&self, app: &AppHandle, since: u64) {
        if self.begin_with_demo {
            return;
        }
        for name in self.names().unwrap_or_default() {
            if !self.schools.standing.read().await.contains_key(&name) {
                // What is wrong with it is said where the schools are listed.
                let _ = self.open_aside(app, &name, None, since).await;
            }
        }
    }

    /// Opens what somebody else (the command line) has connected meanwhile. While everything is locked nothing opens by
    /// itself.
    pub(crate) async fn open_new(&self, app: &AppHandle) {
        let since = self.locks();
        if self.any_is_locked().await {
            return;
        }
        self.open_others(app, since).await;
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
    ) -> Result<(), Problem> {
        self.open_unless_locked(app, id, passphrase, self.locks()).await
    }

    pub(super) async fn open_unless_locked(
        &self,
        app: &AppHandle,
        id: &str,
        passphrase: Option<Passphrase>,
        since: u64,
    ) -> Result<(), Problem> {
        if id == DEMO {
            // A notification of it may outlive it.
            self.open_of(DEMO).await?;
        } else {
            self.known(id)?;
        }
        self.show(Some(id));
        let opened = self.open_aside(app, id, passphrase, since).await;
        if id != DEMO {
            self.leave_demo(app).await;
        }
        window::tell_schools(app);
        tray::refresh(app).await;
        opened.map(drop)
    }

    /// Whether there is a school of this name, its profile readable or not; a neighbour's is nothing to it.
    pub(super) fn known(&self, id: &str) -> Result<(), Problem> {
        let known = self.names().map_err(told)?;
        if known.iter().any(|name| name == id) {
            return Ok(());
        }
        Err(told(Error::NoProfile { name: id.to_owned(), known }))
    }

    /// What is wrong with the profile of this school, where it can't be read.
    fn damage(&self, id: &str) -> Option<Problem> {
        let damaged = self.app.profiles().ok()?.damaged;
        damaged.into_iter().find(|(name, _)| name == id).map(|(_, why)| told(why))
    }

    /// Opens a school without showing it, where nothing was locked `since` somebody wanted that.
    pub(super) async fn open_aside(
        &self,
        app: &AppHandle,
        id: &str,
        passphrase: Option<Passphrase>,
        since: u64,
    ) -> Result<Arc<Open>, Problem> {
        let _turn = self.turn().await;
        if let Ok(open) = self.open_of(id).await {
            return Ok(open);
        }
        // Erased while this waited for its turn, it must not come back in any standing.
        if let Err(problem) = self.known(id)
            && problem.code() == ProblemCode::NoProfile
        {
            return Err(problem);
        }
        // No passphrase helps, and it must be said what would: once it can be read again, it is locked as it was.
        if let Some(problem) = self.damage(id) {
            self.stay_closed(id, &problem).await;
            return Err(problem);
        }
        let wanted = self.wants_passphrase(id).await;
        if stays_locked(self.locks() != since, wanted, passphrase.is_some()) {
            self.stay_locked(id).await;
            return Err(problem::locked());
        }
        let opened = async {
            let school = self.app.open(Some(id), passphrase).await.map_err(told)?;
            let looked = with_status(school).await?;
            Ok(Arc::new(Open::start(app, id.to_owned(), looked, None, self.rows_before(id))))
        }
        .await;
        let mut standing = self.schools.standing.write().await;
        match opened {
            // Everything was locked while this one opened.
            Ok(open) if self.locks() != since => {
                drop(standing);
                self.stay_locked(id).await;
                open.close_when_free().await;
                Err(problem::locked())
            }
            Ok(open) => {
                open.set_offline(self.schools.offline());
                standing.insert(id.to_owned(), Standing::Open(Arc::clone(&open)));
                // The window may have been made since it was begun.
                open.set_interval(self.interval(app));
                self.unmark(id);
                self.begins_to_be_used();
                self.schools.closed.notify_one();
                Ok(open)
            }
            Err(problem) => {
                drop(standing);
                self.stay_closed(id, &problem).await;
                Err(problem)
            }
        }
    }

    /// This school is not locked any more. Whoever asks for it holds the schools' standing.
    pub(super) fn unmark(&self, id: &str) {
        self.marker.remove(id, || self.names().unwrap_or_default());
    }

    async fn stay_locked(&self, id: &str) {
        let mut standing = self.schools.standing.write().await;
        if !standing.get(id).is_some_and(Standing::is_locked) {
            standing.insert(id.to_owned(), Standing::Locked(Locked::unseen()));
            self.marker.add([id]);
        }
    }

    /// A locked school stays locked, whatever was typed.
    async fn stay_closed(&self, id: &str, problem: &Problem) {
        let mut standing = self.schools.standing.write().await;
        if !standing.get(id).is_some_and(Standing::is_locked) {
            standing.insert(id.to_owned(), Standing::Closed(problem.clone()));
            self.schools.closed.notify_one();
        }
    }

    /// Whether this one is locked, and takes a passphrase: whoever finds the computer unlocked must need more than a click.
    async fn wants_passphrase(&self, id: &str) -> bool {
        match self.schools.standing.read().await.get(id) {
            Some(Standing::Open(_)) => false,
            Some(Standing::Locked(_)) => self.has_passphrase(id),
            // The keyring would open it, as if it had not been locked when the program ended.
            _ => self.marker.has(id) && self.has(id, |profile| profile.recovery),
        }
    }

    /// Whether a passphrase opens this one.
    pub(super) fn has_passphrase(&self, id: &str) -> bool {
        self.has(id, |profile| profile.passphrase || profile.recovery)
    }

    pub(super) fn has(&self, id: &str, passphrase: impl Fn(&ProfileInfo) -> bool) -> bool {
        // Where nobody can say, a click must not be enough: a profile that can't be read may be this one's.
        let Ok(Profiles { whole, damaged }) = self.app.profiles() else { return true };
        whole.iter().find(|profile| profile.name == id).map_or(!damaged.is_empty(), passphrase)
    }

    /// What a school's first exchange waits for: at the start, that the window has painted the first rows.
    fn rows_before(&self, id: &str) -> impl Future<Output = ()> + Send + 'static {
        let mut painted = self.painted.subscribe();
        // Later on nothing else is about to be painted for the first time.
        let at_the_start = !self.begun.initialized() && !self.hidden() && self.shows(id);
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
    pub(crate) async fn connect(&self, app: &AppHandle, wanted: Connection) -> Result<(), Problem> {
        let (passphrase, since) = (wanted.passphrase.clone(), self.locks());
        self.may_connect(&wanted).await?;
        let connected = self.connect_under_a_free_name(wanted).await.map_err(told)?;
        self.open_unless_locked(app, &connected.profile, passphrase, since).await?;
        self.open_of(&connected.profile).await?.sync_now();
        Ok(())
    }

    /// A school that is here already would be opened for its new token, by the keyring where nobody gives a passphrase: not
    /// while it is locked.
    async fn may_connect(&self, wanted: &Connection) -> Result<(), Problem> {
        if wanted.passphrase.is_some() {
            return Ok(());
        }
        let server = ServerUrl::parse(&wanted.server).map_err(|error| told(error.into()))?.to_string();
        for known in self.app.of_cabinet(&wanted.cabinet).map_err(told)? {
            if known.server == server && self.wants_passphrase(&known.name).await {
                return Err(problem::locked());
            }
        }
        Ok(())
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
    pub(crate) async fn open_demo(&self, app: &AppHandle) -> Result<(), Problem> {
        let since = self.locks();
        let turn = self.turn().await;
        if self.open_of(DEMO).await.is_err() {
            let (demo, school) = Demo::start(&self.app).await.map_err(problem::demo)?;
            let looked = with_status(school).await?;
            let before = self.shown();
            self.show(Some(DEMO));
            let rows = self.rows_before(DEMO);
            let open = Arc::new(Open::start(app, DEMO.to_owned(), looked, Some(demo), rows));
            let mut standing = self.schools.standing.write().await;
            if self.locks() != since {
                drop(standing);
                self.show(before.as_deref());
                open.close_when_free().await;
                return Err(problem::locked());
            }
            standing.insert(DEMO.to_owned(), Standing::Open(Arc::clone(&open)));
            open.set_interval(self.interval(app));
        }
        drop(turn);
        self.show(Some(DEMO));
        window::tell_schools(app);
        tray::refresh(app).await;
        Ok(())
    }

    /// The demo school is gone when nobody looks at it: its invented students would go on breaking rules.
    async fn leave_demo(&self, app: &AppHandle) {
        let _turn = self.turn().await;
        self.close_one(app, DEMO).await;
    }

    /// Closes a school; what it was doing goes on from there next time.
    pub(super) async fn close_one(&self, app: &AppHandle, id: &str) {
        let standing = self.schools.standing.write().await.remove(id);
        if let Some(Standing::Open(open)) = standing {
            app.state::<Export>().end_of(id);
            open.close_when_free().await;
        }
    }

    /// Closes every school. The program ends and the main thread waits for this, so it waits for nobody for long.
    pub(crate) async fn close(&self, app: &AppHandle) {
        // Who opens or locks one just now may be waiting for the keyring, or for the main thread.
        let _turn = timeout(AT_THE_END, self.turn()).await;
        let ids: Vec<String> = self.schools.standing.read().await.keys().cloned().collect();
        for id in ids {
            self.close_one(app, &id).await;
        }
    }
}

/// What is here of a school that was just opened. One whose cache can't be read is closed again: dropped, it would keep
/// its file open, and its key in memory.
async fn with_status(school: School) -> Result<(School, Status), Problem> {
    match school.status().await {
        Ok(status) => Ok((school, status)),
        Err(error) => {
            school.close().await;
            Err(told(error))
        }
    }
}

/// Whether a school stays closed that somebody wants open: everything was locked after they wanted it, or it is locked
/// and takes a passphrase which they have not given.
fn stays_locked(locked_since: bool, wants_passphrase: bool, given: bool) -> bool {
    locked_since || (wants_passphrase && !given)
}

#[cfg(test)]
mod tests {
    use hallmonitor_core::vault::{CabinetHash, Token};

    use super::*;
    use crate::shell::sample;

    /// What stands in the profile of a school whose cabinet's hash is `cabinet`.
    const DIGEST: &str = "492c592c8422bd73276ff93bf18801db2cdf64ddf24d90b5b28751d53c61987e";

    #[test]
    fn what_was_wanted_before_a_lock_is_not_opened_after_it_nor_without_its_passphrase() {
        for (locked_since, wants_passphrase, given, stays) in [
            (false, false, false, false),
            (false, true, true, false),
            (false, true, false, true),
            // A loop that has begun before the lock, with the passphrase at hand.
            (true, false, false, true),
            (true, true, true, true),
        ] {
            let got = stays_locked(locked_since, wants_passphrase, given);
            assert_eq!(got, stays, "{locked_since} {wants_passphrase} {given}");
        }
    }

    #[tokio::test]
    async fn of_several_schools_the_first_that_opens_is_named_already() {
        let folder = tempfile::tempdir().expect("a folder");
        let shell = sample::shell(&folder);
        assert!(!shell.has_several().await);
        for name in ["one", "two"] {
            sample::school(&folder, name);
        }
        assert!(shell.has_several().await, "none of them is open yet");
    }

    #[test]
    fn a_neighbours_damaged_file_does_not_make_a_click_enough() {
        let folder = tempfile::tempdir().expect("a folder");
        let shell = sample::shell(&folder);
        assert!(!shell.has_passphrase("school"), "nobody has given it one");

        let neighbour = folder.path().join("profiles").join("neighbour");
        std::fs::create_dir_all(&neighbour).expect("a folder");
        std::fs::write(neighbour.join("profile.json"), "{").expect("a file");

        assert!(shell.has_passphrase("school"), "nobody can say whether it has one");
    }

    #[test]
    fn a_neighbours_damaged_file_changes_nothing_for_a_school_that_can_be_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let shell = sample::shell(&folder);
        sample::school(&folder, "plain");
        sample::recoverable(&folder, "school", "");
        sample::damaged(&folder, "neighbour");

        assert!(!shell.has_passphrase("plain") && shell.has_passphrase("school"));
        for name in ["plain", "school", "neighbour"] {
            assert_eq!(shell.known(name), Ok(()), "{name} can be shown, and erased");
        }
        let unknown = shell.known("never there").map_err(|problem| problem.code());
        assert_eq!(unknown, Err(ProblemCode::NoProfile));
        assert!(shell.damage("school").is_none());
        assert_eq!(shell.damage("neighbour").map(|problem| problem.code()), Some(ProblemCode::Cache));
    }

    #[tokio::test]
    async fn a_locked_school_takes_no_new_token_without_its_passphrase() {
        let folder = tempfile::tempdir().expect("a folder");
        let shell = sample::shell(&folder);
        sample::recoverable(&folder, "academy", DIGEST);
        let refusal = async |server: &str, cabinet: &str, passphrase: Option<&str>| {
            let wanted = Connection {
                server: server.to_owned(),
                cabinet: CabinetHash::new(cabinet).expect("a cabinet"),
                token: Token::new("another").expect("a token"),
                name: None,
                passphrase: passphrase.map(|text| Passphrase::new(text.to_owned()).expect("a passphrase")),
            };
            shell.may_connect(&wanted).await.err().map(|problem| problem.code())
        };
        let here = "https://School.example/";
        assert_eq!(refusal(here, "cabinet", None).await, None, "it is not locked");

        let locked = Some(ProblemCode::Locked);
        shell.marker.add(["academy"]);
        assert_eq!(refusal(here, "cabinet", None).await, locked, "it was when the program ended");
        let standing = Standing::Locked(Locked::unseen());
        shell.schools.standing.write().await.insert("academy".to_owned(), standing);
        for (server, cabinet, passphrase, refused) in [
            (here, "cabinet", None, locked),
            // Whether it fits is seen when it opens.
            (here, "cabinet", Some("given"), None),
            ("https://elsewhere.example", "cabinet", None, None),
            (here, "another", None, None),
            ("no address", "cabinet", None, Some(ProblemCode::Invalid)),
        ] {
            let got = refusal(server, cabinet, passphrase).await;
            assert_eq!(got, refused, "{server} {cabinet} {passphrase:?}");
        }
    }
}
