//! Issuing certificates: an identity's own root and its leaf, by the profile of C2PA 2.2, section 14.5, so that readers
//! of today and tomorrow accept them (both key purposes, a self-made root above the leaf, dates within limits).

use rand_core::TryCryptoRng;
use time::{Duration, OffsetDateTime};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{self, Builder, CertificateBuilder};
use x509_cert::certificate::TbsCertificate;
use x509_cert::der::asn1::{Any, PrintableStringRef, Utf8StringRef};
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::{Decode, Encode};
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectKeyIdentifier,
};
use x509_cert::ext::{Extension, ToExtension};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};
use x509_cert::time::{Time, Validity};

use crate::algorithm::Algorithm;
use crate::certificate::Certificate;
use crate::error::{DatesFault, Error, Result, SignerFault, SubjectFault};
use crate::key::{IssuingKey, SecretKey, fill};
use crate::oid;

/// The organisation in identities that a first run makes without being asked. It is part of the trust rules: no
/// certificate that names it is ever trusted, on whatever list it stands.
pub const LOCAL_ORGANISATION: &str = "touchmark local identity, not checked";

/// How long a leaf is valid: one day less than the 366 that C2PA's certificate policy 0.2 allows at assurance level 1.
pub const LEAF_VALIDITY: Duration = Duration::days(365);
/// How long a root of one's own is valid: ten years, as the usual certificate authority's.
pub const ROOT_VALIDITY: Duration = Duration::days(3652);
/// How far back certificates are valid, so that a reader whose clock is slow does not call them "not yet valid".
pub const BACKDATING: Duration = Duration::minutes(5);

/// The upper bound of O and CN (RFC 5280, appendix A.1, `ub-organization-name`, `ub-common-name`).
const NAME_CHARACTERS: usize = 64;
/// Distinguishes the root's common name from its leaf's.
const ROOT_SUFFIX: &str = " root CA";
/// Octets of a serial number: 128 random bits, above the 64 that the CA/Browser Forum asks for; at most 20 (RFC 5280).
const SERIAL_OCTETS: usize = 16;

/// Whom a certificate is about: checked text that fits its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    country: Option<String>,
    organisation: String,
    common_name: String,
}

/// A private key and the certificate issued for it.
#[derive(Debug, Clone)]
pub struct Credential {
    /// The private key.
    pub key: SecretKey,
    /// The certificate of its public half.
    pub certificate: Certificate,
}

impl Subject {
    /// A subject with the organisation that readers show as the signer (at most 64 characters) and a common name (at
    /// most 56, so that the root's name fits as well).
    ///
    /// # Errors
    /// [`SubjectFault`] for text that is empty, too long or has control characters.
    pub fn new(organisation: &str, common_name: &str) -> Result<Self> {
        Ok(Self {
            country: None,
            organisation: checked("organisation", organisation, NAME_CHARACTERS)?,
            common_name: checked("common name", common_name, NAME_CHARACTERS - ROOT_SUFFIX.len())?,
        })
    }

    /// Adds the country, two capital letters (ISO 3166-1 alpha-2).
    ///
    /// # Errors
    /// [`SubjectFault::Country`].
    pub fn with_country(mut self, country: &str) -> Result<Self> {
        if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(SubjectFault::Country.into());
        }
        self.country = Some(country.to_owned());
        Ok(self)
    }

    /// The subject of the identity that a first run makes: says of itself that nobody checked it, and names nobody.
    pub fn local() -> Self {
        Self {
            country: None,
            organisation: LOCAL_ORGANISATION.to_owned(),
            common_name: "touchmark".to_owned(),
        }
    }

    /// The organisation.
    pub fn organisation(&self) -> &str {
        &self.organisation
    }

    fn name(&self) -> Result<Name> {
        self.named(&self.common_name)
    }

    fn root_name(&self) -> Result<Name> {
        self.named(&format!("{}{ROOT_SUFFIX}", self.common_name))
    }

    fn named(&self, common_name: &str) -> Result<Name> {
        let mut sequence = RdnSequence::default();
        if let Some(country) = &self.country {
            let value = PrintableStringRef::new(country).and_then(|text| Any::encode_from(&text));
            sequence.push(attribute(oid::COUNTRY, value)?);
        }
        for (id, text) in [
            (oid::ORGANISATION, self.organisation.as_str()),
            (oid::COMMON_NAME, common_name),
        ] {
            let value = Utf8StringRef::new(text).and_then(|text| Any::encode_from(&text));
            sequence.push(attribute(id, value)?);
        }
        let der = sequence.to_der().map_err(encoding)?;
        Name::from_der(&der).map_err(encoding)
    }
}

