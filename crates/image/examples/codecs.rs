//! Measures the codecs: what decoding, and encoding a faint change, cost for a picture, and what other ways cost.
//! Prints the table of docs/pixels.md.
//!
//! `cargo run --release -p touchmark-image --example codecs [FILE...]`: pictures to measure with; a drawn one of
//! 1 megapixel without any.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a program for maintainers, not part of the crate"
)]

use std::hint::black_box;

use png::{BitDepth, ColorType, DeflateCompression, Filter};
use rustix::time::{ClockId, clock_gettime};
use touchmark_image::{Channels, Format, Limits, Pixels, Samples, SamplesMut, SourceImage};

const RUNS: usize = 7;

fn main() {
    let files: Vec<String> = std::env::args().skip(1).collect();
    if files.is_empty() {
        let rgb = drawn(1024, 1024);
        measure(
            "drawn PNG",
            &png(&rgb, 1024, 1024, DeflateCompression::Level(6), Filter::Adaptive),
        );
        measure("drawn JPEG, quality 90", &jpeg(&rgb, 1024, 1024, 90, false));
        measure("drawn JPEG, progressive", &jpeg(&rgb, 1024, 1024, 90, true));
    }
    for file in files {
        let bytes = std::fs::read(&file).expect("the file can be read");
        measure(&file, &bytes);
    }
}

fn measure(name: &str, bytes: &[u8]) {
    let source = SourceImage::parse(bytes, &Limits::default()).expect("a picture");
    let before = source.decode().expect("decodes");
    let megapixels = f64::from(before.width()) * f64::from(before.height()) / 1e6;
    let mut after = before.clone();
    mark(&mut after);
    println!("\n{name}: {megapixels:.2} MP, {} bytes", bytes.len());
    let line = |what: &str, milliseconds: f64, size: usize| {
        let share = 100.0 * size as f64 / bytes.len() as f64;
        println!(
            "  {what:<44} {:7.1} ms/MP {share:7.1} % of the input",
            milliseconds / megapixels
        );
    };
    line("decode", fastest(|| source.decode()), 0);
    let encoded = source.encode_change(&before, &after).expect("encodes");
    let took = fastest(|| source.encode_change(&before, &after));
    line("encode a faint change", took, encoded.bytes.len());
    let same = source.encode_change(&before, &before).expect("encodes");
    line(
        "encode without a change",
        fastest(|| source.encode_change(&before, &before)),
        same.bytes.len(),
    );
    println!("  {:?}", encoded.how);
    let again = SourceImage::parse(&same.bytes, &Limits::default()).expect("a picture");
    println!("  unchanged: {}", psnr(&before, &again.decode().expect("decodes")));
    let again = SourceImage::parse(&encoded.bytes, &Limits::default()).expect("a picture");
    let again = again.decode().expect("decodes");
    println!("  changed, against the pixels asked for: {}", psnr(&after, &again));
    if let (Samples::Eight(samples), Channels::Rgb | Channels::Rgba) = (after.samples(), after.channels()) {
        match source.format() {
            Format::Png => others_png(samples, &after, line),
            Format::Jpeg => others_jpeg(samples, &after, line),
            _ => {}
        }
    }
}

fn others_png(samples: &[u8], pixels: &Pixels, line: impl Fn(&str, f64, usize)) {
    let colour = if pixels.channels().has_alpha() {
        ColorType::Rgba
    } else {
        ColorType::Rgb
    };
    let levels = [
        ("fdeflate", DeflateCompression::FdeflateUltraFast),
        ("1", DeflateCompression::Level(1)),
        ("2", DeflateCompression::Level(2)),
        ("3", DeflateCompression::Level(3)),
        ("4", DeflateCompression::Level(4)),
        ("6", DeflateCompression::Level(6)),
    ];
    let filters = [Filter::Up, Filter::Paeth, Filter::Adaptive];
    for ((name, level), filter) in levels
        .into_iter()
        .flat_map(|level| filters.map(|filter| (level, filter)))
    {
        let encode = || png_of(samples, pixels.width(), pixels.height(), colour, level, filter);
        line(&format!("png, {name}, {filter:?}"), fastest(encode), encode().len());
    }
}

