//! Readers that share no code with ours agree: `encypher-c2pa` calls every stamp valid, and trusted under its root.

use std::collections::BTreeSet;
use std::sync::Arc;

use c2pa::assertions::DataHash;
use c2pa::{Builder, Context, HashRange, Settings, ValidationState};
use encypher_c2pa::{VerificationReport, VerifyOptions, verify_with_options};
use serde_json::json;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use touchmark::evidence::{Integrity, Level};
use touchmark::{Disclosure, Format, Limits, Stamper, Verifier};
use touchmark_image::{Layout, SourceImage, Splice};
use touchmark_provenance::manifest::{Ids, ManifestSigner, Origin, PixelFacts, SoftBinding, StampFacts};
use touchmark_provenance::metadata::{RequestText, Requests, TrainingMining, Use};
use touchmark_provenance::names::soft_binding;
use touchmark_signing::Identity;
use touchmark_tests::identity;
use touchmark_tests::peer::CoseSigner;
use touchmark_tests::pictures::PICTURES;

use crate::conformance::read;
use crate::readers;

#[test]
fn every_stamped_picture_is_valid_and_trusted() {
    let bench = Bench::new();
    for picture in PICTURES {
        for disclosure in [identity::disclosure().unwrap(), Disclosure::unfilled()] {
            let stamped = bench.stamp(&picture.bytes().unwrap(), &disclosure);
            bench.assert_accepted(&stamped, picture.name);
        }
    }
}

/// Trust comes from the anchor alone; integrity does not depend on it.
#[test]
fn under_a_foreign_root_a_stamp_is_valid_and_not_trusted() {
    let (bench, other) = (Bench::new(), Bench::new());
    let report = other.report(&bench.stamp(&picture("rgb.png"), &Disclosure::unfilled()));
    assert_eq!(
        (report.integrity.as_str(), report.signature.as_str()),
        ("valid", "valid")
    );
    assert_eq!(codes(&report), ["signingCredential.untrusted"].into());
    assert_ne!(report.validation_state, "Trusted");
}

/// The conformance program asks for two things more, which need an authority beside the signer.
#[test]
fn in_strict_mode_only_time_stamp_and_revocation_are_missing() {
    let bench = Bench::new();
    let options = VerifyOptions {
        strict_conformance: true,
        ..bench.options()
    };
    for name in ["baseline-exif.jpg", "rgb.png", "lossless.webp"] {
        let stamped = bench.stamp(&picture(name), &identity::disclosure().unwrap());
        let report = verify_with_options(&stamped, mime(&stamped), &options).unwrap();
        let missing = [
            "com.encypher.conformance.revocationInformationMissing",
            "com.encypher.conformance.trustedTimeStampMissing",
        ];
        assert_eq!(codes(&report), missing.into(), "{name}");
    }
}

#[test]
fn bytes_behind_the_end_of_the_picture_are_covered_too() {
    let bench = Bench::new();
    for (name, trailing) in [
        ("baseline-exif.jpg", &b"what follows the picture, of odd length"[..]),
        ("rgb.png", b"what follows the picture, of odd length"),
        ("lossless.webp", b"note\x06\0\0\0a chunk"),
    ] {
        let bytes = [&picture(name), trailing].concat();
        let mut stamped = bench.stamp(&bytes, &Disclosure::unfilled());
        bench.assert_accepted(&stamped, name);
        *stamped.last_mut().unwrap() ^= 1;
        assert_eq!(bench.report(&stamped).hard_binding, "mismatch", "{name}");
    }
}

/// encypher-c2pa 1.10 reads on as chunks behind the RIFF body, and gives up where there are none, stamp or no stamp;
/// c2pa and we do not.
#[test]
fn bytes_behind_webp_that_are_no_chunk_are_for_other_readers() {
    let bench = Bench::new();
    let bytes = [&picture("lossless.webp"), &b"no chunk"[..], &[0xFF; 9]].concat();
    let stamped = bench.stamp(&bytes, &Disclosure::unfilled());
    for bytes in [&bytes, &stamped] {
        assert!(verify_with_options(bytes, "image/webp", &bench.options()).is_err());
    }
    let reader = read(&bench.identity, Format::WebP, &stamped);
    assert_eq!(reader.validation_state(), ValidationState::Trusted);
}

