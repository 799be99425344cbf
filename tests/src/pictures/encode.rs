//! The files around the fixture pictures, by pure Rust encoders; by hand only what they cannot write.

use std::{borrow::Cow, io::Write};

use image_webp::{ColorType as WebPColor, WebPEncoder};
use jpeg_encoder::{ColorType as JpegColor, Encoder as JpegEncoder};
use png::{BitDepth, ColorType, Encoder, Info};

use super::{Made, scene::Scene};

/// How a JPEG is written.
#[derive(Default)]
pub(super) struct Jpeg {
    pub(super) progressive: bool,
    /// Blocks between restart markers, 0 for none.
    pub(super) restart: u16,
    pub(super) exif: Option<Vec<u8>>,
    pub(super) icc: Option<Vec<u8>>,
}

impl Jpeg {
    const QUALITY: u8 = 85;

    pub(super) fn rgb(&self, scene: &Scene) -> Made {
        self.encode(&scene.rgb(), scene.size, JpegColor::Rgb)
    }

    pub(super) fn grey(&self, scene: &Scene) -> Made {
        self.encode(&scene.grey(), scene.size, JpegColor::Luma)
    }

    pub(super) fn cmyk(&self, scene: &Scene) -> Made {
        self.encode(&scene.cmyk(), scene.size, JpegColor::Cmyk)
    }

    fn encode(&self, samples: &[u8], (width, height): (u32, u32), colour: JpegColor) -> Made {
        let mut out = Vec::new();
        let mut encoder = JpegEncoder::new(&mut out, Self::QUALITY);
        encoder.set_progressive(self.progressive);
        encoder.set_restart_interval(self.restart);
        if let Some(exif) = &self.exif {
            encoder.add_exif_metadata(exif)?;
        }
        if let Some(icc) = &self.icc {
            encoder.add_icc_profile(icc)?;
        }
        encoder.encode(samples, width.try_into()?, height.try_into()?, colour)?;
        Ok(out)
    }
}

pub(super) fn png_rgb(scene: &Scene) -> Made {
    png(info(scene.size, ColorType::Rgb, BitDepth::Eight), &scene.rgb())
}

pub(super) fn png_rgba(scene: &Scene) -> Made {
    png(info(scene.size, ColorType::Rgba, BitDepth::Eight), &scene.rgba())
}

pub(super) fn png_sixteen_bit(scene: &Scene, profile: &[u8]) -> Made {
    let mut info = info(scene.size, ColorType::Rgb, BitDepth::Sixteen);
    info.icc_profile = Some(Cow::Borrowed(profile));
    png(info, &scene.rgb16())
}

/// Eight levels of red and green, four of blue; the darkest entry is transparent.
pub(super) fn png_palette(scene: &Scene) -> Made {
    let level = |index: u16, bits: u32| (u32::from(index) * 0xFF / ((1 << bits) - 1)) as u8;
    let palette = (0..256u16).flat_map(|i| [level(i >> 5, 3), level(i >> 2 & 7, 3), level(i & 3, 2)]);
    let indices = scene
        .rgb()
        .chunks_exact(3)
        .map(|p| p[0] & 0xE0 | p[1] >> 5 << 2 | p[2] >> 6)
        .collect::<Vec<_>>();
    let mut info = info(scene.size, ColorType::Indexed, BitDepth::Eight);
    info.palette = Some(palette.collect::<Vec<_>>().into());
    info.trns = Some(Cow::Borrowed(&[0]));
    png(info, &indices)
}

/// An animation that shows each scene for a fifth of a second.
pub(super) fn apng(frames: &[Scene]) -> Made {
    let mut out = Vec::new();
    let (width, height) = frames.first().map(|scene| scene.size).unwrap_or_default();
    let mut encoder = Encoder::new(&mut out, width, height);
    encoder.set_color(ColorType::Rgb);
    encoder.set_animated(frames.len().try_into()?, 0)?;
    encoder.set_frame_delay(1, 5)?;
    let mut writer = encoder.write_header()?;
    for frame in frames {
        writer.write_image_data(&frame.rgb())?;
    }
    writer.finish()?;
    Ok(out)
}

fn info(size: (u32, u32), colour: ColorType, depth: BitDepth) -> Info<'static> {
    let mut info = Info::with_size(size.0, size.1);
    info.color_type = colour;
    info.bit_depth = depth;
    info
}

fn png(info: Info<'_>, samples: &[u8]) -> Made {
    let mut out = Vec::new();
    let mut writer = Encoder::with_info(&mut out, info)?.write_header()?;
    writer.write_image_data(samples)?;
    writer.finish()?;
    Ok(out)
}

/// An interlaced picture in RGB, which the `png` crate reads and does not write (PNG, 8.1).
pub(super) fn png_adam7(scene: &Scene) -> Made {
    // first column, first row, column step, row step of each pass
    const PASSES: [(usize, usize, usize, usize); 7] = [
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ];
    let (width, height) = scene.size;
    let rgb = scene.rgb();
    let rows: Vec<&[u8]> = rgb.chunks_exact(3 * width as usize).collect();
    let mut deflated = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    for (column, row, across, down) in PASSES {
        for line in rows.iter().skip(row).step_by(down) {
            deflated.write_all(&[0])?; // filter type none
            for pixel in line.chunks_exact(3).skip(column).step_by(across) {
                deflated.write_all(pixel)?;
            }
        }
    }
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 1]].concat();
    let mut out = b"\x89PNG\r\n\x1A\n".to_vec();
    for (name, data) in [(b"IHDR", header), (b"IDAT", deflated.finish()?), (b"IEND", Vec::new())] {
        let start = out.len() + 4;
        out.extend_from_slice(&u32::try_from(data.len())?.to_be_bytes());
        out.extend_from_slice(name);
        out.extend_from_slice(&data);
        let checksum = crc32fast::hash(&out[start..]);
        out.extend_from_slice(&checksum.to_be_bytes());
    }
    Ok(out)
}

/// Lossless WebP; `metadata` is a colour profile and Exif, and makes it an extended file.
pub(super) fn webp(samples: &[u8], size: (u32, u32), metadata: Option<(Vec<u8>, Vec<u8>)>, alpha: bool) -> Made {
    let mut out = Vec::new();
    let mut encoder = WebPEncoder::new(&mut out);
    if let Some((profile, exif)) = metadata {
        encoder.set_icc_profile(profile);
        encoder.set_exif_metadata(exif);
    }
    encoder.encode(
        samples,
        size.0,
        size.1,
        if alpha { WebPColor::Rgba8 } else { WebPColor::Rgb8 },
    )?;
    Ok(out)
}

/// Adds a chunk of odd length to a WebP file and leaves out its pad byte.
pub(super) fn with_unpadded_chunk(mut file: Vec<u8>, name: [u8; 4], data: &[u8]) -> Made {
    file.extend_from_slice(&name);
    file.extend_from_slice(&u32::try_from(data.len())?.to_le_bytes());
    file.extend_from_slice(data);
    let size = u32::try_from(file.len() - 8)?;
    file[4..8].copy_from_slice(&size.to_le_bytes());
    Ok(file)
}
