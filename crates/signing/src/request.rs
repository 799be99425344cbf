//! Certificate requests (PKCS#10, RFC 2986): what a certificate authority is sent to get a certificate for a key, with
//! the subject and the extensions that C2PA's Certificate Policy 0.2 asks of claim signers.

use x509_cert::attr::Attributes;
use x509_cert::der::asn1::BitString;
use x509_cert::der::pem::LineEnding;
use x509_cert::der::{Any, Decode, DecodePem, Encode, EncodePem};
use x509_cert::ext::ToExtension;
use x509_cert::ext::pkix::{ExtendedKeyUsage, KeyUsage, KeyUsages};
use x509_cert::request::{CertReq, CertReqInfo, ExtensionReq, Version};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use crate::algorithm::{Algorithm, KeyAlgorithm};
use crate::certificate::NameParts;
use crate::error::{CertificateFault, Error, RemoteKeyFault, Result};
use crate::issue::Subject;
use crate::key::SecretKey;
use crate::oid;
use crate::public_key;
use crate::signer::RemoteKey;
use crate::verify::verify_signature;

/// The largest request that is read, in bytes of PEM: one for RSA of 8192 bits has about 4,000.
pub const MAX_REQUEST_BYTES: usize = 16 * 1024;

/// A request for a certificate, signed by the key that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateRequest(CertReq);

impl CertificateRequest {
    /// Makes a request for a claim signing certificate: the subject; a critical key usage of digital signature and
    /// non-repudiation; the purposes claim signing and e-mail protection.
    ///
    /// # Errors
    /// [`Error::Encoding`], which no subject and key should reach.
    pub fn new(subject: &Subject, key: &SecretKey) -> Result<Self> {
        Self::signed(subject, key.algorithm(), &key.public_key_info()?, |message| {
            key.sign(message)
        })
    }

    /// The same for a key that is kept elsewhere, by the DER of its `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    /// [`Error::Remote`] where the key does not sign, or its signature does not hold under that public key.
    pub fn remote(
        subject: &Subject,
        key: &dyn RemoteKey,
        algorithm: Algorithm,
        public_key_info: &[u8],
    ) -> Result<Self> {
        Self::signed(subject, algorithm, public_key_info, |message| {
            let signature = key.sign(message)?;
            match verify_signature(algorithm, public_key_info, message, &signature) {
                true => Ok(signature),
                false => Err(RemoteKeyFault::Mismatch.into()),
            }
        })
    }

    fn signed(
        subject: &Subject,
        algorithm: Algorithm,
        public_key_info: &[u8],
        sign: impl FnOnce(&[u8]) -> Result<Vec<u8>>,
    ) -> Result<Self> {
        let name = subject.name()?;
        let usage = KeyUsage(KeyUsages::DigitalSignature | KeyUsages::NonRepudiation).to_extension(&name, &[]);
        let purposes =
            ExtendedKeyUsage(vec![oid::EKU_CLAIM_SIGNING, oid::EKU_EMAIL_PROTECTION]).to_extension(&name, &[]);
        let extensions = ExtensionReq(vec![usage.map_err(encoding)?, purposes.map_err(encoding)?]);
        let mut attributes = Attributes::default();
        attributes
            .insert(extensions.try_into().map_err(encoding)?)
            .map_err(encoding)?;
        let info = CertReqInfo {
            version: Version::V1,
            subject: name,
            public_key: SubjectPublicKeyInfoOwned::from_der(public_key_info).map_err(encoding)?,
            attributes,
        };
        let signature = sign(&info.to_der().map_err(encoding)?)?;
        Ok(Self(CertReq {
            algorithm: signature_algorithm(algorithm)?,
            signature: BitString::from_bytes(&x509_signature(algorithm, signature)?).map_err(encoding)?,
            info,
        }))
    }

    /// Reads a request, whoever made it: one's own, to find again which certificate belongs to it.
    ///
    /// # Errors
    /// [`CertificateFault`] for text that is no request, or too large.
    pub fn from_pem(pem: &str) -> Result<Self> {
        if pem.len() > MAX_REQUEST_BYTES {
            return Err(CertificateFault::TooLarge.into());
        }
        CertReq::from_pem(pem)
            .map(Self)
            .map_err(|_| CertificateFault::Malformed.into())
    }

    /// The request as PEM, ending in a line feed: what authorities take.
    ///
    /// # Errors
    /// [`Error::Encoding`], which no request should reach.
    pub fn to_pem(&self) -> Result<String> {
        self.0.to_pem(LineEnding::LF).map_err(encoding)
    }

