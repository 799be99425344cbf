//! The pixel layers: alone, and in stamps from file to file.

use std::error::Error;
use std::fs::{self, File};
use std::hint::black_box;
use std::path::Path;

use touchmark::watermark::{Detector, Embedder, Strength, WatermarkId, WatermarkKey};
use touchmark::{Limits, Order, fingerprint};
use touchmark_image::{Pixels, SourceImage};
use touchmark_tests::pictures::{self, bench::Size};

use super::{Bench, two_threads};
use touchmark_cli::clock::costs;

/// Prints milliseconds of processor time of each pixel layer, and of stamps with all of them.
pub fn measure(bench: &Bench, folder: &Path) -> Result<(), Box<dyn Error>> {
    println!("milliseconds of processor time; goals in brackets");
    for size in [Size(1024, 1024), Size(2048, 2048), Size(4096, 3072)] {
        layers(size)?;
    }
    for (format, goal) in [("png", 70.0), ("jpeg", 60.0)] {
        file_to_file(bench, folder, format, goal)?;
    }
    let jpeg = pictures::bench::picture("jpeg", Size(1024, 1024))?;
    let order = Order::of(&bench.disclosure);
    two_threads("all layers", 20, || {
        drop(black_box(bench.stamper.stamp_as(&jpeg, &order, bench.now)));
    });
    Ok(())
}

/// Each layer on decoded pixels.
fn layers(size: Size) -> Result<(), Box<dyn Error>> {
    let megapixels = f64::from(size.0) * f64::from(size.1) / 1e6;
    let plain = pixels(&pictures::bench::picture("jpeg", size)?)?;
    let (embedder, detector) = (
        Embedder::new(&WatermarkKey::public()),
        Detector::new(&[WatermarkKey::public()]),
    );
    let id = WatermarkId::from(0x0123_4567_89AB_CDEF);
    let mut marked = plain.clone();
    embedder.embed(&mut marked, id, Strength::Default)?;
    let [clone, embed, found, nothing, fingerprint] = costs([
        &mut || drop(black_box(plain.clone())),
        &mut || _ = black_box(embedder.embed(&mut plain.clone(), id, Strength::Default)),
        &mut || _ = black_box(detector.detect(&marked)),
        &mut || _ = black_box(detector.detect(&plain)),
        &mut || _ = black_box(fingerprint::of(&plain)),
    ])
    .map(|micros| micros / 1e3);
    println!(
        "{}x{}: embed {:.1} a megapixel [<= 25], detect marked {found:.1} [<= {:.0}], unmarked {nothing:.1} [<= {:.0}], \
         PDQ and ISCC {:.2} a megapixel [<= 3]",
        size.0,
        size.1,
        (embed - clone) / megapixels,
        60.0 + 2.0 * megapixels,
        400.0 + 2.0 * megapixels,
        fingerprint / megapixels,
    );
    Ok(())
}

/// A stamp with all layers, and what decoding and coding the picture alone cost.
fn file_to_file(bench: &Bench, folder: &Path, format: &str, goal: f64) -> Result<(), Box<dyn Error>> {
    let bytes = pictures::bench::picture(format, Size(1024, 1024))?;
    let (source, target) = (folder.join("source"), folder.join("target"));
    fs::write(&source, &bytes)?;
    let order = Order::of(&bench.disclosure);
    let image = SourceImage::parse(&bytes, &Limits::default())?;
    let before = image.decode()?;
    let mut after = before.clone();
    Embedder::new(&WatermarkKey::public()).embed(&mut after, WatermarkId::from(1), Strength::Default)?;
    let stamped = bench.stamper.stamp_as(&bytes, &order, bench.now)?;
    let [all, decode, encode] = costs([
        &mut || {
            let _ = fs::remove_file(&target);
            if let (Ok(source), Ok(mut target)) = (File::open(&source), File::create(&target)) {
                drop(black_box(bench.stamper.stamp_file(
                    source,
                    &mut target,
                    &order,
                    bench.now,
                )));
            }
        },
        &mut || drop(black_box(image.decode())),
        &mut || drop(black_box(image.encode_change(&before, &after))),
    ])
    .map(|micros| micros / 1e3);
    println!(
        "1024x1024 {format}, all layers, file to file: {all:.1} [<= {goal:.0}]; decode {decode:.1}, encode {encode:.1}; \
         {} bytes became {}",
        bytes.len(),
        stamped.bytes().len(),
    );
    Ok(())
}

fn pixels(bytes: &[u8]) -> Result<Pixels, touchmark_image::Error> {
    SourceImage::parse(bytes, &Limits::default())?.decode()
}
