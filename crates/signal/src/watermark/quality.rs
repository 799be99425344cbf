//! How far a marked picture is from the original: peak signal to noise ratio and structural similarity.

/// Side of the windows of the similarity, in pixels (as scikit-image; Wang et al. take a Gaussian of about that size).
pub(super) const WINDOW: usize = 7;
/// Distance of windows along a row: their mean hardly differs from that over all of them.
const STRIDE: usize = 4;

/// Peak signal to noise ratio in dB of a mean squared error in grey levels; infinite where there is none.
pub(super) fn psnr(error: f64) -> f64 {
    10.0 * (255.0 * 255.0 / error).log10()
}

/// The mean squared error of a peak signal to noise ratio in dB.
pub(super) fn squared_error(psnr: f64) -> f64 {
    255.0 * 255.0 / 10f64.powf(psnr / 10.0)
}

/// Sum of the structural similarity over windows of one band of `WINDOW` rows, and their number (Wang, Bovik, Sheikh and
/// Simoncelli, IEEE TIP 13(4), 2004; means over squares, sample covariance).
///
/// `before` and `after` are luminances, `WINDOW` rows of `width`.
pub(super) fn similarity(before: &[f32], after: &[f32], width: usize) -> (f64, usize) {
    const C1: f32 = (0.01 * 255.0) * (0.01 * 255.0);
    const C2: f32 = (0.03 * 255.0) * (0.03 * 255.0);
    const COUNT: f32 = (WINDOW * WINDOW) as f32;
    // Sums of a column, relative to a middle grey so that the squares stay small.
    let mut columns = vec![[0.0f32; 5]; width];
    for (before, after) in before.chunks_exact(width).zip(after.chunks_exact(width)) {
        for ((column, before), after) in columns.iter_mut().zip(before).zip(after) {
            let (x, y) = (before - 128.0, after - 128.0);
            for (sum, value) in column.iter_mut().zip([x, y, x * x, y * y, x * y]) {
                *sum += value;
            }
        }
    }
    let mut total = (0.0, 0);
    for window in columns.windows(WINDOW).step_by(STRIDE) {
        let mut sums = [0.0f32; 5];
        for column in window {
            sums.iter_mut().zip(column).for_each(|(sum, value)| *sum += value);
        }
        let [x, y, xx, yy, xy] = sums.map(|sum| sum / COUNT);
        let sample = COUNT / (COUNT - 1.0);
        let (vx, vy, vxy) = ((xx - x * x) * sample, (yy - y * y) * sample, (xy - x * y) * sample);
        let (mx, my) = (x + 128.0, y + 128.0);
        let similarity = (2.0 * mx * my + C1) * (2.0 * vxy + C2) / ((mx * mx + my * my + C1) * (vx + vy + C2));
        total.0 += f64::from(similarity);
        total.1 += 1;
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_and_ratio_are_inverse() {
        assert!((psnr(squared_error(43.0)) - 43.0).abs() < 1e-9);
        assert!((psnr(1.0) - 48.13).abs() < 0.01);
    }

    #[test]
    fn similarity_is_one_of_equals_alone() {
        let before: Vec<f32> = (0..WINDOW * 40).map(|at| (at * 37 % 256) as f32).collect();
        let (sum, count) = similarity(&before, &before, 40);
        assert_eq!(count, 9);
        assert!((sum - 9.0).abs() < 1e-3);
        let after: Vec<f32> = before.iter().rev().copied().collect();
        assert!(similarity(&before, &after, 40).0 < 5.0);
    }
}
