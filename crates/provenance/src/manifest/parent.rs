//! The picture that an edit began from: what its credentials are worth, what of them is carried on in the new store, and
//! what the new manifest records of them.
//!
//! A parent is judged as any picture is, against the lists its reader was given. Whatever is wrong with it is recorded, so
//! that a later reader meets it; credentials that cannot be read are named in words, for there is nothing to refer to.
#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use touchmark_image::{Container, Format, SourceImage};

use super::boxes::{Boxes, expand};
use super::finding::{ManifestFinding, Reading};
use super::history::reachable;
use super::ingredient::{failures, validation_results};
use super::jumbf::{Superbox, write_box};
use super::read::ManifestReader;
use super::redact::{self, ParentMetadata, Redaction};
use super::source::Source;
use super::status::StatusKind;
use super::store::raw_store;
use crate::error::{Error, ParentFault};
use crate::names::{label, soft_binding};

/// The largest store that is looked into. Those of 30 manifests with thumbnails that occur in the field have a few MiB.
const MAX_STORE_BYTES: usize = 16 * 1024 * 1024;

/// The most manifests that are carried on: c2pa reads no history deeper than 200, and with these and ours none is.
const MAX_MANIFESTS: usize = 190;

/// The most redactions: each costs readers a look at each assertion, and some stop at 4,096.
const MAX_REDACTIONS: usize = 1000;

/// The name by which c2pa's builder finds the parent's store.
pub(super) const RESOURCE: &str = "parent.c2pa";

/// The name by which the action `c2pa.opened` finds its ingredient. Neither is written into the file.
pub(super) const INGREDIENT: &str = "parent";

/// A parent, read and judged.
#[derive(Debug)]
pub struct Parent {
    pub(super) format: Format,
    pub(super) carried: Option<Carried>,
    /// Why nothing is carried where credentials were met.
    note: Option<String>,
    /// What a watermark in its pixels says.
    watermark: Option<u64>,
    stores: Vec<Vec<u8>>,
    /// The codes of every failure in it, recorded before or found now.
    failures: BTreeSet<String>,
    credentials: ParentCredentials,
}

/// What was found of a parent's credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParentCredentials {
    /// It carries none.
    Absent,
    /// It names a manifest that is kept elsewhere. Nothing was fetched.
    Elsewhere,
    /// Credentials are not looked for in its format.
    NotExamined,
    /// It carries some that cannot be read, or break a rule by which reading ended: this C2PA status code, where known.
    /// They are not carried on; the stamp says so.
    Unreadable(Option<&'static str>),
    /// They are carried on.
    Carried {
        /// The status codes of what does not hold in them, as recorded in the stamp. Who signed is no failure.
        failures: Vec<String>,
        /// What was taken out.
        redactions: Vec<Redaction>,
        /// Boxes with data of version 1 manifests, such as thumbnails and prompts: the standard has no redaction for
        /// them, so they are carried on.
        data_boxes: usize,
    },
}

/// The parent's manifests as the new store carries them.
#[derive(Debug)]
pub(super) struct Carried {
    /// The parent's own store without manifests that nothing refers to.
    pub store: Vec<u8>,
    /// The same manifests without what is redacted, box after box.
    boxes: Vec<u8>,
    /// What the ingredient records of them.
    pub results: Value,
    pub redactions: Vec<Redaction>,
    failures: Vec<String>,
    data_boxes: usize,
}

