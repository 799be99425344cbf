//! Entropy decoding of a scan into coefficients: sequential (T.81, F.2) and progressive (annex G), Huffman codes alone.
#![warn(clippy::indexing_slicing)]

use super::{
    bits::BitReader,
    blocks::Block,
    frame::{Frame, Kind, Tables},
    huffman::Decoding,
};

/// More scans than any encoder writes; each costs a walk over all blocks, whatever its size.
pub(super) const MAX_SCANS: usize = 100;

/// Decodes one scan; `None` where header or data are damaged.
pub(super) fn decode(frame: &mut Frame, tables: &Tables, header: &[u8], data: &[u8]) -> Option<()> {
    let header = Header::read(frame, header)?;
    let mut state = State {
        bits: BitReader::new(data),
        predictions: [0; 4],
        end_of_band: 0,
    };
    let mut units = Restarts {
        interval: tables.interval,
        left: tables.interval,
        number: 0,
    };
    if let [part] = header.parts.as_slice() {
        let (columns, rows) = frame.components.get(part.component)?.blocks.own;
        for row in 0..rows {
            for column in 0..columns {
                units.before(&mut state)?;
                let block = frame.components.get_mut(part.component)?.blocks.at_mut(column, row)?;
                header.block(&mut state, tables, part, 0, block)?;
            }
        }
    } else {
        let columns = frame.width.div_ceil(8 * frame.most.0);
        let rows = frame.height.div_ceil(8 * frame.most.1);
        for row in 0..rows {
            for column in 0..columns {
                units.before(&mut state)?;
                for (slot, part) in header.parts.iter().enumerate() {
                    let component = frame.components.get_mut(part.component)?;
                    let (across, down) = component.sampling;
                    for y in row * down..(row + 1) * down {
                        for x in column * across..(column + 1) * across {
                            let block = component.blocks.at_mut(x, y)?;
                            header.block(&mut state, tables, part, slot, block)?;
                        }
                    }
                }
            }
        }
    }
    Some(())
}

/// Scan header (T.81, B.2.3).
struct Header {
    kind: Kind,
    parts: Vec<Part>,
    /// Spectral selection, first and last coefficient.
    band: (usize, usize),
    /// Successive approximation: the bit position before, and now.
    bit: (u8, u8),
}

/// A component in a scan.
struct Part {
    component: usize,
    dc: usize,
    ac: usize,
}

struct State<'a> {
    bits: BitReader<'a>,
    /// The last DC value of each component in the scan.
    predictions: [i32; 4],
    /// Progressive: blocks yet to come whose band has ended.
    end_of_band: u32,
}

struct Restarts {
    interval: usize,
    left: usize,
    number: u8,
}

impl Restarts {
    /// Takes in the restart marker where one is due before the next unit.
    fn before(&mut self, state: &mut State<'_>) -> Option<()> {
        if self.interval == 0 {
            return Some(());
        }
        if self.left == 0 {
            state.bits.restart(self.number)?;
            state.predictions = [0; 4];
            state.end_of_band = 0;
            self.number = (self.number + 1) % 8;
            self.left = self.interval;
        }
        self.left -= 1;
        Some(())
    }
}

impl Header {
    fn read(frame: &Frame, body: &[u8]) -> Option<Self> {
        let (&count, rest) = body.split_first()?;
        let selectors = rest.get(..2 * usize::from(count))?.as_chunks::<2>().0;
        let &[first, last, bits] = rest.get(2 * usize::from(count)..)? else {
            return None;
        };
        let mut parts: Vec<Part> = Vec::new();
        for &[id, tables] in selectors {
            let component = frame.components.iter().position(|component| component.id == id)?;
            if parts.iter().any(|part| part.component == component) {
                return None;
            }
            parts.push(Part {
                component,
                dc: usize::from(tables >> 4),
                ac: usize::from(tables & 15),
            });
        }
        let units = parts.iter().filter_map(|part| frame.components.get(part.component));
        let blocks: usize = units.map(|component| component.sampling.0 * component.sampling.1).sum();
        // Up to 10 blocks a unit (T.81, B.2.3).
        if parts.is_empty() || parts.len() > 1 && blocks > 10 {
            return None;
        }
        let header = Self {
            kind: frame.kind,
            band: (first.into(), last.into()),
            bit: (bits >> 4, bits & 15),
            parts,
        };
        header.is_sound().then_some(header)
    }

    /// Whether spectral selection and successive approximation are possible (T.81, G.1.1.1).
    fn is_sound(&self) -> bool {
        let (first, last) = self.band;
        let (before, now) = self.bit;
        match self.kind {
            // Some encoders write other values here, which decoders pass over.
            Kind::Sequential => true,
            Kind::Progressive if first == 0 => last == 0 && now <= 13 && (before == 0 || before == now + 1),
            Kind::Progressive => {
                let order = first <= last && last <= 63 && self.parts.len() == 1;
                order && now <= 13 && (before == 0 || before == now + 1)
            }
        }
    }

