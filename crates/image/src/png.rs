//! The walk through the chunks of a PNG file (W3C PNG, third edition) and its `caBX` manifest stores.
//!
//! Checksums: the small chunks that a decoder cannot do without (IHDR, PLTE, IEND) must match, a `caBX` that does
//! not match is noted. IDAT is not checked: the splice leaves it as it is, and a checksum over all of it would
//! cost 2 to 7 % of a stamp only to refuse a picture whose decoder would tell the same.
#![warn(clippy::indexing_slicing)]

use std::ops::Range;

use crate::{
    Coding, Container, Element, Error, Format, InputFault, Limits, StoreDefect, StoreSegment,
    bytes::Source,
    container::Shape,
    metadata::{Block, Encoding, Metadata},
    source::nonzero,
};

/// Chunk type of a C2PA manifest store.
pub(crate) const CABX: [u8; 4] = *b"caBX";
/// Largest chunk length (PNG, 5.3).
pub(crate) const MAX_LENGTH: u32 = i32::MAX as u32;

pub(crate) const SIGNATURE: usize = 8;
/// Length, type and CRC around the data of a chunk.
pub(crate) const OVERHEAD: usize = 12;

/// Width and height of the IHDR chunk that must come first.
pub(crate) fn dimensions(source: &mut impl Source) -> Option<(u32, u32)> {
    (source.array(SIGNATURE + 4) == Some(*b"IHDR")).then_some(())?;
    nonzero((source.be32(SIGNATURE + 8)?, source.be32(SIGNATURE + 12)?))
}

/// Strict walk from the signature to IEND.
pub(crate) fn walk(source: &mut impl Source, limits: &Limits) -> Result<Container, Error> {
    let mut walk = Walk {
        source,
        limits,
        at: SIGNATURE,
        seen: 0,
    };
    let mut stores = Vec::new();
    let mut metadata = Metadata::default();
    let mut animated = false;
    let mut data = false;

    let first = walk.next()?;
    if first.name != *b"IHDR" {
        return Err(first.fault(InputFault::Missing(Element::PngChunk(*b"IHDR"))));
    }
    let header = Header::read(walk.source, &first)?;
    let insertion = first.range.end;
    let end = loop {
        let chunk = walk.next()?;
        match &chunk.name {
            b"IEND" => {
                chunk.check(walk.source)?;
                break chunk.range;
            }
            b"IHDR" => return Err(chunk.fault(InputFault::Duplicate(Element::PngChunk(chunk.name)))),
            b"PLTE" => chunk.check(walk.source)?,
            b"iTXt" | b"tEXt" | b"zTXt" => note_text(&mut metadata, walk.source, &chunk),
            b"eXIf" => {
                metadata.exif.get_or_insert(chunk.block(0, Encoding::Plain));
            }
            b"IDAT" => data = true,
            b"acTL" => animated = true,
            &CABX => {
                let mut store = StoreSegment::new(chunk.range.clone(), chunk.data.clone());
                if data {
                    store.note(StoreDefect::Misplaced);
                }
                if chunk.check(walk.source).is_err() {
                    store.note(StoreDefect::Checksum);
                }
                store.check_box_length(walk.source);
                stores.push(store);
            }
            _ => {}
        }
    };
    if !data {
        return Err(Error::input(
            InputFault::Missing(Element::PngChunk(*b"IDAT")),
            end.start,
        ));
    }
    Ok(Container {
        format: Format::Png,
        dimensions: header.dimensions,
        coding: Coding {
            animated,
            progressive: header.interlaced,
            cmyk: false,
            bits_per_sample: header.bits,
        },
        insertion,
        stores,
        metadata,
        trailing: end.end..walk.source.len(),
        source_len: walk.source.len(),
        shape: Shape::Png,
    })
}

/// Keyword of the text chunk that holds an XMP packet (XMP part 3, 1.1.5).
pub(crate) const XMP_KEYWORD: &[u8] = b"XML:com.adobe.xmp\0";
/// Keyword of a text chunk that holds the label of GB 45438 (TC260-PG-20259A, annex B).
const AIGC_KEYWORD: &[u8] = b"AIGC\0";
/// A keyword has at most 79 bytes; compression flag and method and two empty texts follow (PNG, 11.3.3.4).
const TEXT_HEAD: usize = 79 + 1 + 2 + 2;