fn others_jpeg(samples: &[u8], pixels: &Pixels, line: impl Fn(&str, f64, usize)) {
    let encode = || jpeg(samples, pixels.width(), pixels.height(), 90, false);
    line("jpeg-encoder, quality 90, 4:2:0", fastest(encode), encode().len());
}

/// A faint pattern, the same in red, green and blue, as a watermark is.
fn mark(pixels: &mut Pixels) {
    let (width, channels) = (pixels.width() as usize, pixels.channels());
    let colours = channels.count() - usize::from(channels.has_alpha());
    let amount = |x: usize, y: usize| (3.0 * (x as f64 / 3.1).sin() * (y as f64 / 2.7).cos()).round() as i16;
    match pixels.samples_mut() {
        SamplesMut::Eight(samples) => {
            for (at, pixel) in samples.chunks_exact_mut(channels.count()).enumerate() {
                let amount = amount(at % width, at / width) as i8;
                pixel
                    .iter_mut()
                    .take(colours)
                    .for_each(|s| *s = s.saturating_add_signed(amount));
            }
        }
        SamplesMut::Sixteen(samples) => {
            for (at, pixel) in samples.chunks_exact_mut(channels.count()).enumerate() {
                let amount = 256 * amount(at % width, at / width);
                pixel
                    .iter_mut()
                    .take(colours)
                    .for_each(|s| *s = s.saturating_add_signed(amount));
            }
        }
    }
}

/// The least processor time of several runs, in milliseconds: others use the machine too.
fn fastest<T>(work: impl Fn() -> T) -> f64 {
    let times = (0..RUNS).map(|_| {
        let start = processor_time();
        black_box(work());
        processor_time() - start
    });
    times.fold(f64::INFINITY, f64::min)
}

fn processor_time() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    now.tv_sec as f64 * 1e3 + now.tv_nsec as f64 / 1e6
}

fn psnr(one: &Pixels, other: &Pixels) -> String {
    let (Samples::Eight(one), Samples::Eight(other)) = (one.samples(), other.samples()) else {
        return format!("equal: {}", one == other);
    };
    let sum: f64 = one
        .iter()
        .zip(other)
        .map(|(&a, &b)| f64::from(a.abs_diff(b)).powi(2))
        .sum();
    if sum == 0.0 {
        "equal".to_owned()
    } else {
        format!("{:.1} dB", 10.0 * (255.0 * 255.0 * one.len() as f64 / sum).log10())
    }
}

fn png(rgb: &[u8], width: u32, height: u32, level: DeflateCompression, filter: Filter) -> Vec<u8> {
    png_of(rgb, width, height, ColorType::Rgb, level, filter)
}

fn png_of(
    rgb: &[u8],
    width: u32,
    height: u32,
    colour: ColorType,
    level: DeflateCompression,
    filter: Filter,
) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(colour);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_deflate_compression(level);
    encoder.set_filter(filter);
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(rgb).expect("the data");
    writer.finish().expect("the end");
    out
}

fn jpeg(rgb: &[u8], width: u32, height: u32, quality: u8, progressive: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut out, quality);
    encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_2_2);
    encoder.set_progressive(progressive);
    let colour = if rgb.len() == (width * height * 4) as usize {
        jpeg_encoder::ColorType::Rgba
    } else {
        jpeg_encoder::ColorType::Rgb
    };
    encoder
        .encode(rgb, width as u16, height as u16, colour)
        .expect("a picture");
    out
}

/// Photo-like: waves of falling amplitude (1/f), a gradient, a little noise of a sensor.
fn drawn(width: u32, height: u32) -> Vec<u8> {
    let mut noise = 1_u32;
    let mut out = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let (fx, fy) = (f64::from(x), f64::from(y));
            let mut level = 100.0 + 40.0 * fx / f64::from(width);
            for octave in 0..7 {
                let period = f64::from(400 >> octave).max(3.0);
                let phase = f64::from(octave) * 1.7;
                let wave = (fx / period + phase + (fy / period).sin()).sin() * (fy / period - phase).cos();
                level += 40.0 * wave / f64::from(1 << octave);
            }
            for channel in 0..3 {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let grain = f64::from(noise >> 16) / 65_536.0 * 5.0 - 2.5;
                out.push((level + f64::from(channel) * 8.0 + grain).clamp(0.0, 255.0) as u8);
            }
        }
    }
    out
}
