//! Object identifiers, one table: what they are called and where they are defined.

use x509_cert::der::oid::ObjectIdentifier as Oid;

use crate::algorithm::KeyAlgorithm;
use crate::verify::{Hash, Scheme};

const fn oid(dotted: &str) -> Oid {
    Oid::new_unwrap(dotted)
}

/// `c2pa-kp-claimSigning` (C2PA Certificate Policy 0.2).
pub(crate) const EKU_CLAIM_SIGNING: Oid = oid("1.3.6.1.4.1.62558.2.1");
/// `id-kp-emailProtection` (RFC 5280, 4.2.1.12).
pub(crate) const EKU_EMAIL_PROTECTION: Oid = oid("1.3.6.1.5.5.7.3.4");
/// `id-kp-documentSigning` (RFC 9336).
pub(crate) const EKU_DOCUMENT_SIGNING: Oid = oid("1.3.6.1.5.5.7.3.36");
/// Microsoft's C2PA signing purpose (c2pa-rs, `sdk/src/crypto/cose/valid_eku_oids.cfg`, "MS C2PA Signing").
pub(crate) const EKU_MICROSOFT_C2PA: Oid = oid("1.3.6.1.4.1.311.76.59.1.9");
/// `id-kp-timeStamping` (RFC 3161, 2.3).
pub(crate) const EKU_TIME_STAMPING: Oid = oid("1.3.6.1.5.5.7.3.8");
/// `id-kp-OCSPSigning` (RFC 6960, 4.2.2.2).
pub(crate) const EKU_OCSP_SIGNING: Oid = oid("1.3.6.1.5.5.7.3.9");
/// `anyExtendedKeyUsage` (RFC 5280, 4.2.1.12).
pub(crate) const EKU_ANY: Oid = oid("2.5.29.37.0");

/// The purposes with which a foreign claim signer is met: the current profile, the two of earlier versions, and
/// Microsoft's. The same set as c2pa-rs reads from `valid_eku_oids.cfg`, without its time-stamp and OCSP entries.
pub(crate) const CLAIM_SIGNER_EKUS: [Oid; 4] = [
    EKU_CLAIM_SIGNING,
    EKU_EMAIL_PROTECTION,
    EKU_DOCUMENT_SIGNING,
    EKU_MICROSOFT_C2PA,
];

pub(crate) const SUBJECT_KEY_IDENTIFIER: Oid = oid("2.5.29.14");
pub(crate) const KEY_USAGE: Oid = oid("2.5.29.15");
pub(crate) const SUBJECT_ALT_NAME: Oid = oid("2.5.29.17");
pub(crate) const BASIC_CONSTRAINTS: Oid = oid("2.5.29.19");
pub(crate) const NAME_CONSTRAINTS: Oid = oid("2.5.29.30");
pub(crate) const CERTIFICATE_POLICIES: Oid = oid("2.5.29.32");
pub(crate) const AUTHORITY_KEY_IDENTIFIER: Oid = oid("2.5.29.35");
pub(crate) const EXTENDED_KEY_USAGE: Oid = oid("2.5.29.37");
pub(crate) const AUTHORITY_INFO_ACCESS: Oid = oid("1.3.6.1.5.5.7.1.1");
/// `id-ad-ocsp` (RFC 5280, 4.2.2.1).
pub(crate) const ACCESS_OCSP: Oid = oid("1.3.6.1.5.5.7.48.1");

/// `c2pa-certificate-policy` (C2PA Certificate Policy 0.2, as those below).
pub(crate) const C2PA_POLICY: Oid = oid("1.3.6.1.4.1.62558.1.1");
/// `id-c2pa-al`, the extension whose value is one of the two below.
pub(crate) const ASSURANCE_LEVEL: Oid = oid("1.3.6.1.4.1.62558.3");
/// `c2pa-assuranceLevel-1`.
pub(crate) const ASSURANCE_LEVEL_1: Oid = oid("1.3.6.1.4.1.62558.3.10");
/// `c2pa-assuranceLevel-2`.
pub(crate) const ASSURANCE_LEVEL_2: Oid = oid("1.3.6.1.4.1.62558.3.20");
/// `c2pa-cpl-record`, the extension that names the record of a conforming product.
pub(crate) const PRODUCT_RECORD: Oid = oid("1.3.6.1.4.1.62558.4");

