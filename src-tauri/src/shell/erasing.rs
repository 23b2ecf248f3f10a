//! How a school leaves this computer: erased in the window, or by somebody else (the command line).

use hallmonitor_core::{Error, cache::CacheError, model::ProblemCode};
use tauri::AppHandle;

use super::{
    Shell,
    schools::{DEMO, Standing},
};
use crate::{
    problem::{Problem, told},
    tray, window,
};

impl Shell {
    /// Removes a school from this computer: its cache, its secrets, its decisions, of which the person has `agreed` to lose
    /// so many. The server keeps what it has. Whoever syncs it elsewhere is waited for.
    ///
    /// # Errors
    /// Where more decisions wait by now, or nobody can count them any more because everything was locked meanwhile: it stays
    /// then. Where its files can't be removed.
    pub(crate) async fn erase(&self, app: &AppHandle, id: &str, agreed: i64) -> Result<Option<Problem>, Problem> {
        let since = self.locks();
        let kept = {
            let _turn = self.turn().await;
            self.erase_in_turn(app, id, agreed).await?
        };
        self.show_another(app, id, since).await?;
        Ok(kept)
    }

    async fn erase_in_turn(&self, app: &AppHandle, id: &str, agreed: i64) -> Result<Option<Problem>, Problem> {
        let counts = match self.open_of(id).await {
            Ok(open) => {
                // A first sync may take minutes, and nobody wants any more what it brings.
                open.stop().await;
                true
            }
            // Of one that is closed nobody can count its decisions, and the person was told so.
            Err(_) => false,
        };
        // Nobody syncs it from here on, who would take it for a school that stays and take decisions again. Sealed only
        // then, and counted: something may be decided elsewhere while a sync is waited for.
        let wiping = match self.app.begin_wipe(Some(id)).await {
            Ok(wiping) => wiping,
            Err(error) if error.code() == ProblemCode::NoProfile => {
                // Somebody else was faster.
                self.close_one(app, id).await;
                self.forget(id).await;
                return Ok(None);
            }
            Err(error) => {
                self.stays_after_all(app, id).await;
                return Err(told(error));
            }
        };
        if counts && let Err(problem) = self.seal(id, agreed).await {
            drop(wiping);
            self.stays_after_all(app, id).await;
            return Err(problem);
        }
        self.close_one(app, id).await;
        match wiping.finish().await {
            Ok(wiped) => {
                self.forget(id).await;
                Ok(wiped.kept_by_keyring.map(|error| told(error.into())))
            }
            Err(error) => {
                let problem = told(error);
                // What is still here must not be in no list.
                let standing = Standing::Closed(problem.clone());
                self.schools.standing.write().await.insert(id.to_owned(), standing);
                window::tell_schools(app);
                tray::refresh(app).await;
                Err(problem)
            }
        }
    }

    /// From here on nothing can be decided in it any more, where no more waits than the person has agreed to lose.
    async fn seal(&self, id: &str, agreed: i64) -> Result<(), Problem> {
        // It may have been locked meanwhile.
        let open = self.open_of(id).await?;
        match open.school.seal(agreed).await {
            Ok(count) if count > agreed => Err(told(Error::MoreUnsent { count })),
            Ok(_) => Ok(()),
            // Somebody writes there this very moment, perhaps another decision.
            Err(error @ Error::Cache(CacheError::Locked { .. })) => Err(told(error)),
            // Erasing is the way out of a full disk, and of a cache that is damaged.
            Err(error) => {
                tracing::warn!(code = ?error.code(), "what waits to be sent was not counted again");
                Ok(())
            }
        }
    }

    /// A school that was about to be erased syncs again, where it is still open.
    async fn stays_after_all(&self, app: &AppHandle, id: &str) {
        let Ok(open) = self.open_of(id).await else { return };
        open.go_on(app).await;
        {
            // Nobody says meanwhile that there is a network, or none.
            let _standing = self.schools.standing.write().await;
            open.set_offline(self.schools.offline());
        }
        open.decided(app).await;
    }

    /// Lets go of an open school that somebody else has erased. One that was connected under its name since then is another
    /// school, and is opened.
    pub(crate) async fn let_go(&self, app: &AppHandle, id: &str) {
        if id == DEMO {
            // Its end is the program's own business.
            return;
        }
        let since = self.locks();
        {
            let _turn = self.turn().await;
            match self.open_of(id).await {
                Ok(open) if open.is_erased() => {}
                // It was closed meanwhile, or another one is open by now.
                _ => return,
            }
            self.close_one(app, id).await;
            self.forget(id).await;
        }
        if self.known(id).is_ok() {
            // What is wrong with it is said where the schools are listed.
            let _ = self.open_aside(app, id, None, since).await;
            tell_of_another(app).await;
        } else if let Err(problem) = self.show_another(app, id, since).await {
            tracing::warn!("no other school is shown: {problem}");
        }
    }

    /// Nothing stays of a school that is gone.
    async fn forget(&self, id: &str) {
        let _standing = self.schools.standing.write().await;
        self.unmark(id);
        self.schools.forget(id);
    }

    /// Shows the usual school where this one was shown, which is gone.
    ///
    /// # Errors
    /// Where the others can't be listed.
    async fn show_another(&self, app: &AppHandle, gone: &str, since: u64) -> Result<(), Problem> {
        let next = if self.shows(gone) {
            self.show(None);
            self.usual()
        } else {
            Ok(None)
        };
        if let Ok(Some(next)) = &next {
            // Why it does not open is shown with it.
            let _ = self.open_unless_locked(app, next, None, since).await;
        }
        tell_of_another(app).await;
        next.map(drop)
    }
}

/// The page that has asked for something may be gone: whatever was locked meanwhile begins anew.
async fn tell_of_another(app: &AppHandle) {
    window::tell_switched(app);
    window::tell_schools(app);
    tray::refresh(app).await;
}
