//! Public keys on their own, as services and devices that keep the private key hand them out.
#![warn(clippy::indexing_slicing)]

use rustls_pki_types::SubjectPublicKeyInfoDer;
use rustls_pki_types::pem::PemObject;
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::{Decode, Encode};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use crate::algorithm::KeyAlgorithm;
use crate::error::{KeyFault, Result};
use crate::key::MAX_KEY_PEM_BYTES;
use crate::oid;

/// A public key (`SubjectPublicKeyInfo`, RFC 5280, section 4.1.2.7), of whatever kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    kind: KeyAlgorithm,
    der: Vec<u8>,
}

impl PublicKey {
    /// Reads a public key, PEM (`PUBLIC KEY`) or DER, of at most [`MAX_KEY_PEM_BYTES`].
    ///
    /// # Errors
    /// [`KeyFault::TooLarge`]; [`KeyFault::NoPublicKey`] for anything else that is none.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        if bytes.len() > MAX_KEY_PEM_BYTES {
            return Err(KeyFault::TooLarge.into());
        }
        // DER begins with the tag of a SEQUENCE, PEM with a hyphen or a comment.
        let info = match SubjectPublicKeyInfoOwned::from_der(bytes) {
            Ok(info) => info,
            Err(_) => {
                let der = SubjectPublicKeyInfoDer::from_pem_slice(bytes).map_err(|_| KeyFault::NoPublicKey)?;
                SubjectPublicKeyInfoOwned::from_der(&der).map_err(|_| KeyFault::NoPublicKey)?
            }
        };
        Ok(Self {
            kind: kind(&info),
            der: info.to_der().map_err(|_| KeyFault::NoPublicKey)?,
        })
    }

    /// The kind of key.
    pub fn key_algorithm(&self) -> KeyAlgorithm {
        self.kind
    }

    /// The DER of the `SubjectPublicKeyInfo`.
    pub fn der(&self) -> &[u8] {
        &self.der
    }
}

/// The kind of key that a `SubjectPublicKeyInfo` is for.
pub(crate) fn kind(info: &SubjectPublicKeyInfoOwned) -> KeyAlgorithm {
    let parameters = info.algorithm.parameters.as_ref();
    let curve = parameters.and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
    oid::key_algorithm(info.algorithm.oid, curve)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use x509_cert::der::pem::LineEnding;

    use super::*;
    use crate::algorithm::Algorithm;
    use crate::error::Error;
    use crate::key::SecretKey;
    use crate::testing::rng;

    #[test]
    fn keys_are_read_in_both_forms() {
        for (algorithm, kind) in [
            (Algorithm::Es256, KeyAlgorithm::P256),
            (Algorithm::Ed25519, KeyAlgorithm::Ed25519),
        ] {
            let info = SecretKey::generate(algorithm, &mut rng(1))
                .unwrap()
                .public_key_info()
                .unwrap();
            let pem = x509_cert::der::pem::encode_string("PUBLIC KEY", LineEnding::CRLF, &info).unwrap();
            for bytes in [&info[..], pem.as_bytes()] {
                let key = PublicKey::read(bytes).unwrap();
                assert_eq!((key.key_algorithm(), key.der()), (kind, &info[..]));
            }
        }
    }

    #[test]
    fn what_is_no_public_key_is_named() {
        let private = include_bytes!("../tests/data/openssl-ed25519.pem");
        for bytes in [&private[..], b"", b"0"] {
            assert_eq!(PublicKey::read(bytes), Err(Error::Key(KeyFault::NoPublicKey)));
        }
        let large = vec![b' '; MAX_KEY_PEM_BYTES + 1];
        assert_eq!(PublicKey::read(&large), Err(Error::Key(KeyFault::TooLarge)));
    }

    proptest! {
        #[test]
        fn anything_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(key) = PublicKey::read(&bytes) {
                prop_assert_eq!(PublicKey::read(key.der()), Ok(key.clone()));
            }
        }
    }
}
