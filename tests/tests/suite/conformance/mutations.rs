//! Changes to the crJSON of a good stamp, one at a time, and the rules that each must break: these and no others.

use serde_json::{Value, json};

use super::rules::{TRUST_CODES, VALID_CODES, WELL_FORMED_CODES};

/// One change and its consequence.
#[derive(Debug)]
pub(super) struct Mutation {
    /// Where, as a JSON pointer (RFC 6901); a last token `-` appends.
    at: &'static str,
    /// What is put there; `None` removes.
    to: Option<Value>,
    /// The names of the rules that it breaks. Empty for a change that the rules permit.
    pub(super) breaks: &'static [&'static str],
}

impl Mutation {
    pub(super) fn apply(&self, crjson: &mut Value) {
        match &self.to {
            Some(value) => put(crjson, self.at, value.clone()),
            None => cut(crjson, self.at),
        }
    }
}

/// Puts a value into an object, or into an array before the element that is named; the parent must be there.
pub(super) fn put(crjson: &mut Value, at: &str, value: Value) {
    let (parent, key) = at.rsplit_once('/').unwrap();
    match crjson.pointer_mut(parent).unwrap() {
        Value::Object(map) => {
            map.insert(key.to_owned(), value);
        }
        Value::Array(list) if key == "-" => list.push(value),
        Value::Array(list) => list.insert(key.parse().unwrap(), value),
        other => panic!("{at}: {other} holds nothing"),
    }
}

fn cut(crjson: &mut Value, at: &str) {
    let (parent, key) = at.rsplit_once('/').unwrap();
    let removed = match crjson.pointer_mut(parent).unwrap() {
        Value::Object(map) => map.remove(key),
        Value::Array(list) => Some(list.remove(key.parse().unwrap())),
        other => panic!("{at}: {other} holds nothing"),
    };
    assert!(removed.is_some(), "{at}: nothing to remove");
}

macro_rules! at {
    ($path:literal) => {
        concat!("/manifests/0/", $path)
    };
}

const SPEC_VERSION: &str = at!("claim.v2/claim_generator_info/specVersion");
const ACTIONS: &str = at!("assertions/c2pa.actions.v2/actions");
const NEXT_ACTION: &str = at!("assertions/c2pa.actions.v2/actions/-");
const PARAMETERS: &str = at!("assertions/c2pa.actions.v2/actions/0/parameters");
const SECOND_ACTIONS: &str = at!("assertions/c2pa.actions.v2__1");
const INGREDIENT: &str = at!("assertions/c2pa.ingredient.v3");
const OWN: &str = at!("assertions/org.example.own");

/// The changes, in the order of the rules.
pub(super) fn mutations() -> Vec<Mutation> {
    let mut all = claim();
    all.extend(actions());
    all.extend(assertions());
    all.extend(ingredients());
    all.extend(statuses());
    all
}

