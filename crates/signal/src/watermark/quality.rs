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

/// Mean structural similarity over windows of bands of [`WINDOW`] rows (Wang, Bovik, Sheikh and Simoncelli, IEEE TIP
/// 13(4), 2004; means over squares, sample covariance).
pub(super) struct Similarity {
    /// Sums over each column of a band: of both, of their squares, of their products.
    columns: [Vec<f32>; 5],
    total: f64,
    count: u32,
}

impl Similarity {
    /// For rows of `width` values, at least [`WINDOW`].
    pub(super) fn new(width: usize) -> Self {
        Self {
            columns: std::array::from_fn(|_| vec![0.0; width]),
            total: 0.0,
            count: 0,
        }
    }

    /// Adds a row of luminances to the band.
    pub(super) fn add(&mut self, before: &[f32], after: &[f32]) {
        let [x, y, xx, yy, xy] = &mut self.columns;
        let sums = x.iter_mut().zip(y).zip(xx).zip(yy).zip(xy);
        for (((((x, y), xx), yy), xy), (before, after)) in sums.zip(before.iter().zip(after)) {
            // Relative to a middle grey, so that the squares stay small.
            let (one, other) = (before - 128.0, after - 128.0);
            *x += one;
            *y += other;
            *xx += one * one;
            *yy += other * other;
            *xy += one * other;
        }
    }

    /// Measures the band, whose [`WINDOW`] rows were added, and begins the next one.
    pub(super) fn finish(&mut self) {
        const C1: f32 = (0.01 * 255.0) * (0.01 * 255.0);
        const C2: f32 = (0.03 * 255.0) * (0.03 * 255.0);
        const COUNT: f32 = (WINDOW * WINDOW) as f32;
        let width = self.columns[0].len();
        for left in (0..=width - WINDOW).step_by(STRIDE) {
            let mean = |column: &Vec<f32>| column[left..][..WINDOW].iter().sum::<f32>() / COUNT;
            let [x, y, xx, yy, xy] = self.columns.each_ref().map(mean);
            let sample = COUNT / (COUNT - 1.0);
            let (vx, vy, vxy) = ((xx - x * x) * sample, (yy - y * y) * sample, (xy - x * y) * sample);
            let (mx, my) = (x + 128.0, y + 128.0);
            let similarity = (2.0 * mx * my + C1) * (2.0 * vxy + C2) / ((mx * mx + my * my + C1) * (vx + vy + C2));
            self.total += f64::from(similarity);
            self.count += 1;
        }
        self.columns.iter_mut().for_each(|column| column.fill(0.0));
    }

    /// The mean over all bands so far; not a number where there was none.
    pub(super) fn mean(&self) -> f64 {
        self.total / f64::from(self.count)
    }
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
        let after: Vec<f32> = before.iter().rev().copied().collect();
        let measure = |other: &[f32]| {
            let mut similarity = Similarity::new(40);
            for (before, other) in before.chunks_exact(40).zip(other.chunks_exact(40)) {
                similarity.add(before, other);
            }
            similarity.finish();
            (similarity.mean(), similarity.count)
        };
        let (mean, count) = measure(&before);
        assert_eq!(count, 9);
        assert!((mean - 1.0).abs() < 1e-4);
        assert!(measure(&after).0 < 0.6);
    }
}
