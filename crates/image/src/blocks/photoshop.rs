//! Photoshop's image resources (Adobe Photoshop File Formats, "Image Resource Blocks"), of which one holds IPTC-IIM.
#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;
use std::ops::Range;

use super::{BlockKind, Finder, Place, Unread};
use crate::bytes::{be16, be32};

/// What stands before the resources in JPEG's APP13.
pub(crate) const NAME: &[u8] = b"Photoshop 3.0\0";
const SIGNATURE: &[u8] = b"8BIM";
/// The resource that holds IPTC-IIM.
const IPTC: u16 = 0x0404;
/// The resources that are looked at; Photoshop writes some fifty.
const MAX_RESOURCES: usize = 1024;

/// Lists the IPTC-IIM among these resources.
pub(super) fn find<'a>(resources: Cow<'a, [u8]>, place: &Place, found: &mut Finder<'a>) {
    let (ranges, why) = iptc(&resources);
    if let Some(why) = why {
        found.unread(place.clone(), why);
    }
    for range in ranges {
        let bytes = match &resources {
            Cow::Borrowed(bytes) => Cow::Borrowed(bytes.get(range).unwrap_or_default()),
            Cow::Owned(bytes) => Cow::Owned(bytes.get(range).unwrap_or_default().to_vec()),
        };
        found.add(BlockKind::Iptc, place.clone(), bytes);
    }
}

/// Where IPTC-IIM lies in a run of resources, and why not all was looked at.
pub(crate) fn iptc(resources: &[u8]) -> (Vec<Range<usize>>, Option<Unread>) {
    let mut ranges = Vec::new();
    let mut at = 0;
    for _ in 0..MAX_RESOURCES {
        let rest = resources.get(at..).unwrap_or_default();
        // Padding may follow the last one.
        if rest.iter().take(4).all(|byte| *byte == 0) {
            return (ranges, None);
        }
        let Some((id, data)) = resource(rest) else {
            return (ranges, Some(Unread::Damaged));
        };
        let next = at + data.end.next_multiple_of(2);
        if data.end > rest.len() {
            return (ranges, Some(Unread::Damaged));
        }
        if id == IPTC {
            ranges.push(at + data.start..at + data.end);
        }
        at = next;
    }
    (ranges, Some(Unread::TooMany(MAX_RESOURCES)))
}

/// The number of the resource that begins here, and where its data lies.
fn resource(bytes: &[u8]) -> Option<(u16, Range<usize>)> {
    bytes.starts_with(SIGNATURE).then_some(())?;
    let id = be16(bytes, 4)?;
    // A name with its length before it, padded to an even number of bytes.
    let name = usize::from(*bytes.get(6)?);
    let size_at = 6 + (name + 1).next_multiple_of(2);
    let size = usize::try_from(be32(bytes, size_at)?).ok()?;
    let start = size_at + 4;
    Some((id, start..start.checked_add(size)?))
}
