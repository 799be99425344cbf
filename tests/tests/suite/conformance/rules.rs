//! The 31 rules of `asset-rubric-conformance0.2-spec2.4.yml` and the two that `asset-rubric-integrity.yml` adds
//! (c2pa-org/conformance-public), over the active manifest of crJSON. Where the rubric tests a whole label, the
//! instance suffix (`__1`) is taken off first, so that these rules are as strict or stricter.

use serde_json::{Map, Value};

/// One rule of the rubrics.
#[derive(Debug)]
pub(super) struct Rule {
    /// Its identifier there, without `validation:`.
    pub(super) name: &'static str,
    pub(super) weight: Weight,
    /// Examines crJSON; an error says what was found.
    pub(super) check: fn(&Value) -> Result<(), String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Failure,
    Warning,
}

const fn rule(name: &'static str, check: fn(&Value) -> Result<(), String>) -> Rule {
    Rule {
        name,
        weight: Weight::Failure,
        check,
    }
}

/// The conformance rubric: specification, program and structural integrity.
pub(super) const RULES: &[Rule] = &[
    rule("mandatory_spec_version", mandatory_spec_version),
    rule("mandatory_all_actions_included", mandatory_all_actions_included),
    rule("inception_action_position", inception_action_position),
    rule("mandatory_dst_for_created_action", mandatory_dst_for_created_action),
    rule(
        "mandatory_dst_for_perceptible_transformations",
        mandatory_dst_for_perceptible_transformations,
    ),
    rule("no_dst_for_opened_action", no_dst_for_opened_action),
    rule("opened_action_ingredient_reference", opened_action_ingredient_reference),
    rule("all_actions_included_opened", all_actions_included_opened),
    rule("no_deprecated_actions", no_deprecated_actions),
    rule("no_unsupported_actions", no_unsupported_actions),
    rule("no_unrecognized_custom_actions", no_unrecognized_custom_actions),
    rule(
        "no_unrecognized_custom_action_parameters",
        no_unrecognized_custom_action_parameters,
    ),
    Rule {
        name: "discouraged_legacy_action_parameters",
        weight: Weight::Warning,
        check: discouraged_legacy_action_parameters,
    },
    rule("no_deprecated_assertions", no_deprecated_assertions),
    rule("no_unsupported_assertions", no_unsupported_assertions),
    rule("no_unrecognized_custom_assertions", no_unrecognized_custom_assertions),
    rule("active_manifest_urn", active_manifest_urn),
    rule("no_deprecated_claim_fields", no_deprecated_claim_fields),
    rule("no_url_in_hashes", no_url_in_hashes),
    rule("well_formed_data_present", data_present),
    rule("well_formed_success", |crjson| no_failure_of(crjson, WELL_FORMED_CODES)),
    rule("valid_data_present", data_present),
    rule("valid_success", |crjson| no_failure_of(crjson, VALID_CODES)),
    rule("ingredient_relationship_values", ingredient_relationship_values),
    rule("ingredient_v3_no_active_manifest", ingredient_v3_no_active_manifest),
    rule(
        "ingredient_v3_mandatory_validation_results",
        ingredient_v3_mandatory_validation_results,
    ),
    rule("ingredient_v3_choice", ingredient_v3_choice),
    rule("review_ratings_datasource", review_ratings_datasource),
    rule(
        "alternative_content_representation_choice",
        alternative_content_representation_choice,
    ),
    rule(
        "forbidden_labels_in_external_references",
        forbidden_labels_in_external_references,
    ),
    rule("no_box_hash_for_tiff", no_box_hash_for_tiff),
];

/// What the integrity rubric adds: its other four rules are among [`RULES`].
pub(super) const TRUST_RULES: &[Rule] = &[
    rule("trusted_data_present", data_present),
    rule("trusted_success", |crjson| no_failure_of(crjson, TRUST_CODES)),
];

fn mandatory_spec_version(crjson: &Value) -> Result<(), String> {
    let version = &active(crjson)["claim.v2"]["claim_generator_info"]["specVersion"];
    let mut parts = version.as_str().unwrap_or_default().split('.');
    expect(parts.next() == Some("2") && parts.next() == Some("4"), || {
        version.to_string()
    })
}

