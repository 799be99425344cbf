//! Trust lists: the certificates that somebody vouches for, read from PEM under limits, with the list's name, purpose,
//! dates and digest, so that a report can say exactly what it relied on.
#![warn(clippy::indexing_slicing)]

use std::sync::LazyLock;

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use sha2::{Digest, Sha256};
use time::Date;

use crate::certificate::Certificate;
use crate::error::{Result, TrustListFault};
use crate::issue::LOCAL_ORGANISATION;

/// The largest PEM that is read as a list, in bytes: the largest published ones have about 250,000.
pub const MAX_LIST_BYTES: usize = 4 * 1024 * 1024;
/// The most certificates in a list: the largest published one has 117.
pub const MAX_LIST_CERTIFICATES: usize = 2000;

/// What a list vouches for. Purposes are never mixed: a time-stamp authority does not make a signer trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Purpose {
    /// Signers of claims, in force.
    Signers,
    /// Signers of claims on a list that is no longer kept up: worth naming, not worth trusting.
    Legacy,
    /// Time-stamp authorities (RFC 3161).
    Timestamps,
}

/// A list of trust anchors for one purpose.
///
/// Certificate authorities in it anchor chains; certificates of single signers in it (an "allowed list") vouch for
/// exactly that certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustList {
    name: String,
    purpose: Purpose,
    issued: Option<Date>,
    next_update: Option<Date>,
    certificates: Certificates,
    sha256: [u8; 32],
    skipped: Vec<Skipped>,
}

/// The certificates of a list. Those of a list that ships with touchmark are read when first asked for: many signers are
/// judged without.
#[derive(Debug, Clone)]
enum Certificates {
    Read(Vec<Certificate>),
    Shipped {
        count: usize,
        read: &'static LazyLock<Vec<Certificate>>,
    },
}

impl Certificates {
    fn all(&self) -> &[Certificate] {
        match self {
            Self::Read(certificates) => certificates,
            Self::Shipped { read, .. } => read,
        }
    }
}

impl PartialEq for Certificates {
    fn eq(&self, other: &Self) -> bool {
        self.all() == other.all()
    }
}

impl Eq for Certificates {}

/// A section of a list's PEM that is no anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Skipped {
    /// Its place among the certificates of the PEM, from 1.
    pub position: usize,
    /// Why it was skipped.
    pub why: SkipReason,
}

/// Why a section of a list is no anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SkipReason {
    /// Its encoding is broken, or it is too large.
    Malformed,
    /// It stands in the list already.
    Repeated,
}

/// All lists in force, and the roots of this machine's own identities.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrustLists {
    lists: Vec<TrustList>,
    local_roots: Vec<Certificate>,
}

impl TrustList {
    /// Reads a list from PEM. Certificates that cannot be read are skipped and named in [`TrustList::skipped`]; the
    /// name is what reports show.
    ///
    /// # Errors
    /// [`TrustListFault`]: too large, no usable certificate, or a local identity among them (see
    /// [`LOCAL_ORGANISATION`]): making that trusted would defeat its meaning.
    pub fn from_pem(name: &str, purpose: Purpose, pem: &[u8]) -> Result<Self> {
        let list = Self::parse(name, purpose, pem)?;
        if list.is_empty() {
            return Err(TrustListFault::Empty.into());
        }
        if list.certificates().iter().any(names_local_identity) {
            return Err(TrustListFault::LocalIdentity.into());
        }
        Ok(list)
    }

    /// Adds the dates that its publisher states: when it was issued, and when the next one is due.
    pub fn with_dates(self, issued: Option<Date>, next_update: Option<Date>) -> Self {
        Self {
            issued,
            next_update,
            ..self
        }
    }

    /// States another digest: that of the file as published, where the PEM was made from it.
    pub fn with_sha256(self, sha256: [u8; 32]) -> Self {
        Self { sha256, ..self }
    }

    /// What reports call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it vouches for.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The day of its publication, where known.
    pub fn issued(&self) -> Option<Date> {
        self.issued
    }

    /// The day on which the next version is due, where known.
    pub fn next_update(&self) -> Option<Date> {
        self.next_update
    }

