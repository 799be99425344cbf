//! Resizing by convolution, as Pillow's `Image.resize`: when shrinking, the filter is as wide as what it averages.

use std::f64::consts::PI;

use crate::Picture;
use crate::picture::sample;

/// What a new pixel is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filter {
    /// Keys' cubic with a = -0.5 (IEEE TASSP 29(6), 1981).
    Bicubic,
    /// The sinc windowed by its own three lobes.
    Lanczos,
}

impl Filter {
    /// Half of its width in source pixels when nothing is shrunk.
    fn support(self) -> f64 {
        match self {
            Self::Bicubic => 2.0,
            Self::Lanczos => 3.0,
        }
    }

    fn at(self, x: f64) -> f64 {
        match self {
            Self::Bicubic => cubic(x),
            Self::Lanczos if x.abs() < 3.0 => sinc(x) * sinc(x / 3.0),
            Self::Lanczos => 0.0,
        }
    }
}

/// Keys' cubic with a = -0.5.
pub(super) fn cubic(x: f64) -> f64 {
    const A: f64 = -0.5;
    let x = x.abs();
    if x < 1.0 {
        ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0
    } else if x < 2.0 {
        (((x - 5.0) * x + 8.0) * x - 4.0) * A
    } else {
        0.0
    }
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { (PI * x).sin() / (PI * x) }
}

/// The picture in this size; between the two passes samples have 8 bits, as in Pillow.
pub(crate) fn resize(picture: &Picture, width: usize, height: usize, filter: Filter) -> Picture {
    let (width, height) = (width.max(1), height.max(1));
    if (width, height) == (picture.width(), picture.height()) {
        return picture.clone();
    }
    let columns = weights(picture.width(), width, filter);
    let mut narrow = Vec::with_capacity(width * picture.height() * 3);
    for y in 0..picture.height() {
        let row = picture.row(y);
        for (first, weights) in &columns {
            let mut sums = [0.0f32; 3];
            let (pixels, _) = row[first * 3..].as_chunks::<3>();
            for (pixel, weight) in pixels.iter().zip(weights) {
                for (sum, &value) in sums.iter_mut().zip(pixel) {
                    *sum += weight * f32::from(value);
                }
            }
            narrow.extend_from_slice(&sums.map(sample));
        }
    }
    let stride = width * 3;
    let mut samples = Vec::with_capacity(stride * height);
    let mut sums = vec![0.0f32; stride];
    for (first, weights) in weights(picture.height(), height, filter) {
        sums.fill(0.0);
        for (row, weight) in narrow[first * stride..].chunks_exact(stride).zip(&weights) {
            for (sum, &value) in sums.iter_mut().zip(row) {
                *sum += weight * f32::from(value);
            }
        }
        samples.extend(sums.iter().copied().map(sample));
    }
    let (pixels, _) = samples.as_chunks::<3>();
    Picture::draw(width, height, |x, y| pixels[y * width + x])
}

/// Shrunk so that the long side has at most this many pixels.
pub(super) fn shrink(picture: &Picture, most: usize) -> Picture {
    let long = picture.width().max(picture.height());
    if long <= most {
        return picture.clone();
    }
    let side = |side: usize| (side as f64 * most as f64 / long as f64).round() as usize;
    resize(picture, side(picture.width()), side(picture.height()), Filter::Lanczos)
}

/// For each new place: the first source place that counts, and the weights from there on, of sum 1.
fn weights(from: usize, to: usize, filter: Filter) -> Vec<(usize, Vec<f32>)> {
    let scale = from as f64 / to as f64;
    let widened = scale.max(1.0);
    let support = filter.support() * widened;
    let of = |place: usize| {
        let centre = (place as f64 + 0.5) * scale;
        // The conversion saturates at zero.
        let first = (centre - support + 0.5) as usize;
        let end = ((centre + support + 0.5) as usize).min(from).max(first + 1);
        let raw: Vec<f64> = (first..end)
            .map(|at| filter.at((at as f64 + 0.5 - centre) / widened))
            .collect();
        let sum: f64 = raw.iter().sum();
        (first, raw.iter().map(|weight| (weight / sum) as f32).collect())
    };
    (0..to).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `Image.fromarray(a).resize(.., ..)` of Pillow 13.0 on the same ramp: every fourth sample of red.
    #[test]
    fn pixels_are_those_of_pillow() {
        let picture = Picture::draw(16, 12, |x, y| [((x * x * 3 + y * 29 + x * y * 7) % 256) as u8; 3]);
        let red = |picture: Picture| -> Vec<u8> { picture.samples().iter().step_by(12).copied().collect() };
        for (found, expected) in [
            (red(resize(&picture, 8, 6, Filter::Lanczos)), &PILLOW_LANCZOS[..]),
            (red(resize(&picture, 12, 9, Filter::Bicubic)), &PILLOW_BICUBIC),
            (red(resize(&picture, 20, 15, Filter::Bicubic)), &PILLOW_LARGER),
        ] {
            assert_eq!(found.len(), expected.len());
            for (found, expected) in found.iter().zip(expected) {
                assert!(found.abs_diff(*expected) <= 1, "{found} is not {expected}");
            }
        }
    }

    const PILLOW_LANCZOS: [u8; 12] = [18, 138, 78, 107, 159, 101, 201, 111, 88, 111, 94, 122];
    const PILLOW_BICUBIC: [u8; 27] = [
        6, 104, 113, 46, 208, 154, 86, 81, 127, 127, 118, 70, 175, 154, 155, 226, 55, 155, 142, 136, 124, 25, 167, 83,
        72, 70, 181,
    ];
    const PILLOW_LARGER: [u8; 75] = [
        0, 27, 115, 144, 254, 19, 62, 177, 111, 118, 43, 105, 212, 176, 154, 66, 146, 166, 176, 190, 89, 187, 83, 30,
        65, 112, 221, 158, 150, 200, 135, 64, 176, 128, 138, 157, 31, 89, 73, 146, 180, 93, 43, 91, 159, 206, 134, 131,
        189, 96, 248, 176, 124, 144, 157, 63, 221, 190, 115, 94, 0, 112, 134, 82, 107, 41, 13, 88, 98, 117, 61, 67,
        167, 173, 43,
    ];

    #[test]
    fn a_flat_picture_stays_flat() {
        let flat = Picture::draw(37, 23, |_, _| [200, 100, 3]);
        for filter in [Filter::Bicubic, Filter::Lanczos] {
            for (width, height) in [(1, 1), (19, 40), (74, 11)] {
                let resized = resize(&flat, width, height, filter);
                assert_eq!((resized.width(), resized.height()), (width, height));
                assert!(
                    resized
                        .samples()
                        .as_chunks::<3>()
                        .0
                        .iter()
                        .all(|pixel| *pixel == [200, 100, 3])
                );
            }
        }
    }

    #[test]
    fn shrinking_never_enlarges() {
        let picture = Picture::draw(40, 20, |x, _| [x as u8; 3]);
        assert_eq!(shrink(&picture, 40), picture);
        let small = shrink(&picture, 10);
        assert_eq!((small.width(), small.height()), (10, 5));
    }
}
