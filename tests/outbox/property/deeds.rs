//! What can happen in a run, as values that shrink to the simplest that still goes wrong.

use hallmonitor_core::model::Resolution;
use hallmonitor_tests::{Answer, Fault, Place, Spoilt};
use proptest::{collection::vec, prelude::*, sample::select};

/// Students of one run; each has a device, a restriction and checks.
pub(super) const STUDENTS: usize = 2;

/// One target of a run, by number: the kind and whose.
pub(super) const TARGETS: usize = 3 * STUDENTS;

/// One thing that happens.
#[derive(Clone, Debug)]
pub(super) enum Deed {
    /// The owner wants targets of one kind to have their kind's second value, or the first.
    Decide {
        /// Which kind, 0 to 2.
        kind: usize,
        /// Whose.
        students: Vec<usize>,
        /// The second value.
        second: bool,
    },
    /// The owner settles the entry of this number (counted round), whether its state allows it or not.
    Resolve(usize, Resolution),
    /// Another administrator decides.
    Other {
        /// Which target.
        target: usize,
        /// The second value.
        second: bool,
    },
    /// A student logs in.
    Login(usize),
    /// A student is refused once more.
    Refused(usize),
    /// The school's website writes something else about a student.
    Tagged(usize),
    /// The school removes a student.
    Removed(usize),
    /// The school's history gets a new name.
    NewEpoch,
    /// An exchange, in which these requests go wrong in turn.
    Sync(Vec<(Place, Fault)>),
}

/// A whole run.
pub(super) fn life() -> impl Strategy<Value = Vec<Deed>> {
    vec(deed(), 1..18)
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        30 => (0..3usize, select(vec![vec![0], vec![1], vec![0, 1]]), any::<bool>())
            .prop_map(|(kind, students, second)| Deed::Decide { kind, students, second }),
        10 => (0..4usize, resolution()).prop_map(|(entry, how)| Deed::Resolve(entry, how)),
        12 => (0..TARGETS, any::<bool>()).prop_map(|(target, second)| Deed::Other { target, second }),
        3 => (0..STUDENTS).prop_map(Deed::Login),
        2 => (0..STUDENTS).prop_map(Deed::Refused),
        2 => (0..STUDENTS).prop_map(Deed::Tagged),
        1 => (0..STUDENTS).prop_map(Deed::Removed),
        2 => Just(Deed::NewEpoch),
        8 => Just(Deed::Sync(Vec::new())),
        30 => vec(misfortune(), 1..4).prop_map(Deed::Sync),
    ]
}

fn resolution() -> impl Strategy<Value = Resolution> {
    select(vec![
        Resolution::KeepMine,
        Resolution::TakeTheirs,
        Resolution::Retry,
        Resolution::Dismiss,
        Resolution::Cancel,
    ])
}

/// Only what a right server and a wrong network do: no refusal that the server does not stand by.
fn misfortune() -> impl Strategy<Value = (Place, Fault)> {
    let status = |status| Fault::Instead(Answer::refusal(status));
    let anywhere = vec![
        Fault::CutBefore,
        Fault::CutAfter,
        Fault::CutWithin,
        Fault::Twice,
        Fault::HoldBefore,
        Fault::HoldAfter,
        status(401),
        status(403),
        status(409),
        status(500),
        Fault::Instead(Answer::busy(3_600)),
        Fault::Instead(Answer::html(200)),
        Fault::Instead(Answer::html(502)),
    ];
    let of_actions = vec![
        status(404),
        status(413),
        status(422),
        Fault::Stale,
        Fault::Results("retry"),
        Fault::Spoilt(Spoilt::Garbage),
        Fault::Spoilt(Spoilt::NoResults),
        Fault::Spoilt(Spoilt::OtherIds),
        Fault::Spoilt(Spoilt::OtherWords),
    ];
    let of_changes = vec![status(410), Fault::Stale, Fault::Spoilt(Spoilt::Garbage)];
    let at = |place: Place, more: Vec<Fault>| {
        let faults = [anywhere.clone(), more].concat();
        select(faults).prop_map(move |fault| (place, fault))
    };
    prop_oneof![
        8 => at(Place::Actions, of_actions),
        3 => at(Place::Changes, of_changes),
        1 => at(Place::Capabilities, vec![status(404)]),
    ]
}
