//! Whether a chain leads to an anchor at a moment in time. `rustls-webpki` builds the path and checks signatures, dates,
//! basic constraints, name constraints, purposes and unknown critical extensions; added here is what it leaves to its
//! caller: the anchors' own dates and path length, and the issuers' key usage and key sizes.
#![warn(clippy::indexing_slicing)]

use rustls_pki_types::{CertificateDer, TrustAnchor};
use time::OffsetDateTime;
use webpki::{
    EndEntityCert, ExtendedKeyUsageValidator, KeyPurposeId, KeyPurposeIdIter, KeyUsage, RequiredEkuNotFoundContext,
    VerifiedPath, anchor_from_trusted_cert,
};
use x509_cert::der::oid::ObjectIdentifier as Oid;

use crate::certificate::{Certificate, unix_time};
use crate::oid;
use crate::profile::{Role, may_issue};
use crate::verify::PATH_ALGORITHMS;

/// Why no path led from a chain to an anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PathFault {
    /// No certificate of the chain was issued by an anchor.
    UnknownIssuer,
    /// A certificate in the path is over.
    Expired,
    /// A certificate in the path has not begun.
    NotYetValid,
    /// A signature in the path does not hold.
    Signature,
    /// A signature in the path uses an algorithm or key that is not accepted.
    Algorithm,
    /// An issuer in the path may not issue certificates, or not this deep.
    Issuer,
    /// An issuer in the path is limited to other purposes.
    Purpose,
    /// A name in the path lies outside of an issuer's name constraints.
    NameConstraint,
    /// A certificate in the path cannot be processed: an unknown critical extension, or broken fields.
    Unprocessable,
    /// Finding a path would take too much work.
    TooComplex,
    /// The chain names the local identity of a first run, which no list can vouch for.
    LocalIdentity,
}

/// The leaf, and of the others those that made a signature in the chain: what a path may lead through. Whoever made the
/// chain can name and copy certificates at will, and each that is tried costs a signature check for every list and moment;
/// but nobody but their holders can sign with them.
pub(super) fn linked(chain: &[Certificate]) -> Vec<Certificate> {
    let Some((leaf, above)) = chain.split_first() else {
        return Vec::new();
    };
    let mut linked = vec![leaf.clone()];
    let mut waiting: Vec<&Certificate> = above.iter().collect();
    let mut next = 0;
    while let Some(issued) = linked.get(next).cloned() {
        waiting.retain(|candidate| {
            let signed = issued.names_issuer(candidate) && issued.is_signed_by(candidate);
            if signed {
                linked.push((*candidate).clone());
            }
            !signed
        });
        next += 1;
    }
    linked
}

/// Looks for a path from the first certificate of `chain`, whose others are [`linked`], to one of `anchors`, valid at `at`. An anchor that is no
/// authority vouches for the leaf alone, and only if it is the very same certificate.
pub(crate) fn find(
    chain: &[Certificate],
    anchors: &[Certificate],
    at: OffsetDateTime,
    role: Role,
) -> Result<(), PathFault> {
    let Some((leaf, above)) = chain.split_first() else {
        return Err(PathFault::Unprocessable);
    };
    if !leaf.is_ca() && anchors.contains(leaf) {
        return match leaf.is_valid_at(at) {
            true => Ok(()),
            false if at < leaf.not_before() => Err(PathFault::NotYetValid),
            false => Err(PathFault::Expired),
        };
    }
    let named = |anchor: &Certificate| chain.iter().any(|one| one.names_issuer(anchor));
    let authorities: Vec<_> = anchors
        .iter()
        .filter(|anchor| named(anchor) && may_issue(anchor) && anchor.is_valid_at(at))
        .collect();
    // Without a signature by one of them there is no path, and looking for one could take long.
    let vouches = |anchor: &&Certificate| {
        let mut issued = chain.iter().filter(|one| one.names_issuer(anchor));
        issued.any(|one| one.is_signed_by(anchor))
    };
    let named = !authorities.is_empty();
    let authorities: Vec<_> = authorities.into_iter().filter(vouches).collect();
    if named && authorities.is_empty() {
        return Err(PathFault::Signature);
    }
    let ders: Vec<_> = authorities
        .iter()
        .map(|anchor| CertificateDer::from(anchor.der()))
        .collect();
    let (mut roots, mut depths) = (Vec::new(), Vec::new());
    for (der, authority) in ders.iter().zip(&authorities) {
        if let Ok(root) = anchor_from_trusted_cert(der) {
            roots.push(root);
            depths.push(path_length(authority));
        }
    }
    let intermediates: Vec<_> = above.iter().map(|one| CertificateDer::from(one.der())).collect();
    let der = CertificateDer::from(leaf.der());
    let end_entity = EndEntityCert::try_from(&der).map_err(fault)?;
    let accept = |path: &VerifiedPath<'_>| accept(path, &roots, &depths);
    end_entity
        .verify_for_usage(
            PATH_ALGORITHMS,
            &roots,
            &intermediates,
            unix_time(at),
            Purposes(role),
            None,
            Some(&accept),
        )
        .map(|_| ())
        .map_err(fault)
}