impl Parent {
    /// Reads and judges a parent, as of `at`.
    ///
    /// # Errors
    /// [`Error::Parent`] where its credentials are over a limit, or made so that they cannot be redacted; as
    /// [`ManifestReader::read`].
    pub fn read(
        reader: &ManifestReader,
        image: &SourceImage<'_>,
        at: OffsetDateTime,
        metadata: ParentMetadata,
    ) -> Result<Self, Error> {
        let container = image.container().ok();
        let mut parent = Self {
            format: image.format(),
            carried: None,
            note: None,
            watermark: None,
            stores: stores(image, container.as_ref()),
            failures: BTreeSet::new(),
            credentials: ParentCredentials::Absent,
        };
        if parent.stores.iter().map(Vec::len).sum::<usize>() > MAX_STORE_BYTES {
            return Err(ParentFault::OverLimit.into());
        }
        match reader.read(image, at)? {
            ManifestFinding::Absent { remote: None } => {}
            ManifestFinding::Absent { remote: Some(_) } => {
                parent.credentials = ParentCredentials::Elsewhere;
                parent.note = Some("names credentials kept elsewhere, which were not fetched".to_owned());
            }
            ManifestFinding::UnsupportedFormat => {
                parent.credentials = ParentCredentials::NotExamined;
                parent.note = Some("of a format in which credentials were not looked for".to_owned());
            }
            ManifestFinding::Unreadable { .. } => {
                parent.credentials = ParentCredentials::Unreadable(None);
                parent.note = Some("carried credentials that could not be read".to_owned());
            }
            ManifestFinding::Rejected { code, .. } => {
                parent.credentials = ParentCredentials::Unreadable(Some(code));
                parent.note = Some(format!("carried credentials that could not be read: {code}"));
            }
            ManifestFinding::Read(reading) => {
                let failed = reading
                    .statuses
                    .iter()
                    .filter(|status| status.kind == StatusKind::Failure);
                parent.failures = failed.map(|status| status.code.clone()).collect();
                let store = raw_store(&Source::new(image), container.as_ref()).unwrap_or_default();
                let results = validation_results(reader, image, &reading);
                let carried = Carried::new(&store, &reading, results, metadata)?;
                parent.credentials = ParentCredentials::Carried {
                    failures: carried.failures.clone(),
                    redactions: carried.redactions.clone(),
                    data_boxes: carried.data_boxes,
                };
                parent.carried = Some(carried);
            }
        }
        Ok(parent)
    }

    /// The same parent, with the id of the watermark that its pixels carry: the stamp above it says so, since a mark of its
    /// own may make this one unreadable.
    pub fn with_watermark(mut self, id: Option<u64>) -> Self {
        self.watermark = id;
        self
    }

    /// What was found of its credentials.
    pub fn credentials(&self) -> &ParentCredentials {
        &self.credentials
    }

    /// Whether anything failed in its history.
    pub fn fails(&self) -> bool {
        !self.failures.is_empty()
    }

    /// Whether a failure with this code is recorded anywhere in its history, or was found in it.
    pub fn has_failure(&self, code: &str) -> bool {
        self.failures.contains(code)
    }

    /// Refuses a picture with credentials that are not this parent's: they would be lost.
    pub(super) fn may_replace_stores_of(&self, image: &SourceImage<'_>, container: &Container) -> Result<(), Error> {
        let found = stores(image, Some(container));
        match found.len() {
            0 => Ok(()),
            _ if container.stores.is_empty() => Err(ParentFault::Irremovable.into()),
            _ if found == self.stores => Ok(()),
            _ => Err(ParentFault::OtherCredentials.into()),
        }
    }

    /// The ingredient in the form that c2pa's builder reads. Neither title nor identifier: a file's name and its history in
    /// somebody's software are nobody's business.
    pub(super) fn ingredient(&self) -> Value {
        let mut ingredient = Map::new();
        ingredient.insert("relationship".into(), "parentOf".into());
        ingredient.insert("label".into(), INGREDIENT.into());
        ingredient.insert("format".into(), self.format.mime_type().into());
        let watermark = self
            .watermark
            .map(|id| format!("had a watermark ({}) that says {id:016x}", soft_binding::LATTICE));
        let description: Vec<String> = self.note.iter().cloned().chain(watermark).collect();
        if !description.is_empty() {
            ingredient.insert("description".into(), description.join("; ").into());
        }
        if let Some(carried) = &self.carried {
            let store = json!({ "format": "application/c2pa", "identifier": RESOURCE });
            ingredient.insert("validation_results".into(), carried.results.clone());
            ingredient.insert("manifest_data".into(), store);
        }
        ingredient.into()
    }

    /// The addresses of what was redacted.
    pub(super) fn redactions(&self) -> impl Iterator<Item = String> {
        self.carried
            .iter()
            .flat_map(|carried| &carried.redactions)
            .map(|redaction| redact::uri(&redaction.manifest, &redaction.assertion))
    }

