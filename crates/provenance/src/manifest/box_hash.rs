//! Whether the boxes that c2pa finds in a file are all of it (`c2pa.hash.boxes`; C2PA 2.2, 18.7): between them, and in what
//! it takes for one, bytes may stand that nothing protects.
#![warn(clippy::indexing_slicing)]

use std::ops::Range;

use touchmark_image::{Container, Format, SourceImage};

/// Whether every byte is in a box that such a hash knows, the stores in sound boxes of their own. Of WebP, TIFF and films it
/// is not known.
pub(super) fn covers(image: &SourceImage<'_>, container: Option<&Container>) -> bool {
    let bytes = image.bytes();
    let stores = container
        .map(|container| container.stores.as_slice())
        .unwrap_or_default();
    if stores.iter().any(|store| !store.defects.is_empty()) {
        return false;
    }
    let ranges: Vec<Range<usize>> = stores.iter().flat_map(|store| store.ranges.iter().cloned()).collect();
    // What follows the end, c2pa wants to be listed and hashed as a box of its own.
    match image.format() {
        Format::Jpeg => is_covered_jpeg(bytes, &ranges),
        // Its strict walk leaves no room between chunks.
        Format::Png => container.is_some(),
        Format::Gif | Format::JpegXl => image.is_gapless(),
        _ => false,
    }
}

/// Whether the segments of a JPEG stand close (ITU-T T.81, annex B), and no other APP11 can be taken for a part of a store.
fn is_covered_jpeg(bytes: &[u8], stores: &[Range<usize>]) -> bool {
    let instance = |range: &Range<usize>| bytes.get(range.start + 6..range.start + 8);
    let of_stores: Vec<Option<&[u8]>> = stores.iter().map(instance).collect();
    let is_another = |segment: Range<usize>| {
        /// Common identifier, box instance number, packet sequence number, the header of a box, and a byte: c2pa passes over
        /// what is shorter.
        const SHORTEST: usize = 4 + 17;
        segment.len() >= SHORTEST
            && bytes.get(segment.start + 4..segment.start + 6) == Some(b"JP")
            && !of_stores.contains(&instance(&segment))
    };
    let walk = || {
        let mut at = bytes.strip_prefix(b"\xFF\xD8").map(|_| 2)?;
        loop {
            let marker = match bytes.get(at..at + 2)? {
                [0xFF, 0xD9] => return Some(()),
                // Fill bytes, and markers that have no segment.
                [0xFF, 0x00 | 0x01 | 0xD0..=0xD8 | 0xFF] => return None,
                [0xFF, marker] => *marker,
                _ => return None,
            };
            let length = u16::from_be_bytes(bytes.get(at + 2..at + 4)?.try_into().ok()?);
            let end = at + 2 + usize::from(length);
            let is_store = || stores.iter().any(|store| store.start <= at && end <= store.end);
            if marker == 0xEB && !is_store() && !is_another(at..end) {
                return None;
            }
            at = end;
            if marker == 0xDA {
                at += scan(bytes.get(at..)?)?;
            }
        }
    };
    walk().is_some()
}

/// How long the coded data are; `None` where they hold fill bytes, which readers take for different things.
fn scan(bytes: &[u8]) -> Option<usize> {
    for at in memchr::memchr_iter(0xFF, bytes) {
        match *bytes.get(at + 1)? {
            0x00 | 0xD0..=0xD7 => {}
            0xFF => return None,
            _ => return Some(at),
        }
    }
    None
}

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "ranges of bytes are what is meant")]
mod tests {
    use touchmark_image::Limits;

    use super::*;

    #[test]
    fn bytes_outside_the_segments_of_jpeg_are_found() {
        let jpeg = |parts: &[&[u8]]| [b"\xFF\xD8", &parts.concat()[..], b"\xFF\xD9"].concat();
        let scan = b"\xFF\xDA\0\x02\x12\xFF\0\xFF\xD0\x34";
        let store = b"\xFF\xEB\0\x12JP\x02\x11\0\0\0\x01\0\0\0\x08jumb";
        let other = b"\xFF\xEB\0\x13JP\x02\x12\0\0\0\x01\0\0\0\x09jumb\0";
        let short = b"\xFF\xEB\0\x12JP\x02\x12\0\0\0\x01\0\0\0\x08jumb";
        let is_covered = |parts: &[&[u8]]| is_covered_jpeg(&jpeg(parts), &[7..27]);
        let first = b"\xFF\xE0\0\x03a";
        assert!(is_covered(&[first, store, scan]) && is_covered(&[first, store, other, scan]));
        for parts in [
            &[&first[..], store, b"hidden", scan][..],
            &[first, store, b"\xFF\xFF\xE0\0\x03a", scan],
            &[first, store, b"\xFF\xDA\0\x02\x12\xFF\xFF\0\x34"],
            &[first, store, store, scan],
            &[first, store, short, scan],
            &[first, store, b"\xFF\xEB\0\x04JP", scan],
            &[first, store, b"\xFF\xE0\xFF\xFFa"],
        ] {
            assert!(!is_covered(parts), "{parts:?}");
        }
    }

    #[test]
    fn files_of_other_formats_have_no_gaps() {
        let jxl = b"\0\0\0\x0CJXL \r\n\x87\n\0\0\0\x0Bjxlc\xFF\x0A\0";
        let covered = |bytes: &[u8]| covers(&SourceImage::parse(bytes, &Limits::default()).unwrap(), None);
        assert!(covered(jxl) && !covered(&jxl[..jxl.len() - 5]));
        assert!(!covered(b"RIFF\0\0\0\0WEBP"));
    }
}
