//! The walk through a JPEG stream (ITU-T T.81, annex B) and the manifest stores in its APP11 segments
//! (ISO/IEC 19566-5).
#![warn(clippy::indexing_slicing)]

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use crate::{
    Coding, Container, Element, Error, Format, InputFault, Limits, StoreDefect, StoreSegment,
    blocks::photoshop,
    bytes::{Source, array, be16, be32},
    container::Shape,
    metadata::{Block, Encoding, Metadata},
    source::nonzero,
};

const TEM: u8 = 0x01;
pub(crate) const RST0: u8 = 0xD0;
pub(crate) const RST7: u8 = 0xD7;
pub(crate) const SOI: u8 = 0xD8;
pub(crate) const EOI: u8 = 0xD9;
pub(crate) const SOS: u8 = 0xDA;
pub(crate) const DNL: u8 = 0xDC;
pub(crate) const SOF0: u8 = 0xC0;
pub(crate) const SOF2: u8 = 0xC2;
pub(crate) const APP0: u8 = 0xE0;
pub(crate) const APP1: u8 = 0xE1;
pub(crate) const APP13: u8 = 0xED;
/// Marker code of the segments that carry JUMBF boxes.
pub(crate) const APP11: u8 = 0xEB;

/// "JP", the common identifier of JUMBF segments.
pub(crate) const JUMBF_IDENTIFIER: [u8; 2] = *b"JP";
/// CI, En and Z, before the box header.
const JUMBF_PREFIX: usize = 8;
/// Names at the start of APP1 segments.
pub(crate) const EXIF: &[u8] = b"Exif\0";
pub(crate) const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
pub(crate) const EXTENDED_XMP: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
/// The box instance number that c2pa-rs writes; ours too, unless another box in the file has it.
const USUAL_INSTANCE: u16 = 0x0211;

/// Width and height of the first frame header, if the stream is sound that far and states both.
pub(crate) fn dimensions(source: &mut impl Source, limits: &Limits) -> Option<(u32, u32)> {
    let mut walk = Walk::new(source, limits);
    loop {
        let segment = walk.next().ok()?;
        match segment.marker {
            SOS | EOI => return None,
            marker if is_frame(marker) => {
                let frame = Frame::read(walk.source, &segment).ok()?;
                return nonzero((frame.width, frame.height));
            }
            _ => {}
        }
    }
}

