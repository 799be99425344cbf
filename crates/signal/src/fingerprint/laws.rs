//! Fingerprints held against what the reference implementations say of the same pictures (`vectors.py`), and their laws.

use proptest::prelude::*;
use touchmark_image::{Channels, Orientation, Pixels, Samples};

use super::*;

/// A triangle, 0 to 255.
fn wave(at: i64, period: i64) -> i64 {
    (at.rem_euclid(2 * period) - period).abs() * 255 / period
}

/// The picture that `vectors.py` draws.
fn draw(width: u32, height: u32, channels: Channels) -> Vec<u8> {
    let count = channels.count();
    let seed = i64::from(width * 7 + height * 13) + count as i64;
    let sample = |x: u32, y: u32, channel: usize| {
        let (u, v) = (x as i64 * 1000 / i64::from(width), y as i64 * 1000 / i64::from(height));
        let c = channel as i64;
        if channels.has_alpha() && channel == count - 1 {
            return wave(u + v, 700) as u8;
        }
        let coarse = wave(u * (1 + c) + v * 2 + seed, 310) * 3 + wave(u * 3 - v * (2 + c) + 9000, 170) * 2;
        ((coarse + wave(u * v / 900 + seed, 97 + 40 * c)) / 6) as u8
    };
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    places
        .flat_map(|(x, y)| (0..count).map(move |channel| sample(x, y, channel)))
        .collect()
}

/// The flat frame that `vectors.py` lays over a picture.
fn framed(mut samples: Vec<u8>, width: u32, height: u32, count: usize) -> Vec<u8> {
    let corner = samples[..count].to_vec();
    for (at, pixel) in samples.chunks_exact_mut(count).enumerate() {
        let (x, y) = (at as u32 % width, at as u32 / width);
        if x < width / 5 || y >= height - height / 10 {
            pixel.copy_from_slice(&corner);
        }
    }
    samples
}

fn picture(width: u32, height: u32, channels: Channels) -> Pixels {
    Pixels::new(width, height, channels, Samples::Eight(draw(width, height, channels))).expect("sizes match")
}

/// The samples of a picture as 16 bits a sample.
fn deepened(pixels: &Pixels) -> Pixels {
    let Samples::Eight(samples) = pixels.samples() else {
        panic!("eight bits")
    };
    let samples = samples.iter().map(|sample| u16::from(*sample) * 257).collect();
    Pixels::new(
        pixels.width(),
        pixels.height(),
        pixels.channels(),
        Samples::Sixteen(samples),
    )
    .expect("sizes match")
}

/// The picture that is seen where `pixels` is stored with an orientation.
fn turned(pixels: &Pixels, orientation: Orientation) -> Pixels {
    let Samples::Eight(samples) = pixels.samples() else {
        panic!("eight bits")
    };
    let count = pixels.channels().count();
    let view = View::new((pixels.width(), pixels.height()), orientation);
    let (width, height) = view.size();
    let places = (0..height).flat_map(|y| (0..width).map(move |x| view.locate(x, y)));
    let samples = places.flat_map(|(x, y)| {
        let at = (y * pixels.width() + x) as usize * count;
        samples[at..at + count].to_vec()
    });
    Pixels::new(width, height, pixels.channels(), Samples::Eight(samples.collect())).expect("sizes match")
}

fn pdq_as_seen(pixels: &Pixels, orientation: Orientation) -> Pdq {
    let view = View::new((pixels.width(), pixels.height()), orientation);
    pdq::Spectrum::of(pixels, view, Region::whole(pixels)).hash(Orientation::AsStored)
}

