//! Metadata in files on ISO base media: the items of AVIF and HEIF (ISO/IEC 23008-12; 14496-12, 8.11), the boxes of JPEG XL
//! (ISO/IEC 18181-2).
#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;
use std::ops::Range;

use super::{BlockKind, Finder, Place, Unread};
use crate::Format;
use crate::bytes::{array, be16, be32};

/// Items of metadata that are looked at in one file.
const MAX_ITEMS: usize = 64;
/// Entries of an item table that are walked, and extents of all its items together. Grids of a 100-megapixel picture have
/// some hundred tiles, each in one piece.
const MAX_ENTRIES: u32 = 1 << 16;
/// The longest item that is put together from pieces.
const MAX_ITEM: usize = 4 << 20;
/// The box that holds XMP outside of items (XMP part 3, 1.1.4).
const XMP_UUID: [u8; 16] = *b"\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC";
/// The media type of an XMP item.
const XMP_TYPE: &[u8] = b"application/rdf+xml";
/// In front of EXIF stands where in it the TIFF header begins (ISO/IEC 23008-12, A.2.1).
const EXIF_OFFSET: usize = 4;

/// Lists the items of an AVIF or HEIF file that hold metadata.
pub(super) fn find_items<'a>(bytes: &'a [u8], format: Format, found: &mut Finder<'a>) {
    each_box(bytes, format, found, |inner, found| match &inner.kind {
        b"meta" if read_meta(bytes, inner.payload, format, found).is_none() => {
            found.unread(place(format, inner.kind), Unread::Damaged);
        }
        b"uuid" => find_packet(inner, format, found),
        _ => {}
    });
}

/// Lists the XMP packets of a film: the box that MP4 has for them, and QuickTime's among the user data of the film (XMP
/// part 3, 1.1.4 and 2.2.3), each looked for in both, since films are renamed from one to the other.
pub(super) fn find_packets<'a>(bytes: &'a [u8], format: Format, found: &mut Finder<'a>) {
    each_box(bytes, format, found, |inner, found| match &inner.kind {
        b"uuid" => find_packet(inner, format, found),
        b"moov" => {
            let user_data = children(inner).filter(|child| child.kind == *b"udta");
            for packet in user_data.flat_map(|data| children(&data)) {
                if packet.kind == *b"XMP_" {
                    found.add(
                        BlockKind::Xmp,
                        place(format, packet.kind),
                        Cow::Borrowed(packet.payload),
                    );
                }
            }
        }
        _ => {}
    });
}

/// The first boxes within a box. QuickTime's user data may end in four zeros, which are none.
fn children<'a>(outer: &IsoBox<'a>) -> impl Iterator<Item = IsoBox<'a>> + use<'a> {
    const MOST: usize = 256;
    Boxes::new(outer.payload).take(MOST)
}

fn find_packet<'a>(inner: &IsoBox<'a>, format: Format, found: &mut Finder<'a>) {
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
                let (packet, why) = found.budget.unbrotli(compressed);
                found.add_part(BlockKind::Xmp, place, packet, why);
            }
            (b"brob", [b'E', b'x', b'i', b'f', compressed @ ..]) => {
                let (payload, why) = found.budget.unbrotli(compressed);
                let exif = exif(&payload).map(<[u8]>::to_vec).unwrap_or_default();
                found.add_part(BlockKind::Exif, place, exif, why);
            }
            _ => {}
        }
    });
}

/// The boxes of a file, one after the other, under the limits.
fn each_box<'a>(bytes: &'a [u8], format: Format, found: &mut Finder<'a>, look: impl Fn(&IsoBox<'a>, &mut Finder<'a>)) {
    let mut boxes = Boxes::new(bytes);
    let most = usize::try_from(found.max_segments).unwrap_or(usize::MAX);
    for inner in boxes.by_ref().take(most) {
        look(&inner, found);
    }
    if boxes.at < bytes.len() {
        found.unread(Place::File(format), Unread::TooMany(most));
    }
    if boxes.truncated {
        found.unread(Place::File(format), Unread::Truncated);
    }
}

fn place(format: Format, kind: [u8; 4]) -> Place {
    Place::Box { format, kind }
}

