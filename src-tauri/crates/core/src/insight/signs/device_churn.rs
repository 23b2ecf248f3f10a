//! Many new devices in a short time: 4 or more in 30 days.
//!
//! Safari on iOS forgets cookies that scripts have set after 7 days (Intelligent Tracking Prevention). So a run of
//! devices with the same Safari, each living no longer than that and beginning after the one before it ended, is one
//! phone.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
};

use super::{Occurrence, newest};
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
                device_ids: newest(devices.iter().map(|cookie| cookie.id)),
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
    // When those phones ended, of each kind, that another device may go on. Which of them it goes on makes no difference:
    // all that have ended by then have ended for those that come later, too.
    let mut ended: HashMap<_, BinaryHeap<Reverse<i64>>> = HashMap::new();
    for cookie in devices {
        if !cookie.is_ios_safari() {
            phones.push(cookie);
            continue;
        }
        let ended = ended.entry((&cookie.browser, &cookie.os)).or_default();
        if ended.peek().is_some_and(|Reverse(first)| *first <= cookie.first_seen_at) {
            ended.pop();
        } else {
            phones.push(cookie);
        }
        if cookie.last_seen_at - cookie.first_seen_at <= longest {
            ended.push(Reverse(cookie.last_seen_at));
        }
    }
    phones
}
