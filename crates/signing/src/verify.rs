//! Checking other people's signatures: the seven COSE algorithms of C2PA, and the algorithms that certificates are
//! signed with, in the form that path validation (`rustls-webpki`) takes them. Pure Rust, so that it runs in a browser.
//!
//! Only public operations: the timing of `rsa` private operations (RUSTSEC-2023-0071) plays no part here.
#![warn(clippy::indexing_slicing)]

use std::fmt;

use p256::ecdsa::signature::hazmat::PrehashVerifier;
use pkcs8::der::asn1::{AnyRef, UintRef};
use pkcs8::der::{Decode, SliceReader, Tag, Tagged};
use rsa::RsaPublicKey;
use rsa::signature::Verifier as _;
use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id};
use sha2::{Digest, Sha256, Sha384, Sha512};
use x509_cert::spki::{ObjectIdentifier, SubjectPublicKeyInfoRef};

use crate::algorithm::{Algorithm, KeyAlgorithm};
use crate::oid;

/// Whether `signature` is `algorithm`'s signature of `message` under the public key in `public_key_info`, the DER of a
/// certificate's `SubjectPublicKeyInfo`.
///
/// ECDSA signatures are the two integers side by side, as COSE has them (RFC 9053, section 2.1), not DER. As in c2pa,
/// the ECDSA algorithms name the hash alone: each of the three curves goes with each hash. Ed25519 is checked strictly
/// (no keys or points of small order). Anything unreadable is `false`.
pub fn verify_signature(algorithm: Algorithm, public_key_info: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let Ok(info) = SubjectPublicKeyInfoRef::from_der(public_key_info) else {
        return false;
    };
    let Some(key) = info.subject_public_key.as_bytes() else {
        return false;
    };
    let curve = info
        .algorithm
        .parameters
        .and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
    let hash = match algorithm {
        Algorithm::Es256 | Algorithm::Ps256 => Hash::Sha256,
        Algorithm::Es384 | Algorithm::Ps384 => Hash::Sha384,
        Algorithm::Es512 | Algorithm::Ps512 | Algorithm::Ed25519 => Hash::Sha512,
    };
    match (algorithm, oid::key_algorithm(info.algorithm.oid, curve)) {
        (Algorithm::Ed25519, KeyAlgorithm::Ed25519) => ed25519(key, message, signature),
        (Algorithm::Es256 | Algorithm::Es384 | Algorithm::Es512, kind) => {
            ecdsa(kind, hash, Form::Fixed, key, message, signature)
        }
        (Algorithm::Ps256 | Algorithm::Ps384 | Algorithm::Ps512, KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss) => {
            rsa_pss(hash, key, message, signature)
        }
        _ => false,
    }
}

/// Whether `signature` holds where its algorithm is stated beside it as an `AlgorithmIdentifier` (`stated`, DER): in CMS
/// and in OCSP responses. `digest` is the hash that CMS states apart; the two must agree (RFC 5652, 5.3). ECDSA
/// signatures are DER.
pub(crate) fn verify_stated(
    stated: &[u8],
    digest: Option<Hash>,
    public_key_info: &[u8],
    message: &[u8],
    signature: &[u8],
) -> bool {
    let Ok(info) = SubjectPublicKeyInfoRef::from_der(public_key_info) else {
        return false;
    };
    let (Some(key), Some((scheme, hash))) = (info.subject_public_key.as_bytes(), stated_scheme(stated, digest)) else {
        return false;
    };
    if digest.is_some_and(|digest| digest != hash) {
        return false;
    }
    let curve = info
        .algorithm
        .parameters
        .and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
    match (scheme, oid::key_algorithm(info.algorithm.oid, curve)) {
        (Scheme::Ecdsa, kind) => ecdsa(kind, hash, Form::Der, key, message, signature),
        (Scheme::RsaPkcs1, KeyAlgorithm::Rsa) => rsa_pkcs1(hash, key, message, signature),
        (Scheme::RsaPss, KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss) => rsa_pss(hash, key, message, signature),
        _ => false,
    }
}

