//! Decisions about claim signers, kept for the pictures of one source that come together.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use time::OffsetDateTime;

use super::evaluate::{SignerTrust, evaluate};
use super::list::TrustLists;
use crate::certificate::certificates_der;

/// Decisions that are kept; the oldest goes. A folder of pictures has a handful of signers.
const KEPT: usize = 64;

/// Judges claim signers by [`evaluate`] against one set of lists, and reads and judges the same chain at the same second once.
#[derive(Debug)]
pub struct Signers {
    lists: Arc<TrustLists>,
    kept: Mutex<VecDeque<(Asked, SignerTrust)>>,
}

/// The longest chain of which a decision is kept, in bytes of PEM; those in the field have some 4,000.
const LONGEST_KEPT: usize = 64 * 1024;

/// All that a decision rests on beside the lists: the chain, to the byte, and the second.
type Asked = (String, i64);

impl Signers {
    /// Prepares for judging against these lists.
    pub fn new(lists: Arc<TrustLists>) -> Self {
        Self {
            lists,
            kept: Mutex::default(),
        }
    }

    /// The lists in force.
    pub fn lists(&self) -> &TrustLists {
        &self.lists
    }

    /// As [`evaluate`], of the certificates in a PEM text, as the C2PA library hands them out.
    pub fn evaluate(&self, pem: &str, at: OffsetDateTime) -> SignerTrust {
        // Certificates and lists speak of whole seconds.
        let second = at.unix_timestamp();
        let known = |kept: &VecDeque<(Asked, SignerTrust)>| {
            let found = kept.iter().find(|((other, when), _)| *when == second && other == pem);
            found.map(|(_, trust)| trust.clone())
        };
        if let Some(trust) = known(&self.kept.lock().unwrap_or_else(PoisonError::into_inner)) {
            return trust;
        }
        let trust = evaluate(&certificates_der(pem), &self.lists, at);
        if pem.len() <= LONGEST_KEPT {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.len() >= KEPT {
                kept.pop_front();
            }
            kept.push_back(((pem.to_owned(), second), trust.clone()));
        }
        trust
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::Duration;

    use super::*;
    use crate::algorithm::Algorithm;
    use crate::identity::Identity;
    use crate::issue::Subject;
    use crate::testing::{NOW, list, rng};
    use crate::trust::Purpose;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(30))]

        #[test]
        fn what_is_kept_is_what_would_be_decided(asked in prop::collection::vec((0_usize..3, -400_i64..400, 0_i64..3), 1..20)) {
            let identities: Vec<_> = (0..3)
                .map(|seed| {
                    let subject = Subject::new("Example", &format!("signer {seed}")).unwrap();
                    Identity::new(&subject, Algorithm::Ed25519, NOW, &mut rng(seed)).unwrap()
                })
                .collect();
            let lists = TrustLists::empty().with(list("test", Purpose::Signers, &[identities[0].root().certificate.clone()]));
            let signers = Signers::new(Arc::new(lists.clone()));
            for (which, days, milliseconds) in asked {
                let at = NOW + Duration::days(days) + Duration::milliseconds(400 * milliseconds);
                let leaf = &identities[which].leaf().certificate;
                prop_assert_eq!(signers.evaluate(&leaf.to_pem(), at), evaluate(&[leaf.der()], &lists, at));
            }
        }
    }

    #[test]
    fn no_more_is_kept_than_the_limit() {
        let signers = Signers::new(Arc::new(TrustLists::empty()));
        for second in 0..200 {
            signers.evaluate("no certificate", NOW + Duration::seconds(second));
        }
        assert_eq!(signers.kept.lock().unwrap().len(), KEPT);
    }

    #[test]
    fn what_is_too_long_is_judged_and_not_kept() {
        let signers = Signers::new(Arc::new(TrustLists::empty()));
        let long = " ".repeat(LONGEST_KEPT + 1);
        let none: [&[u8]; 0] = [];
        assert_eq!(signers.evaluate(&long, NOW), evaluate(&none, &TrustLists::empty(), NOW));
        assert!(signers.kept.lock().unwrap().is_empty());
    }
}
