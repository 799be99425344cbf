//! Why a record, or that of an ingredient, does not hold, a line a reason: in words, with C2PA's codes, and which assertions
//! they speak of.

use super::text::{holds_address, rule_message};
use super::words::Words;
use super::{ReasonReport, Report};
use crate::evidence::Rule;

/// The reasons that are told with their codes; the others have words of their own.
const FAULTS: [Rule; 5] = [
    Rule::SignatureFails,
    Rule::RecordBroken,
    Rule::ContentUnbound,
    Rule::SignerInvalid,
    Rule::IngredientBroken,
];

/// The codes that say that a record which another one refers to is not there, or not all of it (C2PA 2.2, 15.2.2).
const MISSING: [&str; 3] = [
    "ingredient.manifest.missing",
    "ingredient.claimSignature.missing",
    "claim.missing",
];

/// The assertions of the standards (C2PA 2.2, 18; CAWG), without their versions. Other labels are words of the file, and could
/// be an address at which somebody wants to be reached.
const STANDARD_ASSERTIONS: [&str; 26] = [
    "c2pa.actions",
    "c2pa.asset-ref",
    "c2pa.asset-type",
    "c2pa.certificate-status",
    "c2pa.cloud-data",
    "c2pa.depthmap.GDepth",
    "c2pa.embedded-data",
    "c2pa.external-reference",
    "c2pa.hash.bmff",
    "c2pa.hash.boxes",
    "c2pa.hash.collection.data",
    "c2pa.hash.data",
    "c2pa.hash.multi-asset",
    "c2pa.ingredient",
    "c2pa.metadata",
    "c2pa.soft-binding",
    "c2pa.thumbnail.claim",
    "c2pa.thumbnail.ingredient",
    "c2pa.time-stamp",
    "c2pa.training-mining",
    "cawg.identity",
    "cawg.metadata",
    "cawg.training-mining",
    "stds.exif",
    "stds.iptc",
    "stds.schema-org.CreativeWork",
];

/// A line for each reason by which a record does not hold.
pub(super) fn lines(report: &Report, words: Words) -> impl Iterator<Item = String> {
    let reasons = report.verdict.reasons.iter();
    let faults = reasons.filter(|reason| FAULTS.iter().any(|rule| rule.id() == reason.rule));
    faults.map(move |reason| line(reason, report, words))
}

fn line(reason: &ReasonReport, report: &Report, words: Words) -> String {
    let is_ingredients = reason.rule == Rule::IngredientBroken.id();
    let mut line = match broken_ingredient(report).filter(|_| is_ingredients) {
        Some(name) => words.say_with("changed-ingredient-broken", &[("name", name)]),
        None => words.say(&rule_message(reason.rule)),
    };
    if is_ingredients && reason.codes.iter().any(|code| MISSING.contains(&code.as_str())) {
        line = format!("{line} {}", words.say("changed-history-incomplete"));
    }
    let codes: Vec<String> = reason.codes.iter().map(|code| with_assertions(code, report)).collect();
    match codes.as_slice() {
        [] => line,
        codes => format!("{line} [{}]", codes.join(", ")),
    }
}

/// The title of the first ingredient whose record does not hold.
fn broken_ingredient(report: &Report) -> Option<&str> {
    let manifests = report.layers.manifest.manifests.iter();
    let ingredients = manifests.flat_map(|manifest| &manifest.ingredients);
    let mut broken = ingredients.filter(|ingredient| !ingredient.failures.is_empty());
    let title = broken.next()?.title.as_deref();
    title.filter(|title| report.presentation.show_unverified || !holds_address(title))
}

/// A code, and the assertions of the active manifest that it speaks of.
fn with_assertions(code: &str, report: &Report) -> String {
    let statuses = report.layers.manifest.codes.iter();
    let failures = statuses.filter(|status| status.code == code && status.kind == "failure" && !status.ingredient);
    let labels = failures.filter_map(|status| Some(status.url.as_deref()?.split_once("/c2pa.assertions/")?.1));
    let mut labels: Vec<&str> = labels.filter(|label| is_standard(label)).collect();
    labels.sort_unstable();
    labels.dedup();
    match labels.as_slice() {
        [] => code.to_owned(),
        labels => format!("{code}: {}", labels.join(" ")),
    }
}

/// Whether a label is one of [`STANDARD_ASSERTIONS`], with or without a version and a number (C2PA 2.2, 6.2 and 6.3).
fn is_standard(label: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let name = match label.rsplit_once("__") {
        Some((name, number)) if is_number(number) => name,
        _ => label,
    };
    let name = match name.rsplit_once(".v") {
        Some((name, version)) if is_number(version) => name,
        _ => name,
    };
    STANDARD_ASSERTIONS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_labels_of_the_standards_are_told() {
        for label in [
            "c2pa.actions",
            "c2pa.actions.v2",
            "c2pa.ingredient.v3__12",
            "cawg.identity__1",
        ] {
            assert!(is_standard(label), "{label}");
        }
        for label in [
            "c2pa.evil.example",
            "c2pa.actions.v2__call-0900",
            "c2pa.actions.v",
            "www.evil.example",
            "",
        ] {
            assert!(!is_standard(label), "{label}");
        }
    }
}
