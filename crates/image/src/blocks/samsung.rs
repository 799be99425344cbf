//! The entries that Samsung's phones append to pictures (`SEFH` .. `SEFT`, as ExifTool's Samsung.pm describes them); one
//! tells of edits by generative AI.
#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;

use super::{BlockKind, Finder, Place, Unread};
use crate::bytes::le32;

const END: &[u8] = b"SEFT";
const START: &[u8] = b"SEFH";
/// The entry that tells how the picture was edited, as JSON.
const EDITS: &[u8] = b"PhotoEditor_Re_Edit_Data";
/// Entries that are looked at.
const MAX_ENTRIES: u32 = 64;

pub(super) fn find<'a>(bytes: &'a [u8], found: &mut Finder<'a>) {
    if !bytes.ends_with(END) {
        return;
    }
    let name = String::from_utf8_lossy(EDITS).into_owned();
    let place = Place::SamsungTrailer(name.clone());
    match entries(bytes) {
        Some(texts) => {
            for text in texts {
                let kind = BlockKind::Text { keyword: name.clone() };
                found.add(kind, place.clone(), Cow::Borrowed(text));
            }
        }
        None => found.unread(place, Unread::Damaged),
    }
}

/// The edits among the entries; `None` where the directory is damaged.
fn entries(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    // The length of the directory stands before the last four letters.
    let length_at = bytes.len().checked_sub(8)?;
    let directory_at = length_at.checked_sub(usize::try_from(le32(bytes, length_at)?).ok()?)?;
    let directory = bytes.get(directory_at..length_at)?.strip_prefix(START)?;
    let count = le32(directory, 4)?.min(MAX_ENTRIES);
    let mut texts = Vec::new();
    for index in 0..count {
        let entry = 8 + 12 * usize::try_from(index).ok()?;
        let back = usize::try_from(le32(directory, entry + 4)?).ok()?;
        let length = usize::try_from(le32(directory, entry + 8)?).ok()?;
        let start = directory_at.checked_sub(back)?;
        let block = bytes.get(start..start.checked_add(length)?)?;
        // A type, the length of the name, the name, then the data.
        let name_len = usize::try_from(le32(block, 4)?).ok()?;
        let (name, data) = block.get(8..)?.split_at_checked(name_len)?;
        if name == EDITS {
            texts.push(data);
        }
    }
    Some(texts)
}
