//! What a caller asks of a picture, and whether a verdict meets it (the table of interface.md).

use super::rules::Rule;
use super::verdict::{Ai, Credentials, Integrity, SignerAxis, Verdict};

/// The rules by which unsigned labels, or labels against the signed record, claim generative AI.
const CLAIMS_OF_AI: [Rule; 3] = [
    Rule::LabelsClaimAi,
    Rule::LabelsSayAiAgainstRecord,
    Rule::SourceTypeOmitted,
];

/// A policy of `verify`: what is required, and whether statements of AI are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Policy {
    /// What must hold.
    pub require: Requirement,
    /// Whether any statement or claim of generative AI means "not met".
    pub refuse_ai: bool,
}

/// What a policy requires, strictest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Requirement {
    /// Trusted, and it says that AI made or edited it.
    AiStated,
    /// Signed, unchanged, the signer on a list in force.
    #[default]
    Trusted,
    /// Signed and unchanged, whoever signed.
    Intact,
    /// Any mark at all.
    Marked,
    /// Nothing: report only.
    None,
}

impl Policy {
    /// Whether the verdict meets the policy. Speaks of the policy, never of the picture.
    pub fn is_met(&self, verdict: &Verdict) -> bool {
        // A claim counts beside a signed statement of something else, too: then the axis has the signer's.
        let says_ai = matches!(verdict.ai, Ai::Stated | Ai::Claimed)
            || verdict.reasons().any(|reason| CLAIMS_OF_AI.contains(&reason.rule));
        !(self.refuse_ai && says_ai) && self.require.is_met(verdict)
    }
}

impl Requirement {
    fn is_met(self, verdict: &Verdict) -> bool {
        // Where layers disagree, no policy that asks for something is met (interface.md, the table of verdicts).
        if verdict.level == super::Level::Clashing {
            return self == Self::None;
        }
        let signed = matches!(verdict.credentials, Credentials::Trusted | Credentials::Untrusted);
        match self {
            Self::AiStated => verdict.credentials == Credentials::Trusted && verdict.ai == Ai::Stated,
            Self::Trusted => verdict.credentials == Credentials::Trusted,
            Self::Intact => signed && verdict.integrity == Integrity::Intact && verdict.signer != SignerAxis::Revoked,
            Self::Marked => signed || matches!(verdict.level, super::Level::Recovered | super::Level::Claimed),
            Self::None => true,
        }
    }
}
