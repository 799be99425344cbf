//! Laws over all pictures and all changes: any picture stamps to intact, and no changed byte is ever reported as what
//! was signed. Each law is as strong as it is true; what may change without effect is named where it is.

use std::io::Cursor;
use std::ops::Range;
use std::sync::LazyLock;

use image::{DynamicImage, GrayImage, ImageBuffer, ImageFormat, LumaA, Rgb, RgbImage, Rgba, RgbaImage};
use jpeg_encoder::{ColorType, Encoder};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;
use time::OffsetDateTime;
use touchmark::evidence::{Ai, Credentials, Integrity, Level, SignerAxis};
use touchmark::{Error, Limits, Report, Stamper, Verifier};
use touchmark_image::SourceImage;
use touchmark_tests::identity;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_picture_stamps_to_intact(coding in coding(), size in (1..=64_u32, 1..=64_u32), texture in texture()) {
        let picture = coding.encode(size, texture);
        let stamped = BENCH.stamper.stamp(&picture, &identity::disclosure().unwrap(), BENCH.now).unwrap();
        let report = BENCH.verifier.verify(stamped.bytes(), BENCH.now).unwrap();
        let verdict = report.verdict();
        prop_assert_eq!(
            (verdict.level, verdict.credentials, verdict.integrity, verdict.ai),
            (Level::Attested, Credentials::Trusted, Integrity::Intact, Ai::Stated)
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// Where the changed file is still a whole picture with its store in place, it is broken because its content was
    /// altered. Where the change destroys the container (a length, a marker, a checksum), what is left is broken or
    /// malformed, and never reported as a picture without credentials. Where it is no picture any more, or of absurd
    /// size, that is an error.
    #[test]
    fn a_change_outside_the_store_breaks_the_stamp(sample in sample(), at in any::<Index>(), xor in 1..=0xFF_u8) {
        let at = sample.outside(at);
        let changed = sample.with(at, xor);
        let image = SourceImage::parse(&changed, &Limits::default());
        let verified = BENCH.verifier.verify(&changed, BENCH.now);
        let Ok(image) = image else {
            prop_assert!(matches!(verified, Err(Error::Image(_))), "{}", sample.place(at));
            return Ok(());
        };
        let report = verified.unwrap();
        prop_assert_ne!(report.verdict().ai, Ai::Stated);
        match image.container() {
            Ok(container) if container.stores == sample.stores() => {
                let verdict = report.verdict();
                prop_assert_eq!(
                    (verdict.level, verdict.credentials, verdict.integrity),
                    (Level::Broken, Credentials::Invalid, Integrity::Altered),
                    "{}", sample.place(at)
                );
            }
            _ => {
                assert_holds_nothing(&report, &sample.place(at))?;
                prop_assert_ne!(report.verdict().credentials, Credentials::None, "{}", sample.place(at));
            }
        }
    }

    /// Either the stamp no longer holds, or the whole report is what it was before: some bytes of a store protect
    /// nothing and say nothing (see `free_bytes_of_a_store`).
    #[test]
    fn a_change_inside_the_store_breaks_the_stamp_or_says_the_same(
        sample in sample(), at in any::<Index>(), xor in 1..=0xFF_u8
    ) {
        let at = sample.store.start + at.index(sample.store.len());
        let report = BENCH.verifier.verify(&sample.with(at, xor), BENCH.now).unwrap();
        if said(&report) != sample.said {
            assert_holds_nothing(&report, &sample.place(at))?;
        }
    }

    /// No byte of an assertion, of the claim, of the protected header or of the signature may change.
    #[test]
    fn a_change_to_what_is_signed_breaks_the_stamp(sample in sample(), at in any::<Index>(), xor in 1..=0xFF_u8) {
        let at = at.index(sample.signed.iter().map(Range::len).sum());
        let at = sample.signed.iter().cloned().flatten().nth(at).unwrap();
        let report = BENCH.verifier.verify(&sample.with(at, xor), BENCH.now).unwrap();
        assert_holds_nothing(&report, &sample.place(at))?;
        prop_assert_ne!(report.verdict().credentials, Credentials::None, "{}", sample.place(at));
    }
}

#[test]
fn each_byte_of_the_signature_counts() {
    for sample in BENCH.samples.iter() {
        for at in sample.signature() {
            let report = BENCH.verifier.verify(&sample.with(at, 0x10), BENCH.now).unwrap();
            let verdict = report.verdict();
            assert_eq!(
                (verdict.level, verdict.signer),
                (Level::Broken, SignerAxis::Invalid),
                "{}",
                sample.place(at)
            );
            assert_eq!(
                verdict.reasons().next().unwrap().rule.id(),
                "manifest.signature-fails",
                "{}",
                sample.place(at)
            );
        }
    }
}

/// The padding in the unprotected header of the signature may hold anything: room left over, no statement. As free are
/// lengths and labels of boxes that readers find by their type, JPEG's box instance numbers and PNG's checksum.
#[test]
fn free_bytes_of_a_store() {
    for sample in BENCH.samples.iter() {
        let padding = sample.padding();
        assert!(padding.len() > 100, "{}", sample.name);
        for at in padding.step_by(37) {
            let report = BENCH.verifier.verify(&sample.with(at, 0xFF), BENCH.now).unwrap();
            assert_eq!(said(&report), sample.said, "{}", sample.place(at));
        }
    }
}

/// Asserts that the report takes nothing in the file for what was signed. Where the store itself is no longer found, the
/// unsigned labels beside it are, and claim.
fn assert_holds_nothing(report: &Report, place: &str) -> Result<(), TestCaseError> {
    let verdict = report.verdict();
    prop_assert!(
        match verdict.level {
            Level::Broken | Level::Malformed | Level::Unknown => true,
            Level::Claimed => verdict.credentials == Credentials::None,
            _ => false,
        },
        "{place}: {:?}",
        verdict.level
    );
    prop_assert!(
        matches!(
            verdict.credentials,
            Credentials::Invalid | Credentials::Malformed | Credentials::None
        ),
        "{place}: {:?}",
        verdict.credentials
    );
    prop_assert!(
        matches!(verdict.integrity, Integrity::Altered | Integrity::NotApplicable),
        "{place}: {:?}",
        verdict.integrity
    );
    prop_assert!(verdict.ai != Ai::Stated, "{place}");
    Ok(())
}

/// Everything that a report says, but for the file's own hash, whether PNG's checksum of the store is right, and the words for
/// it all.
fn said(report: &Report) -> Value {
    let mut said = serde_json::to_value(report).unwrap();
    said["file"]["sha256"].take();
    said["plain"].take();
    let reasons = said["verdict"]["reasons"].as_array_mut().unwrap();
    reasons.retain(|reason| reason["rule"] != "file.store-checksum-wrong");
    said
}

/// One identity, and a stamped picture of each format with bytes behind its end.
struct Bench {
    stamper: Stamper,
    verifier: Verifier,
    now: OffsetDateTime,
    samples: Vec<Sample>,
}

static BENCH: LazyLock<Bench> = LazyLock::new(|| {
    let identity = identity::fresh().unwrap();
    let stamper = Stamper::new(identity.signer().unwrap()).unwrap();
    let verifier = Verifier::new(identity::trusting(&identity).unwrap()).unwrap();
    let now = OffsetDateTime::now_utc();
    let samples = [
        Coding::Jpeg {
            colour: ColorType::Rgb,
            channels: 3,
            progressive: true,
        },
        Coding::Png(Colour::Rgb8),
        Coding::WebP(Colour::Rgba8),
    ];
    let samples = samples.map(|coding| {
        let mut picture = coding.encode((9, 7), Texture { seed: 1, mask: 0xFF });
        picture.extend_from_slice(b"behind the end");
        let stamped = stamper.stamp(&picture, &identity::disclosure().unwrap(), now).unwrap();
        let report = verifier.verify(stamped.bytes(), now).unwrap();
        Sample::new(stamped.into_bytes(), said(&report))
    });
    Bench {
        stamper,
        verifier,
        now,
        samples: samples.into(),
    }
});

fn sample() -> impl Strategy<Value = &'static Sample> {
    (0..BENCH.samples.len()).prop_map(|index| &BENCH.samples[index])
}

