//! A stamp by way of a template is, byte for byte, the stamp that c2pa's signing makes of the same facts and salts; and
//! a stamp written from file to file is the stamp made in memory.

use std::io::Cursor;
use std::sync::Arc;

use proptest::prelude::*;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use touchmark::{Disclosure, Limits, Order, Record, Signer, Stamper, Verifier, Want};
use touchmark_image::{Layout, SourceImage, Splice};
use touchmark_provenance::manifest::{Ids, ManifestSigner, Origin, PictureHash, PixelFacts, SoftBinding, StampFacts};
use touchmark_provenance::metadata::Requests;
use touchmark_provenance::names::soft_binding;
use touchmark_tests::identity;
use touchmark_tests::pictures::PICTURES;

use crate::readers;

const NOTHING: Requests = Requests {
    training_mining: None,
    prompt: None,
};
const AT: OffsetDateTime = touchmark_tests::keys::STAMPED_AT;

fn facts(disclosure: &Disclosure, created: OffsetDateTime, random: [u8; 32]) -> StampFacts<'_> {
    StampFacts {
        disclosure,
        origin: Origin::Created,
        created,
        ids: Ids::from_random(random),
        pixels: PixelFacts::none(),
        requests: const { &NOTHING },
    }
}

/// Facts of a picture with all that a manifest states of pixels.
fn pixels() -> PixelFacts {
    PixelFacts {
        watermark: Some(SoftBinding {
            algorithm: soft_binding::LATTICE,
            value: 0x0123_4567_89AB_CDEF_u64.to_be_bytes().to_vec(),
        }),
        fingerprint: Some(SoftBinding {
            algorithm: soft_binding::ISCC,
            value: b"ISCC:EEA4GQZQTY6J5DTH".to_vec(),
        }),
        label: Some("AI generated".into()),
    }
}

/// The salts of a store in the order of its assertions: 16 bytes behind each `c2sh` (C2PA 2.2, 8.4.2.3).
fn salts(store: &[u8]) -> Vec<u8> {
    let places = store
        .windows(8)
        .enumerate()
        .filter(|(_, bytes)| *bytes == b"\0\0\0\x18c2sh");
    places.flat_map(|(at, _)| store[at + 8..at + 24].to_vec()).collect()
}

/// c2pa writes the fields of JSON assertions in the order of a hash map, another one each time; so a store is signed
/// until it happens to have the template's order. Four fields and three have 144 orders.
const ATTEMPTS: usize = 5000;

#[test]
fn a_filled_template_is_what_c2pa_makes_of_the_same_facts() {
    let identity = identity::fresh().unwrap();
    assert_template_is_c2pas(
        identity.signer().unwrap(),
        &["flat.jpg", "palette.png", "lossless.webp", "odd-unpadded.webp"],
        PixelFacts::none(),
    );
    assert_template_is_c2pas(identity.signer().unwrap(), &["flat.jpg", "lossless.webp"], &pixels());
}

/// Signatures of other algorithms have other lengths, and stand in the same place.
#[test]
fn a_template_of_another_algorithm_is_what_c2pa_makes_too() {
    for (signer, _) in crate::algorithms::signers() {
        assert_template_is_c2pas(
            signer,
            &["flat.jpg", "palette.png", "lossless.webp"],
            PixelFacts::none(),
        );
    }
}

fn assert_template_is_c2pas(signer: Signer, names: &[&str], pixels: &PixelFacts) {
    let signer = ManifestSigner::new(Arc::new(signer)).unwrap();
    let now = OffsetDateTime::now_utc();
    for disclosure in [Disclosure::unfilled(), identity::disclosure().unwrap()] {
        for name in names {
            let picture = PICTURES.iter().find(|picture| picture.name == *name).unwrap();
            let bytes = picture.bytes().unwrap();
            let image = SourceImage::parse(&bytes, &Limits::default()).unwrap();
            let container = image.container().unwrap();
            // The template is made at another time and with other ids.
            let layout = Layout::new(&container, None).unwrap();
            let unlabelled = layout.clone();
            let others = pixels.with_values(100..);
            let made = StampFacts {
                pixels: &others,
                ..facts(&disclosure, now - time::Duration::minutes(1), [1; 32])
            };
            let template = signer.template(&made, &layout).unwrap();
            assert!(template.serves(&layout));
            let splice = Splice::new(layout, template.store_len()).unwrap();
            let hash = PictureHash::of(&splice, splice.over(&image).unwrap());

            let facts = StampFacts {
                pixels,
                ..facts(&disclosure, now, [2; 32])
            };
            let is_reached = (0..ATTEMPTS).any(|_| {
                let reference = signer.sign(&image, &container, unlabelled.clone(), &facts).unwrap();
                let signed = SourceImage::parse(&reference, &Limits::default()).unwrap();
                let reference = signed.container().unwrap().stores[0].reassemble(&signed).into_owned();
                signer.fill(&template, &facts, &hash, &salts(&reference)).unwrap() == reference
            });
            assert!(is_reached, "{name}");
        }
    }
}