fn mandatory_all_actions_included(crjson: &Value) -> Result<(), String> {
    none(
        assertions(crjson)
            .filter(|(_, value)| has(value, "actions") && !has(value, "allActionsIncluded"))
            .map(|(label, _)| label),
    )
}

fn inception_action_position(crjson: &Value) -> Result<(), String> {
    let created = active(crjson)["claim.v2"]["created_assertions"].as_array();
    let mut urls = created.into_iter().flatten().map(|reference| text(reference, "url"));
    let first = urls.find(|url| url.contains("c2pa.actions")).unwrap_or_default();
    expect(first.ends_with("c2pa.actions.v2"), || {
        format!("first of the created assertions: {first:?}")
    })?;
    let actions = actions(crjson);
    let created_later = actions.iter().any(|action| name(action) == "c2pa.created");
    let begins = actions.first().map_or("", |action| name(action));
    expect(
        !created_later || ["c2pa.created", "c2pa.opened"].contains(&begins),
        || begins.to_owned(),
    )
}

fn mandatory_dst_for_created_action(crjson: &Value) -> Result<(), String> {
    no_action(crjson, |action| {
        name(action) == "c2pa.created" && !has(action, "digitalSourceType")
    })
}

fn mandatory_dst_for_perceptible_transformations(crjson: &Value) -> Result<(), String> {
    no_action(crjson, |action| {
        let name = name(action);
        name.starts_with("c2pa.") && !SOURCE_TYPE_NOT_NEEDED.contains(&name) && !has(action, "digitalSourceType")
    })
}

fn no_dst_for_opened_action(crjson: &Value) -> Result<(), String> {
    no_action(crjson, |action| {
        name(action) == "c2pa.opened" && has(action, "digitalSourceType")
    })
}

fn opened_action_ingredient_reference(crjson: &Value) -> Result<(), String> {
    no_action(crjson, |action| {
        let ingredients = action["parameters"]["ingredients"].as_array();
        name(action) == "c2pa.opened" && ingredients.map(Vec::len) != Some(1)
    })
}

fn all_actions_included_opened(crjson: &Value) -> Result<(), String> {
    let all = active(crjson)["assertions"]["c2pa.actions.v2"]["allActionsIncluded"] == true;
    match actions(crjson).as_slice() {
        [only] => expect(all || name(only) != "c2pa.opened", || "c2pa.opened alone".to_owned()),
        _ => Ok(()),
    }
}

fn no_deprecated_actions(crjson: &Value) -> Result<(), String> {
    no_action(crjson, |action| DEPRECATED_ACTIONS.contains(&name(action)))
}

fn no_unsupported_actions(crjson: &Value) -> Result<(), String> {
    no_action(crjson, |action| {
        name(action).starts_with("c2pa.") && !ALLOWED_ACTIONS.contains(&name(action))
    })
}

fn no_unrecognized_custom_actions(crjson: &Value) -> Result<(), String> {
    no_action(crjson, |action| !name(action).contains('.'))
}

fn no_unrecognized_custom_action_parameters(crjson: &Value) -> Result<(), String> {
    let actions = actions(crjson);
    let parameters = actions.iter().filter_map(|action| action["parameters"].as_object());
    none(
        parameters
            .flat_map(Map::keys)
            .map(String::as_str)
            .filter(|key| !STANDARD_PARAMETERS.contains(key) && !key.contains('.')),
    )
}

fn discouraged_legacy_action_parameters(crjson: &Value) -> Result<(), String> {
    no_action(crjson, |action| {
        has(&action["parameters"], "description") || has(&action["parameters"], "ingredient")
    })
}

fn no_deprecated_assertions(crjson: &Value) -> Result<(), String> {
    none(labels(crjson).filter(|label| label.starts_with("stds.") || DEPRECATED_ASSERTIONS.contains(label)))
}

fn no_unsupported_assertions(crjson: &Value) -> Result<(), String> {
    none(labels(crjson).filter(|label| {
        label.starts_with("c2pa.") && !ALLOWED_ASSERTIONS.contains(label) && !DEPRECATED_ASSERTIONS.contains(label)
    }))
}

