//! The self-check: a stamped picture is read back as any reader would, and must say what was meant.

use std::sync::Arc;

use touchmark_image::{Limits, SourceImage};
use touchmark_provenance::manifest::{ManifestFinding, ManifestReader, Reading, StampFacts};
use touchmark_signing::timestamp::Timestamp;
use touchmark_signing::trust::TrustLists;

use crate::error::{Error, SelfCheckFault};

/// Reads stamps back.
#[derive(Debug)]
pub(super) struct SelfCheck {
    pub reader: ManifestReader,
}

impl SelfCheck {
    /// Prepares a reader that trusts nobody: the check is of the stamp, not of its signer.
    pub fn new() -> Result<Self, Error> {
        Ok(Self {
            reader: ManifestReader::new(Arc::new(TrustLists::default()))?,
        })
    }

    /// Reads the stamped picture in full; anything but our own claim, valid and bound to it, is an error.
    pub fn read_back(&self, stamped: &[u8], facts: &StampFacts<'_>) -> Result<Box<Reading>, Error> {
        let unreadable = |_| Error::SelfCheck(SelfCheckFault::Unreadable);
        // A stamp may exceed the limits of its source by its own size; they have served their purpose before.
        let limits = Limits {
            max_bytes: u64::MAX,
            max_pixels: u64::MAX,
            max_segments: u64::MAX,
            ..Limits::default()
        };
        let image = SourceImage::parse(stamped, &limits).map_err(unreadable)?;
        match self.reader.read(&image, facts.created)? {
            ManifestFinding::Read(reading) => match reading.verified() {
                Some(claim) if claim.label() == facts.ids.manifest_urn() => Ok(reading),
                Some(_) => Err(Error::SelfCheck(SelfCheckFault::OtherClaim)),
                None => Err(Error::SelfCheck(SelfCheckFault::NotValid)),
            },
            _ => Err(Error::SelfCheck(SelfCheckFault::NotValid)),
        }
    }
}

/// The time-stamp that was put in is the one that is read.
pub(super) fn timestamp_is_read(reading: &Reading, timestamp: Option<&Timestamp>) -> Result<(), Error> {
    let read = reading.signing_time.map(|stamp| stamp.time.unix_timestamp());
    match read == timestamp.map(|timestamp| timestamp.time().unix_timestamp()) {
        true => Ok(()),
        false => Err(Error::SelfCheck(SelfCheckFault::OtherTimestamp)),
    }
}