#[test]
fn a_template_refuses_what_it_was_not_made_for() {
    let identity = identity::fresh().unwrap();
    let signer = ManifestSigner::new(Arc::new(identity.signer().unwrap())).unwrap();
    let disclosure = Disclosure::unfilled();
    let bytes = PICTURES[0].bytes().unwrap();
    let image = SourceImage::parse(&bytes, &Limits::default()).unwrap();
    let layout = Layout::new(&image.container().unwrap(), None).unwrap();
    let now = OffsetDateTime::now_utc();
    let at_now = facts(&disclosure, now, [3; 32]);
    let template = signer.template(&at_now, &layout).unwrap();
    let splice = Splice::new(layout, template.store_len()).unwrap();
    let hash = PictureHash::of(&splice, splice.over(&image).unwrap());
    let salts = vec![0; template.salts_len()];
    let fill = |facts: &StampFacts<'_>, hash: &PictureHash, salts: &[u8]| signer.fill(&template, facts, hash, salts);
    assert!(fill(&at_now, &hash, &salts).is_ok());
    let elsewhere = PictureHash {
        exclusion: (70_000, hash.exclusion.1),
        ..hash
    };
    assert!(fill(&at_now, &elsewhere, &salts).is_err());
    let longer = PictureHash {
        exclusion: (hash.exclusion.0, hash.exclusion.1 + 1),
        ..hash
    };
    assert!(fill(&at_now, &longer, &salts).is_err());
    assert!(fill(&at_now, &hash, &salts[1..]).is_err());
    // The certificate's dates are checked for every picture.
    let late = facts(&disclosure, now + time::Duration::days(400), [3; 32]);
    assert!(fill(&late, &hash, &salts).is_err());
}

/// A PNG of over a mebibyte and a JPEG and a WebP as long, by what their formats let stand between: the file path walks
/// and copies them through its window.
fn large() -> Vec<(&'static str, Vec<u8>)> {
    ["rgb.png", "baseline-exif.jpg", "lossless.webp"]
        .into_iter()
        .map(|name| {
            let picture = PICTURES.iter().find(|picture| picture.name == name).unwrap();
            (name, enlarged(&picture.bytes().unwrap()))
        })
        .collect()
}

fn enlarged(bytes: &[u8]) -> Vec<u8> {
    const LENGTH: usize = 3 << 20;
    let filler: Vec<u8> = (0..LENGTH).map(|n| ((n * n) >> 7) as u8).collect();
    match bytes {
        [0xFF, 0xD8, ..] => {
            let end = bytes.len() - 2;
            let comments = filler.chunks(60_000).flat_map(|part| {
                let length = (part.len() as u16 + 2).to_be_bytes();
                [&[0xFF, 0xFE], &length[..], part].concat()
            });
            let comments: Vec<u8> = comments.collect();
            [&bytes[..end], &comments, &bytes[end..]].concat()
        }
        [0x89, ..] => {
            let end = bytes.len() - 12;
            let mut crc = crc32fast::Hasher::new();
            crc.update(b"juNk");
            crc.update(&filler);
            let length = (filler.len() as u32).to_be_bytes();
            let crc = crc.finalize().to_be_bytes();
            [&bytes[..end], &length, b"juNk", &filler, &crc, &bytes[end..]].concat()
        }
        _ => {
            let length = (filler.len() as u32).to_le_bytes();
            let mut out = [bytes, b"junk", &length, &filler].concat();
            let size = (out.len() as u32 - 8).to_le_bytes();
            out[4..8].copy_from_slice(&size);
            out
        }
    }
}

