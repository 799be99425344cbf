//! TIFF pixels: the first picture of the file, grey or RGB of 8 or 16 bits.
#![warn(clippy::indexing_slicing)]

use std::io::Cursor;

use tiff::{
    ColorType, TiffError,
    decoder::{Decoder, DecodingResult, Limits as TiffLimits},
    tags::{PlanarConfiguration, Tag},
};

use super::{Channels, Orientation, Pixels, Samples};
use crate::{Error, PixelRefusal, SourceImage};

/// Decodes the first picture.
pub(super) fn decode(source: &SourceImage<'_>) -> Result<Pixels, Error> {
    let limits = source.limits();
    let refused = |error| match error {
        TiffError::UnsupportedError(_) => PixelRefusal::Coding(source.format()).into(),
        _ => source.damaged(),
    };
    let memory = usize::try_from(limits.max_memory).unwrap_or(usize::MAX);
    let mut allowed = TiffLimits::default();
    allowed.decoding_buffer_size = memory;
    allowed.intermediate_buffer_size = memory;
    allowed.ifd_value_size = usize::try_from(limits.max_metadata).unwrap_or(usize::MAX);
    let decoder = Decoder::new(Cursor::new(source.bytes())).map_err(refused)?;
    let mut decoder = decoder.with_limits(allowed);

    let size = decoder.dimensions().map_err(refused)?;
    limits.check_pixels(size)?;
    let (channels, bytes) = match decoder.colortype().map_err(refused)? {
        ColorType::Gray(bits @ (8 | 16)) => (Channels::Grey, bits / 8),
        ColorType::GrayA(bits @ (8 | 16)) => (Channels::GreyAlpha, bits / 8),
        ColorType::RGB(bits @ (8 | 16)) => (Channels::Rgb, bits / 8),
        ColorType::RGBA(bits @ (8 | 16)) => (Channels::Rgba, bits / 8),
        _ => return Err(PixelRefusal::Coding(source.format()).into()),
    };
    // The samples of each channel on their own (TIFF 6.0, PlanarConfiguration): the decoder would give the first alone.
    let planar = decoder.find_tag_unsigned::<u16>(Tag::PlanarConfiguration);
    if channels != Channels::Grey && planar.map_err(refused)? == Some(PlanarConfiguration::Planar.to_u16()) {
        return Err(PixelRefusal::Coding(source.format()).into());
    }
    limits.check_memory(size, channels.count() as u64 * u64::from(bytes))?;
    let samples = match decoder.read_image().map_err(refused)? {
        DecodingResult::U8(samples) => Samples::Eight(samples),
        DecodingResult::U16(samples) => Samples::Sixteen(samples),
        _ => return Err(PixelRefusal::Coding(source.format()).into()),
    };
    let orientation = decoder.find_tag_unsigned::<u16>(Tag::Orientation).ok().flatten();
    let icc = decoder.get_tag_u8_vec(Tag::IccProfile).ok();
    let pixels = source.pixels(size, channels, samples, None, icc.clone())?;
    let orientation = orientation.and_then(Orientation::from_value).unwrap_or_default();
    Ok(pixels.described(orientation, icc))
}
