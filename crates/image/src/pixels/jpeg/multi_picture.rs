//! The index of a multi-picture file (CIPA DC-007), such as of pictures with a gain map: its further pictures stand behind the
//! first one, and move with the end of it.
#![warn(clippy::indexing_slicing)]

use crate::tiff::{ByteOrder, Reader};

const APP2: u8 = 0xE2;
const NAME: &[u8] = b"MPF\0";
/// Tag and length of the list of pictures (5.2.3.3): attribute, size, offset, and two dependent pictures.
const LIST: u16 = 0xB002;
const LIST_ENTRY: usize = 16;
/// Tags of an index; there are five.
const MAX_TAGS: usize = 16;

/// By how many bytes what the index speaks of has moved.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moved {
    /// The end of the first picture, against its beginning.
    pub(super) end: i64,
    /// The index itself.
    pub(super) index: i64,
}

/// Whether a segment, from its marker on, is such an index.
pub(super) fn is_index(segment: &[u8]) -> bool {
    header(segment).is_some()
}

/// Corrects an index: the size of the first picture, and where the others begin, from the index's own header on. What cannot
/// be read stays as it is.
pub(super) fn correct(segment: &mut [u8], moved: Moved) {
    let Some(header) = header(segment).and_then(|at| segment.get_mut(at..)) else {
        return;
    };
    let Some((order, corrected)) = corrected(header, moved) else {
        return;
    };
    for (at, number) in corrected {
        if let Some(place) = header.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
            *place = match order {
                ByteOrder::Little => number.to_le_bytes(),
                ByteOrder::Big => number.to_be_bytes(),
            };
        }
    }
}

/// The numbers of an index that are others now, each with its place.
fn corrected(header: &[u8], moved: Moved) -> Option<(ByteOrder, Vec<(usize, u32)>)> {
    let (tiff, directory) = Reader::new(header)?;
    let directory = usize::try_from(directory).ok()?;
    let tags = usize::from(tiff.u16(directory)?).min(MAX_TAGS);
    let tag = (0..tags)
        .map(|index| directory + 2 + 12 * index)
        .find(|at| tiff.u16(*at) == Some(LIST))?;
    let length = usize::try_from(tiff.u32(tag + 4)?).ok()?;
    let list = usize::try_from(tiff.u32(tag + 8)?).ok()?;
    let count = length.min(header.len()) / LIST_ENTRY;
    let entries = (0..count).map(|index| list + LIST_ENTRY * index);
    let corrected = entries.map(|entry| {
        let (at, by) = match tiff.u32(entry + 8)? {
            0 => (entry + 4, moved.end),
            _ => (entry + 8, moved.end - moved.index),
        };
        Some((at, u32::try_from(i64::from(tiff.u32(at)?) + by).ok()?))
    });
    Some((tiff.order, corrected.collect::<Option<_>>()?))
}

/// Where the index's TIFF header stands in its segment.
fn header(segment: &[u8]) -> Option<usize> {
    // Fill bytes may stand before the marker.
    let fill = segment.iter().skip(1).take_while(|&&byte| byte == 0xFF).count();
    let marker = fill + 1;
    let name = marker + 3;
    let is_it = segment.get(marker) == Some(&APP2) && segment.get(name..)?.starts_with(NAME);
    is_it.then_some(name + NAME.len())
}