fn no_unrecognized_custom_assertions(crjson: &Value) -> Result<(), String> {
    none(labels(crjson).filter(|label| !label.contains('.')))
}

fn active_manifest_urn(crjson: &Value) -> Result<(), String> {
    let label = text(active(crjson), "label");
    expect(label.starts_with("urn:c2pa:"), || label.to_owned())
}

fn no_deprecated_claim_fields(crjson: &Value) -> Result<(), String> {
    expect(!has(&active(crjson)["claim.v2"], "specVersion"), || {
        "specVersion".to_owned()
    })
}

fn no_url_in_hashes(crjson: &Value) -> Result<(), String> {
    none(
        assertions(crjson)
            .filter(|(label, value)| {
                ["c2pa.hash.data", "c2pa.hash.bmff.v3"].contains(&base(label)) && has(value, "url")
            })
            .map(|(label, _)| label),
    )
}

fn data_present(crjson: &Value) -> Result<(), String> {
    expect(has(active(crjson), "validationResults"), || {
        "no validation results".to_owned()
    })
}

fn no_failure_of(crjson: &Value, codes: &[&str]) -> Result<(), String> {
    data_present(crjson)?;
    let failures = active(crjson)["validationResults"]["failure"].as_array();
    none(
        failures
            .into_iter()
            .flatten()
            .map(|status| text(status, "code"))
            .filter(|code| codes.contains(code)),
    )
}

fn ingredient_relationship_values(crjson: &Value) -> Result<(), String> {
    none(
        ingredients(crjson)
            .map(|(_, value)| text(value, "relationship"))
            .filter(|relationship| !["parentOf", "inputTo", "componentOf"].contains(relationship)),
    )
}

fn ingredient_v3_no_active_manifest(crjson: &Value) -> Result<(), String> {
    no_ingredient(crjson, |value| {
        !has(value, "activeManifest") && has(value, "validationResults")
    })
}

fn ingredient_v3_mandatory_validation_results(crjson: &Value) -> Result<(), String> {
    no_ingredient(crjson, |value| {
        has(value, "activeManifest") && !has(value, "validationResults")
    })
}

fn ingredient_v3_choice(crjson: &Value) -> Result<(), String> {
    no_ingredient(crjson, |value| {
        has(value, "activeManifest") && has(value, "digitalSourceType")
    })
}

fn review_ratings_datasource(crjson: &Value) -> Result<(), String> {
    let by_hand = |value: &Value| {
        ["humanEntry.anonymous", "humanEntry.credentialed"].contains(&text(&value["dataSource"], "type"))
    };
    none(
        assertions(crjson)
            .filter(|(_, value)| has(value, "reviewRatings") && by_hand(value))
            .map(|(label, _)| label),
    )
}

fn alternative_content_representation_choice(crjson: &Value) -> Result<(), String> {
    let preserved = |value: &Value| text(value, "type") == "exif.originalPreservationImage";
    let both_or_neither = |value: &Value| {
        has(&value["parameters"], "multiAssetPartIndex")
            == has(&value["parameters"], "embeddedOriginalPreservationImage")
    };
    none(
        assertions(crjson)
            .filter(|(_, value)| (preserved(value) || preserved(&value["parameters"])) && both_or_neither(value))
            .map(|(label, _)| label),
    )
}

fn forbidden_labels_in_external_references(crjson: &Value) -> Result<(), String> {
    let forbidden = |label: &str| {
        [
            "c2pa.actions",
            "c2pa.actions.v2",
            "c2pa.cloud-data",
            "c2pa.external-reference",
        ]
        .contains(&label)
            || label.starts_with("c2pa.hash")
            || label.starts_with("c2pa.ingredient")
    };
    none(
        assertions(crjson)
            .filter(|(_, value)| has(value, "url") && !has(value, "relationship"))
            .map(|(_, value)| text(value, "label"))
            .filter(|label| forbidden(label)),
    )
}

fn no_box_hash_for_tiff(crjson: &Value) -> Result<(), String> {
    let format = text(&active(crjson)["assertions"]["c2pa.asset-type.v2"], "dc:format");
    let tiff = ["image/tiff", "image/x-adobe-dng"].contains(&format);
    none(labels(crjson).filter(|label| tiff && *label == "c2pa.hash.boxes"))
}

