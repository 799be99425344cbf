//! Examines a picture: every layer once, then the evidence joined into one report.

use std::sync::Arc;

use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use touchmark_image::{Limits, SourceImage};
use touchmark_provenance::manifest::ManifestReader;
use touchmark_provenance::metadata::{Prompts, inspect_with};
use touchmark_signing::trust::TrustLists;

use crate::error::Error;
use crate::evidence::evaluate;
use crate::findings::Findings;
use crate::report::{FileFacts, Report};

/// Examines pictures against a set of trust lists. Immutable; share it between threads.
#[derive(Debug)]
pub struct Verifier {
    reader: ManifestReader,
    limits: Limits,
    prompts: Prompts,
}

impl Verifier {
    /// Prepares a verifier that trusts these lists, under the default limits.
    ///
    /// # Errors
    /// [`Error::Manifest`] if the C2PA library refuses its settings.
    pub fn new(lists: TrustLists) -> Result<Self, Error> {
        Ok(Self {
            reader: ManifestReader::new(Arc::new(lists))?,
            limits: Limits::default(),
            prompts: Prompts::Count,
        })
    }

    /// The same verifier under other limits.
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The same verifier, keeping prompts as text in its reports. Without it they are counted.
    pub fn with_prompts(mut self) -> Self {
        self.prompts = Prompts::Keep;
        self
    }

    /// Says what is known about a picture now.
    ///
    /// # Errors
    /// [`Error::Image`] where the bytes are no picture that touchmark reads, or over a limit. Whatever is wrong with the
    /// picture's *claims* is part of the report.
    pub fn verify(&self, bytes: &[u8], now: OffsetDateTime) -> Result<Report, Error> {
        self.verify_as_of(bytes, now, now)
    }

    /// Says what is known about a picture, with certificates and lists judged as of `at`; `now` is when it is examined.
    ///
    /// # Errors
    /// As [`verify`](Self::verify).
    pub fn verify_as_of(&self, bytes: &[u8], at: OffsetDateTime, now: OffsetDateTime) -> Result<Report, Error> {
        let image = SourceImage::parse(bytes, &self.limits)?;
        let findings = Findings::of_file(self.reader.read(&image, at), inspect_with(&image, self.prompts));
        let verdict = evaluate(&findings);
        let file = FileFacts::of(&image, Sha256::digest(bytes).into());
        Ok(Report::new(file, &verdict, &findings, self.reader.lists(), at, now))
    }
}
