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

    async fn to_try_again(&self) -> Vec<String> {
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
    use super::*;

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
