//! Whether an action is done, is done already, or meets somebody else's later decision.

/// The addressed field as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// Whether it has the wanted value already.
    pub(super) as_wanted: bool,
    /// The revision of its last change, 0 where nobody changed it.
    pub(super) changed_rev: i64,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    /// Set the value.
    Set,
    /// Nothing: it is so.
    Already,
    /// Nothing: somebody else decided otherwise since.
    Conflict,
}

/// Whether somebody decided upon a revision that was never handed out here: the database was put back from a backup
/// since, and what they saw, the target's id too, is of a history that is lost. What is forced goes by no revision.
pub(super) fn is_of_lost_history(newest_rev: i64, base_rev: i64, force: bool) -> bool {
    base_rev > newest_rev && !force
}

pub(super) fn judge(field: Field, base_rev: i64, force: bool) -> Judgement {
    if field.as_wanted {
        Judgement::Already
    } else if field.changed_rev > base_rev.max(0) && !force {
        Judgement::Conflict
    } else {
        Judgement::Set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_later_decision_for_another_value_is_a_conflict() {
        use Judgement::{Already, Conflict, Set};
        for (as_wanted, changed_rev, base_rev, force, judgement) in [
            (false, 0, 5, false, Set),
            (false, 0, 0, false, Set),
            (false, 5, 5, false, Set),
            (false, 6, 5, false, Conflict),
            (false, 6, 5, true, Set),
            (false, 0, -1, false, Set),
            (false, 6, -1, false, Conflict),
            (true, 6, 5, false, Already),
            (true, 6, 5, true, Already),
        ] {
            let field = Field { as_wanted, changed_rev };
            assert_eq!(judge(field, base_rev, force), judgement, "{field:?} {base_rev} {force}");
        }
    }

    #[test]
    fn a_revision_that_nobody_was_given_is_of_a_lost_history() {
        for (newest_rev, base_rev, force, lost) in
            [(100, 100, false, false), (100, 101, false, true), (100, 180, true, false), (100, 0, false, false)]
        {
            assert_eq!(is_of_lost_history(newest_rev, base_rev, force), lost, "{newest_rev} {base_rev} {force}");
        }
    }
}
