//! What another limit of the school's access control would have met.

/// The most sessions of one contact that ran at once. Each is from when to when it ran, milliseconds; one that ends in
/// the moment another begins does not run beside it.
pub(crate) fn most_at_once(sessions: &[(i64, i64)]) -> i64 {
    let mut edges: Vec<(i64, i64)> = sessions
        .iter()
        .filter(|(from, until)| from < until)
        .flat_map(|&(from, until)| [(from, 1), (until, -1)])
        .collect();
    // Of one moment the ends come first.
    edges.sort_unstable();
    let (mut running, mut most) = (0, 0);
    for (_, change) in edges {
        running += change;
        most = most.max(running);
    }
    // One without any length was there all the same.
    most.max(i64::from(!sessions.is_empty()))
}

/// A device as the limit of devices sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Admitted {
    /// When it was let in for the first time, milliseconds.
    pub(crate) at: i64,
    /// Whether it may not log in any more.
    pub(crate) blocked: bool,
}

/// The most devices of one contact that the rule would have counted when a new one came since `from`: the new one, and
/// those that were let in before and are not blocked. `None` where no new one came: a limit hits nobody who goes on with
/// the devices they have.
pub(crate) fn most_devices(devices: &[Admitted], from: i64) -> Option<i64> {
    let mut by_time = devices.to_vec();
    by_time.sort_unstable_by_key(|device| device.at);
    let (mut counted, mut most) = (0, None);
    for device in by_time {
        if device.at >= from {
            most = most.max(Some(counted + 1));
        }
        counted += i64::from(!device.blocked);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_of_devices_hits_the_next_new_one() {
        let old = Admitted { at: 10, blocked: false };
        let blocked = Admitted { blocked: true, ..old };
        let new = |at| Admitted { at, blocked: false };
        for (what, devices, most) in [
            ("nobody", &[][..], None),
            ("all are known for long", &[old, old, old], None),
            ("the first one", &[new(100)], Some(1)),
            ("the second one", &[old, new(100)], Some(2)),
            ("just before", &[old, new(99)], None),
            ("a blocked one makes room", &[old, blocked, new(100)], Some(2)),
            (
                "a new one that was blocked later came all the same",
                &[old, Admitted { at: 100, blocked: true }],
                Some(2),
            ),
            ("but makes room for the next", &[old, Admitted { at: 100, blocked: true }, new(101)], Some(2)),
            ("one after the other, in no order", &[new(102), old, new(101)], Some(3)),
            ("those that are not used any more count", &[old, old, old, old, new(100)], Some(5)),
        ] {
            assert_eq!(most_devices(devices, 100), most, "{what}");
        }
    }

    #[test]
    fn sessions_at_once_are_those_that_overlap() {
        for (sessions, most) in [
            (&[][..], 0),
            (&[(5, 5)], 1),
            (&[(0, 10), (10, 20)], 1),
            (&[(0, 11), (10, 20)], 2),
            (&[(0, 100), (10, 20), (30, 40), (35, 50)], 3),
            (&[(0, 10), (0, 10), (0, 10)], 3),
        ] {
            assert_eq!(most_at_once(sessions), most, "{sessions:?}");
        }
    }
}
