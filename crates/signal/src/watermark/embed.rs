//! Putting a mark into a picture: where it may be strong, what it need not say again, and how strong it ends up.

use std::{error::Error, fmt, sync::Arc};

use rustfft::{Fft, FftPlanner, num_complex::Complex32};
use touchmark_image::{Channels, Pixels, SamplesMut};

use super::{
    id::WatermarkId,
    key::WatermarkKey,
    lattice::{Bin, Layout, TILE, period},
    plane::{Plane, Sample, erode, luminance, residual, shrink, smooth},
    quality::{WINDOW, psnr, similarity, squared_error},
    tile,
};

/// The least short side that can carry a mark, in pixels: two periods.
pub const SMALLEST_SIDE: u32 = 256;
/// The least share of a picture that must have structure.
const LEAST_TEXTURE: f32 = 0.02;
/// Local deviation in grey levels from which an area counts as structured.
const TEXTURE: f32 = 1.5;
/// The mask is right but for rounding to whole grey levels and for what is clipped.
const MOST_GAIN: f64 = 1.15;
/// Bands of rows in which the outcome is measured before anything is written.
const BANDS: usize = 48;

/// How much a mark may change a picture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Strength {
    /// For pictures that will be looked at closely and travel little.
    Invisible,
    /// Not seen at twice the size, and read after what platforms do to pictures.
    #[default]
    Default,
    /// For small pictures, and for paths that cost much quality. Can be seen in smooth areas when looked for.
    Strong,
}

impl Strength {
    /// The least peak signal to noise ratio in dB, and the least structural similarity, of a picture marked so.
    pub fn bounds(self) -> (f64, f64) {
        match self {
            Self::Invisible => (46.0, 0.992),
            Self::Default => (43.0, 0.985),
            Self::Strong => (40.5, 0.975),
        }
    }

    /// The most that a place may be moved, as a root mean square in grey levels, by its local deviation: judged by eye at
    /// twice the size, in a sky and in grass.
    fn most(self, deviation: f32) -> f32 {
        let factor = match self {
            Self::Invisible => 0.7,
            Self::Default => 1.0,
            Self::Strong => 1.6,
        };
        factor * (0.5 + 0.22 * deviation)
    }
}

/// What marking did to a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Embedded {
    /// Peak signal to noise ratio in dB, over the colour samples of all pixels that are not fully transparent.
    pub psnr: f64,
    /// Mean structural similarity of luminance (Wang et al. 2004), from bands of rows all over the picture.
    pub ssim: f64,
}

/// Why a picture cannot carry a mark. It is as it was.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Refusal {
    /// The short side is too small.
    TooSmall {
        /// Its pixels.
        short_side: u32,
        /// Pixels that it needs.
        needed: u32,
    },
    /// There is hardly any structure that would hide a mark: a drawing of plain areas, or one that is mostly transparent.
    TooFlat {
        /// Share of the picture that has structure, 0 to 1.
        textured: f32,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooSmall { short_side, needed } => write!(
                f,
                "the picture is too small for a watermark: its short side has {short_side} pixels, and {needed} are needed"
            ),
            Self::TooFlat { textured } => write!(
                f,
                "the picture is too flat for a watermark: {:.1} % of it has any structure",
                textured * 100.0
            ),
        }
    }
}

impl Error for Refusal {}

/// Puts marks made with one key into pictures. Immutable: to be made once and shared.
pub struct Embedder {
    layout: Layout,
    fold: Arc<dyn Fft<f32>>,
}

impl fmt::Debug for Embedder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Embedder(..)")
    }
}

impl Embedder {
    /// Draws the lattice of a key.
    pub fn new(key: &WatermarkKey) -> Self {
        Self {
            layout: Layout::new(key),
            fold: FftPlanner::new().plan_fft_forward(TILE),
        }
    }

