//! The laws of decoding and encoding, over pictures that other encoders made.

use jpeg_encoder::{ColorType as JpegColour, SamplingFactor};
use proptest::{collection::vec, prelude::*, sample::Index};

use super::{Channels, CodingChange, Loss, Orientation, Pixels, Samples, SamplesMut};
use crate::{Error, Format, InputFault, Limit, Limits, PixelRefusal, SourceImage, samples};

const SIZE: (u32, u32) = (75, 53);

fn parse(bytes: &[u8]) -> SourceImage<'_> {
    SourceImage::parse(bytes, &Limits::default()).unwrap()
}

/// A gradient with some texture, `count` samples a pixel.
fn drawn((width, height): (u32, u32), count: usize) -> Vec<u8> {
    let mut noise = 1_u32;
    let mut out = Vec::new();
    for y in 0..height {
        for x in 0..width {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let wave = 30.0 * (f64::from(x) / 7.0).sin() + 30.0 * (f64::from(y) / 11.0).cos();
            for channel in 0..count as u32 {
                let level = 110.0 + wave + f64::from(x * (channel + 1) % 64) / 2.0;
                out.push((level + f64::from(noise >> 29)) as u8);
            }
        }
    }
    out
}

fn jpeg(quality: u8, sampling: SamplingFactor, progressive: bool, restart: u16) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut out, quality);
    encoder.set_sampling_factor(sampling);
    encoder.set_progressive(progressive);
    if restart > 0 {
        encoder.set_restart_interval(restart);
    }
    encoder.add_exif_metadata(EXIF).unwrap();
    encoder.add_icc_profile(b"a profile").unwrap();
    encoder
        .encode(&drawn(SIZE, 3), SIZE.0 as u16, SIZE.1 as u16, JpegColour::Rgb)
        .unwrap();
    out
}

/// To be turned clockwise.
const EXIF: &[u8] = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";

fn png_file(
    colour: png::ColorType,
    depth: png::BitDepth,
    prepare: impl Fn(&mut png::Encoder<'_, &mut Vec<u8>>),
) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, SIZE.0, SIZE.1);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    prepare(&mut encoder);
    let row = (SIZE.0 as usize * colour.samples() * depth as usize).div_ceil(8);
    let mut data = drawn((row as u32, SIZE.1), 1);
    if colour == png::ColorType::Indexed {
        // Within the shortest palette.
        let mask = if (depth as u8) < 8 { 0 } else { 1 };
        data.iter_mut().for_each(|byte| *byte &= mask);
    }
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&data).unwrap();
    writer.finish().unwrap();
    out
}

/// Adds an amount to each sample but opacity.
fn brightened(pixels: &Pixels, amount: i16) -> Pixels {
    let mut pixels = pixels.clone();
    let (count, alpha) = (pixels.channels().count(), pixels.channels().has_alpha());
    let colours = count - usize::from(alpha);
    match pixels.samples_mut() {
        SamplesMut::Eight(samples) => {
            for pixel in samples.chunks_exact_mut(count) {
                pixel[..colours]
                    .iter_mut()
                    .for_each(|sample| *sample = sample.saturating_add_signed(amount as i8));
            }
        }
        SamplesMut::Sixteen(samples) => {
            for pixel in samples.chunks_exact_mut(count) {
                pixel[..colours]
                    .iter_mut()
                    .for_each(|sample| *sample = sample.saturating_add_signed(amount));
            }
        }
    }
    pixels
}

fn eight(pixels: &Pixels) -> &[u8] {
    match pixels.samples() {
        Samples::Eight(samples) => samples,
        Samples::Sixteen(_) => panic!("8 bits were expected"),
    }
}

fn mean_square_error(one: &Pixels, other: &Pixels) -> f64 {
    let pairs = eight(one).iter().zip(eight(other));
    let sum: f64 = pairs.map(|(&a, &b)| f64::from(a.abs_diff(b)).powi(2)).sum();
    sum / eight(one).len() as f64
}

