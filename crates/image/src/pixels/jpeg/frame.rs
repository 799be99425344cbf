//! A JPEG frame in coefficients: headers and tables read out of the segments, scans decoded into blocks.
#![warn(clippy::indexing_slicing)]

use std::ops::Range;

use super::{blocks::Blocks, huffman::Decoding, scan};
use crate::{
    Element, Error, InputFault, PixelRefusal, SourceImage,
    bytes::{array, be16},
    jpeg::{DNL, EOI, RST0, SOF0, SOF2, SOI, SOS, Segment, Walk, is_frame},
};

pub(super) const DHT: u8 = 0xC4;
const DQT: u8 = 0xDB;
const DRI: u8 = 0xDD;

/// A picture in coefficients, with what its file needs to be written again.
pub(super) struct Frame {
    pub(super) kind: Kind,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) components: Vec<Component>,
    /// Largest sampling factors, horizontal and vertical.
    pub(super) most: (usize, usize),
    /// Segments that stay, in order: all but those that belong to the old scans.
    pub(super) kept: Vec<Range<usize>>,
    /// The frame header, one of `kept`.
    pub(super) header: Range<usize>,
    /// Where EOI begins.
    pub(super) end: usize,
    /// Whether the scans had restart markers.
    pub(super) restarts: bool,
    /// Whether a quantisation table has 16 bits, which baseline lacks.
    pub(super) wide_tables: bool,
}

/// The process of the frame (T.81, table B.1), of those that touchmark reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// SOF0 and SOF1.
    Sequential,
    /// SOF2.
    Progressive,
}

/// One component: what the frame header says of it, and its coefficients.
pub(super) struct Component {
    pub(super) id: u8,
    /// Sampling factors, 1 to 4.
    pub(super) sampling: (usize, usize),
    /// Steps of quantisation, in zigzag order; those in force when its first scan began.
    pub(super) steps: Option<[u16; 64]>,
    pub(super) blocks: Blocks,
    table: u8,
}

/// Tables and settings as they stand at some place of the file.
#[derive(Default)]
pub(super) struct Tables {
    pub(super) steps: [Option<[u16; 64]>; 4],
    pub(super) dc: [Option<Decoding>; 4],
    pub(super) ac: [Option<Decoding>; 4],
    /// Units between restart markers; zero for none.
    pub(super) interval: usize,
}

impl Frame {
    /// The frame without its scans: tells what of it could not be changed.
    pub(super) fn headers(source: &SourceImage<'_>) -> Result<(), Error> {
        let bytes = &mut source.bytes();
        let mut walk = Walk::new(bytes, source.limits());
        loop {
            let segment = walk.next()?;
            match segment.marker {
                EOI => return Err(source.damaged()),
                marker if is_frame(marker) => return Self::new(source, &segment, false).map(drop),
                _ => {}
            }
        }
    }

    /// Whether another component than the first has more samples across, and they do not all come in one scan. Between
    /// segments there may be other bytes, which decoders pass over.
    pub(super) fn has_coarse_first(source: &SourceImage<'_>) -> bool {
        let mut rest = source.bytes();
        let (mut across, mut is_in_one) = (Vec::new(), false);
        while let Some(at) = memchr::memchr(0xFF, rest) {
            rest = rest.get(at + 1..).unwrap_or_default();
            let Some((&marker, behind)) = rest.split_first() else {
                break;
            };
            if matches!(marker, 0x00 | 0x01 | RST0..=SOI | 0xFF) {
                continue;
            }
            let length = be16(behind, 0).map_or(0, usize::from);
            let body = behind.get(2..length).unwrap_or_default();
            match marker {
                SOS => {
                    // How many components a scan has is its first byte (T.81, B.2.3).
                    is_in_one &= body.first().map(|&count| count.into()) == Some(across.len());
                    return !is_in_one && across.first() < across.iter().max();
                }
                EOI => break,
                marker if is_frame(marker) => {
                    let components = body.get(6..).unwrap_or_default().as_chunks::<3>().0;
                    across = components.iter().map(|[_, factors, _]| factors >> 4).collect();
                    is_in_one = marker != SOF2;
                }
                _ => {}
            }
            rest = behind.get(length..).unwrap_or_default();
        }
        false
    }