#[test]
fn file_to_file_gives_what_memory_gives() {
    let identity = identity::fresh().unwrap();
    let stamper = Stamper::new(identity.signer().unwrap()).unwrap();
    let disclosure = identity::disclosure().unwrap();
    let now = OffsetDateTime::now_utc();
    let small = PICTURES.iter().map(|picture| (picture.name, picture.bytes().unwrap()));
    for (name, bytes) in small.chain(large()) {
        let (labelled, _) = to_file(&stamper, &bytes, &Order::of(&disclosure), now);
        if name == "odd-unpadded.webp" || name == "trailing.jpg" || bytes.len() > 1 << 20 {
            readers::assert_accepted(&identity, &labelled, name);
        }

        // Labels hold the stamp's own identifiers.
        let unlabelled = Order {
            metadata: Want::No,
            ..Order::without_pixels(&disclosure)
        };
        let in_memory = stamper.stamp_as(&bytes, &unlabelled, now).unwrap();
        let (file, record) = to_file(&stamper, &bytes, &unlabelled, now);
        assert_eq!(record.bytes, file.len() as u64, "{name}");
        assert_eq!(record.format, in_memory.record().format, "{name}");
        // All but the store is the same; the stores differ in ids and salts.
        assert_eq!(outside(&file), outside(in_memory.bytes()), "{name}");
    }
}

fn to_file(stamper: &Stamper, bytes: &[u8], order: &Order<'_>, now: OffsetDateTime) -> (Vec<u8>, Record) {
    let mut file = Cursor::new(Vec::new());
    let record = stamper.stamp_file(Cursor::new(bytes), &mut file, order, now).unwrap();
    (file.into_inner(), record)
}

fn outside(file: &[u8]) -> [u8; 32] {
    let image = SourceImage::parse(file, &Limits::default()).unwrap();
    let store = image.container().unwrap().stores[0].ranges[0].clone();
    let mut sha256 = Sha256::new();
    sha256.update(&file[..store.start]);
    sha256.update(&file[store.end..]);
    sha256.finalize().into()
}

#[test]
fn two_stamps_share_no_salt_and_no_id() {
    let identity = identity::fresh().unwrap();
    let stamper = Stamper::new(identity.signer().unwrap()).unwrap();
    let bytes = PICTURES[0].bytes().unwrap();
    let stamp = || {
        stamper
            .stamp(&bytes, &Disclosure::unfilled(), OffsetDateTime::now_utc())
            .unwrap()
    };
    let (one, other) = (stamp(), stamp());
    assert_ne!(one.record().manifest, other.record().manifest);
    let (one, other) = (salts(one.bytes()), salts(other.bytes()));
    assert_eq!(one.len(), other.len());
    assert!(one.len() >= 6 * 16);
    let shared = one.chunks(16).any(|salt| other.chunks(16).any(|theirs| salt == theirs));
    assert!(!shared);
    let mut own: Vec<_> = one.chunks(16).collect();
    own.sort_unstable();
    own.dedup();
    assert_eq!(own.len() * 16, one.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Wherever the store begins, whatever the width of that number: the stamp reads as intact.
    #[test]
    fn the_place_of_the_store_may_have_any_width(app0 in prop_oneof![Just(0_usize), 1_usize..300, 60_000_usize..70_000, 60_000_usize..200_000]) {
        let identity = touchmark_tests::keys::test_signer().unwrap();
        let stamper = Stamper::new(identity).unwrap();
        let picture = PICTURES.iter().find(|picture| picture.name == "flat.jpg").unwrap().bytes().unwrap();
        let segments: Vec<u8> = vec![0; app0]
            .chunks(60_000)
            .flat_map(|part| [&[0xFF, 0xE0], &(part.len() as u16 + 2).to_be_bytes()[..], part].concat())
            .collect();
        let bytes = [&picture[..2], &segments, &picture[2..]].concat();
        let stamped = stamper.stamp(&bytes, &Disclosure::unfilled(), AT).unwrap();
        let report = Verifier::new(touchmark::TrustLists::default()).unwrap().verify(stamped.bytes(), AT).unwrap();
        prop_assert_eq!(report.verdict().integrity, touchmark::evidence::Integrity::Intact);
    }
}
