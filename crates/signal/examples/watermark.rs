//! Marks and reads many pictures in one process, as `wmbench.py` and other harnesses drive a watermarking tool.
//!
//! `watermark embed [invisible|default|strong] < LIST` takes lines `id<TAB>in<TAB>out` and prints `out<TAB>seconds<TAB>psnr<TAB>ssim`;
//! `watermark detect < LIST` takes paths and prints `path<TAB>id or nothing<TAB>seconds<TAB>details`. Seconds are those of
//! the mark alone, without the codecs.
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "a tool around the library: it takes arguments and measures time"
)]

use std::{error::Error, io::stdin, time::Instant};

use image::{DynamicImage, GrayImage, ImageReader, RgbImage, RgbaImage};
use touchmark_image::{Channels, Pixels, Samples};
use touchmark_signal::watermark::{Detection, Detector, Embedder, Strength, WatermarkKey};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let strength = match arguments.get(2).map(String::as_str) {
        Some("invisible") => Strength::Invisible,
        Some("strong") => Strength::Strong,
        _ => Strength::Default,
    };
    match arguments.get(1).map(String::as_str) {
        Some("embed") => embed(strength),
        Some("detect") => detect(),
        _ => Err("usage: watermark embed [invisible|default|strong] < LIST, or watermark detect < LIST".into()),
    }
}

fn embed(strength: Strength) -> Result<(), Box<dyn Error>> {
    let embedder = Embedder::new(&WatermarkKey::public());
    for line in stdin().lines() {
        let line = line?;
        let [id, input, output] = line.split('\t').collect::<Vec<_>>()[..] else {
            return Err(format!("not three fields: {line}").into());
        };
        let mut pixels = read(input)?;
        let start = Instant::now();
        match embedder.embed(&mut pixels, id.parse()?, strength) {
            Ok(embedded) => {
                let seconds = start.elapsed().as_secs_f64();
                write(&pixels, output)?;
                println!("{output}\t{seconds:.4}\t{:.2}\t{:.4}", embedded.psnr, embedded.ssim);
            }
            Err(refusal) => eprintln!("{input}: {refusal}"),
        }
    }
    Ok(())
}

fn detect() -> Result<(), Box<dyn Error>> {
    let detector = Detector::new(&[WatermarkKey::public()]);
    for path in stdin().lines() {
        let path = path?;
        let pixels = read(&path)?;
        let start = Instant::now();
        let detection = detector.detect(&pixels);
        let seconds = start.elapsed().as_secs_f64();
        let id = match &detection {
            Detection::Found(reading) => reading.id.to_string(),
            _ => String::new(),
        };
        println!("{path}\t{id}\t{seconds:.4}\t{detection:?}");
    }
    Ok(())
}

fn read(path: &str) -> Result<Pixels, Box<dyn Error>> {
    let mut reader = ImageReader::open(path)?.with_guessed_format()?;
    reader.no_limits();
    let image = reader.decode()?;
    let (width, height) = (image.width(), image.height());
    let (channels, samples) = match image {
        DynamicImage::ImageLuma8(image) => (Channels::Grey, image.into_raw()),
        DynamicImage::ImageRgba8(image) => (Channels::Rgba, image.into_raw()),
        other => (Channels::Rgb, other.into_rgb8().into_raw()),
    };
    Pixels::new(width, height, channels, Samples::Eight(samples)).ok_or_else(|| "an empty picture".into())
}

fn write(pixels: &Pixels, path: &str) -> Result<(), Box<dyn Error>> {
    let Samples::Eight(samples) = pixels.samples() else {
        return Err("not 8 bits".into());
    };
    let (width, height, samples) = (pixels.width(), pixels.height(), samples.clone());
    let image = match pixels.channels() {
        Channels::Grey => GrayImage::from_raw(width, height, samples).map(DynamicImage::from),
        Channels::Rgba => RgbaImage::from_raw(width, height, samples).map(DynamicImage::from),
        _ => RgbImage::from_raw(width, height, samples).map(DynamicImage::from),
    };
    image.ok_or("samples do not fill the picture")?.save(path)?;
    Ok(())
}
