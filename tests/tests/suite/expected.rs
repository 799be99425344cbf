//! `fixtures/expected.toml` against what the library says of each fixture, both ways: a fixture without an entry fails,
//! and so does an entry without a fixture. Independent of the day (judged as of a fixed time) and of the machine (the
//! official trust lists alone).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use serde::Deserialize;
use time::OffsetDateTime;
use time::macros::datetime;
use touchmark::evidence::{Ai, Level, SignerAxis};
use touchmark::{Error, Policy, Report, Requirement, Stamper, TrustLists, Verifier};
use touchmark_cli::exit;
use touchmark_signing::Certificate;
use touchmark_signing::timestamp::{TimestampFault, verify_token};
use touchmark_signing::trust::{Purpose, TrustList};
use touchmark_tests::certificates::{Holder, Plan, TIME_STAMPING};
use touchmark_tests::keys::JUDGED_AT;
use touchmark_tests::{forge, hostile, identity};

/// What a fixture must yield.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Expectation {
    Verdict(Axes),
    Refused(Refusal),
}

/// A verdict in the words of the report.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Axes {
    level: String,
    credentials: String,
    integrity: String,
    signer: String,
    ai: String,
    /// Left out where nothing is said about AI.
    extent: Option<String>,
    /// Under the default policy.
    exit: u8,
    /// The rules of the reasons, the weightiest first.
    rules: Vec<String>,
}

/// An error of the library.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Refusal {
    /// Its code as the binary prints it.
    error: String,
}

static EXPECTED: LazyLock<BTreeMap<String, Expectation>> =
    LazyLock::new(|| toml::from_str(&fs::read_to_string(fixtures().join("expected.toml")).unwrap()).unwrap());

/// The level that `expected.toml` gives a file, or `refused`.
pub(crate) fn level_of(file: &str) -> Option<String> {
    Some(match EXPECTED.get(file)? {
        Expectation::Verdict(axes) => axes.level.clone(),
        Expectation::Refused(_) => "refused".to_owned(),
    })
}

#[test]
fn every_fixture_has_an_entry_and_every_entry_a_fixture() {
    let files = files();
    let entries: BTreeSet<String> = EXPECTED.keys().cloned().collect();
    let without_entry: Vec<_> = files.difference(&entries).collect();
    let without_file: Vec<_> = entries.difference(&files).collect();
    assert!(
        without_entry.is_empty() && without_file.is_empty(),
        "without an entry in expected.toml: {without_entry:?}; without a file: {without_file:?}"
    );
}

#[test]
fn every_fixture_yields_what_is_expected() {
    let verifier = Verifier::new(TrustLists::official()).unwrap().with_documents();
    let mut differences = String::new();
    for file in files() {
        let found = found(&verifier, &file, JUDGED_AT);
        let expected = EXPECTED.get(&file);
        if expected != Some(&found) {
            let expected = expected.map_or("nothing".to_owned(), Expectation::to_toml);
            differences += &format!("\n[\"{file}\"]\nexpected:\n{expected}found:\n{}", found.to_toml());
        }
    }
    assert!(differences.is_empty(), "{differences}");
}

/// The tables of `docs/verifying.md`: each row that ends with a fixture states what it yields.
#[test]
fn the_documented_answers_are_those_that_are_given() {
    let page = fs::read_to_string(fixtures().join("../docs/verifying.md")).unwrap();
    let mut levels = BTreeSet::new();
    let mut rows = 0;
    for line in page.lines() {
        let cells: Vec<&str> = line.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        let [_, headline, level, integrity, signer, ai, exit, file, _] = *cells else {
            continue;
        };
        if matches!(file, "see" | "---") {
            continue;
        }
        let Some(Expectation::Verdict(axes)) = EXPECTED.get(file) else {
            panic!("{headline}: no verdict of {file}")
        };
        let given = [
            &axes.level,
            &axes.integrity,
            &axes.signer,
            &axes.ai,
            &axes.exit.to_string(),
        ]
        .map(String::clone);
        assert_eq!(given, [level, integrity, signer, ai, exit], "{file}");
        levels.insert(level);
        rows += 1;
    }
    assert_eq!(rows, 12);
    assert!(
        levels
            .iter()
            .eq(&["broken", "claimed", "clashing", "malformed", "signed", "unknown"])
    );
}

