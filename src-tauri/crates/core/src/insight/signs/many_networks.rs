//! Many networks within a day: more than 5 in 24 hours (MemberMouse counts 5 addresses; a network is a /24 or a /48
//! here, so that a provider that hands out addresses anew does not count).

use std::collections::BTreeSet;

use super::Occurrence;
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
    let mut from = 0;
    while from < logins.len() {
        let begins = logins[from].0.started_at;
        let until = logins[from..].partition_point(|(login, _)| login.started_at < begins + window) + from;
        let networks: BTreeSet<Network> = logins[from..until].iter().map(|(_, network)| *network).collect();
        if networks.len() <= settings.networks as usize {
            from += 1;
            continue;
        }
        let within = &logins[from..until];
        let mobile = within.iter().filter(|(login, _)| login.is_mobile()).count();
        seen.push(Occurrence {
            row: FindingRow {
                at: at(within[within.len() - 1].0.started_at),
                session_ids: within.iter().map(|(login, _)| login.id).collect(),
                count: i64::try_from(networks.len()).ok(),
                ..FindingRow::default()
            },
            doubts: if mobile > 0 { vec![Doubt::MobileNetwork] } else { Vec::new() },
        });
        from = until;
    }
    seen
}
