//! Putting a mark into a picture: where it may be strong, what it need not say again, and how strong it ends up.

use std::{error::Error, fmt, sync::Arc};

use rustfft::{Fft, FftPlanner, num_complex::Complex32};
use touchmark_image::{Channels, Pixels, SamplesMut};

use super::{
    id::WatermarkId,
    key::WatermarkKey,
    lattice::{Bin, Layout, TILE, period},
    plane::{Plane, Sample, luminance, residual, shrink, smooth},
    quality::{WINDOW, psnr, similarity, squared_error},
    tile,
};

/// The least short side that can carry a mark, in pixels: two periods.
pub const SMALLEST_SIDE: u32 = 256;
/// The least share of a picture that must have structure.
const LEAST_TEXTURE: f32 = 0.02;
/// Local deviation in grey levels from which an area counts as structured.
const TEXTURE: f32 = 1.5;
/// Bands of rows in which the outcome is measured before anything is written.
const BANDS: usize = 96;

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
        let (mask, textured) = mask(&plane);
        if textured < LEAST_TEXTURE {
            return Err(Refusal::TooFlat { textured });
        }
        let bounds = strength.bounds();
        let amplitude = (squared_error(bounds.0) / mean_square(&mask)).sqrt();
        let tile = self.tile(&plane, &mask, amplitude as f32, id, period);
        drop(plane);

        let channels = pixels.channels();
        let overlay = Overlay::new(&mask, &tile, period, width as usize, height as usize);
        Ok(match pixels.samples_mut() {
            SamplesMut::Eight(samples) => overlay.apply(samples, channels, amplitude, bounds),
            SamplesMut::Sixteen(samples) => overlay.apply(samples, channels, amplitude, bounds),
        })
    }

    /// The tile that says `id`, fitted to what a detector will see of the picture itself.
    fn tile(&self, plane: &Plane, mask: &Plane, amplitude: f32, id: WatermarkId, period: usize) -> Vec<f32> {
        let (host, gain) = residual(plane, TILE as f32);
        // What one dimension of the mark adds to the spectrum of the residual.
        let response: f64 = mask
            .values
            .iter()
            .zip(&gain.values)
            .map(|(mask, gain)| f64::from(mask * gain))
            .sum();
        let unit = response as f32 * amplitude * tile::unit();
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

fn mean_square(plane: &Plane) -> f64 {
    plane.values.iter().map(|&value| f64::from(value * value)).sum::<f64>() / plane.values.len() as f64
}

/// How strong the mark may be at each place, up to a factor, and the share of the plane that has structure.
///
/// It follows the local deviation, since structure hides a mark (the masking of Voloshynovskiy et al., Information Hiding
/// 1999, with a smaller exponent so that even areas carry a part); a narrower measure keeps it out of even areas beside edges.
fn mask(plane: &Plane) -> (Plane, f32) {
    const WIDE: f32 = 3.0;
    const NARROW: f32 = 1.5;
    let deviation = |sigma: f32, weigh: fn(f32) -> f32| {
        let mut plane_of = plane.clone();
        smooth(&mut plane_of, sigma);
        for (value, original) in plane_of.values.iter_mut().zip(&plane.values) {
            *value = weigh(original - *value);
        }
        smooth(&mut plane_of, sigma);
        plane_of
    };
    let mut mask = deviation(WIDE, |value| value * value);
    let narrow = deviation(NARROW, f32::abs);
    let mut textured = 0usize;
    for (value, narrow) in mask.values.iter_mut().zip(&narrow.values) {
        let deviation = value.max(0.0).sqrt().min(2.5 * narrow + 1.0);
        textured += usize::from(deviation >= TEXTURE);
        // The power 5/8 by roots alone, which every platform rounds alike.
        let root = (deviation + 2.0).sqrt();
        *value = (root * root.sqrt().sqrt()).min(6.0);
    }
    let share = textured as f32 / mask.values.len() as f32;
    (mask, share)
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
    fn apply<S: Sample>(&self, samples: &mut [S], channels: Channels, start: f64, bounds: (f64, f64)) -> Embedded {
        // A little inside the bounds: what is measured are bands.
        let (error, ssim) = (squared_error(bounds.0 + 0.03), bounds.1 + 0.0004);
        let mut gain = start;
        let mut measured = self.measure(samples, channels, gain);
        for _ in 0..4 {
            // The error, and the loss of similarity, grow with the square of the gain.
            let factor = (error / measured.0)
                .min((1.0 - ssim) / (1.0 - measured.1).max(1e-9))
                .sqrt();
            gain *= factor.min(2.0);
            measured = self.measure(samples, channels, gain);
            if (0.997..1.0).contains(&factor) || factor > 2.0 {
                break;
            }
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
        for value in &mut scratch.row {
            // To the nearest whole number, without a call into the mathematics library.
            const HALF_RANGE: f32 = 12_582_912.0;
            *value = *value * gain + HALF_RANGE - HALF_RANGE;
        }
        match channels {
            Channels::Grey => move_all::<S, 1>(row, &scratch.row, false),
            Channels::GreyAlpha => move_all::<S, 2>(row, &scratch.row, true),
            Channels::Rgb => move_all::<S, 3>(row, &scratch.row, false),
            Channels::Rgba => move_all::<S, 4>(row, &scratch.row, true),
        }
    }
}

/// Moves the colours of each pixel of `N` samples by its steps.
fn move_all<S: Sample, const N: usize>(row: &mut [S], steps: &[f32], alpha: bool) -> Change {
    let mut change = Change::default();
    let colours = if alpha { N - 1 } else { N };
    for (pixel, steps) in row.as_chunks_mut::<N>().0.iter_mut().zip(steps) {
        if alpha && pixel[colours] == S::ZERO {
            continue;
        }
        let steps = *steps as i32;
        for sample in &mut pixel[..colours] {
            let moved = sample.moved(steps);
            let by = (moved.number() - sample.number()) as i64;
            change.squares += (by * by) as u64;
            *sample = moved;
        }
        change.samples += colours as u64;
    }
    change
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
    line: Vec<f32>,
    row: Vec<f32>,
}

impl Scratch {
    fn new(overlay: &Overlay) -> Self {
        Self {
            line: vec![0.0; overlay.mask.width],
            row: vec![0.0; overlay.width],
        }
    }
}

/// Which two of `len` values lie around value `at` of `full`, and how near the second one is.
fn between(at: usize, full: usize, len: usize) -> (usize, f32) {
    let place = ((at as f64 + 0.5) * len as f64 / full as f64 - 0.5).clamp(0.0, (len - 1) as f64);
    let first = (place as usize).min(len - 2);
    (first, (place - first as f64) as f32)
}
