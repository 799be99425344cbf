//! The certificate profile of C2PA (specification 2.2, section 14.5; Certificate Policy 0.2), rule by rule. A rule that
//! is broken makes a signature invalid for every reader; one that is only advised separates certificates of the
//! conformance programme from those that were usual before it. Dates are no part of it: expired is not invalid.
//!
//! Which rule asks what is one table, in `rules.rs`; what chains must keep is in `examine.rs`.
#![warn(clippy::indexing_slicing)]

mod extensions;
mod rules;

use crate::certificate::Certificate;
use crate::oid;
use rules::{RULES, usable_key};

/// What a leaf certificate is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Signing claims.
    ClaimSigner,
    /// Signing RFC 3161 time-stamps.
    TimestampAuthority,
}

/// One rule: of the profile of leaves (`certificate.`), of chains (`chain.`), or of keys (`key.`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// It can be read as a certificate within the limits (and there is one).
    Readable,
    /// Version 3 (RFC 5280, 4.1.2.1).
    Version,
    /// Signed with an allowed algorithm, stated twice alike (C2PA 14.5.1.1; RFC 5280, 4.1.1.2).
    SignatureAlgorithm,
    /// RSA, P-256, P-384, P-521 or Ed25519; time-stamp authorities RSA or ECDSA alone. Ed448 is not Ed25519, although COSE
    /// gives both the number -8 (C2PA 13.2.1).
    Key,
    /// RSA of 2048 to 8192 bits (C2PA 13.2.1).
    RsaSize,
    /// RSA with an odd exponent from 3 on, of at most 33 bits.
    RsaExponent,
    /// No issuer or subject unique identifiers (C2PA 14.5.1.1).
    NoUniqueIds,
    /// Each extension once, the known ones readable, and none critical that is unknown (RFC 5280, 4.2).
    Extensions,
    /// Not a certificate authority (C2PA 14.5.1.1).
    EndEntity,
    /// Key usage with digital signature and without certificate signing.
    KeyUsage,
    /// A purpose for the role, and none that does not go with it.
    ExtendedKeyUsage,
    /// An authority key identifier.
    AuthorityKeyIdentifier,
    /// Not issued to itself.
    NotSelfSigned,
    /// Advice: a positive serial number of at most 20 octets (RFC 5280, 4.1.2.2).
    SerialNumber,
    /// Advice: a subject key identifier.
    SubjectKeyIdentifier,
    /// Advice: critical basic constraints.
    BasicConstraintsCritical,
    /// Advice: a critical key usage that includes non-repudiation.
    KeyUsageConformance,
    /// Advice: claim signing together with e-mail protection or document signing, not critical.
    ExtendedKeyUsageConformance,
    /// Advice: an organisation in the subject.
    Organisation,
    /// Advice: a country in the subject.
    Country,
    /// Advice: a common name in the subject.
    CommonName,
    /// Advice: valid for at most 366 days, 90 where it states assurance level 2.
    ValidityPeriod,
    /// Advice: issued under C2PA's certificate policy.
    CertificatePolicies,
    /// Advice: the address of an OCSP responder.
    OcspResponder,
    /// Advice: an assurance level.
    AssuranceLevel,
    /// Advice: the record of a product on the list of conforming products.
    ProductRecord,
    /// The leaf is valid at the time asked about.
    Dates,
    /// Not made with a key that everybody has.
    OwnKey,
    /// No certificate is given that has no place in the chain.
    ChainMembers,
    /// Advice: the leaf first, each followed by its issuer.
    ChainOrder,
    /// Each is signed by its issuer.
    ChainSignatures,
    /// Each issuer is signed with an algorithm that readers accept; of the leaf, the profile asks that.
    ChainAlgorithms,
    /// Each issuer may issue certificates, this deep.
    ChainIssuers,
    /// Each issuer is valid at the time asked about.
    ChainDates,
    /// A path that readers follow: issuers' purposes, name constraints and critical extensions allow it.
    ChainPath,
    /// Advice: it leads up to a root, or to a certificate on a list.
    ChainComplete,
    /// The private key is the certificate's.
    KeyMatch,
}

