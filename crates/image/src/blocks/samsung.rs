//! The entries that Samsung's phones append to pictures (`SEFH` .. `SEFT`, as ExifTool's Samsung.pm describes them); two
//! tell of edits by generative AI.
#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;

use super::{BlockKind, Finder, Place, Unread};
use crate::bytes::le32;

const END: &[u8] = b"SEFT";
const START: &[u8] = b"SEFH";
/// The entries with JSON that tells of generative AI: how the picture was edited, and that a part of it was made so.
const NAMES: [&str; 2] = ["PhotoEditor_Re_Edit_Data", "PEg_Info"];
/// Entries that are looked at.
const MAX_ENTRIES: u32 = 64;

pub(super) fn find<'a>(bytes: &'a [u8], found: &mut Finder<'a>) {
    if !bytes.ends_with(END) {
        return;
    }
    match entries(bytes) {
        Some(texts) => {
            for (name, text) in texts {
                let kind = BlockKind::Text {
                    keyword: name.to_owned(),
                };
                found.add(kind, Place::SamsungTrailer(name.to_owned()), Cow::Borrowed(text));
            }
        }
        None => found.unread(Place::SamsungTrailer(String::new()), Unread::Damaged),
    }
}

/// The entries that are meant, by name; `None` where the directory is damaged.
fn entries(bytes: &[u8]) -> Option<Vec<(&'static str, &[u8])>> {
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
        if let Some(known) = NAMES.into_iter().find(|known| known.as_bytes() == name) {
            texts.push((known, data));
        }
    }
    Some(texts)
}