    /// Marks a picture with `id`. Fully transparent pixels and opacity stay as they are.
    ///
    /// The same picture, id, key and strength give the same samples; on another platform at most one grey level apart.
    ///
    /// # Errors
    /// [`Refusal`], by which nothing is changed.
    pub fn embed(&self, pixels: &mut Pixels, id: WatermarkId, strength: Strength) -> Result<Embedded, Refusal> {
        let (width, height) = (pixels.width(), pixels.height());
        let short_side = width.min(height);
        if short_side < SMALLEST_SIDE {
            return Err(Refusal::TooSmall {
                short_side,
                needed: SMALLEST_SIDE,
            });
        }
        let period = period(width, height);
        let scale = TILE as f64 / period as f64;
        let canonical = |side: u32| (f64::from(side) * scale).round() as usize;
        let plane = shrink(pixels, canonical(width), canonical(height));
        let mut mask = deviation(&plane);
        let textured = scale_to(&mut mask, strength);
        if textured < LEAST_TEXTURE {
            return Err(Refusal::TooFlat { textured });
        }
        let tile = self.tile(plane, &mask, id, period);

        let channels = pixels.channels();
        let overlay = Overlay::new(&mask, &tile, period, width as usize, height as usize);
        Ok(match pixels.samples_mut() {
            SamplesMut::Eight(samples) => overlay.apply(samples, channels, strength),
            SamplesMut::Sixteen(samples) => overlay.apply(samples, channels, strength),
        })
    }

    /// The tile that says `id`, fitted to what a detector will see of the picture itself.
    fn tile(&self, plane: Plane, mask: &Plane, id: WatermarkId, period: usize) -> Vec<f32> {
        let (host, gain) = residual(plane, TILE as f32);
        // What one dimension of the mark adds to the spectrum of the residual.
        let response: f64 = mask
            .values
            .iter()
            .zip(&gain.values)
            .map(|(mask, gain)| f64::from(mask * gain))
            .sum();
        let unit = response as f32 * tile::unit();
        let host = self.folded_spectrum(&host);
        let at = |(u, v): Bin| {
            let wrapped = |frequency: i32| frequency.rem_euclid(TILE as i32) as usize;
            host[wrapped(u) * TILE + wrapped(v)] / unit
        };
        tile::synthesise(&tile::spectrum(id, &self.layout, at), period)
    }

    /// The spectrum of the sum of all tiles, `TILE` x `TILE`, frequencies down by frequencies across.
    fn folded_spectrum(&self, plane: &Plane) -> Vec<Complex32> {
        let mut sum = vec![Complex32::ZERO; TILE * TILE];
        for (y, row) in plane.rows().enumerate() {
            let line = &mut sum[y % TILE * TILE..][..TILE];
            for part in row.chunks(TILE) {
                line.iter_mut().zip(part).for_each(|(sum, value)| sum.re += value);
            }
        }
        self.fold.process(&mut sum);
        let mut turned: Vec<Complex32> = (0..TILE * TILE).map(|at| sum[at % TILE * TILE + at / TILE]).collect();
        self.fold.process(&mut turned);
        (0..TILE * TILE)
            .map(|at| turned[at % TILE * TILE + at / TILE])
            .collect()
    }
}

/// Steps of a grey level in which deviations are counted, and how many there are.
const FINENESS: f32 = 16.0;
const DEVIATIONS: usize = 1024;

/// The local deviation, in grey levels: what hides a mark.
fn deviation(plane: &Plane) -> Plane {
    const WIDE: f32 = 3.0;
    const NARROW: f32 = 1.5;
    const EDGE: usize = 1;
    let measure = |sigma: f32, weigh: fn(f32) -> f32| {
        let mut measure = plane.clone();
        smooth(&mut measure, sigma);
        for (value, original) in measure.values.iter_mut().zip(&plane.values) {
            *value = weigh(original - *value);
        }
        smooth(&mut measure, sigma);
        measure
    };
    let mut deviation = measure(WIDE, |value| value * value);
    let narrow = measure(NARROW, f32::abs);
    for (value, narrow) in deviation.values.iter_mut().zip(&narrow.values) {
        *value = value.max(0.0).sqrt().min(2.5 * narrow + 0.5);
    }
    // Both measures reach over an edge into what is even beside it: take that back.
    erode(&mut deviation, EDGE);
    smooth(&mut deviation, 1.0);
    deviation
}

