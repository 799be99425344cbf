//! Whether what a data hash leaves out is the manifest store, in formats where touchmark does not look for stores itself.
#![warn(clippy::indexing_slicing)]

use std::ops::Range;

use touchmark_image::{Format, SourceImage};

/// Directories of TIFF that are looked at; pages of a scanned book have one each.
const MAX_DIRECTORIES: usize = 1024;

/// Whether these ranges are the store, as c2pa read it, and in TIFF the length of it: nothing else is left out.
pub(super) fn are_the_store(exclusions: &[Range<usize>], store: &[u8], image: &SourceImage<'_>) -> bool {
    let mut length = match image.format() {
        Format::Tiff | Format::Dng => length_in_tiff(image.bytes()),
        _ => None,
    };
    let mut others = exclusions
        .iter()
        .filter(|range| length.take_if(|length| length == *range).is_none());
    match (others.next(), others.next()) {
        (None, _) => true,
        (Some(range), None) => holds_only(range, store, image),
        _ => false,
    }
}

fn holds_only(range: &Range<usize>, store: &[u8], image: &SourceImage<'_>) -> bool {
    /// For the name of what it stands in.
    const WRAPPING: usize = 128;
    match image.format() {
        Format::Tiff | Format::Dng | Format::Pdf => image.bytes().get(range.clone()) == Some(store),
        // In SVG as Base64, in GIF in blocks of 255 bytes.
        _ => range.len() <= store.len().div_ceil(3).saturating_mul(4).saturating_add(WRAPPING),
    }
}

/// Where the directory entry of the store counts its bytes, which is written after the hash (C2PA 2.2, A.3.4; TIFF 6.0,
/// section 2). None for BigTIFF.
fn length_in_tiff(bytes: &[u8]) -> Option<Range<usize>> {
    const STORE_TAG: u16 = 0xCD41;
    const ENTRY: usize = 12;
    let little = match bytes.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let int16 = |at: usize| {
        let field = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little {
            u16::from_le_bytes(field)
        } else {
            u16::from_be_bytes(field)
        })
    };
    let int32 = |at: usize| {
        let field = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        let value = if little {
            u32::from_le_bytes(field)
        } else {
            u32::from_be_bytes(field)
        };
        usize::try_from(value).ok()
    };
    let (mut directory, mut found) = (int32(4)?, None);
    for _ in 0..MAX_DIRECTORIES {
        let entries = directory + 2;
        let Some(count) = int16(directory).filter(|_| directory > 0) else {
            break;
        };
        for entry in 0..usize::from(count) {
            let at = entries + entry * ENTRY;
            // The last one counts (C2PA 2.2, A.3.4).
            if int16(at) == Some(STORE_TAG) {
                found = Some(at + 4..at + 8);
            }
        }
        directory = int32(entries + usize::from(count) * ENTRY)?;
    }
    found
}

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "ranges of bytes are what is meant")]
mod tests {
    use touchmark_image::Limits;

    use super::*;

    /// One directory with one entry, and eight bytes.
    fn tiff(order: [u8; 2]) -> Vec<u8> {
        let little = order == *b"II";
        let int16 = |value: u16| {
            if little {
                value.to_le_bytes()
            } else {
                value.to_be_bytes()
            }
        };
        let int32 = |value: u32| {
            if little {
                value.to_le_bytes()
            } else {
                value.to_be_bytes()
            }
        };
        [
            &order[..],
            &int16(42),
            &int32(8),
            &int16(1),
            &int16(0xCD41),
            &int16(7),
            &int32(8),
            &int32(26),
            &int32(0),
            b"0123\x41\xCD\x07\x0089",
        ]
        .concat()
    }

    #[test]
    fn the_store_and_its_length_are_all_that_tiff_may_leave_out() {
        for order in [*b"II", *b"MM"] {
            let file = tiff(order);
            let image = SourceImage::parse(&file, &Limits::default()).unwrap();
            let store = b"0123\x41\xCD\x07\0";
            let is = |exclusions: &[Range<usize>]| are_the_store(exclusions, store, &image);
            assert!(is(&[14..18, 26..34]) && is(&[26..34]) && is(&[14..18]));
            assert!(!is(&[14..18, 14..18, 26..34]), "once");
            assert!(!is(&[14..18, 26..35]), "longer than the store");
            assert!(!is(&[26..34, 34..36]), "what only looks like an entry is before it");
            assert!(!is(&[10..14, 26..34]), "the tag itself");
        }
    }

    #[test]
    fn directories_in_a_circle_end() {
        let mut file = tiff(*b"II");
        file[22] = 8;
        assert_eq!(length_in_tiff(&file), Some(14..18));
    }
}
