//! Many new devices in a short time: 4 or more in 30 days.
//!
//! Safari on iOS forgets cookies that scripts have set after 7 days (Intelligent Tracking Prevention). So a run of
//! devices with the same Safari, each living no longer than that and beginning after the one before it ended, is one
//! phone.

use super::Occurrence;
use crate::{
    insight::history::{Cookie, DAY_MS, History, Span, at},
    model::{Doubt, FindingRow, InsightSettings},
};

pub(in crate::insight) fn device_churn(history: &History, settings: &InsightSettings, span: Span) -> Vec<Occurrence> {
    let window = i64::from(settings.churn_days) * DAY_MS;
    let least = settings.churn_devices as usize;
    let new: Vec<&Cookie> =
        phones(&history.devices, settings).into_iter().filter(|cookie| cookie.first_seen_at >= span.from).collect();
    let mut seen = Vec::new();
    let mut from = 0;
    while from < new.len() {
        let until =
            new[from..].partition_point(|cookie| cookie.first_seen_at < new[from].first_seen_at + window) + from;
        if until - from < least {
            from += 1;
            continue;
        }
        let devices = &new[from..until];
        seen.push(Occurrence {
            row: FindingRow {
                at: at(devices[devices.len() - 1].first_seen_at),
                device_ids: devices.iter().map(|cookie| cookie.id).collect(),
                count: i64::try_from(devices.len()).ok(),
                ..FindingRow::default()
            },
            doubts: if devices.iter().any(|cookie| cookie.is_ios_safari()) {
                vec![Doubt::SafariCookie]
            } else {
                Vec::new()
            },
        });
        from = until;
    }
    seen
}

/// The devices without those that go on another one's life; first seen first.
fn phones<'a>(devices: &'a [Cookie], settings: &InsightSettings) -> Vec<&'a Cookie> {
    // A login on the seventh day may last into the eighth.
    let longest = i64::from(settings.safari_days + 1) * DAY_MS;
    let mut phones: Vec<&Cookie> = Vec::new();
    let mut last_of_runs: Vec<&Cookie> = Vec::new();
    for cookie in devices {
        let goes_on = |last: &&Cookie| {
            last.is_ios_safari()
                && cookie.is_ios_safari()
                && (&last.browser, &last.os) == (&cookie.browser, &cookie.os)
                && last.last_seen_at - last.first_seen_at <= longest
                && last.last_seen_at <= cookie.first_seen_at
        };
        match last_of_runs.iter().position(goes_on) {
            Some(run) => last_of_runs[run] = cookie,
            None => {
                last_of_runs.push(cookie);
                phones.push(cookie);
            }
        }
    }
    phones
}