/// Strict walk from SOI to EOI.
pub(crate) fn walk(source: &mut impl Source, limits: &Limits) -> Result<Container, Error> {
    let mut walk = Walk::new(source, limits);
    let mut insertion = Insertion::default();
    let mut boxes = Boxes::default();
    let mut metadata = Metadata::default();
    let mut frame: Option<Frame> = None;
    let mut scans = 0u32;

    let start = walk.next()?;
    if start.marker != SOI || start.range.start != 0 {
        return Err(start.fault(InputFault::Missing(Element::JpegMarker(SOI))));
    }
    insertion.at = start.range.end;
    let end = loop {
        let segment = walk.next()?;
        let element = Element::JpegMarker(segment.marker);
        let body = walk.source.get(segment.body.clone()).unwrap_or_default();
        insertion.see(body, &segment);
        match segment.marker {
            EOI => break segment.range,
            SOI | RST0..=RST7 => return Err(segment.fault(InputFault::Misplaced(element))),
            SOS => {
                if frame.is_none() {
                    return Err(segment.fault(InputFault::Missing(Element::JpegMarker(SOF0))));
                }
                scans += 1;
                walk.skip_entropy_coded()?;
            }
            DNL => {
                let lines = be16(body, 0).filter(|_| body.len() == 2);
                let lines = lines.ok_or(segment.fault(InputFault::Malformed(element)))?;
                match &mut frame {
                    Some(frame) if scans == 1 => frame.height = lines.into(),
                    _ => return Err(segment.fault(InputFault::Misplaced(element))),
                }
            }
            APP1 => note_metadata(&mut metadata, body, &segment),
            APP13 if body.starts_with(photoshop::NAME) => metadata.photoshop.push(Block {
                range: segment.range.clone(),
                payload: segment.body.start + photoshop::NAME.len()..segment.body.end,
                encoding: Encoding::Plain,
            }),
            APP11 => boxes.see(body, &segment),
            marker if is_frame(marker) => {
                if frame.is_some() {
                    return Err(segment.fault(InputFault::Duplicate(element)));
                }
                frame = Some(Frame::read(walk.source, &segment)?);
            }
            _ => {}
        }
    };

    let missing = |marker| Error::input(InputFault::Missing(Element::JpegMarker(marker)), end.start);
    let frame = frame.ok_or(missing(SOF0))?;
    if scans == 0 {
        return Err(missing(SOS));
    }
    let zero = Error::input(InputFault::ZeroDimension(Element::JpegMarker(frame.marker)), frame.at);
    let source_len = walk.source.len();
    let foreign_boxes = boxes.unread > 0 || !boxes.foreign.is_empty();
    let (stores, free_instance) = boxes.finish(walk.source);
    Ok(Container {
        format: Format::Jpeg,
        dimensions: nonzero((frame.width, frame.height)).ok_or(zero)?,
        coding: Coding {
            animated: false,
            // SOF2, SOF6, SOF10 and SOF14 (T.81, table B.1)
            progressive: frame.marker & 0b11 == 2,
            cmyk: frame.components == 4,
            bits_per_sample: frame.precision,
        },
        insertion: insertion.at,
        stores,
        metadata,
        trailing: end.end..source_len,
        source_len,
        shape: Shape::Jpeg {
            free_instance,
            foreign_boxes,
        },
    })
}

/// SOF0 to SOF15 without DHT, JPG and DAC, which share their range.
pub(crate) fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC)
}

/// One marker with what belongs to it.
pub(crate) struct Segment {
    pub(crate) marker: u8,
    /// From the first fill byte or the marker to the end of the parameters.
    pub(crate) range: Range<usize>,
    /// The parameters behind the length field; empty for markers that have none.
    pub(crate) body: Range<usize>,
}

impl Segment {
    fn fault(&self, fault: InputFault) -> Error {
        Error::input(fault, self.range.start)
    }
}

/// Steps from marker to marker.
pub(crate) struct Walk<'a, S> {
    source: &'a mut S,
    limits: &'a Limits,
    at: usize,
    seen: u64,
}

impl<'a, S: Source> Walk<'a, S> {
    pub(crate) fn new(source: &'a mut S, limits: &'a Limits) -> Self {
        Self {
            source,
            limits,
            at: 0,
            seen: 0,
        }
    }

    pub(crate) fn next(&mut self) -> Result<Segment, Error> {
        let start = self.at;
        self.seen += 1;
        self.limits.check_segments(self.seen)?;
        let ended = Error::input(InputFault::Missing(Element::JpegMarker(EOI)), self.source.len());
        match self.source.array(start) {
            None => return Err(ended),
            Some([0xFF]) => {}
            Some(_) => return Err(Error::input(InputFault::Garbage, start)),
        }
        // Any number of fill bytes FF may precede a marker (T.81, B.1.1.2).
        let mut code = start + 1;
        while self.source.array(code) == Some([0xFF]) {
            code += 1;
        }
        let [marker] = self.source.array(code).ok_or(ended)?;
        let (body, end) = match marker {
            TEM | RST0..=RST7 | SOI | EOI => (code + 1..code + 1, code + 1),
            // Reserved codes have no defined length, FF00 is no marker.
            0x00 | 0x02..=0xBF => return Err(Error::input(InputFault::Garbage, start)),
            _ => {
                let element = Element::JpegMarker(marker);
                let truncated = Error::input(InputFault::Truncated(element), start);
                let length = self.source.be16(code + 1).ok_or(truncated.clone())?;
                if length < 2 {
                    return Err(Error::input(InputFault::Malformed(element), start));
                }
                let end = code + 1 + usize::from(length);
                if end > self.source.len() {
                    return Err(truncated);
                }
                (code + 3..end, end)
            }
        };
        self.at = end;
        Ok(Segment {
            marker,
            range: start..end,
            body,
        })
    }