/// c2pa reads the machine's clock, and once a certificate has ended it stops early and says so. What that does to our
/// own verdict is seen on a certificate that has ended already: judged as of a day when it was valid, nothing is wrong.
#[test]
fn the_machines_clock_does_not_change_a_verdict() {
    let verifier = Verifier::new(TrustLists::official()).unwrap();
    let bytes = fs::read(fixtures().join("hostile/certificate-expired.jpg")).unwrap();
    let at = |at: OffsetDateTime| verifier.verify_as_of(&bytes, at, JUDGED_AT).unwrap();

    let valid = at(datetime!(2025-06-01 12:00 UTC));
    let codes = &valid.layers.manifest.codes;
    assert!(
        codes.iter().any(|code| code.code == "signingCredential.expired"),
        "{codes:?}"
    );
    let verdict = valid.verdict();
    assert_eq!((verdict.level, verdict.signer), (Level::Signed, SignerAxis::Unknown));
    assert_eq!(exit::of_verdict(verdict, &Policy::default()), exit::SIGNER_NOT_LISTED);

    let over = at(JUDGED_AT);
    assert_eq!(
        (over.verdict().level, over.verdict().signer),
        (Level::Signed, SignerAxis::Expired)
    );
    let integrity = [&valid, &over].map(|report| report.verdict().integrity);
    assert_eq!(integrity[0], integrity[1]);
}

/// With the hostile signers' authority on a list, everything but the signer's standing stays as it is: nothing that is
/// not intact becomes trusted, and what the signer says is a statement rather than a claim.
#[test]
fn trust_in_the_signer_mends_nothing() {
    // What the pixels say is nobody's word, and takes most of the time.
    let [stranger, trusting] = [TrustLists::official(), trusting_the_hostile()]
        .map(|lists| Verifier::new(lists).unwrap().without_pixels().with_documents());
    for file in files() {
        let (Expectation::Verdict(before), Expectation::Verdict(after)) =
            (found(&stranger, &file, JUDGED_AT), found(&trusting, &file, JUDGED_AT))
        else {
            continue;
        };
        assert_eq!(before.integrity, after.integrity, "{file}");
        if after.level == "attested" {
            assert_eq!(
                (before.level.as_str(), before.integrity.as_str(), after.exit),
                ("signed", "intact", 0),
                "{file}"
            );
        }
    }
    for (file, ai, extent) in [
        ("hostile/data-after-iend.png", "stated", Some("whole")),
        ("hostile/source-type-partly.jpg", "stated", Some("part")),
        ("hostile/ai-only-in-ingredient.jpg", "stated", Some("ingredient")),
        ("hostile/source-type-composite.jpg", "possible", None),
        ("hostile/source-type-camera.jpg", "other_origin_stated", None),
        ("hostile/source-type-foreign.jpg", "unknown", None),
        // A model edited a photograph: that is not the whole of it.
        ("hostile/source-type-of-edit.jpg", "stated", Some("part")),
        // An update changes nothing of the picture, so what it updates speaks of it.
        ("hostile/update.jpg", "stated", Some("whole")),
        // Gathered by the signer, not said.
        ("hostile/source-type-gathered.jpg", "claimed", Some("part")),
        // Its signer is trusted, but not whoever hung it under this picture.
        ("hostile/ingredient-framed.jpg", "claimed", Some("ingredient")),
        // Under a trusted signer's picture, and not as another trusted signer signed it.
        (
            "hostile/ingredient-forged-and-recorded.jpg",
            "claimed",
            Some("ingredient"),
        ),
        ("hostile/manifest-unreferenced.jpg", "claimed", Some("ingredient")),
        ("hostile/manifest-replayed.jpg", "claimed", Some("ingredient")),
        // Trusted at both ends, and hung together in the middle by one who is not.
        ("hostile/ingredient-framed-below.jpg", "claimed", Some("ingredient")),
        // What is left of a redacted manifest is its signer's word, if a signer says that the rest was taken out.
        ("hostile/redacted.jpg", "stated", Some("ingredient")),
        ("hostile/redacted-update.jpg", "stated", Some("whole")),
        ("hostile/redacted-and-not-said.jpg", "claimed", Some("ingredient")),
        // The photograph's own signer signed it, as the record of another picture.
        ("hostile/redacted-ingredient-swapped.jpg", "claimed", Some("ingredient")),
        // Not the whole file is protected, so the statement may have been made of another picture.
        ("hostile/exclusion-from-start.jpg", "claimed", Some("whole")),
    ] {
        let Expectation::Verdict(axes) = found(&trusting, file, JUDGED_AT) else {
            panic!("{file} is refused");
        };
        assert_eq!((axes.ai.as_str(), axes.extent.as_deref()), (ai, extent), "{file}");
    }
}

