//! Every block of metadata in a picture of any format, found leniently for whoever verifies: XMP, EXIF, IPTC-IIM and
//! texts, each with its place in words. A walk here goes on where [`SourceImage::container`] refuses, and tells what it
//! could not read.
#![warn(clippy::indexing_slicing)]

mod bmff;
mod film;
mod gif;
mod inflate;
mod jpeg;
pub(crate) mod photoshop;
mod place;
mod png;
mod samsung;
mod svg;
mod tiff;
mod webp;

use std::borrow::Cow;

pub use place::Place;

use self::inflate::Budget;
use crate::jpeg::EXIF;
use crate::{Format, Limits, SourceImage};

/// Blocks that are listed at most; real pictures have a dozen.
const MAX_BLOCKS: usize = 512;
/// What all listed blocks may come to beyond the length of the file, in bytes: a file can name the same bytes as many blocks. TIFF
/// is listed whole, as EXIF, and what it holds besides.
const MAX_LISTED: u64 = 16 << 20;
/// The longest keyword of a text (PNG, 11.3.3.2).
const MAX_KEYWORD: usize = 79;

/// The blocks of metadata in a picture, and what could not be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Blocks<'a> {
    /// Each block in the order of the file, at most 512.
    pub list: Vec<MetadataBlock<'a>>,
    /// What was not read, or not to its end, and why.
    pub unread: Vec<(Place, Unread)>,
    /// Whether the file ends before its format says that it does, as when a download breaks off. Not told of TIFF, SVG, PDF.
    pub is_cut_off: bool,
    /// Bytes behind the end of the picture, where they are more than zeros and blanks. Told of JPEG, PNG, WebP and GIF; not of a
    /// JPEG that ends as one does, such as two pictures one behind the other.
    pub behind_end: usize,
    /// Whether the checksum of a PNG's manifest store is not the one of its bytes.
    pub is_store_checksum_wrong: bool,
}

/// One block of metadata, out of its wrapping.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MetadataBlock<'a> {
    /// What it is.
    pub kind: BlockKind,
    /// Where it stands.
    pub place: Place,
    /// Its bytes: an XMP packet, EXIF from the TIFF header on, IIM datasets, or a text in whatever encoding.
    pub bytes: Cow<'a, [u8]>,
}

/// What a block of metadata is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BlockKind {
    /// An XMP packet; for SVG the whole file, in which one may stand.
    Xmp,
    /// The extended part of JPEG's XMP, put together from its segments.
    ExtendedXmp,
    /// EXIF, from the TIFF header on; for TIFF the whole file.
    Exif,
    /// Datasets of IPTC-IIM.
    Iptc,
    /// A text under a keyword; the keyword of a comment is empty.
    Text {
        /// The keyword, at most 79 bytes, as ISO 8859-1.
        keyword: String,
    },
}

/// Why a block was not read, or not to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unread {
    /// The file ends inside it, or before the structure does.
    Truncated,
    /// Its structure, or its compressed form, is damaged.
    Damaged,
    /// It is longer than this many bytes; what is longer was left out.
    TooLong(u64),
    /// There are more than this many blocks.
    TooMany(usize),
    /// Blocks in this format are not read.
    Unsupported,
}

impl std::fmt::Display for Unread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Truncated => f.write_str("the file ends before it does"),
            Self::Damaged => f.write_str("it is damaged"),
            Self::TooLong(limit) => write!(f, "it is longer than {limit} bytes"),
            Self::TooMany(limit) => write!(f, "there are more than {limit} of them"),
            Self::Unsupported => f.write_str("labels in this format are not read"),
        }
    }
}

impl<'a> SourceImage<'a> {
    /// Finds every block of metadata. Total: what cannot be read is named beside what could.
    ///
    /// Formats: JPEG up to its first scan, PNG up to IEND, WebP, GIF, TIFF and DNG, AVIF and HEIF, JPEG XL in its
    /// container, SVG as text, XMP and texts of MP4 and QuickTime, and nothing in PDF, which is said; and what Samsung's phones
    /// write behind the end of any of them. Compressed texts are inflated to at most 2 MiB each and 8 MiB together, and at most 16
    /// of them under Brotli. All blocks together are at most 16 MiB longer than the file.
    pub fn metadata_blocks(&self) -> Blocks<'a> {
        let bytes = self.bytes();
        let mut found = Finder::new(bytes, self.limits());
        match self.format() {
            Format::Jpeg => jpeg::find(bytes, &mut found),
            Format::Png => png::find(bytes, &mut found),
            Format::WebP => webp::find(bytes, &mut found),
            Format::Gif => gif::find(bytes, &mut found),
            Format::Tiff | Format::Dng => tiff::find(bytes, &mut found),
            Format::Avif | Format::Heic | Format::Heif => bmff::find_items(bytes, self.format(), &mut found),
            Format::Mp4 | Format::Mov => film::find(bytes, self.format(), &mut found),
            Format::Pdf => found.unread(Place::File(Format::Pdf), Unread::Unsupported),
            Format::JpegXl => bmff::find_boxes(bytes, &mut found),
            Format::Svg => svg::find(bytes, &mut found),
        }
        samsung::find(bytes, &mut found);
        found.blocks
    }
}

