//! Why a record, or that of an ingredient, does not hold, a line a reason: in words, with C2PA's codes, and which assertions
//! they speak of. Time: linear in what is told, because the codes of ingredients are words of the file.

use std::collections::{BTreeMap, BTreeSet};

use touchmark_provenance::names::label::KNOWN;

use super::text::rule_message;
use super::untrusted::holds_address;
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

/// A line for each reason by which a record does not hold, and one where a record that another one refers to is missing.
pub(super) fn lines(report: &Report, words: Words) -> Vec<String> {
    let reasons = report.verdict.reasons.iter();
    let faults: Vec<&ReasonReport> = reasons
        .filter(|reason| FAULTS.iter().any(|rule| rule.id() == reason.rule))
        .collect();
    let assertions = assertions(report);
    let is_incomplete = faults
        .iter()
        .flat_map(|reason| &reason.codes)
        .any(|code| MISSING.contains(&code.as_str()));
    faults
        .iter()
        .map(|reason| line(reason, &assertions, report, words))
        .chain(is_incomplete.then(|| words.say("changed-history-incomplete")))
        .collect()
}

fn line(reason: &ReasonReport, assertions: &Assertions<'_>, report: &Report, words: Words) -> String {
    let is_ingredients = reason.rule == Rule::IngredientBroken.id();
    let line = match broken_ingredient(report).filter(|_| is_ingredients) {
        Some(name) => words.say_with("changed-ingredient-broken", &[("name", name)]),
        None => words.say(&rule_message(reason.rule)),
    };
    let with_assertions = |code: &String| match assertions.get(code.as_str()) {
        // What is known by name is the active manifest's.
        Some(labels) if !is_ingredients => {
            format!("{code}: {}", labels.iter().copied().collect::<Vec<_>>().join(" "))
        }
        _ => code.clone(),
    };
    match reason.codes.as_slice() {
        [] => line,
        codes => format!(
            "{line} [{}]",
            codes.iter().map(with_assertions).collect::<Vec<_>>().join(", ")
        ),
    }
}

/// The assertions of the active manifest that each code speaks of. Only those of the standards and our own: other labels are
/// words of the file, and could be an address at which somebody wants to be reached.
type Assertions<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

fn assertions(report: &Report) -> Assertions<'_> {
    let mut assertions = Assertions::new();
    let statuses = report.layers.manifest.codes.iter();
    for status in statuses.filter(|status| status.kind == "failure" && !status.ingredient) {
        let url = status.url.as_deref().unwrap_or_default();
        if let Some((_, label)) = url.split_once("/c2pa.assertions/")
            && is_known(label)
        {
            assertions.entry(&status.code).or_default().insert(label);
        }
    }
    assertions
}

/// The title of the first ingredient whose record does not hold.
fn broken_ingredient(report: &Report) -> Option<&str> {
    let manifests = report.layers.manifest.manifests.iter();
    let ingredients = manifests.flat_map(|manifest| &manifest.ingredients);
    let mut broken = ingredients.filter(|ingredient| !ingredient.failures.is_empty());
    let title = broken.next()?.title.as_deref();
    title.filter(|title| report.presentation.show_unverified || !holds_address(title))
}

/// Whether a label is one of [`KNOWN`], with or without a version and a number (C2PA 2.2, 6.2 and 6.3).
fn is_known(label: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let name = match label.rsplit_once("__") {
        Some((name, number)) if is_number(number) => name,
        _ => label,
    };
    let name = match name.rsplit_once(".v") {
        Some((name, version)) if is_number(version) => name,
        _ => name,
    };
    KNOWN.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_labels_that_are_known_are_told() {
        for label in [
            "c2pa.actions",
            "c2pa.actions.v2",
            "c2pa.ingredient.v3__12",
            "cawg.identity__1",
            "dev.touchmark.disclosure",
        ] {
            assert!(is_known(label), "{label}");
        }
        for label in [
            "c2pa.evil.example",
            "c2pa.actions.v2__call-0900",
            "c2pa.actions.v",
            "www.evil.example",
            "",
        ] {
            assert!(!is_known(label), "{label}");
        }
    }
}
