//! The properties of XMP in which labels are looked for, and what can still be told of a packet that is not well-formed.

#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;
use std::collections::BTreeSet;

use memchr::memmem;
use serde_json::{Map, Value};
use touchmark_image::{MetadataBlock, Place};

use super::aigc;
use super::fields::{Field, Fields};
use super::finding::NotReadWhy;
use super::table::Table;
use crate::manifest::SourceType;
use crate::metadata::labels::{self, Label};
use crate::metadata::scan::{self, Visitor, scan};
use crate::metadata::{Existing, Part, XmpFault};
use crate::names::xmp;

/// The name of the property that points to a manifest (C2PA 2.2, 11.5).
pub(super) const PROVENANCE: &str = "xmp:dcterms:provenance";

/// The namespaces whose properties are looked at, under their usual prefixes.
const NAMESPACES: &[(&str, &str)] = &[
    (xmp::DUBLIN_CORE, "dc"),
    (xmp::PHOTOSHOP, "photoshop"),
    (xmp::EXIF, "exif"),
    (xmp::TIFF, "tiff"),
    (xmp::BASIC, "xmp"),
    (xmp::DUBLIN_CORE_TERMS, "dcterms"),
    (xmp::SDCPP, "sdcpp"),
    (xmp::CAMERA_RAW, "crs"),
];

/// A property that Canva writes under a namespace of the same name.
const CANVA: &str = "ContainsAiGeneratedContent";

/// Whether properties under this prefix are looked at, for the table's test.
#[cfg(test)]
pub(super) fn is_prefix(prefix: &str) -> bool {
    prefix == "canva" || NAMESPACES.iter().any(|(_, known)| *known == prefix)
}

/// Adds the properties of a packet in which anything is looked for.
pub(super) fn collect<'a>(fields: &mut Fields<'a>, block: &'a MetadataBlock<'a>, part: Part, table: &Table) {
    let bytes = match block.place {
        Place::Svg => without_prolog(&block.bytes),
        _ => &block.bytes,
    };
    let existing = match part {
        Part::Main => Existing {
            main: Some(bytes),
            ..Existing::default()
        },
        Part::Extended => Existing {
            extended: Some(bytes),
            ..Existing::default()
        },
    };
    let mut collector = Collector {
        fields,
        place: &block.place,
        table,
        aigc: Map::new(),
        is_aigc_own: false,
        filling: BTreeSet::new(),
        filled: BTreeSet::new(),
        is_applied: true,
        is_stated: false,
    };
    let read = existing.packet(part).and_then(|packet| match packet {
        Some(packet) => scan(packet.text, &mut collector).map(|_| ()),
        None => Ok(()),
    });
    collector.finish();
    let is_stated = collector.is_stated;
    match read {
        Ok(()) => {}
        // An SVG may use RDF's namespace without holding any.
        Err(XmpFault::NotRdf) if block.place == Place::Svg => {}
        Err(fault) => {
            fields.unread(&block.place, NotReadWhy::Xmp(part, fault));
            let saved = (!is_stated && !matches!(fault, XmpFault::TooLarge(_))).then(|| saved(bytes));
            if let Some(iri) = saved.flatten() {
                fields.push(label_field(&block.place, Label::DigitalSourceType, iri));
            }
        }
    }
}

/// An SVG from its root element on: document types are refused in XMP, and are common before it.
fn without_prolog(svg: &[u8]) -> &[u8] {
    let root = memmem::find(svg, b"<svg").unwrap_or_default();
    svg.get(root..).unwrap_or(svg)
}

/// The source types in a packet that no parser reads to its end: known ones only, where properties have them. Prompts with
/// `<` or `&` stand unescaped in many packets.
fn saved(packet: &[u8]) -> Option<String> {
    const MOST: usize = 16;
    // UTF-16 and UTF-32 of ASCII text are that text with NULs in it.
    let text: Vec<u8> = packet.iter().copied().filter(|byte| *byte != 0).collect();
    let found = memmem::find_iter(&text, b"DigitalSourceType")
        .take(MOST)
        .filter_map(|at| {
            let rest = text.get(at + b"DigitalSourceType".len()..)?.trim_ascii_start();
            let rest = rest.strip_prefix(b"rdf:resource").unwrap_or(rest);
            let value = match rest {
                [b'=', b'"' | b'\'', value @ ..] | [b'>', value @ ..] => value,
                _ => return None,
            };
            let end = value
                .iter()
                .take(256)
                .position(|byte| matches!(byte, b'"' | b'\'' | b'<'))?;
            let iri = str::from_utf8(value.get(..end)?).ok()?.trim();
            Some((SourceType::meant_by(iri)?, iri.to_owned()))
        });
    found.max_by_key(|(says, _)| *says).map(|(_, iri)| iri)
}

fn label_field<'a>(place: &Place, label: Label, text: String) -> Field<'a> {
    Field {
        name: format!("xmp:{label}"),
        place: place.clone(),
        shown: Cow::Owned(label.to_string()),
        text: Cow::Owned(text),
        label: Some(label),
    }
}

