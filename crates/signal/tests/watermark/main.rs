//! The mark from outside: what goes in comes out, after what happens to pictures; and nothing comes out of others.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod attacks;
mod pictures;

use std::sync::LazyLock;

use attacks::{blur, brighten, crop, dct_quantise, letterbox, mirror, noise, quarter, resize, rotate};
use pictures::{Picture, photo};
use proptest::prelude::*;
use touchmark_image::{Channels, Pixels, Samples};
use touchmark_signal::watermark::{
    Detection, Detector, Embedder, Reading, Refusal, Strength, WatermarkId, WatermarkKey,
};

fn id() -> WatermarkId {
    WatermarkId::new(0xC0FFEE, 0x12_3456_789A).unwrap()
}

fn embedder() -> Embedder {
    Embedder::new(&WatermarkKey::public())
}

fn detector() -> Detector {
    Detector::new(&[WatermarkKey::public()])
}

/// A grey picture with a mark.
fn marked(seed: u64, width: usize, height: usize, strength: Strength) -> Picture {
    let mut pixels = photo(seed, width, height).to_pixels();
    embedder().embed(&mut pixels, id(), strength).unwrap();
    Picture::from_pixels(&pixels)
}

fn read(picture: &Picture) -> Option<Reading> {
    match detector().detect(&picture.to_pixels()) {
        Detection::Found(reading) => Some(reading),
        _ => None,
    }
}

/// Marked pictures of different proportions, made once.
static MARKED: LazyLock<[Picture; 3]> = LazyLock::new(|| {
    [(0, 560, 560), (1, 820, 540), (2, 560, 760)]
        .map(|(seed, width, height)| marked(seed, width, height, Strength::Default))
});

/// The reading of one of the marked pictures after an attack.
fn survives(name: &str, which: usize, attack: impl Fn(&Picture) -> Picture) -> Reading {
    let reading = read(&attack(&MARKED[which])).unwrap_or_else(|| panic!("{name}: nothing read"));
    assert_eq!(reading.id, id(), "{name}");
    reading
}

#[test]
fn every_strength_keeps_its_bounds_and_is_read() {
    for strength in [Strength::Invisible, Strength::Default, Strength::Strong] {
        for (seed, (width, height)) in [(256, 256), (400, 300), (700, 1100)].into_iter().enumerate() {
            let mut pixels = photo(seed as u64, width, height).to_pixels();
            let original = Picture::from_pixels(&pixels);
            let embedded = embedder().embed(&mut pixels, id(), strength).unwrap();
            let (psnr, ssim) = strength.bounds();
            let changed = Picture::from_pixels(&pixels);
            let error = original.squared_error(&changed);
            assert!((10.0 * (65025.0 / error).log10() - embedded.psnr).abs() < 0.01);
            assert!(
                embedded.psnr >= psnr && embedded.ssim >= ssim,
                "{strength:?} {embedded:?}"
            );
            assert!(embedded.psnr < psnr + 6.0, "{strength:?} {embedded:?}");
            let reading = read(&changed).unwrap();
            assert_eq!((reading.id, reading.key), (id(), 0));
        }
    }
}

#[test]
fn every_kind_of_samples_carries_a_mark() {
    let grey = photo(3, 480, 360);
    let eight: Vec<u8> = grey.values.iter().map(|&value| value as u8).collect();
    let sixteen: Vec<u16> = grey.values.iter().map(|&value| (value * 257.0) as u16).collect();
    for channels in [Channels::Grey, Channels::GreyAlpha, Channels::Rgb, Channels::Rgba] {
        let opaque = |at: usize| channels.has_alpha() && at + 1 == channels.count();
        let spread = |at: usize, colour: usize| if opaque(at) { usize::MAX } else { colour };
        let of = |colour: usize, at| spread(at, colour);
        let deep = sixteen
            .iter()
            .flat_map(|&s| (0..channels.count()).map(move |at| of(s.into(), at).min(65_535) as u16));
        let shallow = eight
            .iter()
            .flat_map(|&s| (0..channels.count()).map(move |at| of(s.into(), at).min(255) as u8));
        for samples in [Samples::Sixteen(deep.collect()), Samples::Eight(shallow.collect())] {
            let mut pixels = Pixels::new(480, 360, channels, samples).unwrap();
            embedder().embed(&mut pixels, id(), Strength::Default).unwrap();
            let detection = detector().detect(&pixels);
            assert!(
                matches!(detection, Detection::Found(reading) if reading.id == id()),
                "{channels:?} {detection:?}"
            );
        }
    }
}

