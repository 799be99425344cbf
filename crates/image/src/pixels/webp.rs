//! WebP pixels: both codings are read, the lossless one is written.
#![warn(clippy::indexing_slicing)]

use std::io::Cursor;

use image_webp::{ColorType, DecodingError, WebPDecoder, WebPEncoder};

use super::{Channels, CodingChange, Loss, Pixels, Reencoded, Reencoding, Samples};
use crate::{Container, Error, PixelRefusal, SourceImage, bytes::le32, webp};

/// Decodes the picture, or the first frame of an animation.
pub(super) fn decode(source: &SourceImage<'_>) -> Result<Pixels, Error> {
    let limits = source.limits();
    let size = source.dimensions().ok_or(source.damaged())?;
    // RGBA, and as much again for the planes of a lossy picture or the frame of an animation.
    limits.check_memory(size, 8)?;
    let refused = |error| match error {
        DecodingError::UnsupportedFeature(_) => PixelRefusal::Coding(source.format()).into(),
        _ => source.damaged(),
    };
    let mut decoder = WebPDecoder::new(Cursor::new(source.bytes())).map_err(refused)?;
    decoder.set_memory_limit(usize::try_from(limits.max_memory).unwrap_or(usize::MAX));
    if decoder.dimensions() != size {
        return Err(source.damaged());
    }
    let channels = if decoder.has_alpha() {
        Channels::Rgba
    } else {
        Channels::Rgb
    };
    let mut samples = vec![0; decoder.output_buffer_size().ok_or(source.damaged())?];
    if decoder.is_animated() {
        decoder.read_frame(&mut samples).map_err(refused)?;
    } else {
        decoder.read_image(&mut samples).map_err(refused)?;
    }
    // Metadata that cannot be read is no reason to do without the pixels.
    let exif = decoder.exif_metadata().ok().flatten();
    let icc = decoder.icc_profile().ok().flatten();
    source.pixels(size, channels, Samples::Eight(samples), exif.as_deref(), icc)
}

/// Puts pixels in place of the coded picture, lossless whatever it was before.
pub(super) fn encode(source: &SourceImage<'_>, container: &Container, pixels: &Pixels) -> Result<Reencoded, Error> {
    let Samples::Eight(samples) = pixels.samples() else {
        return Err(PixelRefusal::OtherPicture.into());
    };
    let colour = match pixels.channels() {
        Channels::Grey => ColorType::L8,
        Channels::GreyAlpha => ColorType::La8,
        Channels::Rgb => ColorType::Rgb8,
        Channels::Rgba => ColorType::Rgba8,
    };
    let mut file = Vec::new();
    WebPEncoder::new(&mut file)
        .encode(samples, pixels.width(), pixels.height(), colour)
        .map_err(|_| source.damaged())?;
    let coded = file.get(webp::FILE_HEADER..).unwrap_or_default();

    let bytes = source.bytes();
    let mut out = Vec::with_capacity(bytes.len().saturating_add(coded.len()));
    out.extend_from_slice(bytes.get(..webp::FILE_HEADER).unwrap_or_default());
    let mut lossy = false;
    let body_end = container.trailing.start;
    let mut at = webp::FILE_HEADER;
    while let (Some(name), Some(length)) = (bytes.get(at..at + 4), le32(bytes, at + 4)) {
        if at >= body_end {
            break;
        }
        let end = at + webp::CHUNK_HEADER + length as usize;
        let end = (end + end % 2).min(body_end);
        match name {
            b"VP8 " | b"VP8L" => {
                lossy = name == b"VP8 ";
                out.extend_from_slice(coded);
            }
            // The alpha channel of a lossy picture is in the lossless one.
            b"ALPH" => {}
            _ => out.extend_from_slice(bytes.get(at..end).unwrap_or_default()),
        }
        at = end;
    }
    let size = u32::try_from(out.len() - webp::CHUNK_HEADER).map_err(|_| source.damaged())?;
    if let Some(field) = out.get_mut(4..8) {
        field.copy_from_slice(&size.to_le_bytes());
    }
    out.extend_from_slice(bytes.get(container.trailing.clone()).unwrap_or_default());
    let changes = if lossy {
        vec![CodingChange::LossyBecameLossless]
    } else {
        Vec::new()
    };
    Ok(Reencoded {
        bytes: out,
        how: Reencoding {
            loss: Loss::None,
            changes,
        },
    })
}
