//! The chunks of a WebP file that hold EXIF and XMP (RFC 9649, 2.7.1.5).
#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;

use super::{BlockKind, Finder, Place, Unread};
use crate::Format;
use crate::bytes::{array, le32};
use crate::webp::{FILE_HEADER, XMP_OF_MAGICK};

pub(super) fn find<'a>(bytes: &'a [u8], found: &mut Finder<'a>) {
    let stated = le32(bytes, 4).map_or(0, |length| u64::from(length) + 8);
    if let Ok(end) = usize::try_from(stated.next_multiple_of(2)) {
        found.behind_end(bytes.get(end..).unwrap_or_default());
    }
    // Chunks behind the end that the header states are read too: other readers do.
    let mut at = FILE_HEADER;
    for _ in 0..found.limits.max_segments {
        if at >= bytes.len() {
            // Whole chunks may be missing; the pad byte of the last one often is.
            found.blocks.is_cut_off |= stated > bytes.len() as u64 + 1;
            return;
        }
        let (Some(kind), Some(length)) = (array::<4>(bytes, at), le32(bytes, at + 4)) else {
            // A pad byte, or what is left of one.
            return;
        };
        let start = at + 8;
        let end = usize::try_from(length)
            .ok()
            .and_then(|length| start.checked_add(length));
        let Some((data, end)) = end.and_then(|end| Some((bytes.get(start..end)?, end))) else {
            found.unread(Place::WebpChunk(kind), Unread::Truncated);
            return;
        };
        match &kind {
            b"EXIF" => found.add(BlockKind::Exif, Place::WebpChunk(kind), Cow::Borrowed(data)),
            b"XMP " | XMP_OF_MAGICK => found.add(BlockKind::Xmp, Place::WebpChunk(kind), Cow::Borrowed(data)),
            _ => {}
        }
        at = end.next_multiple_of(2);
    }
    let limit = usize::try_from(found.limits.max_segments).unwrap_or(usize::MAX);
    found.unread(Place::File(Format::WebP), Unread::TooMany(limit));
}
