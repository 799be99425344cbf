//! The chunks of a WebP file that hold EXIF and XMP (RFC 9649, 2.7.1.5).
#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;

use super::{BlockKind, Finder, Place, Unread};
use crate::Format;
use crate::bytes::{array, le32};
use crate::webp::{C2PA, FILE_HEADER, XMP_OF_MAGICK};

/// The chunks of WebP (RFC 9649, 2.6 and 2.7), and those that others put into it.
const CHUNKS: [[u8; 4]; 11] = [
    *b"VP8 ",
    *b"VP8L",
    *b"VP8X",
    *b"ANIM",
    *b"ANMF",
    *b"ALPH",
    *b"ICCP",
    *b"EXIF",
    *b"XMP ",
    *XMP_OF_MAGICK,
    C2PA,
];

pub(super) fn find<'a>(bytes: &'a [u8], found: &mut Finder<'a>) {
    let stated = le32(bytes, 4).map_or(0, |length| u64::from(length) + 8);
    // Where the header is wrong, the picture ends with the last chunk that WebP knows: other readers read those too.
    let mut end = usize::try_from(stated.next_multiple_of(2)).unwrap_or(usize::MAX);
    let mut at = FILE_HEADER;
    for _ in 0..found.limits.max_segments {
        if at >= bytes.len() {
            found.behind_end(bytes.get(end..).unwrap_or_default());
            // Whole chunks may be missing; the pad byte of the last one often is.
            found.blocks.is_cut_off |= stated > bytes.len() as u64 + 1;
            return;
        }
        let (Some(kind), Some(length)) = (array::<4>(bytes, at), le32(bytes, at + 4)) else {
            // A pad byte, or what is left of one.
            found.behind_end(bytes.get(end..).unwrap_or_default());
            return;
        };
        let start = at + 8;
        let data_end = usize::try_from(length)
            .ok()
            .and_then(|length| start.checked_add(length));
        let is_known = CHUNKS.contains(&kind);
        let Some((data, data_end)) = data_end.and_then(|end| Some((bytes.get(start..end)?, end))) else {
            match at < end || is_known {
                true => found.unread(Place::WebpChunk(kind), Unread::Truncated),
                false => found.behind_end(bytes.get(end..).unwrap_or_default()),
            }
            return;
        };
        if is_known {
            end = end.max(data_end.next_multiple_of(2));
        }
        match &kind {
            b"EXIF" => found.add(BlockKind::Exif, Place::WebpChunk(kind), Cow::Borrowed(data)),
            b"XMP " | XMP_OF_MAGICK => found.add(BlockKind::Xmp, Place::WebpChunk(kind), Cow::Borrowed(data)),
            _ => {}
        }
        at = data_end.next_multiple_of(2);
    }
    found.behind_end(bytes.get(end..).unwrap_or_default());
    let limit = usize::try_from(found.limits.max_segments).unwrap_or(usize::MAX);
    found.unread(Place::File(Format::WebP), Unread::TooMany(limit));
}
