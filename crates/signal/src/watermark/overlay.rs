//! The mark over a whole picture: how strong it may be there, and writing it.

use touchmark_image::Channels;

use super::{
    embed::{Embedded, Strength},
    plane::{Plane, Sample, luminance},
    quality::{Similarity, WINDOW, psnr, squared_error},
};

/// The mask is right but for rounding to whole grey levels and for what is clipped.
const MOST_GAIN: f64 = 1.15;
/// Bands of rows in which the outcome is measured before anything is written.
const BANDS: usize = 48;

/// The tile repeated, times the mask, which is interpolated.
pub(super) struct Overlay<'a> {
    mask: &'a Plane,
    tile: &'a [f32],
    period: usize,
    width: usize,
    height: usize,
    /// For each column of the picture, the column of the mask to its left and how near the next one is.
    columns: Vec<(u32, f32)>,
}

impl<'a> Overlay<'a> {
    /// Of a picture of `width` x `height` pixels; both sides of the mask are at least 2, and the tile has
    /// `period` x `period` values.
    pub(super) fn new(mask: &'a Plane, tile: &'a [f32], period: usize, width: usize, height: usize) -> Self {
        let columns = (0..width)
            .map(|x| {
                let (left, share) = between(x, width, mask.width);
                (left as u32, share)
            })
            .collect();
        Self {
            mask,
            tile,
            period,
            width,
            height,
            columns,
        }
    }

    /// Finds the gain at which the picture keeps within the bounds of `strength`, then writes.
    pub(super) fn apply<S: Sample>(&self, samples: &mut [S], channels: Channels, strength: Strength) -> Embedded {
        let bounds = strength.bounds();
        // A little inside the bounds.
        let (error, ssim) = (squared_error(bounds.0 + 0.01), bounds.1 + 0.001);
        let mut rows = Rows::new(self);
        let mut gain = 1.0;
        let mut measured = self.measure(samples, channels, gain, &mut rows);
        for _ in 0..3 {
            // The error, and the loss of similarity, grow about with the square of the gain.
            let within = (error / measured.0).min((1.0 - ssim) / (1.0 - measured.1).max(1e-9));
            let next = (gain * within.sqrt()).min(MOST_GAIN);
            if (0.98..=1.005).contains(&within) || next == gain {
                break;
            }
            gain = next;
            measured = self.measure(samples, channels, gain, &mut rows);
        }
        // Bands only estimate the error; its bound is kept to the letter.
        for _ in 0..8 {
            let whole = self.error(samples, channels, gain, &mut rows);
            if whole <= squared_error(bounds.0) {
                break;
            }
            gain *= (error / whole).sqrt().min(0.9995);
        }
        let mut change = Change::default();
        for (y, row) in samples.chunks_exact_mut(self.width * channels.count()).enumerate() {
            let (steps, samples) = rows.steps(self, y, row, channels, gain);
            change.add(S::move_all(row, steps), samples);
        }
        Embedded {
            psnr: psnr(change.mean::<S>()),
            ssim: measured.1,
        }
    }

    /// Mean squared error over the whole picture that a gain would give.
    fn error<S: Sample>(&self, samples: &[S], channels: Channels, gain: f64, rows: &mut Rows) -> f64 {
        let mut change = Change::default();
        for (y, row) in samples.chunks_exact(self.width * channels.count()).enumerate() {
            let (steps, samples) = rows.steps(self, y, row, channels, gain);
            change.add(S::moved(row, steps), samples);
        }
        change.mean::<S>()
    }

    /// Mean squared error and structural similarity that a gain would give.
    fn measure<S: Sample>(&self, samples: &[S], channels: Channels, gain: f64, rows: &mut Rows) -> (f64, f64) {
        let stride = ((self.height - WINDOW) / BANDS).max(4);
        let length = self.width * channels.count();
        let mut marked = vec![S::ZERO; length];
        let (mut before, mut after) = (vec![0.0; self.width], vec![0.0; self.width]);
        let mut change = Change::default();
        let mut similarity = Similarity::new(self.width);
        for top in (0..=self.height - WINDOW).step_by(stride) {
            for y in top..top + WINDOW {
                let row = &samples[y * length..][..length];
                luminance(row, channels, &mut before);
                marked.copy_from_slice(row);
                let (steps, samples) = rows.steps(self, y, row, channels, gain);
                change.add(S::move_all(&mut marked, steps), samples);
                luminance(&marked, channels, &mut after);
                similarity.add(&before, &after);
            }
            similarity.finish();
        }
        (change.mean::<S>(), similarity.mean())
    }
}