/// `id-signedData` (RFC 5652, section 5.1).
pub(crate) const SIGNED_DATA: Oid = oid("1.2.840.113549.1.7.2");

/// X.520 attributes of names.
pub(crate) const COUNTRY: Oid = oid("2.5.4.6");
pub(crate) const ORGANISATION: Oid = oid("2.5.4.10");
pub(crate) const ORGANISATIONAL_UNIT: Oid = oid("2.5.4.11");
pub(crate) const COMMON_NAME: Oid = oid("2.5.4.3");

/// `rsaEncryption`, as kind of key and, in CMS, as signature algorithm (RFC 3370, 3.2).
pub(crate) const RSA: Oid = oid("1.2.840.113549.1.1.1");
/// `id-RSASSA-PSS`, as signature algorithm and as kind of key (RFC 4055).
pub(crate) const RSA_PSS: Oid = oid("1.2.840.113549.1.1.10");
pub(crate) const ED25519: Oid = oid("1.3.101.112");
pub(crate) const EC_PUBLIC_KEY: Oid = oid("1.2.840.10045.2.1");

/// `ecdsa-with-SHA256` (RFC 5758).
pub(crate) const ECDSA_SHA256: Oid = oid("1.2.840.10045.4.3.2");

/// Signature algorithms that a certificate may carry (C2PA 2.2, 14.5.1.1).
pub(crate) const CERTIFICATE_SIGNATURES: [Oid; 8] = [
    ED25519,
    ECDSA_SHA256,
    oid("1.2.840.10045.4.3.3"),   // ecdsa-with-SHA384
    oid("1.2.840.10045.4.3.4"),   // ecdsa-with-SHA512
    oid("1.2.840.113549.1.1.11"), // sha256WithRSAEncryption (RFC 4055)
    oid("1.2.840.113549.1.1.12"), // sha384WithRSAEncryption
    oid("1.2.840.113549.1.1.13"), // sha512WithRSAEncryption
    RSA_PSS,
];

/// Signature algorithms that name scheme and hash at once (RFC 5758, RFC 4055).
pub(crate) const STATED_SIGNATURES: [(Oid, Scheme, Hash); 6] = [
    (oid("1.2.840.10045.4.3.2"), Scheme::Ecdsa, Hash::Sha256),
    (oid("1.2.840.10045.4.3.3"), Scheme::Ecdsa, Hash::Sha384),
    (oid("1.2.840.10045.4.3.4"), Scheme::Ecdsa, Hash::Sha512),
    (oid("1.2.840.113549.1.1.11"), Scheme::RsaPkcs1, Hash::Sha256),
    (oid("1.2.840.113549.1.1.12"), Scheme::RsaPkcs1, Hash::Sha384),
    (oid("1.2.840.113549.1.1.13"), Scheme::RsaPkcs1, Hash::Sha512),
];

/// The kind of key behind an algorithm and, for elliptic curves, its named curve.
pub(crate) fn key_algorithm(algorithm: Oid, curve: Option<Oid>) -> KeyAlgorithm {
    const TABLE: [(Oid, KeyAlgorithm); 6] = [
        (ED25519, KeyAlgorithm::Ed25519),
        (oid("1.3.101.113"), KeyAlgorithm::Ed448),
        (oid("1.3.101.110"), KeyAlgorithm::KeyAgreement),
        (oid("1.3.101.111"), KeyAlgorithm::KeyAgreement),
        (RSA, KeyAlgorithm::Rsa),
        (RSA_PSS, KeyAlgorithm::RsaPss),
    ];
    const CURVES: [(Oid, KeyAlgorithm); 3] = [
        (oid("1.2.840.10045.3.1.7"), KeyAlgorithm::P256),
        (oid("1.3.132.0.34"), KeyAlgorithm::P384),
        (oid("1.3.132.0.35"), KeyAlgorithm::P521),
    ];
    if algorithm == EC_PUBLIC_KEY {
        let known = CURVES.into_iter().find(|(known, _)| Some(*known) == curve);
        return known.map_or(KeyAlgorithm::OtherCurve, |(_, kind)| kind);
    }
    TABLE
        .into_iter()
        .find(|(known, _)| *known == algorithm)
        .map_or(KeyAlgorithm::Other, |(_, kind)| kind)
}
