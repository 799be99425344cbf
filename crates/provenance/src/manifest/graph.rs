//! The manifests of a store and how they hang together, by our own look: positive evidence where c2pa only reports what
//! it happens to check. It verifies no manifest that nothing refers to, and forgets failures that an earlier program
//! recorded.
#![warn(clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use brotli_decompressor::Decompressor;
use c2pa::HashedUri;
use coset::cbor::Value;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::cbor::{self, field};
use super::cose::signature_holds;
use super::jumbf::{Superbox, write_box};
use super::redact;
use super::summary::Manifest;
use crate::names::label;

/// Updates of updates that are followed; each is one edit of metadata, so this is more than any history.
const MAX_UPDATES: usize = 64;

/// The box inside a compressed manifest: the whole manifest's box under Brotli (C2PA 2.2, 11.2.4; RFC 7932).
const BROTLI: &[u8; 4] = b"brob";

/// The bytes that all compressed manifests of a store may expand to: c2pa's own limit for one of them.
const MAX_EXPANDED_BYTES: usize = 32 * 1024 * 1024;

/// The manifests of a store.
pub(super) struct Graph<'a> {
    manifests: Vec<Superbox<'a>>,
    /// The label of a manifest whose signature was verified before.
    verified: Option<&'a str>,
}

/// The assertions that later manifests of a history took out of earlier ones, by the manifest they stood in.
#[derive(Debug, Default)]
pub(super) struct Redacted(BTreeMap<String, BTreeSet<String>>);

/// Why a store cannot be looked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// Its boxes cannot be walked within limits.
    Unwalkable,
    /// Two manifests have one label, so that no reference to it means one thing.
    RepeatedLabel,
}

