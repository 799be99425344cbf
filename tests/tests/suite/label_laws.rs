//! Laws of what labels do to a verdict, over signed and unsigned fixtures and any set of labels: they claim an origin, and
//! change nothing of what a signature is worth.

use std::fs;
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use touchmark::evidence::{Ai, Credentials, Level, Verdict, evaluate};
use touchmark::findings::{Examined, Findings, Why};
use touchmark::pixels::PixelFindings;
use touchmark::{Layer, Limits, TrustLists, Verifier};
use touchmark_image::SourceImage;
use touchmark_provenance::manifest::{ManifestFinding, ManifestReader};
use touchmark_provenance::metadata::{FoundLabel, MetadataFinding, inspect};
use touchmark_tests::keys::JUDGED_AT;
use touchmark_tests::labelled;

use crate::expected::{fixtures, trusting_the_hostile};

/// Signed by nobody, by a stranger (by a signer on a list, where the lists say so), broken, unreadable.
const PICTURES: [&str; 12] = [
    "images/flat.jpg",
    "stamped/palette-filled.png",
    "hostile/source-type-camera.jpg",
    "hostile/source-type-composite.jpg",
    "hostile/source-type-missing.jpg",
    "hostile/source-type-partly.jpg",
    "hostile/ai-only-in-ingredient.jpg",
    "hostile/pixel-changed.jpg",
    "hostile/signature-changed.jpg",
    "hostile/exclusion-from-start.jpg",
    "hostile/two-cabx.png",
    "hostile/xmp-names-loopback.jpg",
];

/// Every label that the labelled fixtures carry.
static LABELS: LazyLock<Vec<FoundLabel>> = LazyLock::new(|| {
    labelled::cases()
        .flat_map(|case| {
            let bytes = case.bytes().unwrap();
            inspect(&SourceImage::parse(&bytes, &Limits::default()).unwrap()).labels
        })
        .collect()
});

static READERS: LazyLock<[ManifestReader; 2]> = LazyLock::new(|| {
    [TrustLists::official(), trusting_the_hostile()].map(|lists| ManifestReader::new(Arc::new(lists)).unwrap())
});

fn manifest(picture: &str, trusting: bool) -> ManifestFinding {
    let bytes = fs::read(fixtures().join(picture)).unwrap();
    let image = SourceImage::parse(&bytes, &Limits::default()).unwrap();
    READERS[usize::from(trusting)].read(&image, JUDGED_AT).unwrap()
}

fn with(picture: &str, trusting: bool, labels: &[FoundLabel]) -> Verdict {
    let mut metadata = MetadataFinding::default();
    metadata.labels = labels.to_vec();
    evaluate(&Findings::of(
        manifest(picture, trusting),
        metadata,
        PixelFindings::not_examined(Why::NotAsked),
    ))
}

fn without_looking(picture: &str, trusting: bool) -> Verdict {
    let mut findings = Findings::of(
        manifest(picture, trusting),
        MetadataFinding::default(),
        PixelFindings::not_examined(Why::NotAsked),
    );
    findings.metadata = Examined::NotExamined(Why::NotAsked);
    evaluate(&findings)
}

/// How much a level vouches for; where layers disagree, nothing is vouched for that the record does not.
fn strength(verdict: &Verdict) -> u8 {
    match verdict.level {
        Level::Attested => 4,
        Level::Signed | Level::SignedHere => 3,
        Level::Recovered => 2,
        Level::Claimed => 1,
        Level::Clashing if verdict.credentials == Credentials::Trusted => 4,
        Level::Clashing => 3,
        _ => 0,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    #[test]
    fn labels_claim_and_never_vouch(
        picture in select(&PICTURES[..]), trusting in any::<bool>(), labels in subsequence(LABELS.clone(), 0..6)
    ) {
        let bare = with(picture, trusting, &[]);
        let labelled = with(picture, trusting, &labels);

        // The trust axes do not know that there are labels.
        prop_assert_eq!(
            (bare.credentials, bare.integrity, bare.signer),
            (labelled.credentials, labelled.integrity, labelled.signer)
        );
        // Removing evidence never raises the level.
        prop_assert!(strength(&bare) <= strength(&labelled), "{:?} {:?}", bare.level, labelled.level);
        // A signed statement wins over labels: they speak where it is silent or leaves the matter open.
        match (bare.ai, labelled.ai) {
            (Ai::Unknown | Ai::Possible, Ai::Claimed | Ai::Possible) => {}
            (before, after) => prop_assert_eq!(before, after),
        }
        if bare.ai == labelled.ai && bare.ai != Ai::Unknown && bare.ai != Ai::Possible {
            prop_assert_eq!(bare.extent, labelled.extent);
        }
        // Only a record that holds can be contradicted.
        if labelled.level == Level::Clashing {
            prop_assert!(matches!(labelled.credentials, Credentials::Trusted | Credentials::Untrusted));
        }

        // The order of evidence does not matter.
        let mut reversed = labels.clone();
        reversed.reverse();
        let other = with(picture, trusting, &reversed);
        prop_assert_eq!((other.level, other.ai, other.extent), (labelled.level, labelled.ai, labelled.extent));
        prop_assert!(other.reasons().eq(labelled.reasons()));

        // Every finding is cited, listed as irrelevant, or named as not examined.
        for layer in [Layer::Manifest, Layer::Metadata] {
            let cited = labelled.reasons().any(|reason| reason.rule.layer() == layer);
            let named = labelled.irrelevant.contains(&layer) || labelled.not_examined.iter().any(|(other, _)| *other == layer);
            prop_assert!(cited || named, "{layer:?}");
        }
    }
}

#[test]
fn not_looking_is_worth_what_finding_nothing_is() {
    for picture in PICTURES {
        for trusting in [false, true] {
            let (absent, not_examined) = (with(picture, trusting, &[]), without_looking(picture, trusting));
            assert_eq!(
                (absent.level, absent.ai),
                (not_examined.level, not_examined.ai),
                "{picture}"
            );
            assert!(
                not_examined
                    .not_examined
                    .iter()
                    .any(|(layer, _)| *layer == Layer::Metadata)
            );
            assert!(!absent.not_examined.iter().any(|(layer, _)| *layer == Layer::Metadata));
        }
    }
}

#[test]
fn the_same_picture_gives_the_same_json() {
    let verifier = Verifier::new(TrustLists::official()).unwrap();
    for case in labelled::cases() {
        let bytes = case.bytes().unwrap();
        let json = || verifier.verify(&bytes, JUDGED_AT).unwrap().to_json();
        assert_eq!(json(), json(), "{}", case.name);
    }
}

/// Prompts are counted in reports, and shown only where that is asked for.
#[test]
fn no_report_shows_a_prompt_unasked() {
    let counting = Verifier::new(TrustLists::official()).unwrap();
    let showing = Verifier::new(TrustLists::official()).unwrap().with_prompts();
    let mut shown = 0;
    for case in labelled::cases() {
        let bytes = case.bytes().unwrap();
        let report = counting.verify(&bytes, JUDGED_AT).unwrap();
        for text in [report.to_json(), report.to_text()] {
            assert!(!text.contains("lighthouse"), "{}: {text}", case.name);
        }
        shown += usize::from(
            showing
                .verify(&bytes, JUDGED_AT)
                .unwrap()
                .to_json()
                .contains("lighthouse"),
        );
    }
    assert!(shown > 20, "{shown}");
}
