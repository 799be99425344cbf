//! The table of adversarial cases, `fixtures/adversarial.toml`, against what there is: rows, files, levels and tests; and the
//! cases that are too large to be kept as files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;
use touchmark::evidence::{Integrity, Level, SignerAxis};
use touchmark::{Store, TrustLists, Verifier};
use touchmark_tests::certificates::Plan;
use touchmark_tests::forge::{Draft, Seal, sign_into};
use touchmark_tests::keys::JUDGED_AT;
use touchmark_tests::{hostile, pictures};

use crate::expected::{fixtures, level_of, trusting_the_hostile};

/// The rows of the design's table.
const ROWS: u32 = 48;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    row: BTreeMap<String, Row>,
    controls: Row,
    further: Row,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    /// What the design calls it; none for the two groups that are no rows.
    case: Option<String>,
    /// The levels that its files may have, or `refused`.
    #[serde(default)]
    level: Vec<String>,
    /// Files in `fixtures/hostile/`.
    #[serde(default)]
    files: Vec<String>,
    /// Files that belong beside one of them.
    #[serde(default)]
    beside: Vec<String>,
    /// `module::test`, the module by the name of its file.
    #[serde(default)]
    tests: Vec<String>,
    /// Which part of it is not here, and why.
    not_here: Option<String>,
}

#[test]
fn every_row_is_held_by_files_and_tests_or_says_why_not() {
    let table = table();
    let numbers: BTreeSet<u32> = table.row.keys().map(|number| number.parse().unwrap()).collect();
    assert_eq!(numbers, (1..=ROWS).collect());
    for (number, row) in &table.row {
        assert!(row.case.is_some(), "row {number} has no case");
        assert!(
            !row.files.is_empty() || row.not_here.is_some(),
            "row {number} has no file"
        );
    }
}

#[test]
fn every_file_has_a_level_of_its_row_and_every_file_a_row() {
    let table = table();
    let mut named = BTreeSet::new();
    let mut wrong = String::new();
    let rows = table.row.iter().map(|(number, row)| (number.as_str(), row));
    for (number, row) in rows.chain([("controls", &table.controls), ("further", &table.further)]) {
        for file in &row.files {
            let level = level_of(&format!("hostile/{file}"));
            if !level.as_ref().is_some_and(|level| row.level.contains(level)) {
                wrong += &format!("{number}: {file} is {level:?}\n");
            }
        }
        named.extend(row.files.iter().chain(&row.beside).cloned());
    }
    assert!(wrong.is_empty(), "{wrong}");
    let files: BTreeSet<String> = hostile::cases().map(|case| case.name.to_owned()).collect();
    assert_eq!(files, named);
}

/// A test that was renamed or removed holds no row any more.
#[test]
fn every_test_that_is_named_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let sources: Vec<(String, String)> = ["tests/tests", "crates", "cli/src"]
        .iter()
        .flat_map(|folder| sources(&root.join(folder)))
        .collect();
    for test in table().row.values().flat_map(|row| &row.tests) {
        let (module, name) = test.split_once("::").unwrap();
        let there = sources
            .iter()
            .any(|(stem, text)| stem == module && text.contains(&format!("fn {name}(")));
        assert!(there, "there is no test {test}");
    }
}

/// A record from beside the picture may leave nothing of it out: what stands where its own store stood is not protected.
#[test]
fn a_record_from_elsewhere_leaves_nothing_of_the_picture_out() {
    let read = |name: &str| fs::read(fixtures().join("hostile").join(name)).unwrap();
    let (picture, store) = (read("detached.jpg"), read("detached.c2pa"));
    for lists in [TrustLists::official(), trusting_the_hostile()] {
        let verifier = Verifier::new(lists).unwrap();
        let report = verifier.verify_with(&picture, Store::Sidecar(&store), JUDGED_AT, JUDGED_AT);
        let report = report.unwrap();
        let verdict = report.verdict();
        assert_ne!(verdict.integrity, Integrity::Intact, "{}", report.to_text());
        assert_ne!(verdict.level, Level::Attested);
    }
}

/// Under a list that holds the authority above it, a signer whose name an intermediate may not sign for is not trusted; under
/// an intermediate without that constraint the same signer is.
#[test]
fn constraints_of_a_listed_authority_count() {
    let authority = hostile::authority().unwrap();
    let issuer = Plan {
        common_name: "Issuing CA".to_owned(),
        ..Plan::authority("Example Authority")
    };
    let issuer = issuer.issued_by(&authority).unwrap();
    let mut seal = Seal::of(&Plan::signer("Example Pictures").issued_by(&issuer).unwrap());
    seal.chain.push(issuer.certificate);
    let picture = fs::read(pictures::folder().join("flat.jpg")).unwrap();
    let camera = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture";
    let unconstrained = sign_into(&picture, &Draft::new("unconstrained", Some(camera), seal), &[]).unwrap();
    let constrained = fs::read(fixtures().join("hostile/certificate-outside-name-constraints.jpg")).unwrap();
    let verifier = Verifier::new(trusting_the_hostile()).unwrap();
    let signer = |bytes: &[u8]| verifier.verify(bytes, JUDGED_AT).unwrap().verdict().signer;
    assert_eq!(signer(&unconstrained), SignerAxis::Trusted);
    assert_eq!(signer(&constrained), SignerAxis::Unknown);
}

/// Megabytes of history, references and records: what asks for too much is malformed, what is merely large is read.
#[test]
fn what_is_too_large_to_keep_is_judged_within_limits() {
    let verifier = Verifier::new(TrustLists::official()).unwrap();
    let mut found = BTreeMap::new();
    for case in hostile::large_cases() {
        let bytes = case.bytes().unwrap();
        let verdict = verifier.verify(&bytes, JUDGED_AT).unwrap().verdict().clone();
        found.insert(
            case.name,
            (verdict.level.word().to_owned(), verdict.integrity.word().to_owned()),
        );
    }
    let expected = [
        ("actions-100000.jpg", "signed", "intact"),
        ("assertions-10000.jpg", "signed", "intact"),
        ("ingredient-referred-to-5000-times.jpg", "malformed", "not_applicable"),
        ("ingredients-1000-deep.jpg", "malformed", "not_applicable"),
    ];
    let expected = expected.map(|(name, level, integrity)| (name, (level.to_owned(), integrity.to_owned())));
    assert_eq!(found, expected.into());
}

fn table() -> Table {
    toml::from_str(&fs::read_to_string(fixtures().join("adversarial.toml")).unwrap()).unwrap()
}

/// Every Rust source below a folder, by the name of its file.
fn sources(folder: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => sources(&path),
            false if path.extension().is_some_and(|extension| extension == "rs") => {
                let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
                vec![(stem, fs::read_to_string(&path).unwrap())]
            }
            false => Vec::new(),
        })
        .collect()
}
