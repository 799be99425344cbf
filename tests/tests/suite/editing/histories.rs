//! Parents with histories of their own, long, compressed, over the limits, or forged.

use std::fs;

use coset::cbor::Value;
use time::OffsetDateTime;
use touchmark::evidence::{Ai, Level, Rule};
use touchmark::{EditedFrom, Error, ParentCredentials, TrustLists, Verifier};
use touchmark_provenance::ParentFault;
use touchmark_tests::certificates::Plan;
use touchmark_tests::forge::{self, Assertion, Draft, Seal, Sealed};
use touchmark_tests::hostile;

use super::{Bench, array, failures_of, fault, picture, rules};
use crate::compressed::stamp_compressed;

const CAMERA: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture";

#[test]
fn edits_of_edits_keep_their_whole_history() {
    let bench = Bench::new();
    let mut last = bench.photograph();
    for (depth, name) in ["flat.jpg", "palette.png", "flat.webp", "flat.jpg"]
        .into_iter()
        .enumerate()
    {
        last = bench.edit(&picture(name), &last).unwrap().0;
        bench.assert_accepted(&last, &format!("{name}, {depth} edits before it"));
        let crjson = bench.crjson(&last);
        assert_eq!(array(&crjson["manifests"]).count(), depth + 2);
    }
}

#[test]
fn an_update_and_a_compressed_manifest_are_carried_on() {
    let bench = Bench::new();
    let update = fs::read(hostile::folder().join("update.jpg")).unwrap();
    let compressed = stamp_compressed(&picture("palette.png"), bench.identity.signer().unwrap());
    for (name, parent) in [("update", update), ("compressed", compressed)] {
        let (stamped, credentials) = bench.edit(&picture("flat.jpg"), &parent).unwrap();
        assert_eq!(failures_of(&credentials), [""; 0], "{name}");
        bench.assert_accepted(&stamped, name);
    }
}

#[test]
fn a_parent_with_many_ingredients_is_carried_on_up_to_the_limit() {
    let bench = Bench::new();
    let (stamped, credentials) = bench.edit(&picture("flat.jpg"), &collage(120, 0)).unwrap();
    assert_eq!(failures_of(&credentials), [""; 0]);
    bench.assert_accepted(&stamped, "120 ingredients");
    let refused = bench.edit(&picture("flat.jpg"), &collage(200, 0)).unwrap_err();
    assert_eq!(fault(&refused), Some(ParentFault::OverLimit));
}

#[test]
fn a_huge_store_is_refused() {
    let bench = Bench::new();
    let (stamped, _) = bench.edit(&picture("flat.jpg"), &collage(0, 1 << 20)).unwrap();
    bench.assert_accepted(&stamped, "a store of a mebibyte");
    let huge = forge::with_store(&picture("palette.png"), &vec![0; 17 << 20]).unwrap();
    let refused = bench.edit(&picture("flat.jpg"), &huge).unwrap_err();
    assert_eq!(fault(&refused), Some(ParentFault::OverLimit));
}

/// Whatever hangs in a parent's store without being part of its history is left behind.
#[test]
fn manifests_that_nothing_refers_to_are_left_behind() {
    let bench = Bench::new();
    let parent = fs::read(hostile::folder().join("manifest-replayed.jpg")).unwrap();
    let (stamped, _) = bench.edit(&picture("flat.jpg"), &parent).unwrap();
    bench.assert_accepted(&stamped, "replayed");
    assert_eq!(array(&bench.crjson(&stamped)["manifests"]).count(), 2);
}

/// Any file may be given as a parent. None makes our stamp anything but whole, none makes what it says of AI a statement
/// of somebody else, and what was broken in it stays so.
#[test]
fn no_hostile_parent_is_laundered() {
    let bench = Bench::new();
    let verifier = Verifier::new(TrustLists::official()).unwrap().without_pixels();
    let now = OffsetDateTime::now_utc();
    let edited = picture("palette.png");
    let mut outcomes = [0; 3];
    for case in hostile::cases() {
        let parent = case.bytes().unwrap();
        match bench.stamp_edited(&edited, EditedFrom::picture(&parent)) {
            Ok((stamped, credentials)) => {
                let before = verifier.verify(&parent, now).unwrap().verdict().clone();
                let after = bench.verdict(&stamped);
                assert_eq!((after.level, after.ai), (Level::Attested, Ai::Stated), "{}", case.name);
                let holds = match &credentials {
                    ParentCredentials::Carried { failures, .. } => failures.is_empty(),
                    ParentCredentials::Unreadable(_) => false,
                    _ => true,
                };
                let was_whole = matches!(before.level, Level::Unknown | Level::Signed);
                assert!(was_whole || !holds, "{}: {before:?} {credentials:?}", case.name);
                let is_told = rules(&after).contains(&Rule::IngredientBroken);
                let was_broken = rules(&before).contains(&Rule::IngredientBroken);
                assert!(is_told || !was_broken, "{}: {after:?}", case.name);
                outcomes[usize::from(holds)] += 1;
            }
            Err(Error::ParentImage(_) | Error::Parent { .. }) => outcomes[2] += 1,
            Err(error) => panic!("{}: {error:?}", case.name),
        }
    }
    assert!(outcomes.iter().all(|count| *count > 0), "{outcomes:?}");
}

/// A picture of so many ingredients with manifests, and an assertion of so many bytes.
fn collage(ingredients: usize, bulk: usize) -> Vec<u8> {
    let authority = Plan::authority("Example Authority").self_signed().unwrap();
    let holder = Plan::signer("Example Pictures").issued_by(&authority).unwrap();
    let draft = |name: &str| Draft::new(name, Some(CAMERA), Seal::of(&holder));
    let parts: Vec<Sealed> = (0..ingredients)
        .map(|part| draft(&format!("part {part}")).seal(None).unwrap())
        .collect();
    let mut whole = draft("collage");
    for (index, part) in parts.iter().enumerate() {
        let mut assertion = part.as_ingredient("inputTo").unwrap();
        if index > 0 {
            assertion.label = format!("{}__{index}", assertion.label);
        }
        whole.assertions.push(assertion);
    }
    let content = forge::map([("bulk", Value::Bytes(vec![7; bulk]))]);
    whole
        .assertions
        .push(Assertion::new("org.example.bulk", &content).unwrap());
    forge::sign_into(&picture("palette.png"), &whole, &parts).unwrap()
}