/// A store in WebP gets a byte of padding where its length would be odd. Names that differ by a letter make both
/// kinds of length; JPEG and PNG need no padding for either.
#[test]
fn stores_of_odd_and_even_length_are_accepted() {
    let bench = Bench::new();
    let mut met = BTreeSet::new();
    for name in ["flat.jpg", "palette.png", "flat.webp"] {
        for letters in 1..=4 {
            let stamped = bench.stamp(&picture(name), &provided_by(&"x".repeat(letters)));
            bench.assert_accepted(&stamped, name);
            let image = SourceImage::parse(&stamped, &Limits::default()).unwrap();
            let length = image.container().unwrap().stores[0].reassemble(&image).len();
            let padding = padding(&bench, &stamped);
            met.insert((image.format().name(), (length - padding) % 2, padding));
        }
    }
    let formats = [Format::Jpeg, Format::Png, Format::WebP];
    let expected = formats.iter().flat_map(|format| {
        let padded = usize::from(*format == Format::WebP);
        [(format.name(), 0, 0), (format.name(), 1, padded)]
    });
    assert_eq!(met, expected.collect());
}

/// Our disclosures stay far below the 65 kB of one APP11 segment, so c2pa builds a larger store; the splice is ours.
#[test]
fn a_store_over_several_jpeg_segments_is_accepted() {
    let bench = Bench::new();
    let stamped = bench.stamp_by_c2pa(&picture("baseline-exif.jpg"), 150_000);
    assert_eq!(app11_segments(&stamped), 3);
    bench.assert_accepted(&stamped, "encypher");
    let reader = read(&bench.identity, Format::Jpeg, &stamped);
    assert_eq!(reader.validation_state(), ValidationState::Trusted);
    let verifier = Verifier::new(identity::trusting(&bench.identity).unwrap()).unwrap();
    let report = verifier.verify(&stamped, OffsetDateTime::now_utc()).unwrap();
    let verdict = report.verdict();
    assert_eq!((verdict.level, verdict.integrity), (Level::Attested, Integrity::Intact));
}

/// Terms for training and mining are in the manifest only where they were asked for, in the form of CAWG 1.1.
#[test]
fn terms_for_training_are_read_as_they_were_asked_for() {
    let bench = Bench::new();
    let (disclosure, bytes) = (Disclosure::unfilled(), picture("rgb.png"));
    let image = SourceImage::parse(&bytes, &Limits::default()).unwrap();
    let signer = ManifestSigner::new(Arc::new(bench.identity.signer().unwrap())).unwrap();
    let terms = TrainingMining {
        data_mining: Use::Allowed,
        ai_inference: Use::Constrained(RequestText::new("ask us first").unwrap()),
        ai_training: Use::NotAllowed,
        ai_generative_training: Use::NotAllowed,
    };
    let effective = |training_mining: Option<TrainingMining>| {
        let requests = Requests {
            training_mining,
            ..Requests::default()
        };
        let facts = StampFacts {
            disclosure: &disclosure,
            origin: Origin::Created,
            created: OffsetDateTime::now_utc(),
            ids: Ids::from_random([7; 32]),
            pixels: PixelFacts::none(),
            requests: &requests,
        };
        let container = image.container().unwrap();
        let layout = Layout::new(&container, None).unwrap();
        let stamped = signer.sign(&image, &container, layout, &facts).unwrap();
        bench.assert_accepted(&stamped, "terms");
        let told = bench.report(&stamped).validation_results.informational;
        let code = "com.encypher.cawg.trainingMining.effectiveUse";
        let status = told.into_iter().find(|status| status.code == code)?;
        Some(status.details.unwrap()["entries"].clone())
    };
    assert_eq!(effective(None), None);
    let uses = effective(Some(terms)).unwrap();
    let of = |name: &str| uses[name]["effectiveUse"].as_str().unwrap().to_owned();
    assert_eq!(
        ["data_mining", "ai_inference", "ai_training", "ai_generative_training"]
            .map(|name| of(&format!("cawg.{name}"))),
        ["allowed", "constrained", "notAllowed", "notAllowed"]
    );
}

#[test]
fn one_changed_byte_of_the_pixels_is_a_mismatch() {
    let bench = Bench::new();
    for (name, scan) in [
        ("baseline-exif.jpg", &b"\xFF\xDA"[..]),
        ("rgb.png", b"IDAT"),
        ("lossless.webp", b"VP8L"),
    ] {
        let mut stamped = bench.stamp(&picture(name), &Disclosure::unfilled());
        let start = stamped.windows(scan.len()).position(|window| window == scan).unwrap();
        stamped[start + 1000] ^= 1;
        let report = bench.report(&stamped);
        let axes = (
            &*report.integrity,
            &*report.signature,
            &*report.hard_binding,
            &*report.validation_state,
        );
        assert_eq!(axes, ("invalid", "valid", "mismatch", "Invalid"), "{name}");
        assert_eq!(codes(&report), ["assertion.dataHash.mismatch"].into(), "{name}");
    }
}

