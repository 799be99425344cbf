//! What seals a manifest: the hashes of its assertions where they are stated, the claim, and the signature over it.
//! After a change in an assertion, they are renewed along that chain.

use std::fmt;
use std::ops::Range;

use memchr::memmem;
use sha2::{Digest, Sha256};
use touchmark_signing::Signer;

use super::assertions::StampFacts;
use super::jumbf::Superbox;
use super::{cose, jumbf};
use crate::error::Error;
use crate::names::label;

/// Where the seal of one manifest lies in its store.
#[derive(Debug)]
pub(super) struct Seal {
    /// The assertions, those that others hold a hash of first.
    assertions: Vec<Assertion>,
    /// The claim's CBOR.
    claim: Range<usize>,
    /// What stands before the claim in the bytes that are signed (RFC 9052, 4.4).
    prefix: Vec<u8>,
    signature: Range<usize>,
}

/// An assertion's box and where its hash is stated.
#[derive(Debug)]
struct Assertion {
    payload: Range<usize>,
    stated: Vec<usize>,
}

/// What stands for the hash of the watermark's assertion until it is known: c2pa salts assertions as it signs. It occurs
/// nowhere else.
pub(super) fn related_placeholder(facts: &StampFacts<'_>) -> [u8; 32] {
    Sha256::new()
        .chain_update(label::SOFT_BINDING)
        .chain_update(facts.ids.manifest)
        .finalize()
        .into()
}

/// Puts the hash of the watermark's assertion where the active manifest of the store refers to it, and signs it anew.
/// A manifest without a watermark stays as it is.
///
/// # Errors
/// [`Error::Manifest`] where the store is not built as expected; [`Error::Identity`] where the key does not sign.
pub(super) fn relate(store: &mut [u8], facts: &StampFacts<'_>, signer: &Signer) -> Result<(), Error> {
    if facts.pixels.watermark.is_none() {
        return Ok(());
    }
    let active = Superbox::parse(store).and_then(|root| root.children().last());
    let seal = active
        .ok_or(Unexpected("no manifest"))
        .and_then(|active| Seal::of(store, &active, facts))
        .map_err(|fault| Error::Manifest {
            doing: "refer to the watermark in the manifest",
            source: Box::new(fault),
        })?;
    seal.renew(store, signer)
}

impl Seal {
    /// Finds the seal of this manifest of the store, whose assertions have just been made of these facts.
    pub fn of(store: &[u8], manifest: &Superbox<'_>, facts: &StampFacts<'_>) -> Result<Self, Unexpected> {
        let within = |part: &[u8]| jumbf::range_in(part, store).ok_or(Unexpected("a box outside itself"));
        let assertions = manifest
            .child(label::ASSERTION_STORE)
            .ok_or(Unexpected("no assertions"))?;
        let claim = manifest
            .child(label::CLAIM_V2)
            .and_then(|claim| claim.content(b"cbor"))
            .ok_or(Unexpected("no claim"))?;
        let (whole, claim) = (within(manifest.payload)?, within(claim)?);
        let mut signed = cose::to_be_signed(manifest).ok_or(Unexpected("no signature"))?;
        let prefix = signed.bytes.len().checked_sub(claim.len());
        let prefix = prefix.filter(|at| signed.bytes.get(*at..) == store.get(claim.clone()));
        signed
            .bytes
            .truncate(prefix.ok_or(Unexpected("a signature over something else"))?);
        let signature = only(store, &whole, &signed.signature)?;

        let mut found = Vec::new();
        for assertion in assertions.children() {
            let payload = within(assertion.payload)?;
            let mut stated = places(store, &whole, &Sha256::digest(part(store, &payload)));
            if assertion.label == label::SOFT_BINDING && facts.pixels.watermark.is_some() {
                stated.extend(places(store, &whole, &related_placeholder(facts)));
            }
            found.push(Assertion { payload, stated });
        }
        Ok(Self {
            assertions: in_order(found)?,
            signature: signature..signature + signed.signature.len(),
            claim,
            prefix: signed.bytes,
        })
    }

