//! The certificate profile of C2PA (specification 2.2, section 14.5; Certificate Policy 0.2), rule by rule. A rule that
//! is broken makes a signature invalid for every reader; one that is only advised separates certificates of the
//! conformance programme from those that were usual before it. Dates are no part of it: expired is not invalid.
#![warn(clippy::indexing_slicing)]

use std::collections::HashSet;

use x509_cert::der::oid::ObjectIdentifier;

use crate::algorithm::KeyAlgorithm;
use crate::certificate::Certificate;
use crate::oid;
use crate::verify::RSA_BITS;

/// What a leaf certificate is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Signing claims.
    ClaimSigner,
    /// Signing RFC 3161 time-stamps.
    TimestampAuthority,
}

/// One rule of the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// It can be read as a certificate within the limits (and there is one).
    Readable,
    /// Version 3 (RFC 5280, 4.1.2.1).
    Version,
    /// Signed with an allowed algorithm, stated twice alike (C2PA 14.5.1.1; RFC 5280, 4.1.1.2).
    SignatureAlgorithm,
    /// RSA of 2048 to 8192 bits with an odd exponent from 3 on, P-256, P-384, P-521 or Ed25519; time-stamp authorities
    /// RSA or ECDSA alone.
    Key,
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
    /// Advice: valid for at most 366 days (assurance level 1).
    ValidityPeriod,
    /// Advice: certificate policies.
    CertificatePolicies,
    /// Advice: the address of an OCSP responder.
    OcspResponder,
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

struct Row {
    rule: Rule,
    failing: Outcome,
    for_timestamps: bool,
    met: fn(&Certificate, Role) -> bool,
}

const fn must(rule: Rule, met: fn(&Certificate, Role) -> bool) -> Row {
    Row {
        rule,
        failing: Outcome::Broken,
        for_timestamps: true,
        met,
    }
}

const fn advice(rule: Rule, met: fn(&Certificate, Role) -> bool) -> Row {
    Row {
        rule,
        failing: Outcome::Advised,
        for_timestamps: false,
        met,
    }
}

/// Every rule that a parsed certificate is held against, each beside its test.
const RULES: &[Row] = &[
    must(Rule::Version, |certificate, _| certificate.is_version_3()),
    must(Rule::SignatureAlgorithm, |certificate, _| {
        certificate
            .signature_algorithm()
            .is_some_and(|id| oid::CERTIFICATE_SIGNATURES.contains(&id))
            && !certificate.has_stray_parameters()
    }),
    must(Rule::Key, |certificate, role| {
        let eddsa = certificate.key_algorithm() == KeyAlgorithm::Ed25519;
        usable_key(certificate) && !(role == Role::TimestampAuthority && eddsa)
    }),
    must(Rule::NoUniqueIds, |certificate, _| !certificate.has_unique_ids()),
    must(Rule::Extensions, |certificate, _| sound_extensions(certificate)),
    must(Rule::EndEntity, |certificate, _| !certificate.is_ca()),
    must(Rule::KeyUsage, |certificate, _| {
        certificate
            .key_usage()
            .is_some_and(|(_, usage)| usage.digital_signature() && !usage.key_cert_sign())
    }),
    must(Rule::ExtendedKeyUsage, |certificate, role| {
        certificate
            .extended_key_usage()
            .is_some_and(|(critical, usage)| fitting_purposes(&usage.0, critical, role))
    }),
    must(Rule::AuthorityKeyIdentifier, |certificate, _| {
        certificate.extension(oid::AUTHORITY_KEY_IDENTIFIER).is_some()
    }),
    must(Rule::NotSelfSigned, |certificate, _| !certificate.is_self_issued()),
    advice(Rule::SerialNumber, |certificate, _| {
        let serial = certificate.serial();
        let positive = serial.first().is_some_and(|first| *first < 0x80) && serial.iter().any(|byte| *byte != 0);
        positive && serial.len() <= 20
    }),
    advice(Rule::SubjectKeyIdentifier, |certificate, _| {
        certificate.extension(oid::SUBJECT_KEY_IDENTIFIER).is_some()
    }),
    advice(Rule::BasicConstraintsCritical, |certificate, _| {
        certificate.basic_constraints().is_some_and(|(critical, _)| critical)
    }),
    advice(Rule::KeyUsageConformance, |certificate, _| {
        certificate
            .key_usage()
            .is_some_and(|(critical, usage)| critical && usage.non_repudiation())
    }),
    advice(Rule::ExtendedKeyUsageConformance, |certificate, _| {
        certificate.extended_key_usage().is_some_and(|(critical, usage)| {
            let has = |id| usage.0.contains(&id);
            let companion = has(oid::EKU_EMAIL_PROTECTION) || has(oid::EKU_DOCUMENT_SIGNING);
            !critical && has(oid::EKU_CLAIM_SIGNING) && companion
        })
    }),
    advice(Rule::Organisation, |certificate, _| {
        certificate
            .subject()
            .organisation
            .as_deref()
            .is_some_and(|name| !name.trim().is_empty())
    }),
    advice(Rule::ValidityPeriod, |certificate, _| {
        certificate.not_after() - certificate.not_before() <= time::Duration::days(366)
    }),
    advice(Rule::CertificatePolicies, |certificate, _| {
        certificate.extension(oid::CERTIFICATE_POLICIES).is_some()
    }),
    advice(Rule::OcspResponder, |certificate, _| {
        certificate.extension(oid::AUTHORITY_INFO_ACCESS).is_some()
    }),
];

