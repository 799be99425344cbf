//! JPEG with loss, without a file: colours, subsampling, transform and quantisation as libjpeg does them. What follows
//! in a real encoder, entropy coding, loses nothing, so a decoder sees exactly what comes out here.

use std::f32::consts::PI;
use std::sync::OnceLock;

use crate::Picture;
use crate::picture::sample;

/// How many chrominance samples there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sampling {
    /// 4:4:4: one for each pixel.
    Full,
    /// 4:2:0: one for each 2 by 2 pixels.
    Quarter,
}

/// Side of a block.
const SIDE: usize = 8;
type Table = [u8; SIDE * SIDE];

/// ITU-T T.81, table K.1, row by row.
#[rustfmt::skip]
const LUMINANCE: Table = [
    16, 11, 10, 16, 24, 40, 51, 61,
    12, 12, 14, 19, 26, 58, 60, 55,
    14, 13, 16, 24, 40, 57, 69, 56,
    14, 17, 22, 29, 51, 87, 80, 62,
    18, 22, 37, 56, 68, 109, 103, 77,
    24, 35, 55, 64, 81, 104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103, 99,
];
/// ITU-T T.81, table K.2.
#[rustfmt::skip]
const CHROMINANCE: Table = [
    17, 18, 24, 47, 99, 99, 99, 99,
    18, 21, 26, 66, 99, 99, 99, 99,
    24, 26, 56, 99, 99, 99, 99, 99,
    47, 66, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99,
];

/// The picture after coding with this quality, 1 to 100, and decoding.
pub(super) fn round_trip(picture: &Picture, quality: u8, sampling: Sampling) -> Picture {
    let (luminance, chrominance) = (table(&LUMINANCE, quality), table(&CHROMINANCE, quality));
    let y = component(picture, [0.299, 0.587, 0.114], 0.0).coded(&luminance);
    // ITU-T T.871, 7.
    let weights = [[-0.168_735_9, -0.331_264_1, 0.5], [0.5, -0.418_687_6, -0.081_312_4]];
    let [blue, red] = weights.map(|weights| {
        let plane = component(picture, weights, 128.0);
        match sampling {
            Sampling::Full => plane.coded(&chrominance),
            Sampling::Quarter => plane.halved().coded(&chrominance).doubled(y.width, y.height),
        }
    });
    Picture::draw(y.width, y.height, |column, row| {
        let at = row * y.width + column;
        let [y, blue, red] = [y.samples[at], blue.samples[at], red.samples[at]].map(f32::from);
        let (blue, red) = (blue - 128.0, red - 128.0);
        [
            y + 1.402 * red,
            y - 0.344_136_3 * blue - 0.714_136_3 * red,
            y + 1.772 * blue,
        ]
        .map(sample)
    })
}

/// The table of a quality, as libjpeg's `jpeg_quality_scaling` has it.
fn table(base: &Table, quality: u8) -> [f32; SIDE * SIDE] {
    let quality = u32::from(quality.clamp(1, 100));
    let percent = if quality < 50 {
        5000 / quality
    } else {
        200 - 2 * quality
    };
    base.map(|step| ((u32::from(step) * percent + 50) / 100).clamp(1, 255) as f32)
}

/// One component of a picture.
struct Plane {
    width: usize,
    height: usize,
    samples: Vec<u8>,
}

/// The weighted sum of the colours, plus `offset`.
fn component(picture: &Picture, [r, g, b]: [f32; 3], offset: f32) -> Plane {
    let (pixels, _) = picture.samples().as_chunks::<3>();
    let value = |pixel: &[u8; 3]| {
        let [red, green, blue] = pixel.map(f32::from);
        sample(r * red + g * green + b * blue + offset)
    };
    Plane {
        width: picture.width(),
        height: picture.height(),
        samples: pixels.iter().map(value).collect(),
    }
}

impl Plane {
    /// The sample nearest to a place.
    fn at(&self, x: usize, y: usize) -> u8 {
        self.samples[y.min(self.height - 1) * self.width + x.min(self.width - 1)]
    }

