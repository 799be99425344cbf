//! The walk through the RIFF chunks of a WebP file (RFC 9649, section 2) and its `C2PA` manifest stores.
#![warn(clippy::indexing_slicing)]

use std::ops::Range;

use crate::{
    Coding, Container, Element, Error, Format, InputFault, Limits, StoreDefect, StoreSegment,
    bytes::{Source, array, le16, le24, le32},
    container::Shape,
    metadata::{Block, Encoding, Metadata},
    source::nonzero,
};

/// FourCC of a C2PA manifest store.
pub(crate) const C2PA: [u8; 4] = *b"C2PA";
/// FourCC and length in front of the data of a chunk.
pub(crate) const CHUNK_HEADER: usize = 8;

/// FourCC that ImageMagick 6 gives to XMP: it writes three letters and the NUL that ends them in C.
pub(crate) const XMP_OF_MAGICK: &[u8; 4] = b"XMP\0";

/// `RIFF`, its size, `WEBP`.
pub(crate) const FILE_HEADER: usize = 12;
/// What of a picture chunk tells its size: the longest is VP8X, with 10 bytes.
const PICTURE_HEAD: usize = 10;
/// `alpha_is_used` in the 32 bits behind the signature of VP8L (RFC 9649, 3.4).
const ALPHA_IS_USED: u32 = 1 << 28;
/// Animation flag of VP8X (RFC 9649, 2.7).
const ANIMATION: u8 = 0x02;
/// XMP and alpha flags of VP8X.
pub(crate) const XMP_FLAG: u8 = 0x04;
pub(crate) const ALPHA_FLAG: u8 = 0x10;

/// Width and height of the first chunk, which decides the kind of file.
pub(crate) fn dimensions(source: &mut impl Source) -> Option<(u32, u32)> {
    let name = source.array(FILE_HEADER)?;
    nonzero(size_of(&name, source.view(FILE_HEADER + CHUNK_HEADER))?)
}

/// Strict walk over the RIFF body.
pub(crate) fn walk(source: &mut impl Source, limits: &Limits) -> Result<Container, Error> {
    let end = body_end(source)?;
    let mut walk = Walk {
        source,
        end,
        limits,
        at: FILE_HEADER,
        seen: 0,
    };
    let mut stores: Vec<StoreSegment> = Vec::new();
    // So many of them stand in front of a picture chunk, where they do not belong.
    let mut misplaced = 0;
    let mut dimensions = None;
    let mut metadata = Metadata::default();
    let mut extended = None;
    let mut alpha = false;
    let mut animated = false;
    let mut picture = false;

    while let Some(chunk) = walk.next()? {
        let element = Element::RiffChunk(chunk.name);
        match &chunk.name {
            b"VP8X" if walk.seen > 1 => return Err(chunk.fault(InputFault::Misplaced(element))),
            b"VP8X" | b"VP8 " | b"VP8L" => {
                let head_end = chunk.data.end.min(chunk.data.start + PICTURE_HEAD);
                let data = walk.source.get(chunk.data.start..head_end).unwrap_or_default();
                let size = size_of(&chunk.name, data).ok_or(chunk.fault(InputFault::Malformed(element)))?;
                let size = nonzero(size).ok_or(chunk.fault(InputFault::ZeroDimension(element)))?;
                if &chunk.name == b"VP8X" {
                    animated = data.first().is_some_and(|flags| flags & ANIMATION != 0);
                    extended = data.first().map(|flags| (chunk.data.start, *flags));
                } else if picture {
                    return Err(chunk.fault(InputFault::Duplicate(element)));
                } else {
                    picture = true;
                    alpha = &chunk.name == b"VP8L" && le32(data, 1).is_some_and(|bits| bits & ALPHA_IS_USED != 0);
                    misplaced = stores.len();
                }
                dimensions.get_or_insert(size);
            }
            b"ANMF" => {
                picture = true;
                misplaced = stores.len();
            }
            &C2PA => {
                let mut store = StoreSegment::new(chunk.range, chunk.data);
                store.check_box_length(walk.source);
                stores.push(store);
            }
            b"XMP " | XMP_OF_MAGICK => metadata.xmp.push(chunk.block()),
            b"EXIF" => {
                let mut block = chunk.block();
                // RFC 9649 wants the TIFF header first; many writers put in front what JPEG has there.
                if walk.source.array(block.payload.start) == Some(*b"Exif\0\0") {
                    block.payload.start = (block.payload.start + 6).min(block.payload.end);
                }
                metadata.exif.get_or_insert(block);
            }
            _ => {}
        }
    }
    let missing = |name: &[u8; 4]| Error::input(InputFault::Missing(Element::RiffChunk(*name)), end);
    if !picture {
        return Err(missing(b"VP8 "));
    }

    for store in stores.iter_mut().take(misplaced) {
        store.note(StoreDefect::Misplaced);
    }

    // A writer that leaves the last pad byte out of the RIFF size has still written it.
    let insertion = if end % 2 == 1 && walk.source.array(end) == Some([0]) {
        end + 1
    } else {
        end
    };
    Ok(Container {
        format: Format::WebP,
        dimensions: dimensions.ok_or(missing(b"VP8X"))?,
        coding: Coding {
            animated,
            progressive: false,
            cmyk: false,
            bits_per_sample: 8,
        },
        insertion,
        stores,
        metadata,
        trailing: insertion..walk.source.len(),
        source_len: walk.source.len(),
        shape: Shape::WebP { extended, alpha },
    })
}

