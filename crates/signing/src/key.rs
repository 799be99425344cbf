//! Private keys: made, written as PKCS#8 PEM that OpenSSL reads, and read back with an exact reason where they cannot.
//! A key is wiped from memory when dropped, is never shown by `Debug`, and has no serde form.

mod pem;

use std::fmt;

use ed25519_dalek::Signer as _;
use ed25519_dalek::pkcs8::{ALGORITHM_ID, KeypairBytes, PrivateKeyInfoRef};
use p256::pkcs8::EncodePrivateKey as _;
use pkcs8::der::asn1::OctetStringRef;
use pkcs8::der::{AnyRef, Decode, Encode, Reader as _, SecretDocument, TagMode, TagNumber};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_core::TryCryptoRng;
use rsa::RsaPrivateKey;
use rsa::pkcs1::{DecodeRsaPrivateKey as _, EncodeRsaPrivateKey as _, EncodeRsaPublicKey as _};
use rsa::signature::{RandomizedSigner as _, SignatureEncoding as _};
use rsa::traits::PublicKeyParts as _;
use sha2::{Digest, Sha256};
use x509_cert::spki::{EncodePublicKey as _, ObjectIdentifier, SubjectPublicKeyInfoRef};
use zeroize::Zeroizing;

use crate::algorithm::{Algorithm, KeyAlgorithm};
use crate::error::{Error, KeyFault, Result};
use crate::oid;
use crate::verify::RSA_BITS;

/// The most bytes of PEM that [`SecretKey::from_pem`] looks at: an encrypted Ed25519 key has about 350, an RSA key of
/// 8192 bits about 6,500.
pub const MAX_KEY_PEM_BYTES: usize = 16 * 1024;

/// A private key for one of the algorithms of C2PA: Ed25519 (RFC 8032), ECDSA on P-256 (ES256), or, where it comes from
/// elsewhere, RSA (PS256).
#[derive(Clone)]
pub struct SecretKey(Kind);

#[derive(Clone)]
enum Kind {
    Ed25519(ed25519_dalek::SigningKey),
    P256(p256::ecdsa::SigningKey),
    Rsa(Box<RsaPrivateKey>),
}

/// A passphrase that protects a private key file; wiped when dropped and never shown.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

impl SecretKey {
    /// Makes a new key from random bytes: [`Algorithm::Ed25519`] or [`Algorithm::Es256`].
    ///
    /// # Errors
    /// [`Error::Randomness`] where the source fails; [`KeyFault::NotMade`] for other algorithms.
    pub fn generate(algorithm: Algorithm, rng: &mut impl TryCryptoRng) -> Result<Self> {
        let mut seed = Zeroizing::new([0; 32]);
        match algorithm {
            Algorithm::Ed25519 => {
                fill(rng, seed.as_mut())?;
                Ok(Self(Kind::Ed25519(ed25519_dalek::SigningKey::from_bytes(&seed))))
            }
            Algorithm::Es256 => {
                // Rejection sampling (FIPS 186-5, appendix A.2.2): one draw in 2^32 is not below the group's order, so
                // that a source which never gives a usable number is broken.
                for _ in 0..8 {
                    fill(rng, seed.as_mut())?;
                    if let Ok(key) = p256::ecdsa::SigningKey::from_slice(seed.as_ref()) {
                        return Ok(Self(Kind::P256(key)));
                    }
                }
                Err(Error::Randomness)
            }
            other => Err(KeyFault::NotMade(other).into()),
        }
    }

    /// Reads a key from PEM: PKCS#8 (RFC 5958) of version 1 or 2, plain or encrypted with PBES2 (RFC 8018), as
    /// `openssl genpkey` writes it; P-256 also in SEC 1 and RSA in PKCS#1 form. A passphrase for a key that needs none is
    /// ignored.
    ///
    /// # Errors
    /// [`Error::Key`] with what is wrong; a key of another kind is named.
    pub fn from_pem(pem: &str, passphrase: Option<&Passphrase>) -> Result<Self> {
        let (form, document) = pem::read(pem, passphrase)?;
        match form {
            pem::Form::Pkcs8 => Self::from_pkcs8(document.as_bytes()),
            pem::Form::Sec1 => Self::from_sec1(document.as_bytes()),
            pem::Form::Pkcs1 => Self::from_pkcs1(document.as_bytes()),
        }
    }

