//! Metadata in pictures on ISO base media: the items of AVIF and HEIF (ISO/IEC 23008-12), the boxes of JPEG XL (ISO/IEC
//! 18181-2).
#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;

use super::{BlockKind, Finder, Place, Unread};
use crate::Format;
use crate::bmff::{Extents, IsoBox, IsoBoxes, MAX_ENTRIES, Within, each_location};
use crate::bytes::{be16, be32};

/// Items of metadata that are looked at in one file; each may have to be put together.
const MAX_ITEMS: usize = 64;
/// The box that holds XMP outside of items (XMP part 3, 1.1.4).
const XMP_UUID: [u8; 16] = *b"\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC";
/// The media type of an XMP item.
const XMP_TYPE: &[u8] = b"application/rdf+xml";
/// In front of EXIF stands where in it the TIFF header begins (ISO/IEC 23008-12, A.2.1).
const EXIF_OFFSET: usize = 4;

/// Lists the items of an AVIF or HEIF file that hold metadata.
pub(super) fn find_items<'a>(bytes: &'a [u8], format: Format, found: &mut Finder<'a>) {
    let mut left = MAX_ITEMS;
    each_box(bytes, format, found, |inner, found| match &inner.kind {
        b"meta" if read_meta(bytes, inner.payload, format, &mut left, found).is_none() => {
            found.unread(place(format, inner.kind), Unread::Damaged);
        }
        b"uuid" => find_packet(inner, format, found),
        _ => {}
    });
}

/// Lists the XMP packet that a box of its own holds.
pub(super) fn find_packet<'a>(inner: &IsoBox<'a>, format: Format, found: &mut Finder<'a>) {
    if let Some(packet) = inner.payload.strip_prefix(&XMP_UUID) {
        found.add(BlockKind::Xmp, place(format, inner.kind), Cow::Borrowed(packet));
    }
}

/// Lists the boxes of a JPEG XL file that hold metadata; a bare codestream has none.
pub(super) fn find_boxes<'a>(bytes: &'a [u8], found: &mut Finder<'a>) {
    if bytes.starts_with(&[0xFF, 0x0A]) {
        return;
    }
    each_box(bytes, Format::JpegXl, found, |inner, found| {
        let place = place(Format::JpegXl, inner.kind);
        match (&inner.kind, inner.payload) {
            (b"xml ", packet) => found.add(BlockKind::Xmp, place, Cow::Borrowed(packet)),
            (b"Exif", payload) => {
                if let Some(exif) = exif(payload) {
                    found.add(BlockKind::Exif, place, Cow::Borrowed(exif));
                }
            }
            (b"brob", [b'x', b'm', b'l', b' ', compressed @ ..]) => {
                if let Some(packet) = found.unbrotlied(&place, compressed) {
                    found.add(BlockKind::Xmp, place, Cow::Owned(packet));
                }
            }
            (b"brob", [b'E', b'x', b'i', b'f', compressed @ ..]) => {
                let payload = found.unbrotlied(&place, compressed).unwrap_or_default();
                if let Some(exif) = exif(&payload) {
                    found.add(BlockKind::Exif, place, Cow::Owned(exif.to_vec()));
                }
            }
            _ => {}
        }
    });
}

/// The boxes of a file, one after the other, under the limits.
pub(super) fn each_box<'a>(
    bytes: &'a [u8],
    format: Format,
    found: &mut Finder<'a>,
    mut look: impl FnMut(&IsoBox<'a>, &mut Finder<'a>),
) {
    let mut boxes = IsoBoxes::new(bytes);
    let most = usize::try_from(found.limits.max_segments).unwrap_or(usize::MAX);
    for inner in boxes.by_ref().take(most) {
        look(&inner, found);
    }
    if boxes.next().is_some() {
        found.unread(Place::File(format), Unread::TooMany(most));
    }
    if boxes.is_truncated() {
        found.unread(Place::File(format), Unread::Truncated);
    }
}

pub(super) fn place(format: Format, kind: [u8; 4]) -> Place {
    Place::Box { format, kind }
}

