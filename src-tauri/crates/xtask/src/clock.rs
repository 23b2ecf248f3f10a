//! How long things took, for a person.

use std::time::Duration;

/// `0.3 s`, `41 s`, `3 min 05 s`.
pub(crate) fn took(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 10..60 => format!("{seconds} s"),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_as_exact_as_a_person_wants_them() {
        for (ms, text) in [(40, "0.0 s"), (340, "0.3 s"), (41_900, "41 s"), (185_000, "3 min 05 s")] {
            assert_eq!(took(Duration::from_millis(ms)), text);
        }
    }
}
