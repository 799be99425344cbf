//! Edited pictures: the parent becomes an ingredient with what its credentials are worth, what shows or names somebody in
//! them is redacted, and readers that share no code with ours agree with the result.

mod histories;

use std::collections::BTreeSet;
use std::fs;
use std::io::Cursor;
use std::sync::Arc;

use c2pa::{Builder, Context, Settings};
use serde_json::{Value, json};
use time::OffsetDateTime;
use touchmark::evidence::{Ai, Extent, Integrity, Level, Rule, Verdict};
use touchmark::{
    Disclosure, EditedFrom, Error, Format, Limits, Order, ParentCredentials, ParentMetadata, Stamper, TrustLists,
    Verifier,
};
use touchmark_image::SourceImage;
use touchmark_provenance::ParentFault;
use touchmark_signing::Identity;
use touchmark_tests::identity;
use touchmark_tests::peer::CoseSigner;
use touchmark_tests::pictures::PICTURES;

use crate::conformance::read;
use crate::readers;

/// Every fixture picture, with a parent that carries nothing and with parents of each format that do.
#[test]
fn every_edit_is_accepted_by_every_reader() {
    let bench = Bench::new();
    let mut parents = vec![("bare", picture("baseline-exif.jpg"))];
    parents.extend(["flat.jpg", "palette.png", "flat.webp"].map(|name| (name, bench.create(&picture(name)))));
    for edited in PICTURES {
        let bytes = edited.bytes().unwrap();
        for (parent, from) in &parents {
            let stamped = bench.edit(&bytes, from).unwrap().0;
            bench.assert_accepted(&stamped, &format!("{} from {parent}", edited.name));
        }
    }
}

#[test]
fn an_edit_says_what_was_opened_and_done() {
    let bench = Bench::new();
    let parent = bench.create(&picture("palette.png"));
    let crjson = bench.crjson(&bench.edit(&picture("flat.jpg"), &parent).unwrap().0);
    let manifest = &crjson["manifests"][0];
    let actions = &manifest["assertions"]["c2pa.actions.v2"];
    assert_eq!(actions["allActionsIncluded"], true);
    // The parent is a PNG and the picture a JPEG.
    assert_eq!(names(actions), ["c2pa.opened", "c2pa.edited", "c2pa.converted"]);
    let [opened, edited, _] = actions["actions"].as_array().unwrap().as_slice() else {
        panic!("three actions")
    };
    assert_eq!(
        opened["parameters"]["ingredients"][0]["url"],
        "self#jumbf=c2pa.assertions/c2pa.ingredient.v3"
    );
    assert!(opened["digitalSourceType"].is_null());
    let composite = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia";
    assert_eq!(edited["digitalSourceType"], composite);
    assert_eq!(edited["softwareAgent"]["name"], "Example Diffusion");
    assert!(edited["when"].is_string());
    assert_eq!(
        manifest["assertions"]["c2pa.metadata"]["Iptc4xmpExt:DigitalSourceType"],
        composite
    );

    // Attributed to the signer, and neither title nor identifier of the parent.
    let created = manifest["claim.v2"]["created_assertions"].as_array().unwrap();
    assert!(
        created
            .iter()
            .any(|reference| reference["url"] == opened["parameters"]["ingredients"][0]["url"])
    );
    let ingredient = manifest["assertions"]["c2pa.ingredient.v3"].as_object().unwrap();
    let fields: BTreeSet<&str> = ingredient.keys().map(String::as_str).collect();
    let expected = [
        "activeManifest",
        "claimSignature",
        "dc:format",
        "relationship",
        "validationResults",
    ];
    assert_eq!(fields, expected.into());
    assert_eq!(ingredient["relationship"], "parentOf");
    assert_eq!(ingredient["dc:format"], "image/png");
}

#[test]
fn what_is_said_of_ai_is_meant_of_a_part() {
    let bench = Bench::new();
    let photograph = bench.edit(&picture("flat.jpg"), &picture("rgb.png")).unwrap().0;
    let verdict = bench.verdict(&photograph);
    assert_eq!((verdict.ai, verdict.extent), (Ai::Stated, Extent::Part));
    let generated = bench.create(&picture("rgb.png"));
    let verdict = bench.verdict(&bench.edit(&picture("flat.jpg"), &generated).unwrap().0);
    assert_eq!((verdict.ai, verdict.extent), (Ai::Stated, Extent::Part));
    let stranger = Verifier::new(TrustLists::official()).unwrap();
    let report = stranger.verify(&photograph, OffsetDateTime::now_utc()).unwrap();
    assert_eq!(
        (report.verdict().ai, report.verdict().extent),
        (Ai::Claimed, Extent::Part)
    );
}

