//! Exit codes: constants that scripts rely on. Additive changes only.

use touchmark::Policy;
use touchmark::evidence::{Integrity, Level, SignerAxis, Verdict};

/// Done; for `verify`: the policy is met. Speaks of the policy, never of the picture.
pub const DONE: u8 = 0;
/// touchmark could not do its work; the stable error code says which part.
pub const FAILED: u8 = 1;
/// The command line was not understood.
pub const USAGE: u8 = 2;
/// Of several files, some did not meet the policy or failed. Of one: what a trusted signer says of AI is not what the policy
/// asks for, or what a command other than `verify` and `stamp` checks fails.
pub const SOME_NOT_MET: u8 = 3;
/// Nothing found, which tells nothing about how the picture was made.
pub const NOTHING_FOUND: u8 = 10;
/// Only labels that anyone can write, or an invisible mark.
pub const LABELS_ONLY: u8 = 11;
/// A record recovered by watermark or fingerprint.
pub const RECOVERED: u8 = 12;
/// Signed and unchanged, by a signer on none of the lists in force.
pub const SIGNER_NOT_LISTED: u8 = 13;
/// Signed and unchanged, the certificate expired without a trusted time-stamp, or revoked.
pub const EXPIRED_OR_REVOKED: u8 = 14;
/// Signed, but part of the file is not protected by the signature.
pub const PARTLY_PROTECTED: u8 = 15;
/// Changed since it was signed, or the signature or certificate fails.
pub const BROKEN: u8 = 20;
/// Layers disagree.
pub const CLASHING: u8 = 21;
/// There is a manifest, and it cannot be read.
pub const MALFORMED: u8 = 22;
/// Not a picture that touchmark can read, or over a limit.
pub const NOT_A_PICTURE: u8 = 30;
/// `stamp`: the picture is already marked; nothing was written.
pub const ALREADY_MARKED: u8 = 42;
/// `stamp`: the self-check failed; nothing was written.
pub const SELF_CHECK_FAILED: u8 = 43;
/// A bug in touchmark.
pub const BUG: u8 = 70;

/// The exit code of one verified file: 0 where the policy is met, else the code of its finding.
pub fn of_verdict(verdict: &Verdict, policy: &Policy) -> u8 {
    if policy.is_met(verdict) {
        DONE
    } else {
        of_finding(verdict)
    }
}

fn of_finding(verdict: &Verdict) -> u8 {
    match verdict.level {
        // A statement of AI is refused, or required and missing: nothing is wrong with the file, the policy is not met.
        Level::Attested => SOME_NOT_MET,
        Level::SignedHere => SIGNER_NOT_LISTED,
        Level::Signed => match (verdict.integrity, verdict.signer) {
            (Integrity::PartlyProtected, _) => PARTLY_PROTECTED,
            (_, SignerAxis::Expired | SignerAxis::Revoked) => EXPIRED_OR_REVOKED,
            _ => SIGNER_NOT_LISTED,
        },
        Level::Recovered => RECOVERED,
        Level::Claimed => LABELS_ONLY,
        Level::Broken => BROKEN,
        Level::Clashing => CLASHING,
        Level::Malformed => MALFORMED,
        Level::Unknown => NOTHING_FOUND,
        _ => FAILED,
    }
}