/// Turns local deviations into the root mean square of the mark there, in grey levels, so that it comes to the bound of
/// the strength, or near it where the picture cannot hide that much. Gives the share of the picture that has structure.
///
/// The mark follows the root of the deviation, so that even areas carry a part, up to what is not seen (after the noise
/// visibility function of Voloshynovskiy et al., Information Hiding 1999).
fn scale_to(mask: &mut Plane, strength: Strength) -> f32 {
    let level = |deviation: f32| ((deviation * FINENESS) as usize).min(DEVIATIONS - 1);
    let mut counts = vec![0u32; DEVIATIONS];
    for value in &mask.values {
        counts[level(*value)] += 1;
    }
    // By a root, which every platform rounds alike: first the wish, then the most.
    let amplitudes: Vec<(f32, f32)> = (0..DEVIATIONS)
        .map(|at| {
            let deviation = (at as f32 + 0.5) / FINENESS;
            ((deviation + 1.0).sqrt(), strength.most(deviation))
        })
        .collect();
    let pixels = mask.values.len() as f64;
    let target = squared_error(strength.bounds().0) * pixels;
    let (mut low, mut high) = (0.0f32, 4.0f32);
    for _ in 0..20 {
        let gain = (low + high) / 2.0;
        let squares = counts
            .iter()
            .zip(&amplitudes)
            .map(|(&count, (wish, most))| f64::from(count) * f64::from((gain * wish).min(*most)).powi(2));
        if squares.sum::<f64>() < target {
            low = gain
        } else {
            high = gain
        }
    }
    for value in &mut mask.values {
        let (wish, most) = amplitudes[level(*value)];
        *value = (low * wish).min(most);
    }
    f64::from(counts[level(TEXTURE)..].iter().sum::<u32>()) as f32 / pixels as f32
}

/// The mark over a whole picture: the tile repeated, times the mask, which is interpolated.
struct Overlay<'a> {
    mask: &'a Plane,
    tile: &'a [f32],
    period: usize,
    width: usize,
    height: usize,
    /// For each column of the picture, the column of the mask to its left and how near the next one is.
    columns: Vec<(u32, f32)>,
}

