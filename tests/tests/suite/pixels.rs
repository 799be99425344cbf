//! The layers in the pixels, from stamp to report: what is put in is found again, also once everything else is gone;
//! what cannot be put in is said by name; marks that were there are recorded.

use time::OffsetDateTime;
use touchmark::issuer;
use touchmark::label::{Label, Language, Place, Text};
use touchmark::watermark::{Refusal, Strength, WatermarkId, WatermarkKey};
use touchmark::{
    EditedFrom, Error, Limits, Note, Order, PixelsRefusal, Report, Stamped, Stamper, Verifier, Want, WatermarkOrder,
};
use touchmark_attacks::{Attack, NoCodecs, Picture, Scene};
use touchmark_image::{Error as ImageError, PixelRefusal, SourceImage};
use touchmark_signing::Identity;
use touchmark_tests::{identity, pictures};

#[test]
fn every_layer_is_found_again() {
    let bench = Bench::new();
    for (format, picture) in [("jpeg", jpeg(&portrait())), ("png", png(&portrait()))] {
        let disclosure = identity::disclosure().unwrap();
        let order = Order {
            label: Some(label()),
            ..Order::of(&disclosure)
        };
        let stamped = bench.stamper.stamp_as(&picture, &order, bench.now).unwrap();
        let record = stamped.record().pixels.clone().unwrap();
        let report = bench.verify(stamped.bytes());
        let found = &report.layers.watermark;
        let id = record.watermark.unwrap().id;
        assert_eq!(found.id, Some(id.to_string()), "{format}");
        assert!(
            rules(&report).contains(&"watermark.agrees"),
            "{format}: {:?}",
            rules(&report)
        );
        assert_eq!(record.label.as_deref(), Some("AI generated"), "{format}");
        let fingerprint = report.layers.fingerprint.pdq.clone().unwrap();
        let apart = record.fingerprint.pdq.distance(&fingerprint.parse().unwrap());
        assert!(apart <= 2, "{format}: {apart}");
    }
}

/// As after a platform that keeps nothing but pixels.
#[test]
fn a_stripped_picture_still_leads_to_its_issuer() {
    let bench = Bench::new();
    let stamped = bench.stamp(&jpeg(&portrait()), &Order::of(&identity::disclosure().unwrap()));
    let id = stamped.record().pixels.as_ref().unwrap().watermark.unwrap().id;
    let domain = issuer::number("example.org");
    for attack in ["none", "jpeg50", "resize0.75", "crop50", "hflip", "rot5"] {
        let report = bench.verify(&attacked(stamped.bytes(), attack));
        assert_eq!(report.layers.watermark.id, Some(id.to_string()), "{attack}");
        assert!(
            rules(&report).contains(&"watermark.found"),
            "{attack}: {:?}",
            rules(&report)
        );
        assert_eq!(id.issuer(), domain, "{attack}");
    }
}

#[test]
fn what_cannot_carry_a_mark_is_left_without_and_refused_where_it_is_demanded() {
    let bench = Bench::new();
    let disclosure = identity::disclosure().unwrap();
    let order = |want| Order {
        watermark: WatermarkOrder {
            want,
            ..WatermarkOrder::default()
        },
        ..Order::of(&disclosure)
    };
    type Expected = fn(&PixelsRefusal) -> bool;
    let cases: [(&str, Expected); 4] = [
        ("flat.jpg", |why| {
            matches!(why, PixelsRefusal::Watermark(Refusal::TooSmall { .. }))
        }),
        ("cmyk.jpg", |why| {
            matches!(why, PixelsRefusal::Coding(ImageError::Pixels(PixelRefusal::Cmyk)))
        }),
        ("animated.png", |why| {
            matches!(why, PixelsRefusal::Coding(ImageError::Pixels(PixelRefusal::Animated)))
        }),
        ("flat.webp", |why| {
            matches!(why, PixelsRefusal::Watermark(Refusal::TooSmall { .. }))
        }),
    ];
    for (name, expected) in cases {
        let stamped = bench.stamp(&fixture(name), &order(Want::IfPossible));
        let told = stamped.record().notes.iter().any(|note| match note {
            Note::WatermarkLeftOut(why) => expected(why),
            _ => false,
        });
        assert!(told, "{name}: {:?}", stamped.record().notes);
        let refused = bench
            .stamper
            .stamp_as(&fixture(name), &order(Want::Demanded), bench.now);
        assert!(
            matches!(&refused, Err(Error::Pixels(why)) if expected(why)),
            "{name}: {refused:?}"
        );
    }
}

