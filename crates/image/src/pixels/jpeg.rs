//! JPEG pixels, and their way back: a change of pixels becomes a change of the source's own coefficients, so that
//! nothing is coded a second time.

mod bits;
mod blocks;
mod change;
mod dct;
mod frame;
mod huffman;
mod multi_picture;
mod scan;
mod write;

use zune_jpeg::{
    JpegDecoder,
    zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
};

use super::{Channels, CodingChange, Loss, Pixels, Reencoded, Reencoding, Samples};
use crate::{Error, PixelRefusal, SourceImage};
use frame::{Frame, Kind};

/// What the components of a picture mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Colour {
    Grey,
    YCbCr,
    Rgb,
}

/// Decodes to grey or RGB.
pub(super) fn decode(source: &SourceImage<'_>) -> Result<Pixels, Error> {
    let mut decoder = headers(source)?;
    // zune-jpeg 0.5.15 makes room by the first component there, and asserts that it is enough for the others.
    if Frame::has_coarse_first(source) {
        return Err(PixelRefusal::Coding(source.format()).into());
    }
    let input = decoder.input_colorspace().ok_or(source.damaged())?;
    let (channels, output) = match input {
        ColorSpace::Luma => (Channels::Grey, ColorSpace::Luma),
        _ => (Channels::Rgb, ColorSpace::RGB),
    };
    let options = decoder.options().jpeg_set_out_colorspace(output);
    decoder.set_options(options);
    let (width, height) = decoder.dimensions().ok_or(source.damaged())?;
    let size = (width as u32, height as u32);
    source.limits().check_pixels(size)?;
    // A progressive picture is held in coefficients of 16 bits until its last scan.
    let info = decoder.info().ok_or(source.damaged())?;
    let progressive = info.sof.is_progressive();
    let coefficients = if progressive { 2 * u64::from(info.components) } else { 0 };
    source
        .limits()
        .check_memory(size, channels.count() as u64 + coefficients)?;

    let mut samples = vec![0; decoder.output_buffer_size().ok_or(source.damaged())?];
    decoder.decode_into(&mut samples).map_err(|_| refused(source))?;
    let exif = decoder.exif().cloned();
    let icc = decoder.icc_profile();
    source.pixels(size, channels, Samples::Eight(samples), exif.as_deref(), icc)
}

/// Refuses what [`encode`] could not change, from the headers alone.
pub(super) fn check_encodable(source: &SourceImage<'_>) -> Result<(), Error> {
    Frame::headers(source)?;
    colour(source).map(drop)
}

/// Adds the change from `before` to `after` to the coefficients of the source.
pub(super) fn encode(source: &SourceImage<'_>, before: &Pixels, after: &Pixels) -> Result<Reencoded, Error> {
    let colour = colour(source)?;
    let (Samples::Eight(old), Samples::Eight(new)) = (before.samples(), after.samples()) else {
        return Err(PixelRefusal::OtherPicture.into());
    };
    let expected = match colour {
        Colour::Grey => Channels::Grey,
        Colour::YCbCr | Colour::Rgb => Channels::Rgb,
    };
    if after.channels() != expected {
        return Err(PixelRefusal::OtherPicture.into());
    }
    let mut frame = Frame::read(source)?;
    let change = change::Change {
        old,
        new,
        size: (after.width() as usize, after.height() as usize),
        colour,
    };
    let (blocks, changed) = change.apply(&mut frame);
    let bytes = write::assemble(source, &frame)?;
    let all = [
        (
            frame.kind == Kind::Progressive,
            CodingChange::ProgressiveBecameSequential,
        ),
        (frame.restarts, CodingChange::RestartsDropped),
    ];
    let changes = all.into_iter().filter(|(made, _)| *made).map(|(_, change)| change);
    Ok(Reencoded {
        bytes,
        how: Reencoding {
            loss: Loss::SameTables { blocks, changed },
            changes: changes.collect(),
        },
    })
}

/// The colour space that the decoder takes the components for.
fn colour(source: &SourceImage<'_>) -> Result<Colour, Error> {
    match headers(source)?.input_colorspace() {
        Some(ColorSpace::Luma) => Ok(Colour::Grey),
        Some(ColorSpace::YCbCr) => Ok(Colour::YCbCr),
        Some(ColorSpace::RGB) => Ok(Colour::Rgb),
        Some(ColorSpace::CMYK | ColorSpace::YCCK) => Err(PixelRefusal::Cmyk.into()),
        _ => Err(PixelRefusal::Coding(source.format()).into()),
    }
}

fn headers<'a>(source: &SourceImage<'a>) -> Result<JpegDecoder<ZCursor<&'a [u8]>>, Error> {
    let options = DecoderOptions::default()
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .jpeg_set_max_scans(scan::MAX_SCANS);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(source.bytes()), options);
    decoder.decode_headers().map_err(|_| refused(source))?;
    Ok(decoder)
}

/// What an error of the decoder means: zune-jpeg 0.5.15 calls a frame that it does not know a fault of the format.
fn refused(source: &SourceImage<'_>) -> Error {
    match Frame::headers(source) {
        Err(refusal @ Error::Pixels(PixelRefusal::Coding(_))) => refusal,
        _ => source.damaged(),
    }
}
