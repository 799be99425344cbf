//! An identity of one's own: a root that stays and a leaf that is renewed every year, as the parts that are kept in
//! files. Whoever trusts the root once goes on trusting after a renewal.

use rand_core::TryCryptoRng;
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::algorithm::Algorithm;
use crate::certificate::Certificate;
use crate::chain::CertificateChain;
use crate::error::{Result, SignerFault};
use crate::issue::{Credential, Subject, issue_leaf, issue_leaf_named, issue_root};
use crate::key::{Passphrase, SecretKey};
use crate::signer::Signer;

/// A root and a leaf that it issued, both with their keys.
#[derive(Debug, Clone)]
pub struct Identity {
    root: Credential,
    leaf: Credential,
}

/// The parts of an identity as texts, one a file. Two of them are secrets and are wiped when dropped.
#[derive(Clone)]
pub struct IdentityPem {
    /// The root's private key, needed for renewing alone; it can be kept elsewhere.
    pub root_key: Zeroizing<String>,
    /// The root's certificate: what others add to their list to trust this identity.
    pub root_certificate: String,
    /// The private key that signs.
    pub leaf_key: Zeroizing<String>,
    /// The leaf's certificate followed by the root's.
    pub chain: String,
}

impl Identity {
    /// Makes a root and a leaf for `subject`, with keys for [`Algorithm::Ed25519`] or [`Algorithm::Es256`], valid from five minutes before `now`.
    ///
    /// # Errors
    /// As [`issue_root`] and [`issue_leaf`].
    pub fn new(
        subject: &Subject,
        algorithm: Algorithm,
        now: OffsetDateTime,
        rng: &mut impl TryCryptoRng,
    ) -> Result<Self> {
        let root = issue_root(subject, algorithm, now, rng)?;
        let leaf = issue_leaf(&root, subject, now, rng)?;
        Ok(Self { root, leaf })
    }

    /// Issues a new leaf, with a new key, under the same root and with exactly the name of the previous leaf. The
    /// previous leaf's private key is not needed.
    ///
    /// # Errors
    /// [`SignerFault::NotAnIssuer`] where `root` did not issue `previous` or its key is another one;
    /// [`crate::DatesFault`] where the root is not valid at `now`.
    pub fn renew(
        root: Credential,
        previous: &Certificate,
        now: OffsetDateTime,
        rng: &mut impl TryCryptoRng,
    ) -> Result<Self> {
        if !previous.names_issuer(&root.certificate) || !previous.is_signed_by(&root.certificate) {
            return Err(SignerFault::NotAnIssuer.into());
        }
        let leaf = issue_leaf_named(&root, previous.subject_name().clone(), now, rng)?;
        Ok(Self { root, leaf })
    }

    /// The root: what others may decide to trust.
    pub fn root(&self) -> &Credential {
        &self.root
    }

    /// The leaf: what signs.
    pub fn leaf(&self) -> &Credential {
        &self.leaf
    }

    /// The chain, leaf first, root last.
    ///
    /// # Errors
    /// None that an identity made here can reach.
    pub fn chain(&self) -> Result<CertificateChain> {
        CertificateChain::new(vec![self.leaf.certificate.clone(), self.root.certificate.clone()])
    }

    /// A signer with the leaf's key.
    ///
    /// # Errors
    /// None that an identity made here can reach.
    pub fn signer(&self) -> Result<Signer> {
        Signer::new(self.leaf.key.clone(), self.chain()?)
    }

    /// The parts as texts. With a passphrase both keys are encrypted under it; this takes about half a second.
    ///
    /// # Errors
    /// [`crate::Error::Randomness`].
    pub fn to_pem(&self, passphrase: Option<&Passphrase>, rng: &mut impl TryCryptoRng) -> Result<IdentityPem> {
        let mut text = |key: &SecretKey| match passphrase {
            Some(passphrase) => key.to_encrypted_pem(passphrase, rng),
            None => key.to_pem(),
        };
        Ok(IdentityPem {
            root_key: text(&self.root.key)?,
            root_certificate: self.root.certificate.to_pem(),
            leaf_key: text(&self.leaf.key)?,
            chain: self.chain()?.to_pem(),
        })
    }
}

impl std::fmt::Debug for IdentityPem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IdentityPem").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::*;
    use crate::error::Error;
    use crate::testing::{NOW, rng};

    fn subject() -> Subject {
        Subject::new("Example Ltd", "Image service").unwrap()
    }

    #[test]
    fn its_files_make_a_signer_again() {
        let identity = Identity::new(&subject(), Algorithm::Ed25519, NOW, &mut rng(1)).unwrap();
        let parts = identity.to_pem(None, &mut rng(2)).unwrap();
        let key = SecretKey::from_pem(&parts.leaf_key, None).unwrap();
        let signer = Signer::new(key, CertificateChain::from_pem(&parts.chain).unwrap()).unwrap();
        assert_eq!(signer.sign(b"text"), identity.signer().unwrap().sign(b"text"));
        assert_eq!(
            Certificate::from_pem(&parts.root_certificate).unwrap(),
            identity.root().certificate
        );
        assert!(!format!("{parts:?}{identity:?}").contains("PRIVATE"));
    }

    #[test]
    fn renewing_keeps_root_and_name_and_changes_the_key() {
        let first = Identity::new(&subject(), Algorithm::Ed25519, NOW, &mut rng(1)).unwrap();
        let later = NOW + Duration::days(360);
        let second = Identity::renew(first.root().clone(), &first.leaf().certificate, later, &mut rng(2)).unwrap();
        let (old, new) = (&first.leaf().certificate, &second.leaf().certificate);
        assert_eq!(second.root().certificate, first.root().certificate);
        assert_eq!(new.subject(), old.subject());
        assert_ne!(new.public_key_info(), old.public_key_info());
        assert_ne!(new.serial_hex(), old.serial_hex());
        assert!(new.not_after() > old.not_after() && new.is_signed_by(&first.root().certificate));
    }

    #[test]
    fn another_root_cannot_renew() {
        let (one, two) = (1, 2);
        let one = Identity::new(&subject(), Algorithm::Ed25519, NOW, &mut rng(one)).unwrap();
        let two = Identity::new(&subject(), Algorithm::Ed25519, NOW, &mut rng(two)).unwrap();
        let renewed = Identity::renew(two.root().clone(), &one.leaf().certificate, NOW, &mut rng(3));
        assert_eq!(renewed.unwrap_err(), Error::Signer(SignerFault::NotAnIssuer));
    }
}
