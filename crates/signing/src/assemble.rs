//! Puts a chain together from certificates in any order and from any number of files, and says what was missing, added
//! or out of place. Nothing is trusted here: a link is a name and a signature that holds.
#![warn(clippy::indexing_slicing)]

use crate::certificate::Certificate;
use crate::chain::{CertificateChain, MAX_CHAIN_CERTIFICATES};
use crate::error::{CertificateFault, Result};
use crate::oid;

/// A chain as far as its issuers were found, leaf first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assembly {
    certificates: Vec<Certificate>,
    added: usize,
    unused: Vec<Certificate>,
    end: ChainEnd,
}

/// Where a chain ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChainEnd {
    /// At a certificate that signed itself.
    Root,
    /// At a known certificate, whose issuer nobody needs.
    Known,
    /// At a certificate whose issuer was neither given nor known.
    UnknownIssuer,
    /// At a certificate whose issuer was given by name, and did not sign it.
    BrokenSignature,
    /// At a certificate whose issuer was given by name, and which is signed with an algorithm that readers do not accept, so
    /// that nobody can say who signed it.
    UnsupportedSignature,
    /// After [`MAX_CHAIN_CERTIFICATES`].
    TooLong,
}

/// Climbs from `leaf` through the certificates that were `given`, then those that are `known` from elsewhere (the lists
/// in force, the system's), to a root or a known certificate.
pub fn assemble(leaf: &Certificate, given: &[Certificate], known: &[Certificate]) -> Assembly {
    let (mut certificates, mut added) = (vec![leaf.clone()], 0);
    let mut named = Vec::new();
    let end = loop {
        let Some(last) = certificates.last() else {
            break ChainEnd::UnknownIssuer;
        };
        if last.is_self_signed() {
            break ChainEnd::Root;
        }
        if certificates.len() == MAX_CHAIN_CERTIFICATES {
            break ChainEnd::TooLong;
        }
        let issued_it =
            |one: &&Certificate| last.names_issuer(one) && !certificates.contains(one) && last.is_signed_by(one);
        if let Some(issuer) = given.iter().find(issued_it) {
            let issuer = issuer.clone();
            certificates.push(issuer);
        } else if certificates.len() > 1 && known.contains(last) {
            break ChainEnd::Known;
        } else if let Some(issuer) = known.iter().find(issued_it) {
            let issuer = issuer.clone();
            certificates.push(issuer);
            added += 1;
        } else {
            named.extend(given.iter().filter(|one| *one != last && last.names_issuer(one)));
            break match (known.contains(last), named.is_empty()) {
                (true, _) => ChainEnd::Known,
                (false, false) if is_signed_acceptably(last) => ChainEnd::BrokenSignature,
                (false, false) => ChainEnd::UnsupportedSignature,
                (false, true) => ChainEnd::UnknownIssuer,
            };
        }
    };
    let unused = given
        .iter()
        // An issuer by name has its place, whatever came of it.
        .filter(|one| !certificates.contains(one) && !named.contains(one))
        .cloned()
        .collect();
    Assembly {
        certificates,
        added,
        unused,
        end,
    }
}

/// The certificate that a file is about: one that issued none of the others, no authority where there is a choice.
pub fn leaf_of(given: &[Certificate]) -> Option<&Certificate> {
    let issued_none = |one: &&Certificate| !given.iter().any(|other| other != *one && other.names_issuer(one));
    let mut leaves: Vec<_> = given.iter().filter(issued_none).collect();
    leaves.sort_by_key(|leaf| leaf.is_ca());
    leaves.first().copied().or(given.first())
}

impl Assembly {
    /// The chain, leaf first.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// How many of them were not given but known.
    pub fn added(&self) -> usize {
        self.added
    }

    /// What was given and has no place in the chain.
    pub fn unused(&self) -> &[Certificate] {
        &self.unused
    }

    /// Where the chain ends.
    pub fn end(&self) -> ChainEnd {
        self.end
    }

