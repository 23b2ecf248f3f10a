//! Logins from the network of a hosting company, where the location database knows: nobody lives there, but programs
//! that fetch lessons, and VPNs, do.

use super::Occurrence;
use crate::{
    insight::history::{History, Span, at},
    model::{Doubt, FindingRow},
};

pub(in crate::insight) fn hosting_network(history: &History, span: Span) -> Vec<Occurrence> {
    history
        .logins
        .iter()
        .filter(|login| login.hosting == Some(true) && login.started_at >= span.from)
        .map(|login| Occurrence {
            row: FindingRow {
                at: at(login.started_at),
                session_ids: vec![login.id],
                device_ids: login.device.into_iter().collect(),
                country: login.country.as_deref().map(str::to_owned),
                ..FindingRow::default()
            },
            doubts: vec![Doubt::Vpn],
        })
        .collect()
}
