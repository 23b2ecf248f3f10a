//! Two devices of one kind at work at once, on different networks.
//!
//! Defined by Rupt as concurrency: activity that overlaps by 5 minutes or more. A phone beside a laptop does not count,
//! nor does one device that changes its network on the way: it is one browser all the time.

use super::Occurrence;
use crate::{
    insight::history::{History, Login, MINUTE_MS, Span, at},
    model::{Doubt, FindingRow, InsightSettings},
};

pub(in crate::insight) fn concurrent_use(history: &History, settings: &InsightSettings, span: Span) -> Vec<Occurrence> {
    let least = i64::from(settings.concurrent_minutes) * MINUTE_MS;
    let mut seen = Vec::new();
    let mut running: Vec<&Login> = Vec::new();
    for login in &history.logins {
        running.retain(|earlier| earlier.last_activity_at - login.started_at >= least);
        for earlier in &running {
            let overlap = earlier.last_activity_at.min(login.last_activity_at) - login.started_at;
            if overlap >= least && login.started_at >= span.from && are_two(earlier, login) {
                seen.push(occurrence(earlier, login, overlap));
            }
        }
        running.push(login);
    }
    seen
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
