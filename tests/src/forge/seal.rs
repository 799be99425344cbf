//! The COSE signature of a forged claim (RFC 9052; C2PA 2.2, 13.2): any key beside any certificate.

use coset::cbor::Value;
use coset::iana::Algorithm;
use coset::{CoseSign1Builder, HeaderBuilder, TaggedCborSerializable};
use ed25519_dalek::{Signer, SigningKey};

use super::Made;
use crate::certificates::Holder;

/// The COSE header `x5chain` (RFC 9360).
const X5CHAIN: i64 = 33;

/// Who signs, and in what form.
#[derive(Debug, Clone)]
pub struct Seal {
    /// The key.
    pub key: SigningKey,
    /// The certificates, leaf first, DER.
    pub chain: Vec<Vec<u8>>,
    /// Zeros in the unprotected header, as writers leave them to keep the store's size.
    pub padding: usize,
    /// Where the certificates stand.
    pub chain_header: ChainHeader,
}

/// The place and name of the certificates among the COSE headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChainHeader {
    /// Where the signature protects them.
    Protected,
    /// Where anybody can exchange them.
    Unprotected,
    /// The same, under the name `x5chain` that they had before RFC 9360.
    UnprotectedByName,
}

impl Seal {
    /// The usual form.
    pub fn of(holder: &Holder) -> Self {
        Self {
            key: holder.key.clone(),
            chain: vec![holder.certificate.clone()],
            padding: 0,
            chain_header: ChainHeader::Protected,
        }
    }

    /// The tagged COSE_Sign1 over a claim, payload detached.
    ///
    /// # Errors
    /// Those of the encoder; none is expected.
    pub fn over(&self, claim: &[u8]) -> Made {
        let mut ders = self.chain.iter().cloned().map(Value::Bytes);
        let chain = match self.chain.len() {
            1 => ders.next().unwrap_or(Value::Null),
            _ => Value::Array(ders.collect()),
        };
        let mut protected = HeaderBuilder::new().algorithm(Algorithm::EdDSA);
        let mut open = HeaderBuilder::new();
        match self.chain_header {
            ChainHeader::Protected => protected = protected.value(X5CHAIN, chain),
            ChainHeader::Unprotected => open = open.value(X5CHAIN, chain),
            ChainHeader::UnprotectedByName => open = open.text_value("x5chain".to_owned(), chain),
        }
        if self.padding > 0 {
            open = open.text_value("pad".to_owned(), Value::Bytes(vec![0; self.padding]));
        }
        let signed = CoseSign1Builder::new()
            .protected(protected.build())
            .unprotected(open.build())
            .create_detached_signature(claim, &[], |message| self.key.sign(message).to_vec())
            .build();
        Ok(signed.to_tagged_vec().map_err(|error| error.to_string())?)
    }
}
