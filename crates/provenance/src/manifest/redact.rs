//! What is taken out of a parent's manifests before they are carried on: one table of assertions that show or name a person
//! or a place, and the rewriting of the boxes without them.
//!
//! The rest of the history stays, signatures and all: what was done, by which software, and what it says about AI.
#![warn(clippy::indexing_slicing)]

use std::collections::BTreeSet;

use coset::cbor::Value as Cbor;
use serde_json::Value as Json;

use super::cbor;
use super::jumbf::{Superbox, write_box};
use crate::names::{self, label};

/// What becomes of the assertions in a parent's manifests that show or name a person or a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ParentMetadata {
    /// They are taken out, and the stamp says so.
    #[default]
    Redact,
    /// They stay.
    Keep,
}

/// An assertion that was taken out of a parent's manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redaction {
    /// The label of the manifest it stood in.
    pub manifest: String,
    /// Its own label.
    pub assertion: String,
    /// What it holds.
    pub subject: Subject,
}

/// What a redacted assertion holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Subject {
    /// A picture, or data that went into one.
    Picture,
    /// Metadata that may name a person or a place.
    Metadata,
    /// Who somebody is.
    Identity,
    /// Where something was.
    Location,
}

/// How labels begin, and why the assertion goes. Beside these, every metadata assertion with a field that is not known to
/// be harmless goes: see [`HARMLESS`].
const REDACTED: &[(&str, Subject)] = &[
    // The picture before the edit: what was painted over can be seen in it, small as it is.
    ("c2pa.thumbnail", Subject::Picture),
    // The shape of what stood before the camera, faces and bodies included.
    ("c2pa.depthmap", Subject::Picture),
    // Inputs in full: pictures, masks, prompts.
    ("c2pa.embedded-data", Subject::Picture),
    // Another rendering of the same picture.
    ("c2pa.alternative-content-representation", Subject::Picture),
    // Of C2PA 1.0.
    ("c2pa.location", Subject::Location),
    // Names a person or an organisation by a credential of theirs.
    ("cawg.identity", Subject::Identity),
    // Adobe's: addresses of somebody's wallets.
    ("adobe.crypto.addresses", Subject::Identity),
];

/// Labels of metadata from before `c2pa.metadata`: EXIF, IPTC and Schema.org, such as `stds.schema-org.CreativeWork`.
const OLD_METADATA: &str = "stds.";

/// How the labels of all other metadata end (C2PA 2.2, 18.17).
const METADATA_ENDING: &str = ".metadata";

/// Metadata fields that say how a picture was made and nothing of a person or a place, where they hold a plain value. The
/// list is of what stays, so that a field nobody thought of goes.
const HARMLESS: &[&str] = &[
    "@type",
    "Iptc4xmpExt:DigitalSourceType",
    "Iptc4xmpExt:DigImageGUID",
    "Iptc4xmpExt:AISystemUsed",
    "Iptc4xmpExt:AISystemVersionUsed",
    names::DETECTOR_FIELD,
    "dc:format",
    "xmp:CreateDate",
    "xmp:CreatorTool",
    "xmp:MetadataDate",
    "xmp:ModifyDate",
    "exif:ColorSpace",
    "exif:DateTimeOriginal",
    "exif:ExposureTime",
    "exif:FNumber",
    "exif:FocalLength",
    "exif:PixelXDimension",
    "exif:PixelYDimension",
    "exif:PhotographicSensitivity",
    "tiff:ImageLength",
    "tiff:ImageWidth",
    "tiff:Make",
    "tiff:Model",
    "tiff:Orientation",
    "tiff:XResolution",
    "tiff:YResolution",
];

/// The assertions of this manifest that are taken out by default, by their labels.
pub(super) fn due(manifest: &Superbox<'_>) -> Vec<(String, Subject)> {
    let store = manifest.child(label::ASSERTION_STORE);
    store
        .iter()
        .flat_map(Superbox::children)
        // What was taken out already stays out by the word of whoever did it.
        .filter(|assertion| is_allowed(assertion.label) && !assertion.is_blank())
        .filter_map(|assertion| Some((assertion.label.to_owned(), subject(&assertion)?)))
        .collect()
}

fn subject(assertion: &Superbox<'_>) -> Option<Subject> {
    let label = without_instance(assertion.label);
    let listed = REDACTED.iter().find(|(prefix, _)| {
        label
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    });
    match listed {
        Some((_, subject)) => Some(*subject),
        None if label.starts_with(OLD_METADATA) || label.ends_with(METADATA_ENDING) => {
            (!is_harmless(assertion)).then_some(Subject::Metadata)
        }
        None => None,
    }
}

