//! Files on ISO base media (ISO/IEC 14496-12): their boxes, and where their tables say that items and films lie.
#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;
use std::ops::Range;

use crate::bytes::{array, be32};

/// Entries of an item table. Grids of a 100-megapixel picture have some hundred tiles.
pub(crate) const MAX_ENTRIES: u32 = 1 << 16;
/// The longest item that is put together from pieces.
const MAX_ITEM: usize = 4 << 20;

/// A box of ISO base media (ISO/IEC 14496-12, 4.2).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IsoBox<'a> {
    /// Its type, four letters for most.
    pub kind: [u8; 4],
    /// What it holds, behind its header.
    pub payload: &'a [u8],
    /// Where it lies in what it was found in, in bytes, its header included.
    pub range: Range<usize>,
}

impl<'a> IsoBox<'a> {
    /// The boxes that it holds, where it begins with one.
    pub fn children(&self) -> IsoBoxes<'a> {
        IsoBoxes::new(self.payload)
    }
}

/// Steps from box to box, up to the end or to what is no box.
#[derive(Debug, Clone)]
pub struct IsoBoxes<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Where the walk met what is no box, or one that is cut off.
    fault: Option<usize>,
}

impl<'a> IsoBoxes<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            fault: None,
        }
    }

    /// Whether the walk has met what is no box, or one that is cut off; `false` while it is under way.
    pub fn is_truncated(&self) -> bool {
        self.fault.is_some()
    }

    /// What the walk could not step over, to the end of the bytes; empty while it is under way.
    pub fn remainder(&self) -> &'a [u8] {
        self.fault.and_then(|at| self.bytes.get(at..)).unwrap_or_default()
    }
}

impl<'a> Iterator for IsoBoxes<'a> {
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
            let range = self.at..self.at + length;
            Some(IsoBox { kind, payload, range })
        };
        let found = read();
        match &found {
            Some(found) => self.at = found.range.end,
            None => {
                self.fault = Some(self.at);
                self.at = self.bytes.len();
            }
        }
        found
    }
}

/// Where an item lies.
pub(crate) struct Extents {
    pub within: Within,
    ranges: Vec<Range<usize>>,
}

/// Within what an item lies (ISO/IEC 14496-12, 8.11.3, `construction_method`).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Within {
    File,
    /// The `idat` box.
    Data,
    /// Other items: no writer is known to put metadata there.
    Items,
}

impl Extents {
    /// The item in one piece; `None` where a piece lies outside, or all are too long.
    pub fn join<'a>(&self, source: &'a [u8]) -> Option<Cow<'a, [u8]>> {
        match self.ranges.as_slice() {
            // Without a length it goes on to the end (ISO/IEC 14496-12, 8.11.3).
            [only] if only.is_empty() => {
                let rest = source.get(only.start..)?;
                rest.get(..rest.len().min(MAX_ITEM)).map(Cow::Borrowed)
            }
            [only] => source.get(only.clone()).map(Cow::Borrowed),
            many => {
                let parts = many.iter().map(|range| source.get(range.clone()));
                let parts: Vec<&[u8]> = parts.collect::<Option<_>>()?;
                let length = parts.iter().map(|part| part.len()).fold(0, usize::saturating_add);
                (length <= MAX_ITEM).then(|| Cow::Owned(parts.concat()))
            }
        }
    }
}

/// Walks the table of locations (ISO/IEC 14496-12, 8.11.3): the number of each item and where it lies.
pub(crate) fn each_location(iloc: &[u8], mut tell: impl FnMut(u64, Extents)) -> Option<()> {
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
    (count <= MAX_ENTRIES.into()).then_some(())?;
    for _ in 0..count {
        let id = table.number(if version < 2 { 2 } else { 4 })?;
        let method = match version {
            0 => 0,
            _ => table.number(2)? & 0xF,
        };
        table.number(2)?;
        let base = table.number(base_size)?;
        let extents = table.number(2)?;
        // Numbers may have no bytes at all: then the length of the table bounds nothing, and several extents mean nothing.
        if extents > 1 && index_size + offset_size + length_size == 0 {
            return None;
        }
        let mut ranges = Vec::new();
        for _ in 0..extents {
            table.number(index_size)?;
            let (offset, length) = (table.number(offset_size)?, table.number(length_size)?);
            let start = usize::try_from(base.checked_add(offset)?).ok()?;
            ranges.push(start..start.checked_add(usize::try_from(length).ok()?)?);
        }
        let within = match method {
            0 => Within::File,
            1 => Within::Data,
            _ => Within::Items,
        };
        tell(id, Extents { within, ranges });
    }
    Some(())
}