impl<'a> Graph<'a> {
    /// Reads the boxes of a store. `expanded` holds its compressed manifests in their order, from [`expand`].
    pub fn parse(store: &'a [u8], expanded: &'a [Vec<u8>]) -> Result<Self, Flaw> {
        let walk = |bytes| {
            Superbox::parse(bytes)
                .filter(Superbox::is_sound)
                .ok_or(Flaw::Unwalkable)
        };
        let mut expanded = expanded.iter();
        let manifests = walk(store)?
            .children()
            .map(|manifest| match manifest.content(BROTLI) {
                None => Ok(manifest),
                Some(_) => walk(expanded.next().ok_or(Flaw::Unwalkable)?),
            })
            .collect::<Result<Vec<Superbox<'a>>, Flaw>>()?;
        let mut labels: Vec<&str> = manifests.iter().map(|manifest| manifest.label).collect();
        labels.sort_unstable();
        if labels.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
            return Err(Flaw::RepeatedLabel);
        }
        Ok(Self {
            manifests,
            verified: None,
        })
    }

    /// The same graph, knowing that the signature of the manifest with this label was verified: it is not verified again.
    pub fn with_verified(self, label: &'a str) -> Self {
        Self {
            verified: Some(label),
            ..self
        }
    }

    /// The manifests in the order of the store; the last one is active.
    pub fn manifests(&self) -> &[Superbox<'a>] {
        &self.manifests
    }

    /// The manifest with this label.
    pub fn manifest(&self, label: &str) -> Option<&Superbox<'a>> {
        self.manifests.iter().find(|manifest| manifest.label == label)
    }

    /// Whether the parts of the manifest with this label are the same to every reader.
    pub fn is_of_one_reading(&self, label: &str) -> bool {
        self.manifest(label).is_some_and(is_of_one_reading)
    }

    /// Whether this manifest is, to the byte, what the key in its certificate signed: the signature over the claim, and
    /// the hash of each assertion that the claim names, but for those that its history redacts.
    pub fn is_as_signed(&self, manifest: &Manifest, redacted: &Redacted) -> bool {
        let Some(found) = self.manifest(&manifest.label) else {
            return false;
        };
        let matches = || assertions_match(found, &named_assertions(found)?, redacted);
        is_of_one_reading(found) && self.signature_holds(manifest) && matches() == Some(true)
    }

    /// Whether each assertion that c2pa read in the claim of the manifest with this label stands in the box that is looked at
    /// here, to the byte.
    pub fn assertions_hold(&self, label: &str, named: &[HashedUri], redacted: &Redacted) -> bool {
        self.manifest(label)
            .is_some_and(|manifest| assertions_match(manifest, named, redacted) == Some(true))
    }

    /// What the claims redact that can be reached from the active manifest, which is first. A claim's word counts where
    /// its own signature holds and for manifests below it: never for its own, and never for actions and hard bindings
    /// (C2PA 2.2, 6.8).
    pub fn redacted(&self, manifests: &[Manifest]) -> Redacted {
        let mut redacted = Redacted::default();
        let in_history = reachable(manifests, 0);
        let declaring = manifests.iter().enumerate().filter(|(index, manifest)| {
            in_history.get(*index) == Some(&true) && !manifest.redactions.is_empty() && self.signature_holds(manifest)
        });
        for (index, declaring) in declaring {
            let reached = manifests.iter().zip(reachable(manifests, index));
            let mut below: BTreeSet<&str> = reached
                .filter(|(_, reached)| *reached)
                .map(|(other, _)| &*other.label)
                .collect();
            below.remove(&*declaring.label);
            for (manifest, assertion) in declaring.redactions.iter().filter_map(|uri| redact::parse_uri(uri)) {
                if below.contains(manifest) && redact::is_allowed(assertion) {
                    redacted
                        .0
                        .entry(manifest.to_owned())
                        .or_default()
                        .insert(assertion.to_owned());
                }
            }
        }
        redacted
    }

    /// Whether every reference to this manifest, from those that can be reached, is to the one that stands here. Asked
    /// only where something may have been redacted from it: then c2pa takes the hash of the whole on trust, and the hash of its
    /// signature must tell (C2PA 2.2, 15.11.3). `None` where a reference states none, as before version 3 of ingredients, and
    /// the whole is not as it was.
    pub fn is_referred_to(&self, manifest: &Manifest, manifests: &[Manifest]) -> Option<bool> {
        // By the test with which c2pa gives up the hash of the whole, so that none slips through between the two.
        let mut redactions = manifests.iter().flat_map(|other| &other.redactions);
        if !redactions.any(|uri| uri.contains(&manifest.label)) {
            return Some(true);
        }
        let found = self.manifest(&manifest.label)?;
        let signature = found.child(label::SIGNATURE)?;
        let in_history = reachable(manifests, 0);
        let referring = manifests
            .iter()
            .zip(in_history)
            .filter_map(|(other, reached)| self.manifest(&other.label).filter(|_| reached));
        let matches: Vec<Option<bool>> = referring
            .flat_map(|other| references_to(other, &manifest.label))
            .map(|reference| reference.matches(found, &signature))
            .collect();
        match matches.contains(&Some(false)) {
            true => Some(false),
            false => matches.into_iter().collect::<Option<Vec<_>>>().map(|_| true),
        }
    }

    fn signature_holds(&self, manifest: &Manifest) -> bool {
        if self.verified == Some(&*manifest.label) {
            return true;
        }
        let found = self.manifest(&manifest.label);
        let leaf = manifest.chain.first();
        found.zip(leaf).and_then(|(found, leaf)| signature_holds(found, leaf)) == Some(true)
    }

    /// The manifests from the active one, which is first, to the one that is bound to the content: the active one alone
    /// unless it has no hard binding, as an update (C2PA 2.2, 11.2.3). `None` where no parent is bound either.
    pub fn binding_chain(&self, manifests: &[Manifest]) -> Option<Vec<usize>> {
        let mut chain = vec![0];
        while chain.len() <= MAX_UPDATES {
            let last = manifests.get(*chain.last()?)?;
            // Whatever type a manifest calls itself: without a hard binding of its own, its content is its parent's.
            if self.manifest(&last.label).is_some_and(has_hard_binding) {
                return Some(chain);
            }
            let parent = last
                .ingredients
                .iter()
                .find(|ingredient| ingredient.relationship == "parentOf")?;
            let label = parent.manifest.as_deref()?;
            let next = manifests.iter().position(|manifest| manifest.label == label)?;
            if chain.contains(&next) {
                return None;
            }
            chain.push(next);
        }
        None
    }
}

/// The compressed manifests of a store, expanded, in their order. What is over the limit, or no Brotli, ends the list.
pub(super) fn expand(store: &[u8]) -> Vec<Vec<u8>> {
    let mut left = MAX_EXPANDED_BYTES;
    let manifests = Superbox::parse(store).into_iter().flat_map(|store| store.children());
    manifests
        .filter_map(|manifest| manifest.content(BROTLI))
        .map_while(|compressed| {
            let mut bytes = Vec::new();
            let limit = left as u64 + 1;
            Decompressor::new(compressed, BUFFER_BYTES)
                .take(limit)
                .read_to_end(&mut bytes)
                .ok()?;
            left = left.checked_sub(bytes.len())?;
            Some(bytes)
        })
        .collect()
}

