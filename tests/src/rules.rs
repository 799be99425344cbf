//! Certificates that break one rule each, byte by byte: neither OpenSSL nor `touchmark-signing` would make most of them.
//! `generate-certificates` writes them beside the session that examines them; keys and signatures are repeatable.

use std::error::Error;
use std::path::PathBuf;

use ed25519_dalek::{Signer as _, SigningKey};
use time::macros::{datetime, format_description};
use time::{Duration, OffsetDateTime};
use touchmark::SecretKey;
use touchmark_signing::{Algorithm, Certificate};
use x509_cert::der::Encode;
use x509_cert::der::oid::ObjectIdentifier;

use crate::seeded::{self, Seeded};

/// As of when the certificates are examined.
pub const EXAMINED_AT: OffsetDateTime = datetime!(2026-12-01 12:00 UTC);
const FROM: OffsetDateTime = datetime!(2026-11-01 0:00 UTC);

/// The folder of the session, with the certificates.
pub fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/cmd/keys-check.in"))
}

/// What a certificate says, every part of which may be wrong.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The version as encoded: 2 is version 3.
    pub version: u8,
    /// The serial number's octets as encoded.
    pub serial: Vec<u8>,
    /// The `AlgorithmIdentifier` of the signature, DER.
    pub signature_algorithm: Vec<u8>,
    /// Attributes of the subject: object identifier and text.
    pub subject: Vec<(&'static str, String)>,
    /// The first and the last second.
    pub valid: (OffsetDateTime, OffsetDateTime),
    /// The `SubjectPublicKeyInfo`, DER.
    pub public_key_info: Vec<u8>,
    /// Fields between key and extensions, DER.
    pub unique_ids: Vec<u8>,
    /// Extensions: object identifier, whether critical, value (DER).
    pub extensions: Vec<(&'static str, bool, Vec<u8>)>,
}

/// Who issues: a name and a key.
#[derive(Debug, Clone)]
pub struct Issuer {
    name: Vec<u8>,
    key: SigningKey,
    /// Its own certificate.
    pub certificate: Certificate,
}

const COUNTRY: &str = "2.5.4.6";
const ORGANISATION: &str = "2.5.4.10";
const COMMON_NAME: &str = "2.5.4.3";
const BASIC_CONSTRAINTS: &str = "2.5.29.19";
const KEY_USAGE: &str = "2.5.29.15";
const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
const SUBJECT_KEY_IDENTIFIER: &str = "2.5.29.14";
const AUTHORITY_KEY_IDENTIFIER: &str = "2.5.29.35";
const POLICIES: &str = "2.5.29.32";
const INFO_ACCESS: &str = "1.3.6.1.5.5.7.1.1";
const ASSURANCE_LEVEL: &str = "1.3.6.1.4.1.62558.3";
const PRODUCT_RECORD: &str = "1.3.6.1.4.1.62558.4";
const CLAIM_SIGNING: &str = "1.3.6.1.4.1.62558.2.1";
const EMAIL_PROTECTION: &str = "1.3.6.1.5.5.7.3.4";

impl Draft {
    /// A claim signer that keeps every rule of the profile and of the conformance programme.
    ///
    /// # Errors
    /// Those of the encoder; none is expected.
    pub fn signer(public_key_info: Vec<u8>) -> Result<Self, Box<dyn Error>> {
        Ok(Self {
            version: 2,
            serial: seeded::bytes("serial number of the signer")[..8]
                .iter()
                .map(|byte| byte & 0x7F | 1)
                .collect(),
            signature_algorithm: sequence(&[object("1.3.101.112")?]),
            subject: name("DE", "Example Ltd", "Image service"),
            valid: (FROM, FROM + Duration::days(365)),
            public_key_info,
            unique_ids: Vec::new(),
            extensions: vec![
                (BASIC_CONSTRAINTS, true, sequence(&[])),
                // digitalSignature and nonRepudiation.
                (KEY_USAGE, true, tlv(0x03, &[6, 0xC0])),
                (EXTENDED_KEY_USAGE, false, purposes(&[CLAIM_SIGNING, EMAIL_PROTECTION])?),
                (SUBJECT_KEY_IDENTIFIER, false, tlv(0x04, &[1; 20])),
                (AUTHORITY_KEY_IDENTIFIER, false, sequence(&[tlv(0x80, &[2; 20])])),
                (
                    POLICIES,
                    false,
                    sequence(&[sequence(&[object("1.3.6.1.4.1.62558.1.1")?])]),
                ),
                (INFO_ACCESS, false, info_access("1.3.6.1.5.5.7.48.1")?),
                (ASSURANCE_LEVEL, false, object("1.3.6.1.4.1.62558.3.10")?),
                (
                    PRODUCT_RECORD,
                    false,
                    tlv(0x0C, b"01234567-89ab-4cde-8f01-23456789abcd"),
                ),
            ],
        })
    }

    /// An authority that may issue, for ten years.
    ///
    /// # Errors
    /// Those of the encoder; none is expected.
    pub fn authority(common_name: &str, key: &SigningKey) -> Result<Self, Box<dyn Error>> {
        Ok(Self {
            serial: vec![1],
            subject: name("DE", "Example Authority", common_name),
            valid: (datetime!(2026-01-01 0:00 UTC), datetime!(2036-01-01 0:00 UTC)),
            extensions: vec![
                (BASIC_CONSTRAINTS, true, sequence(&[tlv(0x01, &[0xFF])])),
                // keyCertSign and cRLSign.
                (KEY_USAGE, true, tlv(0x03, &[1, 0x06])),
                (SUBJECT_KEY_IDENTIFIER, false, tlv(0x04, &[2; 20])),
                (AUTHORITY_KEY_IDENTIFIER, false, sequence(&[tlv(0x80, &[2; 20])])),
            ],
            ..Self::signer(public_key_info(key)?)?
        })
    }

    /// The certificate with this issuer's name and signature, DER.
    ///
    /// # Errors
    /// Those of the encoder; none is expected.
    pub fn issued_by(&self, issuer: &Issuer) -> Result<Vec<u8>, Box<dyn Error>> {
        self.signed(&issuer.name, &issuer.key)
    }

    fn signed(&self, issuer: &[u8], key: &SigningKey) -> Result<Vec<u8>, Box<dyn Error>> {
        let extensions: Result<Vec<_>, Box<dyn Error>> = self
            .extensions
            .iter()
            .map(|(id, critical, value)| {
                let critical = if *critical { tlv(0x01, &[0xFF]) } else { Vec::new() };
                Ok(sequence(&[object(id)?, critical, tlv(0x04, value)]))
            })
            .collect();
        let tbs = sequence(&[
            tlv(0xA0, &tlv(0x02, &[self.version])),
            tlv(0x02, &self.serial),
            self.signature_algorithm.clone(),
            issuer.to_vec(),
            sequence(&[date(self.valid.0)?, date(self.valid.1)?]),
            distinguished_name(&self.subject)?,
            self.public_key_info.clone(),
            self.unique_ids.clone(),
            tlv(0xA3, &sequence(&extensions?)),
        ]);
        let signature = key.sign(&tbs).to_bytes();
        let bits = [&[0], &signature[..]].concat();
        Ok(sequence(&[tbs, self.signature_algorithm.clone(), tlv(0x03, &bits)]))
    }

    fn without(&mut self, id: &str) {
        self.extensions.retain(|(known, ..)| *known != id);
    }

    fn with(&mut self, id: &'static str, critical: bool, value: Vec<u8>) {
        self.without(id);
        self.extensions.push((id, critical, value));
    }
}

impl Issuer {
    /// The root of the session.
    ///
    /// # Errors
    /// Those of the encoder; none is expected.
    pub fn root() -> Result<Self, Box<dyn Error>> {
        let key = key("root");
        let draft = Draft::authority("Example Root", &key)?;
        let name = distinguished_name(&draft.subject)?;
        let certificate = Certificate::from_der(&draft.signed(&name, &key)?)?;
        Ok(Self { name, key, certificate })
    }

    /// An authority below another, with the key of this name; `change` may spoil it.
    ///
    /// # Errors
    /// Those of the encoder; none is expected.
    pub fn below(above: &Self, key_name: &str, change: impl FnOnce(&mut Draft)) -> Result<Self, Box<dyn Error>> {
        let key = key(key_name);
        let mut draft = Draft::authority("Example Issuing CA", &key)?;
        change(&mut draft);
        let certificate = Certificate::from_der(&draft.issued_by(above)?)?;
        let name = distinguished_name(&draft.subject)?;
        Ok(Self { name, key, certificate })
    }
}

/// The signer's private key.
///
/// # Errors
/// Those of the signing crate; none is expected.
pub fn signer_key() -> Result<SecretKey, touchmark_signing::Error> {
    SecretKey::generate(Algorithm::Es256, &mut Seeded::new("key of the examined signer"))
}

/// Every file of the session's folder that is made here: name and text. The certificates are called after the rule that
/// they break, by its stable name.
///
/// # Errors
/// Those of the encoder; none is expected.
pub fn files() -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let root = Issuer::root()?;
    let sound = Draft::signer(signer_key()?.public_key_info()?)?;
    let mut files = vec![
        ("root.pem".to_owned(), root.certificate.to_pem()),
        ("key.pem".to_owned(), signer_key()?.to_pem()?.to_string()),
        (
            "other-key.pem".to_owned(),
            SecretKey::generate(Algorithm::Es256, &mut Seeded::new("another key"))?
                .to_pem()?
                .to_string(),
        ),
    ];
    for (name, change) in leaves()? {
        let mut draft = sound.clone();
        change(&mut draft);
        files.push((format!("{name}.pem"), pem(&draft.issued_by(&root)?)));
    }
    // Everybody has its key: fixtures/keys.
    let published = crate::keys::test_signer()?;
    files.push(("certificate.own-key.pem".to_owned(), published.certificate().to_pem()));
    let middle = Issuer::below(&root, "middle", |_| {})?;
    let impostor = Issuer::below(&root, "impostor", |_| {})?;
    let powerless = Issuer::below(&root, "powerless", |draft| {
        draft.with(BASIC_CONSTRAINTS, true, sequence(&[]));
    })?;
    let over = Issuer::below(&root, "over", |draft| draft.valid.1 = EXAMINED_AT - Duration::DAY)?;
    let hidden = Issuer::below(&root, "hidden", |_| {})?;
    // serverAuth.
    let elsewhere = purposes(&["1.3.6.1.5.5.7.3.1"])?;
    let limited = Issuer::below(&root, "limited", |draft| {
        draft.with(EXTENDED_KEY_USAGE, false, elsewhere);
    })?;
    let sha1_with_rsa = sequence(&[object("1.2.840.113549.1.1.5")?, tlv(0x05, &[])]);
    let dated = Issuer::below(&root, "dated", |draft| draft.signature_algorithm = sha1_with_rsa)?;
    let under = |issuer: &Issuer| sound.issued_by(issuer).map(|der| pem(&der));
    let of = |issuer: &Issuer| issuer.certificate.to_pem();
    let chains = [
        ("sound-chain", under(&middle)? + &of(&middle)),
        ("chain.members", under(&root)? + &of(&impostor)),
        ("chain.order", of(&middle) + &under(&middle)?),
        ("chain.signatures", under(&middle)? + &of(&impostor)),
        ("chain.issuers", under(&powerless)? + &of(&powerless)),
        ("chain.dates", under(&over)? + &of(&over)),
        ("chain.complete", under(&hidden)?),
        ("chain.path", under(&limited)? + &of(&limited)),
        ("chain.algorithms", under(&dated)? + &of(&dated) + &of(&root)),
    ];
    files.extend(chains.map(|(name, text)| (format!("{name}.pem"), text)));
    Ok(files)
}