    /// The chain as a signer takes it.
    ///
    /// # Errors
    /// [`CertificateFault::BrokenSignature`], [`CertificateFault::UnsupportedSignature`], [`CertificateFault::TooMany`]: a
    /// chain that ends like this leads nowhere.
    pub fn into_chain(self) -> Result<CertificateChain> {
        match self.end {
            ChainEnd::BrokenSignature => Err(CertificateFault::BrokenSignature.into()),
            ChainEnd::UnsupportedSignature => Err(CertificateFault::UnsupportedSignature.into()),
            ChainEnd::TooLong => Err(CertificateFault::TooMany.into()),
            ChainEnd::Root | ChainEnd::Known | ChainEnd::UnknownIssuer => CertificateChain::new(self.certificates),
        }
    }
}

/// Whether a certificate is signed with an algorithm that readers accept, so that its signature can be checked at all.
fn is_signed_acceptably(certificate: &Certificate) -> bool {
    certificate
        .signature_algorithm()
        .is_some_and(|id| oid::CERTIFICATE_SIGNATURES.contains(&id))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::sections;

    fn chains() -> Vec<(&'static str, Vec<Certificate>)> {
        sections(include_str!("../tests/data/openssl-issuers.pem"))
    }

    fn sound() -> Vec<Certificate> {
        chains().into_iter().next().unwrap().1
    }

    #[test]
    fn what_is_missing_is_taken_from_what_is_known() {
        let chain = sound();
        let climb = |given: &[Certificate], known: &[Certificate]| {
            let assembly = assemble(&chain[0], given, known);
            (assembly.certificates().len(), assembly.added(), assembly.end())
        };
        assert_eq!(climb(&chain, &[]), (3, 0, ChainEnd::Root));
        assert_eq!(climb(&chain[..1], &[]), (1, 0, ChainEnd::UnknownIssuer));
        assert_eq!(climb(&chain[..1], &chain), (2, 1, ChainEnd::Known));
        assert_eq!(climb(&chain[..2], &chain[2..]), (3, 1, ChainEnd::Root));
        assert_eq!(climb(&chain[..2], &chain[1..2]), (2, 0, ChainEnd::Known));
        // What was given stays, although a list knows a certificate below: other lists may know another.
        assert_eq!(climb(&chain, &chain[1..2]), (3, 0, ChainEnd::Root));
    }

    #[test]
    fn an_issuer_by_name_alone_is_a_broken_signature() {
        let (one, other) = (sound(), chains().into_iter().nth(1).unwrap().1);
        let assembly = assemble(&one[0], &[one[0].clone(), other[1].clone()], &[]);
        assert_eq!(assembly.end(), ChainEnd::BrokenSignature);
        assert_eq!(assembly.unused(), []);
        assert_eq!(assembly.into_chain(), Err(CertificateFault::BrokenSignature.into()));
    }

    #[test]
    fn a_signature_that_cannot_be_checked_is_not_called_another_keys() {
        let leaves = sections(include_str!("../tests/data/openssl-leaves.pem"));
        let (_, chain) = leaves
            .iter()
            .find(|(label, _)| *label == "certificate.signature-algorithm")
            .unwrap();
        let assembly = assemble(&chain[0], chain, &[]);
        assert_eq!(assembly.end(), ChainEnd::UnsupportedSignature);
        assert_eq!(assembly.unused(), [], "the root is the issuer");
        assert_eq!(
            assembly.into_chain(),
            Err(CertificateFault::UnsupportedSignature.into())
        );
    }

    proptest! {
        #[test]
        fn any_order_gives_the_same_chain(order in Just(vec![0_usize, 1, 2]).prop_shuffle(), strangers in 0_usize..3) {
            let chain = sound();
            let mut given: Vec<_> = order.iter().map(|index| chain[*index].clone()).collect();
            let others: Vec<_> = chains().into_iter().skip(1).take(strangers).map(|(_, other)| other[1].clone()).collect();
            for (at, other) in others.iter().enumerate() {
                given.insert(at % given.len(), other.clone());
            }
            let assembly = assemble(&chain[0], &given, &[]);
            prop_assert_eq!(assembly.certificates(), chain.as_slice());
            prop_assert_eq!(assembly.unused(), others.as_slice());
            prop_assert_eq!(leaf_of(&chain), Some(&chain[0]));
        }
    }
}
