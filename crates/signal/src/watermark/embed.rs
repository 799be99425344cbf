//! Putting a mark into a picture: what may be asked, what is refused, and the way from one to the other.

use std::{error::Error, fmt, sync::Arc};

use rustfft::{Fft, FftPlanner, num_complex::Complex32};
use touchmark_image::{Pixels, SamplesMut};

use super::{
    id::WatermarkId,
    key::WatermarkKey,
    lattice::{Bin, Layout, TILE, period},
    mask::{deviation, scale_to},
    overlay::Overlay,
    plane::{Plane, residual, shrink},
    tile,
};

/// The least short side that can carry a mark, in pixels: two periods.
pub const SMALLEST_SIDE: u32 = 256;
/// The least share of a picture that must have structure.
const LEAST_TEXTURE: f32 = 0.02;

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
    pub(super) fn most(self, deviation: f32) -> f32 {
        let factor = match self {
            Self::Invisible => 0.7,
            Self::Default => 1.0,
            Self::Strong => 1.6,
        };
        factor * (0.5 + 0.3 * deviation)
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
        // What one dimension of the mark adds to the spectrum of the residual: four values for each of the half size.
        let response: f64 = mask
            .values
            .iter()
            .zip(&gain.values)
            .map(|(mask, gain)| f64::from(mask * gain))
            .sum();
        let unit = 4.0 * response as f32 * tile::unit();
        let host = self.folded_spectrum(&host);
        let at = |(u, v): Bin| {
            let wrapped = |frequency: i32| frequency.rem_euclid(TILE as i32) as usize;
            host[wrapped(u) * TILE + wrapped(v)] / unit
        };
        let spectrum = tile::spectrum(id, &self.layout, at);
        tile::synthesise(&spectrum, period)
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