type Change = Box<dyn Fn(&mut Draft)>;

/// What is done to a sound leaf, by the rule that it breaks.
fn leaves() -> Result<Vec<(&'static str, Change)>, Box<dyn Error>> {
    // Sizes of keys in octets: Ed448 (RFC 8410) and RSA.
    let ed448 = sequence(&[sequence(&[object("1.3.101.113")?]), bit_string(&[7; 57])]);
    let (short, exponent_1) = (rsa(128, &[1, 0, 1])?, rsa(256, &[1])?);
    let sha1_with_rsa = sequence(&[object("1.2.840.113549.1.1.5")?, tlv(0x05, &[])]);
    let any_purpose = purposes(&[CLAIM_SIGNING, EMAIL_PROTECTION, "2.5.29.37.0"])?;
    let email_alone = purposes(&[EMAIL_PROTECTION])?;
    let no_responder = info_access("1.3.6.1.5.5.7.48.2")?;
    let level_2 = object("1.3.6.1.4.1.62558.3.20")?;
    let other_policy = sequence(&[sequence(&[object("2.23.140.1.5.1.1")?])]);
    fn change(change: impl Fn(&mut Draft) + 'static) -> Change {
        Box::new(change)
    }
    fn dropping(id: &'static str) -> Change {
        Box::new(move |draft| draft.without(id))
    }
    fn nameless(id: &'static str) -> Change {
        Box::new(move |draft| draft.subject.retain(|(known, _)| *known != id))
    }
    Ok(vec![
        ("sound", change(|_| {})),
        ("certificate.version", change(|draft| draft.version = 1)),
        (
            "certificate.signature-algorithm",
            change(move |draft| draft.signature_algorithm.clone_from(&sha1_with_rsa)),
        ),
        (
            "certificate.key",
            change(move |draft| draft.public_key_info.clone_from(&ed448)),
        ),
        (
            "certificate.rsa-size",
            change(move |draft| draft.public_key_info.clone_from(&short)),
        ),
        (
            "certificate.rsa-exponent",
            change(move |draft| draft.public_key_info.clone_from(&exponent_1)),
        ),
        (
            "certificate.no-unique-ids",
            change(|draft| draft.unique_ids = tlv(0x81, &[0, 1])),
        ),
        (
            "certificate.extensions",
            change(|draft| draft.extensions.push(("1.2.3.4", true, tlv(0x05, &[])))),
        ),
        (
            "certificate.end-entity",
            change(|draft| draft.with(BASIC_CONSTRAINTS, true, sequence(&[tlv(0x01, &[0xFF])]))),
        ),
        // nonRepudiation alone.
        (
            "certificate.key-usage",
            change(|draft| draft.with(KEY_USAGE, true, tlv(0x03, &[6, 0x40]))),
        ),
        (
            "certificate.extended-key-usage",
            change(move |draft| draft.with(EXTENDED_KEY_USAGE, false, any_purpose.clone())),
        ),
        (
            "certificate.authority-key-identifier",
            dropping(AUTHORITY_KEY_IDENTIFIER),
        ),
        (
            "certificate.not-self-signed",
            change(|draft| draft.subject = name("DE", "Example Authority", "Example Root")),
        ),
        (
            "certificate.serial-number",
            change(|draft| draft.serial = vec![0x80, 1]),
        ),
        ("certificate.subject-key-identifier", dropping(SUBJECT_KEY_IDENTIFIER)),
        (
            "certificate.basic-constraints-critical",
            change(|draft| draft.with(BASIC_CONSTRAINTS, false, sequence(&[]))),
        ),
        // digitalSignature alone.
        (
            "certificate.key-usage-conformance",
            change(|draft| draft.with(KEY_USAGE, true, tlv(0x03, &[7, 0x80]))),
        ),
        (
            "certificate.extended-key-usage-conformance",
            change(move |draft| draft.with(EXTENDED_KEY_USAGE, false, email_alone.clone())),
        ),
        ("certificate.organisation", nameless(ORGANISATION)),
        ("certificate.country", nameless(COUNTRY)),
        ("certificate.common-name", nameless(COMMON_NAME)),
        (
            "certificate.validity-period",
            change(|draft| draft.valid.1 = FROM + Duration::days(367)),
        ),
        (
            "certificate.validity-period-level-2",
            change(move |draft| {
                draft.valid.1 = FROM + Duration::days(91);
                draft.with(ASSURANCE_LEVEL, false, level_2.clone());
            }),
        ),
        (
            "certificate.policies",
            change(move |draft| draft.with(POLICIES, false, other_policy.clone())),
        ),
        (
            "certificate.ocsp-responder",
            change(move |draft| draft.with(INFO_ACCESS, false, no_responder.clone())),
        ),
        ("certificate.assurance-level", dropping(ASSURANCE_LEVEL)),
        (
            "certificate.product-record",
            change(|draft| draft.with(PRODUCT_RECORD, false, tlv(0x0C, b"our product"))),
        ),
        (
            "certificate.dates",
            change(|draft| draft.valid = (FROM - Duration::days(300), EXAMINED_AT - Duration::SECOND)),
        ),
    ])
}