#[test]
fn the_placement_says_what_was_done() {
    let untouched = survives("none", 0, Picture::clone);
    assert!((untouched.placement.period.0 - 128.0).abs() < 0.5);
    assert!(untouched.placement.rotation.abs() < 0.1 && !untouched.placement.mirrored);
    assert!(untouched.statistic > 10.0 && untouched.code_correlation > 15.0);

    let smaller = survives("resize 0.6", 0, |picture| resize(picture, 0.6, 0.6));
    let (across, down) = smaller.placement.scale_of(560, 560);
    assert!(
        (across - 0.6).abs() < 0.005 && (down - 0.6).abs() < 0.005,
        "{across} {down}"
    );

    let stretched = survives("height to 85 %", 0, |picture| resize(picture, 1.0, 0.85));
    let (across, down) = stretched.placement.scale_of(560, 560);
    assert!(
        (across - 1.0).abs() < 0.01 && (down - 0.85).abs() < 0.01,
        "{across} {down}"
    );

    let turned = survives("rotated by 23.7 degrees", 0, |picture| rotate(picture, 23.7));
    assert!((turned.placement.rotation - 23.7).abs() < 0.3, "{:?}", turned.placement);

    let quartered = survives("turned clockwise", 0, quarter);
    assert!(
        (quartered.placement.rotation - 90.0).abs() < 0.1,
        "{:?}",
        quartered.placement
    );
    assert!(!quartered.placement.mirrored);

    let mirrored = survives("mirrored", 0, mirror);
    assert!(
        mirrored.placement.mirrored && mirrored.placement.rotation.abs() < 0.1,
        "{:?}",
        mirrored.placement
    );

    let both = survives("mirrored, then turned", 0, |picture| quarter(&mirror(picture)));
    assert!(
        both.placement.mirrored && (both.placement.rotation - 90.0).abs() < 0.1,
        "{:?}",
        both.placement
    );
}

#[test]
fn survives_geometry() {
    survives("resize 0.5", 1, |picture| resize(picture, 0.5, 0.5));
    survives("resize 1.7", 2, |picture| resize(picture, 1.7, 1.7));
    survives("crop to half the area", 0, |picture| crop(picture, 0.71, 0.2, 0.7));
    survives("crop to a quarter of the area", 1, |picture| {
        crop(picture, 0.5, 0.9, 0.3)
    });
    survives("rotated by 5 degrees", 2, |picture| rotate(picture, 5.0));
    survives("rotated by 44.9 degrees", 0, |picture| rotate(picture, 44.9));
    survives("rotated by -61 degrees", 1, |picture| rotate(picture, -61.0));
    survives("rotated by 178 degrees", 2, |picture| rotate(picture, 178.0));
    survives("width to 85 %", 0, |picture| resize(picture, 0.85, 1.0));
    survives("height to 93 %", 1, |picture| resize(picture, 1.0, 0.93));
    survives("height to 118 %", 2, |picture| resize(picture, 1.0, 1.18));
    survives("letterbox", 0, letterbox);
}

#[test]
fn survives_noise_and_coding() {
    survives("noise", 1, |picture| noise(picture, 8.0));
    survives("blur", 2, |picture| blur(picture, 2));
    survives("brighter", 0, |picture| brighten(picture, 1.3, 0.0));
    survives("less contrast", 1, |picture| brighten(picture, 0.7, 40.0));
    survives("coarse coefficients", 2, |picture| dct_quantise(picture, 24.0));
    survives("shrunk, cut, coded", 0, |picture| {
        dct_quantise(&crop(&resize(picture, 0.8, 0.8), 0.8, 0.4, 0.6), 8.0)
    });
}

#[test]
fn another_key_finds_nothing() {
    let keys = [
        WatermarkKey::from_bytes([1; 32]),
        WatermarkKey::from_bytes([2; 32]),
        WatermarkKey::public(),
    ];
    let picture = marked(4, 500, 400, Strength::Strong).to_pixels();
    assert_eq!(Detector::new(&keys[..2]).detect(&picture), Detection::Nothing);
    assert_eq!(Detector::new(&[]).detect(&picture), Detection::Nothing);
    let detection = Detector::new(&keys).detect(&picture);
    assert!(
        matches!(detection, Detection::Found(reading) if reading.key == 2),
        "{detection:?}"
    );
}

#[test]
fn marks_on_top_of_each_other_are_seen_and_not_read() {
    // Templates of one key add up, payloads do not.
    let ids = [0, 0x5A5A_5A5A_5A5A_5A5A, 0xF0F0_0F0F_1234_5678, u64::MAX].map(WatermarkId::from);
    let marked = ids.map(|id| {
        let mut pixels = photo(5, 500, 400).to_pixels();
        embedder().embed(&mut pixels, id, Strength::Strong).unwrap();
        Picture::from_pixels(&pixels)
    });
    let mut picture = photo(5, 500, 400);
    for (at, value) in picture.values.iter_mut().enumerate() {
        *value = marked.iter().map(|marked| marked.values[at]).sum::<f32>() / 4.0;
    }
    let detection = detector().detect(&picture.to_pixels());
    assert!(
        matches!(detection, Detection::Unreadable { key: 0, statistic, .. } if statistic >= 8.9),
        "{detection:?}"
    );
}