    /// Moves to the marker that ends the entropy-coded data of a scan, and gives the range of the data.
    pub(crate) fn skip_entropy_coded(&mut self) -> Result<Range<usize>, Error> {
        let ended = Error::input(InputFault::Missing(Element::JpegMarker(EOI)), self.source.len());
        let start = self.at;
        self.at = entropy_coded_end(self.source, start).ok_or(ended)?;
        Ok(start..self.at)
    }
}

/// Position of the first marker at or after `from` that ends entropy-coded data.
fn entropy_coded_end(source: &mut impl Source, mut from: usize) -> Option<usize> {
    loop {
        let view = source.view(from);
        if let Some(at) = first_marker(view) {
            return Some(from + at);
        }
        // The last byte in view may be the first of a marker.
        from += view.len().checked_sub(1).filter(|&step| step > 0)?;
    }
}

/// Position of the first marker in these bytes that ends entropy-coded data.
///
/// Whole blocks are skipped by a test so simple that the compiler turns it into vector code: no FF but before a
/// stuffed zero. Searching for each FF instead would cost a fifth of hashing the picture, since random data has
/// one in 256 bytes and nearly all are stuffed.
fn first_marker(tail: &[u8]) -> Option<usize> {
    const BLOCK: usize = 128;
    let next = tail.get(1..)?;
    let blocks = tail.chunks_exact(BLOCK).zip(next.chunks_exact(BLOCK));
    let without = |(first, second): &(&[u8], &[u8])| {
        let marked = |hit, (&first, &second): (&u8, &u8)| hit | ((first == 0xFF) & (second != 0));
        !first.iter().zip(*second).fold(false, marked) || !first.iter().zip(*second).any(ends_scan)
    };
    let skipped = blocks.take_while(without).count() * BLOCK;
    let mut pairs = tail.get(skipped..)?.iter().zip(next.get(skipped..)?);
    Some(skipped + pairs.position(ends_scan)?)
}

/// Whether two bytes are a marker and not stuffing, a restart marker or fill, which belong to the data
/// (T.81, B.1.1.5).
fn ends_scan((first, second): (&u8, &u8)) -> bool {
    *first == 0xFF && !matches!(second, 0x00 | RST0..=RST7 | 0xFF)
}

/// Frame header (T.81, B.2.2).
struct Frame {
    marker: u8,
    at: usize,
    precision: u8,
    height: u32,
    width: u32,
    components: u8,
}

impl Frame {
    fn read(source: &mut impl Source, segment: &Segment) -> Result<Self, Error> {
        let malformed = segment.fault(InputFault::Malformed(Element::JpegMarker(segment.marker)));
        let body = source.get(segment.body.clone()).unwrap_or_default();
        let Some(&[precision, y1, y0, x1, x0, components]) = body.first_chunk::<6>() else {
            return Err(malformed);
        };
        if components == 0 || body.len() != 6 + 3 * usize::from(components) {
            return Err(malformed);
        }
        Ok(Self {
            marker: segment.marker,
            at: segment.range.start,
            precision,
            height: u16::from_be_bytes([y1, y0]).into(),
            width: u16::from_be_bytes([x1, x0]).into(),
            components,
        })
    }
}

/// Finds the place behind the leading APP0 segments and an Exif APP1 directly behind them.
#[derive(Default)]
struct Insertion {
    at: usize,
    done: bool,
}

impl Insertion {
    fn see(&mut self, body: &[u8], segment: &Segment) {
        if self.done {
            return;
        }
        let exif = segment.marker == APP1 && body.starts_with(EXIF);
        if exif || segment.marker == APP0 {
            self.at = segment.range.end;
        }
        self.done = segment.marker != APP0;
    }
}

