//! The image content code of ISO 24138:2024 (ISCC), `io.iscc.v0` among C2PA's soft bindings: signs of the 64 lowest
//! frequencies of a picture of 32 by 32 pixels.
//!
//! Own code rather than `iscc-lib`, which brings BLAKE3 and a JSON library; tests hold it against `iscc-core`. Normalised
//! as `iscc-sdk` does it, which is Pillow's arithmetic (rows first, as up to Pillow 12): upright, alpha on white, borders
//! trimmed, grey, bicubic.

use std::f64::consts::PI;
use std::fmt;
use std::str::FromStr;

use touchmark_image::{Channels, Pixels, Samples};

use super::Region;
use crate::view::View;

/// An image content code of 64 bits, the length of which all versions of the standard's code agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Iscc {
    /// The code without its header.
    pub bits: [u8; 8],
}

/// A text that is no image content code of 64 bits: `ISCC:` and 16 characters of base 32, which begin with `EEA`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MalformedIscc;

/// Nibbles of ISO 24138, 4.2: content code, image, version 0, 64 bits.
const HEADER: [u8; 2] = [0x21, 0x01];

/// RFC 4648, 6.
const BASE_32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Side of the normalised picture.
const SIDE: usize = 32;

/// Frequencies a side, the constant among them.
const FREQUENCIES: usize = 8;

impl Iscc {
    pub(super) fn of(pixels: &Pixels, view: View) -> Self {
        Self::of_normalised(&normalise(pixels, view))
    }

    /// The code of a normalised picture: 32 rows of 32 grey values.
    fn of_normalised(grey: &[u8; SIDE * SIDE]) -> Self {
        let mut rows: [[f64; SIDE]; SIDE] =
            std::array::from_fn(|row| std::array::from_fn(|column| f64::from(grey[row * SIDE + column])));
        rows.iter_mut().for_each(|row| cosines(row));
        let mut columns: [[f64; SIDE]; FREQUENCIES] =
            std::array::from_fn(|column| std::array::from_fn(|row| rows[row][column]));
        columns.iter_mut().for_each(|column| cosines(column));
        let values: [f64; 64] = std::array::from_fn(|at| columns[at % FREQUENCIES][at / FREQUENCIES]);
        let mut sorted = values;
        sorted.sort_unstable_by(f64::total_cmp);
        let median = (sorted[31] + sorted[32]) / 2.0;
        let mut bits = [0; 8];
        for (at, _) in values.iter().enumerate().filter(|(_, value)| **value > median) {
            bits[at / 8] |= 0x80 >> (at % 8);
        }
        Self { bits }
    }

    /// The code with its header, as a soft binding's value has it.
    pub fn to_bytes(self) -> [u8; 10] {
        let [a, b, c, d, e, f, g, h] = self.bits;
        let [type_, length] = HEADER;
        [type_, length, a, b, c, d, e, f, g, h]
    }

    /// Number of bits in which two codes differ, 0 to 64.
    pub fn distance(&self, other: &Self) -> u32 {
        (u64::from_be_bytes(self.bits) ^ u64::from_be_bytes(other.bits)).count_ones()
    }
}

impl fmt::Display for Iscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ISCC:")?;
        let bits = self
            .to_bytes()
            .iter()
            .fold(0u128, |bits, byte| bits << 8 | u128::from(*byte));
        for digit in (0..16).rev() {
            write!(f, "{}", char::from(BASE_32[(bits >> (5 * digit)) as usize % 32]))?;
        }
        Ok(())
    }
}

impl FromStr for Iscc {
    type Err = MalformedIscc;

    fn from_str(text: &str) -> Result<Self, MalformedIscc> {
        let digits = text.strip_prefix("ISCC:").unwrap_or(text).as_bytes();
        if digits.len() != 16 {
            return Err(MalformedIscc);
        }
        let mut bits = 0u128;
        for digit in digits {
            let value = BASE_32.iter().position(|known| known == digit).ok_or(MalformedIscc)?;
            bits = bits << 5 | value as u128;
        }
        if bits >> 64 != u128::from(u16::from_be_bytes(HEADER)) {
            return Err(MalformedIscc);
        }
        Ok(Self {
            bits: (bits as u64).to_be_bytes(),
        })
    }
}

impl fmt::Display for MalformedIscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an image content code is ISCC: and 16 characters, beginning with EEA")
    }
}

impl std::error::Error for MalformedIscc {}

