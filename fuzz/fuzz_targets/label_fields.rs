//! Any bytes are read as the blocks that labels stand in: EXIF, IPTC-IIM, XMP and texts, each in a small picture; and as the
//! opacity in which parameters are hidden.
#![no_main]

use libfuzzer_sys::fuzz_target;
use touchmark_image::{Channels, ExifFields, Format, Limits, Pixels, Samples, SourceImage};
use touchmark_provenance::metadata::{Prompts, inspect, iptc, stealth};

fuzz_target!(|bytes: &[u8]| {
    let _ = ExifFields::read(bytes);
    let _ = iptc::personal(bytes);
    for head in [
        &b"http://ns.adobe.com/xap/1.0/\0"[..],
        b"Exif\0\0",
        b"Photoshop 3.0\0",
    ] {
        let marker = if head.starts_with(b"Photoshop") { 0xED } else { 0xE1 };
        let body = [head, bytes].concat();
        let Ok(length) = u16::try_from(body.len() + 2) else {
            return;
        };
        let file = [&[0xFF, 0xD8, 0xFF, marker][..], &length.to_be_bytes(), &body, &[0xFF, 0xD9]].concat();
        let image = SourceImage::parse(&file, &Limits::default()).expect("it begins like a JPEG");
        let _ = inspect(&image);
    }
    let text = [&(bytes.len() as u32 + 11).to_be_bytes()[..], b"tEXtparameters\0", bytes, &[0; 4]].concat();
    let file = [b"\x89PNG\r\n\x1A\n", &text[..]].concat();
    let _ = inspect(&SourceImage::parse(&file, &Limits::default()).expect("it begins like a PNG"));

    // One column, a bit of the input a pixel.
    let bits = bytes.iter().flat_map(|byte| (0..8).map(move |bit| byte >> (7 - bit) & 1));
    let samples: Vec<u8> = bits.flat_map(|bit| [0, 0, 0, 0xFE | bit]).collect();
    let height = (samples.len() / 4) as u32;
    if let Some(pixels) = Pixels::new(1, height, Channels::Rgba, Samples::Eight(samples)) {
        let _ = stealth(&pixels, Format::Png, Prompts::Count);
    }
});
