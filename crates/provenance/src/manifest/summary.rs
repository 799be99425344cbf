//! What a manifest says, as plain data: the words are the file's and stay untrusted until a renderer has escaped them.

use std::collections::BTreeSet;

use c2pa::status_tracker::LogKind;
use c2pa::validation_results::validation_codes;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::pixels::{ADDED_TEXT, VISIBLE_LABEL};
use super::source_type::SourceType;
use super::statements::Statements;
use super::status::Gravity;
use crate::names::{label, soft_binding};

/// One manifest of a store.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    /// Its label, a URN.
    pub label: String,
    /// The version of its claim, 1 or 2.
    pub claim_version: Option<u8>,
    /// The software that wrote the claim.
    pub generator: Option<Software>,
    /// The title given to the picture.
    pub title: Option<String>,
    /// What was done to the picture, in the order of the manifest.
    pub actions: Vec<Action>,
    /// The labels of its assertions.
    pub assertions: Vec<String>,
    /// What went into it.
    pub ingredients: Vec<Ingredient>,
    /// The addresses of the assertions that it took out of manifests before it.
    pub redactions: Vec<String>,
    /// The organisation in the signing certificate, as it names itself.
    pub signer: Option<String>,
    /// The certificates beside the signature, leaf first, PEM.
    pub certificates: String,
    /// The time that a time-stamp on the signature states.
    pub signing_time: Option<OffsetDateTime>,
    /// The strongest thing it says about generative AI in what is attributed to its signer.
    pub source_type: Option<SourceType>,
    /// The strongest thing it says in what was only gathered: nobody's statement (C2PA 2.2, 10.3.1).
    pub gathered_source_type: Option<SourceType>,
    /// The disclosure assertion, where it carries one of ours.
    pub disclosure: Option<Value>,
    /// The ids of our watermark that it states for the whole picture (C2PA 2.4, 18.10).
    pub watermarks: Vec<u64>,
    /// The words of the visible label that it says was drawn.
    pub visible_label: Option<String>,
}

/// A program with its version, as it names itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Software {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
}

/// One action of a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Its name, such as `c2pa.created`.
    pub name: String,
    /// The digital source type, an IRI.
    pub digital_source_type: Option<String>,
    /// The software that did it.
    pub software: Option<Software>,
    /// When it says it was done, RFC 3339 in the file's own words.
    pub when: Option<String>,
}

/// One ingredient of a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ingredient {
    /// Its title.
    pub title: Option<String>,
    /// What whoever took it in said of it.
    pub description: Option<String>,
    /// How it went in: `parentOf`, `componentOf` or `inputTo`.
    pub relationship: String,
    /// The label of its own manifest in the same store, where it has one.
    pub manifest: Option<String>,
    /// The label of the assertion that names it.
    pub(super) assertion: Option<String>,
    /// The failures that the program recorded which took it in; c2pa does not report them again.
    pub recorded_failures: Vec<String>,
}

impl Manifest {
    pub(super) fn of(manifest: &c2pa::Manifest, label: &str) -> Self {
        let signature = manifest.signature_info();
        let statements = Statements::of(manifest);
        Self {
            label: label.to_owned(),
            claim_version: manifest.claim_version(),
            generator: generator(manifest),
            title: manifest.title().map(str::to_owned),
            source_type: statements.attributed,
            gathered_source_type: statements.gathered,
            actions: statements.actions,
            assertions: manifest
                .assertions()
                .iter()
                .map(c2pa::ManifestAssertion::label_with_instance)
                .collect(),
            ingredients: manifest.ingredients().iter().map(Ingredient::of).collect(),
            redactions: manifest.redactions().unwrap_or_default().to_vec(),
            signer: signature.and_then(|info| info.issuer.clone().or_else(|| info.common_name.clone())),
            certificates: signature.map(|info| info.cert_chain().to_owned()).unwrap_or_default(),
            signing_time: signature
                .and_then(|info| info.time.as_deref())
                .and_then(|time| OffsetDateTime::parse(time, &Rfc3339).ok()),
            disclosure: assertion(manifest, crate::names::DISCLOSURE_LABEL).cloned(),
            watermarks: watermarks(manifest),
            visible_label: visible_label(manifest),
        }
    }
}

impl Manifest {
    /// Whether it took the manifest with this label in as an ingredient and recorded a failure of it, beyond the signer's
    /// standing at that time.
    pub(super) fn records_failure_of(&self, label: &str) -> bool {
        self.ingredients
            .iter()
            .filter(|ingredient| ingredient.manifest.as_deref() == Some(label))
            .flat_map(|ingredient| &ingredient.recorded_failures)
            .any(|code| Gravity::of_code(code) != Gravity::Credential)
    }
}

impl Action {
    pub(super) fn of(value: &Value) -> Option<Self> {
        Some(Self {
            name: value.get("action")?.as_str()?.to_owned(),
            digital_source_type: value
                .get("digitalSourceType")
                .and_then(Value::as_str)
                .map(str::to_owned),
            software: value.get("softwareAgent").and_then(Software::of),
            when: value.get("when").and_then(Value::as_str).map(str::to_owned),
        })
    }
}