#[test]
fn png_of_each_colour_type_and_depth_comes_back_exactly() {
    use png::BitDepth::{Eight, Four, One, Sixteen, Two};
    use png::ColorType::{Grayscale, GrayscaleAlpha, Indexed, Rgb, Rgba};
    let all = [
        (Grayscale, vec![One, Two, Four, Eight, Sixteen]),
        (GrayscaleAlpha, vec![Eight, Sixteen]),
        (Rgb, vec![Eight, Sixteen]),
        (Rgba, vec![Eight, Sixteen]),
        (Indexed, vec![One, Two, Four, Eight]),
    ];
    for (colour, depth) in all
        .iter()
        .flat_map(|(colour, depths)| depths.iter().map(|depth| (*colour, *depth)))
    {
        let bytes = png_file(colour, depth, |encoder| {
            if colour == Indexed {
                encoder.set_palette(vec![10, 20, 30, 200, 150, 100]);
            }
        });
        let source = parse(&bytes);
        let pixels = source.decode().unwrap();
        let changed = brightened(&pixels, 3);
        let again = source.encode(&changed).unwrap();
        assert_eq!(again.how.loss, Loss::None);
        assert_eq!(parse(&again.bytes).decode().unwrap(), changed, "{colour:?} {depth:?}");
        assert!(parse(&again.bytes).container().is_ok());
        let expected = match (colour, depth) {
            (Indexed, _) => vec![CodingChange::PaletteExpanded],
            (_, One | Two | Four) => vec![CodingChange::DepthRaised],
            _ => vec![],
        };
        assert_eq!(again.how.changes, expected, "{colour:?} {depth:?}");
    }
}

/// Adds a chunk behind IHDR.
fn with_chunk(png: &[u8], name: [u8; 4], data: &[u8]) -> Vec<u8> {
    let whole = samples::png_of(&[(name, data)]);
    [&png[..33], &whole[8..], &png[33..]].concat()
}

fn chunk_names(png: &[u8]) -> Vec<String> {
    let mut at = 8;
    let mut names = Vec::new();
    while at < png.len() {
        let length = u32::from_be_bytes(png[at..at + 4].try_into().unwrap()) as usize;
        names.push(String::from_utf8(png[at + 4..at + 8].to_vec()).unwrap());
        at += 12 + length;
    }
    names
}

#[test]
fn png_keeps_its_other_chunks_and_drops_those_of_the_old_coding() {
    let plain = png_file(png::ColorType::Rgb, png::BitDepth::Eight, |_| {});
    let described = with_chunk(
        &with_chunk(&plain, *b"eXIf", EXIF),
        *b"pHYs",
        b"\0\0\x0b\x13\0\0\x0b\x13\x01",
    );
    let described = [&described[..], b"after the end"].concat();
    let source = parse(&described);
    let pixels = source.decode().unwrap();
    assert_eq!(pixels.orientation(), Orientation::Turned90);
    let again = source.encode(&pixels).unwrap().bytes;
    assert!(again.ends_with(b"after the end"));
    assert_eq!(
        again[..8 + 25 + 21 + 12 + EXIF.len()],
        described[..8 + 25 + 21 + 12 + EXIF.len()]
    );

    let indexed = png_file(png::ColorType::Indexed, png::BitDepth::Eight, |encoder| {
        encoder.set_palette(vec![10, 20, 30, 200, 150, 100]);
        encoder.set_trns(vec![0]);
    });
    let at = indexed.windows(4).position(|name| name == b"IDAT").unwrap() - 4;
    let background = samples::png_of(&[(*b"bKGD", &[1])]);
    let indexed = [&indexed[..at], &background[8..], &indexed[at..]].concat();
    let source = parse(&indexed);
    let pixels = source.decode().unwrap();
    assert_eq!(pixels.channels(), Channels::Rgba);
    let again = source.encode(&pixels).unwrap();
    assert_eq!(again.how.changes, [CodingChange::PaletteExpanded]);
    assert_eq!(chunk_names(&again.bytes)[..2], ["IHDR", "bKGD"]);
    assert!(
        !chunk_names(&again.bytes)
            .iter()
            .any(|name| name == "PLTE" || name == "tRNS")
    );
    assert!(again.bytes.windows(10).any(|bytes| bytes == b"bKGD\0\xC8\0\x96\0\x64"));
    assert_eq!(parse(&again.bytes).decode().unwrap(), pixels);
}

#[test]
fn a_transparent_colour_becomes_an_alpha_channel() {
    let bytes = png_file(png::ColorType::Grayscale, png::BitDepth::Eight, |encoder| {
        encoder.set_trns(vec![0, 120]);
    });
    let source = parse(&bytes);
    let pixels = source.decode().unwrap();
    assert_eq!(pixels.channels(), Channels::GreyAlpha);
    let again = source.encode(&pixels).unwrap();
    assert_eq!(again.how.changes, [CodingChange::TransparentColourBecameAlpha]);
    assert_eq!(parse(&again.bytes).decode().unwrap(), pixels);
}