/// Notes a text chunk that holds an XMP packet, in iTXt as the standard has it or in tEXt as Midjourney writes it, or
/// the label of GB 45438.
fn note_text(metadata: &mut Metadata, source: &mut impl Source, chunk: &Chunk) {
    let head_end = (chunk.data.start + TEXT_HEAD).min(chunk.data.end);
    let head = source.get(chunk.data.start..head_end).unwrap_or_default();
    if head.starts_with(AIGC_KEYWORD) {
        metadata.aigc_text = true;
    }
    let Some(rest) = head.strip_prefix(XMP_KEYWORD) else {
        return;
    };
    let block = match (&chunk.name, rest) {
        (b"tEXt", _) => Some(chunk.block(XMP_KEYWORD.len(), Encoding::Plain)),
        (b"zTXt", [0, ..]) => Some(chunk.block(XMP_KEYWORD.len() + 1, Encoding::Deflated)),
        (b"iTXt", [compressed, 0, texts @ ..]) => {
            // Language tag and translated keyword, both usually empty.
            let mut ends = texts.iter().enumerate().filter(|(_, byte)| **byte == 0).skip(1);
            ends.next().and_then(|(end, _)| {
                let prefix = XMP_KEYWORD.len() + 2 + end + 1;
                match compressed {
                    0 => Some(chunk.block(prefix, Encoding::Plain)),
                    1 => Some(chunk.block(prefix, Encoding::Deflated)),
                    _ => None,
                }
            })
        }
        _ => None,
    };
    metadata.xmp.extend(block);
}

/// CRC-32 of a chunk: over its type and its data, not its length.
pub(crate) fn checksum(name: [u8; 4], data: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&name);
    crc.update(data);
    crc.finalize()
}

struct Chunk {
    name: [u8; 4],
    /// Length, type, data and CRC.
    range: Range<usize>,
    data: Range<usize>,
}

impl Chunk {
    fn fault(&self, fault: InputFault) -> Error {
        Error::input(fault, self.range.start)
    }

    /// The data behind `prefix` bytes as a block of metadata.
    fn block(&self, prefix: usize, encoding: Encoding) -> Block {
        Block {
            range: self.range.clone(),
            payload: (self.data.start + prefix).min(self.data.end)..self.data.end,
            encoding,
        }
    }

    fn check(&self, source: &mut impl Source) -> Result<(), Error> {
        let data = source.get(self.data.clone()).unwrap_or_default();
        let found = checksum(self.name, data);
        if source.be32(self.data.end) == Some(found) {
            Ok(())
        } else {
            Err(self.fault(InputFault::Checksum(Element::PngChunk(self.name))))
        }
    }
}

/// Steps from chunk to chunk.
struct Walk<'a, S> {
    source: &'a mut S,
    limits: &'a Limits,
    at: usize,
    seen: u64,
}

impl<S: Source> Walk<'_, S> {
    fn next(&mut self) -> Result<Chunk, Error> {
        let start = self.at;
        self.seen += 1;
        self.limits.check_segments(self.seen)?;
        let (Some(length), Some(name)) = (self.source.be32(start), self.source.array::<4>(start + 4)) else {
            return Err(Error::input(
                InputFault::Missing(Element::PngChunk(*b"IEND")),
                self.source.len(),
            ));
        };
        if !name.iter().all(u8::is_ascii_alphabetic) {
            return Err(Error::input(InputFault::Garbage, start));
        }
        let element = Element::PngChunk(name);
        if length > MAX_LENGTH {
            return Err(Error::input(InputFault::Malformed(element), start));
        }
        let end = usize::try_from(length)
            .ok()
            .and_then(|length| (start + OVERHEAD).checked_add(length));
        let end = end.filter(|&end| end <= self.source.len());
        let end = end.ok_or(Error::input(InputFault::Truncated(element), start))?;
        self.at = end;
        Ok(Chunk {
            name,
            range: start..end,
            data: start + 8..end - 4,
        })
    }
}

/// IHDR (PNG, 11.2.1).
struct Header {
    dimensions: (u32, u32),
    bits: u8,
    interlaced: bool,
}