#[test]
fn thumbnails_place_and_person_are_taken_out_and_the_rest_stays() {
    let bench = Bench::new();
    let parent = bench.photograph();
    for mark in SECRETS.iter().chain(KEPT) {
        assert!(
            contains(&parent, mark.as_bytes()),
            "{mark}: the search finds what is there"
        );
    }
    let (stamped, credentials) = bench.edit(&picture("flat.webp"), &parent).unwrap();
    for mark in SECRETS {
        assert!(!contains(&stamped, mark.as_bytes()), "{mark}");
    }
    for mark in KEPT {
        assert!(contains(&stamped, mark.as_bytes()), "{mark}");
    }
    let ParentCredentials::Carried { redactions, .. } = credentials else {
        panic!("carried")
    };
    let taken: BTreeSet<&str> = redactions.iter().map(|redaction| &*redaction.assertion).collect();
    let expected = [
        "c2pa.thumbnail.claim",
        "cawg.identity",
        "cawg.metadata",
        "stds.exif",
        "stds.schema-org.CreativeWork",
    ];
    assert_eq!(taken, expected.into());

    bench.assert_accepted(&stamped, "redacted");
    let crjson = bench.crjson(&stamped);
    let manifest = &crjson["manifests"][0];
    let said: BTreeSet<&str> = array(&manifest["assertions"]["c2pa.actions.v2"]["actions"])
        .filter(|action| action["action"] == "c2pa.redacted")
        .map(|action| {
            assert_eq!(action["reason"], "c2pa.PII.present");
            action["parameters"]["redacted"].as_str().unwrap()
        })
        .collect();
    let declared: BTreeSet<&str> = array(&manifest["claim.v2"]["redacted_assertions"])
        .map(|uri| uri.as_str().unwrap())
        .collect();
    assert_eq!(said.len(), expected.len());
    assert_eq!(said, declared);
    assert!(manifest["assertions"]["c2pa.ingredient.v3"]["thumbnail"].is_null());
}

#[test]
fn on_request_all_of_it_stays() {
    let bench = Bench::new();
    let parent = bench.photograph();
    let from = EditedFrom::picture(&parent).with_metadata(ParentMetadata::Keep);
    let edited = bench.stamp_edited(&picture("palette.png"), from).unwrap();
    for mark in SECRETS.iter().chain(KEPT) {
        assert!(contains(&edited.0, mark.as_bytes()), "{mark}");
    }
    assert!(matches!(edited.1, ParentCredentials::Carried { redactions, .. } if redactions.is_empty()));
    let verdict = bench.verdict(&edited.0);
    assert_eq!((verdict.level, verdict.integrity), (Level::Attested, Integrity::Intact));
}

/// A picture that was edited in place still carries its parent's store, which is replaced; another's never is.
#[test]
fn only_the_parents_own_store_is_replaced() {
    let bench = Bench::new();
    let (parent, other) = (bench.create(&picture("rgb.png")), bench.create(&picture("rgb.png")));
    for from in [EditedFrom::picture(&parent), EditedFrom::itself()] {
        let (stamped, credentials) = bench.stamp_edited(&parent, from).unwrap();
        assert_eq!(failures_of(&credentials), [""; 0]);
        bench.assert_accepted(&stamped, "in place");
        let image = SourceImage::parse(&stamped, &Limits::default()).unwrap();
        assert_eq!(image.container().unwrap().stores.len(), 1);
    }
    let refused = bench.edit(&parent, &other).unwrap_err();
    assert_eq!(fault(&refused), Some(ParentFault::OtherCredentials));
    let refused = bench.edit(&parent, &picture("rgb.png")).unwrap_err();
    assert_eq!(fault(&refused), Some(ParentFault::OtherCredentials));
}

#[test]
fn an_edit_of_nothing_is_refused() {
    let bench = Bench::new();
    let refused = bench
        .stamp_edited(&picture("rgb.png"), EditedFrom::itself())
        .unwrap_err();
    assert_eq!(fault(&refused), Some(ParentFault::Missing));
    let refused = bench.edit(&picture("rgb.png"), b"no picture").unwrap_err();
    assert!(matches!(refused, Error::ParentImage(_)), "{refused:?}");
    let limits = Limits {
        max_bytes: 10_000,
        ..Limits::default()
    };
    let stamper = Stamper::new(bench.identity.signer().unwrap())
        .unwrap()
        .with_limits(limits);
    let large = vec![0xFF; 10_001];
    let now = OffsetDateTime::now_utc();
    let refused = stamper.stamp_edited(
        &picture("flat.jpg"),
        EditedFrom::picture(&large),
        &Order::of(&Disclosure::unfilled()),
        now,
    );
    assert!(
        matches!(refused, Err(Error::ParentImage(_))),
        "the parent is read under limits"
    );
}