    /// Writes the key as PKCS#8 version 1 PEM, not encrypted: whoever reads the text can sign.
    ///
    /// # Errors
    /// [`Error::Encoding`], which no key should reach.
    pub fn to_pem(&self) -> Result<Zeroizing<String>> {
        pem::write(&self.document()?)
    }

    /// Writes the key as PKCS#8 PEM encrypted under a passphrase: PBES2 with AES-256-CBC and PBKDF2-HMAC-SHA256, which
    /// OpenSSL 1.1 and later open. Deliberately slow.
    ///
    /// # Errors
    /// [`Error::Randomness`] where the source fails.
    pub fn to_encrypted_pem(&self, passphrase: &Passphrase, rng: &mut impl TryCryptoRng) -> Result<Zeroizing<String>> {
        pem::write_encrypted(&self.document()?, passphrase, rng)
    }

    /// Whether a PEM text holds an encrypted key, so that a caller asks for the passphrase only where there is one.
    pub fn is_encrypted_pem(pem: &str) -> bool {
        pem.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    }

    /// The algorithm it signs with.
    pub fn algorithm(&self) -> Algorithm {
        match &self.0 {
            Kind::Ed25519(_) => Algorithm::Ed25519,
            Kind::P256(_) => Algorithm::Es256,
            Kind::Rsa(_) => Algorithm::Ps256,
        }
    }

    /// The public key as certificates hold it, the DER of a `SubjectPublicKeyInfo` (RFC 5280, 4.1.2.7).
    ///
    /// # Errors
    /// [`Error::Encoding`], which no key should reach.
    pub fn public_key_info(&self) -> Result<Vec<u8>> {
        const WHAT: Error = Error::Encoding("a public key");
        match &self.0 {
            Kind::Ed25519(key) => key.verifying_key().to_public_key_der().map(|der| der.into_vec()),
            Kind::P256(key) => key.verifying_key().to_public_key_der().map(|der| der.into_vec()),
            Kind::Rsa(key) => {
                use rsa::pkcs8::EncodePublicKey as _;
                return key
                    .to_public_key()
                    .to_public_key_der()
                    .map(|der| der.into_vec())
                    .map_err(|_| WHAT);
            }
        }
        .map_err(|_| WHAT)
    }

    /// Whether a certificate with this `SubjectPublicKeyInfo` belongs to the key. RSA keys are the same whether they are
    /// named for any scheme or for PSS alone, points of a curve whether they are compressed or not.
    pub fn belongs_to(&self, public_key_info: &[u8]) -> bool {
        let Ok(info) = SubjectPublicKeyInfoRef::from_der(public_key_info) else {
            return false;
        };
        let curve = info
            .algorithm
            .parameters
            .and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
        let Some(bits) = info.subject_public_key.as_bytes() else {
            return false;
        };
        match (&self.0, oid::key_algorithm(info.algorithm.oid, curve)) {
            (Kind::Ed25519(key), KeyAlgorithm::Ed25519) => key.verifying_key().as_bytes() == bits,
            (Kind::P256(key), KeyAlgorithm::P256) => {
                p256::ecdsa::VerifyingKey::from_sec1_bytes(bits).is_ok_and(|other| other == *key.verifying_key())
            }
            (Kind::Rsa(key), KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss) => key
                .to_public_key()
                .to_pkcs1_der()
                .is_ok_and(|der| der.as_bytes() == bits),
            _ => false,
        }
    }

    /// Bytes of a signature by this key.
    pub(crate) fn signature_len(&self) -> usize {
        match &self.0 {
            Kind::Ed25519(_) | Kind::P256(_) => 64,
            Kind::Rsa(key) => key.size(),
        }
    }

