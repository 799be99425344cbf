//! One X.509 certificate: parsed once from DER under a size limit, then asked. Names in it are claims of whoever made
//! it; only `trust` says whether somebody on a list vouches for them.
#![warn(clippy::indexing_slicing)]

use std::fmt;
use std::sync::Arc;

use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, UnixTime};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use x509_cert::certificate::{CertificateInner, Version};
use x509_cert::der::asn1::Ia5StringRef;
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::pem::LineEnding;
use x509_cert::der::{AnyRef, Decode, Encode, Reader, SliceReader, Tagged};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::name::{DirectoryString, GeneralName};
use x509_cert::ext::pkix::{AuthorityInfoAccessSyntax, BasicConstraints, ExtendedKeyUsage, KeyUsage};
use x509_cert::name::Name;

use crate::algorithm::KeyAlgorithm;
use crate::error::{CertificateFault, Result};
use crate::oid;
use crate::verify::{PATH_ALGORITHMS, RsaNumbers, rsa_numbers};

/// The largest certificate that is read, in bytes of DER: real ones have 500 to 3,000.
pub const MAX_CERTIFICATE_BYTES: usize = 32 * 1024;

/// A parsed X.509 certificate (RFC 5280), of any version and quality: [`crate::profile`] judges it.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    parsed: Arc<CertificateInner<AsFound>>,
    subject: NameParts,
    issuer: NameParts,
    not_before: OffsetDateTime,
    not_after: OffsetDateTime,
}

/// The parts of a distinguished name that C2PA works with, as the certificate states them. Untrusted text: control
/// characters and lengths are for whoever shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameParts {
    /// C, usually two letters.
    pub country: Option<String>,
    /// O, the organisation: what readers show as the signer's name.
    pub organisation: Option<String>,
    /// OU, a unit of the organisation.
    pub unit: Option<String>,
    /// CN, the common name.
    pub common_name: Option<String>,
}

/// The DER of each certificate in a PEM text, as it stands there: nothing is parsed. Sections that are no PEM are left out.
pub fn certificates_der(pem: &str) -> Vec<Vec<u8>> {
    CertificateDer::pem_slice_iter(pem.as_bytes())
        .flatten()
        .map(|der| der.to_vec())
        .collect()
}