/// A stamped picture and what lies where in it.
#[derive(Debug)]
struct Sample {
    name: &'static str,
    bytes: Vec<u8>,
    /// What the report on it says.
    said: Value,
    /// The store with its wrapping.
    store: Range<usize>,
    /// The content of assertions and claim, the protected header and the signature.
    signed: Vec<Range<usize>>,
    /// The content of the signature box.
    cose: Range<usize>,
}

impl Sample {
    fn new(bytes: Vec<u8>, said: Value) -> Self {
        let image = SourceImage::parse(&bytes, &Limits::default()).unwrap();
        let store = image.container().unwrap().stores[0].ranges[0].clone();
        let name = image.format().name();
        // JUMBF begins behind the wrapping: a box length in front of its type.
        let jumbf = store.start - 4
            + bytes[store.clone()]
                .windows(4)
                .position(|kind| kind == b"jumb")
                .unwrap();
        let mut contents = Vec::new();
        content_boxes(&bytes, jumbf..store.end, "", &mut contents);
        let (cose, mut signed): (Vec<_>, Vec<_>) =
            contents.into_iter().partition(|(label, _)| label == "c2pa.signature");
        assert_eq!(
            (cose.len(), signed.len()),
            (1, 7),
            "six assertions, the claim and its signature"
        );
        let cose = cose[0].1.clone();
        // COSE_Sign1 (RFC 9052, 4.2): tag 18, array of 4, the protected header as a byte string with two bytes of length.
        assert_eq!(bytes[cose.start..cose.start + 3], [0xD2, 0x84, 0x59]);
        let protected = u16::from_be_bytes([bytes[cose.start + 3], bytes[cose.start + 4]]);
        signed.push((String::new(), cose.start + 5..cose.start + 5 + usize::from(protected)));
        signed.push((String::new(), cose.end - SIGNATURE..cose.end));
        let signed = signed.into_iter().map(|(_, range)| range).collect();
        Self {
            name,
            bytes,
            said,
            store,
            signed,
            cose,
        }
    }