/// The signer is trusted and states a camera, and its labels claim AI: whoever refuses AI is told of the claim.
#[test]
fn a_claim_of_ai_is_refused_beside_a_trusted_statement_of_something_else() {
    let file = fs::read(fixtures().join("labelled/signed-camera-labels-ai.jpg")).unwrap();
    let verifier = Verifier::new(trusting_the_hostile()).unwrap();
    let report = verifier.verify(&file, JUDGED_AT).unwrap();
    let policy = |refuse_ai| Policy {
        require: Requirement::None,
        refuse_ai,
    };
    assert_eq!(report.verdict().ai, Ai::OtherOriginStated);
    assert!(report.meets(&policy(false)) && !report.meets(&policy(true)));
}

/// Trust in everyone lends no strength to a history that was forged, and takes none from the controls beside it.
#[test]
fn trust_in_everyone_mends_no_forged_history() {
    let authorities = [hostile::authority().unwrap(), hostile::other_authority().unwrap()];
    let verifier = Verifier::new(trusting(&authorities)).unwrap();
    for (file, level, ai, exit) in [
        (
            "certificates-of-two-signers.jpg",
            "signed",
            "claimed",
            exit::SIGNER_NOT_LISTED,
        ),
        ("update.jpg", "attested", "stated", exit::DONE),
        ("update-pixel-changed.jpg", "broken", "claimed", exit::BROKEN),
        ("update-parent-forged.jpg", "broken", "claimed", exit::BROKEN),
        ("update-of-forged-parent.jpg", "broken", "claimed", exit::BROKEN),
        ("pixel-and-hash-changed.jpg", "broken", "claimed", exit::BROKEN),
        ("labels-equal.jpg", "malformed", "unknown", exit::MALFORMED),
        ("box-hash.png", "attested", "stated", exit::DONE),
        (
            "box-hash-without-image.png",
            "signed",
            "claimed",
            exit::PARTLY_PROTECTED,
        ),
        ("ingredient-framed.jpg", "attested", "stated", exit::DONE),
        ("ingredient-forged-and-recorded.jpg", "attested", "claimed", exit::DONE),
        ("manifest-unreferenced.jpg", "attested", "claimed", exit::DONE),
        ("manifest-replayed.jpg", "attested", "claimed", exit::DONE),
        ("ingredient-framed-below.jpg", "attested", "stated", exit::DONE),
    ] {
        let Expectation::Verdict(axes) = found(&verifier, &format!("hostile/{file}"), JUDGED_AT) else {
            panic!("{file} is refused");
        };
        assert_eq!(
            (axes.level.as_str(), axes.ai.as_str(), axes.exit),
            (level, ai, exit),
            "{file}"
        );
    }
}

/// Where the record or its signature does not hold, the hash in it is nobody's word, so that nothing follows from a match.
#[test]
fn a_record_that_does_not_hold_vouches_for_no_content() {
    for lists in [TrustLists::official(), trusting_the_hostile()] {
        let verifier = Verifier::new(lists).unwrap().without_pixels().with_documents();
        for file in files() {
            let Expectation::Verdict(axes) = found(&verifier, &file, JUDGED_AT) else {
                continue;
            };
            let cites = |rule: &str| axes.rules.iter().any(|cited| cited == rule);
            let holds = !cites("manifest.record-broken") && !cites("manifest.signature-fails");
            assert!(
                holds || !cites("manifest.content-unchanged"),
                "{file}: {:?}",
                axes.rules
            );
        }
    }
}

/// A stamp over credentials would hide them: also those that only c2pa finds, and those that do not hold.
#[test]
fn what_carries_credentials_is_not_stamped() {
    let stamper = Stamper::new(identity::fresh().unwrap().signer().unwrap()).unwrap();
    let disclosure = identity::disclosure().unwrap();
    for (file, expectation) in EXPECTED.iter() {
        let carries = matches!(expectation, Expectation::Verdict(axes) if axes.credentials != "none");
        if !carries {
            continue;
        }
        let bytes = fs::read(fixtures().join(file)).unwrap();
        match stamper.stamp(&bytes, &disclosure, OffsetDateTime::now_utc()) {
            Err(Error::AlreadyMarked) => {}
            // Cut off or a mere header: no picture that could be stamped.
            Err(Error::Image(_)) if file != "hostile/app11-identifier-flipped.jpg" => {}
            Err(error) => panic!("{file}: {error}"),
            Ok(_) => panic!("{file} is stamped"),
        }
    }
}