fn active(crjson: &Value) -> &Value {
    &crjson["manifests"][0]
}

fn assertions(crjson: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let map = active(crjson)["assertions"].as_object();
    map.into_iter().flatten().map(|(label, value)| (label.as_str(), value))
}

/// The labels of the assertions, without the suffix that tells instances apart.
fn labels(crjson: &Value) -> impl Iterator<Item = &str> {
    assertions(crjson).map(|(label, _)| base(label))
}

fn base(label: &str) -> &str {
    label.split("__").next().unwrap_or(label)
}

/// The actions of every actions assertion, in the order of the labels.
fn actions(crjson: &Value) -> Vec<&Value> {
    assertions(crjson)
        .filter_map(|(_, value)| value["actions"].as_array())
        .flatten()
        .collect()
}

fn ingredients(crjson: &Value) -> impl Iterator<Item = (&str, &Value)> {
    assertions(crjson).filter(|(_, value)| has(value, "relationship"))
}

fn name(action: &Value) -> &str {
    text(action, "action")
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn has(value: &Value, key: &str) -> bool {
    !value[key].is_null()
}

fn no_action(crjson: &Value, fault: impl Fn(&Value) -> bool) -> Result<(), String> {
    none(actions(crjson).into_iter().filter(|action| fault(action)).map(name))
}

fn no_ingredient(crjson: &Value, fault: impl Fn(&Value) -> bool) -> Result<(), String> {
    none(
        ingredients(crjson)
            .filter(|(_, value)| fault(value))
            .map(|(label, _)| label),
    )
}

fn none<'a>(found: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let found: Vec<_> = found.collect();
    expect(found.is_empty(), || found.join(", "))
}

fn expect(holds: bool, found: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(found()) }
}

/// Inception, non-editorial and exempt actions.
const SOURCE_TYPE_NOT_NEEDED: &[&str] = &[
    "c2pa.created",
    "c2pa.opened",
    "c2pa.converted",
    "c2pa.published",
    "c2pa.repackaged",
    "c2pa.transcoded",
    "c2pa.resized.proportional",
    "c2pa.enhanced",
    "c2pa.edited.metadata",
    "c2pa.watermarked",
    "c2pa.watermarked.bound",
    "c2pa.watermarked.unbound",
    "c2pa.redacted",
    "c2pa.placed",
];

const DEPRECATED_ACTIONS: &[&str] = &[
    "c2pa.copied",
    "c2pa.formatted",
    "c2pa.version_updated",
    "c2pa.printed",
    "c2pa.managed",
    "c2pa.produced",
    "c2pa.saved",
    "c2pa.color_adjustments",
    "c2pa.watermarked",
];

const ALLOWED_ACTIONS: &[&str] = &[
    "c2pa.addedText",
    "c2pa.adjustedColor",
    "c2pa.changedSpeed",
    "c2pa.color_adjustments",
    "c2pa.converted",
    "c2pa.created",
    "c2pa.cropped",
    "c2pa.deleted",
    "c2pa.drawing",
    "c2pa.dubbed",
    "c2pa.edited",
    "c2pa.edited.metadata",
    "c2pa.enhanced",
    "c2pa.filtered",
    "c2pa.mastered",
    "c2pa.mixed",
    "c2pa.opened",
    "c2pa.orientation",
    "c2pa.placed",
    "c2pa.published",
    "c2pa.redacted",
    "c2pa.remixed",
    "c2pa.removed",
    "c2pa.repackaged",
    "c2pa.resized",
    "c2pa.resized.proportional",
    "c2pa.transcoded",
    "c2pa.translated",
    "c2pa.trimmed",
    "c2pa.unknown",
    "c2pa.watermarked",
    "c2pa.watermarked.bound",
    "c2pa.watermarked.unbound",
];

const STANDARD_PARAMETERS: &[&str] = &[
    "redacted",
    "ingredients",
    "ingredient",
    "description",
    "relatedAssertions",
    "sourceLanguage",
    "targetLanguage",
    "multipleInstances",
    "ranges",
    "weight",
    "width",
    "italic",
    "slant",
    "optical-size",
];

