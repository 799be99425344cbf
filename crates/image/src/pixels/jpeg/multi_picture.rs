//! The index of a multi-picture file (CIPA DC-007), such as of pictures with a gain map: its further pictures stand behind the
//! first one, and move with the end of it.
#![warn(clippy::indexing_slicing)]

use std::ops::Range;

use crate::bytes::{array, be16};

const APP2: u8 = 0xE2;
const NAME: &[u8] = b"MPF\0";
/// Tag and length of the list of pictures (5.2.3.3): attribute, size, offset, and two dependent pictures.
const LIST: u16 = 0xB002;
const LIST_ENTRY: usize = 16;
/// Tags of an index; there are five.
const MAX_TAGS: u16 = 16;

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
    let _ = try_correct(segment, moved);
}

fn try_correct(segment: &mut [u8], moved: Moved) -> Option<()> {
    let header = segment.get_mut(header(segment)?..)?;
    let order = Order::of(header)?;
    let directory = usize::try_from(order.int32(header, 4)?).ok()?;
    let tags = order.int16(header, directory)?.min(MAX_TAGS);
    let tag = (0..usize::from(tags))
        .map(|index| directory + 2 + 12 * index)
        .find(|at| order.int16(header, *at) == Some(LIST))?;
    let length = usize::try_from(order.int32(header, tag + 4)?).ok()?;
    let list = usize::try_from(order.int32(header, tag + 8)?).ok()?;
    let count = length.min(header.len()) / LIST_ENTRY;
    for entry in (0..count).map(|index| list + LIST_ENTRY * index) {
        match order.int32(header, entry + 8)? {
            0 => order.add(header, entry + 4, moved.end)?,
            _ => order.add(header, entry + 8, moved.end - moved.index)?,
        }
    }
    Some(())
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

/// The order of bytes in an index.
#[derive(Debug, Clone, Copy)]
enum Order {
    Little,
    Big,
}

impl Order {
    fn of(header: &[u8]) -> Option<Self> {
        match header {
            [b'I', b'I', 42, 0, ..] => Some(Self::Little),
            [b'M', b'M', 0, 42, ..] => Some(Self::Big),
            _ => None,
        }
    }

    fn int16(self, bytes: &[u8], at: usize) -> Option<u16> {
        be16(bytes, at).map(|value| match self {
            Self::Little => value.swap_bytes(),
            Self::Big => value,
        })
    }

    fn int32(self, bytes: &[u8], at: usize) -> Option<u32> {
        array(bytes, at).map(|value| match self {
            Self::Little => u32::from_le_bytes(value),
            Self::Big => u32::from_be_bytes(value),
        })
    }

    /// Adds to the integer of 32 bits that stands here.
    fn add(self, bytes: &mut [u8], at: usize, number: i64) -> Option<()> {
        let value = u32::try_from(i64::from(self.int32(bytes, at)?) + number).ok()?;
        let place: Range<usize> = at..at + 4;
        bytes.get_mut(place)?.copy_from_slice(&match self {
            Self::Little => value.to_le_bytes(),
            Self::Big => value.to_be_bytes(),
        });
        Some(())
    }
}