/// What the walks report to: the list, its limits, and what may still be inflated.
struct Finder<'a> {
    blocks: Blocks<'a>,
    budget: Budget,
    /// The bytes that further blocks may have.
    room: u64,
    limits: Limits,
}

impl<'a> Finder<'a> {
    fn new(file: &[u8], limits: &Limits) -> Self {
        Self {
            blocks: Blocks::default(),
            budget: Budget::default(),
            room: (file.len() as u64).saturating_add(MAX_LISTED),
            limits: *limits,
        }
    }

    /// Lists a block; EXIF without the name that some writers put before it.
    fn add(&mut self, kind: BlockKind, place: Place, bytes: Cow<'a, [u8]>) {
        if self.is_full() {
            self.unread(place, Unread::TooMany(MAX_BLOCKS));
            return;
        }
        let Some(room) = self.room.checked_sub(bytes.len() as u64) else {
            self.unread(place, Unread::TooLong(self.room));
            return;
        };
        self.room = room;
        let bytes = match kind {
            BlockKind::Exif => without_exif_name(bytes),
            _ => bytes,
        };
        self.blocks.list.push(MetadataBlock { kind, place, bytes });
    }

    fn is_full(&self) -> bool {
        self.blocks.list.len() >= MAX_BLOCKS
    }

    /// Adds a further part to the EXIF block that was listed last; `false` where there is none.
    fn add_to_exif(&mut self, part: &[u8]) -> bool {
        let last = self.blocks.list.last_mut();
        last.filter(|block| block.kind == BlockKind::Exif)
            .map(|block| block.bytes.to_mut().extend_from_slice(part))
            .is_some()
    }

    /// Notes what was not read; each reason once when there are many.
    fn unread(&mut self, place: Place, why: Unread) {
        self.blocks.is_cut_off |= why == Unread::Truncated;
        let known = |(_, known): &(Place, Unread)| *known == why;
        if self.blocks.unread.len() < MAX_BLOCKS
            && (!matches!(why, Unread::TooMany(_)) || !self.blocks.unread.iter().any(known))
        {
            self.blocks.unread.push((place, why));
        }
    }

    /// Notes what stands behind the end of the picture.
    fn behind_end(&mut self, rest: &[u8]) {
        let is_padding = |byte: &u8| *byte == 0 || byte.is_ascii_whitespace();
        if !rest.iter().all(is_padding) {
            self.blocks.behind_end = rest.len();
        }
    }

    /// What zlib's form holds, even where it is not all.
    fn inflated(&mut self, place: &Place, compressed: &[u8]) -> Option<Vec<u8>> {
        self.decompressed(place, |budget| budget.inflate(compressed))
    }

    /// What Brotli holds, even where it is not all.
    fn unbrotlied(&mut self, place: &Place, compressed: &[u8]) -> Option<Vec<u8>> {
        self.decompressed(place, |budget| budget.unbrotli(compressed))
    }

    /// What is decompressed, if there is any; why it is not all is noted. Nothing is where it could not be listed.
    fn decompressed(
        &mut self,
        place: &Place,
        read: impl FnOnce(&mut Budget) -> (Vec<u8>, Option<Unread>),
    ) -> Option<Vec<u8>> {
        let (bytes, why) = match self.is_full() {
            true => (Vec::new(), Some(Unread::TooMany(MAX_BLOCKS))),
            false => read(&mut self.budget),
        };
        if let Some(why) = why {
            self.unread(place.clone(), why);
        }
        (!bytes.is_empty()).then_some(bytes)
    }
}

/// EXIF without the name that it has in JPEG (Exif 3.0, 4.7.2), which some writers take along into other formats.
fn without_exif_name(bytes: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    // A NUL and one byte of padding follow the four letters.
    let skipped = match bytes.starts_with(EXIF) {
        true => EXIF.len() + 1,
        false => return bytes,
    };
    match bytes {
        Cow::Borrowed(bytes) => Cow::Borrowed(bytes.get(skipped..).unwrap_or_default()),
        Cow::Owned(mut bytes) => {
            bytes.drain(..skipped.min(bytes.len()));
            Cow::Owned(bytes)
        }
    }
}

#[cfg(test)]
mod tests;