/// A mark above it takes the place of an older one, which can no longer be read.
#[test]
fn the_mark_of_a_parent_is_told_of_in_the_stamp_above_it() {
    let bench = Bench::new();
    let disclosure = identity::disclosure().unwrap();
    let order = Order::of(&disclosure);
    let parent = bench.stamp(&jpeg(&portrait()), &order);
    let id = parent.record().pixels.as_ref().unwrap().watermark.unwrap().id;
    let stripped = attacked(parent.bytes(), "none");
    let edited = bench
        .stamper
        .stamp_edited(&jpeg(&portrait()), EditedFrom::picture(&stripped), &order, bench.now)
        .unwrap();
    let notes = &edited.stamped.record().notes;
    assert!(notes.contains(&Note::ParentWatermark(id)), "{notes:?}");
    let report = bench.verify(edited.stamped.bytes());
    let description = report.layers.manifest.manifests[0].ingredients[0]
        .description
        .clone()
        .unwrap();
    assert!(description.contains(&id.to_string()), "{description}");

    let without = bench
        .stamper
        .stamp_edited(
            &jpeg(&portrait()),
            EditedFrom::picture(&stripped),
            &Order::without_pixels(&disclosure),
            bench.now,
        )
        .unwrap();
    let notes = &without.stamped.record().notes;
    assert!(
        !notes.iter().any(|note| matches!(note, Note::ParentWatermark(_))),
        "nobody asked about pixels: {notes:?}"
    );
}

/// An edit that left the parent's mark in the pixels: the mark above takes it into account, under the same key and under
/// another.
#[test]
fn an_edit_with_its_parents_mark_contradicts_nothing() {
    let bench = Bench::new();
    let disclosure = identity::disclosure().unwrap();
    let order = Order::of(&disclosure);
    let parent = bench.stamp(&jpeg(&portrait()), &order);
    let older = parent.record().pixels.as_ref().unwrap().watermark.unwrap().id;
    let picture = attacked(parent.bytes(), "none");
    let key = WatermarkKey::from_bytes([7; 32]);
    let other = Stamper::new(bench.identity.signer().unwrap()).unwrap();
    for (stamper, verifier) in [
        (&bench.stamper, bench.verifier()),
        (
            &other.with_watermark_key(&key),
            bench.verifier().with_watermark_keys(vec![key]),
        ),
    ] {
        let from = EditedFrom::picture(parent.bytes());
        let edited = stamper.stamp_edited(&picture, from, &order, bench.now).unwrap();
        let record = edited.stamped.record();
        assert!(
            record.notes.contains(&Note::ParentWatermark(older)),
            "{:?}",
            record.notes
        );
        let newer = record.pixels.as_ref().unwrap().watermark.unwrap().id;
        let report = verifier.verify(edited.stamped.bytes(), bench.now).unwrap();
        assert_eq!(report.layers.watermark.id, Some(newer.to_string()));
        assert!(rules(&report).contains(&"watermark.agrees"), "{:?}", rules(&report));
    }
}