/// Pixels changed without a word, and the store left in: as its own parent the picture does not hold, and the stamp says
/// so instead of calling it whole.
#[test]
fn a_parent_that_does_not_hold_is_recorded() {
    let bench = Bench::new();
    let mut parent = bench.create(&picture("flat.jpg"));
    let last = parent.len() - 3;
    parent[last] ^= 1;
    for from in [EditedFrom::picture(&parent), EditedFrom::itself()] {
        let (stamped, credentials) = bench.stamp_edited(&parent, from).unwrap();
        assert_eq!(failures_of(&credentials), ["assertion.dataHash.mismatch"]);
        let verdict = bench.verdict(&stamped);
        assert_eq!((verdict.level, verdict.integrity), (Level::Attested, Integrity::Intact));
        assert!(rules(&verdict).contains(&Rule::IngredientBroken));
        let results = &bench.crjson(&stamped)["manifests"][0]["assertions"]["c2pa.ingredient.v3"]["validationResults"];
        let recorded = array(&results["activeManifest"]["failure"]).map(|status| &status["code"]);
        assert!(
            recorded
                .collect::<Vec<_>>()
                .contains(&&json!("assertion.dataHash.mismatch"))
        );
    }
}

/// What is recorded depends on the official lists alone, and names none.
#[test]
fn no_local_list_is_signed_into_the_file() {
    let bench = Bench::new();
    let crjson = bench.crjson(
        &bench
            .edit(&picture("flat.jpg"), &bench.create(&picture("rgb.png")))
            .unwrap()
            .0,
    );
    let results = &crjson["manifests"][0]["assertions"]["c2pa.ingredient.v3"]["validationResults"];
    let codes: Vec<&Value> = array(&results["activeManifest"]["failure"])
        .map(|status| &status["code"])
        .collect();
    assert_eq!(codes, [&json!("signingCredential.untrusted")]);
    let text = results.to_string();
    assert!(!text.contains("explanation") && !text.contains("rustListUri"), "{text}");
}

#[test]
fn credentials_that_cannot_be_read_are_told_of_in_words() {
    let bench = Bench::new();
    for (name, expected) in [
        ("store-garbage.png", ParentCredentials::Unreadable(None)),
        ("xmp-names-loopback.jpg", ParentCredentials::Elsewhere),
    ] {
        let parent = fs::read(touchmark_tests::hostile::folder().join(name)).unwrap();
        let (stamped, credentials) = bench.edit(&picture("rgb.png"), &parent).unwrap();
        assert_eq!(credentials, expected, "{name}");
        bench.assert_accepted(&stamped, name);
        let ingredient = &bench.crjson(&stamped)["manifests"][0]["assertions"]["c2pa.ingredient.v3"];
        assert!(ingredient["description"].is_string(), "{name}: {ingredient}");
        assert!(ingredient["validationResults"].is_null());
        assert!(!contains(&stamped, b"127.0.0.1"), "{name}: addresses stay out");
    }
}

/// What the photograph of [`Bench::photograph`] holds that no edit of it should.
const SECRETS: &[&str] = &[
    "thumbnail of what was painted over",
    "48,8.5N",
    "Jane Photographer",
    "identity of Jane",
    "Jane's birthday",
];

/// And what every edit of it should go on saying.
const KEPT: &[&str] = &["digitalCapture", "cawg.training-mining", "Camera One"];

/// One identity, a stamper with it, and readers with its root as only anchor.
struct Bench {
    identity: Identity,
    stamper: Stamper,
    verifier: Verifier,
}

impl Bench {
    fn new() -> Self {
        let identity = identity::fresh().unwrap();
        Self {
            stamper: Stamper::new(identity.signer().unwrap()).unwrap(),
            verifier: Verifier::new(identity::trusting(&identity).unwrap())
                .unwrap()
                .without_pixels(),
            identity,
        }
    }

    fn create(&self, bytes: &[u8]) -> Vec<u8> {
        let disclosure = identity::disclosure().unwrap();
        let now = OffsetDateTime::now_utc();
        self.stamper.stamp(bytes, &disclosure, now).unwrap().into_bytes()
    }

    fn edit(&self, bytes: &[u8], parent: &[u8]) -> Result<(Vec<u8>, ParentCredentials), Error> {
        self.stamp_edited(bytes, EditedFrom::picture(parent))
    }

