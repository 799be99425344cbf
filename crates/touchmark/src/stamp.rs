//! Stamps a picture: plans nothing it cannot keep, signs, checks, and only then hands it out.

mod probe;
mod self_check;
mod templates;

use std::io::{self, Read, Seek, Write};
use std::sync::Arc;

use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use touchmark_image::{Container, Format, Layout, Limits, SourceFile, SourceImage, Splice};
use touchmark_provenance::Disclosure;
use touchmark_provenance::manifest::{Ids, ManifestSigner, Origin, PictureHash, StampFacts, has_store};
use touchmark_signing::Signer;

use self::self_check::SelfCheck;
use self::templates::Templates;
use crate::error::Error;

/// Stamps pictures with one identity. Immutable; share it between threads.
#[derive(Debug)]
pub struct Stamper {
    signer: ManifestSigner,
    check: SelfCheck,
    check_every_stamp: bool,
    templates: Templates,
    limits: Limits,
}

/// A picture with its stamp, already found right.
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
    /// Length of the stamped file in bytes.
    pub bytes: u64,
}

impl Stamper {
    /// Prepares an identity for stamping, under the default limits.
    ///
    /// # Errors
    /// [`Error::Manifest`] if the C2PA library refuses its settings.
    pub fn new(signer: Signer) -> Result<Self, Error> {
        Ok(Self {
            signer: ManifestSigner::new(Arc::new(signer))?,
            check: SelfCheck::new()?,
            check_every_stamp: false,
            templates: Templates::default(),
            limits: Limits::default(),
        })
    }

    /// The same stamper under other limits.
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The same stamper, reading every stamp back in full. Without it, the first stamp of a kind is read back on a
    /// built-in picture, and those after it differ from that only in values of fixed length.
    pub fn with_full_self_check(mut self) -> Self {
        self.check_every_stamp = true;
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
        let might_have_store = !container.stores.is_empty() || container.has_foreign_boxes();
        if might_have_store && has_store(&image, &container) {
            return Err(Error::AlreadyMarked);
        }
        let facts = facts(disclosure, now)?;
        let layout = Layout::new(&container, None)?;
        let template = self.templates.get(&self.signer, &self.check, &facts, &layout)?;
        let splice = Splice::new(layout, template.store_len())?;
        let spliced = splice.over(&image)?;
        let picture = PictureHash::of(&splice, spliced);
        let store = self
            .signer
            .fill(&template, &facts, &picture, &salts(template.salts_len())?)?;
        let bytes = spliced.assemble(&store)?;
        if self.check_every_stamp {
            self.check.read_back(&bytes, &facts)?;
        }
        Ok(Stamped {
            record: record(&facts, image.format(), bytes.len() as u64),
            bytes,
        })
    }

    /// Stamps from file to file in constant memory: reads in blocks, hashes while it writes, and puts the manifest into
    /// the gap that it left. Files below a mebibyte are read, stamped and written in one piece.
    ///
    /// `target` is empty and positioned at its start. On an error it holds a part of the picture and must be thrown
    /// away: write to a temporary file and rename it.
    ///
    /// # Errors
    /// As [`Stamper::stamp`]; [`Error::Read`] and [`Error::Write`] for those of the files.
    pub fn stamp_file(
        &self,
        source: impl Read + Seek,
        target: &mut (impl Write + Seek),
        disclosure: &Disclosure,
        now: OffsetDateTime,
    ) -> Result<Record, Error> {
        let mut source = SourceFile::open(source, &self.limits).map_err(reading)?;
        let whole = match source.bytes() {
            Some(bytes) => Some(self.stamp(bytes, disclosure, now)?),
            // Every byte is looked at again anyway.
            None if self.check_every_stamp => {
                Some(self.stamp(&source.read_all().map_err(reading)?, disclosure, now)?)
            }
            None => None,
        };
        if let Some(stamped) = whole {
            target.write_all(&stamped.bytes).map_err(Error::Write)?;
            return Ok(stamped.record);
        }
        let container = source.container().map_err(reading)?;
        if !container.stores.is_empty() {
            return Err(Error::AlreadyMarked);
        }
        if container.has_foreign_boxes() {
            // Rare: a lenient reader must be asked about the whole of it.
            let stamped = self.stamp(&source.read_all().map_err(reading)?, disclosure, now)?;
            target.write_all(&stamped.bytes).map_err(Error::Write)?;
            return Ok(stamped.record);
        }
        self.stamp_in_blocks(&mut source, &container, target, disclosure, now)
    }

    fn stamp_in_blocks<R: Read + Seek>(
        &self,
        source: &mut SourceFile<R>,
        container: &Container,
        target: &mut (impl Write + Seek),
        disclosure: &Disclosure,
        now: OffsetDateTime,
    ) -> Result<Record, Error> {
        let facts = facts(disclosure, now)?;
        let layout = Layout::new(container, None)?;
        let template = self.templates.get(&self.signer, &self.check, &facts, &layout)?;
        let splice = Splice::new(layout, template.store_len())?;
        let mut sha256 = Sha256::new();
        let mut out = Target::new(target);
        let copied = splice.copy(source, &mut out, |part| sha256.update(part));
        if let Err(error) = copied {
            return Err(if out.failed {
                Error::Write(error)
            } else {
                reading(error)
            });
        }
        let picture = PictureHash {
            sha256: sha256.finalize().into(),
            exclusion: splice.exclusion(),
        };
        let store = self
            .signer
            .fill(&template, &facts, &picture, &salts(template.salts_len())?)?;
        splice.fill(&store, &mut out).map_err(Error::Write)?;
        Ok(record(&facts, source.format(), splice.final_len()))
    }
}

fn facts(disclosure: &Disclosure, now: OffsetDateTime) -> Result<StampFacts<'_>, Error> {
    let mut random = [0; 32];
    getrandom::fill(&mut random).map_err(Error::Randomness)?;
    Ok(StampFacts {
        disclosure,
        origin: Origin::Created,
        created: now,
        ids: Ids::from_random(random),
    })
}

fn salts(length: usize) -> Result<Vec<u8>, Error> {
    let mut salts = vec![0; length];
    getrandom::fill(&mut salts).map_err(Error::Randomness)?;
    Ok(salts)
}

fn record(facts: &StampFacts<'_>, format: Format, bytes: u64) -> Record {
    Record {
        manifest: facts.ids.manifest_urn(),
        format,
        created: facts.created,
        bytes,
    }
}

/// What a failed reading was about: the picture, or the file it is in.
fn reading(error: io::Error) -> Error {
    match error.downcast::<touchmark_image::Error>() {
        Ok(error) => Error::Image(error),
        Err(error) => Error::Read(error),
    }
}

/// A target that remembers whether it was it that failed.
struct Target<'a, W> {
    inner: &'a mut W,
    failed: bool,
}

impl<'a, W> Target<'a, W> {
    fn new(inner: &'a mut W) -> Self {
        Self { inner, failed: false }
    }

    fn note<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        self.failed |= result.is_err();
        result
    }
}

impl<W: Write> Write for Target<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes);
        self.note(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.inner.flush();
        self.note(flushed)
    }
}

impl<W: Seek> Seek for Target<'_, W> {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        let sought = self.inner.seek(to);
        self.note(sought)
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