impl Header {
    fn read(source: &mut impl Source, chunk: &Chunk) -> Result<Self, Error> {
        let element = Element::PngChunk(chunk.name);
        let malformed = chunk.fault(InputFault::Malformed(element));
        chunk.check(source)?;
        let data = source.get(chunk.data.clone()).unwrap_or_default();
        let Ok(
            &[
                w3,
                w2,
                w1,
                w0,
                h3,
                h2,
                h1,
                h0,
                bits,
                _colour,
                _compression,
                _filter,
                interlace,
            ],
        ) = <&[u8; 13]>::try_from(data)
        else {
            return Err(malformed);
        };
        let size = (
            u32::from_be_bytes([w3, w2, w1, w0]),
            u32::from_be_bytes([h3, h2, h1, h0]),
        );
        if size.0 > MAX_LENGTH || size.1 > MAX_LENGTH || interlace > 1 {
            return Err(malformed);
        }
        let dimensions = nonzero(size).ok_or(chunk.fault(InputFault::ZeroDimension(element)))?;
        Ok(Self {
            dimensions,
            bits,
            interlaced: interlace == 1,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SourceImage, samples};

    fn container(bytes: &[u8]) -> Result<Container, Error> {
        SourceImage::parse(bytes, &Limits::default())?.container()
    }

    fn fault(chunks: &[([u8; 4], &[u8])]) -> (InputFault, u64) {
        match container(&samples::png_of(chunks)).unwrap_err() {
            Error::Input { fault, offset } => (fault, offset),
            other => panic!("{other}"),
        }
    }

    const IHDR: ([u8; 4], &[u8]) = (*b"IHDR", b"\0\0\0\x04\0\0\0\x03\x10\x02\0\0\x01");
    const IDAT: ([u8; 4], &[u8]) = (*b"IDAT", b"data");
    const IEND: ([u8; 4], &[u8]) = (*b"IEND", b"");

    #[test]
    fn facts_are_recorded() {
        let mut bytes = samples::png_of(&[IHDR, (*b"acTL", b""), IDAT, IEND]);
        bytes.extend_from_slice(b"more");
        let container = container(&bytes).unwrap();
        assert_eq!(container.dimensions, (4, 3));
        let coding = Coding {
            animated: true,
            progressive: true,
            cmyk: false,
            bits_per_sample: 16,
        };
        assert_eq!(container.coding, coding);
        assert_eq!(container.insertion, 33);
        assert_eq!(container.trailing, bytes.len() - 4..bytes.len());
    }

    #[test]
    fn each_fault_is_named_with_its_place() {
        let chunk = |name: &[u8; 4]| Element::PngChunk(*name);
        assert_eq!(fault(&[IDAT, IEND]), (InputFault::Missing(chunk(b"IHDR")), 8));
        assert_eq!(fault(&[IHDR, IEND]), (InputFault::Missing(chunk(b"IDAT")), 33));
        assert_eq!(fault(&[IHDR, IDAT]), (InputFault::Missing(chunk(b"IEND")), 49));
        assert_eq!(
            fault(&[IHDR, IHDR, IDAT, IEND]),
            (InputFault::Duplicate(chunk(b"IHDR")), 33)
        );
        assert_eq!(fault(&[IHDR, (*b"a\0bc", b""), IDAT, IEND]), (InputFault::Garbage, 33));
        assert_eq!(
            fault(&[(*b"IHDR", &IHDR.1[..12])]),
            (InputFault::Malformed(chunk(b"IHDR")), 8)
        );
        let zero = b"\0\0\0\0\0\0\0\x03\x10\x02\0\0\0";
        assert_eq!(
            fault(&[(*b"IHDR", zero), IDAT, IEND]),
            (InputFault::ZeroDimension(chunk(b"IHDR")), 8)
        );
    }

    #[test]
    fn lengths_are_checked_before_they_are_added() {
        let whole = samples::png_of(&[IHDR, IDAT, IEND]);
        let with_length = |length: u32| {
            let mut bytes = whole.clone();
            bytes[33..37].copy_from_slice(&length.to_be_bytes());
            container(&bytes).unwrap_err()
        };
        let idat = Element::PngChunk(*b"IDAT");
        assert_eq!(with_length(MAX_LENGTH), Error::input(InputFault::Truncated(idat), 33));
        assert_eq!(with_length(u32::MAX), Error::input(InputFault::Malformed(idat), 33));
    }

    #[test]
    fn checksums_of_header_and_end_count_and_idat_does_not() {
        let whole = samples::png_of(&[IHDR, IDAT, IEND]);
        let broken = |at: usize| {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            container(&bytes)
        };
        let checksum = |name: &[u8; 4], at| Err(Error::input(InputFault::Checksum(Element::PngChunk(*name)), at));
        assert_eq!(broken(32), checksum(b"IHDR", 8));
        assert_eq!(broken(whole.len() - 1), checksum(b"IEND", 49));
        assert!(broken(48).is_ok());
    }

    #[test]
    fn stores_are_found_with_their_defects() {
        let store = samples::store(61, 2);
        let mut bytes = samples::png_of(&[IHDR, (CABX, &store), IDAT, (CABX, &store[..60]), IEND]);
        let last = bytes.len() - OVERHEAD - 1;
        bytes[last] ^= 1;
        let source = SourceImage::parse(&bytes, &Limits::default()).unwrap();
        let stores = source.container().unwrap().stores;
        assert_eq!(stores.len(), 2);
        assert_eq!(
            stores[0].ranges,
            [Range {
                start: 33,
                end: 33 + 61 + OVERHEAD
            }]
        );
        assert_eq!(stores[0].defects, []);
        assert_eq!(stores[0].reassemble(&source), store);
        assert_eq!(
            stores[1].defects,
            [StoreDefect::Misplaced, StoreDefect::Checksum, StoreDefect::BoxLength]
        );
    }
}
