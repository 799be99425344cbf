//! The COSE signature of a forged claim (RFC 9052; C2PA 2.2, 13.2): any key beside any certificate.

use coset::cbor::Value;
use coset::iana::Algorithm;
use coset::{
    CoseSign1, CoseSign1Builder, HeaderBuilder, Label, SignatureContext, TaggedCborSerializable, sig_structure_data,
};
use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha256};

use super::token::token_at;
use super::{Made, bytes, map};
use crate::certificates::{EcHolder, Holder};

/// The COSE header `x5chain` (RFC 9360).
const X5CHAIN: i64 = 33;

/// Who signs, and in what form.
#[derive(Debug, Clone)]
pub struct Seal {
    /// Who signs.
    pub hand: Hand,
    /// The certificates, leaf first, DER.
    pub chain: Vec<Vec<u8>>,
    /// Zeros in the unprotected header, as writers leave them to keep the store's size.
    pub padding: usize,
    /// Where the certificates stand.
    pub chain_header: ChainHeader,
    /// Somebody else's certificate, protected too, under the number of `x5chain` where the chain stands under its name.
    pub borrowed: Option<Vec<u8>>,
    /// Further entries of the unprotected header, which anybody can change.
    pub beside: Vec<(&'static str, Value)>,
    /// The time-stamp on the signature.
    pub stamp: Option<Stamp>,
}

/// A time-stamp: by whom, which time it states (`YYYYMMDDhhmmssZ`), and whether it is over this signature.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// The authority.
    pub by: EcHolder,
    /// The time.
    pub time: &'static str,
    /// Whether it covers the signature that it lies beside, or another.
    pub covers: bool,
}

/// What makes the signature.
#[derive(Debug, Clone)]
pub enum Hand {
    /// A key.
    Key(Box<SigningKey>),
    /// Nobody's: under an RSA key with the exponent 1 and so many octets, whatever is encoded rightly is a signature.
    Exponent1(usize),
}

/// The place and name of the certificates among the COSE headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChainHeader {
    /// Where the signature protects them.
    Protected,
    /// There, under the name `x5chain` that they had before RFC 9360.
    ProtectedByName,
    /// Where anybody can exchange them.
    Unprotected,
    /// The same, under the name `x5chain` that they had before RFC 9360.
    UnprotectedByName,
}

impl Seal {
    /// The usual form.
    pub fn of(holder: &Holder) -> Self {
        Self {
            hand: Hand::Key(Box::new(holder.key.clone())),
            chain: vec![holder.certificate.clone()],
            padding: 0,
            chain_header: ChainHeader::Protected,
            borrowed: None,
            beside: Vec::new(),
            stamp: None,
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
        let mut protected = HeaderBuilder::new().algorithm(self.hand.algorithm());
        let mut open = HeaderBuilder::new();
        match self.chain_header {
            ChainHeader::Protected => protected = protected.value(X5CHAIN, chain),
            ChainHeader::ProtectedByName => protected = protected.text_value("x5chain".to_owned(), chain),
            ChainHeader::Unprotected => open = open.value(X5CHAIN, chain),
            ChainHeader::UnprotectedByName => open = open.text_value("x5chain".to_owned(), chain),
        }
        if let Some(borrowed) = &self.borrowed {
            protected = protected.value(X5CHAIN, Value::Bytes(borrowed.clone()));
        }
        if self.padding > 0 {
            open = open.text_value("pad".to_owned(), Value::Bytes(vec![0; self.padding]));
        }
        for (name, value) in &self.beside {
            open = open.text_value((*name).to_owned(), value.clone());
        }
        let mut signed = CoseSign1Builder::new()
            .protected(protected.build())
            .unprotected(open.build())
            .create_detached_signature(claim, &[], |message| self.hand.sign(message))
            .build();
        if let Some(stamp) = &self.stamp {
            let token = token_at(&timestamped(&signed, stamp.covers)?, &stamp.by, stamp.time)?;
            let tokens = Value::Array(vec![map([("val", Value::Bytes(token))])]);
            let entry = (Label::Text("sigTst2".to_owned()), map([("tstTokens", tokens)]));
            signed.unprotected.rest.push(entry);
        }
        Ok(signed.to_tagged_vec().map_err(|error| error.to_string())?)
    }
}

/// What a time-stamp is made over (C2PA 2.2, 10.3.2.5.2), or the same of a signature of zeros.
fn timestamped(signed: &CoseSign1, this: bool) -> Made {
    let signature = match this {
        true => signed.signature.clone(),
        false => vec![0; signed.signature.len()],
    };
    let payload = bytes(&Value::Bytes(signature))?;
    let (context, protected) = (SignatureContext::CounterSignature, signed.protected.clone());
    Ok(sig_structure_data(context, protected, None, &[], &payload))
}

impl Hand {
    fn algorithm(&self) -> Algorithm {
        match self {
            Self::Key(_) => Algorithm::EdDSA,
            Self::Exponent1(_) => Algorithm::PS256,
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Key(key) => key.sign(message).to_vec(),
            Self::Exponent1(octets) => emsa_pss(message, *octets),
        }
    }
}

/// EMSA-PSS with SHA-256, a salt of zeros, and a modulus of so many octets whose highest bit is set (RFC 8017, 9.1.1).
fn emsa_pss(message: &[u8], octets: usize) -> Vec<u8> {
    const HASH: usize = 32;
    let salt = [0; HASH];
    let hash = Sha256::digest([&[0; 8][..], &Sha256::digest(message), &salt].concat());
    let mut block = vec![0; octets - HASH - 1];
    let start = block.len() - HASH - 1;
    block[start] = 1;
    // MGF1 (RFC 8017, B.2.1).
    for (counter, part) in block.chunks_mut(HASH).enumerate() {
        let mask = Sha256::digest([&hash[..], &(counter as u32).to_be_bytes()].concat());
        part.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
    }
    block[0] &= 0x7F;
    [&block[..], &hash, &[0xBC]].concat()
}