/// What is asked of a path that is sound so far: issuers that may issue, and no more of them than the anchor allows.
fn accept(path: &VerifiedPath<'_>, roots: &[TrustAnchor<'_>], depths: &[Option<u8>]) -> Result<(), webpki::Error> {
    let mut depth = 0_usize;
    for issuer in path.intermediate_certificates() {
        let issuer = Certificate::from_der(&issuer.der()).map_err(|_| webpki::Error::BadDer)?;
        if !may_issue(&issuer) {
            return Err(webpki::Error::EndEntityUsedAsCa);
        }
        depth += 1;
    }
    let allowed = roots.iter().zip(depths).filter(|(root, _)| *root == path.anchor());
    let within = |limit: Option<u8>| limit.is_none_or(|limit| depth <= usize::from(limit));
    if allowed.into_iter().any(|(_, limit)| within(*limit)) {
        Ok(())
    } else {
        Err(webpki::Error::PathLenConstraintViolated)
    }
}

fn path_length(authority: &Certificate) -> Option<u8> {
    authority
        .basic_constraints()
        .and_then(|(_, constraints)| constraints.path_len_constraint)
}

/// The purposes of every certificate in the path. The leaf's own are the profile's business and stricter. An issuer
/// without purposes is not limited; one with purposes needs a fitting one. For claim signers a private purpose (outside
/// of `id-kp`, RFC 5280) fits too: Adobe's "Product Services G3", above most of the signatures there are, has only
/// `1.2.840.113583.1.1.7`, and c2pa looks at the leaf alone.
struct Purposes(Role);

impl ExtendedKeyUsageValidator for Purposes {
    fn validate(&self, purposes: KeyPurposeIdIter<'_, '_>) -> Result<(), webpki::Error> {
        let mut limited = false;
        for purpose in purposes {
            let purpose = purpose?;
            limited = true;
            let is = |ids: &[Oid]| ids.iter().any(|id| KeyPurposeId::new(id.as_bytes()) == purpose);
            let fits = match self.0 {
                Role::ClaimSigner => is(&oid::CLAIM_SIGNER_EKUS) || !purpose.to_decoded_oid().starts_with(&ID_KP),
                Role::TimestampAuthority => is(&[oid::EKU_TIME_STAMPING]),
            };
            if fits || is(&[oid::EKU_ANY]) {
                return Ok(());
            }
        }
        if !limited {
            return Ok(());
        }
        // The error wants one purpose although several are accepted; only its kind is looked at.
        static CLAIM_SIGNING: &[u8] = oid::EKU_CLAIM_SIGNING.as_bytes();
        let (required, present) = (KeyUsage::required(CLAIM_SIGNING), Vec::new());
        Err(webpki::Error::RequiredEkuNotFoundContext(RequiredEkuNotFoundContext {
            required,
            present,
        }))
    }
}

/// Whether a claim signer's issuer is not limited to other purposes, by the same measure.
pub(crate) fn has_fitting_purposes(issuer: &Certificate) -> bool {
    let fits = |id: &Oid| {
        oid::CLAIM_SIGNER_EKUS.contains(id)
            || *id == oid::EKU_ANY
            || !KeyPurposeId::new(id.as_bytes()).to_decoded_oid().starts_with(&ID_KP)
    };
    match issuer.extension(oid::EXTENDED_KEY_USAGE) {
        None => true,
        Some(_) => issuer
            .extended_key_usage()
            .is_some_and(|(_, usage)| usage.0.iter().any(fits)),
    }
}

/// `id-kp`, the arc of the standard purposes.
const ID_KP: [usize; 8] = [1, 3, 6, 1, 5, 5, 7, 3];

fn fault(error: webpki::Error) -> PathFault {
    use webpki::Error as E;
    match error {
        E::UnknownIssuer => PathFault::UnknownIssuer,
        E::CertExpired { .. } => PathFault::Expired,
        E::CertNotValidYet { .. } => PathFault::NotYetValid,
        E::InvalidSignatureForPublicKey => PathFault::Signature,
        E::UnsupportedSignatureAlgorithmContext(_)
        | E::UnsupportedSignatureAlgorithmForPublicKeyContext(_)
        | E::SignatureAlgorithmMismatch => PathFault::Algorithm,
        E::EndEntityUsedAsCa | E::CaUsedAsEndEntity | E::PathLenConstraintViolated => PathFault::Issuer,
        E::RequiredEkuNotFoundContext(_) | E::EmptyEkuExtension => PathFault::Purpose,
        E::NameConstraintViolation | E::MalformedNameConstraint | E::InvalidNetworkMaskConstraint => {
            PathFault::NameConstraint
        }
        E::MaximumNameConstraintComparisonsExceeded
        | E::MaximumPathBuildCallsExceeded
        | E::MaximumPathDepthExceeded
        | E::MaximumSignatureChecksExceeded => PathFault::TooComplex,
        _ => PathFault::Unprocessable,
    }
}