/// One identity, a stamper with it, and the independent reader with its root as only anchor.
struct Bench {
    identity: Identity,
    stamper: touchmark::Stamper,
}

impl Bench {
    fn new() -> Self {
        let identity = identity::fresh().unwrap();
        let stamper = Stamper::new(identity.signer().unwrap()).unwrap();
        Self { identity, stamper }
    }

    fn stamp(&self, bytes: &[u8], disclosure: &Disclosure) -> Vec<u8> {
        let stamped = self
            .stamper
            .stamp(bytes, disclosure, OffsetDateTime::now_utc())
            .unwrap();
        stamped.into_bytes()
    }

    fn options(&self) -> VerifyOptions {
        VerifyOptions {
            trust_pem: Some(self.identity.root().certificate.to_pem()),
            no_default_trust: true,
            ..VerifyOptions::default()
        }
    }

    fn report(&self, stamped: &[u8]) -> VerificationReport {
        verify_with_options(stamped, mime(stamped), &self.options()).unwrap()
    }

    fn assert_accepted(&self, stamped: &[u8], name: &str) {
        let report = self.report(stamped);
        assert_eq!((&*report.profile, report.present), ("c2pa-2.4", true), "{name}");
        assert_eq!(report.validation_results.failure, [], "{name}");
        let axes = (
            &*report.integrity,
            &*report.signature,
            &*report.hard_binding,
            &*report.validation_state,
        );
        assert_eq!(axes, ("valid", "valid", "match", "Trusted"), "{name}");
        assert_eq!(report.trust.status, "valid_for_supplied_material", "{name}");
    }

    /// A stamp that c2pa's builder makes, with an assertion of `bulk` bytes, put into the file by our splice.
    fn stamp_by_c2pa(&self, bytes: &[u8], bulk: usize) -> Vec<u8> {
        let settings = json!({
            "verify": { "verify_after_sign": false },
            "builder": { "thumbnail": { "enabled": false } },
        });
        let settings = Settings::new().with_json(&settings.to_string()).unwrap();
        let context = Context::new().with_settings(settings).unwrap();
        let context = Arc::new(context.with_signer(CoseSigner(self.identity.signer().unwrap())));
        let definition = json!({
            "claim_version": 2,
            "claim_generator_info": [{ "name": "test", "version": "1", "specVersion": "2.4.0" }],
            "format": "image/jpeg",
            "assertions": [
                { "label": "c2pa.actions.v2", "created": true, "data": {
                    "allActionsIncluded": true,
                    "actions": [{
                        "action": "c2pa.created",
                        "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
                    }],
                } },
                { "label": "org.example.bulk", "created": true, "data": { "text": "bulk".repeat(bulk / 4) } },
            ],
        });
        let store = |exclusion: (u64, u64), hash: [u8; 32]| {
            let mut builder = Builder::from_shared_context(&context)
                .with_definition(definition.clone())
                .unwrap();
            let mut binding = DataHash::new("jumbf manifest", "sha256");
            binding.add_exclusion(HashRange::new(exclusion.0, exclusion.1));
            binding.set_hash(hash.to_vec());
            builder.add_assertion("c2pa.hash.data", &binding).unwrap();
            builder.sign_embeddable("application/c2pa").unwrap()
        };
        let image = SourceImage::parse(bytes, &Limits::default()).unwrap();
        let container = image.container().unwrap();
        // Numbers of the same width in CBOR as the final ones, so that the length is final too.
        let length = store((container.insertion as u64, bulk as u64), [0; 32]).len();
        let splice = Splice::new(Layout::new(&container, None).unwrap(), length).unwrap();
        let spliced = splice.over(&image).unwrap();
        let mut sha256 = Sha256::new();
        spliced.hashed().for_each(|part| sha256.update(part));
        spliced
            .assemble(&store(splice.exclusion(), sha256.finalize().into()))
            .unwrap()
    }
}

fn picture(name: &str) -> Vec<u8> {
    let picture = PICTURES.iter().find(|picture| picture.name == name).unwrap();
    picture.bytes().unwrap()
}

