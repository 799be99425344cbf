//! A chain of certificates, leaf first: read in any order, put in order, and checked link by link. What goes into a
//! signature is the chain without its root (C2PA 2.2, section 14.5: the root is never embedded).
#![warn(clippy::indexing_slicing)]

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use crate::certificate::{Certificate, MAX_CERTIFICATE_BYTES};
use crate::error::{CertificateFault, Result};

/// The most certificates in a chain: a leaf, the six intermediates that path validation follows, and a root.
pub const MAX_CHAIN_CERTIFICATES: usize = 8;

/// Certificates from a leaf upwards, each signed by the next. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateChain {
    leaf: Certificate,
    issuers: Vec<Certificate>,
}

impl CertificateChain {
    /// Reads every certificate of a PEM text, in any order; other sections (keys, comments) are skipped.
    ///
    /// # Errors
    /// [`CertificateFault`]: nothing there, broken, too large or too many, not one chain, or a link whose signature
    /// does not hold.
    pub fn from_pem(pem: &str) -> Result<Self> {
        // Base64 and line ends make 3 bytes into somewhat more than 4; the rest is room for comments.
        if pem.len() > 2 * MAX_CHAIN_CERTIFICATES * MAX_CERTIFICATE_BYTES {
            return Err(CertificateFault::TooLarge.into());
        }
        let mut certificates = Vec::new();
        for der in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            if certificates.len() == MAX_CHAIN_CERTIFICATES {
                return Err(CertificateFault::TooMany.into());
            }
            certificates.push(Certificate::from_der(&der.map_err(|_| CertificateFault::Malformed)?)?);
        }
        Self::new(certificates)
    }

    /// Puts certificates in order, from the one that issued none of the others upwards. A repeated certificate counts
    /// once.
    ///
    /// # Errors
    /// [`CertificateFault`] as [`CertificateChain::from_pem`].
    pub fn new(certificates: Vec<Certificate>) -> Result<Self> {
        if certificates.len() > MAX_CHAIN_CERTIFICATES {
            return Err(CertificateFault::TooMany.into());
        }
        let mut rest: Vec<Certificate> = Vec::with_capacity(certificates.len());
        for certificate in certificates {
            if !rest.contains(&certificate) {
                rest.push(certificate);
            }
        }
        let is_leaf = |one: &Certificate| !rest.iter().any(|other| other != one && other.names_issuer(one));
        let mut leaves = rest
            .iter()
            .enumerate()
            .filter(|(_, one)| is_leaf(one))
            .map(|(index, _)| index);
        let leaf = match (leaves.next(), leaves.next()) {
            (None, _) if rest.is_empty() => return Err(CertificateFault::Empty.into()),
            (Some(leaf), None) => leaf,
            _ => return Err(CertificateFault::NotAChain.into()),
        };
        let leaf = rest.remove(leaf);
        let mut issuers: Vec<Certificate> = Vec::with_capacity(rest.len());
        while !rest.is_empty() {
            let last = issuers.last().unwrap_or(&leaf);
            let named = |candidate: &Certificate| last.names_issuer(candidate);
            let next = rest
                .iter()
                .position(|candidate| named(candidate) && last.is_signed_by(candidate));
            match next {
                Some(index) => issuers.push(rest.remove(index)),
                None if rest.iter().any(named) => return Err(CertificateFault::BrokenSignature.into()),
                None => return Err(CertificateFault::NotAChain.into()),
            }
        }
        Ok(Self { leaf, issuers })
    }

    /// The certificate of the signer itself.
    pub fn leaf(&self) -> &Certificate {
        &self.leaf
    }

    /// The certificates above the leaf, from its issuer upwards; the last may be a root.
    pub fn issuers(&self) -> &[Certificate] {
        &self.issuers
    }

    /// The root, where the chain has it: the last certificate, signed by itself.
    pub fn root(&self) -> Option<&Certificate> {
        self.issuers.last().filter(|last| last.is_self_signed())
    }

    /// The DER of each certificate that belongs into a signature (`x5chain`): the leaf and its intermediates, without
    /// the root.
    pub fn embedded_der(&self) -> Vec<Vec<u8>> {
        let above = self.issuers.len() - usize::from(self.root().is_some());
        let issuers = self.issuers.iter().take(above);
        std::iter::once(&self.leaf)
            .chain(issuers)
            .map(|certificate| certificate.der().to_vec())
            .collect()
    }

    /// All certificates as PEM, leaf first, the root (if any) last: what OpenSSL and c2patool expect in one file.
    pub fn to_pem(&self) -> String {
        std::iter::once(&self.leaf)
            .chain(&self.issuers)
            .map(Certificate::to_pem)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algorithm::Algorithm;
    use crate::error::Error;
    use crate::identity::Identity;
    use crate::issue::Subject;
    use crate::testing::{NOW, rng};

    fn identity(seed: u64) -> Identity {
        Identity::new(
            &Subject::new("Example Ltd", "Image service").unwrap(),
            Algorithm::Ed25519,
            NOW,
            &mut rng(seed),
        )
        .unwrap()
    }

    fn fault(result: Result<CertificateChain>) -> CertificateFault {
        match result {
            Err(Error::Certificate(fault)) => fault,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn any_order_becomes_leaf_first() {
        let identity = identity(1);
        let (leaf, root) = (identity.leaf().certificate.clone(), identity.root().certificate.clone());
        for order in [vec![&leaf, &root], vec![&root, &leaf], vec![&root, &leaf, &root]] {
            let pem: String = order
                .into_iter()
                .map(|one| format!("a comment\n{}", one.to_pem()))
                .collect();
            let chain = CertificateChain::from_pem(&pem).unwrap();
            assert_eq!((chain.leaf(), chain.root()), (&leaf, Some(&root)));
            assert_eq!(chain.embedded_der(), [leaf.der()]);
            assert_eq!(CertificateChain::from_pem(&chain.to_pem()).unwrap(), chain);
        }
    }

    #[test]
    fn a_single_certificate_is_a_chain() {
        let leaf = identity(1).leaf().certificate.clone();
        let chain = CertificateChain::new(vec![leaf.clone()]).unwrap();
        assert_eq!((chain.root(), chain.embedded_der()), (None, vec![leaf.der().to_vec()]));
    }

    #[test]
    fn what_is_no_chain_is_refused() {
        let (one, two) = (identity(1), identity(2));
        let leaf = |identity: &Identity| identity.leaf().certificate.clone();
        assert_eq!(fault(CertificateChain::from_pem("")), CertificateFault::Empty);
        assert_eq!(fault(CertificateChain::from_pem("hello")), CertificateFault::Empty);
        let garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert_eq!(fault(CertificateChain::from_pem(garbage)), CertificateFault::Malformed);
        assert_eq!(
            fault(CertificateChain::new(vec![leaf(&one), leaf(&two)])),
            CertificateFault::NotAChain
        );
        // Both roots bear the same name, so only the signature tells them apart.
        let wrong = CertificateChain::new(vec![leaf(&one), two.root().certificate.clone()]);
        assert_eq!(fault(wrong), CertificateFault::BrokenSignature);
        let many = (0..9).map(|seed| leaf(&identity(seed))).collect();
        assert_eq!(fault(CertificateChain::new(many)), CertificateFault::TooMany);
        let huge = " ".repeat(2 * MAX_CHAIN_CERTIFICATES * MAX_CERTIFICATE_BYTES + 1);
        assert_eq!(fault(CertificateChain::from_pem(&huge)), CertificateFault::TooLarge);
    }
}