#[test]
fn luminance_reads_like_the_picture() {
    let picture = marked(6, 400, 300, Strength::Default);
    let detection = detector().detect_luminance(&picture.values, 400);
    assert_eq!(detection, detector().detect(&picture.to_pixels()));
    assert!(matches!(detection, Detection::Found(_)));
    for (values, width) in [(&picture.values[..], 0), (&[], 400), (&picture.values[1..], 400)] {
        assert_eq!(detector().detect_luminance(values, width), Detection::TooSmall);
    }
}

#[test]
fn what_is_transparent_stays_as_it_was() {
    let (width, height) = (400, 300);
    let grey = photo(7, width, height);
    let mut samples = Vec::new();
    for (at, &value) in grey.values.iter().enumerate() {
        let value = value as u8;
        let alpha = if at % width < 150 { 0 } else { (at % 251) as u8 };
        samples.extend([value, 255 - value, value / 2, alpha]);
    }
    let mut pixels = Pixels::new(
        width as u32,
        height as u32,
        Channels::Rgba,
        Samples::Eight(samples.clone()),
    )
    .unwrap();
    embedder().embed(&mut pixels, id(), Strength::Strong).unwrap();
    let Samples::Eight(changed) = pixels.samples() else {
        unreachable!()
    };
    let mut moved = 0;
    for (before, after) in samples.chunks_exact(4).zip(changed.chunks_exact(4)) {
        assert_eq!(before[3], after[3]);
        assert!(before[3] != 0 || before == after);
        moved += usize::from(before != after);
    }
    assert!(moved > width * height / 4);
    assert!(matches!(detector().detect(&pixels), Detection::Found(reading) if reading.id == id()));
}

#[test]
fn refusals_change_nothing() {
    let small = photo(8, 255, 600).to_pixels();
    let flat = Pixels::new(512, 512, Channels::Rgb, Samples::Eight(vec![128; 512 * 512 * 3])).unwrap();
    let clear = Pixels::new(
        512,
        512,
        Channels::Rgba,
        Samples::Eight([9, 99, 199, 0].repeat(512 * 512)),
    )
    .unwrap();
    for original in [&small, &flat, &clear] {
        let mut pixels = original.clone();
        let refusal = embedder().embed(&mut pixels, id(), Strength::Default).unwrap_err();
        assert_eq!(
            matches!(
                refusal,
                Refusal::TooSmall {
                    short_side: 255,
                    needed: 256
                }
            ),
            original.width() == 255
        );
        assert_eq!(matches!(refusal, Refusal::TooFlat { .. }), original.width() != 255);
        assert_eq!(&pixels, original);
    }
    let tiny = photo(8, 95, 600);
    assert_eq!(detector().detect(&tiny.to_pixels()), Detection::TooSmall);
}

#[test]
fn four_threads_write_what_one_writes() {
    let (embedder, detector) = (embedder(), detector());
    let work = |seed: u64| {
        let mut pixels = photo(seed % 2, 480, 320).to_pixels();
        embedder.embed(&mut pixels, id(), Strength::Default).unwrap();
        let detection = detector.detect(&pixels);
        (pixels, detection)
    };
    let alone: Vec<_> = (0..2).map(work).collect();
    let together: Vec<_> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..4).map(|seed| scope.spawn(move || work(seed))).collect();
        handles.into_iter().map(|handle| handle.join().unwrap()).collect()
    });
    assert_eq!(together[..2], alone);
    assert_eq!(together[2..], alone);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Unmarked pictures, as they are and attacked, in sizes of all proportions.
    #[test]
    fn unmarked_pictures_say_nothing(
        seed in any::<u64>(), width in 96..700usize, height in 96..700usize, angle in -180.0..180.0f32, step in 1.0..60.0f32,
    ) {
        let picture = photo(seed, width, height);
        let attacked = match seed % 4 {
            0 => picture,
            1 => dct_quantise(&picture, step),
            2 => noise(&picture, step),
            _ => letterbox(&rotate(&picture, angle)),
        };
        prop_assert!(matches!(detector().detect(&attacked.to_pixels()), Detection::Nothing | Detection::TooSmall));
    }

    /// Any id, in any picture that is large enough, at any angle.
    #[test]
    fn what_goes_in_comes_out(
        bits in any::<u64>(), seed in any::<u64>(), width in 420..700usize, height in 420..700usize, angle in -180.0..180.0f32,
    ) {
        let mut pixels = photo(seed, width, height).to_pixels();
        embedder().embed(&mut pixels, bits.into(), Strength::Default).unwrap();
        let attacked = rotate(&Picture::from_pixels(&pixels), angle);
        prop_assert_eq!(read(&attacked).map(|reading| u64::from(reading.id)), Some(bits));
    }
}