    fn stamp_edited(&self, bytes: &[u8], from: EditedFrom<'_>) -> Result<(Vec<u8>, ParentCredentials), Error> {
        let disclosure = identity::disclosure().unwrap();
        let edited = self.stamper.stamp_edited(
            bytes,
            from,
            &Order::without_pixels(&disclosure),
            OffsetDateTime::now_utc(),
        )?;
        Ok((edited.stamped.into_bytes(), edited.parent))
    }

    fn verdict(&self, bytes: &[u8]) -> Verdict {
        let report = self.verifier.verify(bytes, OffsetDateTime::now_utc()).unwrap();
        report.verdict().clone()
    }

    fn crjson(&self, bytes: &[u8]) -> Value {
        let format = Format::recognise(bytes).unwrap();
        read(&self.identity, format, bytes).to_crjson_value().unwrap()
    }

    /// Ours, c2pa with the official rubrics, and encypher-c2pa.
    fn assert_accepted(&self, stamped: &[u8], name: &str) {
        assert!(
            !rules(&self.verdict(stamped)).contains(&Rule::IngredientBroken),
            "{name}"
        );
        readers::assert_accepted(&self.identity, stamped, name);
    }

    /// A photograph as cameras and their software sign it, by c2pa: with a thumbnail, EXIF, and who made it where.
    fn photograph(&self) -> Vec<u8> {
        let settings = json!({
            "verify": { "verify_after_sign": false },
            "builder": { "thumbnail": { "enabled": false } },
        });
        let settings = Settings::new().with_json(&settings.to_string()).unwrap();
        let context = Context::new().with_settings(settings).unwrap();
        let context = Arc::new(context.with_signer(CoseSigner(self.identity.signer().unwrap())));
        let assertion = |label: &str, kind: &str, data: Value| json!({ "label": label, "kind": kind, "created": true, "data": data });
        let definition = json!({
            "claim_version": 2,
            "claim_generator_info": [{ "name": "camera", "version": "1", "specVersion": "2.4.0" }],
            "format": "image/jpeg",
            "thumbnail": { "format": "image/jpeg", "identifier": "thumbnail" },
            "assertions": [
                assertion("c2pa.actions.v2", "Cbor", json!({ "allActionsIncluded": true, "actions": [{
                    "action": "c2pa.created",
                    "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
                }] })),
                assertion("stds.exif", "Json", json!({
                    "@context": { "exif": "http://ns.adobe.com/exif/1.0/" }, "exif:GPSLatitude": "48,8.5N",
                })),
                assertion("stds.schema-org.CreativeWork", "Json", json!({
                    "@context": "https://schema.org", "@type": "CreativeWork",
                    "author": [{ "@type": "Person", "name": "Jane Photographer" }],
                })),
                assertion("c2pa.metadata", "Json", json!({
                    "@context": { "tiff": "http://ns.adobe.com/tiff/1.0/" }, "tiff:Model": "Camera One",
                })),
                assertion("cawg.metadata", "Json", json!({
                    "@context": { "dc": "http://purl.org/dc/elements/1.1/" }, "dc:description": "Jane's birthday",
                })),
                assertion("cawg.training-mining", "Cbor", json!({
                    "entries": { "cawg.ai_training": { "use": "notAllowed" } },
                })),
                assertion("cawg.identity", "Cbor", json!({ "of": "identity of Jane" })),
            ],
        });
        let mut builder = Builder::from_shared_context(&context)
            .with_definition(definition)
            .unwrap();
        builder
            .add_resource("thumbnail", Cursor::new(b"thumbnail of what was painted over"))
            .unwrap();
        let mut signed = Cursor::new(Vec::new());
        let signer = CoseSigner(self.identity.signer().unwrap());
        builder
            .sign(
                &signer,
                "image/jpeg",
                &mut Cursor::new(picture("baseline-exif.jpg")),
                &mut signed,
            )
            .unwrap();
        signed.into_inner()
    }
}

fn picture(name: &str) -> Vec<u8> {
    let picture = PICTURES.iter().find(|picture| picture.name == name).unwrap();
    picture.bytes().unwrap()
}

fn failures_of(credentials: &ParentCredentials) -> &[String] {
    match credentials {
        ParentCredentials::Carried { failures, .. } => failures,
        other => panic!("carried, not {other:?}"),
    }
}

fn fault(error: &Error) -> Option<ParentFault> {
    match error {
        Error::Parent { fault, .. } => Some(*fault),
        _ => None,
    }
}

fn rules(verdict: &Verdict) -> Vec<Rule> {
    verdict.reasons().map(|reason| reason.rule).collect()
}

fn names(actions: &Value) -> Vec<&str> {
    array(&actions["actions"])
        .map(|action| action["action"].as_str().unwrap())
        .collect()
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
