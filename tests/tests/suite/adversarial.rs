//! The table of adversarial cases, `fixtures/adversarial.toml`, against what there is: rows, files, levels and tests; the page
//! about them, `docs/hostile.md`; and the cases that are no files, because they are too large or need pixels.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Cursor;
use std::path::Path;

use coset::cbor::Value;
use image::{ImageFormat, RgbImage};
use serde::Deserialize;
use time::OffsetDateTime;
use touchmark::evidence::{Ai, Integrity, Level, SignerAxis};
use touchmark::{Order, Stamper, Store, TrustLists, Verifier, Want};
use touchmark_provenance::names::{label, soft_binding};
use touchmark_tests::certificates::Plan;
use touchmark_tests::forge::{Assertion, Draft, Seal, map, sign_into, text};
use touchmark_tests::keys::JUDGED_AT;
use touchmark_tests::{hostile, identity, pictures};

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
    /// Files in `fixtures/labelled/`.
    #[serde(default)]
    labelled: Vec<String>,
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
            row.paths().next().is_some() || row.not_here.is_some(),
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
        for file in row.paths() {
            let level = level_of(&file);
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

/// `HOSTILE=overwrite` writes the page.
#[test]
fn the_page_says_what_the_table_says() {
    let table = table();
    let mut page = PAGE.to_owned();
    for (number, row) in table.in_order() {
        let tests: Vec<String> = row.tests.iter().map(|test| format!("`{test}`")).collect();
        let files: Vec<String> = row.paths().map(|path| format!("`{path}`")).collect();
        let case = row.case.as_deref().unwrap();
        let not_here = row.not_here.as_ref().map(|why| format!("*{why}*"));
        let held: Vec<String> = [files.join(", "), tests.join(", ")]
            .into_iter()
            .chain(not_here)
            .filter(|part| !part.is_empty())
            .collect();
        page += &format!(
            "| {number} | {case} | {} | {} |\n",
            row.level.join(", "),
            held.join("; ")
        );
    }
    let path = fixtures().join("../docs/hostile.md");
    if std::env::var_os("HOSTILE").is_some_and(|value| value == "overwrite") {
        fs::write(&path, &page).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        page == kept,
        "docs/hostile.md: HOSTILE=overwrite writes what the table says"
    );
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
    let verifier = Verifier::new(TrustLists::official()).unwrap().without_pixels();
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
        ("actions-1000-among-1000-ingredients.jpg", "malformed", "not_applicable"),
        (
            "assertion-of-a-mebibyte-claimed-20-times.jpg",
            "malformed",
            "not_applicable",
        ),
        ("assertions-10000.jpg", "malformed", "not_applicable"),
        ("assertions-900.jpg", "signed", "intact"),
        ("actions-and-templates-5000.jpg", "signed", "intact"),
        ("brotli-of-30000-boxes.jxl", "unknown", "not_applicable"),
        ("compressed-manifests-5000.heic", "malformed", "not_applicable"),
        ("exif-of-36-long-fields.png", "unknown", "not_applicable"),
        ("extended-xmp-of-20000-lengths.jpg", "unknown", "not_applicable"),
        (
            "ingredient-of-300-assertions-referred-to-500-times.jpg",
            "malformed",
            "not_applicable",
        ),
        ("ingredient-referred-to-5000-times.jpg", "malformed", "not_applicable"),
        ("ingredients-1000-deep.jpg", "malformed", "not_applicable"),
        ("recorded-failures-38400.jpg", "signed", "intact"),
        ("redactions-3000.jpg", "signed", "intact"),
        ("stores-100000.jpg", "malformed", "not_applicable"),
        ("stores-100000.webp", "malformed", "not_applicable"),
    ];
    let expected = expected.map(|(name, level, integrity)| (name, (level.to_owned(), integrity.to_owned())));
    assert_eq!(found, expected.into());
}