#[test]
fn the_reference_implementations_say_the_same() {
    let mut differing = 0;
    let vectors = include_str!("vectors.txt")
        .lines()
        .filter(|line| !line.starts_with('#'));
    for line in vectors.clone() {
        let fields: Vec<&str> = line.split(' ').collect();
        let number = |at: usize| fields[at].parse::<u32>().expect("a number");
        let (width, height) = (number(0), number(1));
        let channels = [Channels::Grey, Channels::GreyAlpha, Channels::Rgb, Channels::Rgba][number(2) as usize - 1];
        let mut samples = draw(width, height, channels);
        match fields[3] {
            "framed" => samples = framed(samples, width, height, channels.count()),
            "faint" => samples.iter_mut().for_each(|sample| *sample = *sample / 12 + 90),
            kind => assert_eq!(kind, "plain"),
        }
        let pixels = Pixels::new(width, height, channels, Samples::Eight(samples)).expect("sizes match");
        for pixels in [&pixels, &deepened(&pixels)] {
            let ours = of(pixels);
            let distance = ours.pdq.distance(&fields[4].parse().expect("a PDQ"));
            differing += usize::from(distance > 0);
            assert!(distance <= 2, "{line}: {distance} bits");
            assert!(ours.quality.abs_diff(number(5) as u8) <= 1, "{line}: {}", ours.quality);
            assert_eq!(ours.iscc.to_string(), fields[6], "{line}");
        }
    }
    println!("{differing} of {} hashes differ", 2 * vectors.count());
}

/// ThreatExchange, pdq/data/reg-test-input/dih (Meta Platforms; BSD 3-Clause): the hash at full size as its Java tests and
/// the crate `pdqhash` have it, that of the thumbnail as its C++ tests do, those of the symmetries as its C++ prints them.
#[test]
fn the_published_hashes_of_the_bridge_hold() {
    let decoded = image::load_from_memory(include_bytes!("../../assets/bridge-1-original.jpg")).expect("a JPEG");
    let samples = Samples::Eight(decoded.to_rgb8().into_raw());
    let bridge = Pixels::new(1600, 1004, Channels::Rgb, samples).expect("sizes match");
    let near = |ours: Pdq, published: &str| {
        let published: Pdq = published.parse().expect("a PDQ");
        // Decoders of JPEG may differ by a grey level.
        assert!(ours.distance(&published) <= 2, "{ours} for {published}");
    };
    assert_eq!(of(&bridge).quality, 100);
    near(
        of_thumbnail(&bridge).0,
        "d8f8f0cee0f4a84f0637022a078f67f0b36e2ed596621e1d33e6339c4e9c9b22",
    );
    let of_cpp = [
        "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22",
        "0dad2599b1a1bd1a5362576752da32a5e63b7380c2374b4866b346c91bc9ce77",
        "adad5a64b5a102e55b62a08856dacd5ae63b847fc337b4b766b319361bc93188",
        "f8f80f31e0f457b00637f5d5028f980fb36ed12a9622e1e233e64c634e9c64dd",
        "f0a5e102f1ccc0bd945308720fff038de34ef1e8ada9a956d2967ade5ea91a50",
        "a5f0b457a49995e8c1065c275aaa54d8b61ba49df8fcfc0383c32f8b0bfc4f05",
        "a5f04ba8a4996a17c906a3d85aaaa927b61b5b42f8fc03fc87c3d0740bfcb0fa",
        "30a10efd71c83f429013d48d0ffffc52e34e0e17ada952a9d29685211ea9e5af",
    ];
    for ((variant, turned), published) in variants(&bridge).iter().zip(pdq::SYMMETRIES).zip(of_cpp) {
        assert_eq!(variant.turned, turned);
        near(variant.pdq, published);
    }
}

#[test]
fn a_stored_orientation_changes_nothing_that_is_seen() {
    for orientation in pdq::SYMMETRIES {
        let stored = picture(150, 101, Channels::Rgb);
        let seen = turned(&stored, orientation);
        assert!(pdq_as_seen(&stored, orientation).distance(&of(&seen).pdq) <= 2);
        let view = View::new((150, 101), orientation);
        assert_eq!(Iscc::of(&stored, view), of(&seen).iscc, "{orientation:?}");
    }
}

