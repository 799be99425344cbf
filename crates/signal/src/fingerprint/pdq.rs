//! PDQ, the hash of Facebook's ThreatExchange: signs of the low frequencies of a picture, relative to their median.
//! <https://github.com/facebook/ThreatExchange/blob/main/hashing/hashing.pdf>

use std::f64::consts::PI;
use std::fmt;
use std::str::FromStr;

use touchmark_image::{Orientation, Pixels};

use super::Region;
use super::downsample::{self, Grid, SIDE};
use crate::view::View;

/// A PDQ hash: 256 bits, of which a picture with structure sets half.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pdq {
    /// In the order of the hexadecimal form: the highest frequencies first.
    pub bits: [u8; 32],
}

/// A text that is no PDQ hash: 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MalformedPdq;

/// The ways to turn and mirror a picture, in which PDQ comes from one spectrum.
pub(super) const SYMMETRIES: [Orientation; 8] = [
    Orientation::AsStored,
    Orientation::Mirrored,
    Orientation::Turned180,
    Orientation::Flipped,
    Orientation::Transposed,
    Orientation::Turned90,
    Orientation::Transversed,
    Orientation::Turned270,
];

/// Frequencies a side: 1 to 16, without the constant.
const FREQUENCIES: usize = 16;

/// Sides below this are not hashed (pdqhashing.cpp, `MIN_HASHABLE_DIM`).
const MIN_SIDE: u32 = 5;

impl Pdq {
    /// Number of bits in which two hashes differ, 0 to 256.
    pub fn distance(&self, other: &Self) -> u32 {
        let pairs = self.bits.iter().zip(other.bits);
        pairs.map(|(a, b)| (a ^ b).count_ones()).sum()
    }
}

impl fmt::Display for Pdq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bits.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Pdq {
    type Err = MalformedPdq;

    fn from_str(text: &str) -> Result<Self, MalformedPdq> {
        if text.len() != 64 {
            return Err(MalformedPdq);
        }
        let digit = |byte: u8| char::from(byte).to_digit(16).ok_or(MalformedPdq);
        let mut bits = [0; 32];
        for (byte, pair) in bits.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = (digit(pair[0])? << 4 | digit(pair[1])?) as u8;
        }
        Ok(Self { bits })
    }
}

impl fmt::Display for MalformedPdq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a PDQ hash has 64 hexadecimal digits")
    }
}

impl std::error::Error for MalformedPdq {}

/// The low frequencies of a picture, from which all its hashes come.
pub(super) struct Spectrum {
    /// By vertical, then horizontal frequency.
    coefficients: [[f32; FREQUENCIES]; FREQUENCIES],
    /// `None` where the picture is too small to hash.
    quality: Option<u8>,
}

impl Spectrum {
    /// Of a region at full size.
    pub(super) fn of(pixels: &Pixels, view: View, region: Region) -> Self {
        Self::new(region, || downsample::full(pixels, view, region))
    }

    /// Of a region's thumbnail, see [`super::of_thumbnail`].
    pub(super) fn of_thumbnail(pixels: &Pixels, view: View, region: Region) -> Self {
        Self::new(region, || downsample::of_thumbnail(pixels, view, region))
    }

    fn new(region: Region, grid: impl FnOnce() -> Grid) -> Self {
        if region.width.min(region.height) < MIN_SIDE {
            return Self {
                coefficients: [[0.0; FREQUENCIES]; FREQUENCIES],
                quality: None,
            };
        }
        let grid = grid();
        Self {
            coefficients: cosines(&grid),
            quality: Some(quality(&grid)),
        }
    }

    /// 0 to 100.
    pub(super) fn quality(&self) -> u8 {
        self.quality.unwrap_or(0)
    }

    /// The hash of the picture after it is turned: a mirrored axis changes the sign of its odd cosines, and a transposed
    /// picture has a transposed spectrum.
    pub(super) fn hash(&self, turned: Orientation) -> Pdq {
        if self.quality.is_none() {
            return Pdq { bits: [0; 32] };
        }
        let view = View::new((0, 0), turned);
        // Index 0 is frequency 1: odd cosines stand at even indices.
        let negated = |reversed: bool, index: usize| reversed && index.is_multiple_of(2);
        let mut values = [0.0; FREQUENCIES * FREQUENCIES];
        for (at, value) in values.iter_mut().enumerate() {
            let (row, column) = (at / FREQUENCIES, at % FREQUENCIES);
            let (row, column) = if view.transposed { (column, row) } else { (row, column) };
            let sign = negated(view.rows_reversed, row) != negated(view.columns_reversed, column);
            let coefficient = self.coefficients[row][column];
            *value = if sign { -coefficient } else { coefficient };
        }
        // The lower median, as the reference's `torben` gives it for an even number.
        let mut sorted = values;
        let (_, median, _) = sorted.select_nth_unstable_by(values.len() / 2 - 1, f32::total_cmp);
        let mut bits = [0; 32];
        for (at, _) in values.iter().enumerate().filter(|(_, value)| **value > *median) {
            bits[31 - at / 8] |= 1 << (at % 8);
        }
        Pdq { bits }
    }
}

/// The two-dimensional cosine transform at frequencies 1 to 16.
fn cosines(grid: &Grid) -> [[f32; FREQUENCIES]; FREQUENCIES] {
    let matrix: [[f32; SIDE]; FREQUENCIES] = std::array::from_fn(|frequency| {
        std::array::from_fn(|at| {
            let angle = PI / (2 * SIDE) as f64 * ((frequency + 1) * (2 * at + 1)) as f64;
            ((2.0 / SIDE as f64).sqrt() * angle.cos()) as f32
        })
    });
    let mut vertical = [[0.0; SIDE]; FREQUENCIES];
    for (sums, cosines) in vertical.iter_mut().zip(&matrix) {
        for (row, cosine) in grid.iter().zip(cosines) {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += cosine * value;
            }
        }
    }
    vertical.map(|row| {
        let product = |cosines: &[f32; SIDE]| row.iter().zip(cosines).map(|(value, cosine)| value * cosine).sum();
        std::array::from_fn(|frequency| product(&matrix[frequency]))
    })
}

/// How much the grid's neighbours differ, in whole hundredths each, so that faint gradients do not count
/// (pdqhashing.cpp, `pdqImageDomainQualityMetric`).
fn quality(grid: &Grid) -> u8 {
    let difference = |a: f32, b: f32| ((a - b) * 100.0 / 255.0).abs() as u32;
    let vertical = grid.windows(2).flat_map(|rows| rows[0].iter().zip(&rows[1]));
    let horizontal = grid.iter().flat_map(|row| row.iter().zip(&row[1..]));
    let sum: u32 = vertical.chain(horizontal).map(|(a, b)| difference(*a, *b)).sum();
    (sum / 90).min(100) as u8
}