impl Rule {
    /// The stable name in reports, `certificate.` and words.
    pub fn id(self) -> &'static str {
        match self {
            Self::Readable => "certificate.readable",
            Self::Version => "certificate.version",
            Self::SignatureAlgorithm => "certificate.signature-algorithm",
            Self::Key => "certificate.key",
            Self::NoUniqueIds => "certificate.no-unique-ids",
            Self::Extensions => "certificate.extensions",
            Self::EndEntity => "certificate.end-entity",
            Self::KeyUsage => "certificate.key-usage",
            Self::ExtendedKeyUsage => "certificate.extended-key-usage",
            Self::AuthorityKeyIdentifier => "certificate.authority-key-identifier",
            Self::NotSelfSigned => "certificate.not-self-signed",
            Self::SerialNumber => "certificate.serial-number",
            Self::SubjectKeyIdentifier => "certificate.subject-key-identifier",
            Self::BasicConstraintsCritical => "certificate.basic-constraints-critical",
            Self::KeyUsageConformance => "certificate.key-usage-conformance",
            Self::ExtendedKeyUsageConformance => "certificate.extended-key-usage-conformance",
            Self::Organisation => "certificate.organisation",
            Self::ValidityPeriod => "certificate.validity-period",
            Self::CertificatePolicies => "certificate.policies",
            Self::OcspResponder => "certificate.ocsp-responder",
        }
    }
}

fn usable_key(certificate: &Certificate) -> bool {
    match certificate.key_algorithm() {
        KeyAlgorithm::Ed25519 | KeyAlgorithm::P256 | KeyAlgorithm::P384 | KeyAlgorithm::P521 => true,
        KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss => certificate.rsa_bits().is_some_and(|bits| RSA_BITS.contains(&bits)),
        _ => false,
    }
}

/// C2PA 2.2, section 14.5.1.1: no wildcard; time-stamping and OCSP signing stand alone. A time-stamp authority's
/// purpose is critical and the only one (RFC 3161, section 2.3).
fn fitting_purposes(purposes: &[ObjectIdentifier], critical: bool, role: Role) -> bool {
    match role {
        Role::ClaimSigner => {
            let alone = [oid::EKU_ANY, oid::EKU_TIME_STAMPING, oid::EKU_OCSP_SIGNING];
            purposes.iter().any(|id| oid::CLAIM_SIGNER_EKUS.contains(id))
                && !purposes.iter().any(|id| alone.contains(id))
        }
        Role::TimestampAuthority => critical && purposes == [oid::EKU_TIME_STAMPING],
    }
}

fn sound_extensions(certificate: &Certificate) -> bool {
    // What path validation and this module read, so that "critical" is honoured (RFC 5280, 4.2).
    const UNDERSTOOD: [ObjectIdentifier; 5] = [
        oid::KEY_USAGE,
        oid::BASIC_CONSTRAINTS,
        oid::EXTENDED_KEY_USAGE,
        oid::NAME_CONSTRAINTS,
        oid::SUBJECT_ALT_NAME,
    ];
    let mut seen = HashSet::new();
    let readable = |id| match id {
        oid::KEY_USAGE => certificate.key_usage().is_some(),
        oid::BASIC_CONSTRAINTS => certificate.basic_constraints().is_some(),
        oid::EXTENDED_KEY_USAGE => certificate.extended_key_usage().is_some(),
        _ => true,
    };
    certificate.extensions().iter().all(|extension| {
        let id = extension.extn_id;
        seen.insert(id) && readable(id) && (!extension.critical || UNDERSTOOD.contains(&id))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::sections;

    fn broken(certificate: &Certificate, role: Role) -> Vec<&'static str> {
        let findings = check(certificate, role).into_iter();
        findings
            .filter(|finding| finding.outcome == Outcome::Broken)
            .map(|finding| finding.rule.id())
            .collect()
    }

    #[test]
    fn each_rule_finds_the_leaf_that_breaks_it() {
        let cases = sections(include_str!("../tests/data/openssl-leaves.pem"));
        let mut missing: HashSet<_> = RULES
            .iter()
            .filter(|row| row.failing == Outcome::Broken)
            .map(|row| row.rule.id())
            .collect();
        for (rule, chain) in &cases {
            let found = broken(&chain[0], Role::ClaimSigner);
            assert!(found.contains(rule), "{rule}: {found:?}");
            // A certificate of version 1 has no extensions, so it breaks more than one.
            assert!(found.len() == 1 || *rule == Rule::Version.id(), "{rule}: {found:?}");
            missing.remove(rule);
        }
        // No tool at hand writes unique identifiers.
        assert_eq!(missing, HashSet::from([Rule::NoUniqueIds.id()]));
    }

    #[test]
    fn time_stamp_authorities_have_their_own_purpose_and_keys() {
        for (label, chain) in sections(include_str!("../tests/data/openssl-timestamps.pem")) {
            let expected: &[_] = if label == "sound" { &[] } else { &[label] };
            assert_eq!(broken(&chain[0], Role::TimestampAuthority), expected);
            assert!(broken(&chain[0], Role::ClaimSigner).contains(&Rule::ExtendedKeyUsage.id()));
        }
    }

    #[test]
    fn names_of_rules_are_unique() {
        let names: HashSet<_> = RULES
            .iter()
            .map(|row| row.rule.id())
            .chain([Rule::Readable.id()])
            .collect();
        assert_eq!(names.len(), RULES.len() + 1);
    }
}
