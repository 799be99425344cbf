//! How far a picture is from another, as scikit-image and the papers measure it.

use crate::Picture;

/// Side of the windows of the structural similarity, in pixels: the default of scikit-image's `structural_similarity`.
const WINDOW: usize = 7;

/// Peak signal to noise ratio in dB over all samples; infinite for equal pictures, `None` for pictures of two sizes.
pub fn psnr(one: &Picture, other: &Picture) -> Option<f64> {
    same_size(one, other).then(|| {
        let error: u64 = one
            .samples()
            .iter()
            .zip(other.samples())
            .map(|(&a, &b)| u64::from(a.abs_diff(b)).pow(2))
            .sum();
        let mean = error as f64 / one.samples().len() as f64;
        10.0 * (255.0 * 255.0 / mean).log10()
    })
}

/// Mean structural similarity of the luminances over all windows of 7 by 7 pixels, at most 1 (Wang, Bovik, Sheikh and
/// Simoncelli, IEEE TIP 13(4), 2004; uniform windows and sample covariance, as scikit-image).
///
/// `None` for pictures of two sizes and for those smaller than a window.
pub fn ssim(one: &Picture, other: &Picture) -> Option<f64> {
    let (width, height) = (one.width(), one.height());
    if !same_size(one, other) || width.min(height) < WINDOW {
        return None;
    }
    let (before, after) = (one.luminance(), other.luminance());
    let mut columns = vec![[0.0f64; 5]; width];
    let mut total = 0.0;
    for y in 0..height {
        add(&mut columns, &before, &after, y, 1.0);
        if y + 1 < WINDOW {
            continue;
        }
        for window in columns.windows(WINDOW) {
            let mut sums = [0.0; 5];
            for column in window {
                sums.iter_mut().zip(column).for_each(|(sum, value)| *sum += value);
            }
            total += similarity(sums);
        }
        add(&mut columns, &before, &after, y + 1 - WINDOW, -1.0);
    }
    Some(total / ((width - WINDOW + 1) * (height - WINDOW + 1)) as f64)
}

/// Adds row `y` to the sums of each column: of both, of their squares, of their products.
fn add(columns: &mut [[f64; 5]], before: &[f32], after: &[f32], y: usize, sign: f64) {
    let row = y * columns.len();
    let rows = before[row..].iter().zip(&after[row..]);
    for (column, (&before, &after)) in columns.iter_mut().zip(rows) {
        let (a, b) = (f64::from(before), f64::from(after));
        for (sum, value) in column.iter_mut().zip([a, b, a * a, b * b, a * b]) {
            *sum += sign * value;
        }
    }
}

fn similarity(sums: [f64; 5]) -> f64 {
    const C1: f64 = (0.01 * 255.0) * (0.01 * 255.0);
    const C2: f64 = (0.03 * 255.0) * (0.03 * 255.0);
    const COUNT: f64 = (WINDOW * WINDOW) as f64;
    let [a, b, aa, bb, ab] = sums.map(|sum| sum / COUNT);
    let sample = COUNT / (COUNT - 1.0);
    let (va, vb, vab) = ((aa - a * a) * sample, (bb - b * b) * sample, (ab - a * b) * sample);
    (2.0 * a * b + C1) * (2.0 * vab + C2) / ((a * a + b * b + C1) * (va + vb + C2))
}

fn same_size(one: &Picture, other: &Picture) -> bool {
    (one.width(), one.height()) == (other.width(), other.height())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(change: u8) -> Picture {
        Picture::draw(12, 9, |x, y| {
            let value = (x * 37 + y * 101 + x * y * 13) % 200;
            [value as u8, (value as u8).wrapping_add(change * (x % 3) as u8), 90]
        })
    }

    #[test]
    fn equal_pictures_are_not_apart() {
        assert_eq!(psnr(&pattern(0), &pattern(0)), Some(f64::INFINITY));
        assert!((ssim(&pattern(0), &pattern(0)).unwrap() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn one_level_everywhere_is_48_decibels() {
        let (one, other) = (pattern(0), pattern(0).map(|value| value ^ 1));
        assert!((psnr(&one, &other).unwrap() - 48.1308).abs() < 1e-3);
    }

    /// `skimage.metrics.structural_similarity(a @ w, b @ w, data_range=255)` of the same two pictures.
    #[test]
    fn similarity_is_that_of_scikit_image() {
        let similarity = ssim(&pattern(0), &pattern(20)).unwrap();
        assert!((similarity - SKIMAGE).abs() < 1e-5, "{similarity}");
    }

    const SKIMAGE: f64 = 0.976_107_470_663;

    #[test]
    fn pictures_of_two_sizes_are_not_compared() {
        let small = Picture::draw(4, 4, |_, _| [0; 3]);
        assert_eq!(psnr(&small, &pattern(0)), None);
        assert_eq!(ssim(&small, &small), None);
    }
}