/// The scheme and hash behind an `AlgorithmIdentifier`. Parameters say nothing but for PSS: some write NULL where
/// others leave them out (RFC 4055, section 5; RFC 5758, section 3.2). `rsaEncryption` leaves the hash to `digest`.
fn stated_scheme(stated: &[u8], digest: Option<Hash>) -> Option<(Scheme, Hash)> {
    let contents = AnyRef::from_der(stated).ok()?;
    if contents.tag() != Tag::Sequence {
        return None;
    }
    let id = ObjectIdentifier::decode(&mut SliceReader::new(contents.value()).ok()?).ok()?;
    if id == oid::RSA {
        return Some((Scheme::RsaPkcs1, digest?));
    }
    if id == oid::RSA_PSS {
        let known = [
            (alg_id::RSA_PSS_SHA256, Hash::Sha256),
            (alg_id::RSA_PSS_SHA384, Hash::Sha384),
            (alg_id::RSA_PSS_SHA512, Hash::Sha512),
        ];
        let hash = known.into_iter().find(|(known, _)| **known == *contents.value())?.1;
        return Some((Scheme::RsaPss, hash));
    }
    oid::STATED_SIGNATURES
        .into_iter()
        .find(|(known, ..)| *known == id)
        .map(|(_, scheme, hash)| (scheme, hash))
}

/// The algorithms with which certificates in a path may be signed. SHA-1 and keys below 2048 bits are not among them.
pub(crate) static PATH_ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &{
    use KeyAlgorithm::{P256, P384, P521};
    [
        &PathAlgorithm(alg_id::ED25519, alg_id::ED25519, |key, message, signature| {
            ed25519(key, message, signature)
        }) as &dyn SignatureVerificationAlgorithm,
        &PathAlgorithm(alg_id::ECDSA_SHA256, alg_id::ECDSA_P256, |k, m, s| {
            ecdsa(P256, Hash::Sha256, Form::Der, k, m, s)
        }),
        &PathAlgorithm(alg_id::ECDSA_SHA384, alg_id::ECDSA_P256, |k, m, s| {
            ecdsa(P256, Hash::Sha384, Form::Der, k, m, s)
        }),
        &PathAlgorithm(alg_id::ECDSA_SHA512, alg_id::ECDSA_P256, |k, m, s| {
            ecdsa(P256, Hash::Sha512, Form::Der, k, m, s)
        }),
        &PathAlgorithm(alg_id::ECDSA_SHA256, alg_id::ECDSA_P384, |k, m, s| {
            ecdsa(P384, Hash::Sha256, Form::Der, k, m, s)
        }),
        &PathAlgorithm(alg_id::ECDSA_SHA384, alg_id::ECDSA_P384, |k, m, s| {
            ecdsa(P384, Hash::Sha384, Form::Der, k, m, s)
        }),
        &PathAlgorithm(alg_id::ECDSA_SHA512, alg_id::ECDSA_P384, |k, m, s| {
            ecdsa(P384, Hash::Sha512, Form::Der, k, m, s)
        }),
        &PathAlgorithm(alg_id::ECDSA_SHA256, alg_id::ECDSA_P521, |k, m, s| {
            ecdsa(P521, Hash::Sha256, Form::Der, k, m, s)
        }),
        &PathAlgorithm(alg_id::ECDSA_SHA384, alg_id::ECDSA_P521, |k, m, s| {
            ecdsa(P521, Hash::Sha384, Form::Der, k, m, s)
        }),
        &PathAlgorithm(alg_id::ECDSA_SHA512, alg_id::ECDSA_P521, |k, m, s| {
            ecdsa(P521, Hash::Sha512, Form::Der, k, m, s)
        }),
        &PathAlgorithm(alg_id::RSA_PKCS1_SHA256, alg_id::RSA_ENCRYPTION, |k, m, s| {
            rsa_pkcs1(Hash::Sha256, k, m, s)
        }),
        &PathAlgorithm(alg_id::RSA_PKCS1_SHA384, alg_id::RSA_ENCRYPTION, |k, m, s| {
            rsa_pkcs1(Hash::Sha384, k, m, s)
        }),
        &PathAlgorithm(alg_id::RSA_PKCS1_SHA512, alg_id::RSA_ENCRYPTION, |k, m, s| {
            rsa_pkcs1(Hash::Sha512, k, m, s)
        }),
        &PathAlgorithm(alg_id::RSA_PSS_SHA256, alg_id::RSA_ENCRYPTION, |k, m, s| {
            rsa_pss(Hash::Sha256, k, m, s)
        }),
        &PathAlgorithm(alg_id::RSA_PSS_SHA384, alg_id::RSA_ENCRYPTION, |k, m, s| {
            rsa_pss(Hash::Sha384, k, m, s)
        }),
        &PathAlgorithm(alg_id::RSA_PSS_SHA512, alg_id::RSA_ENCRYPTION, |k, m, s| {
            rsa_pss(Hash::Sha512, k, m, s)
        }),
        &PathAlgorithm(alg_id::RSA_PSS_SHA256, RSA_PSS_KEY, |k, m, s| {
            rsa_pss(Hash::Sha256, k, m, s)
        }),
        &PathAlgorithm(alg_id::RSA_PSS_SHA384, RSA_PSS_KEY, |k, m, s| {
            rsa_pss(Hash::Sha384, k, m, s)
        }),
        &PathAlgorithm(alg_id::RSA_PSS_SHA512, RSA_PSS_KEY, |k, m, s| {
            rsa_pss(Hash::Sha512, k, m, s)
        }),
        // A key bound to one hash has the same parameters as the signature (RFC 4055, section 3.3).
        &PathAlgorithm(alg_id::RSA_PSS_SHA256, alg_id::RSA_PSS_SHA256, |k, m, s| {
            rsa_pss(Hash::Sha256, k, m, s)
        }),
        &PathAlgorithm(alg_id::RSA_PSS_SHA384, alg_id::RSA_PSS_SHA384, |k, m, s| {
            rsa_pss(Hash::Sha384, k, m, s)
        }),
        &PathAlgorithm(alg_id::RSA_PSS_SHA512, alg_id::RSA_PSS_SHA512, |k, m, s| {
            rsa_pss(Hash::Sha512, k, m, s)
        }),
    ]
};