    fn with(&self, at: usize, xor: u8) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        bytes[at] ^= xor;
        bytes
    }

    fn outside(&self, at: Index) -> usize {
        let at = at.index(self.bytes.len() - self.store.len());
        if at < self.store.start {
            at
        } else {
            at + self.store.len()
        }
    }

    fn stores(&self) -> Vec<touchmark_image::StoreSegment> {
        let image = SourceImage::parse(&self.bytes, &Limits::default()).unwrap();
        image.container().unwrap().stores
    }

    fn signature(&self) -> Range<usize> {
        self.cose.end - SIGNATURE..self.cose.end
    }

    /// The zeros of the entry `pad`.
    fn padding(&self) -> Range<usize> {
        let cose = &self.bytes[self.cose.clone()];
        // A text of three letters, then a byte string with two bytes of length.
        let entry = cose.windows(5).position(|bytes| bytes == b"\x63pad\x59").unwrap();
        let length = u16::from_be_bytes([cose[entry + 5], cose[entry + 6]]);
        let start = self.cose.start + entry + 7;
        start..start + usize::from(length)
    }

    fn place(&self, at: usize) -> String {
        format!("{} at {at}, store at {:?}", self.name, self.store)
    }
}

/// Length of an Ed25519 signature, the last thing in COSE_Sign1.
const SIGNATURE: usize = 64;

/// The boxes with content in a run of JUMBF boxes (ISO 19566-5), each under the label of the superbox around it.
fn content_boxes(bytes: &[u8], run: Range<usize>, label: &str, found: &mut Vec<(String, Range<usize>)>) {
    let mut at = run.start;
    while at + 8 <= run.end {
        let length = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        let content = at + 8..at + length;
        match &bytes[at + 4..at + 8] {
            b"jumb" => {
                // The description box comes first: header 8, UUID 16, toggles 1, then the label up to its NUL.
                let name = &bytes[content.start + 25..content.end];
                let name = name.split(|byte| *byte == 0).next().unwrap();
                content_boxes(bytes, content.clone(), std::str::from_utf8(name).unwrap(), found);
            }
            b"jumd" => {}
            _ => found.push((label.to_owned(), content.clone())),
        }
        at = content.end;
        if label.is_empty() {
            return; // what follows the outermost box is its wrapping
        }
    }
}

