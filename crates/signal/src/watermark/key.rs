//! The secret of a mark, and the stream of randomness that the lattice draws from it.

use std::fmt;

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{RngCore, SeedableRng},
};
use zeroize::Zeroize;

/// Who has it can read, plant and remove marks made with it: 32 bytes, wiped when dropped and never printed.
///
/// This crate does no cryptography beyond expanding the bytes: whoever calls derives them.
#[derive(Clone, PartialEq, Eq)]
pub struct WatermarkKey([u8; 32]);

impl WatermarkKey {
    /// The key that everybody has: anyone can read, copy or plant marks made with it.
    pub const fn public() -> Self {
        Self(*b"touchmark public watermark key 1")
    }

    /// A key of these bytes, which must be uniformly random or derived as if they were.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub(super) fn stream(&self, purpose: u64) -> Stream {
        Stream::new(self.0, purpose)
    }
}

impl Drop for WatermarkKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for WatermarkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WatermarkKey(..)")
    }
}

/// ChaCha20 (RFC 8439) of one seed; one stream a purpose, so that drawing more for one leaves the others as they are.
pub(super) struct Stream(ChaCha20Rng);

impl Stream {
    pub(super) fn new(seed: [u8; 32], purpose: u64) -> Self {
        let mut random = ChaCha20Rng::from_seed(seed);
        random.set_stream(purpose);
        Self(random)
    }

    pub(super) fn bits(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// A number below `bound`; the bias of the multiplication is below 2^-32 * `bound`.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        ((u64::from(self.bits()) * bound as u64) >> 32) as usize
    }

    /// Shuffles by Fisher and Yates' algorithm.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_not_printed() {
        assert_eq!(format!("{:?}", WatermarkKey::public()), "WatermarkKey(..)");
    }

    #[test]
    fn streams_of_a_key_differ_and_repeat() {
        let draw = |purpose| {
            let mut stream = WatermarkKey::public().stream(purpose);
            [stream.bits(), stream.bits()]
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
