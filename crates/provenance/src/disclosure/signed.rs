//! The signed document: a JSON Web Signature in compact form (RFC 7515) with the certificates beside it (`x5c`), so that
//! anyone checks it with the tools they have.
//!
//! The same disclosure and identity always give the same bytes. Their SHA-256 is what a stamp refers to.
#![warn(clippy::indexing_slicing)]

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use touchmark_signing::{Algorithm, Certificate, MAX_CHAIN_CERTIFICATES, Signer, verify_signature};

use super::{Disclosure, MAX_DOCUMENT_BYTES};
use crate::error::{DisclosureFault, Error, FieldPath};

/// The largest signed document, in bytes: a document and its certificates in base64.
const MAX_SIGNED_BYTES: usize = 2 * MAX_DOCUMENT_BYTES;

/// A disclosure whose signature holds. Who signed is for [`touchmark_signing::trust`] to judge, by [`Self::chain`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedDisclosure {
    disclosure: Disclosure,
    chain: Vec<Vec<u8>>,
}

/// The protected header (RFC 7515, 4.1).
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    alg: String,
    /// The media type of the payload, without `application/` (RFC 7515, 4.1.10).
    #[serde(skip_serializing_if = "Option::is_none")]
    cty: Option<String>,
    /// The certificates, DER in base64, the signer's first (RFC 7515, 4.1.6).
    x5c: Vec<String>,
    /// Extensions that must be understood (RFC 7515, 4.1.11): none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    crit: Option<serde_json::Value>,
}

/// Signs a disclosure: `header.payload.signature`, without a line break. The payload is [`Disclosure::to_json`].
///
/// Look at [`Signer::check_dates`] first: this does not.
///
/// # Errors
/// [`Error::Identity`] where a key that is kept elsewhere does not sign.
pub fn sign(disclosure: &Disclosure, signer: &Signer) -> Result<String, Error> {
    let header = Header {
        // JOSE and COSE give these algorithms the same names (RFC 8037, RFC 7518).
        alg: signer.algorithm().to_string(),
        cty: Some("json".to_owned()),
        x5c: signer.chain_der().iter().map(|der| STANDARD.encode(der)).collect(),
        crit: None,
    };
    // A header of strings: serialisation cannot fail.
    let header = serde_json::to_string(&header).unwrap_or_default();
    let mut jws = URL_SAFE_NO_PAD.encode(header);
    jws.push('.');
    URL_SAFE_NO_PAD.encode_string(disclosure.to_json(), &mut jws);
    let signature = signer.sign(jws.as_bytes())?;
    jws.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut jws);
    Ok(jws)
}

impl SignedDisclosure {
    /// Whether this has the form of a signed document: three parts of base64url. TOML and JSON never have.
    pub fn is_signed_form(text: &str) -> bool {
        let is_part = |part: &str| {
            part.bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        };
        text.starts_with("ey") && text.split('.').count() == 3 && text.split('.').all(is_part)
    }

    /// Reads a signed document, checks its signature under its own first certificate, then every field.
    ///
    /// # Errors
    /// [`Error::Disclosure`]: [`DisclosureFault::Signature`] where form, certificates or signature do not hold, else
    /// the first field at fault.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let refused = |why: &'static str| Error::Disclosure {
            field: FieldPath::default(),
            fault: DisclosureFault::Signature(why),
        };
        if text.len() > MAX_SIGNED_BYTES {
            return Err(refused("it is too large"));
        }
        if !Self::is_signed_form(text) {
            return Err(refused("it is not three parts of base64url"));
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(refused("it has not three parts"))?;
        let (header, payload) = signed.split_once('.').ok_or(refused("it has not three parts"))?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| refused("it is not base64url"));
        let (header, payload, signature) = (decode(header)?, decode(payload)?, decode(signature)?);

        let header: Header = serde_json::from_slice(&header).map_err(|_| refused("its header cannot be read"))?;
        if header.crit.is_some() {
            return Err(refused("its header names an extension that is not known"));
        }
        let algorithm = algorithm(&header.alg).ok_or(refused("its algorithm is not known"))?;
        if header.x5c.is_empty() || header.x5c.len() > MAX_CHAIN_CERTIFICATES {
            return Err(refused("it has no certificates, or too many"));
        }
        let chain = header
            .x5c
            .iter()
            .map(|der| STANDARD.decode(der))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| refused("a certificate is not base64"))?;
        let leaf = chain
            .first()
            .and_then(|der| Certificate::from_der(der).ok())
            .ok_or(refused("its certificate cannot be read"))?;
        if !verify_signature(algorithm, &leaf.public_key_info(), signed.as_bytes(), &signature) {
            return Err(refused(
                "it was not made over this document by the key in the certificate",
            ));
        }
        let payload = std::str::from_utf8(&payload).map_err(|_| refused("the document is not UTF-8"))?;
        let mut disclosure = Disclosure::from_json(payload)?;
        disclosure.digest = Some(Sha256::digest(text).into());
        Ok(Self { disclosure, chain })
    }

    /// The disclosure. It knows the digest of the document it came from, so that stamps refer to it.
    pub fn disclosure(&self) -> &Disclosure {
        &self.disclosure
    }

    /// The disclosure, by value.
    pub fn into_disclosure(self) -> Disclosure {
        self.disclosure
    }

    /// The certificates beside the signature, the signer's first, DER.
    pub fn chain(&self) -> &[Vec<u8>] {
        &self.chain
    }
}