    /// Whom it is about.
    pub fn subject(&self) -> NameParts {
        NameParts::of(&self.0.info.subject)
    }

    /// Whether it asks for a certificate with this very subject.
    pub fn is_for(&self, subject: &Subject) -> bool {
        subject.name().is_ok_and(|name| name == self.0.info.subject)
    }

    /// The kind of key that it asks a certificate for.
    pub fn key_algorithm(&self) -> KeyAlgorithm {
        public_key::kind(&self.0.info.public_key)
    }

    /// The DER of the `SubjectPublicKeyInfo` that it asks a certificate for.
    pub fn public_key_info(&self) -> Vec<u8> {
        self.0.info.public_key.to_der().unwrap_or_default()
    }
}

/// The identifier under which X.509 knows an algorithm (RFC 8410, RFC 5758, RFC 4055).
fn signature_algorithm(algorithm: Algorithm) -> Result<AlgorithmIdentifierOwned> {
    const NO_PARAMETERS: Option<Any> = None;
    let of = |oid| AlgorithmIdentifierOwned {
        oid,
        parameters: NO_PARAMETERS,
    };
    match algorithm {
        Algorithm::Ed25519 => Ok(of(oid::ED25519)),
        Algorithm::Es256 => Ok(of(oid::ECDSA_SHA256)),
        Algorithm::Ps256 => {
            // What is inside of the SEQUENCE, as path validation compares it.
            let contents = rustls_pki_types::alg_id::RSA_PSS_SHA256;
            let der = Any::new(x509_cert::der::Tag::Sequence, contents.as_ref()).and_then(|any| any.to_der());
            AlgorithmIdentifierOwned::from_der(&der.map_err(encoding)?).map_err(encoding)
        }
        _ => Err(Error::Encoding("a request for this algorithm")),
    }
}

/// A signature in the form of X.509, from that of COSE: of ECDSA, a SEQUENCE of the two numbers (RFC 3279, 2.2.3).
fn x509_signature(algorithm: Algorithm, signature: Vec<u8>) -> Result<Vec<u8>> {
    match algorithm {
        Algorithm::Es256 => p256::ecdsa::Signature::from_slice(&signature)
            .map(|signature| signature.to_der().as_bytes().to_vec())
            .map_err(encoding),
        _ => Ok(signature),
    }
}

fn encoding<E>(_: E) -> Error {
    Error::Encoding("a certificate request")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::rng;
    use crate::verify::verify_signature;

    fn subject() -> Subject {
        Subject::new("Exämple Ltd", "Image service")
            .unwrap()
            .with_country("DE")
            .unwrap()
    }

    fn keys() -> [SecretKey; 3] {
        [
            SecretKey::generate(Algorithm::Ed25519, &mut rng(1)).unwrap(),
            SecretKey::generate(Algorithm::Es256, &mut rng(2)).unwrap(),
            SecretKey::from_pem(include_str!("../tests/data/openssl-rsa.pem"), None).unwrap(),
        ]
    }

    #[test]
    fn a_request_names_subject_and_key_and_is_signed_by_it() {
        for key in keys() {
            let request = CertificateRequest::new(&subject(), &key).unwrap();
            assert_eq!(
                CertificateRequest::from_pem(&request.to_pem().unwrap()).unwrap(),
                request
            );
            assert_eq!(request.public_key_info(), key.public_key_info().unwrap());
            let parts = request.subject();
            assert_eq!(
                (
                    parts.country.as_deref(),
                    parts.organisation.as_deref(),
                    parts.common_name.as_deref()
                ),
                (Some("DE"), Some("Exämple Ltd"), Some("Image service"))
            );
            let signature = request.0.signature.as_bytes().unwrap();
            let fixed = match key.algorithm() {
                Algorithm::Es256 => p256::ecdsa::Signature::from_der(signature).unwrap().to_bytes().to_vec(),
                _ => signature.to_vec(),
            };
            let message = request.0.info.to_der().unwrap();
            assert!(verify_signature(
                key.algorithm(),
                &request.public_key_info(),
                &message,
                &fixed
            ));
        }
    }

    #[test]
    fn what_is_no_request_is_refused() {
        for text in [
            "",
            "hello",
            "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n",
        ] {
            assert_eq!(
                CertificateRequest::from_pem(text).unwrap_err(),
                CertificateFault::Malformed.into()
            );
        }
        assert_eq!(
            CertificateRequest::from_pem(&" ".repeat(MAX_REQUEST_BYTES + 1)).unwrap_err(),
            CertificateFault::TooLarge.into()
        );
    }
}
