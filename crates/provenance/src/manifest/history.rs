//! How the manifests of a store hang together: which can be reached from the active one, what they redact of each other,
//! and whether what they refer to is what they took in. Worked out once for each store: a hostile one has thousands of
//! manifests, and each may name all others.
#![warn(clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};

use coset::cbor::Value;

use super::boxes::{Boxes, claim_algorithm, hash_matches};
use super::cbor::{self, field};
use super::jumbf::{Superbox, write_box};
use super::redact;
use super::summary::Manifest;
use crate::names::label;

/// Updates of updates that are followed; each is one edit of metadata, so this is more than any history.
const MAX_UPDATES: usize = 64;

/// The manifests of a store, the active one first, and what they say of each other.
pub(super) struct History<'h, 'a> {
    boxes: &'h Boxes<'a>,
    manifests: &'h [Manifest],
    reached: Vec<bool>,
    redacted: Redacted,
    /// The addresses of all assertions that any manifest redacts, each behind a NUL.
    redactions: String,
    /// What those that can be reached state of the manifests they took in, by label.
    references: BTreeMap<String, Vec<Reference>>,
}

/// The assertions that later manifests of a history took out of earlier ones, by the manifest they stood in.
#[derive(Debug, Default)]
pub(super) struct Redacted(BTreeMap<String, BTreeSet<String>>);

/// Which manifests name which as their ingredients, by index.
struct Ingredients(Vec<Vec<usize>>);

/// What the one who took an ingredient in states of its manifest: the hash of its signature box, and that of the whole.
struct Reference {
    signature: Option<Stated>,
    whole: Option<Stated>,
}

struct Stated {
    algorithm: String,
    hash: Vec<u8>,
}

impl<'h, 'a> History<'h, 'a> {
    /// Looks through the manifests that c2pa read, the active one first, and their boxes.
    pub fn new(boxes: &'h Boxes<'a>, manifests: &'h [Manifest]) -> Self {
        let ingredients = Ingredients::of(manifests);
        let reached = ingredients.reachable(0);
        let redactions: String = manifests
            .iter()
            .flat_map(|manifest| &manifest.redactions)
            .flat_map(|uri| ["\0", uri.as_str()])
            .collect();
        let mut references = BTreeMap::new();
        // Asked for only where something is redacted.
        if !redactions.is_empty() {
            let reached = manifests.iter().zip(&reached).filter(|(_, reached)| **reached);
            for (manifest, _) in reached {
                add_references(boxes.manifest(&manifest.label), &mut references);
            }
        }
        Self {
            redacted: Redacted::of(boxes, manifests, &reached, &ingredients),
            boxes,
            manifests,
            reached,
            redactions,
            references,
        }
    }

    /// Which manifests can be reached through ingredients from the active one, itself included; by index.
    pub fn reached(&self) -> &[bool] {
        &self.reached
    }

    /// What is redacted, by those who may.
    pub fn redacted(&self) -> &Redacted {
        &self.redacted
    }

    /// Whether this manifest is, to the byte, what the key in its certificate signed, but for what its history redacts.
    pub fn is_as_signed(&self, manifest: &Manifest) -> bool {
        self.boxes.is_as_signed(manifest, &self.redacted)
    }

    /// Whether every reference to this manifest, from those that can be reached, is to the one that stands here. Asked
    /// only where something may have been redacted from it: then c2pa takes the hash of the whole on trust, and the hash of its
    /// signature must tell (C2PA 2.2, 15.11.3). `None` where a reference states none, as before version 3 of ingredients, and
    /// the whole is not as it was.
    pub fn is_referred_to(&self, manifest: &Manifest) -> Option<bool> {
        // By the test with which c2pa gives up the hash of the whole, so that none slips through between the two. A label
        // has no NUL in it.
        if memchr::memmem::find(self.redactions.as_bytes(), manifest.label.as_bytes()).is_none() {
            return Some(true);
        }
        let found = self.boxes.manifest(&manifest.label)?;
        let signature = found.child(label::SIGNATURE)?;
        let references = self.references.get(&manifest.label).into_iter().flatten();
        let matches: Vec<Option<bool>> = references
            .map(|reference| reference.matches(found, &signature))
            .collect();
        match matches.contains(&Some(false)) {
            true => Some(false),
            false => matches.into_iter().collect::<Option<Vec<_>>>().map(|_| true),
        }
    }

    /// The manifests from the active one to the one that is bound to the content: the active one alone unless it has no
    /// hard binding, as an update (C2PA 2.2, 11.2.3). `None` where no parent is bound either.
    pub fn binding_chain(&self) -> Option<Vec<usize>> {
        let mut chain = vec![0];
        while chain.len() <= MAX_UPDATES {
            let last = self.manifests.get(*chain.last()?)?;
            // Whatever type a manifest calls itself: without a hard binding of its own, its content is its parent's.
            if self.boxes.manifest(&last.label).is_some_and(has_hard_binding) {
                return Some(chain);
            }
            let parent = last
                .ingredients
                .iter()
                .find(|ingredient| ingredient.relationship == "parentOf")?;
            let label = parent.manifest.as_deref()?;
            let next = self.manifests.iter().position(|manifest| manifest.label == label)?;
            if chain.contains(&next) {
                return None;
            }
            chain.push(next);
        }
        None
    }
}

