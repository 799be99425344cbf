//! Private keys: made, written as PKCS#8 PEM that OpenSSL reads, and read back with an exact reason where they cannot.
//! A key is wiped from memory when dropped, is never shown by `Debug`, and has no serde form.

use std::fmt;

use ed25519_dalek::pkcs8::{ALGORITHM_ID, KeypairBytes, PrivateKeyInfoRef};
use ed25519_dalek::{Signer as _, SigningKey};
use pkcs8::EncryptedPrivateKeyInfoRef;
use pkcs8::der::asn1::OctetStringRef;
use pkcs8::der::pem::{LineEnding, PemLabel};
use pkcs8::der::{AnyRef, Decode, Encode, SecretDocument};
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::{Kdf, Parameters};
use rand_core::TryCryptoRng;
use x509_cert::spki::{AlgorithmIdentifierRef, EncodePublicKey, ObjectIdentifier};
use zeroize::Zeroizing;

use crate::algorithm::KeyAlgorithm;
use crate::error::{Error, KeyFault, PemContent, Result};
use crate::oid;

/// The most bytes of PEM that [`SecretKey::from_pem`] looks at: an encrypted Ed25519 key has about 350, an RSA key of
/// 8192 bits, which should be named rather than refused for its size, about 6,500.
pub const MAX_KEY_PEM_BYTES: usize = 16 * 1024;

/// Rounds of PBKDF2-HMAC-SHA256 for keys that are written: OWASP Password Storage Cheat Sheet (600,000), above NIST
/// SP 800-132's minimum. Takes about a quarter of a second, once a run.
const PBKDF2_ROUNDS: u32 = 600_000;

/// The most rounds accepted in a file: RFC 8018, section 4.2, names 10,000,000 for especially critical keys.
const MAX_PBKDF2_ROUNDS: u32 = 10_000_000;

/// The most memory scrypt may ask for, `128 * N * r` bytes (RFC 7914, section 2): the default of the `pkcs8` crate up
/// to version 0.10 needs exactly this.
const MAX_SCRYPT_BYTES: u64 = 128 * 1024 * 1024;
/// The most passes over that memory.
const MAX_SCRYPT_PASSES: u16 = 16;

/// An Ed25519 private key (RFC 8032).
#[derive(Clone)]
pub struct SecretKey(SigningKey);

/// A passphrase that protects a private key file; wiped when dropped and never shown.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

