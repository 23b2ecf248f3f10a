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

#[cfg(test)]
mod tests {
    use super::*;

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