/// The `AlgorithmIdentifier` of an `id-RSASSA-PSS` key bound to no hash: the object identifier alone.
const RSA_PSS_KEY: AlgorithmIdentifier =
    AlgorithmIdentifier::from_slice(&[0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0A]);

/// RSA keys that are accepted, in bits of the modulus: C2PA 2.2, section 13.2.1, asks for 2048; the upper end is the
/// field's usual bound on the work that a foreign key can cause (as in *ring* and BoringSSL).
pub(crate) const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// A way to sign certificates: the signature's identifier, the key's, and the check.
struct PathAlgorithm(
    AlgorithmIdentifier,
    AlgorithmIdentifier,
    fn(&[u8], &[u8], &[u8]) -> bool,
);

/// The hashes of C2PA (specification 2.2, section 13.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

/// How a signature is made of a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Ecdsa,
    RsaPkcs1,
    RsaPss,
}

/// How an ECDSA signature is written: two integers of fixed size (COSE) or a DER sequence (X.509).
#[derive(Debug, Clone, Copy)]
enum Form {
    Fixed,
    Der,
}

impl SignatureVerificationAlgorithm for PathAlgorithm {
    fn verify_signature(&self, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        if (self.2)(key, message, signature) {
            Ok(())
        } else {
            Err(InvalidSignature)
        }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.1
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.0
    }
}

impl fmt::Debug for PathAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PathAlgorithm").field(&self.0).field(&self.1).finish()
    }
}