/// Makes a root of one's own: a new key for [`Algorithm::Ed25519`] or [`Algorithm::Es256`] and its self-signed certificate, which may issue leaves and nothing
/// else (path length 0), valid for [`ROOT_VALIDITY`] from five minutes before `now`.
///
/// # Errors
/// [`Error::Randomness`]; [`Error::Encoding`] for a time outside of 1970 to 9999; [`crate::KeyFault::NotMade`].
pub fn issue_root(
    subject: &Subject,
    algorithm: Algorithm,
    now: OffsetDateTime,
    rng: &mut impl TryCryptoRng,
) -> Result<Credential> {
    let key = SecretKey::generate(algorithm, rng)?;
    let name = subject.root_name()?;
    let profile = OwnProfile {
        subject: name.clone(),
        issuer: name,
        role: Role::Root,
    };
    let not_before = now - BACKDATING;
    let certificate = build(profile, &key, &key, not_before, not_before + ROOT_VALIDITY, rng)?;
    Ok(Credential { key, certificate })
}

/// Makes a new key of the root's algorithm and issues its certificate for signing claims under `root`, valid for [`LEAF_VALIDITY`] from
/// five minutes before `now`, but never beyond the root's own end.
///
/// # Errors
/// [`SignerFault::NotAnIssuer`] where `root` cannot issue, [`DatesFault`] where it is not valid now,
/// [`Error::Randomness`].
pub fn issue_leaf(
    root: &Credential,
    subject: &Subject,
    now: OffsetDateTime,
    rng: &mut impl TryCryptoRng,
) -> Result<Credential> {
    issue_leaf_named(root, subject.name()?, now, rng)
}

/// As [`issue_leaf`], with the exact name of an earlier certificate.
pub(crate) fn issue_leaf_named(
    root: &Credential,
    subject: Name,
    now: OffsetDateTime,
    rng: &mut impl TryCryptoRng,
) -> Result<Credential> {
    let issuer = &root.certificate;
    let may_issue = issuer.is_ca() && issuer.key_usage().is_some_and(|(_, usage)| usage.key_cert_sign());
    if !may_issue || !root.key.belongs_to(&issuer.public_key_info()) {
        return Err(SignerFault::NotAnIssuer.into());
    }
    if now > issuer.not_after() {
        return Err(DatesFault::Expired(issuer.not_after()).into());
    }
    if now < issuer.not_before() {
        return Err(DatesFault::NotYetValid(issuer.not_before()).into());
    }
    let key = SecretKey::generate(root.key.algorithm(), rng)?;
    let profile = OwnProfile {
        subject,
        issuer: issuer.subject_name().clone(),
        role: Role::Leaf,
    };
    let not_before = (now - BACKDATING).max(issuer.not_before());
    let not_after = (not_before + LEAF_VALIDITY).min(issuer.not_after());
    let certificate = build(profile, &root.key, &key, not_before, not_after, rng)?;
    Ok(Credential { key, certificate })
}

fn checked(field: &'static str, text: &str, most: usize) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(SubjectFault::Empty(field).into());
    }
    if text.chars().count() > most {
        return Err(SubjectFault::TooLong(field, most).into());
    }
    if text.chars().any(char::is_control) {
        return Err(SubjectFault::ControlCharacters(field).into());
    }
    Ok(text.to_owned())
}

fn attribute(oid: ObjectIdentifier, value: x509_cert::der::Result<Any>) -> Result<RelativeDistinguishedName> {
    let value = value.map_err(encoding)?;
    RelativeDistinguishedName::try_from(vec![AttributeTypeAndValue { oid, value }]).map_err(encoding)
}