const DEPRECATED_ASSERTIONS: &[&str] = &[
    "c2pa.claim",
    "c2pa.hash.bmff.v2",
    "c2pa.asset-type",
    "c2pa.ingredient",
    "c2pa.ingredient.v2",
    "c2pa.actions",
];

const ALLOWED_ASSERTIONS: &[&str] = &[
    "c2pa.hash.data",
    "c2pa.hash.data.part",
    "c2pa.actions.v2",
    "c2pa.ingredient.v3",
    "c2pa.hash.boxes",
    "c2pa.hash.bmff.v3",
    "c2pa.hash.collection.data",
    "c2pa.soft-binding",
    "c2pa.cloud-data",
    "c2pa.embedded-data",
    "c2pa.metadata",
    "c2pa.certificate-status",
    "c2pa.asset-ref",
    "c2pa.asset-type.v2",
    "c2pa.hash.multi-asset",
    "c2pa.thumbnail.claim",
    "c2pa.thumbnail.ingredient",
    "c2pa.depthmap.GDepth",
    "c2pa.icon",
    "c2pa.alternative-content-representation",
    "c2pa.external-reference",
    "c2pa.session-keys",
    "c2pa.environmental-sustainability",
    "c2pa.repository-receipt",
    "c2pa.ai-disclosure",
    "c2pa.assertion.metadata",
    "c2pa.time-stamp",
];

/// Codes by which the rubrics call a manifest malformed.
pub(super) const WELL_FORMED_CODES: &[&str] = &[
    "assertion.action.malformed",
    "assertion.bmffHash.malformed",
    "assertion.boxesHash.malformed",
    "assertion.collectionHash.malformed",
    "assertion.dataHash.malformed",
    "assertion.external-reference.malformed",
    "assertion.external-reference.labelMismatch",
    "assertion.external-reference.created",
    "assertion.ingredient.malformed",
    "assertion.alternativeContentRepresentation.malformed",
    "assertion.alternativeContentRepresentation.missing",
    "assertion.multiAssetHash.malformed",
    "assertion.cbor.invalid",
    "assertion.json.invalid",
    "claim.cbor.invalid",
    "claim.hardBindings.missing",
    "claim.malformed",
    "claim.missing",
    "claim.multiple",
    "hashedURI.missing",
    "ingredient.manifest.missing",
    "assertion.boxesHash.unknownBox",
    "assertion.multipleHardBindings",
    "manifest.compressed.invalid",
    "manifest.html.multipleManifests",
    "manifest.inaccessible",
    "manifest.multipleParents",
    "manifest.structuredText.emptyReference",
    "manifest.structuredText.malformedReference",
    "manifest.structuredText.multipleReferences",
    "manifest.structuredText.noManifest",
    "manifest.structuredText.noResolutionPath",
    "manifest.timestamp.invalid",
    "manifest.timestamp.wrongParents",
    "manifest.update.invalid",
    "manifest.update.wrongParents",
];

/// Codes by which they call content or record changed.
pub(super) const VALID_CODES: &[&str] = &[
    "assertion.action.ingredientMismatch",
    "assertion.action.redactionMismatch",
    "assertion.bmffHash.mismatch",
    "assertion.boxesHash.mismatch",
    "assertion.collectionHash.mismatch",
    "assertion.dataHash.mismatch",
    "assertion.external-reference.hashMismatch",
    "assertion.alternativeContentRepresentation.hashMismatch",
    "assertion.multiAssetHash.mismatch",
    "assertion.hashedURI.mismatch",
    "assertion.hardBinding.redacted",
    "hashedURI.mismatch",
    "ingredient.manifest.mismatch",
    "ingredient.claimSignature.missing",
    "ingredient.claimSignature.mismatch",
    "claimSignature.missing",
];

/// Codes by which they call a signer not trusted.
pub(super) const TRUST_CODES: &[&str] = &[
    "claimSignature.mismatch",
    "claimSignature.outsideValidity",
    "signingCredential.invalid",
    "signingCredential.ocsp.revoked",
    "signingCredential.untrusted",
];
