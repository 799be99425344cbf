//! Examines a picture: every layer once, then the evidence joined into one report.

use std::ops::ControlFlow;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use touchmark_image::{Limits, SourceImage};
use touchmark_provenance::manifest::ManifestReader;
use touchmark_provenance::metadata::{Prompts, inspect_with, stealth};
use touchmark_signal::watermark::WatermarkKey;
use touchmark_signing::trust::TrustLists;

use crate::error::Error;
use crate::evidence::evaluate;
use crate::findings::{Findings, Why};
use crate::issuer;
use crate::pixels::{PixelFindings, PixelReader};
use crate::report::{FileFacts, Report};

/// Where a picture's manifest store is read from.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Store<'a> {
    /// The picture itself.
    Embedded,
    /// A file beside it, with these bytes.
    Sidecar(&'a [u8]),
    /// An address that the picture names.
    Fetched {
        /// What the address gave.
        bytes: &'a [u8],
        /// The address.
        address: &'a str,
    },
}

impl<'a> Store<'a> {
    fn bytes(self) -> Option<&'a [u8]> {
        match self {
            Self::Embedded => None,
            Self::Sidecar(bytes) | Self::Fetched { bytes, .. } => Some(bytes),
        }
    }
}

/// What is shown the report as it is before the pixels are looked at, and says whether to go on.
pub type BeforePixels<'a> = dyn FnMut(&Report) -> ControlFlow<()> + 'a;

/// Examines pictures against a set of trust lists. Immutable; share it between threads.
#[derive(Debug)]
pub struct Verifier {
    reader: ManifestReader,
    limits: Limits,
    prompts: Prompts,
    /// `None` where pixels are left alone.
    pixels: Option<PixelReader>,
    /// The user's own directory of issuers.
    issuers: Option<issuer::Directory>,
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
            pixels: Some(PixelReader::default()),
            issuers: None,
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

    /// The same verifier, looking for watermarks of these keys as well as for those of the key that everybody has. Each key
    /// makes a false answer more likely by its share of the bound that `touchmark::watermark` states.
    pub fn with_watermark_keys(mut self, keys: Vec<WatermarkKey>) -> Self {
        self.pixels = Some(PixelReader::new(keys));
        self
    }

    /// The same verifier, looking into this directory of issuers as well as into the one that ships.
    pub fn with_issuers(mut self, directory: issuer::Directory) -> Self {
        self.issuers = Some(directory);
        self
    }

    /// The same verifier without a look at the pixels, which costs a hundred times the rest.
    pub fn without_pixels(mut self) -> Self {
        self.pixels = None;
        self
    }

    /// The same verifier, reading the credentials of PDF too. Without it they are not examined: a document of kilobytes can
    /// unfold to gigabytes, so that this is for a process whose memory is bounded, as the command's are.
    pub fn with_documents(mut self) -> Self {
        self.reader = self.reader.with_documents();
        self
    }

    /// Says what is known about a picture now.
    ///
    /// # Errors
    /// [`Error::Image`] where the bytes are no picture that touchmark reads, or over a limit; [`Error::OutOfMemory`] where there
    /// is not enough memory to read its credentials. Whatever is wrong with the picture's *claims* is part of the report.
    pub fn verify(&self, bytes: &[u8], now: OffsetDateTime) -> Result<Report, Error> {
        self.verify_as_of(bytes, now, now)
    }

    /// Says what is known about a picture, with certificates and lists judged as of `at`; `now` is when it is examined.
    ///
    /// # Errors
    /// As [`verify`](Self::verify).
    pub fn verify_as_of(&self, bytes: &[u8], at: OffsetDateTime, now: OffsetDateTime) -> Result<Report, Error> {
        self.verify_with(bytes, Store::Embedded, at, now)
    }

    /// The same with the manifest store read from where the caller says: one beside the picture is judged in place of one
    /// in it.
    ///
    /// # Errors
    /// As [`verify`](Self::verify).
    pub fn verify_with(
        &self,
        bytes: &[u8],
        store: Store<'_>,
        at: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<Report, Error> {
        self.examine(bytes, store, at, now, None)
    }

    /// The same, and shows what is known before the pixels are looked at, which costs a hundred times the rest: for whoever may
    /// have to end that, or looks for the record elsewhere first. In this first report the layers of the pixels are over a
    /// limit; at [`ControlFlow::Break`] it is the last one.
    ///
    /// # Errors
    /// As [`verify`](Self::verify); then nothing was shown.
    pub fn verify_in_steps(
        &self,
        bytes: &[u8],
        store: Store<'_>,
        at: OffsetDateTime,
        now: OffsetDateTime,
        before_pixels: &mut BeforePixels<'_>,
    ) -> Result<Report, Error> {
        self.examine(bytes, store, at, now, Some(before_pixels))
    }

    fn examine(
        &self,
        bytes: &[u8],
        store: Store<'_>,
        at: OffsetDateTime,
        now: OffsetDateTime,
        before_pixels: Option<&mut BeforePixels<'_>>,
    ) -> Result<Report, Error> {
        let image = SourceImage::parse(bytes, &self.limits)?;
        let manifest = match store.bytes() {
            Some(beside) => self.reader.read_beside(&image, beside, at)?,
            None => self.reader.read(&image, at)?,
        };
        let metadata = inspect_with(&image, self.prompts);
        let file = FileFacts::of(&image, Sha256::digest(bytes).into());
        let (lists, issuers) = (self.reader.lists(), self.issuers.as_ref());
        let report = |findings: &Findings| {
            let verdict = evaluate(findings);
            Report::new(file.clone(), &verdict, findings, lists, issuers, at, now).read_from(store)
        };
        let Some(reader) = &self.pixels else {
            let pixels = PixelFindings::not_examined(Why::NotAsked);
            return Ok(report(&Findings::of(manifest, metadata, pixels)));
        };
        let mut findings = Findings::of(manifest, metadata, PixelFindings::not_examined(Why::OverLimit));
        if let Some(before_pixels) = before_pixels {
            let report = report(&findings);
            if before_pixels(&report).is_break() {
                return Ok(report);
            }
        }
        match image.decode() {
            Ok(pixels) => {
                findings.add_labels(stealth(&pixels, image.format(), self.prompts));
                findings.set_pixels(reader.read(&pixels));
            }
            Err(error) => findings.set_pixels(PixelFindings::not_decoded(&error)),
        }
        Ok(report(&findings))
    }

    /// What the C2PA library alone says of a picture, as crJSON, with the lists in force as its anchors: for the conformance
    /// program, never for judging.
    ///
    /// # Errors
    /// [`Error::Image`] as [`verify`](Self::verify); [`Error::Manifest`] where the library cannot read a store.
    pub fn crjson(&self, bytes: &[u8]) -> Result<String, Error> {
        let image = SourceImage::parse(bytes, &self.limits)?;
        Ok(self.reader.crjson(&image)?)
    }
}
