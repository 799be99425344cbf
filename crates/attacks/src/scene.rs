//! Photo-like pictures that need no photographs: what marks are tried on where nobody gives pictures.

mod nature;
pub(crate) mod noise;
mod people;
mod places;

use crate::NoCodecs;
use crate::Picture;
use crate::picture::sample;
use crate::random::{Random, seed_of};
use crate::step::Step;

/// A picture that is drawn by arithmetic: gradients, textures with the spectrum of photographs, occluding leaves,
/// edges, text, a face.
#[derive(Debug, Clone, Copy)]
pub struct Scene {
    name: &'static str,
    size: (usize, usize),
    /// Noise of the sensor in grey levels; none in what no camera took.
    grain: f64,
    paint: fn(&Canvas) -> Paint,
}

/// What a scene is painted on.
struct Canvas {
    /// Pixels a row and rows.
    width: f32,
    height: f32,
    seed: u64,
}

/// The colour at a pixel, 0 to 255 and beyond.
type Paint = Box<dyn Fn(f32, f32) -> [f32; 3]>;

impl Scene {
    /// All scenes.
    #[rustfmt::skip]
    pub const ALL: &'static [Self] = &[
        scene("sky", (1024, 768), 1.2, nature::sky),
        scene("leaves", (1024, 1024), 1.5, nature::leaves),
        scene("portrait", (768, 1024), 1.5, people::portrait),
        scene("street", (1280, 853), 1.5, places::street),
        scene("night", (1200, 800), 2.5, places::night),
        scene("water", (1536, 1024), 1.2, nature::water),
        scene("render", (1024, 1024), 0.0, places::render),
        scene("foliage", (640, 480), 1.5, nature::foliage),
        scene("drawing", (640, 640), 0.0, people::drawing),
        scene("page", (800, 1000), 0.0, people::page),
        scene("sand", (2048, 1365), 1.5, nature::sand),
        scene("pebbles", (512, 512), 1.5, nature::pebbles),
    ];

    /// Its name, unique, one word.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Its own width and height in pixels.
    pub fn size(&self) -> (usize, usize) {
        self.size
    }

    /// The scene in this size; sides of zero become one. Textures keep their size in pixels, shapes grow with the picture.
    pub fn draw(&self, width: usize, height: usize) -> Picture {
        let canvas = Canvas {
            width: width.max(1) as f32,
            height: height.max(1) as f32,
            seed: seed_of(0, self.name),
        };
        let paint = (self.paint)(&canvas);
        let sharp = Picture::draw(width, height, |x, y| paint(x as f32, y as f32).map(sample));
        if self.grain == 0.0 {
            return sharp;
        }
        // What a lens and a sensor add.
        let mut random = Random::new(canvas.seed);
        let camera = [Step::Blur(0.5), Step::Noise(self.grain)];
        let taken = camera.iter().try_fold(sharp.clone(), |picture, step| {
            step.apply(&picture, &mut random, &NoCodecs)
        });
        // Neither step can fail.
        taken.unwrap_or(sharp)
    }
}

const fn scene(name: &'static str, size: (usize, usize), grain: f64, paint: fn(&Canvas) -> Paint) -> Scene {
    Scene {
        name,
        size,
        grain,
        paint,
    }
}

/// Between two colours: `share` of the second, from 0 to 1.
fn mix(one: [f32; 3], other: [f32; 3], share: f32) -> [f32; 3] {
    let share = share.clamp(0.0, 1.0);
    [0, 1, 2].map(|channel| one[channel] + (other[channel] - one[channel]) * share)
}

/// A colour made lighter or darker.
fn lit(colour: [f32; 3], light: f32) -> [f32; 3] {
    colour.map(|value| value * light)
}

/// From 0 below `low` to 1 above `high`, smoothly.
fn smooth(low: f32, high: f32, value: f32) -> f32 {
    let t = ((value - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_unique_words() {
        let names: HashSet<_> = Scene::ALL.iter().map(Scene::name).collect();
        assert_eq!(names.len(), Scene::ALL.len());
    }

    #[test]
    fn every_scene_has_light_and_dark_and_repeats() {
        for scene in Scene::ALL {
            let picture = scene.draw(192, 128);
            assert_eq!(picture, scene.draw(192, 128), "{}", scene.name());
            let luminance = picture.luminance();
            let mean = luminance.iter().sum::<f32>() / luminance.len() as f32;
            let variance = luminance.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / luminance.len() as f32;
            assert!((25.0..235.0).contains(&mean), "{}: mean {mean}", scene.name());
            assert!(variance > 100.0, "{}: variance {variance}", scene.name());
        }
    }
}
