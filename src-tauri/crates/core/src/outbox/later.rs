//! When an entry is tried again. Pure: time and chance come in as arguments.

/// The shortest span that the first wait is drawn from, milliseconds.
const FIRST_MS: i64 = 1_000;

/// The longest wait, milliseconds: 5 minutes.
pub(super) const LONGEST_MS: i64 = 300_000;

/// When an entry that left `attempts` times (1 or more) may leave again: full jitter, so that many clients do not come
/// back together. `chance` is from 0 to 1. Milliseconds since 1970.
pub(super) fn next_attempt_at(now: i64, attempts: i64, chance: f64) -> i64 {
    let doublings = u32::try_from(attempts.clamp(1, 20) - 1).unwrap_or(0);
    let span = FIRST_MS.saturating_mul(1 << doublings).min(LONGEST_MS);
    now + (span as f64 * chance.clamp(0.0, 1.0)) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_from_a_second_to_five_minutes_with_full_jitter() {
        for (attempts, chance, wait) in [
            (1, 1.0, 1_000),
            (1, 0.0, 0),
            (2, 1.0, 2_000),
            (2, 0.5, 1_000),
            (9, 1.0, 256_000),
            (10, 1.0, 300_000),
            (1_000_000, 1.0, 300_000),
            (0, 1.0, 1_000),
        ] {
            assert_eq!(next_attempt_at(50, attempts, chance), 50 + wait, "{attempts} {chance}");
        }
    }
}
