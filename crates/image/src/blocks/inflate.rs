//! Decompression under a budget: so much a block, so much a picture.
#![warn(clippy::indexing_slicing)]

use std::io::Read;

use flate2::bufread::ZlibDecoder;

use super::Unread;
use crate::unbrotli;

/// The longest text that is inflated, in bytes. Workflows of hundreds of nodes reach half a megabyte; image-png has no cap
/// at all (image-png issue 696: 4.7 MB become 1 GiB).
const MAX_TEXT: u64 = 2 << 20;

/// What all compressed blocks of a picture may come to, in bytes.
const MAX_TOTAL: u64 = 8 << 20;

/// Brotli streams of a picture that are read, however short: for each, the decompressor takes a window of up to 16 MiB. Pictures
/// have one for XMP and one for EXIF.
const MAX_BROTLI: usize = 16;

/// What may still be decompressed.
#[derive(Debug)]
pub(super) struct Budget {
    left: u64,
    brotli_left: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            left: MAX_TOTAL,
            brotli_left: MAX_BROTLI,
        }
    }
}

impl Budget {
    /// Inflates zlib's form (RFC 1950); what comes out before a fault or the limit is kept.
    pub(super) fn inflate(&mut self, compressed: &[u8]) -> (Vec<u8>, Option<Unread>) {
        self.read(ZlibDecoder::new(compressed))
    }

    /// Decompresses Brotli (RFC 7932), as JPEG XL's `brob` boxes hold it.
    pub(super) fn unbrotli(&mut self, compressed: &[u8]) -> (Vec<u8>, Option<Unread>) {
        match self.brotli_left.checked_sub(1) {
            Some(left) => self.brotli_left = left,
            None => return (Vec::new(), Some(Unread::TooMany(MAX_BROTLI))),
        }
        match unbrotli(compressed) {
            Some(reader) => self.read(reader),
            None => (Vec::new(), Some(Unread::Damaged)),
        }
    }

    fn read(&mut self, reader: impl Read) -> (Vec<u8>, Option<Unread>) {
        let limit = self.left.min(MAX_TEXT);
        let mut out = Vec::new();
        let ended = reader.take(limit.saturating_add(1)).read_to_end(&mut out);
        let why = match ended {
            _ if out.len() as u64 > limit => Some(Unread::TooLong(limit)),
            Ok(_) => None,
            Err(_) => Some(Unread::Damaged),
        };
        out.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        self.left -= (out.len() as u64).min(self.left);
        (out, why)
    }
}
