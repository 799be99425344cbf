//! Pictures of the sizes that benches ask for, photo-like; not fixtures.

use super::Made;
use super::encode::{self, Jpeg};
use super::scene::Scene;

/// Width and height in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size(pub u32, pub u32);

/// A picture in `jpeg`, `png` or `webp`.
///
/// # Errors
/// Those of the encoders, and for another format.
pub fn picture(format: &str, size: Size) -> Made {
    let scene = Scene::photo(7, (size.0, size.1));
    match format {
        "jpeg" => Jpeg::default().rgb(&scene),
        "png" => encode::png_rgb(&scene),
        "webp" => encode::webp(&scene.rgb(), scene.size, None, false),
        other => Err(format!("no pictures in {other}").into()),
    }
}
