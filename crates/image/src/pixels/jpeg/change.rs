//! A change of pixels as a change of coefficients.
//!
//! The DCT is linear: the coefficients of the change, in quantisation steps and rounded, are added to those of the
//! source, whatever rounding its decoder did. Chroma of fewer samples than pixels cannot be had back from decoded
//! pixels, so it stays where colour did not change, and is coded anew from the pixels where it changed much.

use super::{
    Colour,
    blocks::Block,
    dct::{ZIGZAG, forward, scales},
    frame::{Component, Frame},
};

/// Decoded pixels before and after, 8 bits a sample.
pub(super) struct Change<'a> {
    pub(super) old: &'a [u8],
    pub(super) new: &'a [u8],
    /// Width and height in pixels.
    pub(super) size: (usize, usize),
    pub(super) colour: Colour,
}

/// A pixel whose red, green and blue changed by amounts that differ by no more has kept its colour: a change of
/// luminance alone, rounded.
const SAME_COLOUR: i16 = 2;
/// Up to here the change is added to the chroma of the source: what clipping makes of a change of luminance, or a
/// tint. Beyond, something was painted over, and the old detail must not shine through.
const TINT: i16 = 32;
/// Range of coefficients of 8-bit pictures, in units of the sample (T.81, F.1.2): 11 bits of DC differences.
const LARGEST: f32 = 1023.0;

impl Change<'_> {
    /// Adds the change to the coefficients; gives the number of blocks, and of those whose coefficients differ now.
    pub(super) fn apply(&self, frame: &mut Frame) -> (u64, u64) {
        let (mut blocks, mut changed) = (0, 0);
        let most = frame.most;
        let mut extents = Extents::default();
        for (index, component) in frame.components.iter_mut().enumerate() {
            let Some(steps) = component.steps else { continue };
            let plane = Plane {
                change: self,
                weights: self.weights(index),
                chroma: self.colour == Colour::YCbCr && index > 0,
                box_size: (most.0 / component.sampling.0, most.1 / component.sampling.1),
                scales: scales(&steps),
            };
            let (columns, rows) = component.blocks.own;
            blocks += (columns * rows) as u64;
            let of = (plane.chroma, component.sampling);
            if extents.of != Some(of) {
                extents.of = Some(of);
                extents.by_block = plane.extents(component.blocks.own);
            }
            changed += plane.apply(component, &extents.by_block);
        }
        (blocks, changed)
    }

    /// What red, green and blue (or grey alone) count for in a component (ITU-T T.871, 7).
    fn weights(&self, component: usize) -> [f32; 3] {
        match (self.colour, component) {
            (Colour::Grey, _) | (Colour::Rgb, 0) => [1.0, 0.0, 0.0],
            (Colour::Rgb, 1) => [0.0, 1.0, 0.0],
            (Colour::Rgb, _) => [0.0, 0.0, 1.0],
            (Colour::YCbCr, 0) => [0.299, 0.587, 0.114],
            (Colour::YCbCr, 1) => [-0.168_736, -0.331_264, 0.5],
            (Colour::YCbCr, _) => [0.5, -0.418_688, -0.081_312],
        }
    }

    fn channels(&self) -> usize {
        if self.colour == Colour::Grey { 1 } else { 3 }
    }

    /// The rows of both pictures at `y`; below the last one, the last.
    fn rows(&self, y: usize) -> (&[u8], &[u8]) {
        let row = self.size.0 * self.channels();
        let at = y.min(self.size.1 - 1) * row;
        (&self.old[at..at + row], &self.new[at..at + row])
    }
}

/// How far the pixels of each block changed, row by row; both components of chroma share theirs.
#[derive(Default)]
struct Extents {
    /// Chroma or not, and with which sampling factors.
    of: Option<(bool, (usize, usize))>,
    by_block: Vec<i16>,
}

/// The change of one component.
struct Plane<'a> {
    change: &'a Change<'a>,
    weights: [f32; 3],
    chroma: bool,
    /// Pixels a sample, across and down.
    box_size: (usize, usize),
    scales: [f32; 64],
}