/// Where the RIFF size says that the body ends.
fn body_end(source: &mut impl Source) -> Result<usize, Error> {
    let truncated = Error::input(InputFault::Truncated(Element::Riff), 0);
    let size = source
        .le32(4)
        .and_then(|size| usize::try_from(size).ok())
        .ok_or(truncated.clone())?;
    let end = size
        .checked_add(CHUNK_HEADER)
        .filter(|&end| end <= source.len())
        .ok_or(truncated)?;
    if end < FILE_HEADER {
        Err(Error::input(InputFault::Malformed(Element::Riff), 4))
    } else {
        Ok(end)
    }
}

/// Width and height in the head of a picture chunk; `None` if it is cut off or no such head.
fn size_of(name: &[u8; 4], data: &[u8]) -> Option<(u32, u32)> {
    match name {
        // RFC 9649, 2.7: canvas, minus one
        b"VP8X" => Some((le24(data, 4)? + 1, le24(data, 7)? + 1)),
        // RFC 6386, 9.1: a key frame, its start code, two 14-bit sizes below the scaling bits
        b"VP8 " => {
            let key_frame = data.first()? & 1 == 0;
            let start = array(data, 3)? == [0x9D, 0x01, 0x2A];
            let size = (u32::from(le16(data, 6)? & 0x3FFF), u32::from(le16(data, 8)? & 0x3FFF));
            (key_frame && start).then_some(size)
        }
        // RFC 9649, 3: signature, two 14-bit sizes minus one
        b"VP8L" => {
            let bits = le32(data, 1)?;
            (*data.first()? == 0x2F).then_some(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
        }
        _ => None,
    }
}

struct Chunk {
    name: [u8; 4],
    /// Header, data and, where it is there, the pad byte.
    range: Range<usize>,
    data: Range<usize>,
}

impl Chunk {
    fn block(&self) -> Block {
        Block {
            range: self.range.clone(),
            payload: self.data.clone(),
            encoding: Encoding::Plain,
        }
    }

    fn fault(&self, fault: InputFault) -> Error {
        Error::input(fault, self.range.start)
    }
}

/// Steps from chunk to chunk up to the end of the body.
struct Walk<'a, S> {
    source: &'a mut S,
    /// Where the body ends.
    end: usize,
    limits: &'a Limits,
    at: usize,
    seen: u64,
}