/// A disclosure whose length in the store depends on the name by a byte a letter.
fn provided_by(name: &str) -> Disclosure {
    let text = identity::DISCLOSURE.replace(r#"name = "Example Images""#, &format!("name = {name:?}"));
    assert_ne!(text, identity::DISCLOSURE);
    Disclosure::from_toml(&text).unwrap()
}

fn mime(bytes: &[u8]) -> &'static str {
    Format::recognise(bytes).unwrap().mime_type()
}

fn codes(report: &VerificationReport) -> BTreeSet<&str> {
    let failures = report.validation_results.failure.iter();
    failures.map(|status| status.code.as_str()).collect()
}

/// Bytes of padding in the data hash.
fn padding(bench: &Bench, stamped: &[u8]) -> usize {
    let crjson = read(&bench.identity, Format::recognise(stamped).unwrap(), stamped)
        .to_crjson_value()
        .unwrap();
    match crjson["manifests"][0]["assertions"]["c2pa.hash.data"]["pad"].as_str() {
        Some("b64''") => 0,
        Some("b64'AA=='") => 1,
        other => panic!("padding {other:?}"),
    }
}

/// The APP11 segments of the only store.
fn app11_segments(stamped: &[u8]) -> usize {
    let image = SourceImage::parse(stamped, &Limits::default()).unwrap();
    let container = image.container().unwrap();
    let [store] = container.stores.as_slice() else {
        panic!("one store")
    };
    let [range] = store.ranges.as_slice() else {
        panic!("in one piece")
    };
    let (mut at, mut segments) = (range.start, 0);
    while at < range.end {
        assert_eq!(stamped[at..at + 2], [0xFF, 0xEB]);
        at += 2 + usize::from(u16::from_be_bytes([stamped[at + 2], stamped[at + 3]]));
        segments += 1;
    }
    segments
}

/// What a stamp states of its pixels: soft bindings of watermark and fingerprint, the action that refers to the first by
/// its hash, and the label that was drawn.
#[test]
fn what_is_in_the_pixels_is_stated_as_every_reader_expects() {
    let bench = Bench::new();
    let signer = ManifestSigner::new(Arc::new(bench.identity.signer().unwrap())).unwrap();
    let (disclosure, requests) = (Disclosure::unfilled(), Requests::default());
    let bindings = ["watermark", "fingerprint"].map(|what| {
        Some(SoftBinding {
            algorithm: if what == "watermark" {
                soft_binding::LATTICE
            } else {
                soft_binding::ISCC
            },
            value: what.as_bytes().to_vec(),
        })
    });
    let [watermark, fingerprint] = bindings;
    let pixels = PixelFacts {
        watermark,
        fingerprint,
        label: Some("AI generated".into()),
    };
    for name in ["rgb.png", "baseline-exif.jpg", "lossless.webp"] {
        let bytes = picture(name);
        let image = SourceImage::parse(&bytes, &Limits::default()).unwrap();
        let facts = StampFacts {
            disclosure: &disclosure,
            origin: Origin::Created,
            created: OffsetDateTime::now_utc(),
            ids: Ids::from_random([9; 32]),
            pixels: &pixels,
            requests: &requests,
        };
        let container = image.container().unwrap();
        let layout = Layout::new(&container, None).unwrap();
        let stamped = signer.sign(&image, &container, layout, &facts).unwrap();
        readers::assert_accepted(&bench.identity, &stamped, name);

        let crjson = read(&bench.identity, Format::recognise(&stamped).unwrap(), &stamped)
            .to_crjson_value()
            .unwrap();
        let manifest = &crjson["manifests"][0];
        let stated = |value: &serde_json::Value| -> Vec<(String, String)> {
            let references = value.as_array().unwrap().iter();
            references
                .map(|reference| (reference["url"].to_string(), reference["hash"].to_string()))
                .collect()
        };
        let actions = &manifest["assertions"]["c2pa.actions.v2"]["actions"];
        let names: Vec<_> = actions
            .as_array()
            .unwrap()
            .iter()
            .map(|action| &action["action"])
            .collect();
        assert_eq!(names, ["c2pa.created", "c2pa.addedText", "c2pa.watermarked.bound"]);
        let related = stated(&actions[2]["parameters"]["relatedAssertions"]);
        assert_eq!(related.len(), 1);
        assert!(
            stated(&manifest["claim.v2"]["created_assertions"]).contains(&related[0]),
            "{name}"
        );
    }
}