/// The decompressor's buffer, in bytes.
const BUFFER_BYTES: usize = 4096;

/// Which manifests can be reached through ingredients from the one at `start`, itself included; by index.
pub(super) fn reachable(manifests: &[Manifest], start: usize) -> Vec<bool> {
    let mut reached = vec![false; manifests.len()];
    let mut next = vec![start];
    while let Some(index) = next.pop() {
        let (Some(seen), Some(manifest)) = (reached.get_mut(index), manifests.get(index)) else {
            continue;
        };
        if std::mem::replace(seen, true) {
            continue;
        }
        let labels = manifest
            .ingredients
            .iter()
            .filter_map(|ingredient| ingredient.manifest.as_deref());
        next.extend(labels.filter_map(|label| manifests.iter().position(|other| other.label == label)));
    }
    reached
}

fn has_hard_binding(manifest: &Superbox<'_>) -> bool {
    let store = manifest.child(label::ASSERTION_STORE);
    store.is_some_and(|store| {
        store
            .children()
            .any(|assertion| assertion.label.starts_with(label::HARD_BINDING_PREFIX))
    })
}

fn claim(manifest: &Superbox<'_>) -> Option<Value> {
    let claim = manifest
        .child(label::CLAIM_V2)
        .or_else(|| manifest.child(label::CLAIM_V1))?;
    cbor::content(&claim)
}

/// Whether the parts of a manifest are the same by their labels, as they are looked up here, and by their types, as c2pa
/// looks them up: nobody signs either (C2PA 2.2, 11.1.4).
fn is_of_one_reading(manifest: &Superbox<'_>) -> bool {
    let is_core = |part: &Superbox<'_>| {
        let expected = match part.label {
            label::ASSERTION_STORE => Some(*b"c2as"),
            label::CLAIM_V1 | label::CLAIM_V2 => Some(*b"c2cl"),
            label::SIGNATURE => Some(*b"c2cs"),
            _ => None,
        };
        match (expected, part.kind()) {
            (None, kind) => !matches!(kind.as_ref(), Some(b"c2as" | b"c2cl" | b"c2cs")),
            (expected, kind) => kind == expected,
        }
    };
    let are_distinct = |parts: &mut Vec<&str>| {
        parts.sort_unstable();
        parts
            .windows(2)
            .all(|pair| !matches!(pair, [one, other] if one == other))
    };
    let parts: Vec<Superbox<'_>> = manifest.children().collect();
    parts.iter().all(is_core) && are_distinct(&mut parts.iter().map(|part| part.label).collect())
}

/// The algorithm that a manifest's claim names for hashes that name none.
pub(super) fn claim_algorithm(manifest: &Superbox<'_>) -> Option<String> {
    Some(field(&claim(manifest)?, "alg")?.as_text()?.to_owned())
}

/// The assertions that a claim names, with the hashes that it states. `None` where it cannot be read.
fn named_assertions(manifest: &Superbox<'_>) -> Option<Vec<HashedUri>> {
    let claim = claim(manifest)?;
    let default = field(&claim, "alg").and_then(Value::as_text).unwrap_or("sha256");
    let named = |reference: &Value| {
        let url = field(reference, "url")?.as_text()?.to_owned();
        let algorithm = field(reference, "alg").and_then(Value::as_text).unwrap_or(default);
        let hash = field(reference, "hash")?.as_bytes()?;
        Some(HashedUri::new(url, Some(algorithm.to_owned()), hash))
    };
    ["created_assertions", "gathered_assertions", "assertions"]
        .into_iter()
        .filter_map(|name| field(&claim, name)?.as_array())
        .flatten()
        .map(named)
        .collect()
}

/// Whether each assertion that a claim names has the hash that it states (C2PA 2.2, 15.10.3), or is redacted and gone.
/// `None` where it names none, or something else.
fn assertions_match(manifest: &Superbox<'_>, named: &[HashedUri], redacted: &Redacted) -> Option<bool> {
    let store = manifest.child(label::ASSERTION_STORE)?;
    let gone = redacted.0.get(manifest.label);
    let matches = |named: &HashedUri| {
        // Behind the assertion store it is the label, slashes and all.
        let url = named.url();
        let (_, label) = url.split_once(ASSERTIONS_PATH)?;
        let found = store.child(label);
        if gone.is_some_and(|gone| gone.contains(label)) {
            return Some(found.is_none_or(|assertion| assertion.is_blank()));
        }
        Some(hash_matches(&named.alg()?, found?.payload, &named.hash()))
    };
    named.first()?;
    Some(named.iter().all(|named| matches(named) == Some(true)))
}

