//! What a manifest says about generative AI, wherever it says so.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::source_type::SourceType;
use super::summary::Action;
use crate::names::{iptc, label};

/// The assertions that hold metadata as JSON-LD: of the standard, of CAWG, and two older ones.
const METADATA: [&str; 4] = [
    label::METADATA,
    label::CAWG_METADATA,
    "stds.iptc",
    "stds.iptc.photo-metadata",
];

/// How Microsoft's services described an action before they named source types (in-the-wild.md 1).
const GENERATED_IMAGE: &str = "AI Generated Image";

/// What a manifest says of how its picture came to be.
#[derive(Debug, Default)]
pub(super) struct Statements {
    /// What was done, in the order of the manifest.
    pub actions: Vec<Action>,
    /// The strongest thing about generative AI in what is attributed to the signer.
    pub attributed: Option<SourceType>,
    /// The strongest in what was only gathered.
    pub gathered: Option<SourceType>,
}

impl Statements {
    /// Looks into actions, metadata, ingredients and the assertions that only generators of AI write.
    pub fn of(manifest: &c2pa::Manifest) -> Self {
        // Claims of version 1 do not tell what was only gathered.
        let version_1 = manifest.claim_version() == Some(1);
        let mut found = Self::default();
        for assertion in manifest.assertions() {
            let of_signer = version_1 || assertion.created();
            match assertion.label() {
                // An AI disclosure, and Adobe's early label from before the source types (in-the-wild.md 1): a model had a
                // part in it, how large a part they leave open.
                label::AI_DISCLOSURE | "com.adobe.generative-ai" => found.note(of_signer, SourceType::PartlyGenerative),
                actions if actions.starts_with(label::ACTIONS_PREFIX) => found.see_actions(of_signer, assertion),
                metadata if METADATA.contains(&metadata) => {
                    let says = assertion.value().map(in_metadata).unwrap_or_default();
                    says.into_iter().for_each(|says| found.note(of_signer, says));
                }
                _ => {}
            }
        }
        // What went in is at most a part (C2PA 2.4). In claims of version 2 c2pa does not tell who says so, so that it counts
        // as gathered.
        let in_ingredients = manifest
            .ingredients()
            .iter()
            .filter_map(|ingredient| serde_json::to_value(ingredient.digital_source_type()?).ok())
            .filter_map(|iri| SourceType::of_iri(iri.as_str()?));
        if in_ingredients.max() >= Some(SourceType::PartlyGenerative) {
            found.note(version_1, SourceType::PartlyGenerative);
        }
        found
    }

    /// Takes up the actions of an assertion; what one leaves to the template of its kind is filled in (C2PA 2.2, 18.15.5).
    fn see_actions(&mut self, of_signer: bool, assertion: &c2pa::ManifestAssertion) {
        let Ok(value) = assertion.value() else { return };
        let templates = Templates::of(value.get("templates"));
        let actions = value.get("actions").and_then(Value::as_array);
        for raw in actions.into_iter().flatten().map(|action| templates.fill_in(action)) {
            let Some(action) = Action::of(&raw) else { continue };
            let says = match action.digital_source_type.as_deref() {
                Some(iri) => SourceType::of_iri(iri),
                None => (raw.get("description").and_then(Value::as_str) == Some(GENERATED_IMAGE))
                    .then_some(SourceType::Generative),
            };
            // An edit by a model makes a part of the picture, whatever its type says; only creating makes the whole.
            let says = match action.name.as_str() {
                "c2pa.created" => says,
                _ => says.map(|says| says.min(SourceType::PartlyGenerative)),
            };
            says.into_iter().for_each(|says| self.note(of_signer, says));
            self.actions.push(action);
        }
    }

    fn note(&mut self, of_signer: bool, says: SourceType) {
        let strongest = match of_signer {
            true => &mut self.attributed,
            false => &mut self.gathered,
        };
        *strongest = (*strongest).max(Some(says));
    }
}

/// The templates of an assertion by the actions that they are for.
struct Templates<'a> {
    by_action: BTreeMap<&'a str, &'a Value>,
}

impl<'a> Templates<'a> {
    /// The name of the template for all actions.
    const ALL: &'static str = "*";

