//! The assertions of a stamp: everything that the claim states, as one definition derived from the disclosure.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use touchmark_image::Format;
use uuid::Uuid;

use super::parent::{INGREDIENT, Parent};
use super::pixels::PixelFacts;
use super::seal::related_placeholder;
use crate::disclosure::{Disclosure, default_model_type};
use crate::error::Error;
use crate::metadata::Requests;
use crate::names::{self, SYSTEM_NOT_STATED, iptc, label};

/// What a stamp says of one picture.
#[derive(Debug, Clone, Copy)]
pub struct StampFacts<'a> {
    /// The statement about the system that made it.
    pub disclosure: &'a Disclosure,
    /// How it came to be.
    pub origin: Origin,
    /// When it was made.
    pub created: OffsetDateTime,
    /// Its identifiers.
    pub ids: Ids,
    /// What is in its pixels.
    pub pixels: &'a PixelFacts,
    /// What else was asked for.
    pub requests: &'a Requests,
}

/// How a stamped picture came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A model made all of it.
    Created,
    /// A model changed a picture that was there before.
    Edited,
}

impl Origin {
    /// The digital source type, an IRI of the IPTC vocabulary.
    pub fn source_type(self) -> &'static str {
        match self {
            Self::Created => iptc::TRAINED_ALGORITHMIC_MEDIA,
            Self::Edited => iptc::COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
        }
    }
}

/// The identifiers of one stamp, version 4 UUIDs from the operating system's randomness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ids {
    /// The UUID of the manifest's URN; also the picture's `DigImageGUID`.
    pub manifest: Uuid,
    /// The UUID of the claim's `instanceID`.
    pub instance: Uuid,
}

impl Ids {
    /// Makes both identifiers from 32 random bytes.
    pub fn from_random(bytes: [u8; 32]) -> Self {
        let [manifest, instance] = [0, 16].map(|start| {
            let mut half = [0; 16];
            half.iter_mut()
                .zip(bytes.iter().skip(start))
                .for_each(|(to, from)| *to = *from);
            uuid::Builder::from_random_bytes(half).into_uuid()
        });
        Self { manifest, instance }
    }

    /// The manifest's label, `urn:c2pa:` and its UUID (C2PA 2.2, 8.3).
    pub fn manifest_urn(&self) -> String {
        format!("urn:c2pa:{}", self.manifest)
    }

    /// The claim's `instanceID`; also the picture's `xmpMM:InstanceID` (C2PA 2.2, 10.2).
    pub fn instance_id(&self) -> String {
        format!("xmp:iid:{}", self.instance)
    }
}

/// The definition of the manifest without its hard binding, in the form that c2pa's builder reads.
///
/// Every assertion is marked `created`: attributed to the signer, not merely gathered (C2PA 2.2, 10.3).
pub(super) fn definition(facts: &StampFacts<'_>, format: Format) -> Result<Value, Error> {
    let mut actions = vec![made_by("c2pa.created", facts)?];
    actions.extend(pixel_actions(facts));
    with_actions(facts, format, actions)
}

/// The same for an edit: what it began from, what was done to it, and what was taken out of its history.
pub(super) fn edited_definition(facts: &StampFacts<'_>, format: Format, parent: &Parent) -> Result<Value, Error> {
    let redactions: Vec<String> = parent.redactions().collect();
    let opened = json!({ "action": "c2pa.opened", "parameters": { "ingredientIds": [INGREDIENT] } });
    let converted = json!({ "action": "c2pa.converted" });
    let redacted = redactions
        .iter()
        .map(|uri| json!({ "action": "c2pa.redacted", "reason": REDACTED_FOR, "parameters": { "redacted": uri } }));
    let mut actions = vec![opened, made_by("c2pa.edited", facts)?];
    actions.extend(pixel_actions(facts));
    actions.extend((parent.format != format).then_some(converted));
    actions.extend(redacted);

    let mut definition = with_actions(facts, format, actions)?;
    definition["ingredients"] = json!([parent.ingredient()]);
    if !redactions.is_empty() {
        definition["redactions"] = redactions.into();
    }
    Ok(definition)
}

/// Why assertions are redacted: what they hold may identify a person (C2PA 2.2, 18.14.4.8).
const REDACTED_FOR: &str = "c2pa.PII.present";