    /// Signs a message; the signature has COSE's form (RFC 9053, 2). Deterministic: the same message gives the same
    /// signature (RFC 8032; RFC 6979; for PSS see [`pss_randomness`]).
    ///
    /// # Errors
    /// [`Error::Encoding`] where RSA arithmetic finds its own result wrong.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        match &self.0 {
            Kind::Ed25519(key) => Ok(key.sign(message).to_vec()),
            Kind::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                Ok(signature.to_bytes().to_vec())
            }
            Kind::Rsa(key) => {
                let mut rng = pss_randomness(key, message)?;
                rsa::pss::BlindedSigningKey::<rsa::sha2::Sha256>::new(key.as_ref().clone())
                    .try_sign_with_rng(&mut rng, message)
                    .map(|signature| signature.to_vec())
                    .map_err(|_| Error::Encoding("a signature"))
            }
        }
    }

    /// The key as the certificate builder takes it.
    pub(crate) fn issuing_key(&self) -> Option<IssuingKey<'_>> {
        match &self.0 {
            Kind::Ed25519(key) => Some(IssuingKey::Ed25519(key)),
            Kind::P256(key) => Some(IssuingKey::P256(key)),
            Kind::Rsa(_) => None,
        }
    }

    fn from_pkcs8(der: &[u8]) -> Result<Self> {
        let info = PrivateKeyInfoRef::from_der(der).map_err(|_| KeyFault::Malformed)?;
        let algorithm = info.algorithm;
        let curve = algorithm
            .parameters
            .and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
        match oid::key_algorithm(algorithm.oid, curve) {
            // RFC 8410, section 3, forbids parameters. The conversion also refuses a version 2 key whose public half is
            // another key's (signing-oracle attack on Ed25519).
            KeyAlgorithm::Ed25519 if algorithm == ALGORITHM_ID => ed25519_dalek::SigningKey::try_from(info)
                .map(|key| Self(Kind::Ed25519(key)))
                .map_err(|_| KeyFault::Malformed.into()),
            KeyAlgorithm::Ed25519 => Err(KeyFault::Malformed.into()),
            KeyAlgorithm::P256 => p256::ecdsa::SigningKey::try_from(info)
                .map(|key| Self(Kind::P256(key)))
                .map_err(|_| KeyFault::Malformed.into()),
            KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss => Self::from_pkcs1(info.private_key.as_bytes()),
            other => Err(KeyFault::Unsupported(other).into()),
        }
    }

    fn from_sec1(der: &[u8]) -> Result<Self> {
        // Also refuses parameters of another curve and a public half of another key.
        match p256::SecretKey::from_sec1_der(der) {
            Ok(key) => Ok(Self(Kind::P256(key.into()))),
            Err(_) => Err(match sec1_curve(der) {
                Some(curve) if curve != KeyAlgorithm::P256 => KeyFault::Unsupported(curve),
                _ => KeyFault::Malformed,
            }
            .into()),
        }
    }

    fn from_pkcs1(der: &[u8]) -> Result<Self> {
        let mut key = RsaPrivateKey::from_pkcs1_der(der).map_err(|_| KeyFault::Malformed)?;
        if !RSA_BITS.contains(&key.n().bits()) {
            return Err(KeyFault::RsaSize(key.n().bits()).into());
        }
        key.validate()
            .and_then(|()| key.precompute())
            .map_err(|_| KeyFault::Malformed)?;
        Ok(Self(Kind::Rsa(Box::new(key))))
    }

    fn document(&self) -> Result<SecretDocument> {
        const WHAT: Error = Error::Encoding("a private key");
        match &self.0 {
            Kind::Ed25519(key) => {
                let pair = KeypairBytes {
                    secret_key: key.to_bytes(),
                    public_key: None,
                };
                // RFC 8410, section 7: the private key is an OCTET STRING within the OCTET STRING.
                let inner = Zeroizing::new(
                    OctetStringRef::new(&pair.secret_key)
                        .and_then(|octets| octets.to_der())
                        .map_err(|_| WHAT)?,
                );
                let info = PrivateKeyInfoRef::new(ALGORITHM_ID, OctetStringRef::new(&inner).map_err(|_| WHAT)?);
                SecretDocument::encode_msg(&info).map_err(|_| WHAT)
            }
            Kind::P256(key) => p256::SecretKey::from(key).to_pkcs8_der().map_err(|_| WHAT),
            Kind::Rsa(key) => {
                use rsa::pkcs8::EncodePrivateKey as _;
                let document = key.to_pkcs8_der().map_err(|_| WHAT)?;
                SecretDocument::try_from(document.as_bytes()).map_err(|_| WHAT)
            }
        }
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretKey").finish_non_exhaustive()
    }
}