/// What is told of an RSA public key before it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RsaNumbers {
    /// Bits of the modulus.
    pub bits: usize,
    /// The exponent is odd, at least 3 and at most 33 bits long, which is what the `rsa` crate accepts. An exponent of 1
    /// would make every text its own signature.
    pub sound_exponent: bool,
}

/// Reads an RSA public key (RFC 8017, appendix A.1.1), whatever its numbers are.
pub(crate) fn rsa_numbers(key: &[u8]) -> Option<RsaNumbers> {
    const SOUND: std::ops::RangeInclusive<u64> = 3..=(1 << 33) - 1;
    let (modulus, exponent) = <(UintRef<'_>, UintRef<'_>)>::from_sequence(key)?;
    let exponent = exponent.as_bytes();
    let value = (exponent.len() <= 8).then(|| exponent.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)));
    Some(RsaNumbers {
        bits: rsa::BigUint::from_bytes_be(modulus.as_bytes()).bits(),
        sound_exponent: value.is_some_and(|value| value % 2 == 1 && SOUND.contains(&value)),
    })
}

fn rsa_key(der: &[u8]) -> Option<RsaPublicKey> {
    let key = <(UintRef<'_>, UintRef<'_>)>::from_sequence(der)?;
    let modulus = rsa::BigUint::from_bytes_be(key.0.as_bytes());
    let exponent = rsa::BigUint::from_bytes_be(key.1.as_bytes());
    // Also refuses even exponents, those below 3 and those above 33 bits.
    RsaPublicKey::new_with_max_size(modulus, exponent, *RSA_BITS.end()).ok()
}

/// Reads `SEQUENCE { modulus INTEGER, publicExponent INTEGER }`.
trait FromSequence<'a>: Sized {
    fn from_sequence(der: &'a [u8]) -> Option<Self>;
}

impl<'a> FromSequence<'a> for (UintRef<'a>, UintRef<'a>) {
    fn from_sequence(der: &'a [u8]) -> Option<Self> {
        let any = AnyRef::from_der(der).ok()?;
        any.sequence(|reader| Ok::<_, pkcs8::der::Error>((UintRef::decode(reader)?, UintRef::decode(reader)?)))
            .ok()
    }
}

fn ed25519(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let Some(key) = key
        .try_into()
        .ok()
        .and_then(|key| ed25519_dalek::VerifyingKey::from_bytes(key).ok())
    else {
        return false;
    };
    let Ok(signature) = ed25519_dalek::Signature::from_slice(signature) else {
        return false;
    };
    key.verify_strict(message, &signature).is_ok()
}

fn ecdsa(curve: KeyAlgorithm, hash: Hash, form: Form, key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    macro_rules! on {
        ($curve:ident) => {{
            let signature = match form {
                Form::Fixed => $curve::ecdsa::Signature::from_slice(signature),
                Form::Der => $curve::ecdsa::Signature::from_der(signature),
            };
            let key = $curve::ecdsa::VerifyingKey::from_sec1_bytes(key);
            let (Ok(signature), Ok(key)) = (signature, key) else {
                return false;
            };
            key.verify_prehash(&hash.digest(message), &signature).is_ok()
        }};
    }
    match curve {
        KeyAlgorithm::P256 => on!(p256),
        KeyAlgorithm::P384 => on!(p384),
        KeyAlgorithm::P521 => on!(p521),
        _ => false,
    }
}

fn rsa_pkcs1(hash: Hash, key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    use rsa::pkcs1v15::{Signature, VerifyingKey};
    use rsa::sha2::{Sha256, Sha384, Sha512};
    let (Some(key), Ok(signature)) = (accepted_rsa_key(key), Signature::try_from(signature)) else {
        return false;
    };
    match hash {
        Hash::Sha256 => VerifyingKey::<Sha256>::new(key).verify(message, &signature),
        Hash::Sha384 => VerifyingKey::<Sha384>::new(key).verify(message, &signature),
        Hash::Sha512 => VerifyingKey::<Sha512>::new(key).verify(message, &signature),
    }
    .is_ok()
}

