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
            changed += plane.apply(component);
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
    fn apply(&self, component: &mut Component) -> u64 {
        let (columns, rows) = component.blocks.own;
        let mut changed = 0;
        let mut extents = vec![0; columns];
        for row in 0..rows {
            self.extents(row, &mut extents);
            for (column, &extent) in extents.iter().enumerate() {
                let kept = if self.chroma { SAME_COLOUR } else { 0 };
                if extent <= kept {
                    continue;
                }
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

    /// By block of a row: how far its pixels changed; for chroma, how far their colour did.
    fn extents(&self, row: usize, extents: &mut [i16]) {
        extents.fill(0);
        let channels = self.change.channels();
        let (across, down) = self.box_size;
        for y in row * 8 * down..(row + 1) * 8 * down {
            if y >= self.change.size.1 {
                break;
            }
            let (old, new) = self.change.rows(y);
            if old == new {
                continue;
            }
            let width = 8 * across * channels;
            for ((old, new), extent) in old.chunks(width).zip(new.chunks(width)).zip(extents.iter_mut()) {
                *extent = (*extent).max(if self.chroma {
                    colour_extent(old, new)
                } else {
                    extent_of(old, new)
                });
            }
        }
    }

    /// The samples of a block: the change, or what the component is now where it is coded `anew`.
    fn samples(&self, column: usize, row: usize, anew: bool) -> [[f32; 8]; 8] {
        let mut samples = [[0.0; 8]; 8];
        let (across, down) = self.box_size;
        let channels = self.change.channels();
        let last = self.change.size.0 - 1;
        let share = 1.0 / (across * down) as f32;
        let [red, green, blue] = self.weights.map(|weight| weight * share);
        for (y, line) in samples.iter_mut().enumerate() {
            for sub_row in 0..down {
                let (old, new) = self.change.rows((row * 8 + y) * down + sub_row);
                let mut x = column * 8 * across;
                for sample in line.iter_mut() {
                    for _ in 0..across {
                        let at = x.min(last) * channels;
                        x += 1;
                        let value = |channel: usize| {
                            let old = if anew { 0.0 } else { f32::from(old[at + channel]) };
                            f32::from(new[at + channel]) - old
                        };
                        *sample += if channels == 1 {
                            red * value(0)
                        } else {
                            red * value(0) + green * value(1) + blue * value(2)
                        };
                    }
                }
            }
        }
        samples
    }

    /// Adds a transformed block, or puts it in place; whether that changed anything.
    fn add(&self, block: &mut Block, samples: &[[f32; 8]; 8], anew: bool) -> bool {
        let samples = samples.as_flattened();
        let mut changed = false;
        for (k, coefficient) in block.iter_mut().enumerate() {
            let steps = samples[usize::from(ZIGZAG[k])] * self.scales[k];
            let source = f32::from(*coefficient);
            let base = if anew { 0.0 } else { source };
            // What the source has beyond the range may stay, and not grow.
            let bound = LARGEST.max(source.abs());
            let value = (base + steps.round()).clamp(-bound, bound) as i16;
            changed |= value != *coefficient;
            *coefficient = value;
        }
        changed
    }
}

/// The largest change of a sample.
fn extent_of(old: &[u8], new: &[u8]) -> i16 {
    let changes = old.iter().zip(new).map(|(&old, &new)| old.abs_diff(new));
    changes.max().unwrap_or_default().into()
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