/// A picture as the standard hashes it.
fn normalise(pixels: &Pixels, view: View) -> [u8; SIDE * SIDE] {
    let region = trim(pixels);
    let (width, height) = View {
        stored: (region.width, region.height),
        ..view
    }
    .size();
    let (across, down) = (Kernel::all(width), Kernel::all(height));
    // Column after column, so that both passes run along lines.
    let mut narrow = vec![0; SIDE * height as usize];
    let mut line = vec![0; width as usize];
    for y in 0..height {
        read_line(pixels, view, region, y, &mut line);
        for (column, kernel) in narrow.chunks_exact_mut(height as usize).zip(&across) {
            column[y as usize] = kernel.apply(&line);
        }
    }
    let mut out = [0; SIDE * SIDE];
    for (x, column) in narrow.chunks_exact(height as usize).enumerate() {
        for (y, kernel) in down.iter().enumerate() {
            out[y * SIDE + x] = kernel.apply(column) as u8;
        }
    }
    out
}

/// Grey values, 0 to 255, of a row of the region as seen.
fn read_line(pixels: &Pixels, view: View, region: Region, y: u32, line: &mut [i16]) {
    let inner = View {
        stored: (region.width, region.height),
        ..view
    };
    if view.transposed {
        for (x, grey) in (0..).zip(line) {
            let (column, row) = inner.locate(x, y);
            *grey = luma(colour(pixels, region.left + column, region.top + row));
        }
        return;
    }
    let (_, row) = inner.locate(0, y);
    let count = pixels.channels().count();
    let first = ((region.top + row) as usize * pixels.width() as usize + region.left as usize) * count;
    let samples = first..first + line.len() * count;
    match pixels.samples() {
        Samples::Eight(all) => convert(&all[samples], pixels.channels(), line),
        Samples::Sixteen(all) => convert(&all[samples], pixels.channels(), line),
    }
    if view.columns_reversed {
        line.reverse();
    }
}

/// A stored row as grey values; the match stands outside the loops, which decide how long a fingerprint takes.
fn convert<S: Sample>(row: &[S], channels: Channels, line: &mut [i16]) {
    match channels {
        Channels::Grey => fill::<S, 1>(row, line, |[grey]| luma([grey; 3])),
        Channels::GreyAlpha => fill::<S, 2>(row, line, |[grey, alpha]| luma([on_white(grey, alpha); 3])),
        Channels::Rgb => fill::<S, 3>(row, line, luma),
        Channels::Rgba => fill::<S, 4>(row, line, |[red, green, blue, alpha]| {
            luma([red, green, blue].map(|value| on_white(value, alpha)))
        }),
    }
}

fn fill<S: Sample, const N: usize>(row: &[S], line: &mut [i16], grey: impl Fn([u8; N]) -> i16) {
    let (pixels, _) = row.as_chunks::<N>();
    for (value, pixel) in line.iter_mut().zip(pixels) {
        *value = grey(pixel.map(Sample::eight));
    }
}

/// A sample of either depth.
trait Sample: Copy {
    /// As 8 bits, rounded.
    fn eight(self) -> u8;
}

impl Sample for u8 {
    fn eight(self) -> u8 {
        self
    }
}

impl Sample for u16 {
    fn eight(self) -> u8 {
        ((u32::from(self) + 128) / 257) as u8
    }
}

/// The picture without borders of exactly the colour of its corner; all of it where there is nothing else.
fn trim(pixels: &Pixels) -> Region {
    let (width, height) = (pixels.width(), pixels.height());
    let border = colour(pixels, 0, 0);
    let row_differs = |y: &u32| (0..width).any(|x| colour(pixels, x, *y) != border);
    let Some(top) = (0..height).find(row_differs) else {
        return Region::whole(pixels);
    };
    let bottom = (top..height).rev().find(row_differs).unwrap_or(top);
    let column_differs = |x: &u32| (top..=bottom).any(|y| colour(pixels, *x, y) != border);
    let left = (0..width).find(column_differs).unwrap_or(0);
    let right = (left..width).rev().find(column_differs).unwrap_or(left);
    Region {
        left,
        top,
        width: right - left + 1,
        height: bottom - top + 1,
    }
}

/// A pixel laid on white, 8 bits a channel.
fn colour(pixels: &Pixels, x: u32, y: u32) -> [u8; 3] {
    let channels = pixels.channels();
    let at = (y as usize * pixels.width() as usize + x as usize) * channels.count();
    let sample = |channel: usize| match pixels.samples() {
        Samples::Eight(samples) => samples[at + channel].eight(),
        Samples::Sixteen(samples) => samples[at + channel].eight(),
    };
    match channels {
        Channels::Grey => [sample(0); 3],
        Channels::GreyAlpha => [on_white(sample(0), sample(1)); 3],
        Channels::Rgb => [sample(0), sample(1), sample(2)],
        Channels::Rgba => [0, 1, 2].map(|channel| on_white(sample(channel), sample(3))),
    }
}

/// Pillow's division by 255 (Paste.c, `BLEND`).
fn on_white(value: u8, alpha: u8) -> u8 {
    let sum = 255 * (255 - u32::from(alpha)) + u32::from(value) * u32::from(alpha) + 128;
    (((sum >> 8) + sum) >> 8) as u8
}

