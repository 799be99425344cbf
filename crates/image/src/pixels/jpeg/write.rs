//! A frame in coefficients, written: the source's segments, the shortest Huffman codes, one sequential scan.
#![warn(clippy::indexing_slicing)]

use super::{
    bits::BitWriter,
    blocks::Block,
    frame::{Component, DHT, Frame, Kind},
    huffman::{Encoding, Histogram},
    multi_picture::{self, Moved},
};
use crate::{
    Error, SourceImage,
    jpeg::{SOF0, SOI, SOS},
};

/// Largest sizes in bits that codes of 8-bit pictures have (T.81, tables F.1 and F.2).
const MAX_DC_SIZE: u32 = 11;
const MAX_AC_SIZE: u32 = 10;
/// Blocks a unit may have where components share a scan (T.81, B.2.3).
const MAX_UNIT: usize = 10;

/// The whole file.
pub(super) fn assemble(source: &SourceImage<'_>, frame: &Frame) -> Result<Vec<u8>, Error> {
    let bytes = source.bytes();
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 8);
    out.extend_from_slice(&[0xFF, SOI]);
    let mut index = None;
    for range in &frame.kept {
        let segment = bytes.get(range.clone()).unwrap_or_default();
        if multi_picture::is_index(segment) {
            index = Some((range, out.len()));
        }
        if *range == frame.header {
            push_header(&mut out, frame, segment);
        } else {
            out.extend_from_slice(segment);
        }
    }

    let mut frequencies = Frequencies::default();
    walk(frame, &mut frequencies).ok_or(source.damaged())?;
    let tables: Vec<[Encoding; 2]> = frequencies
        .by_class
        .iter()
        .take(frame.components.len())
        .map(|[dc, ac]| [Encoding::optimal(dc), Encoding::optimal(ac)])
        .collect();
    push_tables(&mut out, &tables);

    for scan in scans(frame) {
        push_scan_header(&mut out, frame, scan.clone());
        let mut writer = Writer {
            bits: BitWriter::new(out),
            tables: &tables,
        };
        walk_scan(frame, scan, &mut writer).ok_or(source.damaged())?;
        out = writer.bits.finish();
    }
    let end = out.len();
    if let Some((range, at)) = index
        && let Some(segment) = out.get_mut(at..at + range.len())
    {
        let by = |now: usize, before: usize| now as i64 - before as i64;
        let moved = Moved {
            end: by(end, frame.end),
            index: by(at, range.start),
        };
        multi_picture::correct(segment, moved);
    }
    out.extend_from_slice(bytes.get(frame.end..).unwrap_or_default());
    Ok(out)
}

/// Luma has tables of its own, chroma shares some.
fn class(component: usize) -> usize {
    component.min(1)
}

/// The frame header with its height, as baseline where it was progressive.
fn push_header(out: &mut Vec<u8>, frame: &Frame, segment: &[u8]) {
    let start = out.len();
    out.extend_from_slice(segment);
    // Fill bytes may stand before the marker.
    let fill = segment.iter().skip(1).take_while(|&&byte| byte == 0xFF).count();
    let marker = start + fill + 1;
    if frame.kind == Kind::Progressive
        && let Some(code) = out.get_mut(marker)
    {
        *code = SOF0 + u8::from(frame.wide_tables);
    }
    let height = u16::try_from(frame.height).unwrap_or(u16::MAX);
    // Behind marker code, length and precision.
    if let Some(field) = out.get_mut(marker + 4..marker + 6) {
        field.copy_from_slice(&height.to_be_bytes());
    }
}

/// One DHT segment (T.81, B.2.4.2).
fn push_tables(out: &mut Vec<u8>, tables: &[[Encoding; 2]]) {
    let mut body = Vec::new();
    for (destination, classes) in (0_u8..).zip(tables) {
        for (class, table) in (0_u8..).zip(classes) {
            body.push(class << 4 | destination);
            body.extend_from_slice(&table.counts);
            body.extend_from_slice(&table.symbols);
        }
    }
    push_segment(out, DHT, &body);
}

/// SOS (T.81, B.2.3).
fn push_scan_header(out: &mut Vec<u8>, frame: &Frame, scan: std::ops::Range<usize>) {
    let mut body = vec![scan.len() as u8];
    for (index, component) in frame.components.iter().enumerate().skip(scan.start).take(scan.len()) {
        let table = class(index) as u8;
        body.extend_from_slice(&[component.id, table << 4 | table]);
    }
    body.extend_from_slice(&[0, 63, 0]);
    push_segment(out, SOS, &body);
}

fn push_segment(out: &mut Vec<u8>, marker: u8, body: &[u8]) {
    out.extend_from_slice(&[0xFF, marker]);
    out.extend_from_slice(&(body.len() as u16 + 2).to_be_bytes());
    out.extend_from_slice(body);
}

/// The components of each scan: all in one, where a unit can hold them.
fn scans(frame: &Frame) -> Vec<std::ops::Range<usize>> {
    let all = frame.components.len();
    let unit: usize = frame.components.iter().map(|c| c.sampling.0 * c.sampling.1).sum();
    if unit <= MAX_UNIT {
        std::iter::once(0..all).collect()
    } else {
        (0..all).map(|index| index..index + 1).collect()
    }
}

/// What is done with the symbols of a picture, in order.
trait Sink {
    /// A symbol of a class's DC (0) or AC (1) table, and the `size` bits behind it.
    fn symbol(&mut self, class: usize, table: usize, symbol: u8, bits: u32, size: u32);
}