impl Certificate {
    /// Parses one certificate.
    ///
    /// # Errors
    /// [`CertificateFault`] for bytes that are too many or no certificate, and for dates outside of 1970 to 9999.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        if der.len() > MAX_CERTIFICATE_BYTES {
            return Err(CertificateFault::TooLarge.into());
        }
        let parsed = CertificateInner::<AsFound>::from_der(der).map_err(|_| CertificateFault::Malformed)?;
        let tbs = parsed.tbs_certificate();
        Ok(Self {
            subject: NameParts::of(tbs.subject()),
            issuer: NameParts::of(tbs.issuer()),
            not_before: date(tbs.validity().not_before)?,
            not_after: date(tbs.validity().not_after)?,
            der: der.to_vec(),
            parsed: Arc::new(parsed),
        })
    }

    /// Parses the first certificate in a PEM text.
    ///
    /// # Errors
    /// As [`Certificate::from_der`]; [`CertificateFault::Empty`] where there is none.
    pub fn from_pem(pem: &str) -> Result<Self> {
        match CertificateDer::pem_slice_iter(pem.as_bytes()).next() {
            None => Err(CertificateFault::Empty.into()),
            Some(der) => Self::from_der(&der.map_err(|_| CertificateFault::Malformed)?),
        }
    }

    /// The certificate as PEM, ending in a line feed.
    pub fn to_pem(&self) -> String {
        x509_cert::der::pem::encode_string("CERTIFICATE", LineEnding::LF, &self.der).unwrap_or_default()
    }

    /// The exact bytes it was parsed from.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// SHA-256 of the DER, the usual fingerprint.
    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.der).into()
    }

    /// SHA-256 of the `SubjectPublicKeyInfo`: the same for every certificate of one key.
    pub fn public_key_sha256(&self) -> [u8; 32] {
        Sha256::digest(self.public_key_info()).into()
    }

    /// Whom the certificate claims to be about.
    pub fn subject(&self) -> &NameParts {
        &self.subject
    }

    /// Who claims to have issued it.
    pub fn issuer(&self) -> &NameParts {
        &self.issuer
    }

    /// The first second at which it is valid.
    pub fn not_before(&self) -> OffsetDateTime {
        self.not_before
    }

    /// The last second at which it is valid, included (RFC 5280, 4.1.2.5).
    pub fn not_after(&self) -> OffsetDateTime {
        self.not_after
    }

    /// Whether it is valid at a time, to the second.
    pub fn is_valid_at(&self, at: OffsetDateTime) -> bool {
        let second = at.unix_timestamp();
        self.not_before.unix_timestamp() <= second && second <= self.not_after.unix_timestamp()
    }

    /// The serial number in lower-case hexadecimal, two's complement as encoded.
    pub fn serial_hex(&self) -> String {
        self.serial().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether it says that it may issue certificates (`cA` of the basic constraints).
    pub fn is_ca(&self) -> bool {
        self.basic_constraints().is_some_and(|(_, constraints)| constraints.ca)
    }

    /// The kind of its key.
    pub fn key_algorithm(&self) -> KeyAlgorithm {
        let algorithm = &self.parsed.tbs_certificate().subject_public_key_info().algorithm;
        let curve = algorithm
            .parameters
            .as_ref()
            .and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
        oid::key_algorithm(algorithm.oid, curve)
    }

    /// Bits of the modulus where the key is RSA and its exponent is usable.
    pub fn rsa_bits(&self) -> Option<usize> {
        self.rsa_numbers()
            .filter(|numbers| numbers.sound_exponent)
            .map(|numbers| numbers.bits)
    }

    /// Whether subject and issuer are the same, and its own key made the signature.
    pub fn is_self_signed(&self) -> bool {
        self.is_self_issued() && self.is_signed_by(self)
    }

    /// Whether subject and issuer are the same name, whoever signed.
    pub fn is_self_issued(&self) -> bool {
        let tbs = self.parsed.tbs_certificate();
        tbs.subject() == tbs.issuer()
    }

    /// Whether `issuer` bears the name of this certificate's issuer.
    pub(crate) fn names_issuer(&self, issuer: &Self) -> bool {
        self.parsed.tbs_certificate().issuer() == issuer.parsed.tbs_certificate().subject()
    }

    /// Whether `issuer`'s key made this certificate's signature. Says nothing about dates or rights.
    pub(crate) fn is_signed_by(&self, issuer: &Self) -> bool {
        let info = issuer.parsed.tbs_certificate().subject_public_key_info();
        let (Some(signature), Some(key), Some(tbs)) = (
            self.parsed.signature().as_bytes(),
            info.subject_public_key.as_bytes(),
            self.tbs(),
        ) else {
            return false;
        };
        let (Some(signed_with), Some(made_for)) =
            (contents(self.parsed.signature_algorithm()), contents(&info.algorithm))
        else {
            return false;
        };
        PATH_ALGORITHMS
            .iter()
            .filter(|way| *way.signature_alg_id() == *signed_with && *way.public_key_alg_id() == *made_for)
            .any(|way| way.verify_signature(key, tbs, signature).is_ok())
    }

    /// The DER of the `SubjectPublicKeyInfo`, for [`crate::verify_signature`].
    pub fn public_key_info(&self) -> Vec<u8> {
        self.parsed
            .tbs_certificate()
            .subject_public_key_info()
            .to_der()
            .unwrap_or_default()
    }

    /// The numbers of the key where it is RSA and they can be read.
    pub(crate) fn rsa_numbers(&self) -> Option<RsaNumbers> {
        let info = self.parsed.tbs_certificate().subject_public_key_info();
        match self.key_algorithm() {
            KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss => rsa_numbers(info.subject_public_key.as_bytes()?),
            _ => None,
        }
    }

    /// The address of its OCSP responder (`id-ad-ocsp` of the authority information access, RFC 5280, 4.2.2.1): the first
    /// that is an `http` or `https` address. A claim like any other text in it: look at it before asking.
    pub fn ocsp_responder(&self) -> Option<String> {
        let (_, access) = self.decoded::<AuthorityInfoAccessSyntax>(oid::AUTHORITY_INFO_ACCESS)?;
        access
            .0
            .into_iter()
            .filter(|entry| entry.access_method == oid::ACCESS_OCSP)
            .filter_map(|entry| match entry.access_location {
                GeneralName::UniformResourceIdentifier(address) => Some(address.to_string()),
                _ => None,
            })
            .find(|address| address.starts_with("http://") || address.starts_with("https://"))
    }

    pub(crate) fn subject_name(&self) -> &Name {
        self.parsed.tbs_certificate().subject()
    }

    /// The DER of the subject's name.
    pub(crate) fn subject_der(&self) -> Option<Vec<u8>> {
        self.subject_name().to_der().ok()
    }

    /// The bits of its key, without the algorithm: what identifiers of keys are hashes of.
    pub(crate) fn public_key_bits(&self) -> Option<Vec<u8>> {
        let info = self.parsed.tbs_certificate().subject_public_key_info();
        info.subject_public_key.as_bytes().map(<[u8]>::to_vec)
    }

    pub(crate) fn is_version_3(&self) -> bool {
        self.parsed.tbs_certificate().version() == Version::V3
    }

    pub(crate) fn has_unique_ids(&self) -> bool {
        let tbs = self.parsed.tbs_certificate();
        tbs.issuer_unique_id().is_some() || tbs.subject_unique_id().is_some()
    }

    /// The serial number's octets as encoded: big-endian two's complement.
    pub(crate) fn serial(&self) -> &[u8] {
        self.serial_octets().unwrap_or_default()
    }

    /// The object identifier of its signature algorithm, if it is stated twice alike (RFC 5280, 4.1.1.2).
    pub(crate) fn signature_algorithm(&self) -> Option<ObjectIdentifier> {
        let stated = self.parsed.signature_algorithm();
        (self.parsed.tbs_certificate().signature() == stated).then_some(stated.oid)
    }

    /// Whether an Ed25519 key or signature carries parameters, which RFC 8410, section 3, forbids.
    pub(crate) fn has_stray_parameters(&self) -> bool {
        let info = self.parsed.tbs_certificate().subject_public_key_info();
        let ed25519 = ed25519_dalek::pkcs8::ALGORITHM_OID;
        [&info.algorithm, self.parsed.signature_algorithm()]
            .into_iter()
            .any(|algorithm| algorithm.oid == ed25519 && algorithm.parameters.is_some())
    }

    pub(crate) fn extensions(&self) -> &[Extension] {
        self.parsed.tbs_certificate().extensions().map_or(&[], Vec::as_slice)
    }

    pub(crate) fn extension(&self, id: ObjectIdentifier) -> Option<&Extension> {
        self.extensions().iter().find(|extension| extension.extn_id == id)
    }

    /// The basic constraints and whether they are critical; `None` where absent or unreadable.
    pub(crate) fn basic_constraints(&self) -> Option<(bool, BasicConstraints)> {
        self.decoded(oid::BASIC_CONSTRAINTS)
    }

    /// The key usage and whether it is critical.
    pub(crate) fn key_usage(&self) -> Option<(bool, KeyUsage)> {
        self.decoded(oid::KEY_USAGE)
    }

    /// The extended key usages and whether they are critical.
    pub(crate) fn extended_key_usage(&self) -> Option<(bool, ExtendedKeyUsage)> {
        self.decoded(oid::EXTENDED_KEY_USAGE)
    }

    fn decoded<'a, T: Decode<'a>>(&'a self, id: ObjectIdentifier) -> Option<(bool, T)> {
        let extension = self.extension(id)?;
        T::from_der(extension.extn_value.as_bytes())
            .ok()
            .map(|value| (extension.critical, value))
    }

    /// The signed part, tag and length included.
    fn tbs(&self) -> Option<&[u8]> {
        let outer = AnyRef::from_der(&self.der).ok()?;
        SliceReader::new(outer.value()).ok()?.tlv_bytes().ok()
    }

    fn serial_octets(&self) -> Option<&[u8]> {
        let tbs = AnyRef::from_der(self.tbs()?).ok()?;
        let mut reader = SliceReader::new(tbs.value()).ok()?;
        let first = AnyRef::decode(&mut reader).ok()?;
        // The version, in context tag 0, comes first in all but version 1.
        let serial = if first.tag().is_context_specific() {
            AnyRef::decode(&mut reader).ok()?
        } else {
            first
        };
        Some(serial.value())
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("subject", &self.subject)
            .field("issuer", &self.issuer)
            .field("serial", &self.serial_hex())
            .finish_non_exhaustive()
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

impl NameParts {
    pub(crate) fn of(name: &Name) -> Self {
        Self {
            country: text(name, oid::COUNTRY),
            organisation: text(name, oid::ORGANISATION),
            unit: text(name, oid::ORGANISATIONAL_UNIT),
            common_name: text(name, oid::COMMON_NAME),
        }
    }

    /// The name to show: the organisation, else the common name, as c2pa's readers do.
    pub fn display_name(&self) -> Option<&str> {
        self.organisation.as_deref().or(self.common_name.as_deref())
    }
}

/// The time in the form of path validation; times before 1970 become 1970, when no certificate was valid.
pub(crate) fn unix_time(at: OffsetDateTime) -> UnixTime {
    UnixTime::since_unix_epoch(std::time::Duration::from_secs(
        u64::try_from(at.unix_timestamp()).unwrap_or(0),
    ))
}

/// Serial numbers and dates are taken as they are found; [`crate::profile`] has an opinion on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct AsFound;

impl x509_cert::certificate::Profile for AsFound {
    fn check_serial_number(_: &x509_cert::serial_number::SerialNumber<Self>) -> x509_cert::der::Result<()> {
        Ok(())
    }

    fn time_encoding(time: x509_cert::time::Time) -> x509_cert::der::Result<x509_cert::time::Time> {
        Ok(time)
    }
}

fn date(time: x509_cert::time::Time) -> Result<OffsetDateTime> {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).map_err(|_| CertificateFault::UnusableDate)?;
    OffsetDateTime::from_unix_timestamp(seconds).map_err(|_| CertificateFault::UnusableDate.into())
}

/// The first value of an attribute, in any of the string types that are met.
fn text(name: &Name, id: ObjectIdentifier) -> Option<String> {
    let attribute = name.iter().find(|attribute| attribute.oid == id)?;
    let directory = DirectoryString::try_from(&attribute.value).map(|value| value.value().into_owned());
    let text = directory.or_else(|_| {
        attribute
            .value
            .decode_as::<Ia5StringRef<'_>>()
            .map(|value| value.to_string())
    });
    text.ok()
}

/// What is inside of an `AlgorithmIdentifier`'s SEQUENCE, as path validation compares it.
fn contents(algorithm: &x509_cert::spki::AlgorithmIdentifierOwned) -> Option<Vec<u8>> {
    let der = algorithm.to_der().ok()?;
    AnyRef::from_der(&der).ok().map(|any| any.value().to_vec())
}
