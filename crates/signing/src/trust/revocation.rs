//! What answers about revocation that came with a signature are worth at a moment in time (C2PA 2.2, 15.9).
#![warn(clippy::indexing_slicing)]

use time::OffsetDateTime;

use super::list::TrustLists;
use crate::certificate::Certificate;
use crate::chain::MAX_CHAIN_CERTIFICATES;
use crate::ocsp::{CertificateStatus, OcspAnswer, OcspFault};

/// Answers that are looked at; C2PA stores one.
pub const MAX_REVOCATION_ANSWERS: usize = 8;

/// What is known of a signer's revocation. Nobody was asked: only what lies beside the signature counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    /// There is no answer.
    NotStated,
    /// The issuer says that it was not revoked at the time asked about.
    Good {
        /// From when the issuer knew.
        as_of: OffsetDateTime,
    },
    /// The issuer revoked it at or before the time asked about.
    Revoked {
        /// Since when.
        since: OffsetDateTime,
    },
    /// There are answers, and none can be used: the fault of the first.
    Unusable(OcspFault),
}

/// Weighs the answers (`OCSPResponse`, DER) that lie beside a signature by the first certificate of `chain` (DER), for
/// the time `at`. `at_is_shown` tells that a trusted time-stamp shows `at`: only then does a later revocation leave the
/// signature as it was.
///
/// The issuer's certificate is looked for in the chain and in the lists. One answer that says "revoked" outweighs others.
pub fn evaluate_revocation(
    answers: &[impl AsRef<[u8]>],
    chain: &[impl AsRef<[u8]>],
    lists: &TrustLists,
    at: OffsetDateTime,
    at_is_shown: bool,
) -> Revocation {
    if answers.is_empty() {
        return Revocation::NotStated;
    }
    let found = issuer(chain, lists);
    let mut result = None;
    for answer in answers.iter().take(MAX_REVOCATION_ANSWERS) {
        let one = match &found {
            Some((leaf, issuer)) => one(answer.as_ref(), leaf, issuer, at, at_is_shown),
            None => Revocation::Unusable(OcspFault::NoIssuer),
        };
        result = match (result, one) {
            (_, Revocation::Revoked { .. }) => return one,
            (Some(good @ Revocation::Good { .. }), _) => Some(good),
            (_, Revocation::Good { .. }) | (None, _) => Some(one),
            (earlier, _) => earlier,
        };
    }
    result.unwrap_or(Revocation::NotStated)
}

fn one(answer: &[u8], leaf: &Certificate, issuer: &Certificate, at: OffsetDateTime, at_is_shown: bool) -> Revocation {
    let answer = match OcspAnswer::check(answer, leaf, issuer) {
        Ok(answer) => answer,
        Err(fault) => return Revocation::Unusable(fault),
    };
    match answer.status() {
        CertificateStatus::Revoked(since) if since <= at || !at_is_shown => Revocation::Revoked { since },
        // Revoked after a time that is shown: at that time it was not.
        CertificateStatus::Revoked(_) => Revocation::Good { as_of: at },
        // Good later was good before, too; what was good once may have been revoked since.
        CertificateStatus::Good if at <= answer.until() => Revocation::Good {
            as_of: answer.this_update(),
        },
        CertificateStatus::Good => Revocation::Unusable(OcspFault::OutsideItsTime),
        CertificateStatus::Unknown => Revocation::Unusable(OcspFault::Unknown),
    }
}

/// The leaf, and whoever issued it: by name and by signature.
fn issuer(chain: &[impl AsRef<[u8]>], lists: &TrustLists) -> Option<(Certificate, Certificate)> {
    let mut certificates = chain
        .iter()
        .take(MAX_CHAIN_CERTIFICATES)
        .map_while(|der| Certificate::from_der(der.as_ref()).ok());
    let leaf = certificates.next()?;
    let above: Vec<_> = certificates.collect();
    let listed = lists.lists().iter().flat_map(|list| list.certificates());
    let issuer = above
        .iter()
        .chain(listed)
        .chain(lists.local_roots())
        .find(|candidate| leaf.names_issuer(candidate) && leaf.is_signed_by(candidate))?
        .clone();
    Some((leaf, issuer))
}

#[cfg(test)]
mod tests {
    use time::Duration;
    use time::macros::datetime;

    use super::*;
    use crate::chain::CertificateChain;
    use crate::testing::list;
    use crate::trust::Purpose;

    const GOOD: &[u8] = include_bytes!("../../tests/data/revocation-good.der");
    const REVOKED: &[u8] = include_bytes!("../../tests/data/revocation-revoked.der");
    const UNKNOWN: &[u8] = include_bytes!("../../tests/data/revocation-unknown.der");
    const WRONG_SIGNER: &[u8] = include_bytes!("../../tests/data/revocation-wrong-signer.der");
    const SINCE: OffsetDateTime = datetime!(2026-01-01 0:00 UTC);

    fn chain() -> Vec<Certificate> {
        let chain = CertificateChain::from_pem(include_str!("../../tests/data/revocation.pem")).unwrap();
        vec![chain.leaf().clone(), chain.issuers()[0].clone()]
    }

    fn judge(answers: &[&[u8]], at: OffsetDateTime, shown: bool) -> Revocation {
        let chain = chain();
        // As in a signature: the leaf alone, and its issuer on a list.
        let lists = TrustLists::empty().with(list("test", Purpose::Legacy, &chain[1..]));
        evaluate_revocation(answers, &[chain[0].der()], &lists, at, shown)
    }

    fn good() -> OcspAnswer {
        let chain = chain();
        OcspAnswer::check(GOOD, &chain[0], &chain[1]).unwrap()
    }

    #[test]
    fn good_counts_until_its_next_update() {
        let (from, until) = (good().this_update(), good().until());
        let expected = Revocation::Good { as_of: from };
        for at in [from - Duration::days(300), from, until] {
            assert_eq!(judge(&[GOOD], at, false), expected, "{at}");
        }
        let over = judge(&[GOOD], until + Duration::SECOND, true);
        assert_eq!(over, Revocation::Unusable(OcspFault::OutsideItsTime));
    }

    #[test]
    fn a_revocation_spares_only_what_a_time_stamp_shows_to_be_older() {
        let revoked = Revocation::Revoked { since: SINCE };
        let second = Duration::SECOND;
        assert_eq!(judge(&[REVOKED], SINCE, true), revoked);
        assert_eq!(judge(&[REVOKED], SINCE + second, false), revoked);
        assert_eq!(
            judge(&[REVOKED], SINCE - second, false),
            revoked,
            "nothing shows that time"
        );
        let before = SINCE - second;
        assert_eq!(judge(&[REVOKED], before, true), Revocation::Good { as_of: before });
    }

    #[test]
    fn the_worst_answer_decides_and_unusable_ones_do_not() {
        let at = good().this_update();
        let unusable = Revocation::Unusable;
        assert_eq!(judge(&[], at, true), Revocation::NotStated);
        assert_eq!(judge(&[UNKNOWN, GOOD], at, true), Revocation::Good { as_of: at });
        assert_eq!(judge(&[UNKNOWN], at, true), unusable(OcspFault::Unknown));
        assert_eq!(
            judge(&[WRONG_SIGNER, UNKNOWN], at, true),
            unusable(OcspFault::Signature)
        );
        assert_eq!(judge(&[GOOD, REVOKED], at, true), Revocation::Revoked { since: SINCE });
        let nobody = evaluate_revocation(&[GOOD], &[chain()[0].der()], &TrustLists::empty(), at, true);
        assert_eq!(nobody, unusable(OcspFault::NoIssuer));
    }
}