    /// States the hashes of the assertions as they now are, and signs the claim.
    ///
    /// # Errors
    /// [`Error::Identity`] where the key does not sign, [`Error::Template`] where its signature has another length.
    pub fn renew(&self, store: &mut [u8], signer: &Signer) -> Result<(), Error> {
        for assertion in &self.assertions {
            let digest = Sha256::digest(part(store, &assertion.payload));
            for at in &assertion.stated {
                put(store, *at, &digest);
            }
        }
        let mut signed = Vec::with_capacity(self.prefix.len() + self.claim.len());
        signed.extend_from_slice(&self.prefix);
        signed.extend_from_slice(part(store, &self.claim));
        let signature = signer.sign(&signed)?;
        if signature.len() != self.signature.len() {
            return Err(Error::Template);
        }
        put(store, self.signature.start, &signature);
        Ok(())
    }
}

/// Why a store is not one that c2pa made of our own facts.
#[derive(Debug)]
pub(super) struct Unexpected(pub &'static str);

impl fmt::Display for Unexpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the store made by the C2PA library has {}", self.0)
    }
}

impl std::error::Error for Unexpected {}

/// The assertions, each before those that state its hash.
fn in_order(mut waiting: Vec<Assertion>) -> Result<Vec<Assertion>, Unexpected> {
    if waiting.iter().any(|assertion| assertion.stated.is_empty()) {
        return Err(Unexpected("an assertion whose hash is not stated"));
    }
    let mut ordered = Vec::new();
    while !waiting.is_empty() {
        let free = waiting.iter().position(|candidate| {
            let states = |other: &Assertion| other.stated.iter().any(|at| candidate.payload.contains(at));
            !waiting.iter().any(states)
        });
        ordered.push(waiting.remove(free.ok_or(Unexpected("assertions that state each other's hash"))?));
    }
    Ok(ordered)
}

/// Every place of these bytes in the store; at least one.
pub(super) fn all(store: &[u8], bytes: &[u8]) -> Result<Vec<usize>, Unexpected> {
    let places = places(store, &(0..store.len()), bytes);
    match places.is_empty() {
        true => Err(Unexpected("a value missing that was given")),
        false => Ok(places),
    }
}

/// The one place of these bytes in a range.
pub(super) fn only(store: &[u8], range: &Range<usize>, bytes: &[u8]) -> Result<usize, Unexpected> {
    match *places(store, range, bytes) {
        [at] => Ok(at),
        _ => Err(Unexpected("a value missing or twice that was given once")),
    }
}

/// Writes bytes over those at this place.
pub(super) fn put(store: &mut [u8], at: usize, bytes: &[u8]) {
    if let Some(place) = store.get_mut(at..at + bytes.len()) {
        place.copy_from_slice(bytes);
    }
}

fn places(store: &[u8], range: &Range<usize>, bytes: &[u8]) -> Vec<usize> {
    let found = memmem::find_iter(part(store, range), bytes);
    found.map(|at| range.start + at).collect()
}

fn part<'a>(store: &'a [u8], range: &Range<usize>) -> &'a [u8] {
    store.get(range.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assertion_comes_before_those_that_state_its_hash() {
        let assertion = |payload: Range<usize>, stated: &[usize]| Assertion {
            payload,
            stated: stated.to_vec(),
        };
        let ordered = in_order(vec![assertion(0..46, &[90]), assertion(46..86, &[6, 150])]).unwrap();
        assert_eq!(ordered[0].payload, 46..86);
        assert_eq!(ordered[1].payload, 0..46);
        assert!(in_order(vec![assertion(0..3, &[])]).is_err());
        assert!(in_order(vec![assertion(0..10, &[15]), assertion(10..20, &[5])]).is_err());
    }
}
