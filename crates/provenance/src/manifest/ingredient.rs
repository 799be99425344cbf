//! What a stamp records of its parent's credentials: the outcome of validating them, in C2PA's own form and codes (C2PA
//! 2.2, 18.16 and 15).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use touchmark_image::SourceImage;
use touchmark_signing::trust::Standing;

use super::finding::Reading;
use super::read::ManifestReader;
use super::redact::{self, STORE_PATH};
use super::status::{Gravity, Scope, Status, StatusKind};
use crate::names::label;

/// Nobody vouches for the signer.
const UNTRUSTED: &str = "signingCredential.untrusted";

/// Codes about who is trusted. c2pa is given no lists, so these are decided by us.
const TRUST_CODES: &[&str] = &[
    "signingCredential.trusted",
    UNTRUSTED,
    "timeStamp.trusted",
    "timeStamp.untrusted",
];

/// The certificate breaks a rule of the profile.
const CREDENTIAL_INVALID: &str = "signingCredential.invalid";

/// The parent's validation results: c2pa's codes, what our own look adds, and our decisions on signers and time-stamp. No
/// explanations and no names of lists: they would be signed into a file that goes elsewhere.
///
/// `None` where c2pa has none.
pub(super) fn validation_results(reader: &ManifestReader, image: &SourceImage<'_>, reading: &Reading) -> Option<Value> {
    let found = serde_json::to_value(reader.validation_results(image)?).ok()?;
    let mut active = codes(&found["activeManifest"]);
    add_own(&mut active, reading);
    let mut deltas: BTreeMap<String, Value> = array(&found["ingredientDeltas"])
        .filter_map(|delta| {
            let uri = delta["ingredientAssertionURI"].as_str()?;
            Some((uri.to_owned(), codes(&delta["validationDeltas"])))
        })
        .collect();
    add_signers(&mut deltas, reading);
    let deltas: Vec<Value> = deltas
        .into_iter()
        .map(|(uri, codes)| json!({ "ingredientAssertionURI": uri, "validationDeltas": codes }))
        .collect();

    let mut results = json!({ "activeManifest": active, "specVersion": found["specVersion"] });
    if !deltas.is_empty() {
        results["ingredientDeltas"] = deltas.into();
    }
    Some(results)
}

/// The codes of what does not hold, in order and each once. That nobody vouches for the signer is no failure of this kind,
/// nor are dates; that the certificate breaks the profile is.
pub(super) fn failures(results: &Value) -> Vec<String> {
    let deltas = array(&results["ingredientDeltas"]).map(|delta| &delta["validationDeltas"]);
    let codes: BTreeSet<&str> = std::iter::once(&results["activeManifest"])
        .chain(deltas)
        .flat_map(|codes| array(&codes["failure"]))
        .filter_map(|status| status["code"].as_str())
        .filter(|code| Gravity::of_code(code) != Gravity::Credential || *code == CREDENTIAL_INVALID)
        .collect();
    codes.into_iter().map(str::to_owned).collect()
}

/// One set of c2pa's codes without explanations and without what we decide.
fn codes(found: &Value) -> Value {
    let list = |name: &str| -> Vec<Value> {
        array(&found[name])
            .filter(|status| !status["code"].as_str().is_some_and(|code| TRUST_CODES.contains(&code)))
            .map(|status| entry(status["code"].as_str().unwrap_or_default(), status["url"].as_str()))
            .collect()
    };
    json!({
        "success": list("success"),
        "informational": list("informational"),
        "failure": list("failure"),
    })
}

