//! The entries that Samsung's phones append to pictures (`SEFH` .. `SEFT`, as ExifTool's Samsung.pm describes them); two
//! tell of edits by generative AI.
#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;

use memchr::memmem;

use super::{BlockKind, Finder, Place, Unread};
use crate::bytes::le32;

const END: &[u8] = b"SEFT";
const START: &[u8] = b"SEFH";
/// The entries with JSON that tells of generative AI: how the picture was edited, and that a part of it was made so.
const NAMES: [&str; 2] = ["PhotoEditor_Re_Edit_Data", "PEg_Info"];
/// Entries that are looked at.
const MAX_ENTRIES: u32 = 64;
/// How far before the end of the file the trailer may end: programs that copy files add a line feed, or a part of their own.
const MAX_BEHIND: usize = 256 << 10;
/// Places that are tried: the four letters may stand in what is behind the trailer too.
const MAX_ENDS: usize = 16;

pub(super) fn find<'a>(bytes: &'a [u8], found: &mut Finder<'a>) {
    let nearest = bytes.len().saturating_sub(MAX_BEHIND);
    // Forwards, for that way the search is fast.
    let ends: Vec<usize> = memmem::find_iter(bytes.get(nearest..).unwrap_or_default(), END).collect();
    let last = ends.iter().rev().take(MAX_ENDS);
    let mut trailers = last.filter_map(|at| entries(bytes.get(..nearest + at + END.len())?));
    match trailers.next() {
        Some(texts) => {
            for (name, text) in texts {
                let kind = BlockKind::Text {
                    keyword: name.to_owned(),
                };
                found.add(kind, Place::SamsungTrailer(name.to_owned()), Cow::Borrowed(text));
            }
        }
        // Anywhere else the four letters alone may be of the picture.
        None if bytes.ends_with(END) => found.unread(Place::SamsungTrailer(String::new()), Unread::Damaged),
        None => {}
    }
}

/// The entries that are meant, by name, of a trailer at the end of these bytes; `None` where the directory is damaged.
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