    fn block(&self, state: &mut State<'_>, tables: &Tables, part: &Part, slot: usize, block: &mut Block) -> Option<()> {
        let dc = || tables.dc.get(part.dc)?.as_ref();
        let ac = || tables.ac.get(part.ac)?.as_ref();
        match (self.kind, self.band.0, self.bit.0) {
            (Kind::Sequential, ..) => {
                state.dc(dc()?, slot, 0, block)?;
                state.sequential_ac(ac()?, block)?;
            }
            (Kind::Progressive, 0, 0) => state.dc(dc()?, slot, self.bit.1, block)?,
            (Kind::Progressive, 0, _) => {
                if state.bits.take(1) == 1 {
                    *block.first_mut()? |= 1 << self.bit.1;
                }
            }
            (Kind::Progressive, _, 0) => state.first_ac(ac()?, self.band, self.bit.1, block)?,
            (Kind::Progressive, ..) => state.refine_ac(ac()?, self.band, self.bit.1, block)?,
        }
        (!state.bits.exhausted()).then_some(())
    }
}

impl State<'_> {
    /// DC (T.81, F.2.2.1 and G.1.2.1).
    fn dc(&mut self, table: &Decoding, slot: usize, shift: u8, block: &mut Block) -> Option<()> {
        let size = table.read(&mut self.bits)?;
        if size > 15 {
            return None;
        }
        let difference = extend(self.bits.take(size.into()), size.into());
        let prediction = self.predictions.get_mut(slot)?;
        *prediction = prediction.wrapping_add(difference);
        *block.first_mut()? = i16::try_from(*prediction << shift).ok()?;
        Some(())
    }

    /// F.2.2.2
    fn sequential_ac(&mut self, table: &Decoding, block: &mut Block) -> Option<()> {
        let mut at = 1;
        while at < 64 {
            let symbol = table.read(&mut self.bits)?;
            let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
            if size == 0 {
                if run < 15 {
                    break;
                }
                at += 16;
                continue;
            }
            at += run;
            *block.get_mut(at)? = extend(self.bits.take(size), size) as i16;
            at += 1;
        }
        Some(())
    }

    /// G.1.2.2
    fn first_ac(&mut self, table: &Decoding, band: (usize, usize), shift: u8, block: &mut Block) -> Option<()> {
        if self.end_of_band > 0 {
            self.end_of_band -= 1;
            return Some(());
        }
        let mut at = band.0;
        while at <= band.1 {
            let symbol = table.read(&mut self.bits)?;
            let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
            if size == 0 {
                if run < 15 {
                    self.end_of_band = (1 << run) - 1 + self.bits.take(run);
                    break;
                }
                at += 16;
                continue;
            }
            at += run as usize;
            *block.get_mut(at)? = i16::try_from(extend(self.bits.take(size), size) << shift).ok()?;
            at += 1;
        }
        Some(())
    }

    /// G.1.2.3
    fn refine_ac(&mut self, table: &Decoding, band: (usize, usize), shift: u8, block: &mut Block) -> Option<()> {
        let step = 1_i16 << shift;
        let mut at = band.0;
        if self.end_of_band == 0 {
            while at <= band.1 {
                let symbol = table.read(&mut self.bits)?;
                let (mut run, size) = (u32::from(symbol >> 4), symbol & 15);
                let new = match size {
                    0 if run < 15 => {
                        self.end_of_band = (1 << run) + self.bits.take(run);
                        break;
                    }
                    0 => 0,
                    _ if self.bits.take(1) == 1 => step,
                    _ => -step,
                };
                // Up to the place of the new coefficient, those that are there already get one more bit.
                while at <= band.1 {
                    let coefficient = block.get_mut(at)?;
                    if *coefficient != 0 {
                        self.refine(coefficient, step);
                    } else if run == 0 {
                        *coefficient = new;
                        break;
                    } else {
                        run -= 1;
                    }
                    at += 1;
                }
                at += 1;
            }
        }
        if self.end_of_band > 0 {
            for coefficient in block.get_mut(at..=band.1).unwrap_or_default() {
                if *coefficient != 0 {
                    self.refine(coefficient, step);
                }
            }
            self.end_of_band -= 1;
        }
        Some(())
    }

    fn refine(&mut self, coefficient: &mut i16, step: i16) {
        if self.bits.take(1) == 1 && *coefficient & step == 0 {
            *coefficient = coefficient.wrapping_add(if *coefficient > 0 { step } else { -step });
        }
    }
}

/// The value of `size` bits (T.81, figure F.12): the lower half of them stands for negative values.
fn extend(bits: u32, size: u32) -> i32 {
    let bits = bits as i32;
    if size > 0 && bits < 1 << (size - 1) {
        bits - (1 << size) + 1
    } else {
        bits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lower_half_is_negative() {
        let values = |size: u32| (0..1_u32 << size).map(|bits| extend(bits, size)).collect::<Vec<_>>();
        assert_eq!(values(0), [0]);
        assert_eq!(values(1), [-1, 1]);
        assert_eq!(values(2), [-3, -2, 2, 3]);
    }
}
