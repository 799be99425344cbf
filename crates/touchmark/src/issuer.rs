//! Whom a watermark leads to: the issuer in its id, and the dated directory of issuers.

use sha2::{Digest, Sha256};
use touchmark_provenance::Disclosure;
use touchmark_signal::watermark::WatermarkId;

use crate::error::Error;

/// The issuer of ids that name none: the stamp's disclosure names no provider.
const NOBODY: u32 = 0;

/// Bits of the serial in an id.
const SERIAL_BITS: u32 = 40;

/// The issuer's number of a domain: the first 24 bits of the SHA-256 of its name in lower case, behind a prefix. Two
/// domains may share one; the directory then names both.
pub fn number(domain: &str) -> u32 {
    let digest = Sha256::new()
        .chain_update("touchmark issuer\0")
        .chain_update(domain.to_ascii_lowercase())
        .finalize();
    let [high, middle, low, ..]: [u8; 32] = digest.into();
    u32::from_be_bytes([0, high, middle, low])
}

/// The domain that answers for a system: that of the provider's contact, without `www.`.
pub fn domain(disclosure: &Disclosure) -> Option<&str> {
    let contact = disclosure.provider()?.contact.as_str();
    let host = match contact.strip_prefix("mailto:") {
        Some(address) => address.split('?').next()?.rsplit('@').next()?,
        None => contact.strip_prefix("https://")?.split(['/', '?', '#', ':']).next()?,
    };
    let host = host.strip_prefix("www.").unwrap_or(host);
    (!host.is_empty()).then_some(host)
}

/// An id for a stamp that nobody allotted one: the issuer of the disclosure and a random serial.
pub(crate) fn random_id(disclosure: &Disclosure) -> Result<WatermarkId, Error> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(Error::Randomness)?;
    let serial = u64::from_be_bytes(random) >> (64 - SERIAL_BITS);
    let issuer = domain(disclosure).map_or(NOBODY, number);
    WatermarkId::new(issuer, serial).ok_or(Error::SelfCheck(crate::SelfCheckFault::Unreadable))
}
