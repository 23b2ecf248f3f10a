//! Two devices of one kind at work at once, on different networks.
//!
//! Defined by Rupt as concurrency: activity that overlaps by 5 minutes or more. A phone beside a laptop does not count,
//! nor does one device that changes its network on the way: it is one browser all the time.

use std::collections::VecDeque;

use super::Occurrence;
use crate::{
    insight::{
        history::{DAY_MS, History, Login, MINUTE_MS, Span, at},
        judge::MOST_ROWS,
    },
    model::{Doubt, FindingRow, InsightSettings},
};

/// Sessions that are looked at side by side, the latest. Nobody has more; a log that says so would take hours to look at.
const MOST_RUNNING: usize = 1_000;

/// The newest occurrences, and one for each day before them. A session goes on until `now` at the latest.
pub(in crate::insight) fn concurrent_use(
    history: &History,
    settings: &InsightSettings,
    span: Span,
    now: i64,
) -> Vec<Occurrence> {
    let least = i64::from(settings.concurrent_minutes) * MINUTE_MS;
    let until = |login: &Login| login.last_activity_at.min(now);
    let mut seen = Seen::default();
    let mut running: VecDeque<&Login> = VecDeque::new();
    for login in &history.logins {
        running.retain(|earlier| until(earlier) - login.started_at >= least);
        if login.started_at >= span.from && until(login) - login.started_at >= least {
            // The latest come last; of one login no more than are kept of all.
            let beside: Vec<&Login> =
                running.iter().rev().copied().filter(|earlier| are_two(earlier, login)).take(MOST_ROWS).collect();
            for earlier in beside.into_iter().rev() {
                seen.add(occurrence(earlier, login, until(earlier).min(until(login)) - login.started_at));
            }
        }
        running.push_back(login);
        if running.len() > MOST_RUNNING {
            running.pop_front();
        }
    }
    seen.all()
}

/// What was seen, from the earliest to the newest: a log that is full of it must not fill the memory.
#[derive(Debug, Default)]
struct Seen {
    /// One for each day, with all that may explain any of that day.
    earlier: Vec<Occurrence>,
    newest: VecDeque<Occurrence>,
}

impl Seen {
    fn add(&mut self, occurrence: Occurrence) {
        self.newest.push_back(occurrence);
        if self.newest.len() <= MOST_ROWS {
            return;
        }
        let Some(mut oldest) = self.newest.pop_front() else { return };
        let day = |one: &Occurrence| one.row.at.ms().div_euclid(DAY_MS);
        match self.earlier.last_mut() {
            Some(last) if day(last) == day(&oldest) => {
                oldest.doubts.retain(|doubt| !last.doubts.contains(doubt));
                last.doubts.append(&mut oldest.doubts);
            }
            _ => self.earlier.push(oldest),
        }
    }

    fn all(mut self) -> Vec<Occurrence> {
        self.earlier.extend(self.newest);
        self.earlier
    }
}

fn are_two(one: &Login, other: &Login) -> bool {
    one.device.is_some()
        && other.device.is_some()
        && one.device != other.device
        && one.device_type == other.device_type
        && one.network.is_some()
        && other.network.is_some()
        && one.network != other.network
}

fn occurrence(earlier: &Login, login: &Login, overlap: i64) -> Occurrence {
    Occurrence {
        row: FindingRow {
            at: at(login.started_at),
            session_ids: vec![earlier.id, login.id],
            device_ids: [earlier.device, login.device].into_iter().flatten().collect(),
            minutes: Some(overlap / MINUTE_MS),
            country: login.country.as_deref().map(str::to_owned),
            ..FindingRow::default()
        },
        doubts: if login.is_mobile() { vec![Doubt::MobileNetwork] } else { Vec::new() },
    }
}
