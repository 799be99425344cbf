//! The table of rules that a leaf is held against: each rule beside its test.
#![warn(clippy::indexing_slicing)]

use std::collections::HashSet;

use time::Duration;
use x509_cert::der::oid::ObjectIdentifier;

use super::extensions::{self, AssuranceLevel};
use super::{Outcome, Role, Rule};
use crate::algorithm::KeyAlgorithm;
use crate::certificate::Certificate;
use crate::oid;
use crate::verify::RSA_BITS;

/// The longest validity at assurance level 1 (C2PA Certificate Policy 0.2, "Certificate Profiles").
const MOST_DAYS_LEVEL_1: Duration = Duration::days(366);
/// The longest validity at assurance level 2.
const MOST_DAYS_LEVEL_2: Duration = Duration::days(90);

/// A rule, what it means not to keep it, and its test.
pub(super) struct Row {
    pub(super) rule: Rule,
    pub(super) failing: Outcome,
    pub(super) for_timestamps: bool,
    pub(super) met: fn(&Certificate, Role) -> bool,
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
pub(super) const RULES: &[Row] = &[
    must(Rule::Version, |certificate, _| certificate.is_version_3()),
    must(Rule::SignatureAlgorithm, |certificate, _| {
        certificate
            .signature_algorithm()
            .is_some_and(|id| oid::CERTIFICATE_SIGNATURES.contains(&id))
            && !certificate.has_stray_parameters()
    }),
    must(Rule::Key, |certificate, role| {
        let eddsa = certificate.key_algorithm() == KeyAlgorithm::Ed25519;
        known_key(certificate) && !(role == Role::TimestampAuthority && eddsa)
    }),
    must(Rule::RsaSize, |certificate, _| {
        certificate
            .rsa_numbers()
            .is_none_or(|numbers| RSA_BITS.contains(&numbers.bits))
    }),
    must(Rule::RsaExponent, |certificate, _| {
        certificate.rsa_numbers().is_none_or(|numbers| numbers.sound_exponent)
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
        is_named(certificate.subject().organisation.as_deref())
    }),
    advice(Rule::Country, |certificate, _| {
        is_named(certificate.subject().country.as_deref())
    }),
    advice(Rule::CommonName, |certificate, _| {
        is_named(certificate.subject().common_name.as_deref())
    }),
    advice(Rule::ValidityPeriod, |certificate, _| {
        let most = match extensions::assurance_level(certificate) {
            Some(AssuranceLevel::Two) => MOST_DAYS_LEVEL_2,
            _ => MOST_DAYS_LEVEL_1,
        };
        certificate.not_after() - certificate.not_before() <= most
    }),
    advice(Rule::CertificatePolicies, |certificate, _| {
        extensions::has_c2pa_policy(certificate)
    }),
    advice(Rule::OcspResponder, |certificate, _| {
        certificate.ocsp_responder().is_some()
    }),
    advice(Rule::AssuranceLevel, |certificate, _| {
        extensions::assurance_level(certificate).is_some()
    }),
    advice(Rule::ProductRecord, |certificate, _| {
        extensions::has_product_record(certificate)
    }),
];

/// Whether a certificate's key is of a kind and size with which signatures are checked.
pub(super) fn usable_key(certificate: &Certificate) -> bool {
    match certificate.key_algorithm() {
        KeyAlgorithm::Ed25519 | KeyAlgorithm::P256 | KeyAlgorithm::P384 | KeyAlgorithm::P521 => true,
        KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss => certificate.rsa_bits().is_some_and(|bits| RSA_BITS.contains(&bits)),
        _ => false,
    }
}

/// Whether a certificate's key is of an accepted kind; of RSA, that its numbers can be read.
fn known_key(certificate: &Certificate) -> bool {
    match certificate.key_algorithm() {
        KeyAlgorithm::Ed25519 | KeyAlgorithm::P256 | KeyAlgorithm::P384 | KeyAlgorithm::P521 => true,
        KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss => certificate.rsa_numbers().is_some(),
        _ => false,
    }
}

fn is_named(part: Option<&str>) -> bool {
    part.is_some_and(|name| !name.trim().is_empty())
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
    use super::super::{Outcome, check};
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
        let cases = sections(include_str!("../../tests/data/openssl-leaves.pem"));
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
        // OpenSSL writes neither; `tests/tests/suite/certificates.rs` has those.
        assert_eq!(missing, HashSet::from([Rule::NoUniqueIds.id(), Rule::RsaExponent.id()]));
    }

    #[test]
    fn time_stamp_authorities_have_their_own_purpose_and_keys() {
        for (label, chain) in sections(include_str!("../../tests/data/openssl-timestamps.pem")) {
            let expected: &[_] = if label == "sound" { &[] } else { &[label] };
            assert_eq!(broken(&chain[0], Role::TimestampAuthority), expected);
            assert!(broken(&chain[0], Role::ClaimSigner).contains(&Rule::ExtendedKeyUsage.id()));
        }
    }

    #[test]
    fn names_of_rules_are_unique_and_each_has_one() {
        let names: HashSet<_> = Rule::ALL.iter().map(|(_, id)| id).collect();
        assert_eq!(names.len(), Rule::ALL.len());
        assert!(RULES.iter().all(|row| !row.rule.id().is_empty()));
    }
}
