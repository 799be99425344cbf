//! Stamps a picture: plans nothing it cannot keep, signs, reads the result back, and only then hands it out.

use std::sync::Arc;

use time::OffsetDateTime;
use touchmark_image::{Format, Limits, SourceImage};
use touchmark_provenance::Disclosure;
use touchmark_provenance::manifest::{Ids, ManifestFinding, ManifestReader, ManifestSigner, Origin, StampFacts};
use touchmark_provenance::metadata::Requests;
use touchmark_signing::Signer;
use touchmark_signing::trust::TrustLists;

use crate::error::{Error, SelfCheckFault};

/// Stamps pictures with one identity. Immutable; share it between threads.
#[derive(Debug)]
pub struct Stamper {
    signer: ManifestSigner,
    self_check: ManifestReader,
    limits: Limits,
}

/// A picture with its stamp, already read back and found right.
#[derive(Debug)]
pub struct Stamped {
    bytes: Vec<u8>,
    record: Record,
}

/// What there is to remember about a stamp; never the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record {
    /// The manifest's URN.
    pub manifest: String,
    /// The format of the picture.
    pub format: Format,
    /// When it was stamped.
    pub created: OffsetDateTime,
}

impl Stamper {
    /// Prepares an identity for stamping, under the default limits.
    ///
    /// # Errors
    /// [`Error::Manifest`] if the C2PA library refuses its settings.
    pub fn new(signer: Signer) -> Result<Self, Error> {
        Ok(Self {
            signer: ManifestSigner::new(Arc::new(signer))?,
            self_check: ManifestReader::new(Arc::new(TrustLists::default()))?,
            limits: Limits::default(),
        })
    }

    /// The same stamper under other limits.
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The identity that signs.
    pub fn signer(&self) -> &Signer {
        self.signer.signer()
    }

    /// Stamps a picture that the system has just made: JPEG, PNG or WebP, any colour model, any depth.
    ///
    /// The coded image data stays as it is, to the byte. `now` becomes the stated time of creation.
    ///
    /// # Errors
    /// [`Error::Image`] for input that is damaged or over a limit, [`Error::AlreadyMarked`] where it carries
    /// credentials, [`Error::Identity`] where the certificate is not valid at `now`. On any error nothing is released.
    pub fn stamp(&self, bytes: &[u8], disclosure: &Disclosure, now: OffsetDateTime) -> Result<Stamped, Error> {
        let image = SourceImage::parse(bytes, &self.limits)?;
        let container = image.container()?;
        let mut random = [0; 32];
        getrandom::fill(&mut random).map_err(Error::Randomness)?;
        let facts = StampFacts {
            disclosure,
            origin: Origin::Created,
            created: now,
            ids: Ids::from_random(random),
            requests: &Requests::default(),
        };
        let bytes = self.signer.sign(&image, &container, &facts)?;
        self.check(&bytes, &facts)?;
        let record = Record {
            manifest: facts.ids.manifest_urn(),
            format: image.format(),
            created: now,
        };
        Ok(Stamped { bytes, record })
    }

    fn check(&self, stamped: &[u8], facts: &StampFacts<'_>) -> Result<(), Error> {
        let unreadable = |_| Error::SelfCheck(SelfCheckFault::Unreadable);
        // A stamp may exceed the byte limit of its source by its own size; the limit has served its purpose before.
        let image = SourceImage::parse(
            stamped,
            &Limits {
                max_bytes: u64::MAX,
                ..self.limits
            },
        )
        .map_err(unreadable)?;
        match self.self_check.read(&image, facts.created) {
            ManifestFinding::Read(reading) => match reading.verified() {
                Some(claim) if claim.label() == facts.ids.manifest_urn() => Ok(()),
                Some(_) => Err(Error::SelfCheck(SelfCheckFault::OtherClaim)),
                None => Err(Error::SelfCheck(SelfCheckFault::NotValid)),
            },
            _ => Err(Error::SelfCheck(SelfCheckFault::NotValid)),
        }
    }
}

impl Stamped {
    /// The stamped file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What there is to remember about it.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// The stamped file, by value.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}
