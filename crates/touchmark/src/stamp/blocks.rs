//! Stamps from file to file in constant memory, whatever the size of the picture.

use std::io::{self, Read, Seek, Write};

use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use touchmark_image::{Container, Error as ImageError, Layout, SourceFile, Splice};
use touchmark_provenance::manifest::{Origin, PictureHash, PixelFacts};

use super::timestamps::Unfinished;
use super::{Order, Record, Stamper, facts, labels, salts};
use crate::error::Error;

impl Stamper {
    /// Stamps from file to file: reads in blocks, hashes while it writes, and puts the manifest into the gap that it
    /// left. Files below a mebibyte are read, stamped and written in one piece.
    ///
    /// `target` is empty and positioned at its start. On an error it holds a part of the picture and must be thrown
    /// away: write to a temporary file and rename it.
    ///
    /// # Errors
    /// As [`Stamper::stamp_as`]; [`Error::Read`] and [`Error::Write`] for those of the files.
    pub fn stamp_file(
        &self,
        source: impl Read + Seek,
        target: &mut (impl Write + Seek),
        order: &Order<'_>,
        now: OffsetDateTime,
    ) -> Result<Record, Error> {
        let mut source = SourceFile::open(source, &self.limits).map_err(reading)?;
        if let Some(bytes) = source.bytes() {
            return write_whole(self.stamp_as(bytes, order, now)?, target);
        }
        let container = source.container().map_err(reading)?;
        if !container.stores.is_empty() {
            return Err(Error::AlreadyMarked);
        }
        // Pixels are changed in memory. Foreign boxes are rare, and only the whole picture tells whether a lenient reader takes them for a store.
        if self.check_every_stamp || order.changes_pixels() || container.has_foreign_boxes() {
            let bytes = source.read_all().map_err(reading)?;
            return write_whole(self.stamp_as(&bytes, order, now)?, target);
        }
        self.stamp_in_blocks(&mut source, &container, target, order, now)
    }

    fn stamp_in_blocks<R: Read + Seek>(
        &self,
        source: &mut SourceFile<R>,
        container: &Container,
        target: &mut (impl Write + Seek),
        order: &Order<'_>,
        now: OffsetDateTime,
    ) -> Result<Record, Error> {
        let facts = facts(order, Origin::Created, PixelFacts::none(), now)?;
        let own = limited(own(source, container))?;
        let labels = labels::of(&facts, order.metadata, container, own)?;
        let (layout, notes) = labels.lay_out(order.metadata, |xmp| Layout::new(container, xmp))?;
        let mut out = Target::new(target);
        let mut countersigner = self.countersigner(order.timestamp, now)?;
        let final_len = countersigner.rounds(|countersigner| {
            let kit = countersigner.kit();
            let template = kit.templates.get(&kit.signer, &self.check, &facts, &layout)?;
            let splice = Splice::new(layout.clone(), template.store_len())?;
            // A later round has more room, so that it writes over all of the one before.
            out.rewind().map_err(Error::Write)?;
            let mut sha256 = Sha256::new();
            if let Err(error) = splice.copy(source, &mut out, |part| sha256.update(part)) {
                return Err(Unfinished::Failed(match out.failed {
                    true => Error::Write(error),
                    false => reading(error),
                }));
            }
            let picture = PictureHash {
                sha256: sha256.finalize().into(),
                exclusion: splice.exclusion(),
            };
            let salts = salts(template.salts_len())?;
            let mut store = kit.signer.fill(&template, &facts, &picture, &salts)?;
            countersigner.countersign(&mut store)?;
            splice.fill(&store, &mut out).map_err(Error::Write)?;
            Ok(splice.final_len())
        })?;
        Ok(Record::new(
            &facts,
            source.format(),
            final_len,
            None,
            notes,
            countersigner,
        ))
    }
}

fn write_whole(stamped: super::Stamped, target: &mut impl Write) -> Result<Record, Error> {
    target.write_all(&stamped.bytes).map_err(Error::Write)?;
    Ok(stamped.record)
}

/// What a failed reading was about: the picture, or the file it is in.
fn reading(error: io::Error) -> Error {
    match error.downcast::<ImageError>() {
        Ok(error) => Error::Image(error),
        Err(error) => Error::Read(error),
    }
}

fn own<R: Read + Seek>(source: &mut SourceFile<R>, container: &Container) -> io::Result<labels::Own> {
    Ok(labels::Own {
        xmp: source.xmp(container)?,
        exif: source.exif(container)?,
        iptc: source.iptc(container)?,
    })
}

/// Metadata, or what the picture is refused for; an error of the file itself ends the stamp.
fn limited<T>(read: io::Result<T>) -> Result<Result<T, ImageError>, Error> {
    match read {
        Ok(block) => Ok(Ok(block)),
        Err(error) => error.downcast::<ImageError>().map(Err).map_err(Error::Read),
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