    /// Each block transformed, quantised and transformed back; at the edges the outermost samples repeat.
    fn coded(&self, table: &[f32; SIDE * SIDE]) -> Self {
        let mut samples = vec![0; self.samples.len()];
        for top in (0..self.height).step_by(SIDE) {
            for left in (0..self.width).step_by(SIDE) {
                let mut block = [0.0; SIDE * SIDE];
                for (place, value) in block.iter_mut().enumerate() {
                    *value = f32::from(self.at(left + place % SIDE, top + place / SIDE)) - 128.0;
                }
                let mut coefficients = transformed(&block);
                for (coefficient, step) in coefficients.iter_mut().zip(table) {
                    *coefficient = (*coefficient / step).round() * step;
                }
                let block = restored(&coefficients);
                let (rows, columns) = (SIDE.min(self.height - top), SIDE.min(self.width - left));
                for (row, values) in block.chunks_exact(SIDE).take(rows).enumerate() {
                    let start = (top + row) * self.width + left;
                    for (sample_out, value) in samples[start..start + columns].iter_mut().zip(values) {
                        *sample_out = sample(value + 128.0);
                    }
                }
            }
        }
        Self { samples, ..*self }
    }

    /// Half of both sides, by means of four samples whose halves are rounded down and up in turns (libjpeg's
    /// `h2v2_downsample`).
    fn halved(&self) -> Self {
        let (width, height) = (self.width.div_ceil(2), self.height.div_ceil(2));
        let mut samples = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let sum: u16 = [(0, 0), (1, 0), (0, 1), (1, 1)]
                    .map(|(right, down)| u16::from(self.at(2 * x + right, 2 * y + down)))
                    .iter()
                    .sum();
                samples.push(((sum + 1 + (x % 2) as u16) >> 2) as u8);
            }
        }
        Self { width, height, samples }
    }

    /// Twice both sides, cut to this size: three quarters of the nearer sample and one of the further, down and across
    /// (libjpeg's "fancy upsampling", `h2v2_fancy_upsample`).
    fn doubled(&self, width: usize, height: usize) -> Self {
        let mut samples = Vec::with_capacity(width * height);
        for y in 0..height {
            let near = y / 2;
            let far = if y % 2 == 0 { near.saturating_sub(1) } else { near + 1 };
            let column = |x: usize| 3 * u16::from(self.at(x, near)) + u16::from(self.at(x, far));
            for x in 0..width {
                let near = x / 2;
                let (far, half) = if x % 2 == 0 {
                    (near.saturating_sub(1), 8)
                } else {
                    (near + 1, 7)
                };
                samples.push(((3 * column(near) + column(far) + half) >> 4) as u8);
            }
        }
        Self { width, height, samples }
    }
}

/// The two-dimensional DCT of ITU-T T.81, A.3.3.
fn transformed(block: &[f32; SIDE * SIDE]) -> [f32; SIDE * SIDE] {
    product(&product(basis(), block), &transposed(basis()))
}

/// Its inverse.
fn restored(coefficients: &[f32; SIDE * SIDE]) -> [f32; SIDE * SIDE] {
    product(&product(&transposed(basis()), coefficients), basis())
}

/// Row u, column x: C(u) / 2 * cos((2x + 1) u pi / 16).
fn basis() -> &'static [f32; SIDE * SIDE] {
    static BASIS: OnceLock<[f32; SIDE * SIDE]> = OnceLock::new();
    BASIS.get_or_init(|| {
        std::array::from_fn(|at| {
            let (u, x) = ((at / SIDE) as f32, (at % SIDE) as f32);
            let scale = if u == 0.0 { 0.5f32.sqrt() } else { 1.0 };
            scale / 2.0 * ((2.0 * x + 1.0) * u * PI / 16.0).cos()
        })
    })
}