impl Software {
    /// A map in claim version 2, a string in version 1.
    fn of(value: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        match value {
            Value::String(name) => Some(Self {
                name: name.clone(),
                version: None,
            }),
            Value::Object(map) => Some(Self {
                name: map.get("name").and_then(text)?,
                version: map.get("version").and_then(text),
            }),
            _ => None,
        }
    }
}

impl Ingredient {
    fn of(ingredient: &c2pa::Ingredient) -> Self {
        Self {
            title: ingredient.title().map(str::to_owned),
            description: ingredient.description().map(str::to_owned),
            relationship: match ingredient.relationship() {
                c2pa::Relationship::ParentOf => "parentOf",
                c2pa::Relationship::ComponentOf => "componentOf",
                c2pa::Relationship::InputTo => "inputTo",
            }
            .to_owned(),
            manifest: ingredient.active_manifest().map(str::to_owned),
            assertion: ingredient.label().map(str::to_owned),
            recorded_failures: recorded_failures(ingredient),
        }
    }
}

fn generator(manifest: &c2pa::Manifest) -> Option<Software> {
    let info = manifest.claim_generator_info.as_ref().and_then(|list| list.first());
    match info {
        Some(info) => Some(Software {
            name: info.name.clone(),
            version: info.version.clone(),
        }),
        None => manifest.claim_generator().map(|name| Software {
            name: name.to_owned(),
            version: None,
        }),
    }
}

/// The failures in an ingredient's recorded validation, both in today's form and in the older flat one. There the code
/// alone tells what is one: c2pa reads each entry as passed.
fn recorded_failures(ingredient: &c2pa::Ingredient) -> Vec<String> {
    let results = ingredient.validation_results();
    let active = results.and_then(|results| results.active_manifest()).into_iter();
    let deltas = results
        .and_then(|results| results.ingredient_deltas())
        .into_iter()
        .flatten();
    let in_results = active
        .chain(deltas.map(|delta| delta.validation_deltas()))
        .flat_map(|codes| codes.failure());
    let flat = ingredient
        .validation_status()
        .into_iter()
        .flatten()
        .filter(|status| validation_codes::log_kind(status.code()) == LogKind::Failure);
    let codes: BTreeSet<&str> = in_results.chain(flat).map(|status| status.code()).collect();
    codes
        .into_iter()
        .map(|code| if is_code(code) { code } else { UNKNOWN_CODE })
        .take(MAX_RECORDED)
        .map(str::to_owned)
        .collect()
}

/// Failures that are read of what was recorded of one ingredient.
const MAX_RECORDED: usize = 64;
/// What stands for a recorded failure that is no code: words of whoever wrote it.
const UNKNOWN_CODE: &str = "general.error";

/// Whether it has the form of a status code (C2PA 2.2, 15.2).
fn is_code(code: &str) -> bool {
    const LONGEST: usize = 64;
    code.len() <= LONGEST
        && code
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

/// The ids in soft bindings of our algorithm. Their values are byte strings, which c2pa shows as numbers.
fn watermarks(manifest: &c2pa::Manifest) -> Vec<u64> {
    let bindings = manifest
        .assertions()
        .iter()
        .filter(|assertion| assertion.label() == label::SOFT_BINDING)
        .filter_map(|assertion| assertion.value().ok())
        .filter(|value| value.get("alg").and_then(Value::as_str) == Some(soft_binding::LATTICE));
    let values = bindings.filter_map(|binding| binding.get("blocks")?.as_array()?.first()?.get("value")?.as_array());
    values
        .filter_map(|value| {
            let bytes: Option<Vec<u8>> = value.iter().map(|byte| u8::try_from(byte.as_u64()?).ok()).collect();
            Some(u64::from_be_bytes(bytes?.try_into().ok()?))
        })
        .collect()
}

/// The words after which our own action says that a label was drawn.
fn visible_label(manifest: &c2pa::Manifest) -> Option<String> {
    let actions = manifest
        .assertions()
        .iter()
        .filter(|assertion| assertion.label().starts_with(label::ACTIONS_PREFIX))
        .filter_map(|assertion| assertion.value().ok());
    let mut drawn = actions
        .filter_map(|value| value.get("actions")?.as_array())
        .flatten()
        .filter(|action| action.get("action").and_then(Value::as_str) == Some(ADDED_TEXT))
        .filter_map(|action| action.get("description")?.as_str()?.strip_prefix(VISIBLE_LABEL));
    drawn.next().map(str::to_owned)
}

fn assertion<'a>(manifest: &'a c2pa::Manifest, label: &str) -> Option<&'a Value> {
    manifest
        .assertions()
        .iter()
        .find(|assertion| assertion.label() == label)?
        .value()
        .ok()
}