#[derive(Default)]
struct Frequencies {
    by_class: [[Counts; 2]; 2],
}

struct Counts(Histogram);

impl Default for Counts {
    fn default() -> Self {
        Self([0; 256])
    }
}

impl std::ops::Deref for Counts {
    type Target = Histogram;

    fn deref(&self) -> &Histogram {
        &self.0
    }
}

impl Sink for Frequencies {
    fn symbol(&mut self, class: usize, table: usize, symbol: u8, _: u32, _: u32) {
        let counts = self.by_class.get_mut(class).and_then(|tables| tables.get_mut(table));
        if let Some(count) = counts.and_then(|counts| counts.0.get_mut(usize::from(symbol))) {
            *count += 1;
        }
    }
}

struct Writer<'a> {
    bits: BitWriter,
    tables: &'a [[Encoding; 2]],
}

impl Sink for Writer<'_> {
    fn symbol(&mut self, class: usize, table: usize, symbol: u8, bits: u32, size: u32) {
        let Some(table) = self.tables.get(class).and_then(|tables| tables.get(table)) else {
            return;
        };
        let (code, length) = table.code(symbol);
        self.bits.put(code << size | bits, length + size);
    }
}

fn walk(frame: &Frame, sink: &mut impl Sink) -> Option<()> {
    scans(frame)
        .into_iter()
        .try_for_each(|scan| walk_scan(frame, scan, sink))
}

/// Hands the blocks of a scan to a sink, in order.
fn walk_scan(frame: &Frame, scan: std::ops::Range<usize>, sink: &mut impl Sink) -> Option<()> {
    let mut predictions = [0; 4];
    let components: Vec<(usize, &Component)> = frame
        .components
        .iter()
        .enumerate()
        .skip(scan.start)
        .take(scan.len())
        .collect();
    if let [(index, only)] = components.as_slice() {
        let (columns, rows) = only.blocks.own;
        for row in 0..rows {
            for column in 0..columns {
                let block = only.blocks.at(column, row)?;
                walk_block(block, predictions.get_mut(*index)?, class(*index), sink)?;
            }
        }
        return Some(());
    }
    let columns = frame.width.div_ceil(8 * frame.most.0);
    let rows = frame.height.div_ceil(8 * frame.most.1);
    for row in 0..rows {
        for column in 0..columns {
            for &(index, component) in &components {
                let (across, down) = component.sampling;
                for y in row * down..(row + 1) * down {
                    for x in column * across..(column + 1) * across {
                        let block = component.blocks.at(x, y)?;
                        walk_block(block, predictions.get_mut(index)?, class(index), sink)?;
                    }
                }
            }
        }
    }
    Some(())
}

/// The symbols of a block (T.81, F.1.2); `None` where a coefficient is out of range.
fn walk_block(block: &Block, prediction: &mut i32, class: usize, sink: &mut impl Sink) -> Option<()> {
    let dc = i32::from(*block.first()?);
    let (bits, size) = magnitude(dc - *prediction);
    if size > MAX_DC_SIZE {
        return None;
    }
    *prediction = dc;
    sink.symbol(class, 0, size as u8, bits, size);

    let mut left = nonzero(block) & !1;
    let mut last = 0;
    while left != 0 {
        let at = left.trailing_zeros();
        left &= left - 1;
        let mut run = at - last - 1;
        last = at;
        while run > 15 {
            sink.symbol(class, 1, 0xF0, 0, 0);
            run -= 16;
        }
        let (bits, size) = magnitude(i32::from(*block.get(at as usize)?));
        if size > MAX_AC_SIZE {
            return None;
        }
        sink.symbol(class, 1, (run << 4 | size) as u8, bits, size);
    }
    if last < 63 {
        sink.symbol(class, 1, 0, 0, 0);
    }
    Some(())
}

/// One bit a coefficient, the first lowest: whether it is not zero.
fn nonzero(block: &Block) -> u64 {
    let eights = block.as_chunks::<8>().0.iter().enumerate();
    eights.fold(0, |all, (place, eight)| {
        let bits = eight.iter().enumerate();
        let bits = bits.fold(0_u8, |bits, (place, &coefficient)| {
            bits | u8::from(coefficient != 0) << place
        });
        all | u64::from(bits) << (8 * place)
    })
}

/// The bits of a value and how many there are (T.81, F.1.2.1): negative ones are less by one.
fn magnitude(value: i32) -> (u32, u32) {
    let size = 32 - value.unsigned_abs().leading_zeros();
    let bits = if value < 0 { value - 1 } else { value };
    (bits as u32 & ((1 << size) - 1), size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn magnitudes_are_those_of_the_standard() {
        assert_eq!(magnitude(0), (0, 0));
        assert_eq!(magnitude(1), (1, 1));
        assert_eq!(magnitude(-1), (0, 1));
        assert_eq!(magnitude(-3), (0, 2));
        assert_eq!(magnitude(5), (5, 3));
        assert_eq!(magnitude(-1023), (0, 10));
    }

    #[test]
    fn the_mask_has_a_bit_for_each_coefficient() {
        let mut block = [0; 64];
        block[0] = 1;
        block[9] = -5;
        block[63] = 7;
        assert_eq!(nonzero(&block), 1 | 1 << 9 | 1 << 63);
    }
}