    /// The frame with all its coefficients.
    pub(super) fn read(source: &SourceImage<'_>) -> Result<Self, Error> {
        let bytes = source.bytes();
        let view = &mut source.bytes();
        let mut walk = Walk::new(view, source.limits());
        let mut tables = Tables::default();
        let mut frame: Option<Self> = None;
        let mut kept = Vec::new();
        let mut scans = 0;
        loop {
            let segment = walk.next()?;
            let body = bytes.get(segment.body.clone()).unwrap_or_default();
            let malformed = Error::input(
                InputFault::Malformed(Element::JpegMarker(segment.marker)),
                segment.range.start,
            );
            match segment.marker {
                SOI | DNL => {}
                EOI => {
                    let mut frame = frame.ok_or(source.damaged())?;
                    frame.kept = kept;
                    frame.end = segment.range.start;
                    return frame.whole(source);
                }
                DHT => tables.read_huffman(body).ok_or(malformed)?,
                DRI => tables.interval = be16(body, 0).ok_or(malformed)?.into(),
                DQT => {
                    if scans > 0 {
                        // Written in front of the one scan, the later table would serve for all.
                        return Err(PixelRefusal::UnusualCoding.into());
                    }
                    let wide = tables.read_steps(body).ok_or(malformed)?;
                    kept.push(segment.range.clone());
                    if let Some(frame) = &mut frame {
                        frame.wide_tables |= wide;
                    }
                }
                SOS => {
                    scans += 1;
                    if scans > scan::MAX_SCANS {
                        return Err(PixelRefusal::UnusualCoding.into());
                    }
                    let data = walk.skip_entropy_coded()?;
                    let frame = frame.as_mut().ok_or(source.damaged())?;
                    frame.restarts |= tables.interval > 0;
                    frame.take_steps(&tables);
                    let data = bytes.get(data).unwrap_or_default();
                    scan::decode(frame, &tables, body, data).ok_or(source.damaged())?;
                }
                marker if is_frame(marker) => {
                    if frame.is_some() {
                        return Err(malformed);
                    }
                    kept.push(segment.range.clone());
                    frame = Some(Self::new(source, &segment, true)?);
                }
                _ => kept.push(segment.range),
            }
        }
    }

