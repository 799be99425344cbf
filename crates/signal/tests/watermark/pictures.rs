//! Pictures for the tests: made from a seed, with the smooth, rough and edged parts of a photo.

use touchmark_image::{Channels, Pixels, Samples};

/// Grey levels, 0 to 255, in rows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Picture {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) values: Vec<f32>,
}

impl Picture {
    /// A picture of `value` at each place.
    pub(crate) fn of(width: usize, height: usize, value: impl Fn(usize, usize) -> f32) -> Self {
        let values = (0..width * height)
            .map(|at| value(at % width, at / width).clamp(0.0, 255.0).round())
            .collect();
        Self { width, height, values }
    }

    pub(crate) fn from_pixels(pixels: &Pixels) -> Self {
        let Samples::Eight(samples) = pixels.samples() else {
            unreachable!("the tests' pictures have 8 bits")
        };
        assert_eq!(pixels.channels(), Channels::Grey);
        let values = samples.iter().map(|&sample| f32::from(sample)).collect();
        Self {
            width: pixels.width() as usize,
            height: pixels.height() as usize,
            values,
        }
    }

    pub(crate) fn to_pixels(&self) -> Pixels {
        let samples = self.values.iter().map(|&value| value.round() as u8).collect();
        Pixels::new(
            self.width as u32,
            self.height as u32,
            Channels::Grey,
            Samples::Eight(samples),
        )
        .unwrap()
    }

    /// The value at a place; that of the border beyond it.
    pub(crate) fn at(&self, x: isize, y: isize) -> f32 {
        let inside = |at: isize, end: usize| at.clamp(0, end as isize - 1) as usize;
        self.values[inside(y, self.height) * self.width + inside(x, self.width)]
    }

    /// Between the four nearest values; `beyond` outside.
    pub(crate) fn between(&self, x: f32, y: f32, beyond: f32) -> f32 {
        if x < -0.5 || y < -0.5 || x > self.width as f32 - 0.5 || y > self.height as f32 - 0.5 {
            return beyond;
        }
        let (left, top) = (x.floor(), y.floor());
        let (fx, fy) = (x - left, y - top);
        let row = |y: isize| self.at(left as isize, y) * (1.0 - fx) + self.at(left as isize + 1, y) * fx;
        row(top as isize) * (1.0 - fy) + row(top as isize + 1) * fy
    }

    pub(crate) fn squared_error(&self, other: &Self) -> f64 {
        let sum: f32 = self
            .values
            .iter()
            .zip(&other.values)
            .map(|(a, b)| (a - b).powi(2))
            .sum();
        f64::from(sum) / self.values.len() as f64
    }
}

/// A sky with a gradient, ground of fractal noise below a skyline, and discs with sharp edges.
pub(crate) fn photo(seed: u64, width: usize, height: usize) -> Picture {
    let skyline = |x: f32| 0.3 + 0.15 * smooth_noise(seed ^ 1, x * 3.0, 0.0);
    let discs: Vec<[f32; 4]> = (0..6)
        .map(|disc| std::array::from_fn(|at| hash(seed ^ 2, disc, at as i64) * 0.5 + 0.5))
        .collect();
    let unit = width.min(height) as f32;
    Picture::of(width, height, |x, y| {
        let (fx, fy) = (x as f32 / unit, y as f32 / unit);
        let grain = 1.2 * hash(seed ^ 3, x as i64, y as i64);
        let disc = discs
            .iter()
            .find(|[cx, cy, r, _]| (fx - cx).hypot(fy - cy) < 0.03 + 0.1 * r);
        if let Some([.., tone]) = disc {
            return 40.0 + 170.0 * tone + 30.0 * smooth_noise(seed ^ 4, fx * 9.0, fy * 9.0) + grain;
        }
        if fy < skyline(fx) {
            return 215.0 - 90.0 * fy + grain;
        }
        let octaves = (0..7).map(|octave| {
            let scale = 4.0 * 2f32.powi(octave);
            smooth_noise(seed ^ (10 + octave as u64), fx * scale, fy * scale) * 70.0 * 0.62f32.powi(octave)
        });
        115.0 + octaves.sum::<f32>() + grain
    })
}

/// A number of -1 to 1 for each place (SplitMix64).
pub(crate) fn hash(seed: u64, x: i64, y: i64) -> f32 {
    let mut bits = seed
        .wrapping_add((x as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15))
        .wrapping_add((y as u64).wrapping_mul(0xD1B5_4A32_D192_ED03));
    for multiplier in [0xBF58_476D_1CE4_E5B9, 0x94D0_49BB_1331_11EB] {
        bits = (bits ^ bits >> 30).wrapping_mul(multiplier);
    }
    ((bits ^ bits >> 31) >> 40) as f32 / (1 << 23) as f32 - 1.0
}

/// Value noise: smooth between the numbers of whole places.
fn smooth_noise(seed: u64, x: f32, y: f32) -> f32 {
    let (left, top) = (x.floor(), y.floor());
    let ease = |t: f32| t * t * (3.0 - 2.0 * t);
    let (fx, fy) = (ease(x - left), ease(y - top));
    let (left, top) = (left as i64, top as i64);
    let row = |y| hash(seed, left, y) * (1.0 - fx) + hash(seed, left + 1, y) * fx;
    row(top) * (1.0 - fy) + row(top + 1) * fy
}
