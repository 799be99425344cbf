//! Every stamp satisfies the official asset rubrics (program v0.2, specification 2.4), and more: c2pa calls it
//! Trusted under its own root, and its failure list is empty.
//!
//! The rules are stated anew in `rules`, over crJSON; `mutations` makes each of them fail; `omissions` is about what a
//! stamp must not hold.

mod mutations;
mod omissions;
mod rules;

use std::collections::BTreeSet;
use std::io::Cursor;
use std::sync::Arc;

use c2pa::{Context, Reader, Settings, ValidationState};
use serde_json::{Value, json};
use time::OffsetDateTime;
use touchmark::{Disclosure, Format, Stamper};
use touchmark_signing::Identity;
use touchmark_tests::identity;
use touchmark_tests::pictures::{PICTURES, Picture};

use mutations::mutations;
use rules::{RULES, Rule, TRUST_RULES, Weight};

#[test]
fn every_stamp_satisfies_every_rule() {
    let identity = identity::fresh().unwrap();
    for picture in PICTURES {
        for disclosure in [identity::disclosure().unwrap(), Disclosure::unfilled()] {
            let (state, crjson) = examined(&identity, picture, &disclosure);
            let name = picture.name;
            assert_eq!(broken(&crjson), Vec::<String>::new(), "{name}");
            assert_eq!(state, ValidationState::Trusted, "{name}");
            // What the rules do not look at must be right too: some codes are on none of their lists.
            assert_eq!(failures(&crjson), &json!([]), "{name}");
        }
    }
}

#[test]
fn there_are_as_many_rules_as_in_the_rubrics() {
    assert_eq!(RULES.len(), 31);
    let integrity = |rule: &&Rule| {
        ["well_formed_", "valid_", "trusted_"]
            .iter()
            .any(|p| rule.name.starts_with(p))
    };
    assert_eq!(all_rules().filter(integrity).count(), 6);
    let names: BTreeSet<_> = all_rules().map(|rule| rule.name).collect();
    assert_eq!(names.len(), 33, "no name twice");
}

#[test]
fn every_rule_can_fail() {
    let crjson = stamp_of_the_first_picture();
    let mut seen = BTreeSet::new();
    for mutation in mutations() {
        let mut changed = crjson.clone();
        mutation.apply(&mut changed);
        let found: BTreeSet<_> = all_rules()
            .filter(|rule| (rule.check)(&changed).is_err())
            .map(|rule| rule.name)
            .collect();
        assert_eq!(found, mutation.breaks.iter().copied().collect(), "{mutation:?}");
        seen.extend(found);
    }
    let unseen: Vec<_> = all_rules()
        .map(|rule| rule.name)
        .filter(|name| !seen.contains(name))
        .collect();
    assert_eq!(unseen, Vec::<&str>::new(), "rules that no mutation breaks");
}

#[test]
fn only_the_rule_on_legacy_parameters_merely_warns() {
    let mut crjson = stamp_of_the_first_picture();
    mutations::put(
        &mut crjson,
        "/manifests/0/assertions/c2pa.actions.v2/actions/0/parameters",
        json!({ "description": "x" }),
    );
    assert_eq!(broken(&crjson), Vec::<String>::new());
    let warnings: Vec<_> = all_rules()
        .filter(|rule| rule.weight == Weight::Warning && (rule.check)(&crjson).is_err())
        .map(|rule| rule.name)
        .collect();
    assert_eq!(warnings, ["discouraged_legacy_action_parameters"]);
}

/// Why the gate above asks for an empty list (conformance.md, 3).
#[test]
fn failures_exist_that_no_rule_sees() {
    for code in [
        "signingCredential.expired",
        "timeStamp.mismatch",
        "assertion.missing",
        "algorithm.unsupported",
    ] {
        let mut crjson = stamp_of_the_first_picture();
        mutations::put(
            &mut crjson,
            "/manifests/0/validationResults/failure/-",
            json!({ "code": code }),
        );
        assert_eq!(broken(&crjson), Vec::<String>::new(), "{code}");
        assert_ne!(failures(&crjson), &json!([]));
    }
}

fn all_rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().chain(TRUST_RULES)
}

/// The rules that fail, with what they found; warnings are none.
pub(super) fn broken(crjson: &Value) -> Vec<String> {
    all_rules()
        .filter(|rule| rule.weight == Weight::Failure)
        .filter_map(|rule| Some(format!("{}: {}", rule.name, (rule.check)(crjson).err()?)))
        .collect()
}

pub(super) fn failures(crjson: &Value) -> &Value {
    &crjson["manifests"][0]["validationResults"]["failure"]
}

fn stamp_of_the_first_picture() -> Value {
    let identity = identity::fresh().unwrap();
    examined(&identity, &PICTURES[0], &identity::disclosure().unwrap()).1
}

/// Stamps the picture and has c2pa read it, with the identity's root as its only anchor.
fn examined(identity: &Identity, picture: &Picture, disclosure: &Disclosure) -> (ValidationState, Value) {
    let stamper = Stamper::new(identity.signer().unwrap()).unwrap();
    let now = OffsetDateTime::now_utc();
    let stamped = stamper.stamp(&picture.bytes().unwrap(), disclosure, now).unwrap();
    let reader = read(identity, stamped.record().format, stamped.bytes());
    (reader.validation_state(), reader.to_crjson_value().unwrap())
}

/// Has c2pa read a file, with the identity's root as its only anchor.
pub(super) fn read(identity: &Identity, format: Format, bytes: &[u8]) -> Reader {
    read_under(&identity.root().certificate.to_pem(), format, bytes)
}

/// Has c2pa read a file, with this root as its only anchor.
pub(super) fn read_under(root: &str, format: Format, bytes: &[u8]) -> Reader {
    let settings = json!({
        "verify": { "remote_manifest_fetch": false, "ocsp_fetch": false },
        "trust": { "anchors": [{
            "trust_anchors": root,
            "trust_uri": "touchmark:test",
            "trust_kind": "manifest",
        }] },
    });
    let settings = Settings::new().with_json(&settings.to_string()).unwrap();
    let context = Arc::new(Context::new().with_settings(settings).unwrap());
    Reader::from_shared_context(&context)
        .with_stream(format.mime_type(), Cursor::new(bytes))
        .unwrap()
}