fn build(
    profile: OwnProfile,
    issuer: &SecretKey,
    subject: &SecretKey,
    not_before: OffsetDateTime,
    not_after: OffsetDateTime,
    rng: &mut impl TryCryptoRng,
) -> Result<Certificate> {
    let mut serial = [0; SERIAL_OCTETS];
    fill(rng, &mut serial)?;
    // Positive (first bit 0) and of full length whatever the bytes are (second bit 1).
    serial[0] = (serial[0] & 0x3F) | 0x40;
    let serial = SerialNumber::new(&serial).map_err(encoding)?;
    let validity = Validity::new(x509_time(not_before)?, x509_time(not_after)?);
    let info = SubjectPublicKeyInfoOwned::from_der(&subject.public_key_info()?).map_err(encoding)?;
    let builder = CertificateBuilder::new(profile, serial, validity, info).map_err(encoding)?;
    let built = match issuer.issuing_key().ok_or(SignerFault::NotAnIssuer)? {
        IssuingKey::Ed25519(key) => builder.build::<_, ed25519_dalek::Signature>(key),
        IssuingKey::P256(key) => builder.build::<_, p256::ecdsa::DerSignature>(key),
    }
    .map_err(encoding)?;
    Certificate::from_der(&built.to_der().map_err(encoding)?)
}

fn x509_time(at: OffsetDateTime) -> Result<Time> {
    const WHAT: Error = Error::Encoding("a date before 1970 or after 9999");
    let seconds = u64::try_from(at.unix_timestamp()).map_err(|_| WHAT)?;
    let date = x509_cert::der::DateTime::from_unix_duration(std::time::Duration::from_secs(seconds));
    date.map(Time::from).map_err(|_| WHAT)
}

fn encoding<E>(_: E) -> Error {
    Error::Encoding("a certificate")
}

/// What goes into our certificates (standards: C2PA 2.2, 14.5.1; Certificate Policy 0.2).
struct OwnProfile {
    subject: Name,
    issuer: Name,
    role: Role,
}

enum Role {
    Root,
    Leaf,
}