/// Sum of squared steps, and the number of samples. Whole numbers, so that their order does not matter.
#[derive(Default)]
struct Change {
    squares: u64,
    samples: u64,
}

impl Change {
    fn add(&mut self, squares: u64, samples: u64) {
        self.squares += squares;
        self.samples += samples;
    }

    /// Mean squared error in grey levels of 8 bits; not zero.
    fn mean<S: Sample>(&self) -> f64 {
        let unit = f64::from(S::SCALE);
        self.squares.max(1) as f64 / self.samples.max(1) as f64 / (unit * unit)
    }
}

/// Rows of the mark that are being worked on.
struct Rows {
    /// Rows of the mask, by their number modulo 2, as wide as the picture.
    mask: [(usize, Vec<f32>); 2],
    /// Steps of each pixel, and of each sample.
    whole: Vec<i16>,
    spread: Vec<i16>,
}

impl Rows {
    fn new(overlay: &Overlay) -> Self {
        let empty = || (usize::MAX, vec![0.0; overlay.width]);
        Self {
            mask: [empty(), empty()],
            whole: vec![0; overlay.width],
            spread: vec![0; 4 * overlay.width],
        }
    }

    /// By how much each sample of row `y` is to move, and how many of them may. All colours move by the same steps, so
    /// that no hue changes.
    fn steps<S: Sample>(
        &mut self,
        overlay: &Overlay,
        y: usize,
        row: &[S],
        channels: Channels,
        gain: f64,
    ) -> (&[i16], u64) {
        // Added to a number below 2^15, this leaves its nearest whole number in the lowest bits.
        const ROUND: f32 = 12_582_912.0;
        let gain = gain as f32 * S::SCALE;
        let (top, share) = between(y, overlay.height, overlay.mask.height);
        self.widen(overlay, top);
        self.widen(overlay, top + 1);
        let (upper, lower) = (&self.mask[top % 2].1, &self.mask[(top + 1) % 2].1);
        let tile = &overlay.tile[y % overlay.period * overlay.period..][..overlay.period];
        let periods = upper.chunks(overlay.period).zip(lower.chunks(overlay.period));
        for (steps, (upper, lower)) in self.whole.chunks_mut(overlay.period).zip(periods) {
            for (((step, upper), lower), tile) in steps.iter_mut().zip(upper).zip(lower).zip(tile) {
                let mask = upper + share * (lower - upper);
                *step = (mask * (tile * gain) + ROUND).to_bits() as i16;
            }
        }
        // One step a sample, so that the samples can be moved many at a time.
        let samples = match channels {
            Channels::Grey => return (&self.whole, row.len() as u64),
            Channels::Rgb => {
                for (spread, step) in self.spread.as_chunks_mut::<3>().0.iter_mut().zip(&self.whole) {
                    *spread = [*step; 3];
                }
                row.len() as u64
            }
            Channels::GreyAlpha => spread_visible::<S, 2>(row, &self.whole, &mut self.spread),
            Channels::Rgba => spread_visible::<S, 4>(row, &self.whole, &mut self.spread),
        };
        (&self.spread[..row.len()], samples)
    }

    /// Has row `y` of the mask at hand, as wide as the picture.
    fn widen(&mut self, overlay: &Overlay, y: usize) {
        let (held, wide) = &mut self.mask[y % 2];
        if *held == y {
            return;
        }
        *held = y;
        let row = overlay.mask.row(y);
        for (value, &(left, share)) in wide.iter_mut().zip(&overlay.columns) {
            let left = left as usize;
            *value = row[left] + share * (row[left + 1] - row[left]);
        }
    }
}

/// Spreads steps over pixels of `N` samples, the last of which is opacity and stays; pixels without any stay too. Gives
/// the number of samples that may move.
fn spread_visible<S: Sample, const N: usize>(row: &[S], steps: &[i16], spread: &mut [i16]) -> u64 {
    let mut samples = 0;
    let pixels = row.as_chunks::<N>().0.iter().zip(steps);
    for (spread, (pixel, steps)) in spread.as_chunks_mut::<N>().0.iter_mut().zip(pixels) {
        let visible = pixel[N - 1] != S::ZERO;
        *spread = [if visible { *steps } else { 0 }; N];
        spread[N - 1] = 0;
        samples += if visible { N as u64 - 1 } else { 0 };
    }
    samples
}

/// Which two of `len` values lie around value `at` of `full`, and how near the second one is.
fn between(at: usize, full: usize, len: usize) -> (usize, f32) {
    let place = ((at as f64 + 0.5) * len as f64 / full as f64 - 0.5).clamp(0.0, (len - 1) as f64);
    let first = (place as usize).min(len - 2);
    (first, (place - first as f64) as f32)
}