/// What our own look at the active manifest adds.
fn add_own(active: &mut Value, reading: &Reading) {
    let is_own = |status: &&Status| status.kind == StatusKind::Failure && status.scope != Scope::Ingredient;
    for status in reading.statuses.iter().filter(is_own) {
        add(active, "failure", entry(&status.code, status.url.as_deref()));
    }
    let signature = reading.active().map(|manifest| signature_uri(&manifest.label));
    for (list, code) in trust_codes(reading.signer.standing()) {
        add(active, list, entry(code, signature.as_deref()));
    }
    if let Some(time) = reading.signing_time {
        let (list, code) = match time.trusted {
            true => ("success", "timeStamp.trusted"),
            false => ("informational", "timeStamp.untrusted"),
        };
        add(active, list, entry(code, signature.as_deref()));
    }
}

/// How the signers of the parent's own ingredients stand now: whom nobody vouches for, and whom somebody does since.
fn add_signers(deltas: &mut BTreeMap<String, Value>, reading: &Reading) {
    for manifest in &reading.manifests {
        for ingredient in &manifest.ingredients {
            let (Some(label), Some(assertion)) = (&ingredient.manifest, &ingredient.assertion) else {
                continue;
            };
            let index = reading.manifests.iter().position(|other| other.label == *label);
            let Some(standing) = index.and_then(|index| reading.standing_of(index)) else {
                continue;
            };
            let was_untrusted = ingredient.recorded_failures.iter().any(|code| code == UNTRUSTED);
            for (list, code) in trust_codes(standing) {
                // A failure is said again, for readers match it by an address that not every program wrote.
                if *list == "failure" || was_untrusted {
                    let codes = deltas
                        .entry(redact::uri(&manifest.label, assertion))
                        .or_insert_with(|| codes(&Value::Null));
                    add(codes, list, entry(code, Some(&signature_uri(label))));
                }
            }
        }
    }
}

/// What a signer's standing is in C2PA's codes, each with its list.
fn trust_codes(standing: &Standing) -> &'static [(&'static str, &'static str)] {
    match standing {
        Standing::Trusted(_) => &[("success", "signingCredential.trusted")],
        Standing::Invalid(_) => &[("failure", CREDENTIAL_INVALID), ("failure", UNTRUSTED)],
        _ => &[("failure", UNTRUSTED)],
    }
}

fn add(codes: &mut Value, list: &str, entry: Value) {
    if let Some(entries) = codes[list].as_array_mut().filter(|entries| !entries.contains(&entry)) {
        entries.push(entry);
    }
}

fn signature_uri(manifest: &str) -> String {
    format!("{STORE_PATH}{manifest}/{}", label::SIGNATURE)
}

fn entry(code: &str, url: Option<&str>) -> Value {
    match url {
        Some(url) => json!({ "code": code, "url": url }),
        None => json!({ "code": code }),
    }
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_signed_is_no_failure_and_a_bad_certificate_is() {
        let failing = |codes: &[&str]| {
            let failure: Vec<Value> = codes.iter().map(|code| entry(code, None)).collect();
            json!({ "activeManifest": { "failure": failure } })
        };
        assert_eq!(failures(&failing(&[UNTRUSTED, "signingCredential.expired"])), [""; 0]);
        assert_eq!(
            failures(&failing(&[
                CREDENTIAL_INVALID,
                "assertion.dataHash.mismatch",
                CREDENTIAL_INVALID
            ])),
            ["assertion.dataHash.mismatch", CREDENTIAL_INVALID]
        );
        let below =
            json!({ "ingredientDeltas": [{ "validationDeltas": { "failure": [{ "code": "claim.missing" }] } }] });
        assert_eq!(failures(&below), ["claim.missing"]);
    }

    #[test]
    fn codes_lose_their_explanations_and_what_is_ours_to_decide() {
        let found = json!({
            "success": [{ "code": "signingCredential.trusted", "url": "x", "explanation": "found in a local list" }],
            "failure": [{ "code": "assertion.missing", "url": "y", "explanation": "words" }],
        });
        let expected = json!({
            "success": [], "informational": [], "failure": [{ "code": "assertion.missing", "url": "y" }],
        });
        assert_eq!(codes(&found), expected);
    }
}