#[test]
fn jpeg_without_a_change_keeps_every_coefficient() {
    for (sampling, progressive, restart) in [
        (SamplingFactor::F_1_1, false, 0),
        (SamplingFactor::F_2_2, false, 3),
        (SamplingFactor::F_2_1, true, 0),
        (SamplingFactor::F_4_1, false, 0),
        (SamplingFactor::F_1_2, true, 0),
    ] {
        let bytes = jpeg(83, sampling, progressive, restart);
        let source = parse(&bytes);
        let pixels = source.decode().unwrap();
        assert_eq!(pixels.orientation(), Orientation::Turned90);
        assert_eq!(pixels.icc(), Some(b"a profile".as_slice()));
        let again = source.encode(&pixels).unwrap();
        assert!(matches!(again.how.loss, Loss::SameTables { changed: 0, .. }));
        assert_eq!(
            parse(&again.bytes).decode().unwrap(),
            pixels,
            "{sampling:?} {progressive}"
        );
        assert!(!parse(&again.bytes).container().unwrap().coding.progressive);
        assert_eq!(
            again.how.changes.contains(&CodingChange::ProgressiveBecameSequential),
            progressive
        );
        assert_eq!(again.how.changes.contains(&CodingChange::RestartsDropped), restart > 0);
        assert_eq!(tables(&again.bytes), tables(&bytes));
    }
}

#[test]
fn the_index_of_a_multi_picture_file_moves_along() {
    let number = |little: bool, value: u32| match little {
        true => value.to_le_bytes(),
        false => value.to_be_bytes(),
    };
    for little in [true, false] {
        let (first, second) = (jpeg(83, SamplingFactor::F_1_1, true, 0), samples::jpeg());
        // Version, number of pictures and list, then a list of two.
        let word = |value: u32| number(little, value);
        let tag = |tag: u16, kind: u16, count: u32, value: u32| {
            let halves = [tag, kind].map(|half| match little {
                true => half.to_le_bytes(),
                false => half.to_be_bytes(),
            });
            [halves.as_flattened(), &word(count), &word(value)].concat()
        };
        let marker = [&[0xFF, 0xE2][..], &88u16.to_be_bytes(), b"MPF\0"].concat();
        let index_at = 2 + marker.len();
        let header = if little { b"II*\0" } else { b"MM\0*" };
        let count = if little { [3, 0] } else { [0, 3] };
        let whole = first.len() + 90;
        let list = [
            [0x0003_0000, whole as u32, 0, 0].map(word).as_flattened(),
            [0, second.len() as u32, (whole - index_at) as u32, 0]
                .map(word)
                .as_flattened(),
        ]
        .concat();
        let index = [
            &marker[..],
            header,
            &word(8),
            &count,
            &tag(0xB000, 7, 4, u32::from_ne_bytes(*b"0100")),
            &tag(0xB001, 4, 1, 2),
            &tag(0xB002, 7, 32, 50),
            &word(0),
            &list,
        ]
        .concat();
        assert_eq!(index.len(), 90);
        let bytes = [&first[..2], &index, &first[2..], &second].concat();

        let source = parse(&bytes);
        let mut pixels = source.decode().unwrap();
        if let SamplesMut::Eight(samples) = pixels.samples_mut() {
            samples.iter_mut().step_by(7).for_each(|sample| *sample ^= 31);
        }
        let again = source.encode(&pixels).unwrap().bytes;
        assert_ne!(again.len(), bytes.len());
        let at = |place: usize| {
            let bytes = again[index_at + place..][..4].try_into().unwrap();
            if little {
                u32::from_le_bytes(bytes)
            } else {
                u32::from_be_bytes(bytes)
            }
        };
        let second_at = index_at + at(50 + 24) as usize;
        assert_eq!(again[second_at..], second);
        assert_eq!(at(50 + 4) as usize, second_at);
    }
}

/// The DQT segments.
fn tables(jpeg: &[u8]) -> Vec<&[u8]> {
    let mut at = 2;
    let mut tables = Vec::new();
    while jpeg[at + 1] != 0xDA {
        let length = usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
        if jpeg[at + 1] == 0xDB {
            tables.push(&jpeg[at..at + 2 + length]);
        }
        at += 2 + length;
    }
    tables
}

