//! The file form of private keys: PEM blocks, and PBES2 encryption under limits on the work that a file may ask for.

use pkcs8::EncryptedPrivateKeyInfoRef;
use pkcs8::der::asn1::OctetStringRef;
use pkcs8::der::pem::{LineEnding, PemLabel};
use pkcs8::der::{AnyRef, Decode, SecretDocument};
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::{Kdf, Parameters};
use rand_core::TryCryptoRng;
use x509_cert::spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use super::{MAX_KEY_PEM_BYTES, Passphrase, fill};
use crate::error::{Error, KeyFault, PemContent, Result};

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

/// The forms in which a private key stands in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `PrivateKeyInfo` (RFC 5958).
    Pkcs8,
    /// `ECPrivateKey` (RFC 5915), as `openssl ecparam -genkey` writes it.
    Sec1,
    /// `RSAPrivateKey` (RFC 8017, appendix A.1.2), as `openssl rsa -traditional` writes it.
    Pkcs1,
}

/// The labels under which private keys stand, and what is behind them.
const LABELS: [(&str, Form); 4] = [
    ("PRIVATE KEY", Form::Pkcs8),
    (EncryptedPrivateKeyInfoRef::PEM_LABEL, Form::Pkcs8),
    ("EC PRIVATE KEY", Form::Sec1),
    ("RSA PRIVATE KEY", Form::Pkcs1),
];

/// Reads the first private key of a text and opens it where it is encrypted.
pub(super) fn read(pem: &str, passphrase: Option<&Passphrase>) -> Result<(Form, SecretDocument)> {
    if pem.len() > MAX_KEY_PEM_BYTES {
        return Err(KeyFault::TooLarge.into());
    }
    let (form, block) = private_block(pem)?;
    if block.contains("\nProc-Type:") {
        // OpenSSL's own encryption (RFC 1421 headers): MD5 and no rounds.
        return Err(KeyFault::UnsupportedEncryption.into());
    }
    let (label, document) = SecretDocument::from_pem(block).map_err(|_| KeyFault::Malformed)?;
    if label != EncryptedPrivateKeyInfoRef::PEM_LABEL {
        return Ok((form, document));
    }
    let passphrase = passphrase.ok_or(KeyFault::PassphraseNeeded)?;
    Ok((form, decrypt(document.as_bytes(), passphrase)?))
}

/// Writes PKCS#8 as PEM, encrypted where there is a passphrase.
pub(super) fn write(document: &SecretDocument) -> Result<Zeroizing<String>> {
    document
        .to_pem("PRIVATE KEY", LineEnding::LF)
        .map_err(|_| Error::Encoding("a private key"))
}

/// Writes PKCS#8 as PEM encrypted with PBES2.
pub(super) fn write_encrypted(
    document: &SecretDocument,
    passphrase: &Passphrase,
    rng: &mut impl TryCryptoRng,
) -> Result<Zeroizing<String>> {
    const WHAT: Error = Error::Encoding("an encrypted private key");
    let (mut salt, mut iv) = ([0; 16], [0; 16]);
    fill(rng, &mut salt)?;
    fill(rng, &mut iv)?;
    let parameters = Parameters::generate_pbkdf2_sha256_aes256cbc(PBKDF2_ROUNDS, &salt, iv).map_err(|_| WHAT)?;
    let sealed = parameters
        .encrypt(passphrase.bytes(), document.as_bytes())
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

/// The first private key block of a text, so that comments, parameters and certificates around it do no harm; else what
/// is there.
fn private_block(pem: &str) -> Result<(Form, &str)> {
    let found = LABELS.into_iter().filter_map(|(label, form)| {
        let start = pem.find(&format!("-----BEGIN {label}-----"))?;
        Some((start, label, form))
    });
    let Some((start, label, form)) = found.min_by_key(|(start, ..)| *start) else {
        let has = |label: &str| pem.contains(&format!("-----BEGIN {label}-----"));
        return Err(KeyFault::NoPrivateKey(match () {
            () if has("OPENSSH PRIVATE KEY") => PemContent::OpenSsh,
            () if has("CERTIFICATE") => PemContent::Certificate,
            () if has("PUBLIC KEY") => PemContent::PublicKey,
            () if pem.contains("-----BEGIN ") => PemContent::Other,
            () => PemContent::Nothing,
        })
        .into());
    };
    let end = format!("-----END {label}-----");
    let rest = pem.get(start..).unwrap_or_default();
    let stop = rest.find(&end).ok_or(KeyFault::Malformed)?;
    let block = rest.get(..stop + end.len()).ok_or(KeyFault::Malformed)?;
    Ok((form, block))
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