/// The algorithm of this name in JOSE. `Ed25519` is the newer name of what `EdDSA` means here (RFC 9864, 2.2).
fn algorithm(name: &str) -> Option<Algorithm> {
    let name = if name == "Ed25519" { "EdDSA" } else { name };
    Algorithm::ALL
        .into_iter()
        .find(|(_, _, known)| *known == name)
        .map(|(algorithm, ..)| algorithm)
}

#[cfg(test)]
mod tests {
    use getrandom::SysRng;
    use time::OffsetDateTime;
    use touchmark_signing::{Identity, Subject};

    use super::*;

    fn signer() -> Signer {
        let subject = Subject::new("Example Images", "Example Images signer").unwrap();
        Identity::new(&subject, Algorithm::Ed25519, OffsetDateTime::now_utc(), &mut SysRng)
            .unwrap()
            .signer()
            .unwrap()
    }

    fn disclosure() -> Disclosure {
        Disclosure::from_toml(super::super::tests::FILLED).unwrap()
    }

    fn why(text: &str) -> &'static str {
        match SignedDisclosure::parse(text) {
            Err(Error::Disclosure {
                fault: DisclosureFault::Signature(why),
                ..
            }) => why,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_signed_comes_back_with_its_digest() {
        let (signer, disclosure) = (signer(), disclosure());
        let jws = sign(&disclosure, &signer).unwrap();
        assert_eq!(jws, sign(&disclosure, &signer).unwrap(), "deterministic");
        assert!(SignedDisclosure::is_signed_form(&jws));
        let read = SignedDisclosure::parse(&jws).unwrap();
        assert_eq!(read.disclosure().document(), disclosure.document());
        assert_eq!(read.chain(), signer.chain_der());
        let digest: [u8; 32] = Sha256::digest(&jws).into();
        assert_eq!(read.disclosure().signed_digest(), Some(digest));
        assert_eq!(disclosure.signed_digest(), None);
    }

    #[test]
    fn every_change_is_noticed() {
        let jws = sign(&disclosure(), &signer()).unwrap();
        let other = sign(&disclosure(), &signer()).unwrap();
        let parts: Vec<&str> = jws.split('.').collect();
        let foreign = other.rsplit('.').next().unwrap();
        assert!(why(&format!("{}.{}.{foreign}", parts[0], parts[1])).contains("not made over"));
        for at in (0..jws.len()).step_by(7) {
            let mut changed = jws.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert!(
                SignedDisclosure::parse(std::str::from_utf8(&changed).unwrap()).is_err(),
                "byte {at}"
            );
        }
        for appended in ["\n", " ", ".", "=", "."] {
            assert!(
                SignedDisclosure::parse(&format!("{jws}{appended}")).is_err(),
                "{appended:?}"
            );
        }
    }

    #[test]
    fn a_header_is_understood_or_refused() {
        let jws = sign(&disclosure(), &signer()).unwrap();
        let (header, rest) = jws.split_once('.').unwrap();
        let header = String::from_utf8(URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
        for (from, to, expected) in [
            ("EdDSA", "none", "algorithm"),
            ("EdDSA", "HS256", "algorithm"),
            ("\"cty\"", "\"crit\":[\"b64\"],\"b64\":false,\"cty\"", "extension"),
            ("\"x5c\":[", "\"x5c\":[],\"x\":[", "no certificates"),
            ("\"alg\"", "\"alg\":\"ES256\",\"alg\"", "header cannot be read"),
            ("EdDSA", "ES256", "not made over"),
        ] {
            let changed = header.replace(from, to);
            assert_ne!(changed, header);
            let found = why(&format!("{}.{rest}", URL_SAFE_NO_PAD.encode(changed)));
            assert!(found.contains(expected), "{to}: {found}");
        }
    }

    #[test]
    fn other_texts_are_no_signed_form() {
        for text in ["", "a.b.c", "eyJ.b", "eyJ = 'a.b.c'", "{\"a\": \"b.c.d\"}", "eyJ.a\n.b"] {
            assert!(!SignedDisclosure::is_signed_form(text), "{text}");
        }
    }
}
