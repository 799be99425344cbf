//! The boxes of a store's manifests, by our own look: positive evidence where c2pa only reports what it happens to check. It
//! verifies no manifest that nothing refers to, and forgets failures that an earlier program recorded.
#![warn(clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::io::Read;

use c2pa::HashedUri;
use coset::cbor::Value;
use sha2::{Digest, Sha256, Sha384, Sha512};
use touchmark_image::unbrotli;

use super::cbor::{self, field};
use super::cose::signature_holds;
use super::history::Redacted;
use super::jumbf::Superbox;
use super::summary::Manifest;
use crate::names::label;

/// The box inside a compressed manifest: the whole manifest's box under Brotli (C2PA 2.2, 11.2.4; RFC 7932).
const BROTLI: &[u8; 4] = b"brob";

/// The bytes that all compressed manifests of a store may expand to: c2pa's own limit for one of them.
const MAX_EXPANDED_BYTES: usize = 32 * 1024 * 1024;

/// Compressed manifests of a store that are expanded, however short: for each, the decompressor takes a window of up to 16 MiB.
const MAX_EXPANDED: usize = 64;

/// The boxes of a store's manifests.
pub(super) struct Boxes<'a> {
    manifests: Vec<Superbox<'a>>,
    by_label: BTreeMap<&'a str, usize>,
    /// The label of a manifest whose signature was verified before.
    verified: Option<&'a str>,
}

/// Why a store cannot be looked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// Its boxes cannot be walked within limits.
    Unwalkable,
    /// Two manifests have one label, so that no reference to it means one thing.
    RepeatedLabel,
}

impl<'a> Boxes<'a> {
    /// Reads the boxes of a store. `expanded` holds its compressed manifests in their order, from [`expand`].
    pub fn parse(store: &'a [u8], expanded: &'a [Vec<u8>]) -> Result<Self, Flaw> {
        let walk = |bytes| {
            Superbox::parse(bytes)
                .filter(Superbox::is_sound)
                .ok_or(Flaw::Unwalkable)
        };
        let mut expanded = expanded.iter();
        let store = walk(store)?;
        let manifests = store
            .children()
            .map(|manifest| match manifest.content(BROTLI) {
                None => Ok(manifest),
                Some(_) => walk(expanded.next().ok_or(Flaw::Unwalkable)?),
            })
            .collect::<Result<Vec<Superbox<'a>>, Flaw>>()?;
        let labels = manifests.iter().enumerate();
        let by_label: BTreeMap<&str, usize> = labels.map(|(index, manifest)| (manifest.label, index)).collect();
        if by_label.len() < manifests.len() {
            return Err(Flaw::RepeatedLabel);
        }
        Ok(Self {
            manifests,
            by_label,
            verified: None,
        })
    }

    /// The same boxes, knowing that the signature of the manifest with this label was verified: it is not verified again.
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
        self.by_label.get(label).and_then(|index| self.manifests.get(*index))
    }

    /// The manifest with this label, where its parts are the same to every reader.
    pub fn of_one_reading(&self, label: &str) -> Option<&Superbox<'a>> {
        self.manifest(label).filter(|manifest| is_of_one_reading(manifest))
    }

    /// Whether this manifest is, to the byte, what the key in its certificate signed: the signature over the claim, and
    /// the hash of each assertion that the claim names, but for those that its history redacts.
    pub fn is_as_signed(&self, manifest: &Manifest, redacted: &Redacted) -> bool {
        let Some(found) = self.manifest(&manifest.label) else {
            return false;
        };
        let matches = || named_assertions(found).is_some_and(|named| assertions_match(found, &named, redacted));
        is_of_one_reading(found) && self.signature_holds(manifest) && matches()
    }

    /// Whether each assertion that c2pa read in the claim of the manifest with this label stands in the box that is looked at
    /// here, to the byte.
    pub fn assertions_hold<'n>(
        &self,
        label: &str,
        named: impl IntoIterator<Item = &'n HashedUri>,
        redacted: &Redacted,
    ) -> bool {
        self.manifest(label)
            .is_some_and(|manifest| assertions_match(manifest, named, redacted))
    }

    /// Whether the claim of this manifest was signed by the key in its certificate.
    pub fn signature_holds(&self, manifest: &Manifest) -> bool {
        if self.verified == Some(&*manifest.label) {
            return true;
        }
        let found = self.manifest(&manifest.label);
        found.and_then(|found| signature_holds(found, &manifest.certificates)) == Some(true)
    }
}