impl Plane<'_> {
    fn apply(&self, component: &mut Component, extents: &[i16]) -> u64 {
        let (columns, rows) = component.blocks.own;
        let kept = if self.chroma { SAME_COLOUR } else { 0 };
        let mut changed = 0;
        for (row, extents) in extents.chunks_exact(columns).enumerate().take(rows) {
            for (column, &extent) in extents.iter().enumerate().filter(|(_, extent)| **extent > kept) {
                let Some(block) = component.blocks.at_mut(column, row) else {
                    continue;
                };
                let anew = self.chroma && extent > TINT;
                let mut samples = self.samples(column, row, anew);
                forward(&mut samples);
                changed += u64::from(self.add(block, &samples, anew));
            }
        }
        changed
    }

    /// By block: for chroma, how far colours changed; else whether pixels did, 0 or 1.
    fn extents(&self, (columns, rows): (usize, usize)) -> Vec<i16> {
        let mut extents = vec![0; columns * rows];
        let (across, down) = self.box_size;
        let width = 8 * across * self.change.channels();
        for y in 0..self.change.size.1 {
            let (old, new) = self.change.rows(y);
            if old == new {
                continue;
            }
            let line = &mut extents[y / (8 * down) * columns..][..columns];
            for ((old, new), extent) in old.chunks(width).zip(new.chunks(width)).zip(line) {
                if self.chroma {
                    *extent = (*extent).max(colour_extent(old, new));
                } else if *extent == 0 {
                    *extent = i16::from(old != new);
                }
            }
        }
        extents
    }

    /// The samples of a block: the change, or what the component is now where it is coded `anew`.
    fn samples(&self, column: usize, row: usize, anew: bool) -> [[f32; 8]; 8] {
        let mut samples = [[0.0; 8]; 8];
        let (across, down) = self.box_size;
        let width = self.change.size.0;
        let first = column * 8 * across;
        let share = 1.0 / (across * down) as f32;
        let weights = self.weights.map(|weight| weight * share);
        for (y, line) in samples.iter_mut().enumerate() {
            for sub_row in 0..down {
                let (old, new) = self.change.rows((row * 8 + y) * down + sub_row);
                let old = if anew { None } else { Some(old) };
                if self.change.channels() == 3 {
                    add_line::<3>(line, old, new, first, across, weights, width);
                } else {
                    add_line::<1>(line, old, new, first, across, [weights[0]], width);
                }
            }
        }
        samples
    }

    /// Adds a transformed block, or puts it in place; whether that changed anything.
    fn add(&self, block: &mut Block, samples: &[[f32; 8]; 8], anew: bool) -> bool {
        // In rows as they are, so that the compiler can take several at once.
        let scaled = samples.as_flattened().iter().zip(&self.scales);
        let mut steps = [0.0; 64];
        let mut any = false;
        for (steps, (sample, scale)) in steps.iter_mut().zip(scaled) {
            *steps = round(sample * scale);
            any |= *steps != 0.0;
        }
        if !any && !anew {
            return false;
        }
        let mut changed = false;
        for (coefficient, &place) in block.iter_mut().zip(&ZIGZAG) {
            let source = f32::from(*coefficient);
            let base = if anew { 0.0 } else { source };
            // What the source has beyond the range may stay, and not grow.
            let bound = LARGEST.max(source.abs());
            let value = (base + steps[usize::from(place)]).clamp(-bound, bound) as i16;
            changed |= value != *coefficient;
            *coefficient = value;
        }
        changed
    }
}

/// Adds one line of pixels to eight samples, `across` pixels to each, beginning with pixel `first`; beyond the edge, the
/// last pixel again.
fn add_line<const CHANNELS: usize>(
    line: &mut [f32; 8],
    old: Option<&[u8]>,
    new: &[u8],
    first: usize,
    across: usize,
    weights: [f32; CHANNELS],
    width: usize,
) {
    let weigh = |pixel: &[u8; CHANNELS]| {
        let parts = pixel.iter().zip(&weights);
        parts.map(|(&sample, weight)| f32::from(sample) * weight).sum::<f32>()
    };
    let (new, old) = (new.as_chunks().0, old.map(|old| old.as_chunks().0));
    let whole = first..first + 8 * across;
    if whole.end <= width {
        let (new, old) = (&new[whole.clone()], old.map(|old| &old[whole]));
        for (sample, pixels) in line.iter_mut().zip(new.chunks_exact(across)) {
            pixels.iter().for_each(|pixel| *sample += weigh(pixel));
        }
        for (sample, pixels) in line.iter_mut().zip(old.unwrap_or_default().chunks_exact(across)) {
            pixels.iter().for_each(|pixel| *sample -= weigh(pixel));
        }
        return;
    }
    for (x, sample) in whole.zip((0..8).flat_map(|sample| std::iter::repeat_n(sample, across))) {
        let x = x.min(width - 1);
        line[sample] += weigh(&new[x]) - old.map_or(0.0, |old| weigh(&old[x]));
    }
}

/// The nearest whole number, for values below 2^22: there floats are so far apart that adding rounds.
/// (`f32::round` is a call on processors without the instruction.)
fn round(value: f32) -> f32 {
    const HALF_OF_2_24: f32 = 12_582_912.0;
    (value + HALF_OF_2_24) - HALF_OF_2_24
}

/// The largest difference between the changes of red, green and blue in one pixel.
fn colour_extent(old: &[u8], new: &[u8]) -> i16 {
    let pixels = old.as_chunks::<3>().0.iter().zip(new.as_chunks::<3>().0);
    let spread = |(old, new): (&[u8; 3], &[u8; 3])| {
        let [r, g, b] = [0, 1, 2].map(|channel| i16::from(new[channel]) - i16::from(old[channel]));
        r.max(g).max(b) - r.min(g).min(b)
    };
    pixels.map(spread).max().unwrap_or_default()
}
