//! Whether c2pa can read a file on ISO base media in bearable time and memory: 0.91 takes each box into a list by passing over
//! all that it holds already, and does so again for each map of a hash's tree, so that half a megabyte costs it minutes; and
//! it makes a range of each box for each exclusion that names it. And in JPEG XL, it decompresses boxes under any window.
#![warn(clippy::indexing_slicing)]

use coset::cbor::Value;
use memchr::memmem;
use touchmark_image::has_large_window;

use super::boxes::{Boxes, expand};
use super::cbor::{self, list};
use crate::names::label;

/// Steps over boxes side by side that it may take: those of 16,384 in one place, some two seconds. A film of four hours in
/// fragments of two seconds has 14,400.
const MAX_STEPS: u64 = 16_384 * 16_384 / 2;

/// Exclusions and maps of all hashes that may be met at so many steps: c2pa writes five, and a map for each track.
const USUAL_ENTRIES: u64 = 16;

/// Deeper boxes it refuses itself.
const MAX_DEPTH: usize = 32;

/// The boxes that it looks into.
const CONTAINERS: [&[u8; 4]; 16] = [
    b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf", b"edts", b"udta", b"dinf", b"tref", b"treg",
    b"mvex", b"mfra", b"meta", b"schi",
];

/// Whether walking its boxes, for each entry of the hashes in its stores, takes c2pa more steps than any file needs.
pub(super) fn is_too_much<'a>(file: &[u8], stores: impl Iterator<Item = &'a [u8]>) -> bool {
    let mut left = MAX_STEPS;
    if walk(file, 0, &mut left).is_none() {
        return true;
    }
    let entries: u64 = stores.map(entries_of_hashes).fold(0, u64::saturating_add);
    entries > USUAL_ENTRIES && (MAX_STEPS - left).saturating_mul(entries) > MAX_STEPS
}

/// Whether c2pa may take a GiB for the window of a compressed box of JPEG XL, of which it decompresses each in its search for XMP.
/// They are looked for at any place: c2pa passes over damage at which our walk ends.
pub(super) fn has_too_large_window(file: &[u8]) -> bool {
    memmem::find_iter(file, b"brob").any(|at| {
        // Of the box of a manifest, the stream comes at once; of others, behind the type, and behind a length of 64 bits.
        let has_long_length = at.checked_sub(4).and_then(|length| file.get(length..at)) == Some(&[0, 0, 0, 1]);
        let starts = [Some(at + 4), Some(at + 8), has_long_length.then_some(at + 16)];
        let mut streams = starts.into_iter().flatten().filter_map(|start| file.get(start..));
        streams.any(has_large_window)
    })
}

/// Exclusions, what they compare, and maps of trees in all the hashes over boxes in a store; of one that cannot be walked, as
/// many as it has room for.
fn entries_of_hashes(store: &[u8]) -> u64 {
    let expanded = expand(store);
    let Ok(boxes) = Boxes::parse(store, &expanded) else {
        return store.len() as u64;
    };
    let assertions = boxes
        .manifests()
        .iter()
        .filter_map(|manifest| manifest.child(label::ASSERTION_STORE));
    assertions
        .flat_map(|assertions| assertions.children())
        .filter(|assertion| assertion.label.starts_with(label::BMFF_HASHES_PREFIX))
        .map(|assertion| match cbor::content(&assertion) {
            Some(hash) => entries(&hash),
            None => assertion.payload.len() as u64,
        })
        .fold(0, u64::saturating_add)
}

fn entries(hash: &Value) -> u64 {
    let exclusions = list(hash, "exclusions").iter();
    let excluded: usize = exclusions
        .map(|exclusion| 1 + list(exclusion, "subset").len() + list(exclusion, "data").len())
        .sum();
    (excluded + list(hash, "merkle").len()) as u64
}

