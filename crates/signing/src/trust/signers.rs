//! Decisions about claim signers, kept for the pictures of one source that come together.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use super::evaluate::{SignerTrust, evaluate};
use super::list::TrustLists;

/// Decisions that are kept; the oldest goes. A folder of pictures has a handful of signers.
const KEPT: usize = 64;

/// Judges claim signers by [`evaluate`] against one set of lists, and judges the same chain at the same second once.
#[derive(Debug)]
pub struct Signers {
    lists: Arc<TrustLists>,
    kept: Mutex<VecDeque<(Asked, SignerTrust)>>,
}

/// All that a decision rests on beside the lists: the chain, to the byte, and the second.
type Asked = ([u8; 32], i64);

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

    /// As [`evaluate`].
    pub fn evaluate(&self, chain: &[impl AsRef<[u8]>], at: OffsetDateTime) -> SignerTrust {
        // Certificates and lists speak of whole seconds.
        let asked = (digest(chain), at.unix_timestamp());
        let known = |kept: &VecDeque<(Asked, SignerTrust)>| {
            let found = kept.iter().find(|(other, _)| *other == asked);
            found.map(|(_, trust)| trust.clone())
        };
        if let Some(trust) = known(&self.kept.lock().unwrap_or_else(PoisonError::into_inner)) {
            return trust;
        }
        let trust = evaluate(chain, &self.lists, at);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back((asked, trust.clone()));
        trust
    }
}

/// SHA-256 over the certificates, each behind its length, so that no two chains share it.
fn digest(chain: &[impl AsRef<[u8]>]) -> [u8; 32] {
    let mut sha256 = Sha256::new();
    for der in chain {
        sha256.update((der.as_ref().len() as u64).to_be_bytes());
        sha256.update(der);
    }
    sha256.finalize().into()
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
                let chain = [identities[which].leaf().certificate.der()];
                prop_assert_eq!(signers.evaluate(&chain, at), evaluate(&chain, &lists, at));
            }
        }
    }

    #[test]
    fn no_more_is_kept_than_the_limit() {
        let signers = Signers::new(Arc::new(TrustLists::empty()));
        for second in 0..200 {
            signers.evaluate(&[b"no certificate"], NOW + Duration::seconds(second));
        }
        assert_eq!(signers.kept.lock().unwrap().len(), KEPT);
    }

    #[test]
    fn chains_that_are_cut_elsewhere_are_other_chains() {
        assert_ne!(digest(&[b"ab".as_slice(), b"c"]), digest(&[b"a".as_slice(), b"bc"]));
    }
}