/// Whether every field is known to be harmless. What cannot be read is not.
fn is_harmless(assertion: &Superbox<'_>) -> bool {
    if let Some(json) = assertion.content(b"json") {
        let is_harmless = |(key, value): (&String, &Json)| {
            key == "@context" || (HARMLESS.contains(&&**key) && !value.is_array() && !value.is_object())
        };
        return match serde_json::from_slice(json) {
            Ok(Json::Object(fields)) => fields.iter().all(is_harmless),
            _ => false,
        };
    }
    let is_harmless = |(key, value): &(Cbor, Cbor)| {
        let is_plain = !value.is_array() && !value.is_map() && !value.is_tag();
        key.as_text()
            .is_some_and(|key| key == "@context" || (HARMLESS.contains(&key) && is_plain))
    };
    matches!(cbor::content(assertion), Some(Cbor::Map(fields)) if fields.iter().all(is_harmless))
}

/// Whether the standard lets this assertion be redacted: never what was done, and never what binds a manifest to its
/// content (C2PA 2.2, 6.8).
pub(super) fn is_allowed(label: &str) -> bool {
    !label.starts_with(label::ACTIONS_PREFIX) && !label.starts_with(label::HARD_BINDING_PREFIX)
}

/// The address of an assertion, as a redaction names it: absolute, because it stands in another manifest.
pub(super) fn uri(manifest: &str, assertion: &str) -> String {
    format!("{STORE_PATH}{manifest}{ASSERTIONS_PATH}{assertion}")
}

/// Manifest and assertion of such an address.
pub(super) fn parse_uri(uri: &str) -> Option<(&str, &str)> {
    let (manifest, assertion) = uri.strip_prefix(STORE_PATH)?.split_once(ASSERTIONS_PATH)?;
    let is_label = |label: &str| !label.is_empty() && !label.contains('/');
    (is_label(manifest) && is_label(assertion)).then_some((manifest, assertion))
}

pub(super) const STORE_PATH: &str = "self#jumbf=/c2pa/";
const ASSERTIONS_PATH: &str = "/c2pa.assertions/";

/// The manifest's box without these assertions; every other box keeps its payload to the byte, so that the signature and
/// the hashes of what is left go on to hold. `None` for what no box can hold.
pub(super) fn without(manifest: &Superbox<'_>, gone: &BTreeSet<&str>) -> Option<Vec<u8>> {
    if gone.is_empty() {
        return write_box(*b"jumb", &[manifest.payload]);
    }
    let mut content = Vec::new();
    for (kind, payload) in manifest.boxes() {
        let is_store = kind == *b"jumb" && Superbox::labelled(payload) == Some(label::ASSERTION_STORE);
        match is_store.then(|| Superbox::from_payload(payload)).flatten() {
            Some(store) => {
                let mut kept = Vec::new();
                for (kind, payload) in store.boxes() {
                    if !Superbox::labelled(payload).is_some_and(|label| kind == *b"jumb" && gone.contains(label)) {
                        kept.extend(write_box(kind, &[payload])?);
                    }
                }
                content.extend(write_box(kind, &[store.description, &kept])?);
            }
            None => content.extend(write_box(kind, &[payload])?),
        }
    }
    write_box(*b"jumb", &[manifest.description, &content])
}