/// EXIF behind the offset of its TIFF header.
fn exif(payload: &[u8]) -> Option<&[u8]> {
    let skipped = usize::try_from(be32(payload, 0)?).ok()?;
    payload.get(EXIF_OFFSET.checked_add(skipped)?..)
}

/// One box.
pub(super) struct IsoBox<'a> {
    pub kind: [u8; 4],
    pub payload: &'a [u8],
}

/// Steps from box to box (ISO/IEC 14496-12, 4.2).
pub(super) struct Boxes<'a> {
    bytes: &'a [u8],
    at: usize,
    truncated: bool,
}

impl<'a> Boxes<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            truncated: false,
        }
    }

    /// Whether the walk met what is no box.
    pub fn is_truncated(&self) -> bool {
        self.truncated
    }
}

impl<'a> Iterator for Boxes<'a> {
    type Item = IsoBox<'a>;

    fn next(&mut self) -> Option<IsoBox<'a>> {
        let rest = self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
        let read = || {
            let kind = array::<4>(rest, 4)?;
            let (header, length) = match be32(rest, 0)? {
                0 => (8, rest.len()),
                1 => (16, usize::try_from(array(rest, 8).map(u64::from_be_bytes)?).ok()?),
                length => (8, usize::try_from(length).ok()?),
            };
            let payload = rest.get(header..length)?;
            Some((IsoBox { kind, payload }, length))
        };
        match read() {
            Some((found, length)) => {
                self.at += length;
                Some(found)
            }
            None => {
                self.truncated = true;
                self.at = self.bytes.len();
                None
            }
        }
    }
}

/// What an item of metadata is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Item {
    Exif,
    Xmp,
}