impl<S: Source> Walk<'_, S> {
    fn next(&mut self) -> Result<Option<Chunk>, Error> {
        let start = self.at;
        if start == self.end {
            return Ok(None);
        }
        self.seen += 1;
        self.limits.check_segments(self.seen)?;
        let Some((name, length)) = self.header(start) else {
            return Err(Error::input(InputFault::Garbage, start));
        };
        let data = start + CHUNK_HEADER;
        let end = usize::try_from(length).ok().and_then(|length| data.checked_add(length));
        let end = end.filter(|&end| end <= self.end);
        let end = end.ok_or(Error::input(InputFault::Truncated(Element::RiffChunk(name)), start))?;
        // The pad byte of the last chunk is forgotten by some writers.
        self.at = (end + end % 2).min(self.end);
        Ok(Some(Chunk {
            name,
            range: start..self.at,
            data: data..end,
        }))
    }

    /// FourCC and length of the chunk at `start`, if the body holds both.
    fn header(&mut self, start: usize) -> Option<([u8; 4], u32)> {
        (self.end - start >= CHUNK_HEADER).then_some(())?;
        Some((self.source.array(start)?, self.source.le32(start + 4)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SourceImage, samples};

    fn container(bytes: &[u8]) -> Result<Container, Error> {
        SourceImage::parse(bytes, &Limits::default())?.container()
    }

    fn fault(bytes: &[u8]) -> (InputFault, u64) {
        match container(bytes).unwrap_err() {
            Error::Input { fault, offset } => (fault, offset),
            other => panic!("{other}"),
        }
    }

    const VP8L: ([u8; 4], &[u8]) = (*b"VP8L", b"\x2F\x03\x80\0\0");
    const VP8: ([u8; 4], &[u8]) = (*b"VP8 ", b"\x10\0\0\x9D\x01\x2A\x04\x40\x03\0");
    const VP8X: ([u8; 4], &[u8]) = (*b"VP8X", b"\x02\0\0\0\x03\0\0\x02\0\0");

    #[test]
    fn the_three_kinds_give_their_size() {
        for chunks in [vec![VP8L], vec![VP8], vec![VP8X, VP8], vec![VP8X, (*b"ANMF", b"..")]] {
            let animated = chunks[0] == VP8X;
            let container = container(&samples::webp_of(&chunks)).unwrap();
            assert_eq!(container.dimensions, (4, 3));
            assert_eq!(container.coding.animated, animated);
        }
    }

    #[test]
    fn each_fault_is_named_with_its_place() {
        let chunk = |name: &[u8; 4]| Element::RiffChunk(*name);
        let whole = samples::webp_of(&[VP8]);
        assert_eq!(
            fault(&whole[..whole.len() - 1]),
            (InputFault::Truncated(Element::Riff), 0)
        );
        assert_eq!(
            fault(&samples::webp_of(&[VP8X])),
            (InputFault::Missing(chunk(b"VP8 ")), 30)
        );
        assert_eq!(
            fault(&samples::webp_of(&[VP8, VP8])),
            (InputFault::Duplicate(chunk(b"VP8 ")), 30)
        );
        assert_eq!(
            fault(&samples::webp_of(&[VP8, VP8X])),
            (InputFault::Misplaced(chunk(b"VP8X")), 30)
        );
        let inter_frame = (VP8.0, b"\x11\0\0\x9D\x01\x2A\x04\0\x03\0".as_slice());
        assert_eq!(
            fault(&samples::webp_of(&[inter_frame])),
            (InputFault::Malformed(chunk(b"VP8 ")), 12)
        );
        let flat = (VP8.0, b"\x10\0\0\x9D\x01\x2A\x04\0\0\0".as_slice());
        assert_eq!(
            fault(&samples::webp_of(&[flat])),
            (InputFault::ZeroDimension(chunk(b"VP8 ")), 12)
        );
        let mut long = whole.clone();
        long[16] = 11;
        assert_eq!(fault(&long), (InputFault::Truncated(chunk(b"VP8 ")), 12));
        let mut tiny = whole.clone();
        tiny[4] = 3;
        assert_eq!(fault(&tiny), (InputFault::Malformed(Element::Riff), 4));
        let mut rest = whole;
        rest.extend_from_slice(b"abcd");
        rest[4] += 4;
        assert_eq!(fault(&rest), (InputFault::Garbage, 30));
    }

    #[test]
    fn a_missing_or_uncounted_last_pad_byte_is_accepted() {
        let padded = samples::webp_of(&[VP8L]);
        let len = padded.len();
        assert_eq!(container(&padded).unwrap().insertion, len);
        let mut uncounted = padded.clone();
        uncounted[4] -= 1;
        let found = container(&uncounted).unwrap();
        assert_eq!((found.insertion, found.trailing), (len, len..len));
        let found = container(&uncounted[..len - 1]).unwrap();
        assert_eq!((found.insertion, found.trailing), (len - 1, len - 1..len - 1));
        let found = container(&[padded, vec![0]].concat()).unwrap();
        assert_eq!((found.insertion, found.trailing), (len, len..len + 1));
    }

    #[test]
    fn stores_are_found_with_their_defects() {
        let store = samples::store(61, 2);
        let bytes = samples::webp_of(&[(C2PA, &store), VP8, (C2PA, &store[..60])]);
        let source = SourceImage::parse(&bytes, &Limits::default()).unwrap();
        let stores = source.container().unwrap().stores;
        assert_eq!(
            stores[0].ranges,
            [Range {
                start: 12,
                end: 12 + 8 + 61 + 1
            }]
        );
        assert_eq!(stores[0].defects, [StoreDefect::Misplaced]);
        assert_eq!(stores[0].reassemble(&source), store);
        assert_eq!(stores[1].defects, [StoreDefect::BoxLength]);
    }
}
