//! PNG pixels, and their way back: new image data between the chunks of the source.
#![warn(clippy::indexing_slicing)]

use std::io::Cursor;

use png::{BitDepth, ColorType, Decoder, DecodingError, DeflateCompression, Encoder, Filter, Transformations};

use super::{Channels, CodingChange, Loss, Pixels, Reencoded, Reencoding, Samples};
use crate::{
    Container, Error, Limit, SourceImage,
    bytes::{array, be32},
    png::{OVERHEAD, SIGNATURE, checksum},
};

/// Decodes the picture; of an APNG, the default image.
pub(super) fn decode(source: &SourceImage<'_>) -> Result<Pixels, Error> {
    let limits = source.limits();
    let size = source.dimensions().ok_or(source.damaged())?;
    let refused = |error| match error {
        // The decoder does not say by how much.
        DecodingError::LimitsExceeded => Error::Limits {
            limit: Limit::Metadata,
            found: limits.max_metadata.saturating_add(1),
            allowed: limits.max_metadata,
        },
        _ => source.damaged(),
    };
    let allowed = png::Limits {
        bytes: usize::try_from(limits.max_metadata).unwrap_or(usize::MAX),
    };
    let mut decoder = Decoder::new_with_limits(Cursor::new(source.bytes()), allowed);
    decoder.set_ignore_text_chunk(true);
    // Palette to RGB, transparent colour to alpha, fewer than 8 bits to 8.
    decoder.set_transformations(Transformations::EXPAND);
    let mut reader = decoder.read_info().map_err(refused)?;
    let (colour, depth) = reader.output_color_type();
    let channels = match colour {
        ColorType::Grayscale => Channels::Grey,
        ColorType::GrayscaleAlpha => Channels::GreyAlpha,
        ColorType::Rgb => Channels::Rgb,
        ColorType::Rgba => Channels::Rgba,
        ColorType::Indexed => return Err(source.damaged()),
    };
    let count = channels.count();
    let info = reader.info();
    if info.size() != size {
        return Err(source.damaged());
    }
    let exif = info.exif_metadata.as_ref().map(|block| block.to_vec());
    let icc = info.icc_profile.as_ref().map(|profile| profile.to_vec());

    let samples = size.0 as usize * size.1 as usize * count;
    let samples = if depth == BitDepth::Sixteen {
        limits.check_memory(size, 2 * count as u64)?;
        let mut samples = vec![0_u16; samples];
        reader
            .next_frame(bytemuck::cast_slice_mut(&mut samples))
            .map_err(refused)?;
        samples.iter_mut().for_each(|sample| *sample = u16::from_be(*sample));
        Samples::Sixteen(samples)
    } else {
        limits.check_memory(size, count as u64)?;
        let mut samples = vec![0; samples];
        reader.next_frame(&mut samples).map_err(refused)?;
        Samples::Eight(samples)
    };
    source.pixels(size, channels, samples, exif.as_deref(), icc)
}

/// Puts pixels in place of the image data; chunks that only the old coding gave a meaning to go with it.
pub(super) fn encode(source: &SourceImage<'_>, container: &Container, pixels: &Pixels) -> Result<Reencoded, Error> {
    let header = Header::read(source.bytes()).ok_or(source.damaged())?;
    let colour = match pixels.channels() {
        Channels::Grey => ColorType::Grayscale,
        Channels::GreyAlpha => ColorType::GrayscaleAlpha,
        Channels::Rgb => ColorType::Rgb,
        Channels::Rgba => ColorType::Rgba,
    };
    let coded = coded(pixels, colour).ok_or(source.damaged())?;
    let new = Header::read(&coded).ok_or(source.damaged())?;
    let recoded = (new.colour, new.depth) != (header.colour, header.depth);

    let bytes = source.bytes();
    let mut out = Vec::with_capacity(bytes.len().saturating_add(coded.len()));
    out.extend_from_slice(bytes.get(..SIGNATURE).unwrap_or_default());
    let palette = chunks(bytes).find(|chunk| &chunk.name == b"PLTE");
    let palette = palette.map(|chunk| chunk.data).unwrap_or_default();
    let mut transparent = false;
    let mut placed = false;
    for chunk in chunks(bytes) {
        match &chunk.name {
            b"IHDR" => out.extend(chunks(&coded).take(1).flat_map(|header| header.whole)),
            b"IDAT" if placed => {}
            b"IDAT" => {
                placed = true;
                let data = chunks(&coded).filter(|chunk| &chunk.name == b"IDAT");
                data.for_each(|chunk| out.extend_from_slice(chunk.whole));
            }
            b"tRNS" if recoded => transparent = true,
            // About samples of the old coding (PNG, 11.2.2, 11.3.2.4, 11.3.4.2).
            b"PLTE" | b"sBIT" | b"hIST" if recoded => {}
            b"bKGD" if recoded => {
                if let Some(data) = background(chunk.data, &header, palette, pixels.channels()) {
                    push_chunk(&mut out, *b"bKGD", &data);
                }
            }
            _ => out.extend_from_slice(chunk.whole),
        }
    }
    out.extend_from_slice(bytes.get(container.trailing.clone()).unwrap_or_default());
    Ok(Reencoded {
        bytes: out,
        how: Reencoding {
            loss: Loss::None,
            changes: changes(&header, transparent),
        },
    })
}

