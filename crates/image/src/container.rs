//! What a strict walk found: where the parts of a picture lie and which manifest stores it carries.
#![warn(clippy::indexing_slicing)]

use std::{borrow::Cow, ops::Range};

use crate::{
    Format, SourceImage,
    bytes::{Source, array, be32},
    metadata::Metadata,
};

/// Result of [`SourceImage::container`]: positions are byte offsets in that source.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Container {
    /// JPEG, PNG or WebP.
    pub format: Format,
    /// Width and height in pixels, both above zero, before any rotation by EXIF.
    pub dimensions: (u32, u32),
    /// How the picture is coded. None of it keeps a manifest store from being inserted.
    pub coding: Coding,
    /// Where a manifest store goes. JPEG: after the leading APP0 segments and an Exif APP1 directly behind them,
    /// because Exif wants to be first. PNG: behind IHDR. WebP: the end of the RIFF body.
    pub insertion: usize,
    /// The C2PA manifest stores in file order. More than one makes all of them invalid (C2PA 2.2, Appendix A).
    pub stores: Vec<StoreSegment>,
    /// Where XMP and EXIF lie.
    pub metadata: Metadata,
    /// Bytes after the end of the picture (EOI, IEND or the RIFF body): the further pictures of an MPF file,
    /// what a phone appends, or an archive. Often empty.
    pub trailing: Range<usize>,
    /// Length of the source, so that a splice can refuse another picture.
    pub(crate) source_len: usize,
    pub(crate) shape: Shape,
}

/// What a splice must know of the format beyond positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Jpeg {
        /// A box instance number (En) that no foreign box in APP11 uses; `None` if all are taken.
        free_instance: Option<u16>,
        /// Whether APP11 holds anything but manifest stores.
        foreign_boxes: bool,
    },
    Png,
    WebP {
        /// Where the flags of VP8X are, and they; a simple file has none.
        extended: Option<(usize, u8)>,
        /// Simple lossless file: whether its pixels have alpha.
        alpha: bool,
    },
}

impl Container {
    /// Whether a JPEG has APP11 segments that are no manifest store as far as this walk can tell. Damaged ones might
    /// be taken for a store by a more lenient reader.
    pub fn has_foreign_boxes(&self) -> bool {
        matches!(
            self.shape,
            Shape::Jpeg {
                foreign_boxes: true,
                ..
            }
        )
    }
}

/// How the coded picture is made up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Coding {
    /// APNG or animated WebP.
    pub animated: bool,
    /// Progressive JPEG or interlaced (Adam7) PNG.
    pub progressive: bool,
    /// JPEG with four components: CMYK or YCCK.
    pub cmyk: bool,
    /// Bits of one sample (of a palette index for palette PNG).
    pub bits_per_sample: u8,
}

/// One C2PA manifest store as it lies in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoreSegment {
    /// Every byte that belongs to the store and its wrapping, ascending: JPEG whole APP11 segments, adjacent ones
    /// joined; PNG the chunk with its CRC; WebP the chunk with its pad byte. One range unless
    /// [`StoreDefect::NotContiguous`].
    pub ranges: Vec<Range<usize>>,
    /// What is wrong with the wrapping. The content is not judged here.
    pub defects: Vec<StoreDefect>,
    payloads: Vec<Range<usize>>,
}

/// What may be wrong with the wrapping of a manifest store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreDefect {
    /// JPEG: other bytes lie between the segments of the store.
    NotContiguous,
    /// JPEG: the packet sequence numbers are not 1, 2, 3, ...
    OutOfSequence,
    /// PNG: the chunk stands behind the first IDAT. WebP: a picture chunk follows.
    Misplaced,
    /// PNG: the chunk's CRC does not match.
    Checksum,
    /// The length in the outermost box header is not the length of the data.
    BoxLength,
}

impl StoreSegment {
    /// The raw JUMBF bytes of the store; borrowed where they are contiguous in the file. `source` must be the
    /// picture that was walked: ranges beyond another, shorter one are left out.
    pub fn reassemble<'a>(&self, source: &SourceImage<'a>) -> Cow<'a, [u8]> {
        self.payload(source.bytes())
    }

    pub(crate) fn new(range: Range<usize>, payload: Range<usize>) -> Self {
        Self {
            ranges: vec![range],
            defects: Vec::new(),
            payloads: vec![payload],
        }
    }

    /// Adds the next segment of a JPEG store.
    pub(crate) fn push(&mut self, range: Range<usize>, payload: Range<usize>) {
        match self.ranges.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => {
                self.ranges.push(range);
                self.note(StoreDefect::NotContiguous);
            }
        }
        self.payloads.push(payload);
    }

    pub(crate) fn note(&mut self, defect: StoreDefect) {
        if !self.defects.contains(&defect) {
            self.defects.push(defect);
        }
    }

    /// Compares the outermost box length (ISO/IEC 19566-5: 0 means up to the end, 1 a 64-bit length) with
    /// the data that is there.
    pub(crate) fn check_box_length(&mut self, source: &mut impl Source) {
        let found: u64 = self.payloads.iter().map(|p| p.len() as u64).sum();
        let head = self.payloads.first().and_then(|payload| {
            let end = payload.end.min(payload.start.checked_add(16)?);
            source.get(payload.start..end)
        });
        let first = head.unwrap_or_default();
        let stated = match be32(first, 0) {
            Some(0) => Some(found),
            Some(1) => array(first, 8).map(u64::from_be_bytes),
            other => other.map(u64::from),
        };
        if stated != Some(found) {
            self.note(StoreDefect::BoxLength);
        }
    }

    fn payload<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        let part = |range: &Range<usize>| bytes.get(range.clone()).unwrap_or_default();
        match self.payloads.as_slice() {
            [only] => Cow::Borrowed(part(only)),
            many => Cow::Owned(many.iter().map(part).collect::<Vec<_>>().concat()),
        }
    }
}
