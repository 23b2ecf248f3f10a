//! Numbers drawn from a seed: the same on every machine, in every build.
//!
//! Only whole numbers are used, and only what ChaCha8 and SplitMix64 define to the bit, so that two worlds of one seed
//! are equal row by row.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};

/// A stream of draws.
#[derive(Clone, Debug)]
pub struct Chance(ChaCha8Rng);

impl Chance {
    /// The stream `index` of the family `stream` under `seed`; streams of different names or indexes are independent.
    pub fn new(seed: u64, stream: u64, index: u64) -> Self {
        let mut key = [0; 32];
        for (slot, part) in key.chunks_exact_mut(8).zip([seed, stream, index, 0x6861_6c6c_6d6f_6e69]) {
            slot.copy_from_slice(&part.to_le_bytes());
        }
        Self(ChaCha8Rng::from_seed(key))
    }

    /// Any number.
    pub fn word(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// 0 to `n` - 1; 0 where `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        scale(self.word(), n)
    }

    /// `low` to `high`, both included; `low` where `high` is lower.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below(u64::try_from(high - low + 1).unwrap_or(0)) as i64
    }

    /// True `n` times in 1,000.
    pub fn permille(&mut self, n: u64) -> bool {
        self.below(1000) < n
    }

    /// One of `from`, each as likely as another. `from` is not empty.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u64) as usize]
    }

    /// One of `from`, as likely as the number beside it. At least one of these numbers is above 0.
    pub fn weighted<T: Copy>(&mut self, from: &[(T, u64)]) -> T {
        let mut left = self.below(from.iter().map(|(_, weight)| weight).sum());
        for (what, weight) in from {
            if left < *weight {
                return *what;
            }
            left -= weight;
        }
        from[from.len() - 1].0
    }
}

/// A number that `parts` name: equal for equal parts, unrelated for others.
pub fn mix(parts: &[u64]) -> u64 {
    parts.iter().fold(0x9e37_79b9_7f4a_7c15, |state, part| {
        let mut z = (state ^ part).wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    })
}

/// `word`, any number, brought down to 0 to `n` - 1.
pub fn scale(word: u64, n: u64) -> u64 {
    ((u128::from(word) * u128::from(n)) >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_repeats_and_another_one_differs() {
        let draw = |seed, stream, index| {
            let mut chance = Chance::new(seed, stream, index);
            (0..4).map(|_| chance.word()).collect::<Vec<_>>()
        };
        assert_eq!(draw(1, 2, 3), draw(1, 2, 3));
        for other in [draw(2, 2, 3), draw(1, 3, 3), draw(1, 2, 4)] {
            assert_ne!(draw(1, 2, 3), other);
        }
    }

    #[test]
    fn draws_stay_within_their_bounds_and_reach_them() {
        let mut chance = Chance::new(7, 0, 0);
        let drawn: Vec<i64> = (0..1000).map(|_| chance.between(-2, 2)).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&-2), Some(&2)));
        assert!((0..1000).all(|_| chance.weighted(&[('a', 0), ('b', 3), ('c', 0)]) == 'b'));
        assert_eq!(chance.below(0), 0);
    }

    // The value is what makes a world of this seed the world of this seed: it must not move with a new version.
    #[test]
    fn the_first_draws_of_a_seed_are_known() {
        assert_eq!(Chance::new(1, 1, 1).below(1_000_000), 683_713);
        assert_eq!(mix(&[1, 2, 3]) % 1_000_000, 903_259);
    }
}
