//! `wipe`: removes a school's cache and secrets from this machine.

use std::io::{self, Write as _};

use hallmonitor_core::{Error, model::OutboxCounts};
use serde::Serialize;

use super::Setting;
use crate::{failure::Failure, legible, output::Output, progress::Progress, secrets};

#[derive(Serialize)]
struct Answer {
    removed: Vec<String>,
}

/// What is known of the decisions that would be lost.
#[derive(Debug)]
enum Unsent {
    /// So many.
    Counted { profile: String, entries: i64 },
    /// The cache does not open.
    Unknown(Error),
}

pub(super) async fn wipe(setting: &Setting, yes: bool) -> Result<(), Failure> {
    if !yes {
        agree(unsent(setting).await?)?;
    }
    let wiped = setting.app.wipe(setting.profile.as_deref()).await?;
    if setting.json {
        Output::document(&Answer { removed: vec![wiped.profile] })?.show()?;
    } else {
        Output::lines(format!("Removed {} from this machine.", legible::line(&wiped.profile))).show()?;
    }
    if let Some(error) = wiped.kept_by_keyring {
        Progress::new().say(&format!(
            "The token is still in the keyring: {error}. Remove it there, or revoke it in the school platform's settings."
        ));
    }
    Ok(())
}

async fn unsent(setting: &Setting) -> Result<Unsent, Failure> {
    match setting.ask(async |school| Ok(school.status().await?)).await {
        Ok(status) => {
            let OutboxCounts { queued, conflict, rejected } = status.outbox;
            Ok(Unsent::Counted { profile: status.profile, entries: queued + conflict + rejected })
        }
        Err(Failure::Core(error)) => match error {
            Error::NoProfiles | Error::NoProfile { .. } | Error::WhichProfile { .. } => Err(error.into()),
            closed => Ok(Unsent::Unknown(closed)),
        },
        Err(other) => Err(other),
    }
}

/// Whether the wipe may go on without `--yes`: where nothing would be lost, and a person who is there agrees.
fn agree(unsent: Unsent) -> Result<(), Failure> {
    match unsent {
        Unsent::Unknown(error) => Err(Failure::NotCounted(error)),
        Unsent::Counted { entries, .. } if entries > 0 => Err(Failure::WouldLose(entries)),
        Unsent::Counted { profile, .. } if secrets::someone_is_there() => {
            let mut stderr = io::stderr();
            let question = format!("Remove {} from this machine? [y/N] ", legible::line(&profile));
            stderr.write_all(question.as_bytes()).and_then(|()| stderr.flush()).map_err(Failure::Terminal)?;
            let mut answer = String::new();
            io::stdin().read_line(&mut answer).map_err(Failure::Terminal)?;
            match answer.trim().to_lowercase().as_str() {
                "y" | "yes" => Ok(()),
                _ => Err(Failure::NotConfirmed),
            }
        }
        Unsent::Counted { .. } => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsent_decisions_are_never_lost_without_a_word() {
        let counted = |entries| Unsent::Counted { profile: "a".into(), entries };
        let refused = agree(counted(3)).expect_err("refused");
        assert!(refused.message().contains('3') && refused.message().contains("--yes"), "{}", refused.message());
        assert_eq!(refused.exit_code(), 1);
        assert!(matches!(agree(Unsent::Unknown(Error::NoDataDir)), Err(Failure::NotCounted(_))));
    }
}