fn set(at: &'static str, to: Value, breaks: &'static [&'static str]) -> Mutation {
    Mutation {
        at,
        to: Some(to),
        breaks,
    }
}

fn without(at: &'static str, breaks: &'static [&'static str]) -> Mutation {
    Mutation { at, to: None, breaks }
}

fn claim() -> Vec<Mutation> {
    let version = &["mandatory_spec_version"];
    let urn = &["active_manifest_urn"];
    let position = &["inception_action_position"];
    vec![
        without(SPEC_VERSION, version),
        set(SPEC_VERSION, json!("2.3.0"), version),
        set(SPEC_VERSION, json!("2.40"), version),
        set(SPEC_VERSION, json!("v2.4.0"), version),
        set(SPEC_VERSION, json!("2"), version),
        set(SPEC_VERSION, json!(2.4), version),
        set(SPEC_VERSION, json!("2.4"), &[]),
        set(SPEC_VERSION, json!("2.4.1"), &[]),
        set(
            at!("claim.v2/specVersion"),
            json!("2.4.0"),
            &["no_deprecated_claim_fields"],
        ),
        set(
            at!("label"),
            json!("urn:uuid:cf817dd0-b37e-4562-af11-bcbcb58e7390"),
            urn,
        ),
        set(
            at!("label"),
            json!("example:urn:c2pa:cf817dd0-b37e-4562-af11-bcbcb58e7390"),
            urn,
        ),
        without(at!("label"), urn),
        without(at!("claim.v2/created_assertions/0"), position),
        without(at!("claim.v2/created_assertions"), position),
        set(
            at!("claim.v2/created_assertions/0"),
            json!({ "url": "self#jumbf=c2pa.assertions/c2pa.actions.v2__1" }),
            position,
        ),
        set(
            at!("claim.v2/created_assertions/0"),
            json!({ "url": "self#jumbf=c2pa.assertions/c2pa.metadata" }),
            &[],
        ),
    ]
}

fn actions() -> Vec<Mutation> {
    let source = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia";
    let with_source = |action: &str| json!({ "action": action, "digitalSourceType": source });
    let opened = |parameters: Value| json!({ "action": "c2pa.opened", "parameters": parameters });
    let one = json!({ "ingredients": [{ "url": "self#jumbf=c2pa.assertions/c2pa.ingredient.v3" }] });
    let opened_with_source = json!({ "action": "c2pa.opened", "parameters": one, "digitalSourceType": source });
    let reference = &["opened_action_ingredient_reference"];
    vec![
        without(
            at!("assertions/c2pa.actions.v2/allActionsIncluded"),
            &["mandatory_all_actions_included"],
        ),
        set(at!("assertions/c2pa.actions.v2/allActionsIncluded"), json!(false), &[]),
        set(
            SECOND_ACTIONS,
            json!({ "actions": [with_source("c2pa.edited")] }),
            &["mandatory_all_actions_included"],
        ),
        set(
            at!("assertions/c2pa.actions.v2/actions/0"),
            with_source("c2pa.edited"),
            &["inception_action_position"],
        ),
        set(at!("assertions/c2pa.actions.v2/actions/0"), opened(one.clone()), &[]),
        without(
            at!("assertions/c2pa.actions.v2/actions/0/digitalSourceType"),
            &["mandatory_dst_for_created_action"],
        ),
        set(
            NEXT_ACTION,
            json!({ "action": "c2pa.edited" }),
            &["mandatory_dst_for_perceptible_transformations"],
        ),
        set(
            NEXT_ACTION,
            json!({ "action": "c2pa.unknown" }),
            &["mandatory_dst_for_perceptible_transformations"],
        ),
        set(NEXT_ACTION, with_source("c2pa.edited"), &[]),
        set(NEXT_ACTION, json!({ "action": "c2pa.watermarked.bound" }), &[]),
        set(NEXT_ACTION, json!({ "action": "org.example.turned" }), &[]),
        set(NEXT_ACTION, opened_with_source, &["no_dst_for_opened_action"]),
        set(NEXT_ACTION, json!({ "action": "c2pa.opened" }), reference),
        set(NEXT_ACTION, opened(json!({ "ingredients": [] })), reference),
        set(NEXT_ACTION, opened(json!({ "ingredients": [{}, {}] })), reference),
        set(
            at!("assertions/c2pa.actions.v2"),
            json!({ "actions": [opened(one.clone())], "allActionsIncluded": false }),
            &["all_actions_included_opened"],
        ),
        set(
            at!("assertions/c2pa.actions.v2"),
            json!({ "actions": [opened(one)], "allActionsIncluded": true }),
            &[],
        ),
        set(
            NEXT_ACTION,
            json!({ "action": "c2pa.watermarked" }),
            &["no_deprecated_actions"],
        ),
        set(
            NEXT_ACTION,
            with_source("c2pa.color_adjustments"),
            &["no_deprecated_actions"],
        ),
        set(
            NEXT_ACTION,
            with_source("c2pa.saved"),
            &["no_deprecated_actions", "no_unsupported_actions"],
        ),
        set(NEXT_ACTION, with_source("c2pa.invented"), &["no_unsupported_actions"]),
        set(
            NEXT_ACTION,
            json!({ "action": "turned" }),
            &["no_unrecognized_custom_actions"],
        ),
        set(
            SECOND_ACTIONS,
            json!({ "actions": [{ "action": "turned" }], "allActionsIncluded": true }),
            &["no_unrecognized_custom_actions"],
        ),
        set(
            PARAMETERS,
            json!({ "seed": 1 }),
            &["no_unrecognized_custom_action_parameters"],
        ),
        set(PARAMETERS, json!({ "org.example.seed": 1 }), &[]),
        set(
            PARAMETERS,
            json!({ "description": "x" }),
            &["discouraged_legacy_action_parameters"],
        ),
        set(
            PARAMETERS,
            json!({ "ingredient": {} }),
            &["discouraged_legacy_action_parameters"],
        ),
        set(ACTIONS, json!([]), &[]),
    ]
}

fn assertions() -> Vec<Mutation> {
    let deprecated = &["no_deprecated_assertions"];
    let unsupported = &["no_unsupported_assertions"];
    let forbidden = &["forbidden_labels_in_external_references"];
    let choice = &["alternative_content_representation_choice"];
    let preserved = |parameters: Value| json!({ "type": "exif.originalPreservationImage", "parameters": parameters });
    let refers_to = |label: &str| json!({ "label": label, "url": "https://example.org/" });
    vec![
        set(at!("assertions/stds.exif"), json!({}), deprecated),
        set(at!("assertions/c2pa.actions"), json!({}), deprecated),
        set(at!("assertions/c2pa.ingredient.v2__1"), json!({}), deprecated),
        set(at!("assertions/c2pa.hash.bmff.v2"), json!({}), deprecated),
        set(at!("assertions/c2pa.training-mining"), json!({}), unsupported),
        set(at!("assertions/c2pa.thumbnail.claim.jpeg"), json!({}), unsupported),
        set(at!("assertions/c2pa.thumbnail.claim"), json!({}), &[]),
        set(at!("assertions/c2pa.metadata__1"), json!({}), &[]),
        set(at!("assertions/own"), json!({}), &["no_unrecognized_custom_assertions"]),
        set(OWN, json!({}), &[]),
        set(
            at!("assertions/c2pa.hash.data/url"),
            json!("https://example.org/"),
            &["no_url_in_hashes"],
        ),
        set(
            at!("assertions/c2pa.hash.bmff.v3"),
            json!({ "url": "https://example.org/" }),
            &["no_url_in_hashes"],
        ),
        set(
            OWN,
            json!({ "reviewRatings": [], "dataSource": { "type": "humanEntry.anonymous" } }),
            &["review_ratings_datasource"],
        ),
        set(
            OWN,
            json!({ "reviewRatings": [], "dataSource": { "type": "signer" } }),
            &[],
        ),
        set(OWN, preserved(json!({})), choice),
        set(
            OWN,
            preserved(json!({ "multiAssetPartIndex": 1, "embeddedOriginalPreservationImage": {} })),
            choice,
        ),
        set(OWN, json!({ "parameters": preserved(json!({})) }), choice),
        set(OWN, preserved(json!({ "multiAssetPartIndex": 1 })), &[]),
        set(OWN, refers_to("c2pa.actions.v2"), forbidden),
        set(OWN, refers_to("c2pa.hash.data"), forbidden),
        set(OWN, refers_to("c2pa.ingredient.v3"), forbidden),
        set(OWN, refers_to("c2pa.metadata"), &[]),
        set(
            at!("assertions"),
            json!({ "c2pa.hash.boxes": {}, "c2pa.asset-type.v2": { "dc:format": "image/tiff" } }),
            &["no_box_hash_for_tiff"],
        ),
        set(
            at!("assertions"),
            json!({ "c2pa.hash.boxes": {}, "c2pa.asset-type.v2": { "dc:format": "image/png" } }),
            &[],
        ),
    ]
}

fn ingredients() -> Vec<Mutation> {
    vec![
        set(
            INGREDIENT,
            json!({ "relationship": "childOf" }),
            &["ingredient_relationship_values"],
        ),
        set(
            INGREDIENT,
            json!({ "relationship": "inputTo", "digitalSourceType": "x" }),
            &[],
        ),
        set(
            INGREDIENT,
            json!({ "relationship": "inputTo", "validationResults": {} }),
            &["ingredient_v3_no_active_manifest"],
        ),
        set(
            INGREDIENT,
            json!({ "relationship": "parentOf", "activeManifest": {} }),
            &["ingredient_v3_mandatory_validation_results"],
        ),
        set(
            INGREDIENT,
            json!({ "relationship": "parentOf", "activeManifest": {}, "validationResults": {} }),
            &[],
        ),
        set(
            INGREDIENT,
            json!({
                "relationship": "parentOf", "activeManifest": {}, "validationResults": {}, "digitalSourceType": "x",
            }),
            &["ingredient_v3_choice"],
        ),
    ]
}

fn statuses() -> Vec<Mutation> {
    let missing = without(
        at!("validationResults"),
        &[
            "well_formed_data_present",
            "well_formed_success",
            "valid_data_present",
            "valid_success",
            "trusted_data_present",
            "trusted_success",
        ],
    );
    let lists: [(&[&str], &[&str]); 3] = [
        (WELL_FORMED_CODES, &["well_formed_success"]),
        (VALID_CODES, &["valid_success"]),
        (TRUST_CODES, &["trusted_success"]),
    ];
    let failing = lists.into_iter().flat_map(|(codes, breaks)| {
        codes
            .iter()
            .map(move |code| set(at!("validationResults/failure/-"), json!({ "code": code }), breaks))
    });
    // Success and information are no failures, whatever their code.
    let harmless = set(
        at!("validationResults/informational/-"),
        json!({ "code": "signingCredential.untrusted" }),
        &[],
    );
    std::iter::once(missing).chain(failing).chain([harmless]).collect()
}