/// How a certificate stands to one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It meets the rule.
    Met,
    /// It does not meet advice; readers accept it.
    Advised,
    /// It breaks the rule; readers call it invalid.
    Broken,
}

/// One rule and its outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// How the certificate stands to it.
    pub outcome: Outcome,
}

/// Holds a certificate against every rule for its role, in the order of the table.
pub fn check(certificate: &Certificate, role: Role) -> Vec<Finding> {
    let table = RULES
        .iter()
        .filter(|row| role == Role::ClaimSigner || row.for_timestamps);
    table
        .map(|row| Finding {
            rule: row.rule,
            outcome: match ((row.met)(certificate, role), row.failing) {
                (true, _) => Outcome::Met,
                (false, outcome) => outcome,
            },
        })
        .collect()
}

/// Whether a certificate may stand above others in a path: an authority with a usable key that is not kept from
/// signing certificates. Path validation itself looks at the basic constraints alone.
pub(crate) fn may_issue(certificate: &Certificate) -> bool {
    let usage = certificate.key_usage();
    certificate.is_ca()
        && usable_key(certificate)
        && (certificate.extension(oid::KEY_USAGE).is_none() || usage.is_some_and(|(_, usage)| usage.key_cert_sign()))
}

impl Rule {
    /// Every rule with its stable name in reports.
    pub const ALL: [(Self, &'static str); 37] = [
        (Self::Readable, "certificate.readable"),
        (Self::Version, "certificate.version"),
        (Self::SignatureAlgorithm, "certificate.signature-algorithm"),
        (Self::Key, "certificate.key"),
        (Self::RsaSize, "certificate.rsa-size"),
        (Self::RsaExponent, "certificate.rsa-exponent"),
        (Self::NoUniqueIds, "certificate.no-unique-ids"),
        (Self::Extensions, "certificate.extensions"),
        (Self::EndEntity, "certificate.end-entity"),
        (Self::KeyUsage, "certificate.key-usage"),
        (Self::ExtendedKeyUsage, "certificate.extended-key-usage"),
        (Self::AuthorityKeyIdentifier, "certificate.authority-key-identifier"),
        (Self::NotSelfSigned, "certificate.not-self-signed"),
        (Self::SerialNumber, "certificate.serial-number"),
        (Self::SubjectKeyIdentifier, "certificate.subject-key-identifier"),
        (Self::BasicConstraintsCritical, "certificate.basic-constraints-critical"),
        (Self::KeyUsageConformance, "certificate.key-usage-conformance"),
        (
            Self::ExtendedKeyUsageConformance,
            "certificate.extended-key-usage-conformance",
        ),
        (Self::Organisation, "certificate.organisation"),
        (Self::Country, "certificate.country"),
        (Self::CommonName, "certificate.common-name"),
        (Self::ValidityPeriod, "certificate.validity-period"),
        (Self::CertificatePolicies, "certificate.policies"),
        (Self::OcspResponder, "certificate.ocsp-responder"),
        (Self::AssuranceLevel, "certificate.assurance-level"),
        (Self::ProductRecord, "certificate.product-record"),
        (Self::Dates, "certificate.dates"),
        (Self::OwnKey, "certificate.own-key"),
        (Self::ChainMembers, "chain.members"),
        (Self::ChainOrder, "chain.order"),
        (Self::ChainSignatures, "chain.signatures"),
        (Self::ChainAlgorithms, "chain.algorithms"),
        (Self::ChainIssuers, "chain.issuers"),
        (Self::ChainDates, "chain.dates"),
        (Self::ChainPath, "chain.path"),
        (Self::ChainComplete, "chain.complete"),
        (Self::KeyMatch, "key.match"),
    ];

    /// The stable name in reports: what it is about, and words.
    pub fn id(self) -> &'static str {
        let row = Self::ALL.into_iter().find(|(rule, _)| *rule == self);
        row.map_or("", |(_, id)| id)
    }
}