/// The compressed manifests of a store, expanded, in their order. What is over a limit, or no Brotli, ends the list.
pub(super) fn expand(store: &[u8]) -> Vec<Vec<u8>> {
    let mut left = MAX_EXPANDED_BYTES;
    let manifests = Superbox::parse(store).into_iter().flat_map(|store| store.children());
    manifests
        .filter_map(|manifest| manifest.content(BROTLI))
        .take(MAX_EXPANDED)
        .map_while(|compressed| {
            let mut bytes = Vec::new();
            let limit = left as u64 + 1;
            unbrotli(compressed)?.take(limit).read_to_end(&mut bytes).ok()?;
            left = left.checked_sub(bytes.len())?;
            Some(bytes)
        })
        .collect()
}

/// Whether a store has a compressed manifest.
pub(super) fn is_compressed(store: &[u8]) -> bool {
    let mut manifests = Superbox::parse(store).into_iter().flat_map(|store| store.children());
    manifests.any(|manifest| manifest.content(BROTLI).is_some())
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
/// Not where it names none, or something else.
fn assertions_match<'n>(
    manifest: &Superbox<'_>,
    named: impl IntoIterator<Item = &'n HashedUri>,
    redacted: &Redacted,
) -> bool {
    let Some(store) = manifest.child(label::ASSERTION_STORE) else {
        return false;
    };
    let matches = |named: &HashedUri| {
        // Behind the assertion store it is the label, slashes and all.
        let url = named.url();
        let (_, label) = url.split_once(ASSERTIONS_PATH)?;
        let found = store.child(label);
        if redacted.has(manifest.label, label) {
            return Some(found.is_none_or(|assertion| assertion.is_blank()));
        }
        Some(hash_matches(&named.alg()?, found?.payload, &named.hash()))
    };
    let mut named = named.into_iter().peekable();
    named.peek().is_some() && named.all(|named| matches(named) == Some(true))
}

/// What stands before an assertion's label in its address, relative or not (C2PA 2.2, 8.3).
const ASSERTIONS_PATH: &str = "c2pa.assertions/";

/// Whether the bytes have this hash, by an algorithm that C2PA allows (2.2, 13.1).
pub(super) fn hash_matches(algorithm: &str, bytes: &[u8], hash: &[u8]) -> bool {
    match algorithm {
        "sha256" => Sha256::digest(bytes).as_slice() == hash,
        "sha384" => Sha384::digest(bytes).as_slice() == hash,
        "sha512" => Sha512::digest(bytes).as_slice() == hash,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::jumbf::{superbox, write_box};
    use super::*;

    #[test]
    fn as_many_compressed_manifests_are_expanded_as_any_store_needs() {
        // A Brotli stream of one stored block (RFC 7932, 9.2).
        let compressed = write_box(*BROTLI, &[b"\x30\0\x10<x/>\x03"]).unwrap();
        let manifest = superbox(b"c2cm", "urn:c2pa:1", &compressed);
        let store = |count: usize| superbox(b"c2pa", "c2pa", &manifest.repeat(count));
        assert_eq!(expand(&store(3)), [b"<x/>"; 3]);
        let many = store(MAX_EXPANDED + 1);
        let expanded = expand(&many);
        assert_eq!(expanded.len(), MAX_EXPANDED);
        assert_eq!(Boxes::parse(&many, &expanded).err(), Some(Flaw::Unwalkable));
    }

    #[test]
    fn a_part_is_what_its_label_and_its_type_say() {
        let assertions = superbox(b"c2as", "c2pa.assertions", &[]);
        let claim = superbox(b"c2cl", "c2pa.claim.v2", &[]);
        let store = |parts: &[&[u8]]| superbox(b"c2pa", "c2pa", &superbox(b"c2ma", "urn:c2pa:1", &parts.concat()));
        let is_of_one_reading = |parts: &[&[u8]]| {
            Boxes::parse(&store(parts), &[])
                .unwrap()
                .of_one_reading("urn:c2pa:1")
                .is_some()
        };
        assert!(is_of_one_reading(&[&assertions, &claim]));
        let renamed = superbox(b"c2as", "c2pa.other", &[]);
        let decoy = superbox(b"c2db", "c2pa.assertions", &[]);
        assert!(!is_of_one_reading(&[&renamed, &claim, &decoy]));
        assert!(!is_of_one_reading(&[&claim, &decoy]));
        assert!(!is_of_one_reading(&[&assertions, &assertions, &claim]));
    }
}
