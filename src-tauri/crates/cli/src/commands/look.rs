//! What the window works out behind its screens, for machines where there is none: done when it is asked for, so that no
//! `sync` waits for it.

use std::time::{Duration, Instant};

use hallmonitor_core::School;

use crate::{failure::Failure, progress::Progress};

/// How long is looked for signs before what is known so far has to do.
const LOOK: Duration = Duration::from_secs(60);

/// Said where it was not enough.
const UNFINISHED: &str = "Not everybody was looked at yet: ask again for the rest.";

/// Looks through what has come since somebody did so last.
pub(super) async fn look_through(school: &School) -> Result<(), Failure> {
    let (begun, progress) = (Instant::now(), Progress::new());
    loop {
        let waiting = school.insight_status().await?.waiting;
        if waiting > 0 {
            progress.step(&format!("Looking for signs: {waiting} contacts to go …"));
        }
        let left = school.insights_pass(Duration::from_secs(1)).await?.left;
        if !left || begun.elapsed() >= LOOK {
            progress.clear();
            if left {
                progress.say(UNFINISHED);
            }
            return Ok(());
        }
    }
}