#[test]
fn a_mark_of_ones_own_is_read_by_who_has_the_key() {
    let bench = Bench::new();
    let key = WatermarkKey::from_bytes([7; 32]);
    let id = WatermarkId::new(issuer::number("example.org"), 26).unwrap();
    let disclosure = identity::disclosure().unwrap();
    let order = Order {
        watermark: WatermarkOrder {
            want: Want::Demanded,
            id: Some(id),
            strength: Strength::Default,
        },
        ..Order::of(&disclosure)
    };
    let stamper = Stamper::new(bench.identity.signer().unwrap())
        .unwrap()
        .with_full_self_check()
        .with_watermark_key(&key);
    let stamped = stamper.stamp_as(&png(&portrait()), &order, bench.now).unwrap();
    assert_eq!(bench.verify(stamped.bytes()).layers.watermark.id, None);
    let knowing = bench.verifier().with_watermark_keys(vec![key]);
    let report = knowing.verify(stamped.bytes(), bench.now).unwrap();
    assert_eq!(report.layers.watermark.id, Some(id.to_string()));
}

/// Who raises the limits gets marks on what they let in.
#[test]
fn a_mark_is_read_back_under_the_stampers_own_limits() {
    let bench = Bench::new();
    let mut picture = png(&portrait());
    let after_header = 33;
    let empty = [&[0; 4][..], b"tmRk", &crc32fast::hash(b"tmRk").to_be_bytes()].concat();
    let chunks = Limits::default().max_segments as usize;
    picture.splice(after_header..after_header, empty.repeat(chunks));
    let limits = Limits {
        max_segments: 1 << 20,
        ..Limits::default()
    };
    let stamper = Stamper::new(bench.identity.signer().unwrap())
        .unwrap()
        .with_full_self_check()
        .with_limits(limits);
    let disclosure = identity::disclosure().unwrap();
    let order = Order::of(&disclosure);
    let stamped = stamper.stamp_as(&picture, &order, bench.now).unwrap();
    assert!(stamped.record().pixels.is_some(), "{:?}", stamped.record().notes);
}

struct Bench {
    identity: Identity,
    stamper: Stamper,
    now: OffsetDateTime,
}

impl Bench {
    fn new() -> Self {
        let identity = identity::fresh().unwrap();
        Self {
            stamper: Stamper::new(identity.signer().unwrap()).unwrap(),
            identity,
            now: OffsetDateTime::now_utc(),
        }
    }

    fn verifier(&self) -> Verifier {
        Verifier::new(identity::trusting(&self.identity).unwrap()).unwrap()
    }

    fn verify(&self, bytes: &[u8]) -> Report {
        self.verifier().verify(bytes, self.now).unwrap()
    }

    fn stamp(&self, bytes: &[u8], order: &Order<'_>) -> Stamped {
        self.stamper.stamp_as(bytes, order, self.now).unwrap()
    }
}

fn rules(report: &Report) -> Vec<&'static str> {
    report.verdict().reasons().map(|reason| reason.rule.id()).collect()
}

fn label() -> Label {
    Label {
        text: Some(Text::ready(Language::English)),
        icon: false,
        place: Place::default(),
    }
}

fn portrait() -> Picture {
    let scene = Scene::ALL.iter().find(|scene| scene.name() == "portrait").unwrap();
    scene.draw(640, 800)
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(pictures::folder().join(name)).unwrap()
}

fn pixels_of(bytes: &[u8]) -> touchmark_image::Pixels {
    SourceImage::parse(bytes, &Limits::default()).unwrap().decode().unwrap()
}

/// The pixels after an attack, coded again without any metadata.
fn attacked(bytes: &[u8], attack: &str) -> Vec<u8> {
    let picture = Picture::of(&pixels_of(bytes));
    jpeg(&Attack::named(attack).unwrap().apply(&picture, 1, &NoCodecs).unwrap())
}

fn jpeg(picture: &Picture) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (width, height) = (picture.width() as u16, picture.height() as u16);
    jpeg_encoder::Encoder::new(&mut bytes, 85)
        .encode(picture.samples(), width, height, jpeg_encoder::ColorType::Rgb)
        .unwrap();
    bytes
}

fn png(picture: &Picture) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (width, height) = (picture.width() as u32, picture.height() as u32);
    let rgb = image::RgbImage::from_raw(width, height, picture.samples().to_vec()).unwrap();
    rgb.write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Png)
        .unwrap();
    bytes
}