/// The label without the number that tells assertions of one kind apart, such as `__1` (C2PA 2.2, 6.4).
fn without_instance(label: &str) -> &str {
    label.split_once("__").map_or(label, |(label, _)| label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn superbox(name: &str, content: &[u8]) -> Vec<u8> {
        let description = write_box(*b"jumd", &[&[0; 16], &[0b11], name.as_bytes(), &[0]]).unwrap();
        write_box(*b"jumb", &[&description, content]).unwrap()
    }

    fn json(name: &str, content: &str) -> Vec<u8> {
        superbox(name, &write_box(*b"json", &[content.as_bytes()]).unwrap())
    }

    fn manifest(assertions: &[Vec<u8>]) -> Vec<u8> {
        let content = [
            superbox("c2pa.assertions", &assertions.concat()),
            superbox("c2pa.claim.v2", &write_box(*b"cbor", &[b"claim"]).unwrap()),
        ];
        superbox("urn:c2pa:1", &content.concat())
    }

    fn due_of(name: &str, content: &str) -> Option<Subject> {
        let bytes = manifest(&[json(name, content)]);
        let mut due = due(&Superbox::parse(&bytes).unwrap());
        due.pop().map(|(_, subject)| subject)
    }

    #[test]
    fn what_shows_or_names_somebody_goes() {
        for (name, content, subject) in [
            ("c2pa.thumbnail.claim.jpeg", "{}", Subject::Picture),
            ("c2pa.thumbnail.claim", "{}", Subject::Picture),
            ("c2pa.thumbnail.ingredient__2", "{}", Subject::Picture),
            ("c2pa.depthmap.GDepth", "{}", Subject::Picture),
            ("c2pa.embedded-data", "{}", Subject::Picture),
            ("cawg.identity", "{}", Subject::Identity),
            ("cawg.identity__1", "{}", Subject::Identity),
            ("c2pa.location.precise", "{}", Subject::Location),
            ("stds.exif", r#"{"exif:GPSLatitude": "1,2N"}"#, Subject::Metadata),
            (
                "stds.schema-org.CreativeWork",
                r#"{"@type": "CreativeWork", "author": [{"name": "A"}]}"#,
                Subject::Metadata,
            ),
            (
                "c2pa.metadata",
                r#"{"Iptc4xmpExt:LocationCreated": {}}"#,
                Subject::Metadata,
            ),
            ("cawg.metadata__3", r#"{"dc:creator": ["A"]}"#, Subject::Metadata),
            ("org.example.metadata", r#"{"unheard:of": 1}"#, Subject::Metadata),
            ("c2pa.metadata", "no JSON", Subject::Metadata),
            ("c2pa.metadata", "[]", Subject::Metadata),
            // A name in a place where no value of this field has one.
            (
                "c2pa.metadata",
                r#"{"tiff:Make": {"dc:creator": "A"}}"#,
                Subject::Metadata,
            ),
        ] {
            assert_eq!(due_of(name, content), Some(subject), "{name} {content}");
        }
    }

    #[test]
    fn what_tells_how_it_was_made_stays() {
        for (name, content) in [
            ("c2pa.actions.v2", "{}"),
            ("c2pa.hash.data", "{}"),
            ("c2pa.ingredient.v3", "{}"),
            ("c2pa.ai-disclosure", "{}"),
            ("c2pa.soft-binding", "{}"),
            ("cawg.training-mining", "{}"),
            (names::DISCLOSURE_LABEL, "{}"),
            ("c2pa.thumbnails-of-mine", "{}"),
            ("stds.exif", r#"{"@context": {"exif": "x"}, "exif:FNumber": "2.8"}"#),
            (
                "c2pa.metadata",
                r#"{"@context": {}, "Iptc4xmpExt:DigitalSourceType": "http://x"}"#,
            ),
            (
                "cawg.metadata",
                r#"{"Iptc4xmpExt:AISystemUsed": "x", "touchmark:detector": "https://x"}"#,
            ),
        ] {
            assert_eq!(due_of(name, content), None, "{name} {content}");
        }
    }

    #[test]
    fn metadata_in_cbor_is_read_too() {
        for (field, is_due) in [("tiff:Make", false), ("exif:GPSLatitude", true)] {
            let mut cbor = Vec::new();
            let map = Cbor::Map(vec![(Cbor::Text(field.into()), Cbor::Text("x".into()))]);
            coset::cbor::into_writer(&map, &mut cbor).unwrap();
            let bytes = manifest(&[superbox("stds.exif", &write_box(*b"cbor", &[&cbor]).unwrap())]);
            assert_eq!(!due(&Superbox::parse(&bytes).unwrap()).is_empty(), is_due, "{field}");
        }
    }

    #[test]
    fn what_is_blank_already_is_left() {
        let bytes = manifest(&[superbox(
            "c2pa.thumbnail.claim",
            &write_box(*b"bidb", &[&[0; 40]]).unwrap(),
        )]);
        assert_eq!(due(&Superbox::parse(&bytes).unwrap()), []);
    }

    #[test]
    fn the_other_boxes_keep_their_payload() {
        let bytes = manifest(&[json("a", "1"), json("b", "2"), json("c", "3")]);
        let before = Superbox::parse(&bytes).unwrap();
        assert_eq!(without(&before, &BTreeSet::new()).unwrap(), bytes);

        let rewritten = without(&before, &BTreeSet::from(["b"])).unwrap();
        let after = Superbox::parse(&rewritten).unwrap();
        let store = after.child("c2pa.assertions").unwrap();
        let labels: Vec<_> = store.children().map(|child| child.label).collect();
        assert_eq!(labels, ["a", "c"]);
        for label in labels {
            let of = |manifest: &Superbox<'_>| {
                manifest
                    .child("c2pa.assertions")
                    .unwrap()
                    .child(label)
                    .unwrap()
                    .payload
                    .to_vec()
            };
            assert_eq!(of(&before), of(&after));
        }
        let claim = |manifest: &Superbox<'_>| manifest.child("c2pa.claim.v2").unwrap().payload.to_vec();
        assert_eq!(claim(&before), claim(&after));
        assert_eq!(rewritten.len(), bytes.len() - json("b", "2").len());
    }

    #[test]
    fn addresses_are_read_as_they_are_written() {
        let uri = uri("urn:c2pa:1", "stds.exif__1");
        assert_eq!(parse_uri(&uri), Some(("urn:c2pa:1", "stds.exif__1")));
        for uri in [
            "",
            "self#jumbf=c2pa.assertions/x",
            "self#jumbf=/c2pa//c2pa.assertions/x",
            "self#jumbf=/c2pa/a/b/c2pa.assertions/x",
            "self#jumbf=/c2pa/a/c2pa.assertions/",
            "self#jumbf=/c2pa/a/c2pa.assertions/x/y",
            "self#jumbf=/c2pa/a/c2pa.databoxes/x",
        ] {
            assert_eq!(parse_uri(uri), None, "{uri}");
        }
    }
}