#[test]
fn variants_find_a_turned_and_framed_copy() {
    let original = picture(640, 480, Channels::Rgb);
    let stored = of(&original).pdq;
    for orientation in pdq::SYMMETRIES {
        let copy = turned(&original, orientation);
        let found = variants(&copy);
        assert_eq!(found.len(), 8);
        let nearest = found
            .iter()
            .min_by_key(|variant| variant.pdq.distance(&stored))
            .expect("eight");
        // The window of an even number lies off the middle, so a mirrored picture differs in a few bits.
        assert!(nearest.pdq.distance(&stored) <= 16, "{orientation:?}: {nearest:?}");
        assert_eq!(of(&turned(&copy, nearest.turned)).pdq, stored);
    }
    let Samples::Eight(inner) = original.samples() else {
        panic!("eight bits")
    };
    let mut letterboxed = vec![16; 640 * 620 * 3];
    letterboxed[640 * 70 * 3..][..inner.len()].copy_from_slice(inner);
    let letterboxed = Pixels::new(640, 620, Channels::Rgb, Samples::Eight(letterboxed)).expect("sizes match");
    let found = variants(&letterboxed);
    assert_eq!(found.len(), 16);
    assert!(found[0].pdq.distance(&stored) > 60, "a frame moves the hash");
    let nearest = found
        .iter()
        .min_by_key(|variant| variant.pdq.distance(&stored))
        .expect("sixteen");
    assert!(nearest.trimmed && nearest.turned == Orientation::AsStored);
    assert_eq!(nearest.pdq, stored);
}

#[test]
fn a_flat_picture_has_no_frame_and_no_quality() {
    let flat = Pixels::new(90, 70, Channels::Grey, Samples::Eight(vec![80; 6300])).expect("sizes match");
    assert_eq!(of(&flat).quality, 0);
    assert_eq!(variants(&flat).len(), 8);
}

#[test]
fn a_tiny_picture_has_an_empty_hash() {
    for (width, height) in [(1, 1), (4, 900), (900, 4)] {
        let tiny = of(&picture(width, height, Channels::Rgb));
        assert_eq!((tiny.pdq, tiny.quality), (Pdq { bits: [0; 32] }, 0));
    }
}

#[test]
fn thumbnails_differ_only_where_the_reference_takes_one() {
    let small = picture(512, 300, Channels::Rgb);
    assert_eq!(of_thumbnail(&small), (of(&small).pdq, of(&small).quality));
    let large = picture(1500, 900, Channels::Rgb);
    assert!(of_thumbnail(&large).0.distance(&of(&large).pdq) <= 10);
}

#[test]
fn other_pictures_are_far_away() {
    let one = of(&picture(640, 480, Channels::Rgb));
    let other = of(&turned(&picture(611, 480, Channels::Rgb), Orientation::Turned180));
    assert!(one.distance(&other).pdq > 60, "{:?}", one.distance(&other));
    assert!(one.distance(&other).iscc > 15, "{:?}", one.distance(&other));
}

#[test]
fn texts_that_are_no_hash_are_refused() {
    let hash = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22";
    for text in [
        "",
        &hash[1..],
        &hash.replace('f', "g"),
        &format!("{hash}0"),
        &format!("é{}", &hash[2..]),
    ] {
        assert_eq!(text.parse::<Pdq>(), Err(MalformedPdq), "{text}");
    }
    for text in [
        "",
        "ISCC:",
        "ISCC:KEAAAAAAAAAAAAAA",
        "ISCC:EEAQAAAAAAAAAAA1",
        "ISCC:EEBYAAAAAAAAAAAA",
        "ISCC:EEAQAAAAAAAAAAAAA",
    ] {
        assert_eq!(text.parse::<Iscc>(), Err(MalformedIscc), "{text}");
    }
}

proptest! {
    #[test]
    fn texts_lead_back(pdq: [u8; 32], iscc: [u8; 8]) {
        let (pdq, iscc) = (Pdq { bits: pdq }, Iscc { bits: iscc });
        prop_assert_eq!(pdq.to_string().parse(), Ok(pdq));
        prop_assert_eq!(iscc.to_string().parse(), Ok(iscc));
        prop_assert!(iscc.to_string().starts_with("ISCC:EEA"));
    }

    #[test]
    fn any_picture_has_a_fingerprint(
        (width, height) in (1u32..40, 1u32..40),
        channels in prop::sample::select(vec![Channels::Grey, Channels::GreyAlpha, Channels::Rgb, Channels::Rgba]),
        seed: u64,
    ) {
        let length = (width * height) as usize * channels.count();
        let random = (0..length as u64).map(|at| ((seed ^ at).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 48) as u16);
        let pixels = Pixels::new(width, height, channels, Samples::Sixteen(random.collect())).expect("sizes match");
        prop_assert!(of(&pixels).quality <= 100);
        prop_assert!(variants(&pixels)[0].pdq == of(&pixels).pdq);
    }
}
