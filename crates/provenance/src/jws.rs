//! JSON Web Signatures in compact form (RFC 7515) with the certificates beside them (`x5c`), so that anyone checks them
//! with the tools they have: disclosures and reports.
//!
//! The same payload and identity always give the same bytes where the algorithm is Ed25519.
#![warn(clippy::indexing_slicing)]

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use touchmark_signing::{Algorithm, Certificate, MAX_CHAIN_CERTIFICATES, Signer, verify_signature};

use crate::error::Error;

/// A signed payload whose signature holds under its own first certificate. Who signed is for
/// [`touchmark_signing::trust`] to judge, by [`Jws::chain`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jws {
    payload: String,
    chain: Vec<Vec<u8>>,
}

/// Why a text is no such signature, as a fragment: form, certificates or signature do not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JwsFault(&'static str);

/// The protected header (RFC 7515, 4.1).
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    alg: String,
    /// What is signed (RFC 7515, 4.1.9), so that a signature of one kind is never taken for one of another (RFC 8725, 3.11).
    #[serde(skip_serializing_if = "Option::is_none")]
    typ: Option<String>,
    /// The media type of the payload, without `application/` (RFC 7515, 4.1.10).
    #[serde(skip_serializing_if = "Option::is_none")]
    cty: Option<String>,
    /// The certificates, DER in base64, the signer's first (RFC 7515, 4.1.6).
    x5c: Vec<String>,
    /// Extensions that must be understood (RFC 7515, 4.1.11): none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    crit: Option<serde_json::Value>,
}

/// Signs a JSON text: `header.payload.signature`, without a line break. `kind` is the `typ` of the header, where what is
/// signed has one.
///
/// Look at [`Signer::check_dates`] first: this does not.
///
/// # Errors
/// [`Error::Identity`] where a key that is kept elsewhere does not sign.
pub fn sign(payload: &str, kind: Option<&str>, signer: &Signer) -> Result<String, Error> {
    let header = Header {
        // JOSE and COSE give these algorithms the same names (RFC 8037, RFC 7518).
        alg: signer.algorithm().to_string(),
        typ: kind.map(str::to_owned),
        cty: Some("json".to_owned()),
        x5c: signer.chain_der().iter().map(|der| STANDARD.encode(der)).collect(),
        crit: None,
    };
    // A header of strings: serialisation cannot fail.
    let header = serde_json::to_string(&header).unwrap_or_default();
    let mut jws = URL_SAFE_NO_PAD.encode(header);
    jws.push('.');
    URL_SAFE_NO_PAD.encode_string(payload, &mut jws);
    let signature = signer.sign(jws.as_bytes())?;
    jws.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut jws);
    Ok(jws)
}

impl Jws {
    /// Whether this has the form of a signed text: three parts of base64url. TOML and JSON never have.
    pub fn is_form(text: &str) -> bool {
        let is_part = |part: &str| {
            part.bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        };
        text.starts_with("ey") && text.split('.').count() == 3 && text.split('.').all(is_part)
    }

    /// Reads a signed text of at most `max_bytes` and of this kind, and checks its signature.
    ///
    /// # Errors
    /// [`JwsFault`] where form, kind, certificates or signature do not hold.
    pub fn parse(text: &str, kind: Option<&str>, max_bytes: usize) -> Result<Self, JwsFault> {
        if text.len() > max_bytes {
            return Err(JwsFault("it is too large"));
        }
        if !Self::is_form(text) {
            return Err(JwsFault("it is not three parts of base64url"));
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(JwsFault("it has not three parts"))?;
        let (header, payload) = signed.split_once('.').ok_or(JwsFault("it has not three parts"))?;
        let decode = |part: &str| {
            URL_SAFE_NO_PAD
                .decode(part)
                .map_err(|_| JwsFault("it is not base64url"))
        };
        let (header, payload, signature) = (decode(header)?, decode(payload)?, decode(signature)?);

        let header: Header = serde_json::from_slice(&header).map_err(|_| JwsFault("its header cannot be read"))?;
        if header.crit.is_some() {
            return Err(JwsFault("its header names an extension that is not known"));
        }
        if kind.is_some() && header.typ.as_deref() != kind {
            return Err(JwsFault("it is a signature over something of another kind"));
        }
        let algorithm = algorithm(&header.alg).ok_or(JwsFault("its algorithm is not known"))?;
        if header.x5c.is_empty() || header.x5c.len() > MAX_CHAIN_CERTIFICATES {
            return Err(JwsFault("it has no certificates, or too many"));
        }
        let chain = header
            .x5c
            .iter()
            .map(|der| STANDARD.decode(der))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| JwsFault("a certificate is not base64"))?;
        let leaf = chain
            .first()
            .and_then(|der| Certificate::from_der(der).ok())
            .ok_or(JwsFault("its certificate cannot be read"))?;
        if !verify_signature(algorithm, &leaf.public_key_info(), signed.as_bytes(), &signature) {
            return Err(JwsFault(
                "it was not made over this document by the key in the certificate",
            ));
        }
        let payload = String::from_utf8(payload).map_err(|_| JwsFault("the document is not UTF-8"))?;
        Ok(Self { payload, chain })
    }

    /// What was signed.
    pub fn payload(&self) -> &str {
        &self.payload
    }

    /// The certificates beside the signature, the signer's first, DER.
    pub fn chain(&self) -> &[Vec<u8>] {
        &self.chain
    }

    /// The certificates, by value.
    pub fn into_chain(self) -> Vec<Vec<u8>> {
        self.chain
    }
}

impl JwsFault {
    /// The fault in words.
    pub fn words(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for JwsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for JwsFault {}

/// The algorithm of this name in JOSE. `Ed25519` is the newer name of what `EdDSA` means here (RFC 9864, 2.2).
fn algorithm(name: &str) -> Option<Algorithm> {
    let name = if name == "Ed25519" { "EdDSA" } else { name };
    Algorithm::ALL
        .into_iter()
        .find(|(_, _, known)| *known == name)
        .map(|(algorithm, ..)| algorithm)
}