    /// About how many bytes of the new store are its own.
    pub(super) fn carried_len(&self) -> usize {
        self.carried.as_ref().map_or(0, |carried| carried.boxes.len())
    }
}

impl Carried {
    fn new(store: &[u8], reading: &Reading, results: Option<Value>, metadata: ParentMetadata) -> Result<Self, Error> {
        let unusable = || Error::from(ParentFault::Uncarriable);
        let expanded = expand(store);
        let boxed = Boxes::parse(store, &expanded).map_err(|_| unusable())?;
        let outer = Superbox::parse(store).ok_or_else(unusable)?;
        let reached: BTreeSet<&str> = reading
            .manifests
            .iter()
            .zip(reachable(&reading.manifests))
            .filter(|(_, reached)| *reached)
            .map(|(manifest, _)| manifest.label.as_str())
            .collect();
        if reached.len() > MAX_MANIFESTS {
            return Err(ParentFault::OverLimit.into());
        }

        let (mut original, mut boxes) = (Vec::new(), Vec::new());
        let mut redactions = Vec::new();
        let mut data_boxes = 0;
        // What stands in the store, and the same expanded where it is compressed.
        let manifests = outer.children().zip(boxed.manifests());
        for (stored, manifest) in manifests.filter(|(_, manifest)| reached.contains(manifest.label)) {
            let due = match metadata {
                ParentMetadata::Redact => redact::due(manifest),
                ParentMetadata::Keep => Vec::new(),
            };
            let gone: BTreeSet<&str> = due.iter().map(|(label, _)| label.as_str()).collect();
            let as_stored = write_box(*b"jumb", &[stored.payload]).ok_or_else(unusable)?;
            boxes.extend(match gone.is_empty() {
                true => as_stored.clone(),
                false => redact::without(manifest, &gone).ok_or_else(unusable)?,
            });
            original.extend(as_stored);
            data_boxes += manifest
                .child(label::DATA_BOXES)
                .map_or(0, |store| store.children().count());
            redactions.extend(due.into_iter().map(|(assertion, subject)| Redaction {
                manifest: manifest.label.to_owned(),
                assertion,
                subject,
            }));
        }
        if redactions.len() > MAX_REDACTIONS {
            return Err(ParentFault::OverLimit.into());
        }
        if !redactions.iter().all(|redaction| is_unambiguous(redaction, &reached)) {
            return Err(unusable());
        }
        let results = results.ok_or_else(unusable)?;
        Ok(Self {
            store: write_box(*b"jumb", &[outer.description, &original]).ok_or_else(unusable)?,
            boxes,
            failures: failures(&results),
            results,
            redactions,
            data_boxes,
        })
    }

    /// The store that c2pa signed, with the parent's manifests as they were in place of c2pa's own writing of them. What
    /// is signed refers to them by hashes of the former.
    pub(super) fn beneath(&self, signed: &[u8]) -> Option<Vec<u8>> {
        let store = Superbox::parse(signed)?;
        let active = write_box(*b"jumb", &[store.children().last()?.payload])?;
        write_box(*b"jumb", &[store.description, &self.boxes, &active])
    }
}

/// Whether c2pa, which looks for the label of a manifest anywhere in an address, can mean only this assertion.
fn is_unambiguous(redaction: &Redaction, labels: &BTreeSet<&str>) -> bool {
    let uri = redact::uri(&redaction.manifest, &redaction.assertion);
    redact::parse_uri(&uri).is_some() && labels.iter().filter(|label| uri.contains(**label)).count() == 1
}

/// Every store of a picture, in order; where the strict walk finds none, the one that c2pa does.
fn stores(image: &SourceImage<'_>, container: Option<&Container>) -> Vec<Vec<u8>> {
    match container.map(|container| container.stores.as_slice()) {
        Some([]) | None => raw_store(&Source::new(image), None)
            .into_iter()
            .map(Cow::into_owned)
            .collect(),
        Some(stores) => stores
            .iter()
            .map(|store| store.reassemble(image).into_owned())
            .collect(),
    }
}
