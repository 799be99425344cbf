//! Certificates of every kind, those that no honest authority would issue included: `touchmark-signing` rightly cannot
//! make them.

use std::error::Error;

use ed25519_dalek::pkcs8::EncodePublicKey;
use ed25519_dalek::{Signer, SigningKey};
use time::OffsetDateTime;
use time::macros::datetime;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{self, Builder, CertificateBuilder};
use x509_cert::certificate::TbsCertificate;
use x509_cert::der::asn1::{Any, OctetString, Utf8StringRef};
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::{DateTime, Decode, Encode};
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages};
use x509_cert::ext::{Extension, ToExtension};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};
use x509_cert::time::{Time, Validity};

use crate::seeded;

/// `c2pa-kp-claimSigning` and `id-kp-emailProtection`: what a claim signer has.
pub const CLAIM_SIGNING: &[ObjectIdentifier] = &[
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.62558.2.1"),
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.4"),
];
/// `id-kp-timeStamping`: what a time-stamp authority has.
pub const TIME_STAMPING: &[ObjectIdentifier] = &[ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8")];

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const ORGANISATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
/// An extension that nobody has defined.
const UNKNOWN_EXTENSION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.25.1");

/// What a certificate says.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The organisation, as readers show it. The key is derived from it and from the common name.
    pub organisation: String,
    /// The common name.
    pub common_name: String,
    /// The first and last second of its validity.
    pub valid: (OffsetDateTime, OffsetDateTime),
    /// Whether it is an authority that may issue others.
    pub authority: bool,
    /// Its extended key usages.
    pub purposes: &'static [ObjectIdentifier],
    /// Whether it has a critical extension that nobody knows.
    pub unknown_critical: bool,
    /// Further extensions: what, whether critical, and the DER.
    pub extensions: Vec<(ObjectIdentifier, bool, Vec<u8>)>,
    /// The public key that stands in it (`SubjectPublicKeyInfo`, DER) in place of the one that belongs to it.
    pub public_key: Option<Vec<u8>>,
}

/// A private key, its certificate and the name in it.
#[derive(Debug, Clone)]
pub struct Holder {
    /// The key.
    pub key: SigningKey,
    /// The certificate, DER.
    pub certificate: Vec<u8>,
    name: Name,
}

/// A key for ES256, its certificate and the name in it: neither time-stamps nor answers about revocation are signed with
/// Ed25519 (C2PA 2.2, 14.5.1.1).
#[derive(Debug, Clone)]
pub struct EcHolder {
    key: p256::ecdsa::SigningKey,
    /// The certificate, DER.
    pub certificate: Vec<u8>,
    name: Name,
}

impl EcHolder {
    /// The signature over a message, as X.509 has it; the same each time (RFC 6979).
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signature: p256::ecdsa::DerSignature = self.key.sign(message);
        signature.as_bytes().to_vec()
    }
}

impl Plan {
    /// An impeccable claim signer, valid around [`crate::keys::JUDGED_AT`].
    pub fn signer(organisation: &str) -> Self {
        Self {
            organisation: organisation.to_owned(),
            common_name: "Image signer".to_owned(),
            valid: (datetime!(2026-10-01 00:00 UTC), datetime!(2027-09-30 23:59:59 UTC)),
            authority: false,
            purposes: CLAIM_SIGNING,
            unknown_critical: false,
            extensions: Vec::new(),
            public_key: None,
        }
    }

    /// An authority of ten years.
    pub fn authority(organisation: &str) -> Self {
        Self {
            common_name: "Root CA".to_owned(),
            valid: (datetime!(2024-01-01 00:00 UTC), datetime!(2033-12-31 23:59:59 UTC)),
            authority: true,
            purposes: &[],
            ..Self::signer(organisation)
        }
    }

    /// The certificate, signed by its own key.
    ///
    /// # Errors
    /// Those of the encoder; none is expected.
    pub fn self_signed(&self) -> Result<Holder, Box<dyn Error>> {
        let (key, name) = (self.key(), self.name()?);
        self.build(key.clone(), name.clone(), &key, name)
    }

    /// The certificate, signed by the issuer, whether it may issue or not.
    ///
    /// # Errors
    /// Those of the encoder; none is expected.
    pub fn issued_by(&self, issuer: &Holder) -> Result<Holder, Box<dyn Error>> {
        self.build(self.key(), self.name()?, &issuer.key, issuer.name.clone())
    }

    /// The same with a key for ES256.
    ///
    /// # Errors
    /// Those of the encoder; none is expected.
    pub fn ec_issued_by(&self, issuer: &Holder) -> Result<EcHolder, Box<dyn Error>> {
        let key = p256::ecdsa::SigningKey::from_slice(&self.seed())?;
        let (name, info) = (self.name()?, key.verifying_key().to_public_key_der()?);
        let builder = self.builder(name.clone(), info.as_bytes(), issuer.name.clone())?;
        Ok(EcHolder {
            key,
            certificate: builder.build::<_, ed25519_dalek::Signature>(&issuer.key)?.to_der()?,
            name,
        })
    }

