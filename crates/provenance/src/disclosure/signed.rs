//! The signed document: a JSON Web Signature (`crate::jws`), so that anyone checks it with the tools they have.
//!
//! The same disclosure and identity always give the same bytes. Their SHA-256 is what a stamp refers to.

use sha2::{Digest, Sha256};
use touchmark_signing::Signer;

use super::{Disclosure, MAX_DOCUMENT_BYTES};
use crate::error::{DisclosureFault, Error, FieldPath};
use crate::jws::{self, Jws};

/// The largest signed document, in bytes: a document and its certificates in base64.
const MAX_SIGNED_BYTES: usize = 2 * MAX_DOCUMENT_BYTES;

/// A disclosure whose signature holds. Who signed is for [`touchmark_signing::trust`] to judge, by [`Self::chain`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedDisclosure {
    disclosure: Disclosure,
    chain: Vec<Vec<u8>>,
}

/// Signs a disclosure: `header.payload.signature`, without a line break. The payload is [`Disclosure::to_json`].
///
/// Look at [`Signer::check_dates`] first: this does not.
///
/// # Errors
/// [`Error::Identity`] where a key that is kept elsewhere does not sign.
pub fn sign(disclosure: &Disclosure, signer: &Signer) -> Result<String, Error> {
    jws::sign(&disclosure.to_json(), None, signer)
}

impl SignedDisclosure {
    /// Whether this has the form of a signed document: three parts of base64url. TOML and JSON never have.
    pub fn is_signed_form(text: &str) -> bool {
        Jws::is_form(text)
    }

    /// Reads a signed document, checks its signature under its own first certificate, then every field.
    ///
    /// # Errors
    /// [`Error::Disclosure`]: [`DisclosureFault::Signature`] where form, certificates or signature do not hold, else
    /// the first field at fault.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let jws = Jws::parse(text, None, MAX_SIGNED_BYTES).map_err(|fault| Error::Disclosure {
            field: FieldPath::default(),
            fault: DisclosureFault::Signature(fault.words()),
        })?;
        let mut disclosure = Disclosure::from_json(jws.payload())?;
        disclosure.digest = Some(Sha256::digest(text).into());
        Ok(Self {
            disclosure,
            chain: jws.into_chain(),
        })
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

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use getrandom::SysRng;
    use time::macros::datetime;
    use touchmark_signing::{Algorithm, Identity, Subject};

    use super::*;

    fn signer() -> Signer {
        let subject = Subject::new("Example Images", "Example Images signer").unwrap();
        Identity::new(
            &subject,
            Algorithm::Ed25519,
            datetime!(2026-11-01 12:00 UTC),
            &mut SysRng,
        )
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
