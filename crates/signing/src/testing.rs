//! What the unit tests share: repeatable randomness, a fixed day, and identities made from both.

use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::certificate::Certificate;
use crate::trust::{Purpose, TrustList};

/// The day on which the tests take place.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-11-22 10:00 UTC);

/// Repeatable "randomness": SHA-256 in counter mode. Never outside of tests.
pub(crate) struct CountingRng {
    seed: u64,
    counter: u64,
}

pub(crate) fn rng(seed: u64) -> CountingRng {
    CountingRng { seed, counter: 0 }
}

impl TryRng for CountingRng {
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
            let block = Sha256::digest([self.seed.to_le_bytes(), self.counter.to_le_bytes()].concat());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for CountingRng {}

/// A source of randomness that is broken.
pub(crate) struct NoRandomness;

impl TryRng for NoRandomness {
    type Error = std::fmt::Error;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Err(std::fmt::Error)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Err(std::fmt::Error)
    }

    fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Self::Error> {
        Err(std::fmt::Error)
    }
}

impl TryCryptoRng for NoRandomness {}

/// The sections of a file that `tests/data/make.sh` wrote: the label after `== `, and the certificates below it.
pub(crate) fn sections(text: &str) -> Vec<(&str, Vec<Certificate>)> {
    let sections = text.split("== ").filter(|section| !section.is_empty());
    sections
        .map(|section| {
            let (label, pem) = section.split_once('\n').unwrap();
            let ders = CertificateDer::pem_slice_iter(pem.as_bytes());
            (
                label,
                ders.map(|der| Certificate::from_der(&der.unwrap()).unwrap()).collect(),
            )
        })
        .collect()
}

/// A list with these certificates.
pub(crate) fn list(name: &str, purpose: Purpose, certificates: &[Certificate]) -> TrustList {
    let pem: String = certificates.iter().map(Certificate::to_pem).collect();
    TrustList::from_pem(name, purpose, pem.as_bytes()).unwrap()
}