#[test]
fn a_change_of_luminance_arrives_in_jpeg_and_leaves_chroma_alone() {
    for sampling in [SamplingFactor::F_1_1, SamplingFactor::F_2_2] {
        let bytes = jpeg(95, sampling, false, 0);
        let source = parse(&bytes);
        let pixels = source.decode().unwrap();
        let changed = brightened(&pixels, 6);
        let again = source.encode_change(&pixels, &changed).unwrap();
        let luma = (SIZE.0.div_ceil(8) * SIZE.1.div_ceil(8)).into();
        assert!(matches!(again.how.loss, Loss::SameTables { changed, .. } if changed == luma));
        let decoded = parse(&again.bytes).decode().unwrap();
        // An even change is one of DC alone, to a quantisation step over 8.
        assert!(
            mean_square_error(&decoded, &changed) < 0.5,
            "{}",
            mean_square_error(&decoded, &changed)
        );
        assert_eq!(source.encode(&changed).unwrap(), again);
    }
}

#[test]
fn a_painted_patch_arrives_in_jpeg_with_its_colour() {
    let bytes = jpeg(92, SamplingFactor::F_2_2, false, 0);
    let source = parse(&bytes);
    let before = source.decode().unwrap();
    let mut after = before.clone();
    if let SamplesMut::Eight(samples) = after.samples_mut() {
        for y in 0..32 {
            for x in 0..32 {
                let at = (y * SIZE.0 as usize + x) * 3;
                samples[at..at + 3].copy_from_slice(&[220, 30, 40]);
            }
        }
    }
    let again = source.encode_change(&before, &after).unwrap();
    let decoded = parse(&again.bytes).decode().unwrap();
    let at = (12 * SIZE.0 as usize + 12) * 3;
    let found = &eight(&decoded)[at..at + 3];
    assert!(
        found.iter().zip([220, 30, 40]).all(|(&a, b)| a.abs_diff(b) < 9),
        "{found:?}"
    );
    // Far from it, nothing changed.
    let last = eight(&before).len() - 24;
    assert_eq!(eight(&decoded)[last..], eight(&before)[last..]);
}

#[test]
fn grey_jpeg_stays_grey() {
    let mut bytes = Vec::new();
    jpeg_encoder::Encoder::new(&mut bytes, 90)
        .encode(&drawn(SIZE, 1), SIZE.0 as u16, SIZE.1 as u16, JpegColour::Luma)
        .unwrap();
    let source = parse(&bytes);
    let pixels = source.decode().unwrap();
    assert_eq!(pixels.channels(), Channels::Grey);
    let changed = brightened(&pixels, 5);
    let again = source.encode(&changed).unwrap();
    assert!(mean_square_error(&parse(&again.bytes).decode().unwrap(), &changed) < 1.0);
}

#[test]
fn four_inks_are_refused_by_name_and_still_decoded() {
    let mut bytes = Vec::new();
    jpeg_encoder::Encoder::new(&mut bytes, 90)
        .encode(&drawn(SIZE, 4), SIZE.0 as u16, SIZE.1 as u16, JpegColour::Cmyk)
        .unwrap();
    let source = parse(&bytes);
    assert_eq!(source.check_encodable(), Err(Error::Pixels(PixelRefusal::Cmyk)));
    assert_eq!(source.decode().unwrap().channels(), Channels::Rgb);
}

fn webp(colour: image_webp::ColorType, count: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = image_webp::WebPEncoder::new(&mut out);
    encoder.set_exif_metadata(EXIF.to_vec());
    encoder.set_icc_profile(b"a profile".to_vec());
    encoder.encode(&drawn(SIZE, count), SIZE.0, SIZE.1, colour).unwrap();
    out
}

#[test]
fn lossless_webp_comes_back_exactly_with_its_metadata() {
    for (colour, count) in [(image_webp::ColorType::Rgb8, 3), (image_webp::ColorType::Rgba8, 4)] {
        let bytes = webp(colour, count);
        let source = parse(&bytes);
        let pixels = source.decode().unwrap();
        assert_eq!(pixels.orientation(), Orientation::Turned90);
        assert_eq!(pixels.icc(), Some(b"a profile".as_slice()));
        let changed = brightened(&pixels, 2);
        let again = source.encode(&changed).unwrap();
        assert_eq!(again.how.changes, []);
        assert_eq!(parse(&again.bytes).decode().unwrap(), changed);
        assert!(parse(&again.bytes).container().is_ok());
    }
}

