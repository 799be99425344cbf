//! Decoding: one decoder a format, each under the picture's limits, asked before anything large is allocated.
#![warn(clippy::indexing_slicing)]

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Channels, Orientation, Pixels, Samples, gif, jpeg, png, tiff, webp};
use crate::{Error, Format, InputFault, PixelRefusal, SourceImage};

impl SourceImage<'_> {
    /// Decodes the pixels as stored, with orientation and colour profile beside them.
    ///
    /// JPEG, PNG, WebP, GIF and TIFF. Palettes become RGB, transparent colours an alpha channel, 1, 2 and 4 bits 8;
    /// of an animated picture this is the first frame (of APNG the default image). Four inks become RGB by the plain
    /// formula, without their profile. A JPEG whose end is missing is decoded as far as it goes, as browsers show it;
    /// every other damage is an error.
    ///
    /// Takes 1 to 4 bytes a pixel (8 with 16-bit samples); a progressive JPEG 6 more while it is decoded.
    ///
    /// # Errors
    /// [`Error::Pixels`] for a format or coding without a decoder; [`Error::Limits`]; [`Error::Input`] with
    /// [`InputFault::Coded`].
    pub fn decode(&self) -> Result<Pixels, Error> {
        // The decoders are others' code; a foreign file must cost nobody the process.
        catch_unwind(AssertUnwindSafe(|| self.decode_by_format()))
            .unwrap_or_else(|_| Err(PixelRefusal::Coding(self.format()).into()))
    }

    fn decode_by_format(&self) -> Result<Pixels, Error> {
        match self.format() {
            Format::Jpeg => jpeg::decode(self),
            Format::Png => png::decode(self),
            Format::WebP => webp::decode(self),
            Format::Gif => gif::decode(self),
            Format::Tiff => tiff::decode(self),
            other => Err(PixelRefusal::NotDecoded(other).into()),
        }
    }

    /// The fault of coded pixels that a decoder gave up on.
    pub(super) fn damaged(&self) -> Error {
        Error::input(InputFault::Coded(self.format()), 0)
    }

    /// What a decoder gave, as pixels.
    pub(super) fn pixels(
        &self,
        (width, height): (u32, u32),
        channels: Channels,
        samples: Samples,
        exif: Option<&[u8]>,
        icc: Option<Vec<u8>>,
    ) -> Result<Pixels, Error> {
        let pixels = Pixels::new(width, height, channels, samples).ok_or(self.damaged())?;
        let icc = icc.filter(|profile| !profile.is_empty() && profile.len() as u64 <= self.limits().max_metadata);
        Ok(pixels.described(Orientation::of_exif(exif), icc))
    }
}
