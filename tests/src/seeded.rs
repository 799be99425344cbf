//! Repeatable "randomness", so that the keys and identifiers of fixtures are the same on every machine. Everybody has
//! it: what is made with it is for tests alone.

use std::convert::Infallible;

use sha2::{Digest, Sha256};
use touchmark_signing::rand_core::{TryCryptoRng, TryRng};

/// 32 bytes that belong to this name: SHA-256 of it.
pub fn bytes(name: &str) -> [u8; 32] {
    Sha256::digest(format!("touchmark fixtures: {name}")).into()
}

/// A stream of bytes that belong to a name: SHA-256 in counter mode.
#[derive(Debug, Clone)]
pub struct Seeded {
    seed: [u8; 32],
    counter: u64,
}

impl Seeded {
    /// The stream of this name.
    pub fn new(name: &str) -> Self {
        Self {
            seed: bytes(name),
            counter: 0,
        }
    }
}

impl TryRng for Seeded {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, target: &mut [u8]) -> Result<(), Infallible> {
        for chunk in target.chunks_mut(32) {
            self.counter += 1;
            let block = Sha256::digest([&self.seed[..], &self.counter.to_le_bytes()].concat());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Seeded {}
