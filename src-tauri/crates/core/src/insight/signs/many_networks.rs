//! Many networks within a day: more than 5 in 24 hours (MemberMouse counts 5 addresses; a network is a /24 or a /48
//! here, so that a provider that hands out addresses anew does not count).

use std::collections::HashMap;

use super::{Occurrence, newest};
use crate::{
    insight::history::{HOUR_MS, History, Login, Network, Span, at},
    model::{Doubt, FindingRow, InsightSettings},
};

pub(in crate::insight) fn many_networks(history: &History, settings: &InsightSettings, span: Span) -> Vec<Occurrence> {
    let window = i64::from(settings.networks_hours) * HOUR_MS;
    let logins: Vec<(&Login, Network)> = history
        .logins
        .iter()
        .filter(|login| login.started_at >= span.from)
        .filter_map(|login| Some((login, login.network?)))
        .collect();
    let mut seen = Vec::new();
    // The networks of the logins between the two places, which both only move on: a log of a hundred thousand logins a
    // day is looked at once.
    let mut networks: HashMap<Network, usize> = HashMap::new();
    let (mut from, mut until) = (0, 0);
    while from < logins.len() {
        let ends = logins[from].0.started_at.saturating_add(window);
        while let Some((_, network)) = logins.get(until).filter(|(login, _)| login.started_at < ends) {
            *networks.entry(*network).or_default() += 1;
            until += 1;
        }
        if networks.len() <= settings.networks as usize {
            let network = logins[from].1;
            if let Some(left) = networks.get_mut(&network) {
                *left -= 1;
                if *left == 0 {
                    networks.remove(&network);
                }
            }
            from += 1;
            continue;
        }
        let within = &logins[from..until];
        seen.push(Occurrence {
            row: FindingRow {
                at: at(within[within.len() - 1].0.started_at),
                session_ids: newest(within.iter().map(|(login, _)| login.id)),
                count: i64::try_from(networks.len()).ok(),
                ..FindingRow::default()
            },
            doubts: if within.iter().any(|(login, _)| login.is_mobile()) {
                vec![Doubt::MobileNetwork]
            } else {
                Vec::new()
            },
        });
        networks.clear();
        from = until;
    }
    seen
}