/// Notes what an APP1 segment holds, by the name at its start (XMP part 3, 1.1.3; Exif 3.0, 4.7.2).
fn note_metadata(metadata: &mut Metadata, body: &[u8], segment: &Segment) {
    let block = |prefix: usize| Block {
        range: segment.range.clone(),
        payload: segment.body.start + prefix..segment.body.end,
        encoding: Encoding::Plain,
    };
    if body.starts_with(EXIF) {
        // "Exif", a NUL and a byte of padding stand before the TIFF header.
        metadata.exif.get_or_insert(block((EXIF.len() + 1).min(body.len())));
    } else if body.starts_with(XMP) {
        metadata.xmp.push(block(XMP.len()));
    } else if body.starts_with(EXTENDED_XMP) {
        metadata.extended_xmp.push(block(EXTENDED_XMP.len()));
    }
}

/// Sorts the APP11 segments into manifest stores and foreign boxes.
#[derive(Default)]
struct Boxes {
    stores: Vec<Packets>,
    /// The last store of each instance.
    last: BTreeMap<u16, usize>,
    foreign: BTreeSet<u16>,
    /// Segments that no standard explains.
    unread: usize,
}

/// A manifest store under way.
struct Packets {
    last: u32,
    header: usize,
    store: StoreSegment,
}

impl Boxes {
    fn see(&mut self, body: &[u8], segment: &Segment) {
        let numbers = body
            .strip_prefix(&JUMBF_IDENTIFIER)
            .and_then(|rest| Some((be16(rest, 0)?, be32(rest, 2)?)));
        let Some((instance, sequence)) = numbers else {
            self.unread += 1;
            return;
        };
        let data = segment.body.start + JUMBF_PREFIX..segment.body.end;
        let content = body.get(JUMBF_PREFIX..).unwrap_or_default();

        let known = self.last.get(&instance).and_then(|index| self.stores.get_mut(*index));
        if let (Some(packets), true) = (known, sequence != 1) {
            if packets.last.checked_add(1) != Some(sequence) {
                packets.store.note(StoreDefect::OutOfSequence);
            }
            packets.last = sequence;
            // Each further segment repeats the box header (ISO/IEC 19566-5).
            packets.store.push(
                segment.range.clone(),
                data.start.saturating_add(packets.header).min(data.end)..data.end,
            );
        } else if is_manifest_store(content) {
            let header = if be32(content, 0) == Some(1) { 16 } else { 8 };
            let mut store = StoreSegment::new(segment.range.clone(), data);
            if sequence != 1 {
                store.note(StoreDefect::OutOfSequence);
            }
            self.last.insert(instance, self.stores.len());
            self.stores.push(Packets {
                last: sequence,
                header,
                store,
            });
        } else {
            self.foreign.insert(instance);
        }
    }

    fn finish(self, source: &mut impl Source) -> (Vec<StoreSegment>, Option<u16>) {
        let free = std::iter::once(USUAL_INSTANCE)
            .chain(1..=u16::MAX)
            .find(|en| !self.foreign.contains(en));
        let stores = self.stores.into_iter().map(|packets| packets.store);
        let checked = stores.map(|mut store| {
            store.check_box_length(source);
            store
        });
        (checked.collect(), free)
    }
}

