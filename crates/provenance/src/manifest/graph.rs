//! The manifests of a store and how they hang together, by our own look: positive evidence where c2pa only reports what
//! it happens to check. It verifies no manifest that nothing refers to, and forgets failures that an earlier program
//! recorded.
#![warn(clippy::indexing_slicing)]

use std::io::Read;

use brotli_decompressor::Decompressor;
use coset::cbor::Value;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::cose::signature_holds;
use super::jumbf::Superbox;
use super::summary::Manifest;
use crate::names::label;

/// Updates of updates that are followed; each is one edit of metadata, so this is more than any history.
const MAX_UPDATES: usize = 64;

/// The box inside a compressed manifest: the whole manifest's box under Brotli (C2PA 2.2, 11.2.4; RFC 7932).
const BROTLI: &[u8; 4] = b"brob";

/// The bytes that all compressed manifests of a store may expand to: c2pa's own limit for one of them.
const MAX_EXPANDED_BYTES: usize = 32 * 1024 * 1024;

/// How the labels of all hard bindings begin (C2PA 2.2, 9.3).
const HARD_BINDING: &str = "c2pa.hash.";

/// The manifests of a store.
pub(super) struct Graph<'a> {
    manifests: Vec<Superbox<'a>>,
}

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
                .filter(Superbox::is_within_limits)
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
        Ok(Self { manifests })
    }

    /// The manifest with this label.
    pub fn manifest(&self, label: &str) -> Option<&Superbox<'a>> {
        self.manifests.iter().find(|manifest| manifest.label == label)
    }

    /// Whether this manifest is, to the byte, what the key in its certificate signed: the signature over the claim, and
    /// the hash of each assertion that the claim names.
    pub fn is_as_signed(&self, manifest: &Manifest) -> bool {
        let Some(found) = self.manifest(&manifest.label) else {
            return false;
        };
        let signed = manifest.chain.first().and_then(|leaf| signature_holds(found, leaf));
        signed == Some(true) && assertions_match(found) == Some(true)
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

/// Which manifests can be reached from the active one, which is first, through ingredients; by index.
pub(super) fn reachable(manifests: &[Manifest]) -> Vec<bool> {
    let mut reached = vec![false; manifests.len()];
    let mut next = vec![0];
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
            .any(|assertion| assertion.label.starts_with(HARD_BINDING))
    })
}

/// Whether each assertion that the claim names has the hash that the claim states (C2PA 2.2, 15.10.3). `None` where the
/// claim cannot be read or names none.
fn assertions_match(manifest: &Superbox<'_>) -> Option<bool> {
    let claim = manifest
        .child(label::CLAIM_V2)
        .or_else(|| manifest.child(label::CLAIM_V1))?
        .content(b"cbor")?;
    let Value::Map(claim) = coset::cbor::from_reader(claim).ok()? else {
        return None;
    };
    let field = |name: &str| {
        claim
            .iter()
            .find(|(key, _)| key.as_text() == Some(name))
            .map(|(_, value)| value)
    };
    let default = field("alg").and_then(Value::as_text).unwrap_or("sha256");
    let store = manifest.child(label::ASSERTION_STORE)?;
    let mut references = ["created_assertions", "gathered_assertions", "assertions"]
        .into_iter()
        .filter_map(|name| field(name)?.as_array())
        .flatten()
        .peekable();
    references.peek()?;
    Some(references.all(|reference| assertion_matches(&store, reference, default) == Some(true)))
}

fn assertion_matches(store: &Superbox<'_>, reference: &Value, default: &str) -> Option<bool> {
    let reference = reference.as_map()?;
    let field = |name: &str| {
        reference
            .iter()
            .find(|(key, _)| key.as_text() == Some(name))
            .map(|(_, value)| value)
    };
    let label = field("url")?.as_text()?.rsplit('/').next()?;
    let payload = store.child(label)?.payload;
    let hash = field("hash")?.as_bytes()?;
    Some(match field("alg").and_then(Value::as_text).unwrap_or(default) {
        "sha256" => Sha256::digest(payload).as_slice() == hash,
        "sha384" => Sha384::digest(payload).as_slice() == hash,
        "sha512" => Sha512::digest(payload).as_slice() == hash,
        _ => false,
    })
}