/// With what an area of a picture was filled, in Camera Raw's settings.
const FILL_METHOD: &str = "fill_method";
/// Different such words that are told of; there is one.
const MAX_FILLS: usize = 16;

struct Collector<'f, 'a> {
    fields: &'f mut Fields<'a>,
    place: &'f Place,
    table: &'f Table,
    /// The keys of China's label, where a packet has each as a property or as a field of a structure.
    aigc: Map<String, Value>,
    /// Whether one of them is in the label's own namespace.
    is_aigc_own: bool,
    /// With what Camera Raw filled areas, as far as the property is read that is being told of.
    filling: BTreeSet<String>,
    /// The same of the whole packet.
    filled: BTreeSet<String>,
    /// Whether Camera Raw's settings are in the picture, as far as is said.
    is_applied: bool,
    /// Whether a source type was found.
    is_stated: bool,
}

impl Collector<'_, '_> {
    /// Adds what was collected piece by piece.
    fn finish(&mut self) {
        let json = Value::Object(std::mem::take(&mut self.aigc)).to_string();
        if self.is_aigc_own || aigc::has_its_keys(&json) {
            self.fields.push(label_field(self.place, Label::Aigc, json));
        }
        // Settings that were only saved beside a picture changed none of it.
        let name = match self.is_applied {
            true => "xmp:crs:fill_method",
            false => "xmp:crs:unapplied:fill_method",
        };
        for value in std::mem::take(&mut self.filled).into_iter().take(MAX_FILLS) {
            self.fields.push(Field {
                name: name.to_owned(),
                place: self.place.clone(),
                shown: Cow::Borrowed("crs:fill_method"),
                text: Cow::Owned(value),
                label: None,
            });
        }
    }

    /// Keeps what stands under a key of China's label, in its namespace or in one that others named after it; returns
    /// whether it does.
    fn is_kept(&mut self, namespace: &str, local: &str, value: &str) -> bool {
        let is_own = labels::is_of_aigc(namespace);
        let is_named_after_it = || aigc::is_its_key(local) && namespace.to_ascii_lowercase().contains("aigc");
        let is_kept = is_own || is_named_after_it();
        if is_kept {
            self.is_aigc_own |= is_own;
            self.aigc.insert(local.to_owned(), value.trim().into());
        }
        is_kept
    }
}

impl Visitor for Collector<'_, '_> {
    /// Files in the field have the label of GB 45438 under a prefix that they declare with a letter less, or not at all.
    fn meant_by(&self, prefix: &str) -> Option<&'static str> {
        (prefix == "TC260").then_some(xmp::AIGC)
    }

    fn property(&mut self, property: &scan::Property<'_>) {
        let text = property.value.or(property.nested).unwrap_or_default();
        // What is told of areas before the property that has them counts there alone, not in histories and snapshots.
        let filling = std::mem::take(&mut self.filling);
        match (property.namespace, property.local) {
            (xmp::CAMERA_RAW, "RetouchAreas" | "RemoveAreas") => self.filled.extend(filling),
            (xmp::CAMERA_RAW, "AlreadyApplied") => self.is_applied = !text.trim().eq_ignore_ascii_case("false"),
            _ => {}
        }
        // China's label is met in namespaces of any name.
        let is_aigc = || property.local == xmp::AIGC_NAME && aigc::has_its_keys(text);
        let label = Label::meant(property.namespace, property.local).or_else(|| is_aigc().then_some(Label::Aigc));
        self.is_stated |= label == Some(Label::DigitalSourceType) || label == Some(Label::DigitalSourceFileType);
        if label.is_none() && self.is_kept(property.namespace, property.local, text) {
            return;
        }
        // The structure's fields were told before.
        if label == Some(Label::Aigc) && property.value.is_none() && !self.aigc.is_empty() {
            return;
        }
        let prefix = NAMESPACES
            .iter()
            .find(|(namespace, _)| *namespace == property.namespace)
            .map(|(_, prefix)| *prefix)
            .or((property.local == CANVA).then_some("canva"));
        let name = match (label, prefix) {
            (None, None) => return,
            (_, Some(prefix)) => format!("xmp:{prefix}:{}", property.local),
            (Some(label), None) => format!("xmp:{label}"),
        };
        if label.is_none() && name != PROVENANCE && !self.table.wants(&name) {
            return;
        }
        self.fields.push(Field {
            shown: Cow::Owned(name.strip_prefix("xmp:").unwrap_or_default().to_owned()),
            name,
            place: self.place.clone(),
            text: Cow::Owned(text.to_owned()),
            label,
        });
    }

    fn part(&mut self, namespace: &str, local: &str, value: &str) {
        if (namespace, local) == (xmp::CAMERA_RAW, FILL_METHOD) {
            if self.filling.len() < MAX_FILLS {
                self.filling.insert(value.to_owned());
            }
            return;
        }
        self.is_kept(namespace, local, value);
    }
}
