//! The report for people, word for word, for one fixture a kind of verdict, and every other rendering of some:
//! `fixtures/reports/`.
//! `REPORTS=overwrite` writes what is found; then read the difference.

use std::fs;

use time::macros::datetime;
use touchmark::report::{Language, Presentation};
use touchmark::{Disclosure, Report, Stamper, TrustLists, Verifier};
use touchmark_signing::{Algorithm, Identity, Subject};
use touchmark_tests::keys::{JUDGED_AT, STAMPED_AT};
use touchmark_tests::pictures;
use touchmark_tests::seeded::Seeded;

use crate::expected::{fixtures, trusting_the_hostile};

/// The name of each report, and the fixture it is about.
const REPORTS: &[(&str, &str)] = &[
    ("test-key", "stamped/palette-filled.png"),
    ("unknown-signer", "hostile/certificate-names-google.jpg"),
    ("expired", "hostile/certificate-expired.jpg"),
    ("changed", "hostile/pixel-changed.jpg"),
    ("record-broken", "hostile/assertion-changed.jpg"),
    ("signature-fails", "hostile/signature-changed.jpg"),
    ("certificate-invalid", "hostile/certificate-self-signed.jpg"),
    ("partly-protected", "hostile/exclusion-from-start.jpg"),
    ("ingredient-broken", "hostile/ingredient-broken.jpg"),
    ("ingredient-missing", "hostile/ingredient-missing.jpg"),
    ("malformed", "hostile/two-cabx.png"),
    ("nothing", "images/flat.jpg"),
    ("named-otherwise", "hostile/jpeg-named.png"),
    ("stated-after-signing", "hostile/action-dated-after-time-stamp.jpg"),
    ("store-checksum-wrong", "hostile/cabx-wrong-checksum.png"),
    ("remote", "hostile/xmp-names-loopback.jpg"),
    ("hostile-certificate-name", "hostile/certificate-names-escapes.jpg"),
    ("hostile-system-name", "hostile/system-name-script.webp"),
    ("labels", "labelled/a1111-text.png"),
    ("labels-hostile", "labelled/trap-escapes.jpg"),
    ("labels-quotation-marks", "labelled/trap-quotation-marks.jpg"),
    ("labels-words-as-keywords", "labelled/trap-words-as-keywords.png"),
    ("other-origin-claimed", "hostile/source-type-camera.jpg"),
    ("only-watermark", "marked/all-layers-stripped.jpg"),
    ("not-yet-valid", "hostile/certificate-not-yet-valid.jpg"),
    ("revoked", "hostile/revoked.jpg"),
    ("clashing", "labelled/signed-camera-labels-ai.jpg"),
];

/// The same with the signer's authority on a list.
const TRUSTED: &[(&str, &str)] = &[
    ("attested", "hostile/data-after-iend.png"),
    ("expired-listed", "hostile/certificate-expired.jpg"),
    ("attested-ai-in-ingredient", "hostile/ai-only-in-ingredient.jpg"),
    ("attested-other-origin", "hostile/source-type-camera.jpg"),
];

/// The reports whose other renderings are kept too: nothing found, nothing to be read, everything in order, a history, hostile names, labels.
const RENDERED: &[&str] = &[
    "nothing",
    "malformed",
    "attested",
    "attested-ai-in-ingredient",
    "changed",
    "hostile-certificate-name",
    "hostile-system-name",
    "labels",
    "labels-hostile",
    "clashing",
];

#[test]
fn reports_read_as_they_are_kept() {
    let official = Verifier::new(TrustLists::official()).unwrap();
    let trusting = Verifier::new(trusting_the_hostile()).unwrap();
    let mut expected: Vec<String> = Vec::new();
    for (verifier, table) in [(&official, REPORTS), (&trusting, TRUSTED)] {
        for (name, file) in table {
            let bytes = fs::read(fixtures().join(file)).unwrap();
            let report = verifier.verify(&bytes, JUDGED_AT).unwrap().with_file_name(file);
            keep(&format!("{name}.txt"), &report.to_text(), &mut expected);
            if RENDERED.contains(name) {
                keep_renderings(name, &report, &mut expected);
            }
        }
    }
    keep("local.txt", &signed_here().to_text(), &mut expected);

    let files = fs::read_dir(fixtures().join("reports")).unwrap();
    let mut found: Vec<_> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

/// What a first run on this machine stamps.
fn signed_here() -> Report {
    let made = datetime!(2026-11-01 00:00 UTC);
    let identity = Identity::new(
        &Subject::local(),
        Algorithm::Ed25519,
        made,
        &mut Seeded::new("local identity"),
    )
    .unwrap();
    let lists = TrustLists::official().with_local_root(identity.root().certificate.clone());
    let stamper = Stamper::new(identity.signer().unwrap()).unwrap();
    let picture = fs::read(pictures::folder().join("flat.jpg")).unwrap();
    let stamped = stamper.stamp(&picture, &Disclosure::unfilled(), STAMPED_AT).unwrap();
    let verifier = Verifier::new(lists).unwrap();
    verifier
        .verify(stamped.bytes(), JUDGED_AT)
        .unwrap()
        .with_file_name("flat.stamped.jpg")
}

/// Every rendering but the text in English, with the help lines of a country.
fn keep_renderings(name: &str, report: &Report, expected: &mut Vec<String>) {
    let put = |language, country: &str| {
        report.clone().presented(&Presentation {
            language,
            country: country.parse().ok(),
            ..Presentation::default()
        })
    };
    let (english, german) = (put(Language::English, "GB"), put(Language::German, "AT"));
    let json: serde_json::Value = serde_json::from_str(&english.to_json()).unwrap();
    keep(&format!("{name}.de.txt"), &german.to_text(), expected);
    keep(&format!("{name}.html"), &english.to_html(), expected);
    keep(&format!("{name}.de.html"), &german.to_html(), expected);
    keep(&format!("{name}.json"), &format!("{json:#}\n"), expected);
}

fn keep(file: &str, found: &str, expected: &mut Vec<String>) {
    let path = fixtures().join("reports").join(file);
    if std::env::var_os("REPORTS").is_some_and(|value| value == "overwrite") {
        fs::write(&path, found).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == kept, "{file}: REPORTS=overwrite writes what is found");
    expected.push(file.to_owned());
}