fn key(name: &str) -> SigningKey {
    SigningKey::from_bytes(&seeded::bytes(&format!("authority of examined certificates: {name}")))
}

fn name(country: &str, organisation: &str, common_name: &str) -> Vec<(&'static str, String)> {
    [
        (COUNTRY, country),
        (ORGANISATION, organisation),
        (COMMON_NAME, common_name),
    ]
    .map(|(id, text)| (id, text.to_owned()))
    .to_vec()
}

fn public_key_info(key: &SigningKey) -> Result<Vec<u8>, Box<dyn Error>> {
    Ok(sequence(&[
        sequence(&[object("1.3.101.112")?]),
        bit_string(key.verifying_key().as_bytes()),
    ]))
}

/// An RSA key that nobody can have: the modulus is no product of two primes that anyone knows.
pub(crate) fn rsa(octets: usize, exponent: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let modulus = [&[0][..], &vec![0xC5; octets]].concat();
    let numbers = sequence(&[tlv(0x02, &modulus), tlv(0x02, exponent)]);
    let algorithm = sequence(&[object("1.2.840.113549.1.1.1")?, tlv(0x05, &[])]);
    Ok(sequence(&[algorithm, bit_string(&numbers)]))
}

fn purposes(ids: &[&str]) -> Result<Vec<u8>, Box<dyn Error>> {
    Ok(sequence(
        &ids.iter().map(|id| object(id)).collect::<Result<Vec<_>, _>>()?,
    ))
}

