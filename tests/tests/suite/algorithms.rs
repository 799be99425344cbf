//! Stamps with ES256 and PS256: read alike by our verifier, by c2pa, and by `encypher-c2pa`, whichever way they were made.

use std::sync::Arc;

use c2pa::ValidationState;
use encypher_c2pa::{VerifyOptions, verify_with_options};
use time::OffsetDateTime;
use touchmark::evidence::{Integrity, Level};
use touchmark::{CertificateChain, Format, Limits, SecretKey, Signer, Stamper, TrustLists, Verifier};
use touchmark_image::{Layout, SourceImage};
use touchmark_provenance::manifest::{Ids, ManifestSigner, Origin, PixelFacts, StampFacts};
use touchmark_provenance::metadata::Requests;
use touchmark_signing::trust::{Purpose, TrustList};
use touchmark_signing::{Algorithm, Certificate, Identity, Subject};
use touchmark_tests::identity;
use touchmark_tests::pictures::PICTURES;
use touchmark_tests::rules::{Draft, Issuer};

use crate::conformance::read_under;

/// A signer and the root above it.
pub(super) fn signers() -> Vec<(Signer, Certificate)> {
    let subject = Subject::new("Example Ltd", "Image service").unwrap();
    let now = OffsetDateTime::now_utc();
    let es256 = Identity::new(&subject, Algorithm::Es256, now, &mut getrandom::SysRng).unwrap();
    let (root, key) = (Issuer::root().unwrap(), rsa_key());
    let mut draft = Draft::signer(key.public_key_info().unwrap()).unwrap();
    draft.valid = (now - time::Duration::DAY, now + time::Duration::days(300));
    let leaf = Certificate::from_der(&draft.issued_by(&root).unwrap()).unwrap();
    let ps256 = Signer::new(key, CertificateChain::new(vec![leaf]).unwrap()).unwrap();
    vec![
        (es256.signer().unwrap(), es256.root().certificate.clone()),
        (ps256, root.certificate),
    ]
}

fn rsa_key() -> SecretKey {
    SecretKey::from_pem(include_str!("../../../crates/signing/tests/data/openssl-rsa.pem"), None).unwrap()
}

#[test]
fn every_reader_accepts_stamps_of_every_algorithm() {
    let disclosure = identity::disclosure().unwrap();
    let requests = Requests::default();
    for (signer, root) in signers() {
        let algorithm = signer.algorithm();
        let manifests = ManifestSigner::new(Arc::new(signer.clone())).unwrap();
        let stamper = Stamper::new(signer).unwrap();
        for name in ["baseline-exif.jpg", "rgb.png", "lossless.webp", "odd-unpadded.webp"] {
            let picture = PICTURES.iter().find(|picture| picture.name == name).unwrap();
            let bytes = picture.bytes().unwrap();
            let now = OffsetDateTime::now_utc();
            let by_template = stamper.stamp(&bytes, &disclosure, now).unwrap().into_bytes();
            let image = SourceImage::parse(&bytes, &Limits::default()).unwrap();
            let container = image.container().unwrap();
            let facts = StampFacts {
                disclosure: &disclosure,
                origin: Origin::Created,
                created: now,
                ids: Ids::from_random([9; 32]),
                pixels: PixelFacts::none(),
                requests: &requests,
            };
            let layout = Layout::new(&container, None).unwrap();
            let by_c2pa = manifests.sign(&image, &container, layout, &facts).unwrap();
            for stamped in [by_template, by_c2pa] {
                assert_accepted(&stamped, &root, &format!("{algorithm}, {name}"));
            }
        }
    }
}

#[test]
fn a_changed_byte_is_told_whatever_the_algorithm() {
    for (signer, root) in signers() {
        let stamper = Stamper::new(signer).unwrap();
        let bytes = PICTURES
            .iter()
            .find(|picture| picture.name == "rgb.png")
            .unwrap()
            .bytes()
            .unwrap();
        let disclosure = identity::disclosure().unwrap();
        let mut stamped = stamper
            .stamp(&bytes, &disclosure, OffsetDateTime::now_utc())
            .unwrap()
            .into_bytes();
        let pixels = stamped.windows(4).position(|window| window == b"IDAT").unwrap();
        stamped[pixels + 1000] ^= 1;
        let report = verifier(&root).verify(&stamped, OffsetDateTime::now_utc()).unwrap();
        assert_eq!(report.verdict().level, Level::Broken);
    }
}

fn verifier(root: &Certificate) -> Verifier {
    let list = TrustList::from_pem("Test list", Purpose::Signers, root.to_pem().as_bytes()).unwrap();
    Verifier::new(TrustLists::empty().with(list)).unwrap()
}

fn assert_accepted(stamped: &[u8], root: &Certificate, name: &str) {
    let ours = verifier(root).verify(stamped, OffsetDateTime::now_utc()).unwrap();
    let verdict = ours.verdict();
    assert_eq!(
        (verdict.level, verdict.integrity),
        (Level::Attested, Integrity::Intact),
        "{name}"
    );

    let format = Format::recognise(stamped).unwrap();
    let reader = read_under(&root.to_pem(), format, stamped);
    assert_eq!(reader.validation_state(), ValidationState::Trusted, "{name}");

    let options = VerifyOptions {
        trust_pem: Some(root.to_pem()),
        no_default_trust: true,
        ..VerifyOptions::default()
    };
    let report = verify_with_options(stamped, format.mime_type(), &options).unwrap();
    assert_eq!(report.validation_results.failure, [], "{name}");
    let axes = (
        &*report.integrity,
        &*report.signature,
        &*report.hard_binding,
        &*report.validation_state,
    );
    assert_eq!(axes, ("valid", "valid", "match", "Trusted"), "{name}");
}
