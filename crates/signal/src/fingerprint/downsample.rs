//! PDQ's way to 64 by 64 grey values, as one filter: the reference's box passes and its decimation are linear and separable,
//! so each value is a weighted sum over a few rows and columns. Every sample is read about once and nothing of the picture
//! is kept but one row.

use touchmark_image::{Channels, Pixels, Samples};

use super::Region;
use crate::view::View;

/// Side of the grid that PDQ works on.
pub(super) const SIDE: usize = 64;

/// Grey values, 0 to 255, by row and column as seen.
pub(super) type Grid = [[f32; SIDE]; SIDE];

/// Side above which the reference's command line takes a thumbnail, and the thumbnail's side (pdqio.cpp).
const THUMBNAIL: u32 = 512;

/// Luma of red, green and blue (ITU-R BT.601).
const LUMA: [f32; 3] = [0.299, 0.587, 0.114];

/// The grid of a region at full size.
pub(super) fn full(pixels: &Pixels, view: View, region: Region) -> Grid {
    grid(pixels, view, region, |length| Axis { length, source: length })
}

/// The grid of the nearest-neighbour thumbnail of a region, where a side is above 512 pixels.
pub(super) fn of_thumbnail(pixels: &Pixels, view: View, region: Region) -> Grid {
    if region.width.max(region.height) <= THUMBNAIL {
        return full(pixels, view, region);
    }
    grid(pixels, view, region, |source| Axis {
        length: THUMBNAIL,
        source,
    })
}

fn grid(pixels: &Pixels, view: View, region: Region, axis: impl Fn(u32) -> Axis) -> Grid {
    let columns = axis(region.width).taps(region.left, view.columns_reversed);
    let rows = axis(region.height).taps(region.top, view.rows_reversed);
    let stored = match pixels.samples() {
        Samples::Eight(samples) => filter(samples, pixels, &rows, &columns, 1.0),
        Samples::Sixteen(samples) => filter(samples, pixels, &rows, &columns, 1.0 / 257.0),
    };
    if !view.transposed {
        return stored;
    }
    std::array::from_fn(|row| std::array::from_fn(|column| stored[column][row]))
}

/// A side of what is hashed: `length` pixels, taken evenly out of `source`.
struct Axis {
    length: u32,
    source: u32,
}

/// A weight for one stored row or column.
type Tap = (usize, f32);

impl Axis {
    /// For each of the 64 values, what it takes of which stored row or column. Weights of a value add up to 1.
    fn taps(&self, offset: u32, reversed: bool) -> Vec<Vec<Tap>> {
        let length = self.length as usize;
        let stored = |at: usize| {
            // CImg's nearest neighbour: pixel `at` of the thumbnail begins in this pixel of the source.
            let seen = (at as u64 * u64::from(self.source) / u64::from(self.length)) as u32;
            (offset + if reversed { self.source - 1 - seen } else { seen }) as usize
        };
        let taps = |value: usize| {
            // The reference samples the middle of each cell.
            let centre = (2 * value + 1) * length / (2 * SIDE);
            let (first, weights) = tent(length, centre);
            let weighted = weights.into_iter().zip(first..);
            weighted.map(|(weight, at)| (stored(at), weight as f32)).collect()
        };
        (0..SIDE).map(taps).collect()
    }
}

/// Weights of two box passes, one after the other, for the value at `at`, and the index of the first.
fn tent(length: usize, at: usize) -> (usize, Vec<f64>) {
    let outer = window(length, at);
    let first = *window(length, *outer.start()).start();
    let last = *window(length, *outer.end()).end();
    // Each inner box adds a constant over its window: noted as a step up and a step down, summed afterwards.
    let mut steps = vec![0.0; last - first + 2];
    for middle in outer.clone() {
        let inner = window(length, middle);
        let weight = 1.0 / (outer.clone().count() * inner.clone().count()) as f64;
        steps[inner.start() - first] += weight;
        steps[inner.end() + 1 - first] -= weight;
    }
    steps.pop();
    let mut sum = 0.0;
    for step in &mut steps {
        sum += *step;
        *step = sum;
    }
    (first, steps)
}

/// What one box pass averages for the value at `at`: a 128th of the side, cut off at the borders; of an even number, one more
/// after than before (downscaling.cpp, `box1DFloat`).
fn window(length: usize, at: usize) -> std::ops::RangeInclusive<usize> {
    let full = length.div_ceil(2 * SIDE);
    let ahead = full / 2;
    let behind = full - 1 - ahead;
    at.saturating_sub(behind)..=(at + ahead).min(length - 1)
}

/// Applies the row weights to whole rows of samples, all channels alike, then luma and column weights to the 64 results.
fn filter<S: Copy + Into<f32>>(
    samples: &[S],
    pixels: &Pixels,
    rows: &[Vec<Tap>],
    columns: &[Vec<Tap>],
    scale: f32,
) -> Grid {
    let count = pixels.channels().count();
    let stride = pixels.width() as usize * count;
    let mut sums = vec![0.0; stride];
    let mut luma = vec![0.0; pixels.width() as usize];
    let mut grid = [[0.0; SIDE]; SIDE];
    for (values, taps) in grid.iter_mut().zip(rows) {
        sums.fill(0.0);
        for &(row, weight) in taps {
            let samples = &samples[row * stride..][..stride];
            for (sum, &sample) in sums.iter_mut().zip(samples) {
                *sum += weight * sample.into();
            }
        }
        for (luma, pixel) in luma.iter_mut().zip(sums.chunks_exact(count)) {
            *luma = scale * grey(pixel, pixels.channels());
        }
        for (value, taps) in values.iter_mut().zip(columns) {
            *value = taps.iter().map(|&(column, weight)| weight * luma[column]).sum();
        }
    }
    grid
}

fn grey(pixel: &[f32], channels: Channels) -> f32 {
    match channels {
        Channels::Grey | Channels::GreyAlpha => pixel[0],
        Channels::Rgb | Channels::Rgba => pixel.iter().zip(LUMA).map(|(sample, weight)| sample * weight).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_lie_as_the_reference_draws_them() {
        // downscaling.cpp draws windows of 7 and 8 over 16 values; here the window follows from the length.
        assert_eq!(window(7 * 128, 0), 0..=3);
        assert_eq!(window(7 * 128, 100), 97..=103);
        assert_eq!(window(7 * 128, 895), 892..=895);
        assert_eq!(window(8 * 128, 0), 0..=4);
        assert_eq!(window(8 * 128, 100), 97..=104);
        assert_eq!(window(8 * 128, 1023), 1020..=1023);
        assert_eq!(window(128, 64), 64..=64);
    }

    #[test]
    fn weights_are_those_of_two_box_passes() {
        for length in [5, 64, 129, 300, 1000, 1025] {
            let impulse = |at: usize| (0..length).map(|i| f64::from(i == at)).collect::<Vec<_>>();
            let pass = |values: &[f64]| {
                let mean = |at| {
                    let values = &values[window(length, at)];
                    values.iter().sum::<f64>() / values.len() as f64
                };
                (0..length).map(mean).collect::<Vec<_>>()
            };
            for at in [0, length / 3, length - 1] {
                let (first, weights) = tent(length, at);
                assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
                for (weight, source) in weights.iter().zip(first..) {
                    assert!((pass(&pass(&impulse(source)))[at] - weight).abs() < 1e-12);
                }
            }
        }
    }
}