/// Walks boxes as c2pa does, damaged ones included. `None` where there are no steps left.
fn walk(bytes: &[u8], depth: usize, left: &mut u64) -> Option<()> {
    let (mut at, mut boxes) = (0_usize, 0_u64);
    while let Some(header) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let [a, b, c, d, kind @ ..] = *header;
        let (header_len, length) = match u32::from_be_bytes([a, b, c, d]) {
            1 => {
                let length = bytes.get(at + 8..).and_then(<[u8]>::first_chunk::<8>);
                (16, length.map(|length| u64::from_be_bytes(*length)))
            }
            0 => (8, Some(u64::MAX)),
            length => (8, Some(length.into())),
        };
        match length {
            // Ends the file's boxes, and within others is passed over.
            None | Some(0) if depth == 0 => return Some(()),
            None | Some(0) => at += header_len,
            Some(length) => {
                boxes += 1;
                *left = left.checked_sub(boxes)?;
                let end =
                    usize::try_from(length).map_or(bytes.len(), |length| at.saturating_add(length).min(bytes.len()));
                if CONTAINERS.contains(&&kind) && depth < MAX_DEPTH {
                    // `meta` has four bytes in front, or not.
                    let start = at + header_len;
                    let has_version = kind == *b"meta" && bytes.get(start + 4..start + 8) != Some(b"hdlr");
                    let start = if has_version { start + 4 } else { start };
                    walk(bytes.get(start..end).unwrap_or_default(), depth + 1, left)?;
                }
                at = end;
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_too_much(file: &[u8]) -> bool {
        super::is_too_much(file, std::iter::empty())
    }

    fn boxed(kind: &[u8; 4], payload: &[u8]) -> Vec<u8> {
        [&(payload.len() as u32 + 8).to_be_bytes()[..], kind, payload].concat()
    }

    #[test]
    fn many_boxes_side_by_side_are_too_much_wherever_they_are() {
        let empty = |count: usize| boxed(b"free", b"").repeat(count);
        assert!(!is_too_much(&empty(16_000)) && is_too_much(&empty(17_000)));
        let inside = |kinds: &[&[u8; 4]], inner: &[u8]| {
            kinds
                .iter()
                .rev()
                .fold(inner.to_vec(), |inner, kind| boxed(kind, &inner))
        };
        assert!(is_too_much(&inside(&[b"moov", b"udta"], &empty(17_000))));
        assert!(is_too_much(&inside(
            &[b"meta"],
            &[&[0; 4][..], &empty(17_000)].concat()
        )));
        assert!(!is_too_much(&inside(&[b"mdat"], &empty(17_000))));
        assert!(is_too_much(&boxed(b"moof", &empty(8_000)).repeat(5)));
    }

    #[test]
    fn headers_that_c2pa_passes_over_hide_none() {
        let empty = boxed(b"free", b"").repeat(17_000);
        let nothing = b"\0\0\0\x01free\0\0\0\0\0\0\0\0";
        assert!(is_too_much(&boxed(b"moov", &[&nothing[..], &empty].concat())));
        assert!(!is_too_much(&[&nothing[..], &empty].concat()), "the end");
        assert!(
            is_too_much(&boxed(b"moov", &[0, 0, 0, 4].repeat(70_000))),
            "shorter than a header"
        );
        assert!(!is_too_much(&boxed(b"moov", b"\0\0\0\x01free\0\0\0\0")));
    }

    #[test]
    fn large_windows_are_found_wherever_a_box_may_be_read() {
        let brob = |payload: &[u8]| boxed(b"brob", payload);
        assert!(has_too_large_window(&brob(b"xml \x11\x1E")));
        assert!(has_too_large_window(&brob(b"\x11\x1E")), "of a manifest");
        let long = [b"\0\0\0\x01brob\0\0\0\0\0\0\0\x16", &b"Exif\x11\x1E"[..]].concat();
        assert!(has_too_large_window(&long));
        assert!(has_too_large_window(
            &[&[0, 0, 0, 2][..], &brob(b"xml \x11\x1E")].concat()
        ));
        assert!(!has_too_large_window(&brob(b"xml \x30\0\x10<x/>\x03")));
        assert!(!has_too_large_window(&brob(b"xml \x30\0\x10<x/>\x11\x11\x11\x03")));
    }

    #[test]
    fn entries_of_a_hash_are_counted() {
        let map = |entries: Vec<(&str, Value)>| {
            Value::Map(entries.into_iter().map(|(name, value)| (name.into(), value)).collect())
        };
        let exclusion = map(vec![("xpath", "/free".into()), ("data", vec![Value::Null; 2].into())]);
        let hash = map(vec![
            ("exclusions", vec![exclusion; 3].into()),
            ("merkle", vec![Value::Null; 4].into()),
        ]);
        assert_eq!(entries(&hash), 13);
        assert_eq!(entries(&Value::Null), 0);
        // A store that cannot be walked has as many as it has bytes.
        let boxes = boxed(b"free", b"").repeat(8_000);
        assert!(super::is_too_much(&boxes, [&[1; 17][..]].into_iter()));
        assert!(!super::is_too_much(&boxes, [&[1; 16][..]].into_iter()));
        assert!(!super::is_too_much(&boxes[..800], [&[1; 17][..]].into_iter()));
    }
}