fn with_actions(facts: &StampFacts<'_>, format: Format, actions: Vec<Value>) -> Result<Value, Error> {
    // Everything that was done is listed, so the list says that it is complete.
    let actions = json!({ "allActionsIncluded": true, "actions": actions });
    let mut assertions = vec![
        created(label::ACTIONS, "Cbor", actions),
        created(label::AI_DISCLOSURE, "Cbor", ai_disclosure(facts.disclosure)),
        created(label::METADATA, "Json", c2pa_metadata(facts)),
        created(label::CAWG_METADATA, "Json", cawg_metadata(facts.disclosure)),
        created(
            names::DISCLOSURE_LABEL,
            "Cbor",
            facts.disclosure.assertion(facts.disclosure.language()),
        ),
    ];
    let bindings = facts.pixels.bindings();
    assertions.extend(bindings.map(|binding| created(label::SOFT_BINDING, "Cbor", binding.assertion())));
    if let Some(uses) = &facts.requests.training_mining {
        assertions.push(created(label::TRAINING_MINING, "Cbor", uses.assertion()));
    }
    Ok(json!({
        "claim_version": 2,
        "claim_generator_info": [{
            "name": names::CLAIM_GENERATOR,
            "version": env!("CARGO_PKG_VERSION"),
            "specVersion": names::SPEC_VERSION,
        }],
        "format": format.mime_type(),
        "instance_id": facts.ids.instance_id(),
        "label": facts.ids.manifest_urn(),
        "assertions": assertions,
    }))
}

fn created(label: &str, kind: &str, data: Value) -> Value {
    json!({ "label": label, "kind": kind, "data": data, "created": true })
}

/// What was done to the pixels after that.
fn pixel_actions(facts: &StampFacts<'_>) -> impl Iterator<Item = Value> {
    facts.pixels.actions(related_placeholder(facts))
}

/// What the system did, as an action.
fn made_by(action: &str, facts: &StampFacts<'_>) -> Result<Value, Error> {
    Ok(json!({
        "action": action,
        "digitalSourceType": facts.origin.source_type(),
        "when": rfc3339(facts.created)?,
        "softwareAgent": match facts.disclosure.system() {
            Some(system) => json!({ "name": system.name, "version": system.version }),
            None => json!({ "name": SYSTEM_NOT_STATED }),
        },
    }))
}

fn ai_disclosure(disclosure: &Disclosure) -> Value {
    match disclosure.system() {
        None => json!({ "modelType": default_model_type() }),
        Some(system) => {
            let mut map = Map::new();
            map.insert("modelType".into(), system.model_type.as_str().into());
            map.insert("modelName".into(), system.name.as_str().into());
            if let Some(identifier) = &system.identifier {
                map.insert("modelIdentifier".into(), identifier.as_str().into());
            }
            map.into()
        }
    }
}

fn c2pa_metadata(facts: &StampFacts<'_>) -> Value {
    json!({
        "@context": { "Iptc4xmpExt": iptc::EXTENSION_NAMESPACE },
        "Iptc4xmpExt:DigitalSourceType": facts.origin.source_type(),
        "Iptc4xmpExt:DigImageGUID": facts.ids.manifest.to_string(),
    })
}

fn cawg_metadata(disclosure: &Disclosure) -> Value {
    let mut context = Map::new();
    let mut fields = Map::new();
    context.insert("Iptc4xmpExt".into(), iptc::EXTENSION_NAMESPACE.into());
    match disclosure.system() {
        None => {
            fields.insert("Iptc4xmpExt:AISystemUsed".into(), SYSTEM_NOT_STATED.into());
        }
        Some(system) => {
            fields.insert("Iptc4xmpExt:AISystemUsed".into(), system.name.as_str().into());
            fields.insert("Iptc4xmpExt:AISystemVersionUsed".into(), system.version.as_str().into());
        }
    }
    if let Some(url) = disclosure.detector_url() {
        context.insert("touchmark".into(), names::METADATA_NAMESPACE.into());
        fields.insert(names::DETECTOR_FIELD.into(), url.into());
    }
    fields.insert("@context".into(), context.into());
    fields.into()
}

pub(crate) fn rfc3339(time: OffsetDateTime) -> Result<String, Error> {
    time.replace_nanosecond(0)
        .map_err(|source| Error::Manifest {
            doing: "round the time of creation",
            source: Box::new(source),
        })?
        .format(&Rfc3339)
        .map_err(|source| Error::Manifest {
            doing: "write the time of creation",
            source: Box::new(source),
        })
}
