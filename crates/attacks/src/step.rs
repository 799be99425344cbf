//! One thing that happens to a picture. Attacks are rows of these.

mod compose;
mod filter;
mod jpeg;
mod paper;
mod resample;
mod tone;
mod warp;

use crate::random::Random;
use crate::{Codecs, Coding, Error, Picture};

pub(crate) use jpeg::Sampling;
pub(crate) use resample::Filter;
pub(crate) use warp::Corners;

/// One thing that happens to a picture. Sides are rounded, and are at least one pixel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Step {
    /// Coded as JPEG with this quality of libjpeg, 1 to 100, and decoded.
    Jpeg(u8, Sampling),
    /// Coded by somebody else's codec, and decoded.
    Coded(Coding),
    /// Width and height times these factors.
    Scale(f64, f64, Filter),
    /// Shrunk so that the long side is at most so many pixels; never enlarged.
    LongSide(usize),
    /// Cut to this share of the area, at a random place.
    Crop(f64),
    /// Turned counterclockwise by these degrees.
    Turn(f64, Corners),
    /// Turned by a quarter.
    QuarterTurn,
    /// Mirrored left to right.
    Mirror,
    /// Seen at a slant: each corner comes from up to this share of the sides further inside, at random.
    Perspective(f64),
    /// Samples times this.
    Brightness(f32),
    /// Distance from the mean luminance times this.
    Contrast(f32),
    /// Distance from grey times this.
    Saturation(f32),
    /// Samples, from 0 to 1, to this power.
    Gamma(f32),
    /// Black and white become these levels.
    Levels(f32, f32),
    /// Luminance alone.
    Grey,
    /// Gaussian noise of this deviation in grey levels on every sample.
    Noise(f64),
    /// Gaussian blur of this deviation in pixels.
    Blur(f32),
    /// The median of 3 by 3 pixels, channel by channel.
    Median,
    /// Unsharp mask: radius 2, 120 %, threshold 2.
    Sharpen,
    /// A black bar across the bottom seventh and a white disc.
    Overlay,
    /// Put into a light page, as in a screenshot.
    Letterbox,
    /// Printed on paper whose brightness varies by this deviation, as a share.
    Paper(f32),
    /// Darker towards the corners by this share of the light, as a lens makes it.
    Vignette(f32),
}

impl Step {
    /// The picture after this step.
    ///
    /// # Errors
    /// Those of `codecs`.
    pub(crate) fn apply(self, picture: &Picture, random: &mut Random, codecs: &dyn Codecs) -> Result<Picture, Error> {
        Ok(match self {
            Self::Jpeg(quality, sampling) => jpeg::round_trip(picture, quality, sampling),
            Self::Coded(coding) => codecs.transcode(picture, coding)?,
            Self::Scale(x, y, filter) => {
                let side = |side: usize, factor: f64| (side as f64 * factor).round() as usize;
                resample::resize(picture, side(picture.width(), x), side(picture.height(), y), filter)
            }
            Self::LongSide(most) => resample::shrink(picture, most),
            Self::Crop(keep) => compose::crop(picture, keep, random),
            Self::Turn(degrees, corners) => warp::turn(picture, degrees, corners),
            Self::QuarterTurn => compose::quarter_turn(picture),
            Self::Mirror => compose::mirror(picture),
            Self::Perspective(inset) => warp::perspective(picture, inset, random),
            Self::Brightness(factor) => tone::brightness(picture, factor),
            Self::Contrast(factor) => tone::contrast(picture, factor),
            Self::Saturation(factor) => tone::saturation(picture, factor),
            Self::Gamma(power) => tone::gamma(picture, power),
            Self::Levels(black, white) => tone::levels(picture, black, white),
            Self::Grey => tone::grey(picture),
            Self::Noise(deviation) => tone::noise(picture, deviation, random),
            Self::Blur(deviation) => filter::blur(picture, deviation),
            Self::Median => filter::median(picture),
            Self::Sharpen => filter::sharpen(picture),
            Self::Overlay => compose::overlay(picture),
            Self::Letterbox => compose::letterbox(picture),
            Self::Paper(deviation) => paper::paper(picture, deviation, random),
            Self::Vignette(share) => paper::vignette(picture, share),
        })
    }
}
