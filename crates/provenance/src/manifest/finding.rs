//! What was found out about a picture's manifest store: plain results, each step's outcome in a field of its own.

use time::OffsetDateTime;
use touchmark_signing::trust::{Revocation, SignerTrust, Standing};

use super::binding::Binding;
use super::source_type::SourceType;
use super::status::{Gravity, Status, StatusKind};
use super::summary::Manifest;

/// What the manifest layer of a picture is.
#[derive(Debug)]
pub enum ManifestFinding {
    /// The file carries no manifest store.
    Absent {
        /// The address of a manifest kept elsewhere, where the file names one. Nothing was fetched.
        remote: Option<String>,
    },
    /// The format is not one in which manifests are read.
    UnsupportedFormat,
    /// There is a manifest store, and it cannot be read.
    Unreadable {
        /// The statuses reported before reading ended.
        statuses: Vec<Status>,
        /// Why, in the C2PA library's words or in ours.
        detail: String,
    },
    /// There is a manifest store, and it breaks a rule by which reading ended.
    Rejected {
        /// The C2PA status code of that rule.
        code: &'static str,
        /// The C2PA library's account.
        detail: String,
    },
    /// A manifest store was read.
    Read(Box<Reading>),
}

/// A manifest store that was read, and the outcome of every check.
#[derive(Debug)]
pub struct Reading {
    /// The active manifest first, then the others in the store.
    pub manifests: Vec<Manifest>,
    /// Every status: what c2pa reported, what earlier programs recorded of ingredients, and what our own look at boxes and
    /// history adds. Raw evidence.
    pub statuses: Vec<Status>,
    /// Whether the active claim's signature holds.
    pub signature: Signature,
    /// Whether the content is what was signed.
    pub binding: Binding,
    /// The signer's standing at the time that counts.
    pub signer: SignerTrust,
    /// What is known of the revocation of the signer's certificate at that time, from what lies beside the signature.
    pub revocation: Revocation,
    /// The places of the manifests about this very content: the active one, and where that is an update, which changes none
    /// (C2PA 2.2, 11.2.3), those before it down to the one that is bound.
    pub(super) of_content: Vec<usize>,
    /// The standing of the signers of the other manifests, in their order.
    pub(super) others: Vec<SignerTrust>,
    /// Whether each of the other manifests is what its signer signed, and part of the active one's history.
    pub(super) as_signed: Vec<bool>,
    /// The time of a time-stamp on the active signature.
    pub signing_time: Option<SigningTime>,
    pub(super) verified: Option<VerifiedClaim>,
}

/// Whether a claim's signature holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    /// It was made over this claim by the key in the certificate.
    Holds,
    /// It was not.
    Fails,
    /// It could not be checked.
    Unchecked,
}

/// The time that a time-stamp states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SigningTime {
    /// The time.
    pub time: OffsetDateTime,
    /// Whether the time-stamp is valid and its authority on a time-stamp list in force.
    pub trusted: bool,
}

/// A claim whose signature, record and binding were checked and hold. Says nothing about who signed.
///
/// Only [`ManifestReader::read`](super::ManifestReader::read) and
/// [`read_beside`](super::ManifestReader::read_beside) make one.
#[derive(Debug)]
pub struct VerifiedClaim {
    pub(super) label: String,
}

impl VerifiedClaim {
    /// The label of the manifest.
    pub fn label(&self) -> &str {
        &self.label
    }
}

impl Reading {
    /// The active manifest: the first. A store without one is [`Unreadable`](ManifestFinding::Unreadable).
    pub fn active(&self) -> Option<&Manifest> {
        self.manifests.first()
    }

    /// Whether the manifest at `index` is about this very content, and not about something that went into it: the active one,
    /// and those that it updates.
    pub fn is_of_content(&self, index: usize) -> bool {
        self.of_content.contains(&index)
    }

    /// The strongest statement about generative AI that is attributed to a signer of this very content.
    pub fn source_type(&self) -> Option<SourceType> {
        let manifests = self.of_content.iter().filter_map(|index| self.manifests.get(*index));
        manifests.filter_map(|manifest| manifest.source_type).max()
    }

    /// The active claim, if signature, record and binding hold.
    pub fn verified(&self) -> Option<&VerifiedClaim> {
        self.verified.as_ref()
    }

    /// The standing of the signer of the manifest at `index` in [`manifests`](Self::manifests).
    pub fn standing_of(&self, index: usize) -> Option<&Standing> {
        match index.checked_sub(1) {
            None => Some(self.signer.standing()),
            Some(other) => self.others.get(other).map(SignerTrust::standing),
        }
    }

    /// Whether the manifest at `index` can be reached from the active one and is, to the byte, what its signer signed, and
    /// nobody recorded a failure of it. Looked at by ourselves, never concluded from silence; of the active one it means
    /// that its claim was verified.
    pub fn is_as_signed(&self, index: usize) -> bool {
        match index.checked_sub(1) {
            None => self.verified.is_some(),
            Some(other) => self.as_signed.get(other).copied().unwrap_or_default(),
        }
    }

    /// The failures that mean this.
    pub fn failures(&self, gravity: Gravity) -> impl Iterator<Item = &Status> {
        self.statuses
            .iter()
            .filter(move |status| status.kind == StatusKind::Failure && status.gravity() == gravity)
    }
}
