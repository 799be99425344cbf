//! What paper and a lens do to light.

use crate::Picture;
use crate::picture::sample;
use crate::random::Random;
use crate::scene::noise::Fractal;

/// Brightness times the structure of paper: fibres and flocculation vary it from one pixel to some thirty, as fractal
/// noise does, with this deviation as a share of the light.
pub(super) fn paper(picture: &Picture, deviation: f32, random: &mut Random) -> Picture {
    const COARSEST: f32 = 32.0;
    let grain = Fractal::new(random.bits(), 5);
    let (width, samples) = (picture.width(), picture.samples());
    let (pixels, _) = samples.as_chunks::<3>();
    Picture::draw(picture.width(), picture.height(), |x, y| {
        let light = 1.0 + deviation * grain.at(x as f32 / COARSEST, y as f32 / COARSEST);
        pixels[y * width + x].map(|value| sample(f32::from(value) * light))
    })
}

/// Darker towards the corners, there by this share, with the square of the distance from the middle.
pub(super) fn vignette(picture: &Picture, share: f32) -> Picture {
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    Picture::draw(picture.width(), picture.height(), |x, y| {
        let (across, down) = ((x as f32 + 0.5) / width - 0.5, (y as f32 + 0.5) / height - 0.5);
        let light = 1.0 - share * 2.0 * (across * across + down * down);
        picture.pixel(x, y).map(|value| sample(f32::from(value) * light))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paper_varies_by_its_deviation() {
        let flat = Picture::draw(256, 256, |_, _| [200; 3]);
        let printed = paper(&flat, 0.02, &mut Random::new(2));
        let values = || printed.samples().iter().step_by(3).map(|&value| f64::from(value));
        let mean = values().sum::<f64>() / 65_536.0;
        let deviation = (values().map(|value| (value - mean).powi(2)).sum::<f64>() / 65_536.0).sqrt();
        assert!((mean - 200.0).abs() < 1.0, "{mean}");
        assert!((2.5..5.5).contains(&deviation), "{deviation}");
    }

    #[test]
    fn a_lens_darkens_the_corners_most() {
        let seen = vignette(&Picture::draw(101, 101, |_, _| [200; 3]), 0.2);
        assert_eq!(seen.pixel(50, 50), [200; 3]);
        assert!(seen.pixel(0, 0)[0].abs_diff(161) <= 1);
    }
}