/// ITU-R BT.601 luma in Pillow's fixed point (Convert.c, `L24`), 0 to 255.
fn luma([red, green, blue]: [u8; 3]) -> i16 {
    ((19_595 * u32::from(red) + 38_470 * u32::from(green) + 7_471 * u32::from(blue) + 0x8000) >> 16) as i16
}

/// What one value of the small picture takes of the large one along an axis.
struct Kernel {
    first: usize,
    /// Weights in units of 2^-22, each as `high << 11 | low`: processors multiply and add 16 bits at once, eight at a time.
    high: Vec<i16>,
    low: Vec<i16>,
}

/// Fraction bits of Pillow's weights (Resample.c, `PRECISION_BITS`).
const FRACTION: u32 = 22;

/// Bits of a weight's lower half.
const LOW: u32 = FRACTION / 2;

/// Products of half a weight, below 2^11, and a value, below 2^8, of which 31 bits can hold the sum.
const MOST_SUMMED: usize = 1 << 12;

impl Kernel {
    /// The kernels of all 32 values along a side of `length`: bicubic, widened by the scale where the side shrinks.
    fn all(length: u32) -> Vec<Self> {
        let scale = f64::from(length) / SIDE as f64;
        let widened = scale.max(1.0);
        let support = 2.0 * widened;
        let kernel = |at: usize| {
            let centre = (at as f64 + 0.5) * scale;
            let first = (centre - support + 0.5).max(0.0) as usize;
            let end = ((centre + support + 0.5) as usize).min(length as usize);
            let weights: Vec<f64> = (first..end)
                .map(|source| bicubic((source as f64 - centre + 0.5) / widened))
                .collect();
            let sum: f64 = weights.iter().sum();
            let fixed = weights
                .into_iter()
                .map(|weight| (weight / sum * f64::from(1 << FRACTION)).round() as i32);
            let (high, low) = fixed
                .map(|weight| ((weight >> LOW) as i16, (weight & ((1 << LOW) - 1)) as i16))
                .unzip();
            Self { first, high, low }
        };
        (0..SIDE).map(kernel).collect()
    }

    /// The weighted sum of a line's values, 0 to 255.
    fn apply(&self, line: &[i16]) -> i16 {
        let line = &line[self.first..];
        let product = |weights: &[i16], line: &[i16]| -> i32 {
            let pairs = weights.iter().zip(line);
            pairs
                .map(|(weight, value)| i32::from(*weight) * i32::from(*value))
                .sum()
        };
        let product = |weights: &[i16]| -> i64 {
            let parts = weights.chunks(MOST_SUMMED).zip(line.chunks(MOST_SUMMED));
            parts.map(|(weights, line)| i64::from(product(weights, line))).sum()
        };
        let sum = (product(&self.high) << LOW) + product(&self.low) + (1 << (FRACTION - 1));
        (sum >> FRACTION).clamp(0, 255) as i16
    }
}

/// Keys' cubic convolution at a = -0.5 (IEEE ASSP 29, 1981).
fn bicubic(x: f64) -> f64 {
    let x = x.abs();
    if x < 1.0 {
        (1.5 * x - 2.5) * x * x + 1.0
    } else if x < 2.0 {
        (((x - 5.0) * x + 8.0) * x - 4.0) * -0.5
    } else {
        0.0
    }
}

/// The cosine transform (type II) of a power of two of values, in place, by Lee's recursion (IEEE ASSP 32, 1984). Another
/// order of operations rounds otherwise, and pictures without structure hash rounding errors.
fn cosines(values: &mut [f64]) {
    let length = values.len();
    let half = length / 2;
    if half == 0 {
        return;
    }
    let mut even = vec![0.0; half];
    let mut odd = vec![0.0; half];
    for at in 0..half {
        let (a, b) = (values[at], values[length - 1 - at]);
        even[at] = a + b;
        odd[at] = (a - b) / ((at as f64 + 0.5) * PI / length as f64).cos() / 2.0;
    }
    cosines(&mut even);
    cosines(&mut odd);
    for at in 0..half {
        values[2 * at] = even[at];
        values[2 * at + 1] = odd[at] + odd.get(at + 1).copied().unwrap_or(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_lines_are_summed_without_overflow() {
        for length in [32, 4096, 52_000, 1_000_000] {
            let line = vec![255; length];
            for kernel in Kernel::all(length as u32) {
                assert_eq!(kernel.apply(&line), 255, "{length}");
            }
        }
    }

    #[test]
    fn the_standards_vectors_hold() {
        // iscc-core, data.json: gen_image_code_v0; the first 64 of the second's 128 bits.
        assert_eq!(Iscc::of_normalised(&[0; 1024]).to_string(), "ISCC:EEAQAAAAAAAAAAAA");
        assert_eq!(Iscc::of_normalised(&[255; 1024]).bits, [0x80, 0, 0, 0, 0, 0, 0, 0]);
    }
}