    /// Whether the next version was due before `today`.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.next_update.is_some_and(|due| due < today)
    }

    /// The certificates it vouches for, each once.
    pub fn certificates(&self) -> &[Certificate] {
        self.certificates.all()
    }

    /// How many certificates it vouches for.
    pub fn len(&self) -> usize {
        match &self.certificates {
            Certificates::Read(certificates) => certificates.len(),
            Certificates::Shipped { count, .. } => *count,
        }
    }

    /// Whether it vouches for nobody.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// SHA-256 of the file it was read from.
    pub fn sha256(&self) -> [u8; 32] {
        self.sha256
    }

    /// What was in the PEM and is no anchor.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// A list that ships with touchmark, whose certificates are read when first asked for. `count` and `sha256` are what
    /// reading its PEM gives.
    pub(super) fn shipped(
        name: &str,
        purpose: Purpose,
        sha256: [u8; 32],
        count: usize,
        read: &'static LazyLock<Vec<Certificate>>,
    ) -> Self {
        Self {
            name: name.to_owned(),
            purpose,
            issued: None,
            next_update: None,
            certificates: Certificates::Shipped { count, read },
            sha256,
            skipped: Vec::new(),
        }
    }

    pub(super) fn parse(name: &str, purpose: Purpose, pem: &[u8]) -> Result<Self> {
        if pem.len() > MAX_LIST_BYTES {
            return Err(TrustListFault::TooLarge.into());
        }
        let (mut certificates, mut skipped) = (Vec::new(), Vec::new());
        for (position, der) in (1..).zip(CertificateDer::pem_slice_iter(pem)) {
            if position > MAX_LIST_CERTIFICATES {
                return Err(TrustListFault::TooMany.into());
            }
            let parsed = der.ok().and_then(|der| Certificate::from_der(&der).ok());
            match parsed {
                Some(certificate) if certificates.contains(&certificate) => {
                    skipped.push(Skipped {
                        position,
                        why: SkipReason::Repeated,
                    });
                }
                Some(certificate) => certificates.push(certificate),
                None => skipped.push(Skipped {
                    position,
                    why: SkipReason::Malformed,
                }),
            }
        }
        let sha256 = Sha256::digest(pem).into();
        Ok(Self {
            name: name.to_owned(),
            purpose,
            issued: None,
            next_update: None,
            certificates: Certificates::Read(certificates),
            sha256,
            skipped,
        })
    }
}

impl TrustLists {
    /// No list at all: every signer is unknown.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Adds a list. Two lists of the same purpose stand side by side.
    #[must_use]
    pub fn with(mut self, list: TrustList) -> Self {
        self.lists.push(list);
        self
    }

    /// Adds the root of an identity of this machine: what it signed is called "local", never trusted.
    #[must_use]
    pub fn with_local_root(mut self, root: Certificate) -> Self {
        self.local_roots.push(root);
        self
    }

    /// The lists, in the order in which they were added.
    pub fn lists(&self) -> &[TrustList] {
        &self.lists
    }

    /// The roots of this machine's identities.
    pub fn local_roots(&self) -> &[Certificate] {
        &self.local_roots
    }

    /// The lists of one purpose in an order of their own (name, then digest), so that no result depends on the order
    /// in which they were added.
    pub(super) fn of(&self, purpose: Purpose) -> Vec<&TrustList> {
        let mut lists: Vec<_> = self.lists.iter().filter(|list| list.purpose == purpose).collect();
        lists.sort_by_key(|list| (&list.name, list.sha256));
        lists
    }
}

/// Whether a certificate says that it belongs to the identity of somebody's first run, as subject or as issuer.
pub(super) fn names_local_identity(certificate: &Certificate) -> bool {
    [certificate.subject(), certificate.issuer()]
        .into_iter()
        .filter_map(|name| name.organisation.as_deref())
        .any(|organisation| organisation.trim().eq_ignore_ascii_case(LOCAL_ORGANISATION))
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::algorithm::Algorithm;
    use crate::error::Error;
    use crate::identity::Identity;
    use crate::issue::Subject;
    use crate::testing::{NOW, rng};

    fn root(subject: &Subject) -> String {
        Identity::new(subject, Algorithm::Ed25519, NOW, &mut rng(1))
            .unwrap()
            .root()
            .certificate
            .to_pem()
    }

    fn read(pem: &str) -> Result<TrustList> {
        TrustList::from_pem("test", Purpose::Signers, pem.as_bytes())
    }

    #[test]
    fn broken_and_repeated_certificates_are_named() {
        let root = root(&Subject::new("Example Ltd", "Root").unwrap());
        let pem = format!(
            "{root}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n\
             Subject\tCN=x\n-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----\n{root}"
        );
        let list = read(&pem).unwrap();
        assert_eq!(list.certificates().len(), 1);
        let skipped = |position, why| Skipped { position, why };
        let expected = [
            skipped(2, SkipReason::Malformed),
            skipped(3, SkipReason::Malformed),
            skipped(4, SkipReason::Repeated),
        ];
        assert_eq!(list.skipped(), expected);
    }

    #[test]
    fn what_is_no_list_is_refused() {
        let fault = |pem: &str| read(pem).unwrap_err();
        assert_eq!(fault(""), Error::TrustList(TrustListFault::Empty));
        assert_eq!(
            fault(&" ".repeat(MAX_LIST_BYTES + 1)),
            Error::TrustList(TrustListFault::TooLarge)
        );
        let empty_sections = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let many = empty_sections.repeat(MAX_LIST_CERTIFICATES + 1);
        assert_eq!(fault(&many), Error::TrustList(TrustListFault::TooMany));
    }

    #[test]
    fn a_local_identity_stands_on_no_list() {
        let shouting = Subject::new(&LOCAL_ORGANISATION.to_uppercase(), "x").unwrap();
        for subject in [Subject::local(), shouting] {
            assert_eq!(
                read(&root(&subject)).unwrap_err(),
                Error::TrustList(TrustListFault::LocalIdentity)
            );
        }
    }

    #[test]
    fn a_list_is_overdue_after_its_next_date() {
        let pem = root(&Subject::new("Example Ltd", "Root").unwrap());
        let list = read(&pem)
            .unwrap()
            .with_dates(Some(date!(2026 - 08 - 05)), Some(date!(2027 - 08 - 05)));
        assert!(!list.is_overdue(date!(2027 - 08 - 05)) && list.is_overdue(date!(2027 - 08 - 06)));
    }
}