    /// Of several with one name the first counts.
    fn of(templates: Option<&'a Value>) -> Self {
        let list = templates.and_then(Value::as_array).into_iter().flatten();
        let named = list.filter_map(|template| Some((action_name(template)?, template)));
        Self {
            by_action: named.rev().collect(),
        }
    }

    /// An action with the source type and the software of the template of its name, or else of the one for all.
    fn fill_in(&self, action: &'a Value) -> Cow<'a, Value> {
        let own = action_name(action).and_then(|name| self.by_action.get(name));
        let Some(template) = own.or_else(|| self.by_action.get(Self::ALL)) else {
            return Cow::Borrowed(action);
        };
        let mut filled = action.clone();
        for field in ["digitalSourceType", "softwareAgent"] {
            if let (Some(given), Some(fields)) = (template.get(field), filled.as_object_mut()) {
                fields.entry(field).or_insert_with(|| given.clone());
            }
        }
        Cow::Owned(filled)
    }
}

fn action_name(value: &Value) -> Option<&str> {
    value.get("action")?.as_str()
}

/// The source types in metadata, under whatever prefix its context gives to IPTC's namespace.
fn in_metadata(metadata: &Value) -> Vec<SourceType> {
    let Some(fields) = metadata.as_object() else {
        return Vec::new();
    };
    let is_source_type = |name: &str| {
        name.strip_suffix(":DigitalSourceType")
            .is_some_and(|prefix| !prefix.contains(':') && is_of_iptc(prefix, fields))
    };
    fields
        .iter()
        .filter(|(name, _)| is_source_type(name))
        .flat_map(|(_, value)| match value {
            Value::Array(values) => values.as_slice(),
            value => std::slice::from_ref(value),
        })
        .filter_map(|value| SourceType::of_iri(value.as_str().or_else(|| value.get("@id")?.as_str())?))
        .collect()
}

fn is_of_iptc(prefix: &str, fields: &Map<String, Value>) -> bool {
    match fields.get("@context").and_then(|context| context.get(prefix)) {
        Some(namespace) => namespace.as_str() == Some(iptc::EXTENSION_NAMESPACE),
        None => prefix == "Iptc4xmpExt",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const GENERATED: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

    #[test]
    fn source_types_are_read_under_any_prefix_and_in_lists() {
        let all = [SourceType::Generative];
        for metadata in [
            json!({ "Iptc4xmpExt:DigitalSourceType": GENERATED }),
            json!({ "Iptc4xmpExt:DigitalSourceType": [GENERATED] }),
            json!({ "Iptc4xmpExt:DigitalSourceType": { "@id": GENERATED } }),
            json!({ "@context": { "x": iptc::EXTENSION_NAMESPACE }, "x:DigitalSourceType": GENERATED }),
        ] {
            assert_eq!(in_metadata(&metadata), all, "{metadata}");
        }
        for metadata in [
            json!({ "x:DigitalSourceType": GENERATED }),
            json!({ "@context": { "Iptc4xmpExt": "http://example.org/" }, "Iptc4xmpExt:DigitalSourceType": GENERATED }),
            json!({ "Iptc4xmpExt:Other": GENERATED }),
            json!([GENERATED]),
        ] {
            assert_eq!(in_metadata(&metadata), [], "{metadata}");
        }
    }

    #[test]
    fn an_action_takes_what_it_leaves_out_from_its_template() {
        let template = |name: &str, kind: &str| json!({ "action": name, "digitalSourceType": kind });
        let templates = json!([
            template("*", "all"),
            template("c2pa.edited", "edited"),
            template("c2pa.edited", "behind"),
        ]);
        let filled = |action: Value, templates: Option<&Value>| {
            let filled = Templates::of(templates).fill_in(&action).into_owned();
            filled.get("digitalSourceType").cloned()
        };
        let kind = |action: Value| filled(action, Some(&templates));
        assert_eq!(kind(json!({ "action": "c2pa.edited" })), Some("edited".into()));
        assert_eq!(kind(json!({ "action": "c2pa.opened" })), Some("all".into()));
        assert_eq!(kind(template("c2pa.edited", "own")), Some("own".into()));
        assert_eq!(filled(json!({ "action": "c2pa.edited" }), None), None);
    }
}