impl<'a> Overlay<'a> {
    fn new(mask: &'a Plane, tile: &'a [f32], period: usize, width: usize, height: usize) -> Self {
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

    /// Writes row `y` of the mark into `row`; `line` is room for a row of the mask.
    fn row(&self, y: usize, line: &mut [f32], row: &mut [f32]) {
        let (top, share) = between(y, self.height, self.mask.height);
        let (upper, lower) = (self.mask.row(top), self.mask.row(top + 1));
        for ((value, upper), lower) in line.iter_mut().zip(upper).zip(lower) {
            *value = upper + share * (lower - upper);
        }
        let tile = &self.tile[y % self.period * self.period..][..self.period];
        for (row, columns) in row.chunks_mut(self.period).zip(self.columns.chunks(self.period)) {
            for ((value, &(left, share)), tile) in row.iter_mut().zip(columns).zip(tile) {
                let left = left as usize;
                *value = (line[left] + share * (line[left + 1] - line[left])) * tile;
            }
        }
    }

    /// Finds the gain at which the picture keeps within `bounds`, then writes.
    fn apply<S: Sample>(&self, samples: &mut [S], channels: Channels, strength: Strength) -> Embedded {
        let bounds = strength.bounds();
        // A little inside the bounds.
        let (error, ssim) = (squared_error(bounds.0 + 0.02), bounds.1 + 0.0005);
        let mut gain = 1.0;
        let mut measured = self.measure(samples, channels, gain);
        for _ in 0..3 {
            // The error, and the loss of similarity, grow about with the square of the gain.
            let within = (error / measured.0).min((1.0 - ssim) / (1.0 - measured.1).max(1e-9));
            let next = (gain * within.sqrt()).min(MOST_GAIN);
            if (0.98..=1.005).contains(&within) || next == gain {
                break;
            }
            gain = next;
            measured = self.measure(samples, channels, gain);
        }
        // Bands only estimate the error; its bound is kept to the letter.
        let whole = self.error(samples, channels, gain);
        if whole > error {
            gain *= (error / whole).sqrt();
        }
        let mut rows = Scratch::new(self);
        let mut change = Change::default();
        for (y, row) in samples.chunks_exact_mut(self.width * channels.count()).enumerate() {
            change.add(self.mark(y, row, channels, gain, &mut rows));
        }
        Embedded {
            psnr: psnr(change.mean::<S>()),
            ssim: measured.1,
        }
    }

    /// Mean squared error over the whole picture that a gain would give.
    fn error<S: Sample>(&self, samples: &[S], channels: Channels, gain: f64) -> f64 {
        let length = self.width * channels.count();
        let mut rows = Scratch::new(self);
        let mut marked = vec![S::ZERO; length];
        let mut change = Change::default();
        for (y, row) in samples.chunks_exact(length).enumerate() {
            marked.copy_from_slice(row);
            change.add(self.mark(y, &mut marked, channels, gain, &mut rows));
        }
        change.mean::<S>()
    }

    /// Mean squared error and structural similarity that a gain would give.
    fn measure<S: Sample>(&self, samples: &[S], channels: Channels, gain: f64) -> (f64, f64) {
        let stride = ((self.height - WINDOW) / BANDS).max(4);
        let length = self.width * channels.count();
        let mut rows = Scratch::new(self);
        let mut marked = vec![S::ZERO; length];
        let (mut before, mut after) = (vec![0.0; WINDOW * self.width], vec![0.0; WINDOW * self.width]);
        let mut change = Change::default();
        let mut similar = (0.0, 0);
        for top in (0..=self.height - WINDOW).step_by(stride) {
            let lines = before
                .chunks_exact_mut(self.width)
                .zip(after.chunks_exact_mut(self.width));
            for (y, (before, after)) in (top..).zip(lines) {
                let row = &samples[y * length..][..length];
                luminance(row, channels, before);
                marked.copy_from_slice(row);
                change.add(self.mark(y, &mut marked, channels, gain, &mut rows));
                luminance(&marked, channels, after);
            }
            let (sum, count) = similarity(&before, &after, self.width);
            similar = (similar.0 + sum, similar.1 + count);
        }
        (change.mean::<S>(), similar.0 / f64::from(similar.1 as u32))
    }

    /// Marks one row of samples. All colours move by the same steps, so that no hue changes.
    fn mark<S: Sample>(&self, y: usize, row: &mut [S], channels: Channels, gain: f64, scratch: &mut Scratch) -> Change {
        self.row(y, &mut scratch.line, &mut scratch.row);
        let gain = gain as f32 * S::SCALE;
        for (steps, value) in scratch.whole.iter_mut().zip(&scratch.row) {
            // To the nearest whole number, without a call into the mathematics library. At 16 bits a step of the
            // strongest mark is below 2^15.
            const HALF_RANGE: f32 = 12_582_912.0;
            *steps = (value * gain + HALF_RANGE - HALF_RANGE) as i32 as i16;
        }
        // One step a sample first, so that the samples can be moved many at a time.
        let samples = match channels {
            Channels::Grey => {
                return Change {
                    squares: S::move_all(row, &scratch.whole),
                    samples: row.len() as u64,
                };
            }
            Channels::Rgb => {
                for (spread, steps) in scratch.spread.as_chunks_mut::<3>().0.iter_mut().zip(&scratch.whole) {
                    *spread = [*steps; 3];
                }
                row.len() as u64
            }
            Channels::GreyAlpha => spread_opaque::<S, 2>(row, &scratch.whole, &mut scratch.spread),
            Channels::Rgba => spread_opaque::<S, 4>(row, &scratch.whole, &mut scratch.spread),
        };
        Change {
            squares: S::move_all(row, &scratch.spread[..row.len()]),
            samples,
        }
    }
}

/// Spreads steps over pixels of `N` samples, the last of which is opacity and stays; pixels without any stay too. Gives
/// the number of samples that may move.
fn spread_opaque<S: Sample, const N: usize>(row: &[S], steps: &[i16], spread: &mut [i16]) -> u64 {
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

/// Sum of squared steps, and the number of samples. Whole numbers, so that their order does not matter.
#[derive(Default)]
struct Change {
    squares: u64,
    samples: u64,
}

impl Change {
    fn add(&mut self, other: Self) {
        self.squares += other.squares;
        self.samples += other.samples;
    }

    /// Mean squared error in grey levels of 8 bits; not zero.
    fn mean<S: Sample>(&self) -> f64 {
        let unit = f64::from(S::SCALE);
        self.squares.max(1) as f64 / self.samples.max(1) as f64 / (unit * unit)
    }
}

/// Room for the rows that are being worked on.
struct Scratch {
    /// A row of the mask, and of the mark before its gain.
    line: Vec<f32>,
    row: Vec<f32>,
    /// Steps of each pixel, and of each sample.
    whole: Vec<i16>,
    spread: Vec<i16>,
}

impl Scratch {
    fn new(overlay: &Overlay) -> Self {
        Self {
            line: vec![0.0; overlay.mask.width],
            row: vec![0.0; overlay.width],
            whole: vec![0; overlay.width],
            spread: vec![0; 4 * overlay.width],
        }
    }
}

/// Which two of `len` values lie around value `at` of `full`, and how near the second one is.
fn between(at: usize, full: usize, len: usize) -> (usize, f32) {
    let place = ((at as f64 + 0.5) * len as f64 / full as f64 - 0.5).clamp(0.0, (len - 1) as f64);
    let first = (place as usize).min(len - 2);
    (first, (place - first as f64) as f32)
}