fn rsa_pss(hash: Hash, key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    use rsa::pss::{Signature, VerifyingKey};
    use rsa::sha2::{Sha256, Sha384, Sha512};
    let (Some(key), Ok(signature)) = (accepted_rsa_key(key), Signature::try_from(signature)) else {
        return false;
    };
    match hash {
        Hash::Sha256 => VerifyingKey::<Sha256>::new(key).verify(message, &signature),
        Hash::Sha384 => VerifyingKey::<Sha384>::new(key).verify(message, &signature),
        Hash::Sha512 => VerifyingKey::<Sha512>::new(key).verify(message, &signature),
    }
    .is_ok()
}

fn accepted_rsa_key(der: &[u8]) -> Option<RsaPublicKey> {
    use rsa::traits::PublicKeyParts;
    rsa_key(der).filter(|key| RSA_BITS.contains(&key.n().bits()))
}

impl Hash {
    pub(crate) fn digest(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(message).to_vec(),
            Self::Sha384 => Sha384::digest(message).to_vec(),
            Self::Sha512 => Sha512::digest(message).to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use pkcs8::der::Encode;
    use proptest::prelude::*;

    use super::*;
    use crate::key::SecretKey;
    use crate::testing::{rng, sections};

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len() / 2)
            .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
            .collect()
    }

    /// OpenSSL's signatures over "touchmark".
    fn vectors() -> Vec<(Algorithm, Vec<u8>, Vec<u8>)> {
        let lines = include_str!("../tests/data/openssl-signatures.txt").lines();
        lines
            .map(|line| {
                let parts: Vec<_> = line.split(' ').collect();
                (
                    Algorithm::from_cose(parts[0].parse().unwrap()).unwrap(),
                    bytes(parts[1]),
                    bytes(parts[2]),
                )
            })
            .collect()
    }

    #[test]
    fn signatures_by_openssl_hold_for_their_message_and_algorithm_alone() {
        let vectors = vectors();
        assert_eq!(vectors.len(), 16);
        for (algorithm, key, signature) in &vectors {
            assert!(
                verify_signature(*algorithm, key, b"touchmark", signature),
                "{algorithm}"
            );
            assert!(
                !verify_signature(*algorithm, key, b"Touchmark", signature),
                "{algorithm}"
            );
            for (other, ..) in Algorithm::ALL {
                assert_eq!(
                    verify_signature(other, key, b"touchmark", signature),
                    other == *algorithm,
                    "{other}"
                );
            }
            let bits = signature.len() * 8;
            for bit in (0..bits).step_by(37) {
                let mut changed = signature.clone();
                changed[bit / 8] ^= 1 << (bit % 8);
                assert!(
                    !verify_signature(*algorithm, key, b"touchmark", &changed),
                    "{algorithm} {bit}"
                );
            }
            assert!(!verify_signature(*algorithm, key, b"touchmark", &signature[1..]));
            assert!(!verify_signature(*algorithm, &key[1..], b"touchmark", signature));
        }
    }

    #[test]
    fn every_way_to_sign_a_certificate_is_checked() {
        let paths = sections(include_str!("../tests/data/openssl-paths.pem"));
        assert_eq!(paths.len(), 20);
        for (label, chain) in &paths {
            assert!(chain[0].is_signed_by(&chain[1]), "{label}");
            assert!(chain[1].is_self_signed(), "{label}");
            assert!(!chain[1].is_signed_by(&chain[0]), "{label}");
        }
    }

    /// The same signatures, as CMS and OCSP state them.
    #[test]
    fn an_algorithm_that_is_stated_is_checked_for_what_it_is() {
        for (label, chain) in sections(include_str!("../tests/data/openssl-paths.pem")) {
            let leaf = x509_cert::Certificate::from_der(chain[0].der()).unwrap();
            let stated = leaf.signature_algorithm().to_der().unwrap();
            let (message, signature) = (leaf.tbs_certificate().to_der().unwrap(), leaf.signature().raw_bytes());
            let holds = |digest| verify_stated(&stated, digest, &chain[1].public_key_info(), &message, signature);
            // Ed25519 signs neither time-stamps nor answers about revocation.
            assert_eq!(holds(None), label != "ed25519", "{label}");
            let hashes = [
                (Hash::Sha256, "sha256"),
                (Hash::Sha384, "sha384"),
                (Hash::Sha512, "sha512"),
            ];
            for (hash, name) in hashes {
                assert_eq!(holds(Some(hash)), label.ends_with(name), "{label} {name}");
            }
            let other = verify_stated(&stated, None, &chain[0].public_key_info(), &message, signature);
            assert!(!other, "{label}");
            // `rsaEncryption` leaves the hash to the digest beside it.
            let rsa = [0x30, 13, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1, 5, 0];
            let key = chain[1].public_key_info();
            let bare = |digest| verify_stated(&rsa, digest, &key, &message, signature);
            assert!(!bare(None), "{label}");
            assert_eq!(bare(Some(Hash::Sha256)), label == "rsa-sha256", "{label}");
        }
    }

    #[test]
    fn an_ed448_key_is_no_ed25519_key() {
        let leaves = sections(include_str!("../tests/data/openssl-leaves.pem"));
        let ed448 = leaves
            .iter()
            .find(|(_, chain)| chain[0].key_algorithm() == KeyAlgorithm::Ed448)
            .unwrap();
        assert!(!verify_signature(
            Algorithm::Ed25519,
            &ed448.1[0].public_key_info(),
            b"",
            &[0; 114]
        ));
    }

    #[test]
    fn a_key_of_small_order_signs_nothing() {
        // The identity point: with it, R = s*B satisfies the unstrict equation for every message.
        let mut info = SecretKey::generate(Algorithm::Ed25519, &mut rng(1))
            .unwrap()
            .public_key_info()
            .unwrap();
        let at = info.len() - 32;
        info[at..].fill(0);
        info[at] = 1;
        let mut signature = [0; 64];
        signature[0] = 1;
        assert!(!verify_signature(Algorithm::Ed25519, &info, b"any message", &signature));
    }

    #[test]
    fn rsa_exponents_that_prove_nothing_are_refused() {
        let der = |exponent: &[u8]| {
            let mut modulus = vec![0x02, 0x82, 0x01, 0x01, 0x00];
            modulus.extend([0xC5; 256]);
            let mut body = modulus;
            body.extend([0x02, u8::try_from(exponent.len()).unwrap()]);
            body.extend(exponent);
            let mut der = vec![0x30, 0x82];
            der.extend(u16::try_from(body.len()).unwrap().to_be_bytes());
            der.extend(body);
            der
        };
        let numbers = |exponent: &[u8]| rsa_numbers(&der(exponent)).unwrap();
        for (exponent, accepted) in [(1_u8, false), (2, false), (3, true), (4, false), (17, true)] {
            assert_eq!(numbers(&[exponent]).sound_exponent, accepted, "{exponent}");
            assert_eq!(rsa_key(&der(&[exponent])).is_some(), accepted, "{exponent}");
        }
        let usual = RsaNumbers {
            bits: 2048,
            sound_exponent: true,
        };
        assert_eq!(numbers(&[0x01, 0x00, 0x01]), usual);
        assert!(!numbers(&[0x7F; 8]).sound_exponent && !numbers(&[0x7F; 9]).sound_exponent);
        assert_eq!(rsa_numbers(&[]), None);
    }

    proptest! {
        #[test]
        fn garbage_is_false_and_never_a_panic(
            which in 0_usize..7,
            key in prop::collection::vec(any::<u8>(), 0..120),
            signature in prop::collection::vec(any::<u8>(), 0..140),
        ) {
            prop_assert!(!verify_signature(Algorithm::ALL[which].0, &key, b"message", &signature));
        }
    }
}
