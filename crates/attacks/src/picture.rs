//! The pictures that attacks work on: RGB of 8 bits, as what is passed on between programs mostly is.

use touchmark_image::{Channels, Pixels, Samples};

/// An RGB picture of 8 bits a sample; both sides are at least one pixel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    height: usize,
    samples: Vec<u8>,
}

impl Picture {
    /// The colours of `pixels`: opacity is dropped, grey repeated, 16 bits are rounded to 8; orientation and profile
    /// are forgotten.
    pub fn of(pixels: &Pixels) -> Self {
        let count = pixels.channels().count();
        let colour = |pixel: [u8; 3]| match pixels.channels() {
            Channels::Grey | Channels::GreyAlpha => [pixel[0]; 3],
            Channels::Rgb | Channels::Rgba => pixel,
        };
        let at = |pixel: &[u8]| {
            let sample = |channel: usize| pixel.get(channel).copied().unwrap_or_default();
            colour([sample(0), sample(1), sample(2)])
        };
        let samples = match pixels.samples() {
            Samples::Eight(samples) => samples.chunks_exact(count).flat_map(at).collect(),
            Samples::Sixteen(samples) => {
                // 65 535 is 255 times 257.
                let eight: Vec<u8> = samples
                    .iter()
                    .map(|&sample| ((u32::from(sample) + 128) / 257) as u8)
                    .collect();
                eight.chunks_exact(count).flat_map(at).collect()
            }
        };
        Self {
            width: pixels.width() as usize,
            height: pixels.height() as usize,
            samples,
        }
    }

    /// The picture as pixels without orientation and profile; `None` where a side does not fit 32 bits.
    pub fn into_pixels(self) -> Option<Pixels> {
        let (width, height) = (u32::try_from(self.width).ok()?, u32::try_from(self.height).ok()?);
        Pixels::new(width, height, Channels::Rgb, Samples::Eight(self.samples))
    }

    /// Pixels a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Red, green and blue of each pixel, rows from top to bottom.
    pub fn samples(&self) -> &[u8] {
        &self.samples
    }

    /// A picture whose pixel at `(x, y)` is `colour(x, y)`; sides of zero become one.
    pub(crate) fn draw(width: usize, height: usize, mut colour: impl FnMut(usize, usize) -> [u8; 3]) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        let mut samples = Vec::with_capacity(width * height * 3);
        for y in 0..height {
            for x in 0..width {
                samples.extend_from_slice(&colour(x, y));
            }
        }
        Self { width, height, samples }
    }

    /// The same size with other samples.
    pub(crate) fn with(&self, samples: Vec<u8>) -> Self {
        debug_assert_eq!(samples.len(), self.samples.len());
        Self { samples, ..*self }
    }

    /// Every sample changed by itself.
    pub(crate) fn map(&self, change: impl Fn(u8) -> u8) -> Self {
        let table: Vec<u8> = (0..=255).map(change).collect();
        self.with(self.samples.iter().map(|&sample| table[usize::from(sample)]).collect())
    }

    /// Every pixel changed by itself.
    pub(crate) fn map_pixels(&self, change: impl Fn([u8; 3]) -> [u8; 3]) -> Self {
        let (pixels, _) = self.samples.as_chunks::<3>();
        self.with(pixels.iter().flat_map(|&pixel| change(pixel)).collect())
    }

    pub(crate) fn row(&self, y: usize) -> &[u8] {
        &self.samples[y * self.width * 3..][..self.width * 3]
    }

    /// The pixel at a place within.
    pub(crate) fn pixel(&self, x: usize, y: usize) -> [u8; 3] {
        let at = (y * self.width + x) * 3;
        [self.samples[at], self.samples[at + 1], self.samples[at + 2]]
    }

    /// Luminance of every pixel, 0 to 255 (ITU-R BT.601).
    pub(crate) fn luminance(&self) -> Vec<f32> {
        let (pixels, _) = self.samples.as_chunks::<3>();
        pixels
            .iter()
            .map(|&[r, g, b]| 0.299 * f32::from(r) + 0.587 * f32::from(g) + 0.114 * f32::from(b))
            .collect()
    }
}

/// The nearest sample to a value.
pub(crate) fn sample(value: f32) -> u8 {
    // The conversion saturates.
    (value + 0.5) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_samples_becomes_rgb_of_8_bits() {
        let of = |channels, samples| Picture::of(&Pixels::new(1, 1, channels, samples).unwrap()).samples;
        assert_eq!(of(Channels::Grey, Samples::Eight(vec![7])), [7, 7, 7]);
        assert_eq!(of(Channels::GreyAlpha, Samples::Eight(vec![7, 0])), [7, 7, 7]);
        assert_eq!(of(Channels::Rgba, Samples::Eight(vec![1, 2, 3, 0])), [1, 2, 3]);
        assert_eq!(
            of(Channels::Rgb, Samples::Sixteen(vec![0, 65_535, 257 * 9 + 128])),
            [0, 255, 9]
        );
    }

    #[test]
    fn pixels_and_back() {
        let picture = Picture::draw(3, 2, |x, y| [x as u8, y as u8, 9]);
        assert_eq!(Picture::of(&picture.clone().into_pixels().unwrap()), picture);
    }
}
