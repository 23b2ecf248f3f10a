//! Schools that did not open at the start and may later, without anybody's help.

use hallmonitor_core::model::ProblemCode;
use tauri::AppHandle;

use super::{Shell, schools::Standing};
use crate::{tray, window};

impl Shell {
    /// Waits until there is a school that may open without anybody's help.
    pub(crate) async fn until_one_is_closed(&self) {
        loop {
            let closed = self.schools.closed.notified();
            if self.one_is_closed().await {
                return;
            }
            closed.await;
        }
    }

    /// Whether there is one.
    pub(crate) async fn one_is_closed(&self) -> bool {
        !self.to_try_again().await.is_empty()
    }

    /// Tries once more the schools that did not open, and may without anybody's help.
    pub(crate) async fn try_again(&self, app: &AppHandle) {
        let since = self.locks();
        let mut opened = false;
        for id in self.to_try_again().await {
            if self.open_aside(app, &id, None, since).await.is_ok() {
                opened = true;
                if self.shows(&id) {
                    window::tell_switched(app);
                }
            }
        }
        if opened {
            window::tell_schools(app);
            tray::refresh(app).await;
        }
    }

    /// None while anything is locked: nothing opens by itself then.
    async fn to_try_again(&self) -> Vec<String> {
        if self.any_is_locked().await {
            return Vec::new();
        }
        let standing = self.schools.standing.read().await;
        let closed = |(id, standing): (&String, &Standing)| match standing {
            Standing::Closed(problem) => {
                let passphrase_alone = self.has(id, |profile| profile.passphrase);
                is_tried_again(problem.code(), passphrase_alone).then(|| id.clone())
            }
            _ => None,
        };
        standing.iter().filter_map(closed).collect()
    }
}

/// Whether a school that did not open may do so later by itself: its keyring comes, or is unlocked.
fn is_tried_again(why: ProblemCode, passphrase_alone: bool) -> bool {
    why == ProblemCode::Keyring && !passphrase_alone
}

#[cfg(test)]
mod tests {
    use hallmonitor_core::vault::VaultError;

    use super::*;
    use crate::{
        problem::told,
        shell::{locking::Locked, sample},
    };

    #[tokio::test]
    async fn while_one_is_locked_no_other_opens_by_itself() {
        let folder = tempfile::tempdir().expect("a folder");
        let shell = sample::shell(&folder);
        sample::school(&folder, "closed");
        let stands = async |id: &str, standing| {
            shell.schools.standing.write().await.insert(id.to_owned(), standing);
        };
        stands("closed", Standing::Closed(told(VaultError::KeyLost.into()))).await;
        assert_eq!(shell.to_try_again().await, ["closed"]);

        // The keyring is unlocked after that, or the computer wakes up.
        stands("locked", Standing::Locked(Locked::unseen())).await;
        assert!(shell.to_try_again().await.is_empty());

        shell.schools.standing.write().await.remove("locked");
        assert_eq!(shell.to_try_again().await, ["closed"], "it was unlocked");
    }

    #[test]
    fn what_the_keyring_did_not_open_is_tried_again_where_no_passphrase_is_needed() {
        for (why, passphrase_alone, again) in [
            (ProblemCode::Keyring, false, true),
            (ProblemCode::Keyring, true, false),
            (ProblemCode::Passphrase, true, false),
            (ProblemCode::Cache, false, false),
        ] {
            assert_eq!(is_tried_again(why, passphrase_alone), again, "{why:?} {passphrase_alone}");
        }
    }
}