/// Two certificates under one issuer and serial number: either may have made the token, so neither counts.
#[test]
fn a_token_that_two_may_have_signed_has_no_authority() {
    let authority = hostile::authority().unwrap();
    let issued = |organisation: &str, common_name: &str| {
        let plan = Plan {
            common_name: common_name.to_owned(),
            purposes: TIME_STAMPING,
            ..Plan::signer(organisation)
        };
        plan.issued_by(&authority).unwrap()
    };
    // The serial number follows from the common name.
    let [signer, twin, other] = [
        ("Example Time", "Clock"),
        ("Foreign Time", "Clock"),
        ("Foreign Time", "Watch"),
    ]
    .map(|(a, b)| issued(a, b));
    let fault = |message: &[u8], named: &[&Holder]| {
        let token = forge::token(b"signature", named, named[0]).unwrap();
        verify_token(&token, message, &TrustLists::empty()).unwrap_err()
    };
    // Ed25519 signs no time-stamps (C2PA 2.2, 14.5.1.1): with one certificate that is meant, it comes to that.
    for named in [vec![&signer], vec![&signer, &other], vec![&other, &signer]] {
        assert_eq!(fault(b"signature", &named), TimestampFault::Signature);
        assert_eq!(fault(b"Signature", &named), TimestampFault::OtherMessage);
    }
    for named in [[&signer, &twin], [&twin, &signer]] {
        assert_eq!(fault(b"signature", &named), TimestampFault::NoSigner);
    }
}

/// The official lists, and one with the authority behind most hostile fixtures.
pub(crate) fn trusting_the_hostile() -> TrustLists {
    trusting(&[hostile::authority().unwrap()])
}

/// The official lists, and one with these authorities.
fn trusting(authorities: &[Holder]) -> TrustLists {
    let roots = authorities
        .iter()
        .map(|holder| Certificate::from_der(&holder.certificate).unwrap().to_pem());
    let list = TrustList::from_pem("Example list", Purpose::Signers, roots.collect::<String>().as_bytes());
    TrustLists::official().with(list.unwrap())
}

fn found(verifier: &Verifier, file: &str, at: OffsetDateTime) -> Expectation {
    let bytes = fs::read(fixtures().join(file)).unwrap();
    match verifier.verify_as_of(&bytes, at, at) {
        Ok(report) => Expectation::Verdict(Axes::of(&report)),
        Err(error) => Expectation::Refused(Refusal {
            error: code(&error).to_owned(),
        }),
    }
}

/// The code under which the binary reports it (`cli/src/failure.rs`); all of these exit with 30.
fn code(error: &Error) -> &'static str {
    use touchmark_image::{Error as ImageError, InputFault};
    match error {
        Error::Image(ImageError::Input {
            fault: InputFault::UnknownFormat,
            ..
        }) => "TM0101",
        Error::Image(ImageError::Input {
            fault: InputFault::Empty,
            ..
        }) => "TM0102",
        Error::Image(ImageError::Input { .. }) => "TM0103",
        Error::Image(ImageError::Limits { .. }) => "TM0104",
        _ => panic!("no picture causes this: {error}"),
    }
}

impl Axes {
    fn of(report: &Report) -> Self {
        let verdict = report.verdict();
        Self {
            level: verdict.level.word().to_owned(),
            credentials: verdict.credentials.word().to_owned(),
            integrity: verdict.integrity.word().to_owned(),
            signer: verdict.signer.word().to_owned(),
            ai: verdict.ai.word().to_owned(),
            extent: Some(verdict.extent.word().to_owned()).filter(|word| word != "unknown"),
            exit: exit::of_verdict(verdict, &Policy::default()),
            rules: verdict.reasons().map(|reason| reason.rule.id().to_owned()).collect(),
        }
    }
}

impl Expectation {
    /// As it stands in `expected.toml`, to be compared, and copied where it is right.
    fn to_toml(&self) -> String {
        match self {
            Self::Refused(refusal) => format!("error = {:?}\n", refusal.error),
            Self::Verdict(axes) => {
                let extent = axes
                    .extent
                    .as_ref()
                    .map_or(String::new(), |extent| format!("extent = {extent:?}\n"));
                format!(
                    "level = {:?}\ncredentials = {:?}\nintegrity = {:?}\nsigner = {:?}\nai = {:?}\n{extent}exit = {}\nrules = {:?}\n",
                    axes.level, axes.credentials, axes.integrity, axes.signer, axes.ai, axes.exit, axes.rules
                )
            }
        }
    }
}

/// The files of every folder that holds pictures, as the entries name them: `images/..`, `hostile/..` and so on.
pub(crate) fn files() -> BTreeSet<String> {
    ["images", "stamped", "hostile", "labelled", "marked", "formats"]
        .into_iter()
        .flat_map(|folder| {
            let files = fs::read_dir(fixtures().join(folder)).unwrap();
            files.map(move |file| format!("{folder}/{}", file.unwrap().file_name().to_str().unwrap()))
        })
        .collect()
}

pub(crate) fn fixtures() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures"))
}
