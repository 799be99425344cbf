//! Neighbourhood filters: Gaussian blur, median, unsharp mask. At the edges the outermost pixels repeat.

use crate::Picture;
use crate::picture::sample;

/// Gaussian blur of this deviation in pixels. (Pillow's is three box passes that approximate it.)
pub(super) fn blur(picture: &Picture, deviation: f32) -> Picture {
    picture.with(blurred(picture, deviation).into_iter().map(sample).collect())
}

/// Pillow's `UnsharpMask(radius=2, percent=120, threshold=2)`.
pub(super) fn sharpen(picture: &Picture) -> Picture {
    const RADIUS: f32 = 2.0;
    const SHARE: f32 = 1.2;
    const THRESHOLD: f32 = 2.0;
    let blurred = blurred(picture, RADIUS);
    let values = picture.samples().iter().zip(blurred).map(|(&value, blurred)| {
        let detail = f32::from(value) - blurred.round();
        match detail.abs() > THRESHOLD {
            true => sample(f32::from(value) + SHARE * detail),
            false => value,
        }
    });
    picture.with(values.collect())
}

/// The median of 3 by 3 pixels, channel by channel.
pub(super) fn median(picture: &Picture) -> Picture {
    let (width, height) = (picture.width(), picture.height());
    let mut samples = Vec::with_capacity(picture.samples().len());
    for y in 0..height {
        let rows = [y.saturating_sub(1), y, (y + 1).min(height - 1)].map(|row| picture.row(row));
        for x in 0..width {
            let columns = [x.saturating_sub(1), x, (x + 1).min(width - 1)];
            for channel in 0..3 {
                let [a, b, c] = rows.map(|row| sorted(columns.map(|column| row[column * 3 + channel])));
                // Of the largest of the lows, the median of the middles and the smallest of the highs.
                let low = a[0].max(b[0]).max(c[0]);
                let middle = sorted([a[1], b[1], c[1]])[1];
                let high = a[2].min(b[2]).min(c[2]);
                samples.push(sorted([low, middle, high])[1]);
            }
        }
    }
    picture.with(samples)
}

fn sorted([a, b, c]: [u8; 3]) -> [u8; 3] {
    let (low, high) = (a.min(b), a.max(b));
    [low.min(c), high.min(low.max(c)), high.max(c)]
}

/// The blurred samples, not yet rounded.
fn blurred(picture: &Picture, deviation: f32) -> Vec<f32> {
    let kernel = gaussian(deviation);
    let radius = kernel.len() / 2;
    let (width, height) = (picture.width(), picture.height());
    let stride = width * 3;
    let mut across = Vec::with_capacity(stride * height);
    let mut padded = Vec::new();
    for y in 0..height {
        let row = picture.row(y);
        let pixels = row.as_chunks::<3>().0.iter();
        let edges = pixels.clone().next().zip(pixels.clone().next_back());
        let Some((first, last)) = edges else { continue };
        padded.clear();
        padded.extend((0..radius).flat_map(|_| first.map(f32::from)));
        padded.extend(row.iter().copied().map(f32::from));
        padded.extend((0..radius).flat_map(|_| last.map(f32::from)));
        let start = across.len();
        across.resize(start + stride, 0.0);
        weigh(&mut across[start..], &kernel, |tap| &padded[tap * 3..][..stride]);
    }
    let mut out = vec![0.0; stride * height];
    for (y, row) in out.chunks_exact_mut(stride).enumerate() {
        weigh(row, &kernel, |tap| {
            let from = (y + tap).saturating_sub(radius).min(height - 1);
            &across[from * stride..][..stride]
        });
    }
    out
}

/// The sum of rows, each times its weight of the kernel.
fn weigh<'a>(sums: &mut [f32], kernel: &[f32], row: impl Fn(usize) -> &'a [f32]) {
    for (tap, weight) in kernel.iter().enumerate() {
        for (sum, value) in sums.iter_mut().zip(row(tap)) {
            *sum += weight * value;
        }
    }
}

/// A Gaussian cut off at three and a half deviations, of sum 1.
fn gaussian(deviation: f32) -> Vec<f32> {
    let radius = (3.5 * deviation).ceil() as i32;
    let raw: Vec<f32> = (-radius..=radius)
        .map(|at| (-0.5 * (at as f32 / deviation).powi(2)).exp())
        .collect();
    let sum: f32 = raw.iter().sum();
    raw.iter().map(|weight| weight / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot() -> Picture {
        Picture::draw(21, 21, |x, y| if (x, y) == (10, 10) { [255; 3] } else { [0; 3] })
    }

    #[test]
    fn a_blurred_dot_is_a_gaussian() {
        let blurred = blurred(&dot(), 1.0);
        let at = |x: usize, y: usize| blurred[(y * 21 + x) * 3];
        // 255 / (2 pi) in the middle, exp(-1/2) of it beside; the samples of a Gaussian sum up to its integral.
        assert!((at(10, 10) - 40.58).abs() < 0.1);
        assert!((at(11, 10) / at(10, 10) - (-0.5f32).exp()).abs() < 1e-4);
        assert!((blurred.iter().step_by(3).sum::<f32>() - 255.0).abs() < 0.1);
    }

    #[test]
    fn the_median_forgets_dots_and_keeps_edges() {
        assert!(median(&dot()).samples().iter().all(|&value| value == 0));
        let edge = Picture::draw(10, 10, |x, _| if x < 5 { [9; 3] } else { [200; 3] });
        assert_eq!(median(&edge), edge);
        let nine = Picture::draw(3, 3, |x, y| [(x * 50 + y * 7) as u8; 3]);
        assert_eq!(median(&nine).pixel(1, 1), [57; 3]);
    }

    #[test]
    fn sharpening_steepens_an_edge_alone() {
        let edge = Picture::draw(40, 4, |x, _| if x < 20 { [100; 3] } else { [150; 3] });
        let sharp = sharpen(&edge);
        assert!(sharp.pixel(19, 1)[0] < 90 && sharp.pixel(20, 1)[0] > 160);
        assert_eq!(sharp.pixel(2, 1), [100; 3]);
    }
}
