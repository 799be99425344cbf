//! The verdict: independent axes, never one yes or no, each resting on reasons.

use schemars::JsonSchema;
use serde::Serialize;

use super::rules::Rule;
use super::signals::Signals;
use crate::findings::{Layer, Why};

/// What touchmark concludes about one picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The axes in one word.
    pub level: Level,
    /// What the credentials are worth.
    pub credentials: Credentials,
    /// Whether the content is what was signed.
    pub integrity: Integrity,
    /// Who signed, as far as it is known.
    pub signer: SignerAxis,
    /// What is said about generative AI, and by whom.
    pub ai: Ai,
    /// How much of the picture that statement means.
    pub extent: Extent,
    /// The layers that were not examined.
    pub not_examined: Vec<(Layer, Why)>,
    /// The layers that were examined and hold nothing that bears on the verdict.
    pub irrelevant: Vec<Layer>,
    /// How the picture came to be and what was done to it, in the official words, where anything is said of it.
    pub signals: Option<Signals>,
    /// The place of the manifest that says what `ai` rests on.
    pub(crate) ai_manifest: Option<usize>,
    first: Reason,
    others: Vec<Reason>,
}

/// One thing that was found, by its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The rule.
    pub rule: Rule,
    /// The raw status codes or names that it rests on.
    pub codes: Vec<String>,
}

impl Reason {
    pub(super) fn new(rule: Rule) -> Self {
        Self {
            rule,
            codes: Vec::new(),
        }
    }
}

/// A verdict's axes before its reasons are attached.
pub(super) struct Axes {
    pub level: Level,
    pub credentials: Credentials,
    pub integrity: Integrity,
    pub signer: SignerAxis,
}

impl Verdict {
    /// A verdict cannot exist without reasons: one is an argument of its own. The weightiest comes first.
    pub(super) fn new(axes: Axes, ai: Ai, extent: Extent, mut first: Reason, mut others: Vec<Reason>) -> Self {
        others.sort_by_key(|reason| reason.rule.rank());
        if let Some(other) = others.first_mut().filter(|other| other.rule.rank() < first.rule.rank()) {
            std::mem::swap(&mut first, other);
            others.sort_by_key(|reason| reason.rule.rank());
        }
        let Axes {
            level,
            credentials,
            integrity,
            signer,
        } = axes;
        Self {
            level,
            credentials,
            integrity,
            signer,
            ai,
            extent,
            not_examined: Vec::new(),
            irrelevant: Vec::new(),
            signals: None,
            ai_manifest: None,
            first,
            others,
        }
    }

    /// The reasons, at least one, the weightiest first.
    pub fn reasons(&self) -> impl Iterator<Item = &Reason> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

macro_rules! axis {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            /// The word that stands for it in JSON.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }
    };
}

axis! {
    /// The verdict in one word.
    Level {
        /// Signed and unchanged, by a signer on a list in force.
        Attested = "attested",
        /// Signed and unchanged, by the identity that a first run on this machine made.
        SignedHere = "signed_here",
        /// Signed and unchanged, by a signer on no list in force; or signed, and part of the file is not protected.
        Signed = "signed",
        /// A record was found by watermark or fingerprint.
        Recovered = "recovered",
        /// Only labels that anyone can write, or an invisible mark.
        Claimed = "claimed",
        /// Content, record, signature or certificate is not as signed.
        Broken = "broken",
        /// Layers disagree.
        Clashing = "clashing",
        /// There is a manifest, and it cannot be read.
        Malformed = "malformed",
        /// Nothing was found, which tells nothing about how the picture was made.
        Unknown = "unknown",
    }
}

axis! {
    /// What the credentials are worth.
    Credentials {
        /// Signature, record and binding hold, and the signer chains to a list in force.
        Trusted = "trusted",
        /// They hold, and the signer does not; or they leave part of the file unprotected.
        Untrusted = "untrusted",
        /// A hash, the binding, the signature or a certificate rule fails.
        Invalid = "invalid",
        /// There is a manifest that cannot be read.
        Malformed = "malformed",
        /// There are none.
        None = "none",
    }
}

axis! {
    /// Whether the content is what was signed.
    Integrity {
        /// It is.
        Intact = "intact",
        /// What is protected is; part of the file never was.
        PartlyProtected = "partly_protected",
        /// It is not.
        Altered = "altered",
        /// There is nothing to compare it with.
        NotApplicable = "not_applicable",
    }
}

axis! {
    /// Who signed, as far as it is known.
    SignerAxis {
        /// On a list in force.
        Trusted = "trusted",
        /// On a legacy list only.
        Legacy = "legacy",
        /// The identity that a first run on this machine made.
        Local = "local",
        /// On no list.
        Unknown = "unknown",
        /// The certificate had expired and no trusted time-stamp is older.
        Expired = "expired",
        /// The certificate was revoked.
        Revoked = "revoked",
        /// The certificate breaks a rule, or the signature fails.
        Invalid = "invalid",
        /// A key that everybody has.
        TestKey = "test_key",
        /// Nobody signed.
        None = "none",
    }
}

axis! {
    /// What is said about generative AI, and by whom.
    Ai {
        /// A signer on a list in force says that generative AI made or edited it.
        Stated = "stated",
        /// Somebody else says so, or an unsigned label.
        Claimed = "claimed",
        /// What is said leaves it open.
        Possible = "possible",
        /// A signer on a list in force states another origin. Never "not AI".
        OtherOriginStated = "other_origin_stated",
        /// Nothing is said.
        Unknown = "unknown",
    }
}

axis! {
    /// How much of the picture a statement about AI means.
    Extent {
        /// All of it.
        Whole = "whole",
        /// A part of it.
        Part = "part",
        /// Something that went into it.
        Ingredient = "ingredient",
        /// Not said.
        Unknown = "unknown",
    }
}
