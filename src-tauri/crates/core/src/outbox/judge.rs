//! What the answer to a decision means, for it and for the newer one that waits behind it. Pure.

use hallmonitor_wire::Outcome;

use crate::model::EntryReason;

/// What becomes of the entry that was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Done: it leaves the outbox.
    Gone,
    /// The person has to choose.
    Conflict,
    /// The server won't: the person has to choose.
    Rejected(EntryReason),
    /// Not decided, or not known: the same again, later.
    Again,
}

/// What becomes of the newer decision behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Successor {
    /// Moves up, with the `rev` of the answer.
    MovesUp,
    /// Takes the place of the one that was answered, for the person to confirm.
    TakesItsPlace,
    /// Is what the server has now: nothing is left to decide.
    Vanishes,
    /// Goes on waiting.
    Waits,
}

/// What an answer says that could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Answer<'a> {
    pub(super) outcome: Outcome,
    /// The addressed value as the server has it; `None` where the answer brought no entity that can be read.
    pub(super) stands: Option<&'a str>,
}

/// What the server's answer (`None`: none that can be read) makes of an entry and of the one behind it, which wants
/// `newer`.
pub(super) fn judge(answer: Option<Answer<'_>>, newer: Option<&str>) -> (Fate, Option<Successor>) {
    let fate = match answer {
        None => Fate::Again,
        Some(Answer { outcome, stands }) => match (outcome, stands) {
            (Outcome::Applied, Some(_)) => Fate::Gone,
            (Outcome::Conflict, Some(_)) => Fate::Conflict,
            // Both carry the entity. Without it the answer is not one that can be read.
            (Outcome::Applied | Outcome::Conflict, None) | (Outcome::Retry, _) => Fate::Again,
            (Outcome::NotFound, _) => Fate::Rejected(EntryReason::NotFound),
            (Outcome::Invalid, _) => Fate::Rejected(EntryReason::Invalid),
            (Outcome::Forbidden, _) => Fate::Rejected(EntryReason::Forbidden),
        },
    };
    let stands = answer.and_then(|answer| answer.stands);
    let successor = newer.map(|newer| match fate {
        Fate::Gone => Successor::MovesUp,
        Fate::Conflict if stands == Some(newer) => Successor::Vanishes,
        Fate::Conflict | Fate::Rejected(_) => Successor::TakesItsPlace,
        Fate::Again => Successor::Waits,
    });
    (fate, successor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_possible_answer_is_judged() {
        use EntryReason::{Forbidden, Invalid, NotFound};
        use Successor::{MovesUp, TakesItsPlace, Vanishes, Waits};
        let (blocked, allowed) = (Some("blocked"), Some("allowed"));
        // outcome, the value in the answer, what the newer decision wants -> fate, the newer one's
        for (outcome, stands, newer, expected) in [
            (Outcome::Applied, blocked, None, (Fate::Gone, None)),
            (Outcome::Applied, blocked, allowed, (Fate::Gone, Some(MovesUp))),
            (Outcome::Applied, None, None, (Fate::Again, None)),
            (Outcome::Applied, None, allowed, (Fate::Again, Some(Waits))),
            (Outcome::Conflict, allowed, None, (Fate::Conflict, None)),
            (Outcome::Conflict, allowed, allowed, (Fate::Conflict, Some(Vanishes))),
            (Outcome::Conflict, Some("a later word"), allowed, (Fate::Conflict, Some(TakesItsPlace))),
            (Outcome::Conflict, None, None, (Fate::Again, None)),
            (Outcome::NotFound, None, None, (Fate::Rejected(NotFound), None)),
            (Outcome::NotFound, None, allowed, (Fate::Rejected(NotFound), Some(TakesItsPlace))),
            (Outcome::Invalid, None, None, (Fate::Rejected(Invalid), None)),
            (Outcome::Invalid, None, allowed, (Fate::Rejected(Invalid), Some(TakesItsPlace))),
            (Outcome::Forbidden, None, None, (Fate::Rejected(Forbidden), None)),
            (Outcome::Forbidden, blocked, allowed, (Fate::Rejected(Forbidden), Some(TakesItsPlace))),
            (Outcome::Retry, None, None, (Fate::Again, None)),
            (Outcome::Retry, blocked, allowed, (Fate::Again, Some(Waits))),
        ] {
            assert_eq!(judge(Some(Answer { outcome, stands }), newer), expected, "{outcome:?} {stands:?} {newer:?}");
        }
        assert_eq!(judge(None, None), (Fate::Again, None));
        assert_eq!(judge(None, allowed), (Fate::Again, Some(Waits)));
    }
}
