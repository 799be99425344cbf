//! The claim signer: a key and its certificates that belong together and that readers will accept, checked once. Holding
//! a [`Signer`] means that only the dates are left to ask about, and they are asked for every image.

use std::fmt;
use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use crate::algorithm::Algorithm;
use crate::certificate::{Certificate, NameParts};
use crate::chain::CertificateChain;
use crate::error::{DatesFault, RemoteKeyFault, Result, SignerFault};
use crate::issue::LOCAL_ORGANISATION;
use crate::key::SecretKey;
use crate::profile::{self, Outcome, Role};
use crate::verify::verify_signature;

/// What a key that is kept elsewhere is asked to sign once. No claim and no certificate begins like this.
const PROBE: &[u8] = b"touchmark: is this the key of the certificate?";

/// How long before its end a leaf is due for renewal.
pub const RENEWAL_NOTICE: Duration = Duration::days(30);

/// Something that can sign claims. Immutable, and shared freely between threads.
#[derive(Debug, Clone)]
pub struct Signer {
    key: Key,
    chain: CertificateChain,
    embedded: Vec<Vec<u8>>,
}

/// The dates of a signer's leaf, seen from a moment at which it is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    /// The first second at which it is valid.
    pub not_before: OffsetDateTime,
    /// The last second at which it is valid.
    pub not_after: OffsetDateTime,
    /// Whole days that are left, 0 on the last one.
    pub days_left: i64,
    /// Whether less than [`RENEWAL_NOTICE`] is left.
    pub renewal_due: bool,
}

/// A private key that is kept elsewhere: in another process, in a hardware module, at a service. Whoever implements it
/// brings the connection, and the time limits.
pub trait RemoteKey: fmt::Debug + Send + Sync {
    /// Signs a message, which is not hashed yet. The signature has COSE's form (RFC 9053, section 2): of ECDSA, r and s at
    /// their full length, one after the other.
    ///
    /// # Errors
    /// [`RemoteKeyFault`] where there is no signature.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, RemoteKeyFault>;
}

#[derive(Debug, Clone)]
enum Key {
    Here(SecretKey),
    Elsewhere {
        key: Arc<dyn RemoteKey>,
        algorithm: Algorithm,
        signature_len: usize,
        /// The leaf's public key, under which every signature is looked at.
        public_key_info: Vec<u8>,
    },
}

impl Signer {
    /// Joins a private key with its certificates.
    ///
    /// # Errors
    /// [`SignerFault::KeyMismatch`] where the leaf was issued for another key; [`SignerFault::Profile`] with each rule
    /// that the leaf breaks so that readers would call every signature invalid.
    pub fn new(key: SecretKey, chain: CertificateChain) -> Result<Self> {
        if !key.belongs_to(&chain.leaf().public_key_info()) {
            return Err(SignerFault::KeyMismatch.into());
        }
        Self::with_key(Key::Here(key), chain)
    }

    /// Joins a key that is kept elsewhere with its certificates. It is asked for one signature, so that a wrong key is
    /// found now and not with the first picture.
    ///
    /// # Errors
    /// As [`Signer::new`]; [`SignerFault::Algorithm`] where the leaf's key cannot work with that algorithm;
    /// [`Error::Remote`] where the key does not sign.
    pub fn remote(key: Arc<dyn RemoteKey>, algorithm: Algorithm, chain: CertificateChain) -> Result<Self> {
        let leaf = chain.leaf();
        if !algorithm.is_of(leaf.key_algorithm()) {
            return Err(SignerFault::Algorithm(algorithm, leaf.key_algorithm()).into());
        }
        let public_key_info = leaf.public_key_info();
        let probe = key.sign(PROBE)?;
        if !verify_signature(algorithm, &public_key_info, PROBE, &probe) {
            return Err(SignerFault::KeyMismatch.into());
        }
        let key = Key::Elsewhere {
            key,
            algorithm,
            signature_len: probe.len(),
            public_key_info,
        };
        Self::with_key(key, chain)
    }

    fn with_key(key: Key, chain: CertificateChain) -> Result<Self> {
        let broken: Vec<_> = profile::check(chain.leaf(), Role::ClaimSigner)
            .into_iter()
            .filter(|finding| finding.outcome == Outcome::Broken)
            .map(|finding| finding.rule)
            .collect();
        if !broken.is_empty() {
            return Err(SignerFault::Profile(broken).into());
        }
        let embedded = chain.embedded_der();
        Ok(Self { key, chain, embedded })
    }