/// Tells where the file has what it shows, as far as its tables say: each item of a picture (8.11.3), the first byte of each
/// chunk of a film (8.7.5) and of each run of its fragments (8.8.7 and 8.8.8). `None` where a table is damaged.
pub(crate) fn each_media(bytes: &[u8], mut tell: impl FnMut(Range<usize>)) -> Option<()> {
    const TABLES: [&[u8; 4]; 4] = [b"trak", b"mdia", b"minf", b"stbl"];
    for outer in IsoBoxes::new(bytes) {
        match &outer.kind {
            b"meta" => each_item(&outer, &mut tell)?,
            b"moov" => each_within(&outer, &TABLES, &mut |table| each_chunk(table, &mut tell))?,
            b"moof" => {
                let fragments = outer.children().filter(|inner| inner.kind == *b"traf");
                for fragment in fragments {
                    each_run(&fragment, outer.range.start, &mut tell)?;
                }
            }
            _ => {}
        }
    }
    Some(())
}

/// Tells each box at the end of this path.
fn each_within(outer: &IsoBox<'_>, path: &[&[u8; 4]], tell: &mut impl FnMut(&IsoBox<'_>) -> Option<()>) -> Option<()> {
    let Some((kind, path)) = path.split_first() else {
        return tell(outer);
    };
    for inner in outer.children().filter(|inner| inner.kind == **kind) {
        each_within(&inner, path, tell)?;
    }
    Some(())
}

fn each_item(meta: &IsoBox<'_>, tell: &mut impl FnMut(Range<usize>)) -> Option<()> {
    // Version and flags.
    let inner = IsoBoxes::new(meta.payload.get(4..)?);
    for table in inner.filter(|inner| inner.kind == *b"iloc") {
        each_location(table.payload, |_, extents| {
            if extents.within == Within::File {
                let ranges = extents.ranges.into_iter();
                // Without a length it goes on to the end.
                ranges.for_each(|range| {
                    tell(if range.is_empty() {
                        range.start..usize::MAX
                    } else {
                        range
                    })
                });
            }
        })?;
    }
    Some(())
}

fn each_chunk(samples: &IsoBox<'_>, tell: &mut impl FnMut(Range<usize>)) -> Option<()> {
    for inner in samples.children() {
        let width = match &inner.kind {
            b"stco" => 4,
            b"co64" => 8,
            _ => continue,
        };
        // Version and flags, the number of chunks, and where each begins.
        let mut table = Table {
            bytes: inner.payload,
            at: 4,
        };
        for _ in 0..table.number(4)? {
            let start = usize::try_from(table.number(width)?).ok()?;
            tell(start..start.checked_add(1)?);
        }
    }
    Some(())
}

/// In a track's fragment, runs count from where its header says, else from the start of their `moof`.
fn each_run(fragment: &IsoBox<'_>, moof: usize, tell: &mut impl FnMut(Range<usize>)) -> Option<()> {
    const BASE_DATA_OFFSET: u32 = 1;
    const DATA_OFFSET: u32 = 1;
    let flags = |inner: &IsoBox<'_>| Some(be32(inner.payload, 0)? & 0xFF_FFFF);
    let mut base = u64::try_from(moof).ok()?;
    for inner in fragment.children() {
        match &inner.kind {
            b"tfhd" if flags(&inner)? & BASE_DATA_OFFSET != 0 => {
                base = u64::from_be_bytes(array(inner.payload, 8)?);
            }
            b"trun" if flags(&inner)? & DATA_OFFSET != 0 => {
                let offset = i32::from_be_bytes(array(inner.payload, 8)?);
                let start = usize::try_from(base.checked_add_signed(offset.into())?).ok()?;
                tell(start..start.checked_add(1)?);
            }
            _ => {}
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