/// EXIF behind the offset of its TIFF header.
fn exif(payload: &[u8]) -> Option<&[u8]> {
    let skipped = usize::try_from(be32(payload, 0)?).ok()?;
    payload.get(EXIF_OFFSET.checked_add(skipped)?..)
}

/// What an item of metadata is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Item {
    Exif,
    Xmp,
}

/// Reads the item tables, and as many items as are `left` to be looked at; `None` where they are damaged.
fn read_meta<'a>(
    file: &'a [u8],
    meta: &'a [u8],
    format: Format,
    left: &mut usize,
    found: &mut Finder<'a>,
) -> Option<()> {
    // Version and flags.
    let children = meta.get(4..)?;
    let child = |kind: &[u8; 4]| IsoBoxes::new(children).take(64).find(|inner| inner.kind == *kind);
    let Some(infos) = child(b"iinf") else {
        return Some(());
    };
    let items = items(infos.payload)?;
    if items.is_empty() {
        return Some(());
    }
    let data = child(b"idat").map(|inner| inner.payload).unwrap_or_default();
    let places = locations(child(b"iloc")?.payload, &items)?;
    for (item, extents) in places {
        let (kind, name) = match item {
            Item::Exif => (BlockKind::Exif, *b"Exif"),
            Item::Xmp => (BlockKind::Xmp, *b"mime"),
        };
        let place = place(format, name);
        let Some(others) = left.checked_sub(1) else {
            found.unread(place, Unread::TooMany(MAX_ITEMS));
            break;
        };
        *left = others;
        let source = match extents.within {
            Within::File => file,
            Within::Data => data,
            Within::Items => {
                found.unread(place, Unread::Unsupported);
                continue;
            }
        };
        let Some(bytes) = extents.join(source) else {
            let why = match extents.within {
                Within::File => Unread::Truncated,
                Within::Data | Within::Items => Unread::Damaged,
            };
            found.unread(place, why);
            continue;
        };
        let bytes = match (item, bytes) {
            (Item::Xmp, bytes) => Some(bytes),
            (Item::Exif, Cow::Borrowed(bytes)) => exif(bytes).map(Cow::Borrowed),
            (Item::Exif, Cow::Owned(bytes)) => exif(&bytes).map(|exif| Cow::Owned(exif.to_vec())),
        };
        match bytes {
            Some(bytes) => found.add(kind, place, bytes),
            None => found.unread(place, Unread::Damaged),
        }
    }
    Some(())
}

/// The numbers of the items that hold metadata (ISO/IEC 14496-12, 8.11.6).
fn items(iinf: &[u8]) -> Option<Vec<(u32, Item)>> {
    let version = *iinf.first()?;
    let children = match version {
        0 => iinf.get(6..)?,
        _ => iinf.get(8..)?,
    };
    let mut items = Vec::new();
    for entry in IsoBoxes::new(children).take(MAX_ENTRIES as usize) {
        if items.len() > MAX_ITEMS {
            break;
        }
        let infe = entry.payload;
        let (id, rest) = match (&entry.kind, infe.first()) {
            (b"infe", Some(2)) => (be16(infe, 4)?.into(), infe.get(8..)?),
            (b"infe", Some(3)) => (be32(infe, 4)?, infe.get(10..)?),
            _ => continue,
        };
        match rest {
            [b'E', b'x', b'i', b'f', ..] => items.push((id, Item::Exif)),
            [b'm', b'i', b'm', b'e', rest @ ..] => {
                let mut texts = rest.split(|byte| *byte == 0);
                let (_name, content_type) = (texts.next(), texts.next().unwrap_or_default());
                // An encoding of the content would follow; no writer of XMP uses one.
                if content_type == XMP_TYPE {
                    items.push((id, Item::Xmp));
                }
            }
            _ => {}
        }
    }
    Some(items)
}

/// Finds these items in the table of locations.
fn locations(iloc: &[u8], items: &[(u32, Item)]) -> Option<Vec<(Item, Extents)>> {
    let mut found = Vec::new();
    each_location(iloc, |id, extents| {
        let item = items.iter().find(|(wanted, _)| u64::from(*wanted) == id);
        if let Some((_, item)) = item.filter(|_| found.len() <= MAX_ITEMS) {
            found.push((*item, extents));
        }
    })?;
    Some(found)
}