fn product(one: &[f32; SIDE * SIDE], other: &[f32; SIDE * SIDE]) -> [f32; SIDE * SIDE] {
    let mut out = [0.0; SIDE * SIDE];
    for (sums, factors) in out.chunks_exact_mut(SIDE).zip(one.chunks_exact(SIDE)) {
        for (factor, row) in factors.iter().zip(other.chunks_exact(SIDE)) {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += factor * value;
            }
        }
    }
    out
}

fn transposed(matrix: &[f32; SIDE * SIDE]) -> [f32; SIDE * SIDE] {
    std::array::from_fn(|at| matrix[at % SIDE * SIDE + at / SIDE])
}

#[cfg(test)]
mod tests {
    use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
    use touchmark_image::{Limits, SourceImage};

    use super::*;
    use crate::{Scene, psnr};

    /// A real encoder and a real decoder, with sides that are not whole blocks and qualities on both sides of 50.
    #[test]
    fn it_is_what_a_file_would_make_of_it() {
        let picture = Scene::ALL[1].draw(203, 117);
        for quality in [95, 80, 50, 30] {
            let mut file = Vec::new();
            let mut encoder = Encoder::new(&mut file, quality);
            encoder.set_sampling_factor(SamplingFactor::F_1_1);
            encoder.encode(picture.samples(), 203, 117, ColorType::Rgb).unwrap();
            let source = SourceImage::parse(&file, &Limits::default()).unwrap();
            let decoded = Picture::of(&source.decode().unwrap());
            let ours = round_trip(&picture, quality, Sampling::Full);
            let apart = psnr(&ours, &decoded).unwrap();
            let lost = psnr(&ours, &picture).unwrap();
            // The two differ by far less than either from the original.
            assert!(apart > lost + 6.0 && apart > 40.0, "{quality}: {apart} against {lost}");
        }
    }

    /// Samples that Pillow 13.0 (libjpeg-turbo) decoded from a file that it wrote with `quality=60, subsampling=2`:
    /// encoders and decoders of other families average and interpolate chrominance otherwise.
    #[test]
    fn chrominance_is_averaged_and_interpolated_as_in_libjpeg() {
        const DECODED: &[u8; 27 * 21 * 3] = include_bytes!("../../tests/data/pillow-jpeg60-420-27x21.rgb");
        let picture = Picture::draw(27, 21, |x, y| {
            [x * 11 + y * 3, y * 12 + x * x / 5, 200 - x * 4 + y * 2].map(|value| (value % 256) as u8)
        });
        let ours = round_trip(&picture, 60, Sampling::Quarter);
        let apart = psnr(&ours, &picture.with(DECODED.to_vec())).unwrap();
        let lost = psnr(&ours, &picture).unwrap();
        assert!(apart > 48.0 && lost < 36.0, "{apart} against {lost}");
    }

    #[test]
    fn the_transform_has_an_inverse() {
        let block: [f32; 64] = std::array::from_fn(|at| ((at * 37) % 256) as f32 - 128.0);
        let back = restored(&transformed(&block));
        assert!(
            block
                .iter()
                .zip(back)
                .all(|(before, after)| (before - after).abs() < 1e-3)
        );
        // The mean: eight times it is the first coefficient.
        assert!((transformed(&[10.0; 64])[0] - 80.0).abs() < 1e-3);
    }

    #[test]
    fn quality_scales_the_tables_as_libjpeg_does() {
        assert_eq!(table(&LUMINANCE, 50)[0], 16.0);
        assert_eq!(table(&LUMINANCE, 100), [1.0; 64]);
        assert_eq!(table(&LUMINANCE, 80)[..3], [6.0, 4.0, 4.0]);
        assert_eq!(table(&CHROMINANCE, 30)[0], 28.0);
    }

    #[test]
    fn flat_pictures_stay_as_they_are() {
        let flat = Picture::draw(17, 9, |_, _| [90; 3]);
        assert_eq!(round_trip(&flat, 95, Sampling::Quarter), flat);
    }
}