/// A private key as the certificate builder takes it.
pub(crate) enum IssuingKey<'a> {
    Ed25519(&'a ed25519_dalek::SigningKey),
    P256(&'a p256::ecdsa::SigningKey),
}

impl Passphrase {
    /// Takes a passphrase as it was typed; nothing is trimmed.
    ///
    /// # Errors
    /// [`KeyFault::EmptyPassphrase`] as [`Error::Key`].
    pub fn new(passphrase: String) -> Result<Self> {
        let passphrase = Zeroizing::new(passphrase);
        if passphrase.is_empty() {
            return Err(KeyFault::EmptyPassphrase.into());
        }
        Ok(Self(passphrase))
    }

    fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passphrase").finish_non_exhaustive()
    }
}

/// Fills a buffer from the caller's randomness.
pub(crate) fn fill(rng: &mut impl TryCryptoRng, bytes: &mut [u8]) -> Result<()> {
    rng.try_fill_bytes(bytes).map_err(|_| Error::Randomness)
}

/// The numbers that a PSS signature needs (its salt, RFC 8017, 9.1.1, and the blinding of its arithmetic), drawn from the
/// key and the message so that signing needs no source of randomness, as RFC 6979 does it for ECDSA: nobody without the
/// key can tell them from random ones.
fn pss_randomness(key: &RsaPrivateKey, message: &[u8]) -> Result<ChaCha20Rng> {
    let secret = key.to_pkcs1_der().map_err(|_| Error::Encoding("a private key"))?;
    let seed = Sha256::new()
        .chain_update(b"touchmark PS256 nonce\0")
        .chain_update(Sha256::digest(secret.as_bytes()))
        .chain_update(message)
        .finalize();
    Ok(ChaCha20Rng::from_seed(seed.into()))
}