impl BuilderProfile for OwnProfile {
    fn get_issuer(&self, _subject: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        subject: SubjectPublicKeyInfoRef<'_>,
        issuer: SubjectPublicKeyInfoRef<'_>,
        tbs: &TbsCertificate,
    ) -> builder::Result<Vec<Extension>> {
        let name = tbs.subject();
        let key_identifier = SubjectKeyIdentifier::try_from(subject)?;
        Ok(match self.role {
            Role::Root => vec![
                BasicConstraints {
                    ca: true,
                    path_len_constraint: Some(0),
                }
                .to_extension(name, &[])?,
                KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign).to_extension(name, &[])?,
                key_identifier.to_extension(name, &[])?,
            ],
            Role::Leaf => vec![
                // `false` is the default and leaves the sequence empty, but C2PA wants the extension there and critical.
                (
                    true,
                    &BasicConstraints {
                        ca: false,
                        path_len_constraint: None,
                    },
                )
                    .to_extension(name, &[])?,
                KeyUsage(KeyUsages::DigitalSignature | KeyUsages::NonRepudiation).to_extension(name, &[])?,
                // Both: the policy of 2.4 asks for claim signing, c2pa 0.91 calls it invalid unless e-mail stands beside it.
                ExtendedKeyUsage(vec![oid::EKU_CLAIM_SIGNING, oid::EKU_EMAIL_PROTECTION]).to_extension(name, &[])?,
                key_identifier.to_extension(name, &[])?,
                AuthorityKeyIdentifier::try_from(issuer)?.to_extension(name, &[])?,
            ],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{self, Outcome, Rule};
    use crate::testing::{NOW, rng};

    fn subject() -> Subject {
        Subject::new("Example Ltd", "Image service")
            .unwrap()
            .with_country("DE")
            .unwrap()
    }

    #[test]
    fn a_leaf_meets_the_profile_and_its_root_signed_it() {
        let root = issue_root(&subject(), Algorithm::Ed25519, NOW, &mut rng(1)).unwrap();
        let leaf = issue_leaf(&root, &subject(), NOW, &mut rng(2)).unwrap();
        let unmet: Vec<_> = profile::check(&leaf.certificate, profile::Role::ClaimSigner)
            .into_iter()
            .filter(|finding| finding.outcome != Outcome::Met)
            .map(|finding| finding.rule)
            .collect();
        // Those two need a certificate authority with a responder and a policy of C2PA's.
        assert_eq!(unmet, [Rule::CertificatePolicies, Rule::OcspResponder]);
        assert!(leaf.certificate.is_signed_by(&root.certificate) && !leaf.certificate.is_self_issued());
        let parts = leaf.certificate.subject();
        assert_eq!(parts.country.as_deref(), Some("DE"));
        assert_eq!(parts.organisation.as_deref(), Some("Example Ltd"));
        assert_eq!(parts.common_name.as_deref(), Some("Image service"));
        assert_eq!(
            leaf.certificate.issuer().common_name.as_deref(),
            Some("Image service root CA")
        );
    }

    #[test]
    fn dates_are_those_of_the_policy() {
        let root = issue_root(&subject(), Algorithm::Ed25519, NOW, &mut rng(1)).unwrap();
        let leaf = issue_leaf(&root, &subject(), NOW + Duration::days(1), &mut rng(2)).unwrap();
        assert_eq!(leaf.certificate.not_before(), NOW + Duration::days(1) - BACKDATING);
        assert_eq!(
            leaf.certificate.not_after() - leaf.certificate.not_before(),
            LEAF_VALIDITY
        );
        assert_eq!(
            root.certificate.not_after() - root.certificate.not_before(),
            ROOT_VALIDITY
        );
        let late = issue_leaf(&root, &subject(), NOW + ROOT_VALIDITY - Duration::days(9), &mut rng(3)).unwrap();
        assert_eq!(late.certificate.not_after(), root.certificate.not_after());
        let over = issue_leaf(&root, &subject(), NOW + ROOT_VALIDITY, &mut rng(3)).unwrap_err();
        assert_eq!(over, Error::Dates(DatesFault::Expired(root.certificate.not_after())));
        let early = issue_leaf(&root, &subject(), NOW - Duration::days(1), &mut rng(3)).unwrap_err();
        assert_eq!(
            early,
            Error::Dates(DatesFault::NotYetValid(root.certificate.not_before()))
        );
    }

    #[test]
    fn a_root_is_an_authority_for_leaves_alone() {
        let root = issue_root(&subject(), Algorithm::Ed25519, NOW, &mut rng(1))
            .unwrap()
            .certificate;
        let (critical, constraints) = root.basic_constraints().unwrap();
        assert!(critical && constraints.ca && constraints.path_len_constraint == Some(0));
        let (critical, usage) = root.key_usage().unwrap();
        assert!(critical && usage.key_cert_sign() && usage.crl_sign() && !usage.digital_signature());
        assert!(root.is_self_signed());
    }

    #[test]
    fn serial_numbers_are_positive_and_long() {
        for seed in 0..32 {
            let root = issue_root(&subject(), Algorithm::Ed25519, NOW, &mut rng(seed))
                .unwrap()
                .certificate;
            assert_eq!(root.serial().len(), SERIAL_OCTETS);
            assert!(root.serial()[0] < 0x80);
        }
    }

    #[test]
    fn only_a_matching_authority_issues() {
        let root = issue_root(&subject(), Algorithm::Ed25519, NOW, &mut rng(1)).unwrap();
        let leaf = issue_leaf(&root, &subject(), NOW, &mut rng(2)).unwrap();
        let not_an_issuer = Error::Signer(SignerFault::NotAnIssuer);
        assert_eq!(
            issue_leaf(&leaf, &subject(), NOW, &mut rng(3)).unwrap_err(),
            not_an_issuer
        );
        let mixed = Credential {
            key: leaf.key,
            certificate: root.certificate,
        };
        assert_eq!(
            issue_leaf(&mixed, &subject(), NOW, &mut rng(3)).unwrap_err(),
            not_an_issuer
        );
    }

    #[test]
    fn subjects_are_checked() {
        let cases = [
            (" ", "x", SubjectFault::Empty("organisation")),
            ("x", "", SubjectFault::Empty("common name")),
            ("x\ny", "x", SubjectFault::ControlCharacters("organisation")),
            (&"ü".repeat(65), "x", SubjectFault::TooLong("organisation", 64)),
            ("x", &"x".repeat(57), SubjectFault::TooLong("common name", 56)),
        ];
        for (organisation, common_name, expected) in cases {
            assert_eq!(
                Subject::new(organisation, common_name).unwrap_err(),
                Error::Subject(expected)
            );
        }
        for country in ["de", "D", "DEU", "D€"] {
            assert_eq!(
                subject().with_country(country).unwrap_err(),
                Error::Subject(SubjectFault::Country)
            );
        }
        let longest = Subject::new(&"ü".repeat(64), &"x".repeat(56)).unwrap();
        assert!(issue_root(&longest, Algorithm::Ed25519, NOW, &mut rng(1)).is_ok());
        assert!(Subject::new(LOCAL_ORGANISATION, "touchmark").is_ok_and(|subject| subject == Subject::local()));
    }
}
