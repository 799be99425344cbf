//! Whom a watermark leads to: the issuer's number in its id, dated directories of issuers, and what an issuer publishes
//! about itself.
//!
//! A mark is a pointer and never proof: who has the key can put any number on any picture. And a number is 24 bits of a
//! hash, so that two domains may share one, by chance or because somebody looked for such a domain.

mod directory;
mod domain;
mod statement;

use touchmark_provenance::Disclosure;
use touchmark_signal::watermark::WatermarkId;

pub use directory::{Directory, DirectoryFault, EntryFault, Issuer, MAX_DIRECTORY_BYTES, MAX_ISSUERS};
pub use domain::{Domain, NotADomain, number};
pub use statement::{MAX_STATEMENT_BYTES, STATEMENT_SCHEMA, Statement, StatementFault, WELL_KNOWN};

use crate::error::Error;

/// The issuer of ids that name none: the stamp's disclosure names no provider.
pub const NOBODY: u32 = 0;

/// Bits of the serial in an id.
const SERIAL_BITS: u32 = 40;

/// The domain that answers for a system: that of the provider's contact, without `www.`.
pub fn domain(disclosure: &Disclosure) -> Option<&str> {
    domain::host(&disclosure.provider()?.contact)
}

/// An id for a stamp that nobody allotted one: the issuer of the disclosure and a random serial.
pub(crate) fn random_id(disclosure: &Disclosure) -> Result<WatermarkId, Error> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(Error::Randomness)?;
    let serial = u64::from_be_bytes(random) >> (64 - SERIAL_BITS);
    let issuer = domain(disclosure).map_or(NOBODY, number);
    WatermarkId::new(issuer, serial).ok_or(Error::SelfCheck(crate::SelfCheckFault::Unreadable))
}