    /// Reads a frame header (T.81, B.2.2).
    fn new(source: &SourceImage<'_>, segment: &Segment, allocate: bool) -> Result<Self, Error> {
        let refused = || Error::from(PixelRefusal::Coding(source.format()));
        let kind = match segment.marker - SOF0 {
            0 | 1 => Kind::Sequential,
            2 => Kind::Progressive,
            _ => return Err(refused()),
        };
        let damaged = source.damaged();
        let body = source.bytes().get(segment.body.clone()).unwrap_or_default();
        let [precision, y1, y0, x1, x0, count] = array(body, 0).ok_or(damaged.clone())?;
        let stated = u16::from_be_bytes([y1, y0]);
        // A height after the first scan (DNL) is in the container.
        let height = if stated == 0 {
            source.container()?.dimensions.1 as usize
        } else {
            usize::from(stated)
        };
        let width = usize::from(u16::from_be_bytes([x1, x0]));
        match (precision, count) {
            (8, 1 | 3) => {}
            (8, 4) => return Err(PixelRefusal::Cmyk.into()),
            _ => return Err(refused()),
        }
        if width == 0 || height == 0 || body.len() != 6 + 3 * usize::from(count) {
            return Err(damaged);
        }
        let mut components: Vec<Component> = Vec::new();
        for &[id, factors, table] in body.get(6..).unwrap_or_default().as_chunks::<3>().0 {
            let sampling = (usize::from(factors >> 4), usize::from(factors & 15));
            let known = components.iter().any(|component| component.id == id);
            if known || table > 3 || !(1..=4).contains(&sampling.0) || !(1..=4).contains(&sampling.1) {
                return Err(damaged);
            }
            components.push(Component {
                id,
                sampling,
                steps: None,
                blocks: Blocks::default(),
                table,
            });
        }
        if let [only] = components.as_mut_slice() {
            // Factors of a single component mean nothing (T.81, A.2.2).
            only.sampling = (1, 1);
        }
        let largest = |of: fn(&Component) -> usize| components.iter().map(of).max().unwrap_or(1);
        let most = (largest(|c| c.sampling.0), largest(|c| c.sampling.1));
        let divides = |c: &Component| most.0 % c.sampling.0 == 0 && most.1 % c.sampling.1 == 0;
        if !components.iter().all(divides) {
            return Err(PixelRefusal::UnusualCoding.into());
        }
        // Coefficients of 16 bits and, in all, less than one block beyond the edges.
        let size = (width.next_multiple_of(8 * most.0), height.next_multiple_of(8 * most.1));
        let size = (size.0 as u32, size.1 as u32);
        source.limits().check_memory(size, 2 * u64::from(count))?;
        for component in components.iter_mut().filter(|_| allocate) {
            component.blocks = Blocks::new((width, height), component.sampling, most);
        }
        Ok(Self {
            kind,
            width,
            height,
            components,
            most,
            kept: Vec::new(),
            header: segment.range.clone(),
            end: 0,
            restarts: false,
            wide_tables: false,
        })
    }

    /// Gives components without steps those that stand now.
    fn take_steps(&mut self, tables: &Tables) {
        for component in &mut self.components {
            if component.steps.is_none() {
                component.steps = tables.steps.get(usize::from(component.table)).copied().flatten();
            }
        }
    }

    fn whole(self, source: &SourceImage<'_>) -> Result<Self, Error> {
        let whole = self.components.iter().all(|component| component.steps.is_some());
        if whole { Ok(self) } else { Err(source.damaged()) }
    }
}

impl Tables {
    /// Reads DHT (T.81, B.2.4.2).
    fn read_huffman(&mut self, mut body: &[u8]) -> Option<()> {
        while let Some((&head, rest)) = body.split_first() {
            let counts = rest.first_chunk::<16>()?;
            let total: usize = counts.iter().map(|&count| usize::from(count)).sum();
            let symbols = rest.get(16..16 + total)?;
            let class = match head >> 4 {
                0 => &mut self.dc,
                1 => &mut self.ac,
                _ => return None,
            };
            *class.get_mut(usize::from(head & 15))? = Some(Decoding::new(counts, symbols)?);
            body = rest.get(16 + total..)?;
        }
        Some(())
    }

    /// Reads DQT (T.81, B.2.4.1); whether a table has 16 bits.
    fn read_steps(&mut self, mut body: &[u8]) -> Option<bool> {
        let mut wide = false;
        while let Some((&head, rest)) = body.split_first() {
            let mut steps = [0; 64];
            let length = match head >> 4 {
                0 => {
                    let bytes = rest.first_chunk::<64>()?;
                    steps
                        .iter_mut()
                        .zip(bytes)
                        .for_each(|(step, &byte)| *step = byte.into());
                    64
                }
                1 => {
                    wide = true;
                    let pairs = rest.first_chunk::<128>()?.as_chunks::<2>().0;
                    steps
                        .iter_mut()
                        .zip(pairs)
                        .for_each(|(step, pair)| *step = u16::from_be_bytes(*pair));
                    128
                }
                _ => return None,
            };
            if steps.contains(&0) {
                return None;
            }
            *self.steps.get_mut(usize::from(head & 15))? = Some(steps);
            body = rest.get(length..)?;
        }
        Some(wide)
    }
}
