//! What goes beside a claim's signature once it is made: the time-stamp on it, and what its issuer says about revocation
//! (C2PA 2.2, 10.3.2.5 and 15.9). Both take the room that padding held, so that nothing else in the store moves.

use std::ops::Range;

use coset::cbor::{Value, into_writer};
use coset::{CoseSign1, Header, Label, SignatureContext, TaggedCborSerializable, sig_structure_data};
use touchmark_signing::ocsp::OcspAnswer;
use touchmark_signing::timestamp::Timestamp;

use super::jumbf::{self, Superbox};
use crate::error::Error;
use crate::names::label;

/// The names of padding in the unprotected header (C2PA 2.2, 13.2.3).
const PADS: [&str; 2] = ["pad", "pad2"];

/// Bytes around token and answer: the names, maps and lists that hold them.
const WRAPPING: usize = 64;

/// The signature of a store's active manifest, about to be countersigned.
#[derive(Debug)]
pub struct Countersigning {
    sign1: CoseSign1,
    /// Where it lies in the store.
    place: Range<usize>,
    message: Vec<u8>,
}

/// The store has no room for token and answer: what [`super::ManifestSigner::with_room`] has to be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoomNeeded(pub usize);

impl Countersigning {
    /// Looks for the signature of the active manifest in a store that was just signed.
    ///
    /// # Errors
    /// [`Error::Manifest`] where the store is not built as expected.
    pub fn of(store: &[u8]) -> Result<Self, Error> {
        Self::find(store).ok_or_else(|| unexpected("find the signature that is to be time-stamped"))
    }

    fn find(store: &[u8]) -> Option<Self> {
        // The active manifest is the last (C2PA 2.2, 11.1.4.2).
        let active = Superbox::parse(store)?.children().last()?;
        let signature = active.child(label::SIGNATURE)?.content(b"cbor")?;
        let sign1 = CoseSign1::from_tagged_slice(signature).ok()?;
        Some(Self {
            message: timestamped(&sign1)?,
            place: jumbf::range_in(signature, store)?,
            sign1,
        })
    }

    /// What a time-stamp on the signature is made over.
    pub fn message(&self) -> &[u8] {
        &self.message
    }

    /// Puts the time-stamp, and an answer about revocation where there is one, beside the signature; the store keeps its
    /// length.
    ///
    /// # Errors
    /// [`RoomNeeded`] where they do not fit; the store stays as it was.
    pub fn put(
        self,
        store: &mut [u8],
        timestamp: &Timestamp,
        revocation: Option<&OcspAnswer>,
    ) -> Result<(), RoomNeeded> {
        let needed = RoomNeeded(room(timestamp, revocation));
        let mut sign1 = self.sign1;
        let rest = &mut sign1.unprotected.rest;
        rest.retain(|(label, _)| !PADS.iter().any(|pad| *label == Label::Text((*pad).to_owned())));
        rest.push(entry("sigTst2", timestamp_value(timestamp.token())));
        if let Some(answer) = revocation {
            rest.push(entry("rVals", revocation_value(answer.der())));
        }
        let padded = padded(sign1, self.place.len()).ok_or(needed)?;
        let place = store.get_mut(self.place).ok_or(needed)?;
        place.copy_from_slice(&padded);
        Ok(())
    }
}

/// The room that a token like this takes in a signature box, with an answer about revocation or without.
pub fn room(timestamp: &Timestamp, revocation: Option<&OcspAnswer>) -> usize {
    timestamp.token().len() + revocation.map_or(0, |answer| answer.der().len() + WRAPPING) + WRAPPING
}

/// What a time-stamp of the second version is made over: a Sig_structure with the context of a countersignature, whose
/// payload is the signature field, as CBOR (C2PA 2.2, 10.3.2.5.2).
pub(super) fn timestamped(sign1: &CoseSign1) -> Option<Vec<u8>> {
    let mut payload = Vec::new();
    into_writer(&Value::Bytes(sign1.signature.clone()), &mut payload).ok()?;
    let (context, protected) = (SignatureContext::CounterSignature, sign1.protected.clone());
    Some(sig_structure_data(context, protected, None, &[], &payload))
}

fn entry(name: &str, value: Value) -> (Label, Value) {
    (Label::Text(name.to_owned()), value)
}

/// `{"tstTokens": [{"val": token}]}`.
fn timestamp_value(token: &[u8]) -> Value {
    let token = map("val", Value::Bytes(token.to_vec()));
    map("tstTokens", Value::Array(vec![token]))
}

/// `{"ocspVals": [answer]}`.
fn revocation_value(answer: &[u8]) -> Value {
    map("ocspVals", Value::Array(vec![Value::Bytes(answer.to_vec())]))
}

fn map(name: &str, value: Value) -> Value {
    Value::Map(vec![(Value::Text(name.to_owned()), value)])
}

/// The structure with so much padding that it takes exactly `len` bytes. `None` where it is longer, or shorter by less
/// than the smallest padding.
fn padded(sign1: CoseSign1, len: usize) -> Option<Vec<u8>> {
    let with_pads = |pads: &[usize]| {
        let mut padded = sign1.clone();
        let Header { rest, .. } = &mut padded.unprotected;
        rest.extend(
            PADS.iter()
                .zip(pads)
                .map(|(name, zeros)| entry(name, Value::Bytes(vec![0; *zeros]))),
        );
        padded.to_tagged_vec().ok()
    };
    let bare = with_pads(&[])?;
    let missing = len.checked_sub(bare.len())?;
    if missing == 0 {
        return Some(bare);
    }
    // The head of a byte string grows with its length (RFC 8949, 3), so that some lengths need a second padding.
    let overhead = with_pads(&[0])?.len() - bare.len();
    let most = missing.checked_sub(overhead)?;
    let one = (most.saturating_sub(8)..=most).rev().map(|zeros| vec![zeros]);
    let two = (most.saturating_sub(24)..=most).rev().map(|zeros| vec![zeros, 0]);
    one.chain(two)
        .filter_map(|pads| with_pads(&pads))
        .find(|padded| padded.len() == len)
}

fn unexpected(doing: &'static str) -> Error {
    Error::Manifest {
        doing,
        source: "the store made by the C2PA library has no signature where it must be".into(),
    }
}

#[cfg(test)]
mod tests {
    use coset::CoseSign1Builder;

    use super::*;

    #[test]
    fn padding_meets_every_length_that_there_is_room_for() {
        let sign1 = CoseSign1Builder::new().signature(vec![7; 64]).build();
        let bare = sign1.clone().to_tagged_vec().unwrap().len();
        let lengths = (bare..bare + 600).chain(bare + 65_500..bare + 65_620);
        for len in lengths {
            match padded(sign1.clone(), len) {
                Some(bytes) => {
                    assert_eq!(bytes.len(), len);
                    let read = CoseSign1::from_tagged_slice(&bytes).unwrap();
                    assert_eq!(
                        (read.signature, read.protected.header),
                        (vec![7; 64], sign1.protected.header.clone())
                    );
                }
                // The name of the padding and its head: 5 bytes are the least.
                None => assert!((1..5).contains(&(len - bare)), "{}", len - bare),
            }
        }
        assert!(padded(sign1, bare - 1).is_none());
    }
}