/// Reads the item tables; `None` where they are damaged.
fn read_meta<'a>(file: &'a [u8], meta: &'a [u8], format: Format, found: &mut Finder<'a>) -> Option<()> {
    // Version and flags.
    let children = meta.get(4..)?;
    let child = |kind: &[u8; 4]| Boxes::new(children).take(64).find(|inner| inner.kind == *kind);
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
        let source = match extents.source {
            Source::File => file,
            Source::Data => data,
            Source::Item => {
                found.unread(place, Unread::Unsupported);
                continue;
            }
        };
        let Some(bytes) = extents.join(source) else {
            found.unread(place, Unread::Truncated);
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
    for entry in Boxes::new(children).take(MAX_ENTRIES as usize) {
        if items.len() == MAX_ITEMS {
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

/// Where an item lies.
struct Extents {
    source: Source,
    ranges: Vec<Range<usize>>,
}

/// Within what an item lies (ISO/IEC 14496-12, 8.11.3, `construction_method`).
enum Source {
    File,
    /// The `idat` box.
    Data,
    /// Other items: no writer is known to put metadata there.
    Item,
}

impl Extents {
    /// The item in one piece; `None` where a piece lies outside, or all are too long.
    fn join<'a>(&self, source: &'a [u8]) -> Option<Cow<'a, [u8]>> {
        match self.ranges.as_slice() {
            // Without a length it goes on to the end (ISO/IEC 14496-12, 8.11.3).
            [only] if only.is_empty() => {
                let rest = source.get(only.start..)?;
                rest.get(..rest.len().min(MAX_ITEM)).map(Cow::Borrowed)
            }
            [only] => source.get(only.clone()).map(Cow::Borrowed),
            many => {
                let mut out = Vec::new();
                for range in many {
                    let part = source.get(range.clone())?;
                    if out.len() + part.len() > MAX_ITEM {
                        return None;
                    }
                    out.extend_from_slice(part);
                }
                Some(Cow::Owned(out))
            }
        }
    }
}

/// Finds these items in the table of locations.
fn locations(iloc: &[u8], items: &[(u32, Item)]) -> Option<Vec<(Item, Extents)>> {
    let mut found = Vec::new();
    each_location(iloc, |id, extents| {
        let item = items.iter().find(|(wanted, _)| u64::from(*wanted) == id);
        if let Some((_, item)) = item.filter(|_| found.len() < MAX_ITEMS) {
            found.push((*item, extents));
        }
    })?;
    Some(found)
}

/// Walks the table of locations (ISO/IEC 14496-12, 8.11.3): the number of each item and where it lies.
fn each_location(iloc: &[u8], mut tell: impl FnMut(u64, Extents)) -> Option<()> {
    let mut table = Table { bytes: iloc, at: 0 };
    let version = table.number(1)?;
    table.number(3)?;
    let (sizes, bases) = (table.number(1)?, table.number(1)?);
    let (offset_size, length_size, base_size) = (nibble(sizes >> 4), nibble(sizes), nibble(bases >> 4));
    let index_size = match version {
        0 => 0,
        _ => nibble(bases),
    };
    let count = table.number(if version < 2 { 2 } else { 4 })?;
    // Numbers may have no bytes at all, so the length of the table bounds nothing.
    let mut extents_left = MAX_ENTRIES;
    for _ in 0..count.min(MAX_ENTRIES.into()) {
        let id = table.number(if version < 2 { 2 } else { 4 })?;
        let method = match version {
            0 => 0,
            _ => table.number(2)? & 0xF,
        };
        table.number(2)?;
        let base = table.number(base_size)?;
        let extents = u32::try_from(table.number(2)?).ok()?;
        extents_left = extents_left.checked_sub(extents)?;
        let mut ranges = Vec::new();
        for _ in 0..extents {
            table.number(index_size)?;
            let (offset, length) = (table.number(offset_size)?, table.number(length_size)?);
            let start = usize::try_from(base.checked_add(offset)?).ok()?;
            ranges.push(start..start.checked_add(usize::try_from(length).ok()?)?);
        }
        let source = match method {
            0 => Source::File,
            1 => Source::Data,
            _ => Source::Item,
        };
        tell(id, Extents { source, ranges });
    }
    Some(())
}

/// Where the file has what it shows, as far as its tables say: each item of a picture (8.11.3), and the first byte of each
/// chunk of a film (8.7.5). `None` where a table is damaged.
pub(super) fn media(bytes: &[u8]) -> Option<Vec<Range<usize>>> {
    let mut media = Vec::new();
    for outer in Boxes::new(bytes) {
        match &outer.kind {
            b"meta" => items_of(&outer, &mut media)?,
            b"moov" => {
                for track in children(&outer).filter(|inner| inner.kind == *b"trak") {
                    chunks_of(&track, &mut media)?;
                }
            }
            _ => {}
        }
    }
    Some(media)
}

fn items_of(meta: &IsoBox<'_>, media: &mut Vec<Range<usize>>) -> Option<()> {
    // Version and flags.
    let mut inner = Boxes::new(meta.payload.get(4..)?).take(64);
    let Some(table) = inner.find(|inner| inner.kind == *b"iloc") else {
        return Some(());
    };
    each_location(table.payload, |_, extents| {
        if matches!(extents.source, Source::File) {
            media.extend(extents.ranges.into_iter().filter(|range| !range.is_empty()));
        }
    })
}

fn chunks_of(track: &IsoBox<'_>, media: &mut Vec<Range<usize>>) -> Option<()> {
    const PATH: [&[u8; 4]; 3] = [b"mdia", b"minf", b"stbl"];
    let mut table = track.payload;
    for kind in PATH {
        match Boxes::new(table).find(|inner| inner.kind == *kind) {
            Some(inner) => table = inner.payload,
            None => return Some(()),
        }
    }
    for inner in Boxes::new(table) {
        let width = match &inner.kind {
            b"stco" => 4,
            b"co64" => 8,
            _ => continue,
        };
        let count = usize::try_from(be32(inner.payload, 4)?).ok()?;
        let offsets = inner.payload.get(8..)?.get(..count.checked_mul(width)?)?;
        for offset in offsets.chunks_exact(width) {
            let start = usize::try_from(offset.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte))).ok()?;
            media.push(start..start.checked_add(1)?);
        }
    }
    Some(())
}

fn nibble(value: u64) -> usize {
    usize::try_from(value & 0xF).unwrap_or_default()
}

/// Numbers of any length up to eight bytes, one after the other.
struct Table<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Table<'_> {
    fn number(&mut self, length: usize) -> Option<u64> {
        let part = self.bytes.get(self.at..self.at.checked_add(length)?)?;
        self.at += length;
        (length <= 8).then(|| part.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }
}