impl Redacted {
    /// What the claims redact that can be reached. A claim's word counts where its own signature holds and for manifests
    /// below it: never for its own, and never for actions and hard bindings (C2PA 2.2, 6.8).
    fn of(boxes: &Boxes<'_>, manifests: &[Manifest], reached: &[bool], ingredients: &Ingredients) -> Self {
        let mut redacted = Self::default();
        let declaring = manifests
            .iter()
            .zip(reached)
            .enumerate()
            .filter(|(_, (manifest, reached))| {
                **reached && !manifest.redactions.is_empty() && boxes.signature_holds(manifest)
            });
        for (index, (declaring, _)) in declaring {
            let below: BTreeSet<&str> = manifests
                .iter()
                .zip(ingredients.reachable(index))
                .filter(|(other, reached)| *reached && other.label != declaring.label)
                .map(|(other, _)| &*other.label)
                .collect();
            for (manifest, assertion) in declaring.redactions.iter().filter_map(|uri| redact::parse_uri(uri)) {
                if below.contains(manifest) && redact::is_allowed(assertion) {
                    let of_it = redacted.0.entry(manifest.to_owned()).or_default();
                    of_it.insert(assertion.to_owned());
                }
            }
        }
        redacted
    }

    /// Whether this assertion was taken out of this manifest.
    pub fn has(&self, manifest: &str, assertion: &str) -> bool {
        self.0.get(manifest).is_some_and(|gone| gone.contains(assertion))
    }
}

impl Ingredients {
    fn of(manifests: &[Manifest]) -> Self {
        let labels = manifests.iter().enumerate();
        let by_label: BTreeMap<&str, usize> = labels.map(|(index, manifest)| (&*manifest.label, index)).collect();
        let named = |manifest: &Manifest| {
            let labels = manifest
                .ingredients
                .iter()
                .filter_map(|ingredient| ingredient.manifest.as_deref());
            labels.filter_map(|label| by_label.get(label).copied()).collect()
        };
        Self(manifests.iter().map(named).collect())
    }

    /// Which manifests can be reached from the one at `start`, itself included; by index.
    fn reachable(&self, start: usize) -> Vec<bool> {
        let mut reached = vec![false; self.0.len()];
        let mut next = vec![start];
        while let Some(index) = next.pop() {
            let (Some(seen), Some(named)) = (reached.get_mut(index), self.0.get(index)) else {
                continue;
            };
            if !std::mem::replace(seen, true) {
                next.extend(named);
            }
        }
        reached
    }
}

/// Which manifests can be reached through ingredients from the active one, which is first, itself included; by index.
pub(super) fn reachable(manifests: &[Manifest]) -> Vec<bool> {
    Ingredients::of(manifests).reachable(0)
}

fn has_hard_binding(manifest: &Superbox<'_>) -> bool {
    let store = manifest.child(label::ASSERTION_STORE);
    store.is_some_and(|store| {
        store
            .children()
            .any(|assertion| assertion.label.starts_with(label::HARD_BINDING_PREFIX))
    })
}

/// Adds what a manifest's ingredients state of the manifests that they refer to.
fn add_references(manifest: Option<&Superbox<'_>>, references: &mut BTreeMap<String, Vec<Reference>>) {
    let Some(manifest) = manifest else { return };
    let default = claim_algorithm(manifest).unwrap_or_else(|| "sha256".to_owned());
    let stated = |reference: &Value| {
        let algorithm = field(reference, "alg").and_then(Value::as_text).unwrap_or(&default);
        Some(Stated {
            algorithm: algorithm.to_owned(),
            hash: field(reference, "hash")?.as_bytes()?.clone(),
        })
    };
    let store = manifest.child(label::ASSERTION_STORE);
    let ingredients = store
        .iter()
        .flat_map(Superbox::children)
        .filter(|assertion| assertion.label.starts_with(label::INGREDIENT_PREFIX))
        .filter_map(|assertion| cbor::content(&assertion));
    for ingredient in ingredients {
        let mut labels = BTreeSet::new();
        for whole in ["activeManifest", "c2pa_manifest"]
            .into_iter()
            .filter_map(|name| field(&ingredient, name))
        {
            let url = field(whole, "url").and_then(Value::as_text);
            // The first to name a manifest counts.
            let Some(label) = url
                .and_then(|url| url.rsplit('/').next())
                .filter(|label| labels.insert(*label))
            else {
                continue;
            };
            references.entry(label.to_owned()).or_default().push(Reference {
                signature: field(&ingredient, "claimSignature").and_then(stated),
                whole: stated(whole),
            });
        }
    }
}

impl Reference {
    fn matches(&self, manifest: &Superbox<'_>, signature: &Superbox<'_>) -> Option<bool> {
        match (&self.signature, &self.whole) {
            (Some(stated), _) => Some(stated.is_of(signature)),
            (None, Some(stated)) => stated.is_of(manifest).then_some(true),
            (None, None) => None,
        }
    }
}

impl Stated {
    /// Adobe's programs of 2024 hash the box with its header; that binds as well.
    fn is_of(&self, of: &Superbox<'_>) -> bool {
        let is_hash_of = |bytes: &[u8]| hash_matches(&self.algorithm, bytes, &self.hash);
        let with_header = || write_box(*b"jumb", &[of.payload]);
        is_hash_of(of.payload) || with_header().is_some_and(|bytes| is_hash_of(&bytes))
    }
}
