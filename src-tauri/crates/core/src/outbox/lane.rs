//! The decisions on one target, and what a new one does to them. Pure.

use uuid::Uuid;

use crate::model::EntryState;

/// A decision that stands in a lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) id: Uuid,
    pub(super) value: String,
    pub(super) state: EntryState,
    pub(super) attempts: i64,
}

impl Standing {
    /// Whether a request left with it and its answer is not known: its key and content are frozen.
    fn left(&self) -> bool {
        self.attempts > 0 && matches!(self.state, EntryState::Queued | EntryState::Sending)
    }
}

/// What a new decision does to its lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// The entry that it replaces or takes back.
    pub(super) drop: Option<Uuid>,
    /// Whether it becomes an entry itself; with the value that the person saw.
    pub(super) add: Option<String>,
}

/// Decides what `wanted` does to a lane whose target has the value `mirror` on the server, as far as known. A lane holds
/// at most one entry that left and one that did not (or came back).
pub(super) fn plan(mirror: &str, lane: &[Standing], wanted: &str) -> Plan {
    let left = lane.iter().find(|entry| entry.left());
    let open = lane.iter().rev().find(|entry| !entry.left());
    // What will hold without the entry that can still be changed.
    let below = left.map_or(mirror, |entry| entry.value.as_str());
    let shown = match open {
        Some(entry) if entry.state == EntryState::Queued => entry.value.as_str(),
        _ => below,
    };
    let stands_open = open.is_some_and(|entry| entry.state != EntryState::Queued);
    if wanted == shown && !stands_open {
        return Plan { drop: None, add: None };
    }
    let drop = open.map(|entry| entry.id);
    if wanted == below { Plan { drop, add: None } } else { Plan { drop, add: Some(shown.to_owned()) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(number: u128, value: &str, state: EntryState, attempts: i64) -> Standing {
        Standing { id: Uuid::from_u128(number), value: value.to_owned(), state, attempts }
    }

    fn replaces(number: u128, seen: &str) -> Plan {
        Plan { drop: Some(Uuid::from_u128(number)), add: Some(seen.to_owned()) }
    }

    #[test]
    fn a_new_decision_replaces_what_never_left_and_waits_behind_what_did() {
        use EntryState::{Conflict, Queued, Rejected, Sending};
        let nothing = Plan { drop: None, add: None };
        let adds = |seen: &str| Plan { drop: None, add: Some(seen.to_owned()) };
        let removes = |number| Plan { drop: Some(Uuid::from_u128(number)), add: None };
        let (queued, sent) = (entry(1, "blocked", Queued, 0), entry(1, "blocked", Sending, 1));
        let again = entry(1, "blocked", Queued, 3);
        let behind = entry(2, "allowed", Queued, 0);
        // mirror, lane, wanted -> plan
        for (mirror, lane, wanted, expected) in [
            ("allowed", vec![], "allowed", nothing.clone()),
            ("allowed", vec![], "blocked", adds("allowed")),
            ("a later word", vec![], "blocked", adds("a later word")),
            ("allowed", vec![queued.clone()], "blocked", nothing.clone()),
            ("allowed", vec![queued.clone()], "allowed", removes(1)),
            // The mirror changed meanwhile: what equals it is nothing to send.
            ("blocked", vec![entry(1, "allowed", Queued, 0)], "blocked", removes(1)),
            ("a later word", vec![queued], "allowed", replaces(1, "blocked")),
            // What left may have been done, so its opposite must be sent whatever the mirror says.
            ("allowed", vec![sent.clone()], "blocked", nothing.clone()),
            ("allowed", vec![sent.clone()], "allowed", adds("blocked")),
            ("allowed", vec![again.clone()], "allowed", adds("blocked")),
            ("allowed", vec![sent.clone(), behind.clone()], "allowed", nothing),
            ("allowed", vec![sent, behind.clone()], "blocked", removes(2)),
            ("blocked", vec![again, behind], "blocked", removes(2)),
            // Conflicts and refusals give way to a newer decision, and vanish where it is what the server has.
            ("allowed", vec![entry(1, "blocked", Conflict, 1)], "blocked", replaces(1, "allowed")),
            ("allowed", vec![entry(1, "blocked", Conflict, 1)], "allowed", removes(1)),
            ("allowed", vec![entry(1, "blocked", Rejected, 1)], "blocked", replaces(1, "allowed")),
            ("allowed", vec![entry(1, "blocked", Rejected, 1)], "allowed", removes(1)),
        ] {
            assert_eq!(plan(mirror, &lane, wanted), expected, "{mirror} {lane:?} {wanted}");
        }
    }
}