/// Rows 30 and 31. Somebody takes the pixels of a stamped picture, and with them its mark: without a record it is a pointer and
/// no more; under a record of another mark the two clash; under one that names no mark and says "camera" it is told.
#[test]
fn a_mark_on_another_picture_proves_nothing() {
    let marked = pixels_of_a_stamped_picture();
    let verifier = Verifier::new(trusting_the_hostile()).unwrap();
    let judge = |bytes: &[u8]| {
        let verdict = verifier.verify(bytes, JUDGED_AT).unwrap().verdict().clone();
        let rules: Vec<&str> = verdict.reasons().map(|reason| reason.rule.id()).collect();
        (verdict.level, verdict.ai, rules.join(" "))
    };
    let (level, ai, rules) = judge(&marked);
    assert_eq!((level, ai), (Level::Claimed, Ai::Possible), "{rules}");
    assert!(rules.contains("watermark.found"), "{rules}");

    let camera = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture";
    let holder = Plan::signer("Example Pictures").issued_by(&hostile::authority().unwrap());
    let mut draft = Draft::new("a photograph", Some(camera), Seal::of(&holder.unwrap()));
    let (level, ai, rules) = judge(&sign_into(&marked, &draft, &[]).unwrap());
    assert_eq!((level, ai), (Level::Attested, Ai::OtherOriginStated), "{rules}");
    assert!(rules.contains("watermark.found"), "{rules}");

    let block = map([
        ("scope", map([])),
        ("value", Value::Bytes(0x0123_4567_89AB_CDEF_u64.to_be_bytes().to_vec())),
    ]);
    let binding = map([
        ("alg", text(soft_binding::LATTICE)),
        ("blocks", Value::Array(vec![block])),
    ]);
    draft
        .assertions
        .push(Assertion::new(label::SOFT_BINDING, &binding).unwrap());
    let (level, _, rules) = judge(&sign_into(&marked, &draft, &[]).unwrap());
    assert_eq!(level, Level::Clashing, "{rules}");
    assert!(rules.contains("clash.watermark-points-elsewhere"), "{rules}");
}

/// A picture that was stamped, decoded and coded again: the mark is all that is left of the stamp.
fn pixels_of_a_stamped_picture() -> Vec<u8> {
    const SIDE: u32 = 512;
    let scene = RgbImage::from_fn(SIDE, SIDE, |x, y| {
        let shade = |period: u32| (100 + (x * x / 7 + y * 3 + x * y / 11) % period) as u8;
        image::Rgb([shade(90), shade(110), shade(70)])
    });
    let png = |image: &RgbImage| {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    };
    let stamper = Stamper::new(identity::fresh().unwrap().signer().unwrap()).unwrap();
    let disclosure = identity::disclosure().unwrap();
    let mut order = Order::of(&disclosure);
    order.watermark.want = Want::Demanded;
    let stamped = stamper
        .stamp_as(&png(&scene), &order, OffsetDateTime::now_utc())
        .unwrap();
    png(&image::load_from_memory(stamped.bytes()).unwrap().to_rgb8())
}

/// What stands above the rows.
const PAGE: &str = "\
# Hostile input

The 48 adversarial cases of touchmark's design, and what holds each: files below `fixtures/`, whose verdicts `expected.toml` has
in full, and tests beyond those that go over every file (every rendering is inert; trust in the signer mends nothing; workers
say what one process says; an independent reader agrees, or `disagreements.toml` says why not). A level is what
`touchmark verify` says of each file by itself, under the official trust lists; `refused` is a file that is no picture. Made from
`fixtures/adversarial.toml` by `HOSTILE=overwrite cargo suite adversarial`, and held to it.

What one file may cost, in a batch or with `--isolate`: 512 MiB of address space and 5 s of processor time (`--seconds`). A
file that takes more is given up (TM0120, exit code 30), and the others are examined.

| row | case | level | held by |
|---|---|---|---|
";

impl Table {
    fn in_order(&self) -> BTreeMap<u32, &Row> {
        self.row
            .iter()
            .map(|(number, row)| (number.parse().unwrap(), row))
            .collect()
    }
}

impl Row {
    /// Its files, below `fixtures/`.
    fn paths(&self) -> impl Iterator<Item = String> {
        let within = |folder: &'static str, files: &[String]| {
            let paths: Vec<String> = files.iter().map(|file| format!("{folder}/{file}")).collect();
            paths
        };
        within("hostile", &self.files)
            .into_iter()
            .chain(within("labelled", &self.labelled))
    }
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
