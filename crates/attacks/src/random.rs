//! Repeatable randomness for noise and places: nothing here protects anything.

use std::f64::consts::TAU;

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// From 0 to below 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// From `low` to below `high`.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// From 0 to `last`, both included.
    pub(crate) fn up_to(&mut self, last: usize) -> usize {
        ((self.unit() * (last as f64 + 1.0)) as usize).min(last)
    }

    /// Two independent values of mean 0 and deviation 1 (Box and Muller, 1958).
    pub(crate) fn normal(&mut self) -> [f64; 2] {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        let angle = TAU * self.unit();
        [radius * angle.cos(), radius * angle.sin()]
    }
}

/// A seed of its own for `name` under `seed`: what is added to a table changes no other entry.
pub(crate) fn seed_of(seed: u64, name: &str) -> u64 {
    name.bytes().fold(mix(seed), |state, byte| mix(state ^ u64::from(byte)))
}

/// The finaliser of SplitMix64.
pub(crate) fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_words_of_the_published_generator() {
        // Of Vigna's splitmix64.c with seed 1234567.
        let mut random = Random::new(1_234_567);
        assert_eq!(random.bits(), 6_457_827_717_110_365_317);
        assert_eq!(random.bits(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn values_keep_their_ranges_and_moments() {
        let mut random = Random::new(1);
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..20_000 {
            assert!((0.0..1.0).contains(&random.unit()));
            assert!(random.up_to(3) <= 3);
            for value in random.normal() {
                sum += value;
                squares += value * value;
            }
        }
        assert!((sum / 40_000.0).abs() < 0.02);
        assert!((squares / 40_000.0 - 1.0).abs() < 0.03);
    }

    #[test]
    fn names_have_seeds_of_their_own() {
        assert_ne!(seed_of(1, "jpeg50"), seed_of(1, "jpeg80"));
        assert_ne!(seed_of(1, "jpeg50"), seed_of(2, "jpeg50"));
    }
}