fn info_access(method: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let location = tlv(0x86, b"http://ocsp.example.org");
    Ok(sequence(&[sequence(&[object(method)?, location])]))
}

pub(crate) fn distinguished_name(attributes: &[(&'static str, String)]) -> Result<Vec<u8>, Box<dyn Error>> {
    let parts: Result<Vec<_>, Box<dyn Error>> = attributes
        .iter()
        .map(|(id, text)| Ok(tlv(0x31, &sequence(&[object(id)?, tlv(0x0C, text.as_bytes())]))))
        .collect();
    Ok(sequence(&parts?))
}

/// `UTCTime` (RFC 5280, 4.1.2.5.1): all dates here lie before 2050.
fn date(at: OffsetDateTime) -> Result<Vec<u8>, Box<dyn Error>> {
    let format = format_description!("[year repr:last_two][month][day][hour][minute][second]Z");
    Ok(tlv(0x17, at.format(format)?.as_bytes()))
}

pub(crate) fn object(dotted: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    Ok(ObjectIdentifier::new(dotted)
        .map_err(|error| error.to_string())?
        .to_der()?)
}

fn bit_string(bytes: &[u8]) -> Vec<u8> {
    tlv(0x03, &[&[0], bytes].concat())
}

pub(crate) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

/// Tag, length in the shortest form, value (X.690, 8.1).
pub(crate) fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = value.len().to_be_bytes();
    let significant: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
    let header = match significant.as_slice() {
        [] => vec![tag, 0],
        [short] if *short < 0x80 => vec![tag, *short],
        long => [&[tag, 0x80 | long.len() as u8], long].concat(),
    };
    [&header, value].concat()
}

fn pem(der: &[u8]) -> String {
    x509_cert::der::pem::encode_string("CERTIFICATE", x509_cert::der::pem::LineEnding::LF, der).unwrap_or_default()
}
