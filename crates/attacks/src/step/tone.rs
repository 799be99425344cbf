//! Changes of brightness and colour, pixel by pixel, as Pillow's `ImageEnhance` does them; and noise.

use crate::Picture;
use crate::picture::sample;
use crate::random::Random;

pub(super) fn brightness(picture: &Picture, factor: f32) -> Picture {
    picture.map(|value| sample(f32::from(value) * factor))
}

/// Distance from the mean luminance times `factor`.
pub(super) fn contrast(picture: &Picture, factor: f32) -> Picture {
    let luminance = picture.luminance();
    let sum: f64 = luminance.iter().copied().map(f64::from).sum();
    let mean = (sum / luminance.len() as f64).round() as f32;
    picture.map(|value| sample(mean + factor * (f32::from(value) - mean)))
}

/// Distance from grey times `factor`.
pub(super) fn saturation(picture: &Picture, factor: f32) -> Picture {
    picture.map_pixels(|pixel| {
        let grey = f32::from(luma(pixel));
        pixel.map(|value| sample(grey + factor * (f32::from(value) - grey)))
    })
}

pub(super) fn gamma(picture: &Picture, power: f32) -> Picture {
    picture.map(|value| sample(255.0 * (f32::from(value) / 255.0).powf(power)))
}

/// Black becomes `black`, white becomes `white`, the levels between evenly.
pub(super) fn levels(picture: &Picture, black: f32, white: f32) -> Picture {
    picture.map(|value| sample(black + f32::from(value) * (white - black) / 255.0))
}

pub(super) fn grey(picture: &Picture) -> Picture {
    picture.map_pixels(|pixel| [luma(pixel); 3])
}

/// Adds Gaussian noise of this deviation in grey levels to every sample.
pub(super) fn noise(picture: &Picture, deviation: f64, random: &mut Random) -> Picture {
    let mut samples = picture.samples().to_vec();
    for pair in samples.chunks_mut(2) {
        for (value, noise) in pair.iter_mut().zip(random.normal()) {
            *value = sample(f32::from(*value) + (deviation * noise) as f32);
        }
    }
    picture.with(samples)
}

/// ITU-R BT.601 in 65,536ths, rounded.
fn luma([r, g, b]: [u8; 3]) -> u8 {
    ((u32::from(r) * 19_595 + u32::from(g) * 38_470 + u32::from(b) * 7_471 + 0x8000) >> 16) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp() -> Picture {
        Picture::draw(256, 2, |x, y| [x as u8, 255 - x as u8, (y * 90) as u8])
    }

    #[test]
    fn a_factor_of_one_changes_nothing() {
        assert_eq!(brightness(&ramp(), 1.0), ramp());
        assert_eq!(contrast(&ramp(), 1.0), ramp());
        assert_eq!(saturation(&ramp(), 1.0), ramp());
        assert_eq!(gamma(&ramp(), 1.0), ramp());
        assert_eq!(levels(&ramp(), 0.0, 255.0), ramp());
    }

    #[test]
    fn known_values() {
        let pixel = |picture: Picture| picture.pixel(100, 0);
        assert_eq!(pixel(brightness(&ramp(), 1.3)), [130, 202, 0]);
        // 255 * (100 / 255) ^ 1.5 = 62.6
        assert_eq!(pixel(gamma(&ramp(), 1.5))[0], 63);
        assert_eq!(pixel(levels(&ramp(), 20.0, 235.0))[0], 104);
        // 0.299 * 100 + 0.587 * 155 = 120.9
        assert_eq!(pixel(grey(&ramp())), [121; 3]);
    }

    #[test]
    fn noise_has_its_deviation() {
        let flat = Picture::draw(200, 200, |_, _| [128; 3]);
        let noisy = noise(&flat, 8.0, &mut Random::new(3));
        let squares: f64 = noisy
            .samples()
            .iter()
            .map(|&value| (f64::from(value) - 128.0).powi(2))
            .sum();
        let deviation = (squares / noisy.samples().len() as f64).sqrt();
        assert!((deviation - 8.0).abs() < 0.1, "{deviation}");
    }
}