/// How a generated picture is written.
#[derive(Debug, Clone, Copy)]
enum Coding {
    Jpeg {
        colour: ColorType,
        channels: usize,
        progressive: bool,
    },
    Png(Colour),
    WebP(Colour),
}

#[derive(Debug, Clone, Copy)]
enum Colour {
    L8,
    La8,
    Rgb8,
    Rgba8,
    Rgb16,
    Rgba16,
}

fn coding() -> impl Strategy<Value = Coding> {
    use Colour::{L8, La8, Rgb8, Rgb16, Rgba8, Rgba16};
    let components = select(vec![(ColorType::Rgb, 3), (ColorType::Luma, 1), (ColorType::Cmyk, 4)]);
    prop_oneof![
        (components, any::<bool>()).prop_map(|((colour, channels), progressive)| Coding::Jpeg {
            colour,
            channels,
            progressive
        }),
        select(vec![Rgb8, L8, La8, Rgba8, Rgb16, Rgba16]).prop_map(Coding::Png),
        select(vec![Rgb8, L8, La8, Rgba8]).prop_map(Coding::WebP),
    ]
}

impl Coding {
    fn encode(self, (width, height): (u32, u32), texture: Texture) -> Vec<u8> {
        let pixels = (width * height) as usize;
        let mut out = Cursor::new(Vec::new());
        let (colour, format) = match self {
            Self::Jpeg {
                colour,
                channels,
                progressive,
            } => {
                let mut encoder = Encoder::new(out.get_mut(), 85);
                encoder.set_progressive(progressive);
                let samples = texture.samples(pixels * channels);
                encoder.encode(&samples, width as u16, height as u16, colour).unwrap();
                return out.into_inner();
            }
            Self::Png(colour) => (colour, ImageFormat::Png),
            Self::WebP(colour) => (colour, ImageFormat::WebP),
        };
        colour
            .image((width, height), texture)
            .write_to(&mut out, format)
            .unwrap();
        out.into_inner()
    }
}

impl Colour {
    fn image(self, (width, height): (u32, u32), texture: Texture) -> DynamicImage {
        let samples = |channels: u32| texture.samples((width * height * channels) as usize);
        let wide = |channels: u32| samples(channels).iter().map(|byte| u16::from(*byte) * 257).collect();
        match self {
            Self::L8 => GrayImage::from_raw(width, height, samples(1)).map(Into::into),
            Self::La8 => ImageBuffer::<LumaA<u8>, _>::from_raw(width, height, samples(2)).map(Into::into),
            Self::Rgb8 => RgbImage::from_raw(width, height, samples(3)).map(Into::into),
            Self::Rgba8 => RgbaImage::from_raw(width, height, samples(4)).map(Into::into),
            Self::Rgb16 => ImageBuffer::<Rgb<u16>, _>::from_raw(width, height, wide(3)).map(Into::into),
            Self::Rgba16 => ImageBuffer::<Rgba<u16>, _>::from_raw(width, height, wide(4)).map(Into::into),
        }
        .unwrap()
    }
}

/// What a generated picture shows: noise in the bits of `mask`; flat for a mask of zero.
#[derive(Debug, Clone, Copy)]
struct Texture {
    seed: u64,
    mask: u8,
}

fn texture() -> impl Strategy<Value = Texture> {
    (any::<u64>(), select(vec![0, 0x0F, 0xFF])).prop_map(|(seed, mask)| Texture { seed, mask })
}

impl Texture {
    /// SplitMix64 (Steele, Lea and Flood, 2014), a byte a step.
    fn samples(self, count: usize) -> Vec<u8> {
        let mut state = self.seed;
        let next = |_| {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            (z ^ (z >> 31)) as u8 & self.mask
        };
        (0..count).map(next).collect()
    }
}
