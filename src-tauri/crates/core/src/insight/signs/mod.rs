//! The signs, each by itself: what of a history shows it.

mod concurrent_use;
mod device_churn;
mod hosting_network;
mod impossible_travel;
mod many_networks;
mod new_country;
mod shared_device;
#[cfg(test)]
mod tests;

pub(super) use concurrent_use::concurrent_use;
pub(super) use device_churn::device_churn;
pub(super) use hosting_network::hosting_network;
pub(super) use impossible_travel::impossible_travel;
pub(super) use many_networks::many_networks;
pub(super) use new_country::new_country;
pub(super) use shared_device::shared_device;

use crate::model::{Doubt, FindingRow};

/// One time that a sign was seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Occurrence {
    /// Where.
    pub(super) row: FindingRow,
    /// What may explain it.
    pub(super) doubts: Vec<Doubt>,
}

/// So many rows stand behind one occurrence.
const MOST_BEHIND: usize = 100;

/// The newest of the rows behind an occurrence, from the oldest on.
fn newest(ids: impl DoubleEndedIterator<Item = i64>) -> Vec<i64> {
    let mut newest: Vec<i64> = ids.rev().take(MOST_BEHIND).collect();
    newest.reverse();
    newest
}