    /// Signs a message (for a claim: the `Sig_structure` of its COSE_Sign1). Look at [`Signer::check_dates`] first:
    /// this does not. Signatures by a key that is kept elsewhere are checked under the leaf.
    ///
    /// # Errors
    /// [`Error::Remote`] where a key that is kept elsewhere gives no signature, or one that does not hold.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        match &self.key {
            Key::Here(key) => key.sign(message),
            Key::Elsewhere {
                key,
                algorithm,
                public_key_info,
                ..
            } => {
                let signature = key.sign(message)?;
                match verify_signature(*algorithm, public_key_info, message, &signature) {
                    true => Ok(signature),
                    false => Err(RemoteKeyFault::Mismatch.into()),
                }
            }
        }
    }

    /// The algorithm of [`Signer::sign`].
    pub fn algorithm(&self) -> Algorithm {
        match &self.key {
            Key::Here(key) => key.algorithm(),
            Key::Elsewhere { algorithm, .. } => *algorithm,
        }
    }

    /// Bytes of a signature by [`Signer::sign`], the same for every message.
    pub fn signature_len(&self) -> usize {
        match &self.key {
            Key::Here(key) => key.signature_len(),
            Key::Elsewhere { signature_len, .. } => *signature_len,
        }
    }

    /// Whether the key is kept elsewhere, so that a signature takes a round trip.
    pub fn is_remote(&self) -> bool {
        matches!(self.key, Key::Elsewhere { .. })
    }

    /// The DER of each certificate for the COSE header `x5chain`: leaf first, without the root.
    pub fn chain_der(&self) -> &[Vec<u8>] {
        &self.embedded
    }

    /// The chain as it was given, with the root where it was there.
    pub fn chain(&self) -> &CertificateChain {
        &self.chain
    }

    /// The leaf's certificate.
    pub fn certificate(&self) -> &Certificate {
        self.chain.leaf()
    }

    /// The name that readers will show, as the certificate states it.
    pub fn subject(&self) -> &NameParts {
        self.certificate().subject()
    }

    /// Whether this is the identity of a first run, which nobody checked.
    pub fn is_local(&self) -> bool {
        self.subject().organisation.as_deref() == Some(LOCAL_ORGANISATION)
    }

    /// Whether the leaf is valid at `now`, and for how long.
    ///
    /// # Errors
    /// [`DatesFault`] with the date in question where it is not: a signature made now would be called expired.
    pub fn check_dates(&self, now: OffsetDateTime) -> Result<Dates> {
        let leaf = self.certificate();
        if !leaf.is_valid_at(now) {
            let early = now < leaf.not_before();
            let fault = if early {
                DatesFault::NotYetValid(leaf.not_before())
            } else {
                DatesFault::Expired(leaf.not_after())
            };
            return Err(fault.into());
        }
        let left = leaf.not_after() - now;
        Ok(Dates {
            not_before: leaf.not_before(),
            not_after: leaf.not_after(),
            days_left: left.whole_days(),
            renewal_due: left < RENEWAL_NOTICE,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algorithm::KeyAlgorithm;
    use crate::error::Error;
    use crate::identity::Identity;
    use crate::issue::Subject;
    use crate::profile::Rule;
    use crate::testing::{NOW, rng};

    fn identity() -> Identity {
        Identity::new(
            &Subject::new("Example Ltd", "Image service").unwrap(),
            Algorithm::Ed25519,
            NOW,
            &mut rng(1),
        )
        .unwrap()
    }

    #[test]
    fn its_signatures_verify_under_its_leaf() {
        let signer = identity().signer().unwrap();
        let info = signer.certificate().public_key_info();
        let signature = signer.sign(b"claim").unwrap();
        assert!(verify_signature(signer.algorithm(), &info, b"claim", &signature));
        assert!(!verify_signature(signer.algorithm(), &info, b"Claim", &signature));
        assert_eq!(signer.chain_der(), [signer.certificate().der()]);
        assert!(!signer.is_local());
        assert!(
            Identity::new(&Subject::local(), Algorithm::Es256, NOW, &mut rng(1))
                .unwrap()
                .signer()
                .unwrap()
                .is_local()
        );
    }

    #[test]
    fn a_key_of_another_certificate_is_refused() {
        let stranger = SecretKey::generate(Algorithm::Ed25519, &mut rng(9)).unwrap();
        let refused = Signer::new(stranger, identity().chain().unwrap()).unwrap_err();
        assert_eq!(refused, Error::Signer(SignerFault::KeyMismatch));
    }

    #[test]
    fn a_root_is_no_signer() {
        let root = identity().root().clone();
        let chain = CertificateChain::new(vec![root.certificate]).unwrap();
        let Err(Error::Signer(SignerFault::Profile(rules))) = Signer::new(root.key, chain) else {
            panic!("accepted a root as a leaf");
        };
        for rule in [
            Rule::EndEntity,
            Rule::KeyUsage,
            Rule::ExtendedKeyUsage,
            Rule::NotSelfSigned,
        ] {
            assert!(rules.contains(&rule), "{rule:?}");
        }
    }

    #[test]
    fn dates_are_inclusive_and_announced() {
        let signer = identity().signer().unwrap();
        let (start, end) = (signer.certificate().not_before(), signer.certificate().not_after());
        assert!(
            signer
                .check_dates(start)
                .is_ok_and(|dates| !dates.renewal_due && dates.days_left == 365)
        );
        assert!(
            signer
                .check_dates(end - RENEWAL_NOTICE)
                .is_ok_and(|dates| !dates.renewal_due)
        );
        let near = signer.check_dates(end - Duration::days(29)).unwrap();
        assert!(near.renewal_due && near.days_left == 29);
        assert!(signer.check_dates(end).is_ok_and(|dates| dates.days_left == 0));
        let second = Duration::SECOND;
        assert_eq!(
            signer.check_dates(end + second).unwrap_err(),
            Error::Dates(DatesFault::Expired(end))
        );
        assert_eq!(
            signer.check_dates(start - second).unwrap_err(),
            Error::Dates(DatesFault::NotYetValid(start))
        );
    }

    /// A key "elsewhere" that may answer with nonsense.
    #[derive(Debug)]
    struct Elsewhere(SecretKey, fn(Vec<u8>) -> Result<Vec<u8>, RemoteKeyFault>);

    impl RemoteKey for Elsewhere {
        fn sign(&self, message: &[u8]) -> Result<Vec<u8>, RemoteKeyFault> {
            // The probe is answered as it should be.
            let signature = self.0.sign(message).unwrap();
            if message == PROBE {
                Ok(signature)
            } else {
                (self.1)(signature)
            }
        }
    }

    #[test]
    fn a_key_elsewhere_is_asked_once_and_checked_each_time() {
        let identity = identity();
        let remote = |answer| {
            let key = Arc::new(Elsewhere(identity.leaf().key.clone(), answer));
            Signer::remote(key, Algorithm::Ed25519, identity.chain().unwrap()).unwrap()
        };
        let sound = remote(Ok);
        assert!(sound.is_remote() && sound.signature_len() == 64);
        assert_eq!(sound.sign(b"claim"), identity.signer().unwrap().sign(b"claim"));
        let altered = remote(|mut signature| {
            signature[3] ^= 1;
            Ok(signature)
        });
        assert_eq!(altered.sign(b"claim"), Err(RemoteKeyFault::Mismatch.into()));
        let away = RemoteKeyFault::Unavailable("no route".to_owned());
        let gone = remote(|_| Err(RemoteKeyFault::Unavailable("no route".to_owned())));
        assert_eq!(gone.sign(b"claim"), Err(away.into()));
    }

    #[test]
    fn a_key_elsewhere_must_be_the_certificates() {
        let chain = || identity().chain().unwrap();
        let stranger = || {
            Arc::new(Elsewhere(
                SecretKey::generate(Algorithm::Ed25519, &mut rng(9)).unwrap(),
                Ok,
            ))
        };
        assert_eq!(
            Signer::remote(stranger(), Algorithm::Ed25519, chain()).unwrap_err(),
            Error::Signer(SignerFault::KeyMismatch)
        );
        assert_eq!(
            Signer::remote(stranger(), Algorithm::Es256, chain()).unwrap_err(),
            Error::Signer(SignerFault::Algorithm(Algorithm::Es256, KeyAlgorithm::Ed25519))
        );
    }

    #[test]
    fn signers_are_shared_between_threads() {
        fn shared<T: Send + Sync + 'static>(_: &T) {}
        shared(&identity().signer().unwrap());
    }
}
