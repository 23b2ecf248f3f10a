//! How a school comes and goes without disturbing the others.

use std::{sync::Arc, time::Duration};

use hallmonitor_core::{Connected, Connection, Error, model::Status, vault::Passphrase};
use tauri::{AppHandle, Manager as _};
use tokio::time::timeout;

use super::{
    ROWS_FIRST, Shell,
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
        self.show(Some(id));
        let opened = self.open_aside(app, id, passphrase).await;
        if id != DEMO {
            self.leave_demo(app).await;
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

    /// Whether a passphrase opens this one.
    pub(super) fn has_passphrase(&self, id: &str) -> bool {
        match self.app.profiles() {
            Ok(all) => all.iter().any(|profile| profile.name == id && (profile.passphrase || profile.recovery)),
            // Where nobody can say, a click must not be enough.
            Err(_) => true,
        }
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
            self.show(Some(DEMO));
            let rows = self.rows_before(app, DEMO);
            let open = Open::start(app, DEMO.to_owned(), (school, status), Some(demo), rows);
            self.schools.standing.write().await.insert(DEMO.to_owned(), Standing::Open(Arc::new(open)));
        }
        drop(turn);
        self.show(Some(DEMO));
        window::tell_schools(app);
        tray::refresh(app).await;
        self.open_of(DEMO).await?.status().await
    }

    /// The demo school is gone when nobody looks at it: its invented students would go on breaking rules.
    async fn leave_demo(&self, app: &AppHandle) {
        let _turn = self.turn().await;
        self.close_one(app, DEMO).await;
    }

    /// Closes a school; what it was doing goes on from there next time.
    async fn close_one(&self, app: &AppHandle, id: &str) {
        let standing = self.schools.standing.write().await.remove(id);
        if let Some(Standing::Open(open)) = standing {
            app.state::<Export>().end_of(id);
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
            self.close_one(app, id).await;
            let wiped = self.app.wipe(Some(id)).await.map_err(told)?;
            wiped.kept_by_keyring.map(|error| told(error.into()))
        };
        if self.shows(id) {
            self.show(None);
            if let Some(next) = self.usual()? {
                // Why it does not open is shown with it.
                let _ = self.open_school(app, &next, None).await;
            }
        }
        window::tell_schools(app);
        tray::refresh(app).await;
        Ok(kept)
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

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::words::Words;

    #[test]
    fn a_neighbours_damaged_file_does_not_make_a_click_enough() {
        let folder = tempfile::tempdir().expect("a folder");
        let words = Words::parse_from(["hallmonitor".as_ref(), "--data-dir".as_ref(), folder.path().as_os_str()]);
        let shell = Shell::new(words).expect("a shell");
        assert!(!shell.has_passphrase("school"), "nobody has given it one");

        let neighbour = folder.path().join("profiles").join("neighbour");
        std::fs::create_dir_all(&neighbour).expect("a folder");
        std::fs::write(neighbour.join("profile.json"), "{").expect("a file");

        assert!(shell.has_passphrase("school"), "nobody can say whether it has one");
    }
}