#[test]
fn animated_pictures_are_refused_by_name() {
    let plain = png_file(png::ColorType::Rgb, png::BitDepth::Eight, |_| {});
    let animated = with_chunk(&plain, *b"acTL", &[0, 0, 0, 1, 0, 0, 0, 0]);
    assert_eq!(
        parse(&animated).check_encodable(),
        Err(Error::Pixels(PixelRefusal::Animated))
    );
    assert!(parse(&animated).decode().is_ok());
}

#[test]
fn pixels_of_another_picture_are_refused() {
    let bytes = png_file(png::ColorType::Rgb, png::BitDepth::Eight, |_| {});
    let other = Pixels::new(1, 1, Channels::Rgb, Samples::Eight(vec![0; 3])).unwrap();
    assert_eq!(
        parse(&bytes).encode(&other),
        Err(Error::Pixels(PixelRefusal::OtherPicture))
    );
}

#[test]
fn gif_is_decoded_and_not_encoded() {
    // 2 by 1 pixels, a palette of red and blue, LZW of (0, 1).
    let bytes = b"GIF89a\x02\0\x01\0\x80\0\0\xFF\0\0\0\0\xFF,\0\0\0\0\x02\0\x01\0\0\x02\x02\x44\x0A\0;";
    let source = parse(bytes);
    assert_eq!(eight(&source.decode().unwrap()), [255, 0, 0, 255, 0, 0, 255, 255]);
    assert_eq!(
        source.check_encodable(),
        Err(Error::Pixels(PixelRefusal::NotEncoded(Format::Gif)))
    );
}

/// A TIFF of 2 by 1 pixels of 8 bits: its entries as tag, type, count and value, then the samples.
fn tiff(entries: &[(u16, u16, u32, u32)], samples: &[u8]) -> Vec<u8> {
    let mut bytes = b"MM\0*\0\0\0\x08".to_vec();
    bytes.extend((entries.len() as u16).to_be_bytes());
    for (tag, kind, count, value) in entries {
        bytes.extend(tag.to_be_bytes());
        bytes.extend(kind.to_be_bytes());
        bytes.extend(count.to_be_bytes());
        bytes.extend(value.to_be_bytes());
    }
    bytes.extend([0; 4]);
    bytes.extend(samples);
    bytes
}

#[test]
fn tiff_is_decoded_with_its_orientation() {
    let entries = [
        (256, 3, 1, 2 << 16),
        (257, 3, 1, 1 << 16),
        (258, 3, 1, 8 << 16),
        (259, 3, 1, 1 << 16),
        (262, 3, 1, 1 << 16),
        (273, 4, 1, 134),
        (274, 3, 1, 6 << 16),
        (277, 3, 1, 1 << 16),
        (278, 3, 1, 1 << 16),
        (279, 4, 1, 2),
    ];
    let bytes = tiff(&entries, &[7, 9]);
    let pixels = parse(&bytes).decode().unwrap();
    assert_eq!(
        (eight(&pixels), pixels.orientation()),
        ([7, 9].as_slice(), Orientation::Turned90)
    );
    let upright = pixels.upright();
    assert_eq!(
        (upright.width(), upright.height(), eight(&upright)),
        (1, 2, [7, 9].as_slice())
    );
}

#[test]
fn codings_without_a_decoder_are_refused_by_name() {
    let refused = |bytes: &[u8], format| {
        let refusal = Error::Pixels(PixelRefusal::Coding(format));
        assert_eq!(parse(bytes).decode(), Err(refusal), "{bytes:02X?}");
    };
    let whole = jpeg(80, SamplingFactor::F_1_1, false, 0);
    let frame = whole.windows(2).position(|marker| marker == [0xFF, 0xC0]).unwrap();
    // Lossless, and the arithmetic ones (T.81, table B.1); then samples of 12 bits.
    for (at, value) in [(1, 0xC3), (1, 0xC9), (1, 0xCA), (4, 12)] {
        let mut bytes = whole.clone();
        bytes[frame + at] = value;
        refused(&bytes, Format::Jpeg);
    }
    // Grey and opacity, each in a strip of its own.
    let entries = [
        (256, 3, 1, 2 << 16),
        (257, 3, 1, 1 << 16),
        (258, 3, 2, 8 << 16 | 8),
        (259, 3, 1, 1 << 16),
        (262, 3, 1, 1 << 16),
        (273, 3, 2, 146 << 16 | 148),
        (277, 3, 1, 2 << 16),
        (278, 3, 1, 1 << 16),
        (279, 3, 2, 2 << 16 | 2),
        (284, 3, 1, 2 << 16),
        (338, 3, 1, 2 << 16),
    ];
    refused(&tiff(&entries, &[7, 9, 255, 255]), Format::Tiff);
}

