//! `wipe`: removes a school's cache and secrets from this machine.

use hallmonitor_core::{Error, School, Wiping, cache::CacheError, model::OutboxCounts};
use serde::Serialize;

use super::Setting;
use crate::{failure::Failure, legible, output::Output, progress::Progress, secrets};

#[derive(Serialize)]
struct Answer {
    removed: Vec<String>,
}

pub(super) async fn wipe(setting: &Setting, yes: bool) -> Result<(), Failure> {
    let wiping = if yes {
        setting.app.begin_wipe(setting.profile.as_deref()).await?
    } else {
        setting.ask(async |school| Ok(let_go(setting, school).await)).await.map_err(uncounted)??
    };
    let wiped = wiping.finish().await?;
    if setting.json {
        Output::document(&Answer { removed: vec![wiped.profile] })?.show()?;
    } else {
        Output::lines(format!("Removed {} from this machine.", legible::line(&wiped.profile))).show()?;
    }
    if let Some(error) = wiped.kept_by_keyring {
        let why = error.to_string();
        Progress::new().say(&format!(
            "The token is still in the keyring: {}. Remove it there, or revoke it in the school platform's settings.",
            why.trim_end_matches('.')
        ));
    }
    Ok(())
}

/// Makes sure that nothing would be lost, and that a person who is there agrees. No decision is taken after that.
async fn let_go(setting: &Setting, school: &School) -> Result<Wiping, Failure> {
    let status = school.status().await.map_err(|error| uncounted(error.into()))?;
    let OutboxCounts { queued, conflict, rejected } = status.outbox;
    agree(queued + conflict + rejected, school.name())?;
    let wiping = setting.app.begin_wipe(Some(school.name())).await?;
    // Something may have been decided elsewhere while the question stood, or while a sync was waited for. Sealed only now:
    // whoever gives up waiting leaves everything as it was.
    nothing_unsent(school.seal(0).await.map_err(|error| uncounted(error.into()))?)?;
    Ok(wiping)
}

fn nothing_unsent(entries: i64) -> Result<(), Failure> {
    if entries > 0 { Err(Failure::WouldLose(entries)) } else { Ok(()) }
}

/// Where the cache does not open, nobody knows what would be lost.
fn uncounted(failure: Failure) -> Failure {
    match failure {
        Failure::Core(Error::NoProfiles | Error::NoProfile { .. } | Error::WhichProfile { .. }) => failure,
        // Those pass.
        Failure::Core(Error::Cache(CacheError::Locked { .. } | CacheError::DiskFull)) => failure,
        Failure::Core(closed) => Failure::NotCounted(closed),
        other => other,
    }
}

/// Whether the wipe may go on without `--yes`: where nothing would be lost, and a person who is there agrees.
fn agree(entries: i64, profile: &str) -> Result<(), Failure> {
    nothing_unsent(entries)?;
    secrets::agree(&format!("Remove {} from this machine?", legible::line(profile)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsent_decisions_are_never_lost_without_a_word() {
        let refused = agree(3, "a").expect_err("refused");
        assert!(refused.message().contains('3') && refused.message().contains("--yes"), "{}", refused.message());
        assert_eq!(refused.exit_code(), 1);
        assert!(matches!(uncounted(Failure::Core(Error::NoDataDir)), Failure::NotCounted(_)));
        assert!(matches!(uncounted(Failure::Core(Error::NoProfiles)), Failure::Core(_)));
    }
}