impl SecretKey {
    /// Makes a new key from 32 random bytes.
    ///
    /// # Errors
    /// [`Error::Randomness`] where the source fails.
    pub fn generate(rng: &mut impl TryCryptoRng) -> Result<Self> {
        let mut seed = Zeroizing::new([0; 32]);
        fill(rng, seed.as_mut())?;
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// Reads a PKCS#8 key (RFC 5958) from PEM: of version 1 or 2, plain or encrypted with PBES2 (RFC 8018), as
    /// `openssl genpkey -algorithm ed25519` writes it. A passphrase for a key that needs none is ignored.
    ///
    /// # Errors
    /// [`Error::Key`] with what is wrong; a key of another kind is named.
    pub fn from_pem(pem: &str, passphrase: Option<&Passphrase>) -> Result<Self> {
        if pem.len() > MAX_KEY_PEM_BYTES {
            return Err(KeyFault::TooLarge.into());
        }
        let block = private_block(pem)?;
        let (label, document) = SecretDocument::from_pem(block).map_err(|_| KeyFault::Malformed)?;
        if label == EncryptedPrivateKeyInfoRef::PEM_LABEL {
            let passphrase = passphrase.ok_or(KeyFault::PassphraseNeeded)?;
            Self::from_pkcs8(decrypt(document.as_bytes(), passphrase)?.as_bytes())
        } else {
            Self::from_pkcs8(document.as_bytes())
        }
    }

    /// Writes the key as PKCS#8 version 1 PEM, not encrypted: whoever reads the text can sign.
    ///
    /// # Errors
    /// [`Error::Encoding`], which no key should reach.
    pub fn to_pem(&self) -> Result<Zeroizing<String>> {
        self.document()?
            .to_pem("PRIVATE KEY", LineEnding::LF)
            .map_err(|_| Error::Encoding("a private key"))
    }

    /// Writes the key as PKCS#8 PEM encrypted under a passphrase: PBES2 with AES-256-CBC and PBKDF2-HMAC-SHA256, which
    /// OpenSSL 1.1 and later open. Deliberately slow.
    ///
    /// # Errors
    /// [`Error::Randomness`] where the source fails.
    pub fn to_encrypted_pem(&self, passphrase: &Passphrase, rng: &mut impl TryCryptoRng) -> Result<Zeroizing<String>> {
        const WHAT: Error = Error::Encoding("an encrypted private key");
        let (mut salt, mut iv) = ([0; 16], [0; 16]);
        fill(rng, &mut salt)?;
        fill(rng, &mut iv)?;
        let parameters = Parameters::generate_pbkdf2_sha256_aes256cbc(PBKDF2_ROUNDS, &salt, iv).map_err(|_| WHAT)?;
        let plain = self.document()?;
        let sealed = parameters
            .encrypt(passphrase.bytes(), plain.as_bytes())
            .map_err(|_| WHAT)?;
        let info = EncryptedPrivateKeyInfoRef {
            encryption_algorithm: EncryptionScheme::Pbes2(parameters),
            encrypted_data: OctetStringRef::new(&sealed).map_err(|_| WHAT)?,
        };
        let document = SecretDocument::encode_msg(&info).map_err(|_| WHAT)?;
        document
            .to_pem(EncryptedPrivateKeyInfoRef::PEM_LABEL, LineEnding::LF)
            .map_err(|_| WHAT)
    }

    /// Whether a PEM text holds an encrypted key, so that a caller asks for the passphrase only where there is one.
    pub fn is_encrypted_pem(pem: &str) -> bool {
        pem.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    }

    /// The public key, 32 bytes (RFC 8032, section 5.1.5).
    pub fn public_key(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// Signs a message with Ed25519; deterministic, as RFC 8032 wants it.
    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }

    /// The key as the certificate builder takes it.
    pub(crate) fn signing_key(&self) -> &SigningKey {
        &self.0
    }

    /// The DER of the `SubjectPublicKeyInfo` that a certificate for this key holds.
    pub(crate) fn public_key_info(&self) -> Result<Vec<u8>> {
        let document = self.0.verifying_key().to_public_key_der();
        document
            .map(|der| der.as_bytes().to_vec())
            .map_err(|_| Error::Encoding("a public key"))
    }

    fn from_pkcs8(der: &[u8]) -> Result<Self> {
        let info = PrivateKeyInfoRef::from_der(der).map_err(|_| KeyFault::Malformed)?;
        if info.algorithm != ALGORITHM_ID {
            let curve = info
                .algorithm
                .parameters
                .and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
            return Err(match oid::key_algorithm(info.algorithm.oid, curve) {
                // Ed25519 with parameters: RFC 8410, section 3, forbids them.
                KeyAlgorithm::Ed25519 => KeyFault::Malformed,
                other => KeyFault::NotEd25519(other),
            }
            .into());
        }
        // Also refuses a version 2 key whose public half is another key's (signing-oracle attack on Ed25519).
        SigningKey::try_from(info)
            .map(Self)
            .map_err(|_| KeyFault::Malformed.into())
    }

    fn document(&self) -> Result<SecretDocument> {
        const WHAT: Error = Error::Encoding("a private key");
        let pair = KeypairBytes {
            secret_key: self.0.to_bytes(),
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
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretKey").finish_non_exhaustive()
    }
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

/// The first PKCS#8 block of a text, so that comments and certificates around it do no harm; else what is there.
fn private_block(pem: &str) -> Result<&str> {
    for label in ["PRIVATE KEY", EncryptedPrivateKeyInfoRef::PEM_LABEL] {
        let end = format!("-----END {label}-----");
        if let Some((_, from)) = pem.split_once(&format!("-----BEGIN {label}-----")) {
            let start = pem.len() - from.len() - label.len() - "-----BEGIN -----".len();
            let stop = pem
                .get(start..)
                .and_then(|rest| rest.find(&end))
                .ok_or(KeyFault::Malformed)?;
            return pem
                .get(start..start + stop + end.len())
                .ok_or_else(|| KeyFault::Malformed.into());
        }
    }
    let has = |label: &str| pem.contains(&format!("-----BEGIN {label}-----"));
    Err(if has("EC PRIVATE KEY") {
        KeyFault::NotEd25519(KeyAlgorithm::OtherCurve)
    } else if has("RSA PRIVATE KEY") {
        KeyFault::NotEd25519(KeyAlgorithm::Rsa)
    } else {
        KeyFault::NoPrivateKey(match () {
            () if has("OPENSSH PRIVATE KEY") => PemContent::OpenSsh,
            () if has("CERTIFICATE") => PemContent::Certificate,
            () if has("PUBLIC KEY") => PemContent::PublicKey,
            () if pem.contains("-----BEGIN ") => PemContent::Other,
            () => PemContent::Nothing,
        })
    }
    .into())
}

fn decrypt(der: &[u8], passphrase: &Passphrase) -> Result<SecretDocument> {
    let Ok(info) = EncryptedPrivateKeyInfoRef::from_der(der) else {
        // PBES1, PKCS#12 and odd ciphers fail to parse although the envelope (RFC 5958, section 3) is sound.
        let envelope = AnyRef::from_der(der).and_then(|any| {
            any.sequence(|reader| {
                AlgorithmIdentifierRef::decode(reader)?;
                <&OctetStringRef>::decode(reader).map(|_| ())
            })
        });
        return Err(envelope
            .map_or(KeyFault::Malformed, |()| KeyFault::UnsupportedEncryption)
            .into());
    };
    let EncryptionScheme::Pbes2(parameters) = &info.encryption_algorithm else {
        return Err(KeyFault::UnsupportedEncryption.into());
    };
    let affordable = match &parameters.kdf {
        Kdf::Pbkdf2(kdf) => kdf.iteration_count <= MAX_PBKDF2_ROUNDS,
        Kdf::Scrypt(kdf) => {
            let bytes = kdf
                .cost_parameter
                .checked_mul(u64::from(kdf.block_size))
                .and_then(|n| n.checked_mul(128));
            bytes.is_some_and(|bytes| bytes <= MAX_SCRYPT_BYTES) && kdf.parallelization <= MAX_SCRYPT_PASSES
        }
        _ => return Err(KeyFault::UnsupportedEncryption.into()),
    };
    if !affordable {
        return Err(KeyFault::TooCostly.into());
    }
    info.decrypt(passphrase.bytes()).map_err(|error| {
        match error {
            pkcs8::Error::EncryptedPrivateKey(
                pkcs8::pkcs5::Error::UnsupportedAlgorithm { .. }
                | pkcs8::pkcs5::Error::NoPbes1CryptSupport
                | pkcs8::pkcs5::Error::AlgorithmParametersInvalid { .. },
            ) => KeyFault::UnsupportedEncryption,
            // CBC padding lets one wrong passphrase in 256 through; what it opens is then no DER.
            _ => KeyFault::WrongPassphrase,
        }
        .into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::rng;

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
        let key = SecretKey::generate(&mut rng(1)).unwrap();
        let pem = key.to_pem().unwrap();
        assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
        assert_eq!(SecretKey::from_pem(&pem, None).unwrap().public_key(), key.public_key());
        assert_eq!(
            SecretKey::from_pem(&pem, Some(&passphrase("unneeded")))
                .unwrap()
                .public_key(),
            key.public_key()
        );
    }

    #[test]
    fn an_encrypted_key_opens_with_its_passphrase_alone() {
        let key = SecretKey::generate(&mut rng(2)).unwrap();
        let pem = key.to_encrypted_pem(&passphrase("correct horse"), &mut rng(3)).unwrap();
        assert!(SecretKey::is_encrypted_pem(&pem));
        let opened = SecretKey::from_pem(&pem, Some(&passphrase("correct horse"))).unwrap();
        assert_eq!(opened.public_key(), key.public_key());
        assert_eq!(fault(&pem, None), KeyFault::PassphraseNeeded);
        assert_eq!(fault(&pem, Some(&passphrase("wrong"))), KeyFault::WrongPassphrase);
    }

    #[test]
    fn openssl_keys_are_read() {
        let plain = SecretKey::from_pem(OPENSSL_PLAIN, None).unwrap();
        let opened = SecretKey::from_pem(OPENSSL_ENCRYPTED, Some(&passphrase("correct"))).unwrap();
        assert_eq!(plain.public_key(), opened.public_key());
        let with_comments = format!("Bag Attributes\r\n{}\r\ntrailing", OPENSSL_PLAIN.replace('\n', "\r\n"));
        assert_eq!(
            SecretKey::from_pem(&with_comments, None).unwrap().public_key(),
            plain.public_key()
        );
        // Our version 1 form of the same key is OpenSSL's, byte for byte.
        assert_eq!(*plain.to_pem().unwrap(), OPENSSL_PLAIN);
    }

    #[test]
    fn other_keys_are_named() {
        let cases = [
            (
                include_str!("../tests/data/openssl-p256.pem"),
                KeyFault::NotEd25519(KeyAlgorithm::P256),
            ),
            (
                include_str!("../tests/data/openssl-ed448.pem"),
                KeyFault::NotEd25519(KeyAlgorithm::Ed448),
            ),
            (
                include_str!("../tests/data/openssl-x25519.pem"),
                KeyFault::NotEd25519(KeyAlgorithm::KeyAgreement),
            ),
            (
                include_str!("../tests/data/openssl-rsa.pem"),
                KeyFault::NotEd25519(KeyAlgorithm::Rsa),
            ),
            (
                "-----BEGIN RSA PRIVATE KEY-----\n",
                KeyFault::NotEd25519(KeyAlgorithm::Rsa),
            ),
            (
                "-----BEGIN EC PRIVATE KEY-----\n",
                KeyFault::NotEd25519(KeyAlgorithm::OtherCurve),
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
    fn scrypt_is_read_too() {
        let pem = include_str!("../tests/data/openssl-ed25519-scrypt.pem");
        let opened = SecretKey::from_pem(pem, Some(&passphrase("correct"))).unwrap();
        assert_eq!(
            opened.public_key(),
            SecretKey::from_pem(OPENSSL_PLAIN, None).unwrap().public_key()
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
        let key = SecretKey::generate(&mut rng(4)).unwrap();
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
            SecretKey::generate(&mut crate::testing::NoRandomness).unwrap_err(),
            Error::Randomness
        );
    }
}
