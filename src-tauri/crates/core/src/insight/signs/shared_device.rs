//! A device that other accounts use too: one fingerprint in two or more of them.

use super::Occurrence;
use crate::{
    insight::history::{History, Span, at},
    model::{Doubt, FindingRow},
};

pub(in crate::insight) fn shared_device(history: &History, span: Span) -> Vec<Occurrence> {
    history
        .devices
        .iter()
        .filter(|cookie| !cookie.others.is_empty() && cookie.last_seen_at >= span.from)
        .map(|cookie| Occurrence {
            row: FindingRow {
                at: at(cookie.last_seen_at),
                device_ids: vec![cookie.id],
                contact_ids: cookie.others.clone(),
                count: i64::try_from(cookie.others.len()).ok().map(|named| named.max(cookie.shared)),
                ..FindingRow::default()
            },
            doubts: vec![Doubt::Household],
        })
        .collect()
}