fn changes(header: &Header, transparent: bool) -> Vec<CodingChange> {
    let indexed = header.colour == ColorType::Indexed as u8;
    let all = [
        (indexed, CodingChange::PaletteExpanded),
        (!indexed && header.depth < 8, CodingChange::DepthRaised),
        (!indexed && transparent, CodingChange::TransparentColourBecameAlpha),
        (header.interlaced, CodingChange::InterlacingDropped),
    ];
    let made = all.into_iter().filter(|(made, _)| *made);
    made.map(|(_, change)| change).collect()
}

/// A whole PNG of nothing but these pixels.
fn coded(pixels: &Pixels, colour: ColorType) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, pixels.width(), pixels.height());
    encoder.set_color(colour);
    // Measured against others in docs/pixels.md.
    encoder.set_deflate_compression(DeflateCompression::FdeflateUltraFast);
    encoder.set_filter(Filter::Adaptive);
    match pixels.samples() {
        Samples::Eight(samples) => {
            let mut writer = encoder.write_header().ok()?;
            writer.write_image_data(samples).ok()?;
            writer.finish().ok()?;
        }
        Samples::Sixteen(samples) => {
            encoder.set_depth(BitDepth::Sixteen);
            let mut writer = encoder.write_header().ok()?;
            let big_endian: Vec<u8> = samples.iter().flat_map(|sample| sample.to_be_bytes()).collect();
            writer.write_image_data(&big_endian).ok()?;
            writer.finish().ok()?;
        }
    }
    Some(out)
}

/// The background colour (PNG, 11.3.4.1) in the samples of the new coding; `None` where it makes no sense.
fn background(data: &[u8], header: &Header, palette: &[u8], channels: Channels) -> Option<Vec<u8>> {
    if header.colour == ColorType::Indexed as u8 {
        let at = 3 * usize::from(*data.first()?);
        let colour: [u8; 3] = array(palette, at)?;
        return Some(colour.iter().flat_map(|&sample| [0, sample]).collect());
    }
    if header.depth < 8 && matches!(channels, Channels::Grey | Channels::GreyAlpha) {
        let levels = (1_u16 << header.depth) - 1;
        let grey = u16::from_be_bytes(array(data, 0)?).min(levels) * 255 / levels;
        return Some(grey.to_be_bytes().to_vec());
    }
    Some(data.to_vec())
}

/// What of IHDR decides how samples are coded (PNG, 11.2.1).
struct Header {
    depth: u8,
    colour: u8,
    interlaced: bool,
}

impl Header {
    fn read(bytes: &[u8]) -> Option<Self> {
        let [depth, colour, _compression, _filter, interlace] = array(chunks(bytes).next()?.data, 8)?;
        Some(Self {
            depth,
            colour,
            interlaced: interlace != 0,
        })
    }
}

struct Chunk<'a> {
    name: [u8; 4],
    data: &'a [u8],
    whole: &'a [u8],
}

/// The chunks of a walked file, up to IEND.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    let mut at = Some(SIGNATURE);
    std::iter::from_fn(move || {
        let start = at?;
        let length = be32(bytes, start)? as usize;
        let name = array(bytes, start + 4)?;
        let whole = bytes.get(start..(start + OVERHEAD).checked_add(length)?)?;
        at = (&name != b"IEND").then_some(start + whole.len());
        let data = whole.get(8..8 + length)?;
        Some(Chunk { name, data, whole })
    })
}

fn push_chunk(out: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    out.extend_from_slice(&(data.len() as u32).to_be_bytes());
    out.extend_from_slice(&name);
    out.extend_from_slice(data);
    out.extend_from_slice(&checksum(name, data).to_be_bytes());
}