#[test]
fn large_dimensions_in_a_tiny_file_are_over_the_limit_before_anything_is_allocated() {
    let limits = Limits {
        max_memory: 1 << 20,
        ..Limits::default()
    };
    let mut header = [16_000_u32.to_be_bytes(), 16_000_u32.to_be_bytes()].concat();
    header.extend([8, 6, 0, 0, 1]);
    let png = samples::png_of(&[(*b"IHDR", &header), (*b"IDAT", b"data"), (*b"IEND", b"")]);
    let webp = samples::webp_of(&[(*b"VP8L", b"\x2F\xFF\xFF\xFF\x0F")]);
    let gif = b"GIF89a\x00\x40\x00\x40\0\0\0".to_vec();
    let mut jpeg = jpeg(80, SamplingFactor::F_2_2, true, 0);
    let frame = jpeg.windows(2).position(|marker| marker == [0xFF, 0xC2]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0x40, 0, 0x40, 0]);
    for bytes in [png, webp, gif, jpeg.clone()] {
        let source = SourceImage::parse(&bytes, &limits).unwrap();
        let error = source.decode().unwrap_err();
        assert!(
            matches!(
                error,
                Error::Limits {
                    limit: Limit::Memory,
                    ..
                }
            ),
            "{error}"
        );
    }
    let source = SourceImage::parse(&jpeg, &limits).unwrap();
    let error = source.check_encodable().unwrap_err();
    assert!(
        matches!(
            error,
            Error::Limits {
                limit: Limit::Memory,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn truncated_pictures_are_damaged() {
    let png = png_file(png::ColorType::Rgb, png::BitDepth::Eight, |_| {});
    let webp = webp(image_webp::ColorType::Rgb8, 3);
    for bytes in [png, webp] {
        let cut = &bytes[..bytes.len() / 2];
        let error = parse(cut).decode().unwrap_err();
        assert_eq!(error, Error::input(InputFault::Coded(parse(cut).format()), 0));
    }
    let jpeg = jpeg(80, SamplingFactor::F_2_2, false, 0);
    let without_end = &jpeg[..jpeg.len() - 2];
    assert_eq!(parse(without_end).decode(), parse(&jpeg).decode());
    assert!(matches!(parse(without_end).check_encodable(), Err(Error::Input { .. })));
}

fn whole_pictures() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(jpeg(75, SamplingFactor::F_2_2, false, 2)),
        Just(jpeg(75, SamplingFactor::F_2_1, true, 0)),
        Just(png_file(png::ColorType::Rgba, png::BitDepth::Sixteen, |_| {})),
        Just(png_file(png::ColorType::Indexed, png::BitDepth::Four, |encoder| {
            encoder.set_palette(vec![10, 20, 30, 200, 150, 100]);
        })),
        Just(webp(image_webp::ColorType::Rgba8, 4)),
        Just(b"GIF89a\x02\0\x01\0\x80\0\0\xFF\0\0\0\0\xFF,\0\0\0\0\x02\0\x01\0\0\x02\x02\x44\x0A\0;".to_vec()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn mutated_pictures_are_decoded_or_refused(
        mut bytes in whole_pictures(),
        mutations in vec((any::<Index>(), any::<u8>()), 1..6),
        cut in prop::option::of(any::<Index>()),
    ) {
        for (at, byte) in mutations {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let limits = Limits { max_memory: 1 << 24, ..Limits::default() };
        if let Ok(source) = SourceImage::parse(&bytes, &limits)
            && let Ok(pixels) = source.decode()
        {
            let _ = source.encode(&pixels);
            let _ = source.encode_change(&pixels, &brightened(&pixels, 4));
        }
    }
}