/// What stands before an assertion's label in its address, relative or not (C2PA 2.2, 8.3).
const ASSERTIONS_PATH: &str = "c2pa.assertions/";

/// What the one who took an ingredient in states of its manifest: the hash of its signature box, and that of the whole.
struct Reference {
    signature: Option<Stated>,
    whole: Option<Stated>,
}

struct Stated {
    algorithm: String,
    hash: Vec<u8>,
}

impl Stated {
    /// Adobe's programs of 2024 hash the box with its header; that binds as well.
    fn is_of(&self, of: &Superbox<'_>) -> bool {
        let is_hash_of = |bytes: &[u8]| hash_matches(&self.algorithm, bytes, &self.hash);
        let with_header = || write_box(*b"jumb", &[of.payload]);
        is_hash_of(of.payload) || with_header().is_some_and(|bytes| is_hash_of(&bytes))
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

/// The references of a manifest's ingredients to the manifest with this label.
fn references_to(manifest: &Superbox<'_>, label: &str) -> Vec<Reference> {
    let default = claim_algorithm(manifest).unwrap_or_else(|| "sha256".to_owned());
    let stated = |reference: &Value| {
        let algorithm = field(reference, "alg").and_then(Value::as_text).unwrap_or(&default);
        Some(Stated {
            algorithm: algorithm.to_owned(),
            hash: field(reference, "hash")?.as_bytes()?.clone(),
        })
    };
    let is_to = |reference: &&Value| {
        let url = field(reference, "url").and_then(Value::as_text);
        url.and_then(|url| url.rsplit('/').next()) == Some(label)
    };
    let store = manifest.child(label::ASSERTION_STORE);
    let assertions = store.iter().flat_map(Superbox::children);
    assertions
        .filter(|assertion| assertion.label.starts_with(label::INGREDIENT_PREFIX))
        .filter_map(|assertion| cbor::content(&assertion))
        .filter_map(|ingredient| {
            let whole = ["activeManifest", "c2pa_manifest"]
                .into_iter()
                .filter_map(|name| field(&ingredient, name))
                .find(is_to)?;
            Some(Reference {
                signature: field(&ingredient, "claimSignature").and_then(stated),
                whole: stated(whole),
            })
        })
        .collect()
}

/// Whether the bytes have this hash, by an algorithm that C2PA allows (2.2, 13.1).
fn hash_matches(algorithm: &str, bytes: &[u8], hash: &[u8]) -> bool {
    match algorithm {
        "sha256" => Sha256::digest(bytes).as_slice() == hash,
        "sha384" => Sha384::digest(bytes).as_slice() == hash,
        "sha512" => Sha512::digest(bytes).as_slice() == hash,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn superbox(kind: &[u8; 4], label: &str, content: &[u8]) -> Vec<u8> {
        let uuid = [kind, &b"\0\x11\0\x10\x80\0\0\xAA\0\x38\x9B\x71"[..]].concat();
        let description = write_box(*b"jumd", &[&uuid, &[3], label.as_bytes(), &[0]]).unwrap();
        write_box(*b"jumb", &[&description, content]).unwrap()
    }

    #[test]
    fn a_part_is_what_its_label_and_its_type_say() {
        let assertions = superbox(b"c2as", "c2pa.assertions", &[]);
        let claim = superbox(b"c2cl", "c2pa.claim.v2", &[]);
        let store = |parts: &[&[u8]]| superbox(b"c2pa", "c2pa", &superbox(b"c2ma", "urn:c2pa:1", &parts.concat()));
        let is_of_one_reading = |parts: &[&[u8]]| {
            Graph::parse(&store(parts), &[])
                .unwrap()
                .is_of_one_reading("urn:c2pa:1")
        };
        assert!(is_of_one_reading(&[&assertions, &claim]));
        let renamed = superbox(b"c2as", "c2pa.other", &[]);
        let decoy = superbox(b"c2db", "c2pa.assertions", &[]);
        assert!(!is_of_one_reading(&[&renamed, &claim, &decoy]));
        assert!(!is_of_one_reading(&[&claim, &decoy]));
        assert!(!is_of_one_reading(&[&assertions, &assertions, &claim]));
    }
}