    /// The certificate, signed by an issuer with a key for ES256.
    ///
    /// # Errors
    /// Those of the encoder; none is expected.
    pub fn issued_by_ec(&self, issuer: &EcHolder) -> Result<Holder, Box<dyn Error>> {
        let (key, name) = (self.key(), self.name()?);
        let info = key.verifying_key().to_public_key_der()?;
        let builder = self.builder(name.clone(), info.as_bytes(), issuer.name.clone())?;
        Ok(Holder {
            key,
            certificate: builder.build::<_, p256::ecdsa::DerSignature>(&issuer.key)?.to_der()?,
            name,
        })
    }

    fn key(&self) -> SigningKey {
        SigningKey::from_bytes(&self.seed())
    }

    fn seed(&self) -> [u8; 32] {
        seeded::bytes(&format!("{}, {}", self.organisation, self.common_name))
    }

    fn name(&self) -> Result<Name, Box<dyn Error>> {
        let mut sequence = RdnSequence::default();
        for (oid, text) in [(ORGANISATION, &self.organisation), (COMMON_NAME, &self.common_name)] {
            let value = Any::encode_from(&Utf8StringRef::new(text)?)?;
            sequence.push(RelativeDistinguishedName::try_from(vec![AttributeTypeAndValue {
                oid,
                value,
            }])?);
        }
        Ok(Name::from_der(&sequence.to_der()?)?)
    }

    fn build(&self, key: SigningKey, name: Name, by: &SigningKey, issuer: Name) -> Result<Holder, Box<dyn Error>> {
        let own = key.verifying_key().to_public_key_der()?;
        let info = self.public_key.as_deref().unwrap_or(own.as_bytes());
        let builder = self.builder(name.clone(), info, issuer)?;
        let certificate = builder.build::<_, ed25519_dalek::Signature>(by)?.to_der()?;
        Ok(Holder { key, certificate, name })
    }

    fn builder(&self, name: Name, key: &[u8], issuer: Name) -> Result<CertificateBuilder<Profile>, Box<dyn Error>> {
        let [first, .., last] = seeded::bytes(&self.common_name);
        // Positive, and no leading zero.
        let serial = SerialNumber::new(&[0x40 | (first & 0x3F), last])?;
        let validity = Validity::new(seconds(self.valid.0)?, seconds(self.valid.1)?);
        let profile = Profile {
            plan: self.clone(),
            name,
            issuer,
        };
        let key = SubjectPublicKeyInfoOwned::from_der(key)?;
        Ok(CertificateBuilder::new(profile, serial, validity, key)?)
    }
}

fn seconds(at: OffsetDateTime) -> Result<Time, Box<dyn Error>> {
    let since = std::time::Duration::from_secs(u64::try_from(at.unix_timestamp())?);
    Ok(Time::from(DateTime::from_unix_duration(since)?))
}

struct Profile {
    plan: Plan,
    name: Name,
    issuer: Name,
}

impl BuilderProfile for Profile {
    fn get_issuer(&self, _: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.name.clone()
    }

    fn build_extensions(
        &self,
        _: SubjectPublicKeyInfoRef<'_>,
        issuer: SubjectPublicKeyInfoRef<'_>,
        _: &TbsCertificate,
    ) -> builder::Result<Vec<Extension>> {
        let constraints = BasicConstraints {
            ca: self.plan.authority,
            path_len_constraint: None,
        };
        let usage = match self.plan.authority {
            true => KeyUsages::KeyCertSign | KeyUsages::CRLSign,
            false => KeyUsages::DigitalSignature | KeyUsages::NonRepudiation,
        };
        let mut extensions = vec![
            (true, &constraints).to_extension(&self.name, &[])?,
            KeyUsage(usage).to_extension(&self.name, &[])?,
            AuthorityKeyIdentifier::try_from(issuer)?.to_extension(&self.name, &[])?,
        ];
        if !self.plan.purposes.is_empty() {
            extensions.push(ExtendedKeyUsage(self.plan.purposes.to_vec()).to_extension(&self.name, &[])?);
        }
        if self.plan.unknown_critical {
            extensions.push(Extension {
                extn_id: UNKNOWN_EXTENSION,
                critical: true,
                extn_value: OctetString::new([0x05, 0x00])?,
            });
        }
        for (extn_id, critical, der) in &self.plan.extensions {
            extensions.push(Extension {
                extn_id: *extn_id,
                critical: *critical,
                extn_value: OctetString::new(der.as_slice())?,
            });
        }
        Ok(extensions)
    }
}