/// Whether a box is a JUMBF superbox described as a C2PA manifest store, by its type UUID or by its label: a store
/// with one of the two altered must be seen as damaged, never be overlooked.
fn is_manifest_store(content: &[u8]) -> bool {
    const TYPE: [u8; 16] = *b"c2pa\x00\x11\x00\x10\x80\x00\x00\xAA\x00\x38\x9B\x71";
    let header = if be32(content, 0) == Some(1) { 16 } else { 8 };
    let Some((outer, description)) = content.split_at_checked(header) else {
        return false;
    };
    array::<4>(outer, 4) == Some(*b"jumb")
        && array::<4>(description, 4) == Some(*b"jumd")
        && (array(description, 8) == Some(TYPE)
            || description.get(25..).is_some_and(|label| label.starts_with(b"c2pa\0")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SourceImage, samples};
    use proptest::prelude::*;

    fn container(bytes: &[u8]) -> Result<Container, Error> {
        SourceImage::parse(bytes, &Limits::default())?.container()
    }

    fn fault(bytes: &[u8]) -> (InputFault, u64) {
        match container(bytes).unwrap_err() {
            Error::Input { fault, offset } => (fault, offset),
            other => panic!("{other}"),
        }
    }

    const JFIF: (u8, &[u8]) = (APP0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    const EXIF: (u8, &[u8]) = (APP1, b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0");

    #[test]
    fn insertion_is_behind_app0_and_exif() {
        let at = |segments: &[(u8, &[u8])]| container(&samples::jpeg_with(segments)).unwrap().insertion;
        let len = |segment: (u8, &[u8])| segment.1.len() + 4;
        assert_eq!(at(&[]), 2);
        assert_eq!(at(&[JFIF]), 2 + len(JFIF));
        assert_eq!(at(&[JFIF, EXIF]), 2 + len(JFIF) + len(EXIF));
        assert_eq!(at(&[EXIF, JFIF]), 2 + len(EXIF));
        assert_eq!(at(&[JFIF, (0xFE, b"note"), EXIF]), 2 + len(JFIF));
        assert_eq!(at(&[(APP1, b"http://ns.adobe.com/xap/1.0/\0")]), 2);
    }

    #[test]
    fn each_fault_is_named_with_its_place() {
        let marker = Element::JpegMarker;
        let whole = samples::jpeg_with(&[JFIF]);
        let eoi = whole.len() - 2;
        assert_eq!(fault(&whole[..eoi]), (InputFault::Missing(marker(EOI)), eoi as u64));
        assert_eq!(fault(&whole[..10]), (InputFault::Truncated(marker(APP0)), 2));
        assert_eq!(fault(&[0xFF, SOI, 0xFF, EOI]), (InputFault::Missing(marker(SOF0)), 2));
        assert_eq!(
            fault(&[0xFF, SOI, 0xFF, 0xFE, 0, 1]),
            (InputFault::Malformed(marker(0xFE)), 2)
        );
        assert_eq!(fault(&[0xFF, SOI, 0xFF, SOI]), (InputFault::Misplaced(marker(SOI)), 2));
        assert_eq!(fault(&[0xFF, SOI, 0xFF, 0x10]), (InputFault::Garbage, 2));
        let mut garbage = whole.clone();
        garbage.insert(2 + JFIF.1.len() + 4, 0);
        assert_eq!(fault(&garbage), (InputFault::Garbage, 20));
        let mut frame = vec![8, 0, 1, 0, 1, 1, 1, 0x11, 0];
        assert_eq!(
            fault(&samples::jpeg_with(&[(SOF0, &frame)])).0,
            InputFault::Duplicate(marker(SOF0))
        );
        frame.pop();
        assert_eq!(
            fault(&samples::jpeg_with(&[(0xC1, &frame)])),
            (InputFault::Malformed(marker(0xC1)), 2)
        );
        let scan = (SOS, b"\x01\x01\0\0\x3F\0".as_slice());
        assert_eq!(
            fault(&samples::jpeg_with(&[scan])),
            (InputFault::Missing(marker(SOF0)), 2)
        );
        assert_eq!(
            fault(&samples::jpeg_with(&[(DNL, b"\0\x01")])),
            (InputFault::Misplaced(marker(DNL)), 2)
        );
    }

    #[test]
    fn height_may_come_from_dnl() {
        let bytes = samples::jpeg_with_dnl(77);
        let source = SourceImage::parse(&bytes, &Limits::default()).unwrap();
        assert_eq!(source.dimensions(), None);
        assert_eq!(source.container().unwrap().dimensions, (samples::SIZE.0, 77));
        assert_eq!(
            fault(&samples::jpeg_with_dnl(0)).0,
            InputFault::ZeroDimension(Element::JpegMarker(SOF0))
        );
    }

    #[test]
    fn a_second_picture_is_trailing() {
        let one = samples::jpeg();
        let two = [one.clone(), one.clone()].concat();
        assert_eq!(container(&two).unwrap().trailing, one.len()..two.len());
    }

    #[test]
    fn a_store_is_found_by_type_or_label_and_put_together() {
        let store = samples::store(300, 1);
        for damage in [None, Some(16), Some(33)] {
            let mut store = store.clone();
            if let Some(at) = damage {
                store[at] ^= 0x20;
            }
            let segments = samples::app11(0x0211, &store, 100);
            let bytes = samples::jpeg_with(&samples::borrowed(&segments));
            let source = SourceImage::parse(&bytes, &Limits::default()).unwrap();
            let container = source.container().unwrap();
            let [found] = container.stores.as_slice() else {
                panic!("{container:?}")
            };
            assert_eq!(found.ranges.len(), 1);
            assert_eq!(found.defects, []);
            assert_eq!(found.reassemble(&source), store);
        }
    }

    #[test]
    fn defects_of_a_store_are_named() {
        let defects = |segments: &[(u8, Vec<u8>)]| {
            let container = container(&samples::jpeg_with(&samples::borrowed(segments))).unwrap();
            container
                .stores
                .into_iter()
                .map(|store| store.defects)
                .collect::<Vec<_>>()
        };
        let whole = samples::app11(7, &samples::store(300, 1), 100);
        let mut foreign = whole.clone();
        foreign.insert(1, (0xFE, b"between".to_vec()));
        assert_eq!(defects(&foreign), [[StoreDefect::NotContiguous]]);
        let mut swapped = whole.clone();
        swapped.swap(1, 2);
        assert_eq!(defects(&swapped), [[StoreDefect::OutOfSequence]]);
        assert_eq!(defects(&whole[..2]), [[StoreDefect::BoxLength]]);
        assert_eq!(defects(&[whole.clone(), whole].concat()), [[], []]);
    }

    #[test]
    fn the_box_instance_of_a_foreign_box_is_not_taken() {
        let mut other = samples::store(60, 1);
        other[16..20].copy_from_slice(b"json");
        other[33..37].copy_from_slice(b"else");
        let segments = samples::app11(USUAL_INSTANCE, &other, 100);
        let container = container(&samples::jpeg_with(&samples::borrowed(&segments))).unwrap();
        assert_eq!(container.stores, []);
        assert!(matches!(
            container.shape,
            Shape::Jpeg {
                free_instance: Some(1),
                foreign_boxes: true
            }
        ));
    }

    /// The reading of T.81 that looks at one FF after the other.
    fn plain_end(bytes: &[u8], mut from: usize) -> Option<usize> {
        loop {
            let at = from + bytes.get(from..)?.iter().position(|&byte| byte == 0xFF)?;
            match bytes.get(at + 1)? {
                0 | RST0..=RST7 => from = at + 2,
                0xFF => from = at + 1,
                _ => return Some(at),
            }
        }
    }

    proptest! {
        #[test]
        fn the_fast_search_agrees_with_the_plain_one(
            bytes in prop::collection::vec(prop::sample::select(vec![0u8, 0, 0, 0xD0, 0xD7, 0xFF]), 0..600),
            end in prop::option::of(prop::sample::select(vec![EOI, SOS, DNL, APP11, 0xC4, 0x01])),
            from in 0usize..620,
        ) {
            let mut bytes = bytes;
            if let Some(marker) = end {
                bytes.extend([0xFF, marker]);
                bytes.resize(bytes.len() + 200, 0);
            }
            prop_assert_eq!(entropy_coded_end(&mut bytes.as_slice(), from), plain_end(&bytes, from));
        }
    }
}