/// The curve that an `ECPrivateKey` names (RFC 5915, section 3), if it can be read.
fn sec1_curve(der: &[u8]) -> Option<KeyAlgorithm> {
    let key = AnyRef::from_der(der).ok()?;
    let curve = key.sequence(|reader| {
        u8::decode(reader)?;
        <&OctetStringRef>::decode(reader)?;
        let curve = reader.context_specific::<ObjectIdentifier>(TagNumber(0), TagMode::Explicit)?;
        reader.read_slice(reader.remaining_len())?;
        Ok::<_, pkcs8::der::Error>(curve)
    });
    Some(oid::key_algorithm(oid::EC_PUBLIC_KEY, curve.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::PemContent;
    use crate::testing::rng;
    use crate::verify_signature;

    // Made by OpenSSL: tests/data/make.sh.
    const OPENSSL_PLAIN: &str = include_str!("../tests/data/openssl-ed25519.pem");
    const OPENSSL_ENCRYPTED: &str = include_str!("../tests/data/openssl-ed25519-encrypted.pem");

    fn passphrase(text: &str) -> Passphrase {
        Passphrase::new(text.to_owned()).unwrap()
    }

    fn fault(pem: &str, with: Option<&Passphrase>) -> KeyFault {
        match SecretKey::from_pem(pem, with) {
            Err(Error::Key(fault)) => fault,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_plain_key_survives_the_round_trip() {
        let key = SecretKey::generate(Algorithm::Ed25519, &mut rng(1)).unwrap();
        let pem = key.to_pem().unwrap();
        assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
        assert_eq!(
            SecretKey::from_pem(&pem, None).unwrap().public_key_info().unwrap(),
            key.public_key_info().unwrap()
        );
        assert_eq!(
            SecretKey::from_pem(&pem, Some(&passphrase("unneeded")))
                .unwrap()
                .public_key_info()
                .unwrap(),
            key.public_key_info().unwrap()
        );
    }

    #[test]
    fn an_encrypted_key_opens_with_its_passphrase_alone() {
        let key = SecretKey::generate(Algorithm::Ed25519, &mut rng(2)).unwrap();
        let pem = key.to_encrypted_pem(&passphrase("correct horse"), &mut rng(3)).unwrap();
        assert!(SecretKey::is_encrypted_pem(&pem));
        let opened = SecretKey::from_pem(&pem, Some(&passphrase("correct horse"))).unwrap();
        assert_eq!(opened.public_key_info().unwrap(), key.public_key_info().unwrap());
        assert_eq!(fault(&pem, None), KeyFault::PassphraseNeeded);
        assert_eq!(fault(&pem, Some(&passphrase("wrong"))), KeyFault::WrongPassphrase);
    }

    #[test]
    fn openssl_keys_are_read() {
        let plain = SecretKey::from_pem(OPENSSL_PLAIN, None).unwrap();
        let opened = SecretKey::from_pem(OPENSSL_ENCRYPTED, Some(&passphrase("correct"))).unwrap();
        assert_eq!(plain.public_key_info().unwrap(), opened.public_key_info().unwrap());
        let with_comments = format!("Bag Attributes\r\n{}\r\ntrailing", OPENSSL_PLAIN.replace('\n', "\r\n"));
        assert_eq!(
            SecretKey::from_pem(&with_comments, None)
                .unwrap()
                .public_key_info()
                .unwrap(),
            plain.public_key_info().unwrap()
        );
        // Our version 1 form of the same key is OpenSSL's, byte for byte.
        assert_eq!(*plain.to_pem().unwrap(), OPENSSL_PLAIN);
    }

    #[test]
    fn other_keys_are_named() {
        let cases = [
            (
                include_str!("../tests/data/openssl-ed448.pem"),
                KeyFault::Unsupported(KeyAlgorithm::Ed448),
            ),
            (
                include_str!("../tests/data/openssl-x25519.pem"),
                KeyFault::Unsupported(KeyAlgorithm::KeyAgreement),
            ),
            ("-----BEGIN RSA PRIVATE KEY-----\n", KeyFault::Malformed),
            ("-----BEGIN EC PRIVATE KEY-----\n", KeyFault::Malformed),
            (
                include_str!("../tests/data/openssl-p384-sec1.pem"),
                KeyFault::Unsupported(KeyAlgorithm::P384),
            ),
            (
                include_str!("../tests/data/openssl-rsa-1024.pem"),
                KeyFault::RsaSize(1024),
            ),
            (
                include_str!("../tests/data/openssl-rsa-des.pem"),
                KeyFault::UnsupportedEncryption,
            ),
            (
                "-----BEGIN OPENSSH PRIVATE KEY-----\n",
                KeyFault::NoPrivateKey(PemContent::OpenSsh),
            ),
            (
                "-----BEGIN CERTIFICATE-----\n",
                KeyFault::NoPrivateKey(PemContent::Certificate),
            ),
            (
                "-----BEGIN PUBLIC KEY-----\n",
                KeyFault::NoPrivateKey(PemContent::PublicKey),
            ),
            ("-----BEGIN X509 CRL-----\n", KeyFault::NoPrivateKey(PemContent::Other)),
            ("", KeyFault::NoPrivateKey(PemContent::Nothing)),
            ("-----BEGIN PRIVATE KEY-----\n", KeyFault::Malformed),
            (
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
                KeyFault::Malformed,
            ),
        ];
        for (pem, expected) in cases {
            assert_eq!(fault(pem, None), expected, "{pem}");
        }
        assert_eq!(fault(&" ".repeat(MAX_KEY_PEM_BYTES + 1), None), KeyFault::TooLarge);
    }

    #[test]
    fn every_form_of_openssl_keys_is_read() {
        for (algorithm, pems) in [
            (
                Algorithm::Es256,
                [
                    include_str!("../tests/data/openssl-p256.pem"),
                    include_str!("../tests/data/openssl-p256-sec1.pem"),
                ],
            ),
            (
                Algorithm::Ps256,
                [
                    include_str!("../tests/data/openssl-rsa.pem"),
                    include_str!("../tests/data/openssl-rsa-pkcs1.pem"),
                ],
            ),
        ] {
            let keys = pems.map(|pem| SecretKey::from_pem(pem, None).unwrap());
            let info = keys[0].public_key_info().unwrap();
            for key in &keys {
                assert_eq!(key.algorithm(), algorithm);
                assert!(key.belongs_to(&info));
                // Written by us and read again, plain and encrypted.
                let again = SecretKey::from_pem(&key.to_pem().unwrap(), None).unwrap();
                assert_eq!(again.public_key_info().unwrap(), info);
            }
        }
    }

    #[test]
    fn signatures_verify_under_the_public_key_and_are_deterministic() {
        let rsa = SecretKey::from_pem(include_str!("../tests/data/openssl-rsa.pem"), None).unwrap();
        let made = [Algorithm::Ed25519, Algorithm::Es256]
            .map(|algorithm| SecretKey::generate(algorithm, &mut rng(5)).unwrap());
        for key in made.iter().chain([&rsa]) {
            let (info, signature) = (key.public_key_info().unwrap(), key.sign(b"touchmark").unwrap());
            assert_eq!(signature.len(), key.signature_len());
            assert!(verify_signature(key.algorithm(), &info, b"touchmark", &signature));
            assert!(!verify_signature(key.algorithm(), &info, b"Touchmark", &signature));
            assert_eq!(key.sign(b"touchmark").unwrap(), signature);
            for other in made.iter().chain([&rsa]) {
                assert_eq!(other.belongs_to(&info), other.algorithm() == key.algorithm());
            }
        }
        assert_eq!(
            SecretKey::generate(Algorithm::Ps256, &mut rng(1)).unwrap_err(),
            Error::Key(KeyFault::NotMade(Algorithm::Ps256))
        );
    }

    #[test]
    fn scrypt_is_read_too() {
        let pem = include_str!("../tests/data/openssl-ed25519-scrypt.pem");
        let opened = SecretKey::from_pem(pem, Some(&passphrase("correct"))).unwrap();
        assert_eq!(
            opened.public_key_info().unwrap(),
            SecretKey::from_pem(OPENSSL_PLAIN, None)
                .unwrap()
                .public_key_info()
                .unwrap()
        );
    }

    #[test]
    fn weak_and_costly_encryption_is_refused() {
        let with = passphrase("correct");
        let cases = [
            (
                include_str!("../tests/data/openssl-ed25519-3des.pem"),
                KeyFault::UnsupportedEncryption,
            ),
            (
                include_str!("../tests/data/openssl-ed25519-pbes1.pem"),
                KeyFault::UnsupportedEncryption,
            ),
            (
                include_str!("../tests/data/openssl-ed25519-rounds.pem"),
                KeyFault::TooCostly,
            ),
        ];
        for (pem, expected) in cases {
            assert_eq!(fault(pem, Some(&with)), expected, "{pem}");
        }
    }

    #[test]
    fn debug_says_nothing() {
        let key = SecretKey::generate(Algorithm::Ed25519, &mut rng(4)).unwrap();
        assert_eq!(format!("{key:?}"), "SecretKey { .. }");
        assert_eq!(format!("{:?}", passphrase("secret")), "Passphrase { .. }");
        assert_eq!(
            Passphrase::new(String::new()).unwrap_err(),
            Error::Key(KeyFault::EmptyPassphrase)
        );
    }

    #[test]
    fn failing_randomness_is_an_error() {
        assert_eq!(
            SecretKey::generate(Algorithm::Ed25519, &mut crate::testing::NoRandomness).unwrap_err(),
            Error::Randomness
        );
    }
}
