//! The walk through the chunks of a PNG file (W3C PNG, third edition) and its `caBX` manifest stores.
//!
//! Checksums: the small chunks that a decoder cannot do without (IHDR, PLTE, IEND) must match, a `caBX` that does
//! not match is noted. IDAT is not checked: the splice leaves it as it is, and a checksum over all of it would
//! cost 2 to 7 % of a stamp only to refuse a picture whose decoder would tell the same.
#![warn(clippy::indexing_slicing)]

use std::ops::Range;

use crate::{
    Coding, Container, Element, Error, Format, InputFault, Limits, StoreDefect, StoreSegment,
    bytes::{array, be32},
    source::nonzero,
};

/// Chunk type of a C2PA manifest store.
pub(crate) const CABX: [u8; 4] = *b"caBX";
/// Largest chunk length (PNG, 5.3).
pub(crate) const MAX_LENGTH: u32 = i32::MAX as u32;

const SIGNATURE: usize = 8;
/// Length, type and CRC around the data of a chunk.
pub(crate) const OVERHEAD: usize = 12;

/// Width and height of the IHDR chunk that must come first.
pub(crate) fn dimensions(bytes: &[u8]) -> Option<(u32, u32)> {
    (array(bytes, SIGNATURE + 4) == Some(*b"IHDR")).then_some(())?;
    nonzero((be32(bytes, SIGNATURE + 8)?, be32(bytes, SIGNATURE + 12)?))
}

/// Strict walk from the signature to IEND.
pub(crate) fn walk(bytes: &[u8], limits: &Limits) -> Result<Container, Error> {
    let mut walk = Walk {
        bytes,
        limits,
        at: SIGNATURE,
        seen: 0,
    };
    let mut stores = Vec::new();
    let mut animated = false;
    let mut data = false;

    let first = walk.next()?;
    if first.name != *b"IHDR" {
        return Err(first.fault(InputFault::Missing(Element::PngChunk(*b"IHDR"))));
    }
    let header = Header::read(bytes, &first)?;
    let insertion = first.range.end;
    let end = loop {
        let chunk = walk.next()?;
        match &chunk.name {
            b"IEND" => {
                chunk.check(bytes)?;
                break chunk.range;
            }
            b"IHDR" => return Err(chunk.fault(InputFault::Duplicate(Element::PngChunk(chunk.name)))),
            b"PLTE" => chunk.check(bytes)?,
            b"IDAT" => data = true,
            b"acTL" => animated = true,
            &CABX => {
                let mut store = StoreSegment::new(chunk.range.clone(), chunk.data.clone());
                if data {
                    store.note(StoreDefect::Misplaced);
                }
                if chunk.check(bytes).is_err() {
                    store.note(StoreDefect::Checksum);
                }
                store.check_box_length(bytes);
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
        trailing: end.end..bytes.len(),
        source_len: bytes.len(),
        free_instance: None,
    })
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

    fn check(&self, bytes: &[u8]) -> Result<(), Error> {
        let data = bytes.get(self.data.clone()).unwrap_or_default();
        if be32(bytes, self.data.end) == Some(checksum(self.name, data)) {
            Ok(())
        } else {
            Err(self.fault(InputFault::Checksum(Element::PngChunk(self.name))))
        }
    }
}

/// Steps from chunk to chunk.
struct Walk<'a> {
    bytes: &'a [u8],
    limits: &'a Limits,
    at: usize,
    seen: u64,
}

impl Walk<'_> {
    fn next(&mut self) -> Result<Chunk, Error> {
        let start = self.at;
        self.seen += 1;
        self.limits.check_segments(self.seen)?;
        let (Some(length), Some(name)) = (be32(self.bytes, start), array::<4>(self.bytes, start + 4)) else {
            return Err(Error::input(
                InputFault::Missing(Element::PngChunk(*b"IEND")),
                self.bytes.len(),
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
        let end = end.filter(|&end| end <= self.bytes.len());
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
    fn read(bytes: &[u8], chunk: &Chunk) -> Result<Self, Error> {
        let element = Element::PngChunk(chunk.name);
        let malformed = chunk.fault(InputFault::Malformed(element));
        chunk.check(bytes)?;
        let data = bytes.get(chunk.data.clone()).unwrap_or_default();
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
